"""Lines of a body that other fields took: headline, byline, date, caption."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import dropwhile

from attrs import evolve, frozen

from crawler.items import Block
from crawler.parsers.authors.people import authors as clean_authors
from crawler.parsers.dates.dates import only_a_date
from crawler.parsers.document.segments import Segment, words
from crawler.parsers.images.collect import Gallery

MAX_BYLINE = 90
"""Characters of a line that is a byline and nothing else."""

MIN_TITLE = 15
"""Letters of a line that is told as a part of the headline."""


MOST = 0.5
"""Share of a body that captions and credits may take."""


@frozen
class Taken:
    """The texts of the other fields."""

    titles: frozenset[str]
    authors: Sequence[str]
    lines: frozenset[str]
    """All of them, for comparing."""
    places: frozenset[int] = frozenset()
    """Where captions and credits are printed."""

    @classmethod
    def by(cls, titles: Sequence[str], authors: Sequence[str], shown: Gallery) -> Taken:
        """Collect what headline, authors and pictures took."""
        keys = frozenset(map(words, titles)) - {""}
        return cls(keys, authors, frozenset((*keys, *map(words, authors), *_picture_words(shown))) - {""}, frozenset(shown.words))

    def believed(self, blocks: Sequence[tuple[Block, int | None]]) -> Taken:
        """These without the captions, if they would leave little of a body."""
        sizes = [(len(block.text or ""), place in self.places or words(block.text or "") in self.lines) for block, place in blocks]
        if sum(size for size, is_taken in sizes if is_taken) <= MOST * sum(size for size, _ in sizes):
            return self
        return Taken(self.titles, self.authors, frozenset((*self.titles, *map(words, self.authors))) - {""})

    def holds(self, block: Block) -> bool:
        """Tell whether a block is one of these texts, or repeats them."""
        key = words(block.text or "")
        if key in self.lines or _is_byline(block.text or "", self.authors):
            return True
        return block.kind == "heading" and any(len(title) > MIN_TITLE and title in key for title in self.titles)

    def without(self, block: Block, segment: Segment) -> Block:
        """Leave out the first lines of a block that are headline, byline or date."""
        lines = segment.text.split("\n")
        if block.kind != "paragraph" or words(block.text or "") != segment.key:
            return block
        left = [*dropwhile(lambda line: self._is_above(line, single=len(lines) == 1), lines)]
        return block if len(left) == len(lines) else evolve(block, text=("\n" if segment.written is not None else " ").join(left))

    def _is_above(self, line: str, *, single: bool) -> bool:
        """Tell whether a line above the text is none of it."""
        if _is_byline(line, self.authors) or only_a_date(line):
            return True
        key = words(line)
        return not single and (
            key in self.lines or (len(key) > MIN_TITLE and any(key in one and 2 * len(key) > len(one) for one in self.titles))
        )


def _picture_words(shown: Gallery) -> Iterator[str]:
    """The captions and credits of the pictures, for comparing."""
    return (words(text) for image, _ in shown.images for text in (image.raw, image.caption, image.credit) if text)


def _is_byline(line: str, authors: Sequence[str]) -> bool:
    """Tell whether a line is names of authors and the small words around them."""
    if len(line) > MAX_BYLINE or not authors:
        return False
    names = {*map(words, clean_authors([line]))}
    return bool(names) and names <= {*map(words, authors)}

"""Find the body by the boxes of its paragraphs, and doubt it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property

from attrs import frozen
from lxml import etree

from crawler.items import Block
from crawler.parsers.body.data_tables import table_block
from crawler.parsers.body.lines import lines_of
from crawler.parsers.body.region import LINKED, Region, region_of
from crawler.parsers.body.search import MAX_SEARCHED
from crawler.parsers.document.blocks import HEADINGS
from crawler.parsers.document.rules import Rules, Trace
from crawler.parsers.document.segments import Segment

MIN_TOLD = 200
"""Letters from which JSON-LD's body is one."""

THE_SAME = 0.95
"""Share of each of two texts that must be in the other, to be the same."""

UNSURE = 0.05
"""Letters of lines that may be the body's or may not, as a share of the body."""

LEFT = 0.2
"""Letters of lines between those of a body that are left out, as a share of it."""

ABOVE, BELOW, ELSEWHERE, BESIDE = 0.1, 0.5, 0.3, 0.25
"""Letters of prose between headline and body, below it, made like it but outside its box, and in boxes within it, as shares of it."""


BOXES = ("aside", "figure", "form", "footer", "nav")
"""Boxes that pages leave open, so that the text behind stands in them."""


@frozen(kw_only=True, eq=False, slots=False)
class Found:
    """A body found by the boxes of its paragraphs."""

    region: Region
    lines: Sequence[Segment]
    unsure: int
    """Letters of lines that may be the body's or may not."""
    headline: int
    told: str
    """The body that JSON-LD tells, for comparing; empty where it tells none."""
    deck: str
    """The beginning of the page's description, for comparing."""

    @property
    def size(self) -> int:
        """Letters of the body."""
        return sum(p.size for p in self.lines)

    @cached_property
    def is_told(self) -> bool | None:
        """Tell whether JSON-LD tells the same body, or another.

        None where it tells none, or the beginning of one.
        """
        keys = [p.key for p in self.lines]
        if not self.told:
            return None
        if len(keys) * len(self.told) > MAX_SEARCHED:
            return False
        size, told = sum(map(len, keys)) or 1, len(self.told)
        same = sum(len(key) for key in keys if key in self.told)
        if same >= THE_SAME * told and same >= THE_SAME * size and size <= 1.1 * told:
            return True
        return False if told > size / 2 and same < 0.8 * told else None

    @property
    def blocks(self) -> list[tuple[Block, int | None]]:
        """Its blocks with their places in the flow."""
        return [*_blocks(self.lines, self.region.tables)]


def found_body(
    segments: Sequence[Segment], headline: int, furniture: Callable[[str], bool], *, told: str = "", deck: str = "",
    source: str = "",
) -> Found | None:  # fmt: skip
    """Find the body behind a headline, if there is prose.

    Args:
        headline: Place of the headline in the flow, -1 where unknown.
        told: The body that JSON-LD tells, for comparing.
        furniture: Whether a line is no text of an article wherever it stands.
        deck: The beginning of the page's description, for comparing: what is printed of it above the body is no other text.
        source: The page as sent, to see whether boxes are closed in it.
    """
    told = told if len(told) >= MIN_TOLD else ""
    region = region_of(segments, headline, told, source)
    if region is None:
        return None
    lines, unsure = lines_of(region, furniture)
    return Found(region=region, lines=lines, unsure=unsure, headline=headline, told=told, deck=deck)


def is_certain(found: Found, trace: Trace | None = None) -> bool:
    """Tell whether nothing speaks against a body, or JSON-LD tells the same."""
    answer = DOUBTS.first(trace, found)
    return answer is None or not answer[0]


# -- reasons to doubt a body, and one to believe it: True and False


def told_by_jsonld(found: Found) -> bool | None:
    """Believe a body that JSON-LD tells, doubt one that it tells otherwise."""
    return None if found.is_told is None else not found.is_told


def too_short(found: Found) -> bool | None:
    """Doubt a body of few paragraphs."""
    count = len(found.region.core)
    return None if (found.size >= 300 and count >= 3) or (found.size >= 600 and count >= 2) else True


def lines_of_other_makes(found: Found) -> bool | None:
    """Doubt a body among lines that may be its own or not."""
    return found.unsure > UNSURE * found.size or None


def lines_left_out(found: Found) -> bool | None:
    """Doubt a body that leaves many plain lines out from among its own."""
    held = {segment.n for segment in found.lines}
    region = found.region
    left = (p for p in region.within if p.n not in held and region.is_between(p) and p.linked < LINKED and p.tag not in HEADINGS)
    apart = sum(p.size for p in left if not (region.apart(p.element) or region.asks(p.element) or region.has_picture(p)))
    return apart > LEFT * found.size or None


def paragraphs_of_two_kinds(found: Found) -> bool | None:
    """Doubt a body of `p` and of bare text: one may repeat the other."""
    return (found.region.kinds > 1 and not found.region.are_siblings) or None


def prose_above(found: Found) -> bool | None:
    """Doubt a body far below the headline, with other prose between."""
    above = sum(p.size for p in found.region.outside if p.n < found.region.first and not (found.deck and p.key.startswith(found.deck)))
    return above > ABOVE * found.size or None


def same_make_elsewhere(found: Found) -> bool | None:
    """Doubt a body with paragraphs like its own outside its box."""
    region = found.region
    like = [p for p in region.outside if region.made(p)[0]]
    return any(p.n < region.last for p in like) or sum(p.size for p in like) > ELSEWHERE * found.size or None


def prose_below(found: Found) -> bool | None:
    """Doubt a body with much other prose below it."""
    below = sum(p.size for p in found.region.outside if p.n > found.region.last)
    return below > BELOW * found.size or None


def prose_in_boxes(found: Found) -> bool | None:
    """Doubt a body with much prose in boxes: one may be left open."""
    region = found.region
    boxed: Counter[etree._Element] = Counter()
    for segment in region.aside:
        if segment.n > region.first and region.inside(segment.element) and (box := segment.inside(*BOXES)) is not None:
            boxed[box] += segment.size
    return max(boxed.values(), default=0) > BESIDE * found.size or None


def second_headline(found: Found) -> bool | None:
    """Doubt a body behind another `h1`."""
    return any(p.tag == "h1" for p in found.region.texts if p.n < found.region.last) or None


def headline_not_printed(found: Found) -> bool | None:
    """Doubt a body without a printed headline, unless all prose is in it."""
    outside = sum(p.size for p in found.region.outside)
    return (found.headline < 0 and outside > ABOVE * found.size) or None


def one_long_paragraph(found: Found) -> bool | None:
    """Doubt a body with a paragraph longer than people write them."""
    longest = max((p.size for p in found.lines), default=0)
    return (longest > 2500 and longest > found.size / 4) or None


def whole_page(found: Found) -> bool | None:
    """Doubt a body without a box of its own."""
    return found.region.box.tag == "html" or None


DOUBTS = Rules(
    "doubt of the boxes of paragraphs", told_by_jsonld, too_short, lines_of_other_makes, lines_left_out, paragraphs_of_two_kinds,
    prose_above, same_make_elsewhere, prose_below, prose_in_boxes, second_headline, headline_not_printed, one_long_paragraph, whole_page,
)  # fmt: skip


def _blocks(lines: Sequence[Segment], tables: Mapping[int, etree._Element]) -> Iterator[tuple[Block, int]]:
    """Make blocks of lines: one of each table, one of any other line."""
    shown: set[etree._Element] = set()
    for segment in lines:
        table = tables.get(segment.n)
        if table is None:
            yield line_block(segment), segment.n
        elif table not in shown:
            shown.add(table)
            yield table_block(table), segment.n


def line_block(segment: Segment) -> Block:
    """Make a block of a line."""
    if segment.tag in HEADINGS:
        return Block(kind="heading", text=segment.line)
    if segment.inside("blockquote") is not None:
        return Block(kind="quote", text=segment.line)
    text = segment.line if segment.written is None else segment.text
    return Block(kind="list" if segment.inside("li") is not None else "paragraph", text=text)

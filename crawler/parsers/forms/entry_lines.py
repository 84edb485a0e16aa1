"""Lines of one entry of a live blog: text, author, labels."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from attrs import frozen
from lxml import etree

from crawler.items import Block
from crawler.parsers.body.more_links import is_more
from crawler.parsers.body.region import ENDED
from crawler.parsers.document.blocks import HEADINGS, kind_of
from crawler.parsers.document.rules import Rules
from crawler.parsers.document.segments import Segment, ancestry, named, squeeze, words
from crawler.parsers.forms.entry_times import Mark, begins_with_clock, is_ago, is_clock
from crawler.parsers.forms.updates import Update, entry_block

Placed = tuple[Block, int | None]
"""A block with its place in the flow, where known."""

MAX_BYLINE = 70
MAX_NAME_WORDS = 8
MAX_LABEL = 60
"""Characters of a line of links that is a label: `Share`, `Copy link`."""

MIN_BETWEEN = 20
"""Letters of a line between paragraphs that is text."""

BOLD = 0.9
"""Share of bold text in a line that is a title."""

APART = frozenset(("footer", "nav", "button", "form", "figcaption", "label"))
_BYLINE = re.compile(r"author|byline|autor|writer|reporter|contributor|journalist|signature|(?:^|[^a-z])by(?:$|[^a-z])")
_LABELS = re.compile(
    r"(?:^|[^a-z])(?:shar(?:e|ing)|social|copy-?link|permalink|tools|actions?|buttons?|badge|pinned-?label|reactions?)(?:$|[^a-z])"
)
_BY = re.compile(r"^(?:by|von|par|por|di|da|door|av|af|от|od|przez|de|del)\s+(?=\S)", re.IGNORECASE)
_OF_TIME = re.compile(r"time|date|stamp|zeit|hora|heure")


@frozen(kw_only=True)
class Entry:
    """One entry of a live blog on the page."""

    texts: Sequence[Segment]
    mark: Mark
    update: Update | None
    boxed: bool
    found: frozenset[int]
    """Places of the body found by other means."""
    last: int
    """The last of these."""

    def blocks(self) -> Iterator[Placed]:
        """The entry's beginning, then its lines."""
        authors = [name for p in self.texts if (name := self.author(p))]
        told = self.update.authors if self.update else ()
        time = self.mark.iso or (self.update.time if self.update else None) or self.mark.shown
        yield entry_block(time, authors or told), None
        for segment in self.texts:
            if not LEFT_OUT.answer(self, segment) and (line := _without_time(segment)):
                yield Block(kind=self._kind(segment), text=line), segment.n  # type: ignore[arg-type]

    def _kind(self, segment: Segment) -> str:
        """The kind of a line; a list around the entries means nothing."""
        kind, _ = kind_of(segment)
        return "paragraph" if kind == "list" and segment.inside("li") in ancestry(self.mark.element) else kind

    def author(self, segment: Segment) -> str | None:
        """The name that a line tells as the entry's author."""
        if len(segment.line) > MAX_BYLINE or segment.tag in HEADINGS:
            return None
        line = _without_time(segment)
        name = _BY.sub("", line)
        if self.update and words(name) in map(words, self.update.authors):
            return name
        boxes = (element for element in islice(ancestry(segment.element), 3) if element.tag not in ("article", "li", "section"))
        called = any(_BYLINE.search(named(element)) for element in boxes) or any(
            _BYLINE.search(named(element)) and squeeze("".join(element.itertext())) == line for element in segment.element.iter("span", "a")
        )
        return name if called and not any(c.isdecimal() for c in line) and len(line.split()) <= MAX_NAME_WORDS else None

    def is_most(self, element: etree._Element) -> bool:
        """Tell whether an element holds most of the entry."""
        return 2 * sum(p.size for p in self.texts if element in ancestry(p.element)) > sum(p.size for p in self.texts)


# -- reasons to leave a line of an entry out, or to keep it


def byline_of_the_entry(entry: Entry, segment: Segment) -> bool | None:
    """Look for the author's name, which the entry's beginning tells."""
    return (entry.author(segment) is not None and segment.n not in entry.found) or None


def time_of_the_entry(entry: Entry, segment: Segment) -> bool | None:
    """Look for the time, unless it is written as a heading or paragraph."""
    line = segment.line
    if is_ago(line):
        return True
    if not is_clock(line) and line != entry.mark.text:
        return None
    return segment.tag not in (*HEADINGS, "p", "dt") or next(segment.element.iter("time"), None) is not None


def box_apart(entry: Entry, segment: Segment) -> bool | None:
    """Look for a footer, button or form of the entry, or a caption."""
    apart = segment.inside(*APART)
    return (apart is not None and not entry.is_most(apart)) or None


def label_of_links(entry: Entry, segment: Segment) -> bool | None:
    """Look for a short line of links: share, copy link, read more."""
    if is_more(segment.line):
        return True
    short = segment.linked > 0.8 and len(segment.line) < MAX_LABEL and segment.tag not in HEADINGS
    return (short and segment.n not in entry.found) or None


def named_as_label(entry: Entry, segment: Segment) -> bool | None:
    """Look for a box whose name tells buttons to share or react."""
    boxes = [*islice(ancestry(segment.element), 2)]
    return any(_LABELS.search(named(element)) and not entry.is_most(element) for element in boxes) or None


def beside_the_text(entry: Entry, segment: Segment) -> bool | None:
    """Look for a line that the body did not hold, where entries have no boxes."""
    if entry.boxed or segment.n in entry.found:
        return None
    text = segment.tag in HEADINGS or begins_with_clock(segment.line) or segment.strong > BOLD
    text = text or (segment.size > MIN_BETWEEN and ENDED.search(segment.line) is not None)
    return not (segment.n < entry.last and text) or None


LEFT_OUT = Rules("left out of an entry", byline_of_the_entry, time_of_the_entry, box_apart, label_of_links, named_as_label, beside_the_text)


def _without_time(segment: Segment) -> str:
    """A line without an element with the entry's time at its beginning or end."""
    line = segment.shown
    for element in segment.element.iter("time", "span"):
        printed = squeeze("".join(element.itertext())) if element.tag == "time" or _OF_TIME.search(named(element)) else ""
        if printed and printed != line and (is_clock(printed) or is_ago(printed)):
            if line.startswith(printed):
                return line[len(printed) :].lstrip(" :–—-|•·.,")
            if line.endswith(printed):
                return line[: -len(printed)].rstrip(" :–—-|•·,")
    return line

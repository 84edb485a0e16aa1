"""Find the entries of a live blog by shape: a time and a text each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise

from attrs import frozen
from lxml import etree

from crawler.parsers.document.blocks import HEADINGS
from crawler.parsers.document.page import Page
from crawler.parsers.document.segments import Segment, ancestry, letters
from crawler.parsers.document.structured_data import linked_data, types_of
from crawler.parsers.forms.entry_times import Mark, marks
from crawler.parsers.forms.families import LIVE, MAX_DEPTH, MIN_TEXT, Family, families, names_around

MIN_ENTRIES, MIN_TOLD_ENTRIES = 3, 2
"""Entries of a live blog; fewer do where JSON-LD calls the page one."""

SHARE = 0.6
"""Of the prose behind the headline that entries hold, where nothing else tells a live blog."""

SOME = 0.25
"""Of the prose that entries hold where JSON-LD or a name tells a live blog."""

NEARLY = 0.9
"""Of the text of the largest family that another must have, to be chosen for its more members."""

MAX_SPAN = timedelta(days=9)
"""Between the first entry and the last."""

MIN_TITLE = 10
MAX_TEASER = 300
"""Letters of an entry beside the link to its own page, if it is a teaser."""

_STAYS = re.compile(r"#|[?&](?:page|post|entry|pinned|filter)\b")


@frozen(kw_only=True, eq=False)
class Entries:
    """The entries of a live blog, in the order of the page."""

    marks: Sequence[Mark]
    """The time of each."""
    starts: Sequence[int]
    """Places in the flow where they begin."""
    end: int
    """The place behind the last one."""
    boxes: frozenset[etree._Element]
    """Their boxes, or none where they stand one after the other in the text."""

    def texts(self, segments: Sequence[Segment]) -> Iterator[list[Segment]]:
        """The texts of each entry."""
        for start, end in pairwise([*self.starts, self.end]):
            texts = [p for p in segments[start:end] if p.text]
            yield [p for p in texts if any(e in self.boxes for e in ancestry(p.element))] if self.boxes else texts

    @property
    def clocks(self) -> int:
        """Count the times that are printed as times of a day."""
        return sum(mark.is_of_a_day for mark in self.marks)


def is_told_live(page: Page) -> bool:
    """Tell whether JSON-LD or microdata calls the page a live blog."""
    if any("liveBlogUpdate" in node or "liveblogposting" in types_of(node) for node in linked_data(page).nodes):
        return True
    return "LiveBlogPosting" in page.text and bool(page.root.xpath("boolean(//*[contains(@itemtype, 'LiveBlogPosting')])"))


def entries_of(page: Page, segments: Sequence[Segment], headline: int) -> Entries | None:
    """Find the entries of a live blog.

    Args:
        headline: Place of the headline in the flow, -1 where unknown.
    """
    found = [*marks(page, segments, headline + 1)]
    if len(found) < MIN_TOLD_ENTRIES:
        return None
    told = is_told_live(page)
    least = MIN_TOLD_ENTRIES if told else MIN_ENTRIES
    if len(found) < least:
        return None
    mass = masses(segments[headline + 1 :])
    sized = [(family.size(mass), family) for family in families(found, least)]
    for flat in (False, True):
        for family in largest([(size, family) for size, family in sized if family.flat is flat]):
            entries = entries_in(family, segments, headline)
            if entries is not None and len(entries.starts) >= least and _is_live(entries, segments, headline, told=told):
                return entries
    return None


def masses(segments: Sequence[Segment]) -> dict[etree._Element, int]:
    """Letters in each element, links left out."""
    mass: dict[etree._Element, int] = {}
    for segment in segments:
        if segment.text and (segment.linked < 0.6 or segment.tag in HEADINGS):
            for element in ancestry(segment.element):
                mass[element] = mass.get(element, 0) + segment.size
    return mass


def largest(sized: Sequence[tuple[int, Family]]) -> list[Family]:
    """The families with nearly the most text, those of most members first."""
    best = max((size for size, _ in sized), default=0)
    return sorted((one for size, one in sized if size and size >= NEARLY * best), key=lambda one: -len(one.members))


def entries_in(family: Family, segments: Sequence[Segment], headline: int) -> Entries | None:
    """The entries of a family behind the headline; None if one holds the headline."""
    found = family.starts(segments[headline + 1 :])
    if found is None:
        return None
    starts, last = found
    if headline >= 0 and any(element in starts for element in ancestry(segments[headline].element)):
        return None
    return Entries(
        marks=[family.members[box] for box in starts], starts=[*starts.values()], end=last + 1,
        boxes=frozenset[etree._Element]() if family.flat else frozenset(starts),
    )  # fmt: skip


def _is_live(entries: Entries, segments: Sequence[Segment], headline: int, *, told: bool) -> bool:
    """Tell whether entries are those of a live blog, and not comments or teasers."""
    texts = [*entries.texts(segments)]
    prose = sum(map(prose_of, texts))
    in_order = _in_order(entries.marks)
    if prose < MIN_TEXT * len(texts) or in_order is False or are_mostly(is_teaser, texts):
        return False
    share = prose / (prose_of(segments[headline + 1 :]) or 1)
    clocks = 3 * entries.clocks >= 2 * len(texts)
    called = LIVE.search(names_around(entries.marks[0].element, MAX_DEPTH)) is not None
    if told or (called and (clocks or entries.boxes)):
        return share >= SOME
    titled = not entries.boxes or are_mostly(_is_titled, texts)
    return share >= SHARE and in_order is True and clocks and titled


def are_mostly(kind: Callable[[Sequence[Segment]], bool], entries: Sequence[Sequence[Segment]]) -> bool:
    """Tell whether half of the entries or more are of a kind."""
    return 2 * sum(map(kind, entries)) >= len(entries)


def prose_of(texts: Sequence[Segment]) -> int:
    """The letters of texts that are not links."""
    return sum(p.size for p in texts if p.linked < 0.5 and p.size >= MIN_TEXT)


def _in_order(found: Sequence[Mark]) -> bool | None:
    """Tell whether times rise or fall within some days, if they can be compared."""
    keys = [key for mark in found if (key := mark.order) is not None]
    days = sorted(time[:10] for one, time in keys if not one)
    if days and date.fromisoformat(days[-1]) - date.fromisoformat(days[0]) > MAX_SPAN:
        return False
    pairs = [(a, b) for a, b in pairwise(keys) if a[0] == b[0]]
    if not pairs:
        return None
    return max(sum(a <= b for a, b in pairs), sum(a >= b for a, b in pairs)) >= 0.7 * len(pairs)


def is_teaser(texts: Sequence[Segment]) -> bool:
    """Tell whether an entry is a link, or leads to a page of its own."""
    size, linked = sum(p.size for p in texts) or 1, sum(p.size * p.linked for p in texts)
    leads = any(p.tag in HEADINGS and p.linked > 0.8 and any(not _STAYS.search(href) for href, _ in p.anchors) for p in texts)
    return linked > 0.5 * size or (leads and size - linked < MAX_TEASER)


def _is_titled(texts: Sequence[Segment]) -> bool:
    """Tell whether an entry has a heading or bold first words, as comments have none."""
    return any(p.tag in HEADINGS or (p.strong > 0.2 and letters(p.text) > MIN_TITLE) for p in texts[:4])

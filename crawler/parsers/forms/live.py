"""Body of a live blog: its entries in the order of the page."""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from crawler.items import Block
from crawler.parsers.body.region import ENDED
from crawler.parsers.document.ancestors import Within
from crawler.parsers.document.blocks import kind_of
from crawler.parsers.document.page import Page
from crawler.parsers.document.segments import Segment, words
from crawler.parsers.forms.entries import Entries, entries_of
from crawler.parsers.forms.entry_lines import APART, Entry, Placed
from crawler.parsers.forms.updates import untold, update_of, updates

MIN_PROSE = 60
"""Letters of a text above the entries that is their introduction."""


def live_body(page: Page, segments: Sequence[Segment], headline: int, found: Sequence[Placed]) -> list[Placed] | None:
    """Read the body of a live blog, if the page is one.

    Args:
        headline: Place of the headline in the flow, -1 where unknown.
        found: The body found by other means: what of it stands before and behind the entries stays.
    """
    entries = entries_of(page, segments, headline)
    if entries is None:
        return _told_body(page, found)
    body = [placed for one in _read(page, segments, entries, found) for placed in one.blocks()]
    behind = [placed for placed in found if placed[1] is not None and placed[1] >= entries.end]
    page.memo[live_body] = entries
    return [*introduction(segments, headline, entries.starts[0], found), *body, *behind]


def in_entries(page: Page) -> Within:
    """Test for elements in an entry: their times are not the page's."""
    entries = page.memo.get(live_body)
    boxes = (entries.boxes | {mark.element for mark in entries.marks}) if isinstance(entries, Entries) else frozenset[etree._Element]()
    return Within(lambda element: element in boxes)


def introduction(segments: Sequence[Segment], headline: int, first: int, found: Sequence[Placed]) -> list[Placed]:
    """Blocks found by other means, and prose, between headline and first entry."""
    out: dict[int, Placed] = {place: (block, place) for block, place in found if place is not None and place < first}
    for p in segments[headline + 1 : first]:
        prose = p.size >= MIN_PROSE and p.linked < 0.4 and ENDED.search(p.line) is not None
        if p.n not in out and prose and p.inside(*APART, "aside", "figure", "header") is None:
            out[p.n] = Block(kind=kind_of(p)[0], text=p.shown), p.n  # type: ignore[arg-type]
    return [out[place] for place in sorted(out)]


def _read(page: Page, segments: Sequence[Segment], entries: Entries, found: Sequence[Placed]) -> list[Entry]:
    """Read the entries, with what JSON-LD tells of them."""
    told = updates(page)
    places = frozenset(place for _, place in found if place is not None)
    inside = [p for p in segments[entries.starts[0] : entries.end] if p.text]
    if 2 * sum(p.size for p in inside if p.n in places) < sum(p.size for p in inside):
        places = frozenset(p.n for p in inside if p.linked < 0.5)  # too little was found to judge by it
    last = max(places, default=len(segments))
    return [
        Entry(texts=texts, mark=mark, update=update_of(texts, told), boxed=bool(entries.boxes), found=places, last=last)
        for mark, texts in zip(entries.marks, entries.texts(segments), strict=True)
    ]


def _told_body(page: Page, found: Sequence[Placed]) -> list[Placed] | None:
    """Take the entries that JSON-LD tells, if the page's markup holds nothing of them."""
    told = updates(page)
    if not told or not untold(told, words(" ".join(block.text or "" for block, _ in found))):
        return None
    return [*found, *((block, None) for one in told for block in one.blocks())]

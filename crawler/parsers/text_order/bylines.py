"""Find the reporters' names in the lines of an article that are bylines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from crawler.parsers.authors.bylines import PROFILE, is_byline
from crawler.parsers.authors.leads import is_led, without_lead
from crawler.parsers.authors.people import authors, full_name
from crawler.parsers.document.segments import Segment
from crawler.parsers.text_order.config import Order

MAX_LINE = 120
MAX_NAME = 60

Found = tuple[int, tuple[str, ...]]
"""Place of a line that is part of a byline, and the names on it."""


def bylines(
    order: Order, segments: Sequence[Segment], places: range, at: int, dropped: frozenset[int]
) -> tuple[tuple[str, ...], frozenset[int]]:
    """Find the names, and the places of their lines.

    Args:
        places: Places of the segments that are looked at.
        at: Place of the headline.
        dropped: Places that are no part of the article.
    """
    names: list[str] = []
    offices: list[str] = []
    taken: set[int] = set()
    for segment in (segments[n] for n in places):
        if not segment.text or segment.n == at or len(segment.text) > MAX_LINE or segment.n in dropped or segment.n in taken:
            continue
        if office := order.patterns["office"].fullmatch(segment.line.strip()):
            taken.add(segment.n)
            offices.append(office["office"])
            continue
        for place, found in _found(order, segments, segment):
            taken.add(place)
            names += [name for name in found if name not in names and not order.patterns["paper"].match(name)]
    return tuple(names or dict.fromkeys(offices)), frozenset(taken)


def _found(order: Order, segments: Sequence[Segment], segment: Segment) -> Iterable[Found]:
    """The places of a byline, each with its names."""
    lines = segment.text.split("\n")
    if any(order.patterns["place"].search(line) for line in lines):
        return ((segment.n, ()), *_named_by_place(order, segments, segment, lines))
    names = _names(segment.line) if len(lines) == 1 and is_led(segment.line) else ()
    named = is_byline(segment.element) or (segment.linked > 0.9 and any(PROFILE.search(link.url) for link in segment.links))
    if not names and len(segment.text) <= MAX_NAME and named and full_name(segment.line):
        names = (segment.line,)
    return ((segment.n, names),) if names else ()


def _named_by_place(order: Order, segments: Sequence[Segment], segment: Segment, lines: Sequence[str]) -> Iterable[Found]:
    """The names beside the place of writing (`Press TV, Tehran`): on its line, else on a neighbour."""
    rests = (order.patterns["place"].sub("", line).strip(" ,|–—-") for line in lines)
    if found := next((names for rest in rests if (names := _names(rest))), None):
        return ((segment.n, found),)
    near = (segments[n] for n in (segment.n - 1, segment.n + 1) if 0 <= n < len(segments))
    return next((((one.n, names),) for one in near if one.text and len(one.line) <= MAX_NAME and (names := _names(one.line))), ())


def _names(line: str) -> tuple[str, ...]:
    """The full names on a line without its lead (`By`), or none."""
    line = without_lead(line)
    for part in (line, line.split(",")[0]):
        if (names := authors([part])) and all(full_name(name) for name in names):
            return names
    return ()

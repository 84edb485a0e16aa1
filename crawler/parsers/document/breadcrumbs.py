"""Breadcrumb of a page.

Found by its class, by its ` / `, or as the few short links next to the headline.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from typing import TypeAlias

from crawler.items import Link
from crawler.parsers.document.ancestors import Within
from crawler.parsers.document.elements import is_named_anywhere
from crawler.parsers.document.page import Page
from crawler.parsers.document.segments import Segment, ancestry, named
from crawler.urls import path_of

MAX_CRUMBS = 6
MAX_CRUMB_CHARACTERS = 48

_CLASS = re.compile(r"breadcrumb|bread-crumb|crumbs?\b|ariane|\btrail\b|you-are-here")
_SEPARATOR = re.compile(r"\s*(?:/|»|›|>|→|\|)\s*")


def breadcrumb(
    segments: Sequence[Segment], headline: int, furniture: re.Pattern[str], *, below: int = 6, page: Page | None = None
) -> tuple[tuple[Link, ...], frozenset[int]]:
    """The breadcrumb around a headline.

    Args:
        headline: Place of the headline in the flow.
        furniture: Lines that are share words and the like.
        page: The page of these segments: if none of its elements is called a breadcrumb, none is looked for by name.
        below: How many segments under the headline may hold it.
    Returns:
        The crumbs, and the places of the segments that print them. A crumb without a link has an empty url.
    """
    marked: list[Segment] = []
    if page is None or is_named_anywhere(page, _CLASS):
        trail = Within(lambda element: _CLASS.search(named(element)) is not None)
        before = (p for p in segments[: headline + below + 1] if p.text and p.n != headline)
        marked = [p for p in before if len(p.text) <= 200 and trail(p.element)]
    if marked and (crumbs := _crumbs(marked)):
        return crumbs, frozenset(p.n for p in marked)
    for n in (*range(headline - 1, max(-1, headline - 5), -1), *range(headline + 1, min(len(segments), headline + below))):
        if not furniture.search(segments[n].line) and (found := _at(segments, n, above=n < headline)) is not None:
            return found
    return (), frozenset()


Crumbs: TypeAlias = tuple[tuple[Link, ...], frozenset[int]]
"""Crumbs, and the places of the segments that print them."""


def _at(segments: Sequence[Segment], n: int, *, above: bool) -> Crumbs | None:
    """The breadcrumb in one line, or in the short links that end at it."""
    segment = segments[n]
    if not segment.text or len(segment.text) > 160:
        return None
    if _is_separated(segment) and (segment.linked >= 0.5 or above):
        return _crumbs([segment]), frozenset((n,))
    if not above or segment.linked < 0.8 or len(segment.text) > MAX_CRUMB_CHARACTERS:
        return None
    if _leads_elsewhere(segments, n):
        return None
    run = _run(segments, n)
    crumbs = () if _is_menu(run, segments, n) or _is_name(run) else _crumbs(run)
    return (crumbs, frozenset(p.n for p in run)) if crumbs and len(crumbs) <= MAX_CRUMBS - 1 else None


def _leads_elsewhere(segments: Sequence[Segment], n: int) -> bool:
    """Test for an entry amid a menu, and for a line of a teaser."""
    segment, box = segments[n], segments[n].element.getparent()
    after = segments[n + 1] if n + 1 < len(segments) else None
    goes_on = after is not None and after.linked >= 0.8 and len(after.text) <= MAX_CRUMB_CHARACTERS
    if goes_on and after is not None and box is not None and box.tag in ("ul", "ol", "nav") and box in ancestry(after.element):
        return True
    near = (one for one in segments[max(0, n - 1) : n + 2] if one is not segment)
    link = segment.inside("a")
    return link is not None and any(link in ancestry(one.element) for one in near)


def _is_name(run: Sequence[Segment]) -> bool:
    """Test for a single link to the front page: the paper's name."""
    return len(run) == 1 and len(run[0].links) == 1 and path_of(run[0].links[0].url).strip("/") == ""


def _is_menu(run: Sequence[Segment], segments: Sequence[Segment], n: int) -> bool:
    """Test for links of the page's header that begin elsewhere than at home."""
    header = run[0].inside("header")
    below = segments[n + 1] if n + 1 < len(segments) else None
    apart = header is not None and (below is None or header not in ancestry(below.element))
    home = next((path_of(link.url) for link in run[0].links), "/")
    return apart and home.strip("/") != ""


def _is_separated(segment: Segment) -> bool:
    """Test for a line of few short parts between separators that stand free."""
    parts = _parts(segment)
    return 2 <= len(parts) <= MAX_CRUMBS and all(map(_is_short, parts)) and _spaced(segment.line)


def _parts(segment: Segment) -> list[str]:
    return [part for part in _SEPARATOR.split(segment.line) if part]


def _is_short(text: str) -> bool:
    return len(text) <= MAX_CRUMB_CHARACTERS


def _spaced(line: str) -> bool:
    """Test for separators that stand free, unlike in `and/or`."""
    return re.search(r"\s[/»›>→|]\s", line) is not None


def _run(segments: Sequence[Segment], n: int) -> list[Segment]:
    """The short linked segments that end at a place and share its list or box."""
    box = segments[n].element.getparent()
    run = [segments[n]]
    for segment in reversed(segments[max(0, n - 14) : n]):
        if not segment.text or box is None or box not in ancestry(segment.element) or len(segment.text) > MAX_CRUMB_CHARACTERS:
            break
        if segment.linked < 0.8 and not _SEPARATOR.fullmatch(segment.line):
            break
        run.insert(0, segment)
    return run


def _crumbs(segments: Sequence[Segment]) -> tuple[Link, ...]:
    """The links of these segments, or else their parts; empty if too long."""
    named = (link for segment in segments for link in segment.links if link.text and not _SEPARATOR.fullmatch(link.text))
    links = [*islice(named, MAX_CRUMBS + 1)]
    if len(links) > MAX_CRUMBS:
        return ()
    links += _unlinked([part for segment in segments for part in _parts(segment)], links)
    return tuple(links) if len(links) <= MAX_CRUMBS and all(_is_short(link.text) for link in links) else ()


def _unlinked(parts: Sequence[str], links: Sequence[Link]) -> list[Link]:
    """Crumbs without a link: all, or the last one, which is the page's own section."""
    if not links:
        return [Link(url="", text=part) for part in parts]
    own = parts and len(parts) == len(links) + 1 and not any(parts[-1] in link.text for link in links)
    return [Link(url="", text=parts[-1])] if own else []

"""Find the parts of a page by the order of its text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from attrs import evolve, field, frozen
from lxml import etree

from crawler.items import Link
from crawler.parsers.captions.pairing import Picture
from crawler.parsers.dates.dates import only_a_date
from crawler.parsers.document.ancestors import Within
from crawler.parsers.document.breadcrumbs import breadcrumb
from crawler.parsers.document.display import line_of
from crawler.parsers.document.flow import flow
from crawler.parsers.document.page import Page
from crawler.parsers.document.queries import by_css, by_xpath
from crawler.parsers.document.segments import Segment, ancestry, words
from crawler.parsers.document.text_mass import mass_in, text_mass
from crawler.parsers.text_order.bylines import bylines
from crawler.parsers.text_order.config import Order, Outline, Stamps
from crawler.parsers.text_order.headline import HEADLINE, Top
from crawler.parsers.text_order.pictures import Region, pictures
from crawler.parsers.text_order.related import related_boxes
from crawler.parsers.text_order.times import stamps

LONG = 60
"""Characters from which a text is more likely a paragraph than a label."""
MAX_END = 120
"""Characters of a line that ends an article."""
MAX_DATE = 160
BELOW, ABOVE = 13, 5
"""Pieces below and above the headline that may hold its date."""
CLOSING = 14
"""Pieces from the closing line on that are kept."""


def outline(order: Order, page: Page) -> Outline:
    """Find the parts of a page; once for each order."""
    key = ("outline", order)
    if key not in page.memo:
        page.memo[key] = _outline(TextOrderLayout(order=order, page=page, segments=flow(page)))
    found: Outline = page.memo[key]
    return found


def _outline(layout: TextOrderLayout) -> Outline:
    """Take the steps in order, each with what the former found."""
    order, page, segments = layout.order, layout.page, layout.segments
    answer = HEADLINE.first(page.trace, Top(order=order, page=page, title=order.title(page)))
    at, headline = answer[0] if answer else (-1, "")
    start, closing = at + 1, layout.closing(at + 1)
    dropped = layout.furniture()
    crumbs, crumb_places = breadcrumb(segments, at, order.patterns["furniture"], page=page) if at >= 0 else ((), frozenset())
    dates, date_places = layout.dates(at, closing)
    dropped |= crumb_places
    end = layout.end(start, closing, dropped | date_places)
    dropped |= date_places
    container, known = layout.container(start, end, dropped)
    inside = layout.within(container)
    held = [p for p in segments[start:end] if inside(p.element)]
    related, related_places = related_boxes(order, page, held, container)
    dropped |= related_places
    authors, byline_places = bylines(order, segments, range(max(0, at - 3), end), at, dropped)
    dropped |= byline_places
    region = Region(order=order, page=page, segments=segments, dropped=dropped, container=container, inside=inside, known=known)
    body = [p for p in segments[start:end] if p.n not in dropped or p.n in related]
    shown = pictures(region, body, at)
    parts = Parts(region=region, segments=body, pictures=shown, related=related, end=end, headline=headline)
    return Outline(
        headline=headline, crumbs=crumbs, dates=dates, stamps=layout.stamps(at, closing), authors=authors, pictures=tuple(shown),
        related=related,
        body=without_initials(order, tuple(parts.body())),
        closing=segments[closing : closing + CLOSING] if closing < len(segments) else (), container=container,
    )  # fmt: skip


@frozen(kw_only=True, eq=False)
class TextOrderLayout:
    """A page and the order it is read by."""

    order: Order
    page: Page
    segments: tuple[Segment, ...]
    tests: dict[etree._Element | None, Within] = field(factory=dict)

    def within(self, container: etree._Element | None) -> Within:
        """The test for elements in a container; without one, all are."""
        if container not in self.tests:
            self.tests[container] = Within(lambda element: container is None or element is container)
        return self.tests[container]

    def closing(self, start: int) -> int:
        """Place of the line that surely ends the article, or the number of segments."""
        closing = self.order.patterns["closing"]
        return next((p.n for p in self.segments[start:] if p.text and closing.search(p.line)), len(self.segments))

    def end(self, start: int, closing: int, dropped: frozenset[int]) -> int:
        """Place of the article's end.

        It is at share words that most of the text lies before, else behind the known container, else at the closing line.
        """
        run = self.segments[start:closing]
        shared = self._share_words(run, dropped)
        if shared is not None:
            return shared
        known = self.known_container(start, closing)
        inside = self.within(known)
        last = next((p.n for p in reversed(run) if inside(p.element)), None) if known is not None else None
        return closing if last is None else last + 1

    def _share_words(self, run: Sequence[Segment], dropped: frozenset[int]) -> int | None:
        """Place of the first line of share words behind most of the text, or None."""
        ends, before = self.order.patterns["ends"], 0
        sizes = {p.n: len(p.text) for p in run if _is_prose(p, dropped)}
        total = sum(sizes.values())
        for segment in run:
            if segment.text and len(segment.text) < MAX_END and (not total or 2 * before > total) and ends.search(segment.line):
                return segment.n
            before += sizes.get(segment.n, 0)
        return None

    def container(self, start: int, end: int, dropped: frozenset[int]) -> tuple[etree._Element | None, bool]:
        """The element that holds the body, and whether the layout's selectors find it."""
        if (known := self.known_container(start, end)) is not None:
            return known, known is self.known_container(0, len(self.segments))
        prose = [p for p in self.segments[start:end] if _is_prose(p, dropped)]
        total = sum(len(p.text) for p in prose)
        full = [element for element, size in text_mass(prose).items() if size >= 0.8 * total]
        return max(full, key=lambda e: sum(1 for _ in e.iterancestors()), default=None), False

    def known_container(self, start: int, end: int) -> etree._Element | None:
        """The fullest element that the layout's own selectors find, or None."""
        for selector in self.order.body:
            found = by_css(self.page, selector)
            if len(found) == 1:
                inside = self.within(found[0])
                if any(p.text and inside(p.element) for p in self.segments[start:end]):
                    return found[0]
                continue
            mass = mass_in({*found}, self.segments[start:end]) if found else {}
            if any(mass.get(element) for element in found):
                return max(found, key=lambda element: mass.get(element, 0))
        return None

    def furniture(self) -> frozenset[int]:
        """Places of the segments in boxes that are no part of the article."""
        boxes = {*by_xpath(self.page, self.order.furniture_boxes)} if self.order.furniture_boxes else set()
        return frozenset(p.n for p in self.segments if boxes and not boxes.isdisjoint(ancestry(p.element)))

    def dates(self, at: int, closing: int) -> tuple[tuple[str, ...], frozenset[int]]:
        """The printed date lines, and the places of those found without selectors."""
        known = [line_of(node) for selector in self.order.dates for node in by_css(self.page, selector)]
        # A date line stands near its headline; further down it is another story's.
        below, above = range(at + 1, min(at + 1 + BELOW, closing)), range(at - 1, max(-1, at - 1 - ABOVE), -1)
        near = [p for n in (*below, *above) if (p := self.segments[n]).text and len(p.text) <= MAX_DATE and only_a_date(p.text)]
        lines = (*(line for line in known if re.search(r"\d{4}", line)), *(segment.line for segment in near))
        return tuple(dict.fromkeys(lines)), frozenset(segment.n for segment in near)

    def stamps(self, at: int, closing: int) -> Stamps:
        """The times that elements near the headline tell."""
        last = min(at + BELOW, closing, len(self.segments) - 1)
        return stamps(self.order, self.page, self.segments, at - ABOVE, last)


def without_initials(order: Order, body: Sequence[Segment]) -> tuple[Segment, ...]:
    """Take the editors' initials off the end of a body."""
    last = next((n for n in reversed(range(len(body))) if body[n].text), None)
    found = order.patterns["initials"].search(body[last].text) if last is not None else None
    if last is None or found is None:
        return tuple(body)
    kept = [evolve(body[last], text=body[last].text[: found.start()])] if found.start() else []
    return (*body[:last], *kept, *body[last + 1 :])


@frozen(kw_only=True, eq=False)
class Parts:
    """The parts of an article from which its body is put together."""

    region: Region
    segments: Sequence[Segment]
    """Those between headline and end that are not dropped."""
    pictures: Sequence[Picture]
    related: dict[int, Link]
    end: int
    headline: str

    def body(self) -> Iterator[Segment]:
        """The segments of the body in order, pictures above its first segment in front."""
        shown = {picture.segment.n: picture.segment for picture in self.pictures}
        first = self.segments[0].n if self.segments else 0
        yield from (picture.segment for picture in self.pictures if picture.segment.n < first)
        captions = {p.n: p.key for picture in self.pictures for p in picture.caption.segments}
        repeated = {*captions.values(), words(self.headline)}
        for segment in self.segments:
            # The head's picture that no element shows stands in the place of its caption.
            if segment.n in shown:
                yield shown[segment.n]
            elif segment.picture:
                continue
            elif segment.n in self.related:
                yield segment
            elif segment.n not in captions and segment.key not in repeated and self._is_text(segment):
                # Before the first paragraph the caption or the headline may be printed a second time.
                repeated = set() if len(segment.text) >= LONG else repeated
                yield segment

    def _is_text(self, segment: Segment) -> bool:
        """Tell whether a text belongs to the body, by its container or its length."""
        region = self.region
        if not region.is_text(segment):
            return False
        astray = not region.order.body and self.end < len(region.segments) and len(segment.text) >= 2 * LONG and segment.linked < 0.3
        return region.holds(segment) or astray


def _is_prose(segment: Segment, dropped: frozenset[int]) -> bool:
    """Tell whether a segment is long and mostly no link."""
    return len(segment.text) >= LONG and segment.linked < 0.5 and segment.n not in dropped

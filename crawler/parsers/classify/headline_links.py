"""Links that can be headlines of other pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import SplitResult, parse_qsl, urlsplit

from attrs import define, field, frozen
from lxml import etree

from crawler.parsers.document.page import Page
from crawler.parsers.document.segments import Segment, ancestry, letters
from crawler.urls import host_of, registrable_domain

MAX_HEADS = 1_500
"""Links taken for headlines of other pages: what stands behind more of them is not looked at."""
MIN_HEAD = 15
"""Letters of a link that can be another page's headline; shorter ones are those of menus."""
MIN_HEADING = 6
"""The same inside a heading."""
MAX_REST = 30
"""Letters beside such a link that can be its time, section or author."""
MIN_PROSE = 60
"""Letters of a line that can be prose."""
MAX_LINKED = 0.4
WHOLLY = 0.9
MIN_ROWS = 4
"""Lines of one list that each begin with a link and go on as prose: fewer are a text with links in it."""
MOST = 0.8
"""Share of the lines of prose of such a list that must begin so."""

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "dt"))
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|svg)(?:$|[?#])", re.IGNORECASE)
_NOWHERE = ("javascript:", "mailto:", "tel:", "#")


@frozen(kw_only=True)
class Head:
    """A link that can be another page's headline."""

    url: str
    prose: int
    """Letters behind it in its own line."""


def lines_of(segments: Iterable[Segment]) -> Iterator[Segment]:
    """Split segments that link to several pages: by lines, or by links.

    By lines if a line begins with a link, by links if they are little else; other segments come as they are.
    """
    for segment in segments:
        if len(segment.anchors) < 2 or len({href for href, _ in segment.anchors}) < 2:
            yield segment
            continue
        lines = list(_lines(segment)) if "\n" in segment.text else [segment]
        first_head = next((n for n, line in enumerate(lines) if line.linked >= 0.5 and line.size >= MIN_HEAD), len(lines))
        if any(is_prose(line) for line in lines[:first_head]):
            yield segment  # a text, and links behind it
        else:
            for line in lines:
                yield from _links(line)


def _links(line: Segment) -> Iterator[Segment]:
    """Split a line that is a row of headlines into its links."""
    count, rest = len(line.anchors), len(line.text) * (1 - line.linked)
    if count < MIN_ROWS or line.linked < 0.5 or rest > MAX_REST * count or line.size < MIN_HEAD * count:
        yield line
        return
    for href, text in line.anchors:
        yield Segment(n=line.n, element=line.element, text=text, anchors=((href, text),), resolve=line.resolve, linked=1.0)


def _lines(segment: Segment) -> Iterator[Segment]:
    left = list(segment.anchors)
    for text in segment.text.split("\n"):
        own, at = [], 0
        while left and (found := text.find(left[0][1], at)) >= 0:
            at = found + len(left[0][1])
            own.append(left.pop(0))
        if text:
            linked = min(1.0, sum(len(told) for _, told in own) / len(text))
            yield Segment(n=segment.n, element=segment.element, text=text, anchors=tuple(own), resolve=segment.resolve, linked=linked)


def is_prose(segment: Segment) -> bool:
    """Test for a line that can be part of a text."""
    return segment.size >= MIN_PROSE and segment.linked < MAX_LINKED


@define(kw_only=True)
class HeadFinder:
    """Finder of other pages' headlines among the segments of one page.

    Args:
        shortest: Letters of a link that can be one.
    """

    page: Page
    shortest: int = MIN_HEAD
    here: SplitResult = field(init=False)
    origin: str = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.here = urlsplit(self.page.url)
        self.origin = f"{self.here.scheme}://{self.here.netloc}"

    def find(self, segments: Sequence[Segment]) -> dict[int, Head]:
        """Find heads by their place among the segments, at most `MAX_HEADS`."""
        found: dict[int, Head] = {}
        doubtful: dict[int, str] = {}
        for at, segment in enumerate(segments):
            if not segment.anchors and not segment.picture:
                continue
            if head := self.head(segment):
                found[at] = head
                if len(found) >= MAX_HEADS:
                    break
            elif segment.size >= MIN_PROSE and (url := self.leading(segment)):
                doubtful[at] = url
        if len(doubtful) >= MIN_ROWS:
            found |= self.rows(segments, doubtful)
        return found

    def is_linked_picture(self, segment: Segment) -> bool:
        """Test for a picture that can stand for a headline, if short links count."""
        return self.shortest < MIN_HEAD and bool(segment.href) and not _PICTURE.search(segment.href or "")

    def head(self, segment: Segment) -> Head | None:
        """The head that a segment can be: a link and next to nothing else."""
        if segment.picture:
            url = self.elsewhere(segment.href or "")
            return Head(url=url, prose=0) if url else None
        return self.text_head(segment)

    def text_head(self, segment: Segment) -> Head | None:
        """The head that a segment of text can be."""
        if segment.size < (least := min(self.shortest, MIN_HEADING)):
            return None
        href, text = segment.anchors[0]
        if href.lower().startswith(_NOWHERE):
            return None
        if len(segment.anchors) > 1 and any(other != href for other, _ in segment.anchors):
            return None
        if not _stands_alone(segment, text):
            return None
        size = segment.size if len(text) == len(segment.text) else sum(letters(told) for _, told in segment.anchors)
        if size < self.shortest and (size < least or segment.inside(*HEADINGS) is None):
            return None
        url = self.elsewhere(href)
        return Head(url=url, prose=int(segment.size * (1 - segment.linked)) if segment.linked < WHOLLY else 0) if url else None

    def leading(self, segment: Segment) -> str | None:
        """The other page whose headline a line of prose can begin with."""
        (href, text), *others = segment.anchors
        if len(text) < MIN_HEADING or href.lower().startswith(_NOWHERE) or letters(text) < self.shortest:
            return None
        if not 0 <= segment.text.find(text) <= MAX_REST:
            return None
        if any(other != href and letters(told) >= MIN_HEAD for other, told in others):
            return None
        return self.elsewhere(href)

    def rows(self, segments: Sequence[Segment], doubtful: dict[int, str]) -> dict[int, Head]:
        """Choose lines that begin with a link, from lists of such lines."""
        groups: dict[etree._Element, list[int]] = {}
        for at in doubtful:
            groups.setdefault(_list_of(segments[at].element), []).append(at)
        groups = {box: rows for box, rows in groups.items() if len({doubtful[at] for at in rows}) >= MIN_ROWS}
        prose = dict.fromkeys(groups, 0)
        for at, segment in enumerate(segments if groups else ()):
            if (at in doubtful or is_prose(segment)) and (box := _list_of(segment.element)) in prose:
                prose[box] += 1
        return {
            at: Head(url=doubtful[at], prose=int(segments[at].size * (1 - segments[at].linked)))
            for box, rows in groups.items() if len(rows) >= MOST * prose[box] for at in rows
        }  # fmt: skip

    def elsewhere(self, href: str) -> str | None:
        """The address of another page of this site, or None."""
        url = self.page.join(href)
        return url.partition("#")[0] if url and not self.is_own(url) else None

    def is_own(self, url: str) -> bool:
        """Test for an address of this page, or of another site."""
        if not self.here.hostname:
            return False
        if url.startswith(self.origin) and not url.startswith(self.origin + self.here.path.rstrip("/")):
            return False
        there = urlsplit(url)
        if there.hostname != self.here.hostname and registrable_domain(host_of(url)) != registrable_domain(host_of(self.page.url)):
            return True
        if there.path.rstrip("/") != self.here.path.rstrip("/"):
            return False
        if self.here.path in ("", "/") or "/index." in self.here.path:
            return not there.query
        return set(parse_qsl(self.here.query)) <= set(parse_qsl(there.query))


def _stands_alone(segment: Segment, text: str) -> bool:
    """Test for a link with next to nothing beside it in its line."""
    rest = len(segment.text) - len(text)
    if segment.linked >= WHOLLY or (segment.linked >= 0.5 and rest <= MAX_REST):
        return True
    return segment.text.startswith(text) and segment.text[len(text) :].lstrip(" ").startswith("\n")


def _list_of(element: etree._Element) -> etree._Element:
    """The box around the list of a line.

    Cells, and boxes around one part only, do not count.
    """
    found = element
    for box in ancestry(element):
        if box.getparent() is None:
            return box
        found = box.getparent()
        if found.tag != "tr" and not (len(found) == 1 and found.tag not in ("body", "html")):
            break
    return found

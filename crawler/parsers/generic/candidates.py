"""Candidates for headline and authors, each with the place that names it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cached_property
from urllib.parse import urlsplit

from lxml import etree

from crawler.parsers.document.elements import marked, tagged
from crawler.parsers.document.flow import flow
from crawler.parsers.document.page import Page
from crawler.parsers.document.segments import Segment, squeeze, words
from crawler.parsers.document.structured_data import linked_data, meta_values, texts, title_of
from crawler.parsers.linked_data.own_part import OwnPart

Candidate = tuple[str, str]
"""A value and the name of the reader that saw it."""

_FOOT = 40
_ANY_HOST = frozenset(("news", "edition", "mobile", "online", "com", "co", "web", "blog", "blogs", "amp"))
"""Labels that tell no site from another."""
_RIGHTS = re.compile(
    r"(?:©|\(c\)|copyright)\s*(?:(?:19|20)\d\d)?(?:\s*[-–]\s*(?:19|20)?\d\d)?[\s,]+([^\W\d_][^.,;|©\n\d]{2,38}?)\s*(?:[.,;|\n]|$)",
    re.IGNORECASE,
)


class Candidates:
    """The candidates of one page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.segments = flow(page)
        self.meta = meta_values(page)
        self.linked = linked_data(page)
        self.of_entry: Callable[[etree._Element], bool] = lambda element: False
        """Tells elements of entries of a live blog: their times are not the page's."""
        self._part: OwnPart | None = None

    def first(self, *names: str) -> str | None:
        """The first value of several meta names."""
        return next((value for name in names for value in self.meta.get(name, ())), None)

    def own_part(self, headline: int, places: Sequence[int]) -> OwnPart:
        """The part of the page that holds its article, by headline and body."""
        if self._part is None:
            self._part = OwnPart(self.segments, headline, places)
        return self._part

    @cached_property
    def tops(self) -> list[Segment]:
        """The text segments inside an `h1`."""
        inside = {node for top in tagged(self.page, "h1") for node in top.iter()}
        return [p for p in self.segments if p.text and p.element in inside]

    @cached_property
    def title(self) -> str:
        """The title in the head as it stands."""
        return squeeze(title_of(self.page))

    @cached_property
    def publisher_names(self) -> tuple[str, ...]:
        """The names the site gives itself, for comparing."""
        names = ("og:site_name", "application-name", "apple-mobile-web-app-title", "twitter:site")
        told = [*texts(self.linked.article.get("publisher")), *(v for name in names for v in self.meta.get(name, ())[:1])]
        told += [found[1] for segment in self.segments[-_FOOT:] if (found := _RIGHTS.search(segment.text)) is not None]
        return tuple(dict.fromkeys(key for name in told if 1 < len(key := words(name)) <= 40))

    @cached_property
    def host(self) -> tuple[str, str]:
        """The page's host and the longest label of its own, for comparing."""
        host = (urlsplit(self.page.url).hostname or "").removeprefix("www.") if self.page.url else ""
        labels = host.split(".")
        own = [label for label in labels[:-1] if label not in _ANY_HOST] or labels
        return words(host), words(max(own, key=len))

    def is_publisher(self, name: str, *, title: bool = False) -> bool:
        """Tell whether a name is the site's own, as it or its host gives it.

        Args:
            title: Whether it stands behind a title, where short forms of the site's name stand too; else it may be a person's.
        """
        key, (host, label) = words(name), self.host
        least = 3 if title else 5
        if len(key) < 2:
            return False
        for house in (*self.publisher_names, label):
            longer = len(house) >= least and house in key and len(key) <= 2 * len(house) + 6
            if key == house or longer or (len(key) > 3 and key in house):
                return True
        if len(key) >= least and host.startswith(key):
            return True
        return title and len(label) > 3 and key.startswith(label[:5]) and len(key) < 20

    def marked_own(self, name: str) -> list[etree._Element]:
        """The elements with an `itemprop` that are not known to be of other articles."""
        return [element for element in marked(self.page, name) if self._part is None or self._part.holds(element)]

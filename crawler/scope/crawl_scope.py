"""Limits against sites that produce pages without end; addresses beyond them are counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from urllib.parse import urlsplit

from attrs import define, field, frozen

from crawler.items import Omissions
from crawler.scope.counters import Sketch
from crawler.scope.page_copies import REMEMBERED as REMEMBERED
from crawler.scope.page_copies import Copies, Repeats
from crawler.urls import host_of

COPIED = "links of a page seen under another address"


@frozen(kw_only=True)
class ScopeLimits:
    """Limits of a crawl without a site file, against pages without end."""

    url_characters: int = 2048
    path_segments: int = 20
    path_repeats: int = 3
    """How often one segment may occur in a path."""
    pages_per_host: int = 100_000
    """In one run."""
    queries_per_path: int = 10_000
    """Addresses of one path that differ only in their query, in one run."""
    depth: int = 100
    """Links between a seed and a page."""
    sitemaps: int = 500
    """Sitemap files in one run."""
    sitemap_depth: int = 3
    """Sitemap indexes above one another."""


@define(kw_only=True)
class CrawlScope:
    """The limits of one run and their use, in bounded memory."""

    limits: ScopeLimits = field(factory=ScopeLimits)
    hit: Counter[str] = field(factory=Counter)
    """How often each limit was hit: the run report shows it."""
    omitted: Omissions = field(factory=Omissions)
    """What was left out for it, with an example."""
    _pages: Counter[str] = field(factory=Counter, init=False)
    _queries: Sketch = field(factory=Sketch, init=False)
    _sitemaps: int = field(default=0, init=False)
    _copies: Copies = field(factory=Copies, init=False)

    def page(self, url: str, depth: int) -> bool:
        """Count a page never requested before; return False if it is beyond a limit."""
        host, parts = host_of(url), urlsplit(url)
        segments = [segment for segment in parts.path.split("/") if segment]
        if len(url) > self.limits.url_characters:
            return self._beyond("URL length", url)
        if depth > self.limits.depth:
            return self._beyond("link depth", url)
        if len(segments) > self.limits.path_segments:
            return self._beyond("path segments", url)
        if segments and Counter(segments).most_common(1)[0][1] > self.limits.path_repeats:
            return self._beyond("repeated path segments", url)
        if self._pages[host] >= self.limits.pages_per_host:
            return self._beyond("pages per host", url)
        if parts.query:
            place = f"{host} {parts.path}"
            if self._queries.count(place) >= self.limits.queries_per_path:
                return self._beyond("queries per path", url)
            self._queries.add(place)
        self._pages[host] += 1
        return True

    def sitemap(self, depth: int, url: str = "") -> bool:
        """Count a sitemap; return False beyond a limit. `depth` counts the indexes above."""
        if depth > self.limits.sitemap_depth:
            return self._beyond("sitemap depth", url)
        if self._sitemaps >= self.limits.sitemaps:
            return self._beyond("sitemap files", url)
        self._sitemaps += 1
        return True

    def copy(self, url: str, digest: str | None, links: Iterable[str] = (), *, found_on: str | None = None, depth: int = 0) -> bool:
        """Return True for a page whose links repeat another's or grow without end.

        Args:
            digest: Of its payload.
            links: The addresses it leads to.
        """
        if digest is None:
            return False
        links = tuple(links)
        repeats = self._copies.repeats(url, digest, links, found_on=found_on, depth=depth)
        if repeats is Repeats.NOTHING:
            return False
        self.hit[COPIED] += 1
        if repeats is Repeats.ITSELF:
            self.omitted.add(f"{COPIED}, in a deeper folder", url, count=max(1, len(links)))
        return True

    def _beyond(self, what: str, url: str) -> bool:
        self.hit[what] += 1
        self.omitted.add(f"beyond the limit of {what}", url)
        return False

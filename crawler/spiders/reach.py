"""How far a run goes: where a site begets pages without end, what lies beyond is left out and counted."""

from __future__ import annotations

from collections import Counter
from urllib.parse import urlsplit

from attrs import define, field

from crawler.limits import WebLimits
from crawler.urls import host_of

REMEMBERED = 10_000


@define(kw_only=True)
class Reach:
    """The limits of one run, and how much of them is used."""

    limits: WebLimits = field(factory=WebLimits)
    hit: Counter[str] = field(factory=Counter)
    """How many addresses were left out, by limit: the run report shows it."""
    _pages: Counter[str] = field(factory=Counter, init=False)
    _queries: Counter[tuple[str, str]] = field(factory=Counter, init=False)
    _sitemaps: int = field(default=0, init=False)
    _payloads: dict[str, str] = field(factory=dict, init=False)

    def page(self, url: str, depth: int) -> bool:
        """Whether a page may be asked for that nobody has asked for yet; it counts from then on."""
        host, parts = host_of(url), urlsplit(url)
        segments = [segment for segment in parts.path.split("/") if segment]
        if len(url) > self.limits.url_characters:
            return self._beyond("URL length")
        if depth > self.limits.depth:
            return self._beyond("link depth")
        if len(segments) > self.limits.path_segments:
            return self._beyond("path segments")
        if segments and Counter(segments).most_common(1)[0][1] > self.limits.path_repeats:
            return self._beyond("repeated path segments")
        if self._pages[host] >= self.limits.pages_per_host:
            return self._beyond("pages per host")
        if parts.query:
            if self._queries[host, parts.path] >= self.limits.queries_per_path:
                return self._beyond("queries per path")
            self._queries[host, parts.path] += 1
        self._pages[host] += 1
        return True

    def sitemap(self, depth: int) -> bool:
        """Whether one more sitemap may be asked for; `depth` counts the indexes above it."""
        if depth > self.limits.sitemap_depth:
            return self._beyond("sitemap depth")
        if self._sitemaps >= self.limits.sitemaps:
            return self._beyond("sitemap files")
        self._sitemaps += 1
        return True

    def copy(self, url: str, digest: str | None) -> bool:
        """Whether another page of this run had this very payload: where many addresses show one page, each would lead on to many more.

        Of the last `REMEMBERED` payloads; a page that is the same again at its own address is no copy.
        """
        if digest is None:
            return False
        first = self._payloads.setdefault(digest, url)
        if len(self._payloads) > REMEMBERED:
            del self._payloads[next(iter(self._payloads))]
        if first != url:
            self._beyond("links of a page seen under another address")
        return first != url

    def _beyond(self, what: str) -> bool:
        self.hit[what] += 1
        return False

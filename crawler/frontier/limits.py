"""How far one crawl goes: limits of a web crawl and what the spider arguments ask for."""

from __future__ import annotations

from datetime import date
from typing import Literal

from attrs import frozen


@frozen(kw_only=True)
class WebLimits:
    """Of a crawl without a site file: where pages beget pages without end."""

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


Requisites = Literal["none", "images", "all"]


@frozen(kw_only=True)
class Limits:
    """What the spider arguments ask for."""

    mirrors: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    sections: tuple[str, ...] = ()
    story: str | None = None
    url: tuple[str, ...] = ()
    max_stories: int | None = None
    requisites: Requisites = "images"
    recheck: bool | None = None
    """True: every known story that turns up again; False: none; None: those that are due."""
    backfill: frozenset[str] = frozenset()
    read: Literal["yes", "later"] = "yes"
    seeds: tuple[str, ...] = ()
    scope: Literal["host", "domain", "page"] = "host"
    max_pages: int | None = None
    warcs: str | None = None
    collection: str | None = None
    copy: bool = True
    depth: int | None = None

    @property
    def scoped(self) -> bool:
        """Whether only what this run itself finds is asked for, not what earlier runs left in the queue."""
        return bool(self.since or self.until or self.sections or self.story or self.url)

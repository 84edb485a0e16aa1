"""The spider arguments of one crawl, as values."""

from __future__ import annotations

from datetime import date
from typing import Literal

from attrs import frozen

Requisites = Literal["none", "images", "all"]


@frozen(kw_only=True)
class CrawlArguments:
    """The spider arguments of one crawl: what to ask for, and how far to go."""

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
    from_archives: bool = False
    """Look in web archives for stories that no mirror serves."""

    @property
    def asks_for_due(self) -> bool:
        """Return True for a run that asks for all known stories that are due."""
        return self.recheck is not False and not (self.scoped or self.seeds)

    @property
    def scoped(self) -> bool:
        """Return True for a run limited to the requests that it finds itself."""
        return bool(self.since or self.until or self.sections or self.story or self.url)

    @property
    def asks_again(self) -> bool:
        """Return True where the user asks for known stories, due or not."""
        return bool(self.story or self.url or self.recheck)

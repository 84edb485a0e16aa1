"""The spider arguments of one crawl, as values."""

from __future__ import annotations

from datetime import date
from typing import Literal, get_args

from attrs import frozen

Requisites = Literal["none", "images", "all"]
_LEVELS: tuple[Requisites, ...] = get_args(Requisites)


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
    requisites: Requisites = "all"
    """What is asked for beside pages: nothing, the pictures of articles, or all that the look of a page needs."""
    asks_for_requisites: bool = False
    """True where the user names `requisites=`: known pages are looked into as well."""
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
    def with_files(self) -> bool:
        """Return True for a run that asks for style sheets, scripts and fonts."""
        return self.requisites == "all"

    @property
    def scoped(self) -> bool:
        """Return True for a run limited to the requests that it finds itself."""
        return bool(self.since or self.until or self.sections or self.story or self.url)

    @property
    def asks_again(self) -> bool:
        """Return True where the user asks for known stories, due or not."""
        return bool(self.story or self.url or self.recheck)

    def lacks_requisites(self, queued: str | None) -> bool:
        """Return True if fewer requisites of a page were queued than are asked for."""
        return _LEVELS.index(queued or "none") < _LEVELS.index(self.requisites)

    def requisites_queued(self, before: str | None, *, unchanged: bool) -> str | None:
        """Return which requisites of a page are queued once it was captured.

        Args:
            before: Those of its last capture, which an unchanged page keeps.
        """
        if unchanged and not self.lacks_requisites(before):
            return before
        return None if self.requisites == "none" else self.requisites

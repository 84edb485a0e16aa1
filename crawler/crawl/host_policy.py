"""Which host is asked for a row next, and whether and when it is asked again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from attrs import frozen

from crawler.crawl.host_health import MirrorBoard
from crawler.frontier.crawl_arguments import CrawlArguments
from crawler.frontier.store import FrontierRow
from crawler.index.rows import iso
from crawler.items import Failed, Mirror
from crawler.sites.site import Site
from crawler.urls import host_of, with_host


@frozen(kw_only=True)
class Patience:
    """How often and how soon to try again: the settings of the same names."""

    attempts: int = 3
    retry_delay: float = 2.0
    leases_per_host: int = 4
    max_wait: float = 900.0
    """The most seconds of a Retry-After that are obeyed: ARCHIVE_MAX_RETRY_AFTER."""
    recheck_hours: Sequence[tuple[float, float]] = ((24, 3), (168, 24), (720, 168), (8760, 1440))

    def heeded(self, retry_after: float | None) -> float:
        """Seconds to wait for a Retry-After: the one place where it is limited."""
        return min(max(retry_after or 0.0, 0.0), self.max_wait)


@frozen(kw_only=True)
class HostPolicy:
    """The hosts of one run's rows: mirrors of a site, hosts of its pictures, any other host by itself."""

    site: Site
    limits: CrawlArguments
    board: MirrorBoard
    patience: Patience
    clock: Callable[[], datetime]

    # -- who may be asked

    def choose(self, row: FrontierRow, *, there: bool = False) -> tuple[str, str] | None:
        """The host to ask for a row, and the address there; None where nobody is left to ask.

        Args:
            there: The page is known to be there, whatever mirrors have answered: a part of it came.
        """
        if row.host:
            return row.host, with_host(row.url, row.host, self._scheme(row.host))
        if self.site.owns(row.url) and row.role != "requisite":
            left = tuple(m for m in self.candidates(row) if m.host not in row.answered)
            mirrors = self.witnesses(row)[:1] if self.gone(row) and not there else left
            candidates = [m for m in mirrors if row.tried.count(m.host) < self.patience.attempts]
            untried = [m for m in candidates if m.host not in row.tried]
            mirror = self.board.choose(untried or candidates, tried=(), now=self.clock())
            return (mirror.host, with_host(row.url, mirror.host, mirror.scheme)) if mirror else None
        hosts = self.picture_hosts(row)
        next_ = [h for h in hosts if h not in row.tried] or [h for h in hosts if row.tried.count(h) < self.patience.attempts]
        return (next_[0], row.url if next_[0] == host_of(row.url) else with_host(row.url, next_[0], "https")) if next_ else None

    def candidates(self, row: FrontierRow) -> tuple[Mirror, ...]:
        """The mirrors that may have a row's page: those of its language first, then the others."""
        today = self.clock().date()
        if self.limits.mirrors:
            by_host = {m.host: m for m in self.site.mirrors}
            return tuple(by_host.get(h, Mirror(host=h)) for h in self.limits.mirrors)
        first = self.site.mirrors_of(row.language, today)
        if row.role != "story":
            return first
        return first + tuple(m for language in self.site.languages() for m in self.site.mirrors_of(language, today) if m not in first)

    def own(self, row: FrontierRow) -> frozenset[str]:
        """Of the candidates those of the row's language; all of them where there is none: whose 404 says that a page is not there."""
        wanted = row.language or self.site.language
        candidates = self.candidates(row)
        own = frozenset(m.host for m in candidates if (m.language or self.site.language) == wanted)
        return own or frozenset(m.host for m in candidates)

    def witnesses(self, row: FrontierRow) -> tuple[Mirror, ...]:
        """The mirrors still to be asked before a story counts as gone.

        Two of its language must say so, that one mirror's fault takes no story away, and one of each other language: a
        link on a French page may lead to an English story. A mirror that fails has said nothing.
        """
        if self.limits.mirrors:
            return () if len(row.answered) > 1 else tuple(m for m in self.candidates(row) if m.host not in row.tried)
        today, wanted = self.clock().date(), row.language or self.site.language
        left: list[Mirror] = []
        for language in sorted(self.site.languages(), key=lambda one: one == wanted):
            mirrors = [m for m in self.site.mirrors_of(language, today) if not m.alias]
            said = sum(m.host in row.answered for m in mirrors)
            if said < (2 if language == wanted else 1):
                left += [m for m in mirrors if m.host not in row.tried]
        return tuple(left)

    def picture_hosts(self, row: FrontierRow) -> tuple[str, ...]:
        """The hosts that may have a picture: its own first, then those that hold the same paths."""
        own = host_of(row.url)
        same = self.site.picture_hosts if own in self.site.picture_hosts else ()
        return (own, *(h for h in same if h != own))

    def is_mirror(self, host: str) -> bool:
        """Whether a host is asked as a mirror: one of the site's that is the publisher's today, or that the user named."""
        if host in self.limits.mirrors:
            return True
        today = self.clock().date()
        return any(m.host == host and m.holds(today) for m in self.site.mirrors)

    def _scheme(self, host: str) -> str:
        return next((m.scheme for m in self.site.mirrors if m.host == host), "https")

    def _hosts(self, row: FrontierRow) -> list[str]:
        """The hosts that may have a row's page."""
        if row.host:
            return [row.host]
        if not self.site.owns(row.url) or row.role == "requisite":
            return list(self.picture_hosts(row))
        return [m.host for m in self.candidates(row)]

    # -- whether and when again

    def gone(self, row: FrontierRow) -> bool:
        """Whether a host that may hold the page has answered that it is not there.

        A story is missing on mirrors of another language whether it exists or not: their answer alone says nothing.
        """
        if row.role != "story" or not self.site.owns(row.url):
            return bool(row.answered)
        return any(host in self.own(row) for host in row.answered)

    def again(self, row: FrontierRow, *, gone: bool, lasting: bool) -> bool:
        """Whether another attempt may mend it: another mirror first, then the same ones again unless they would only repeat it.

        Args:
            gone: The page counts as not there unless somebody has it.
            lasting: The last answer is one that the same host would only repeat.
        """
        hosts = [host for host in self._hosts(row) if host not in row.answered]
        if gone:
            if row.role == "story" and self.site.owns(row.url):
                return bool(self.witnesses(row))
            return row.role == "requisite" and row.attempts < min(2, len(self._hosts(row)))
        if row.host and len(self.candidates(row)) > 1:
            return False
        repeated = bool(hosts) and not lasting and row.attempts < max(self.patience.attempts, len(hosts))
        return repeated or any(host not in row.tried for host in hosts)

    def when(self, row: FrontierRow, outcome: Failed, now: datetime) -> str:
        """When to try again: at once on another mirror, after a pause on the same."""
        asked = set(row.tried)
        if self.site.owns(row.url) and not row.host and any(m.host not in asked for m in self.candidates(row)):
            return iso(now)
        pause = self.patience.retry_delay * 2 ** max(0, row.attempts - 1)
        return iso(now + timedelta(seconds=max(pause, self.patience.heeded(outcome.retry_after))))

"""Choice of the host for a row, and of the time of further attempts."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cached_property

from attrs import define, field, frozen

from crawler.formatting import one_line
from crawler.frontier.crawl_arguments import CrawlArguments
from crawler.frontier.rows import FrontierRow
from crawler.hosts.choice_told import why_chosen
from crawler.hosts.health import HostHealth
from crawler.hosts.rules import AnyHost, Choice, ComparedHost, HostRule, PinnedHost, SiteMirrors
from crawler.index.known import KnownStories, Missing
from crawler.index.rows import iso
from crawler.sites.site import Site

logger = logging.getLogger(__name__)


@frozen(kw_only=True)
class RetryPolicy:
    """Number and delay of attempts: the settings of the same names."""

    attempts: int = 3
    retry_delay: float = 2.0
    """Seconds before the second attempt at a host; doubled with each further one."""
    leases_per_host: int = 4
    max_wait: float = 900.0
    """Seconds of a Retry-After that are obeyed: ARCHIVE_MAX_RETRY_AFTER."""

    def heeded(self, retry_after: float | None) -> float:
        """Limit the seconds of a Retry-After."""
        return min(max(retry_after or 0.0, 0.0), self.max_wait)

    def pause(self, attempts: int, wait: float) -> float:
        """Seconds before a host is asked again, at least the wait it asked for."""
        return max(self.retry_delay * 2.0 ** max(0, attempts - 1), wait)


@define(kw_only=True)
class HostPolicy:
    """Hosts of one run's rows: pinned, mirrors of the site, or any other."""

    site: Site
    arguments: CrawlArguments
    health: HostHealth
    retry: RetryPolicy
    clock: Callable[[], datetime]
    known: KnownStories = field(factory=KnownStories)
    confirm_after: timedelta = timedelta(hours=6)
    """How long a story is missing before a further denial settles that it is gone: ARCHIVE_GONE_CONFIRM_HOURS."""
    _mirrors: SiteMirrors = field(init=False)
    _pinned: PinnedHost = field(init=False)
    _compared: ComparedHost = field(init=False)
    _any: AnyHost = field(init=False)
    _began: datetime = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._mirrors = SiteMirrors(
            site=self.site, arguments=self.arguments, health=self.health, attempts=self.retry.attempts, clock=self.clock
        )  # fmt: skip
        self._pinned = PinnedHost(mirrors=self._mirrors)
        self._compared = ComparedHost(mirrors=self._mirrors)
        self._any = AnyHost(site=self.site, attempts=self.retry.attempts)
        self._began = self.clock()

    def rule_of(self, row: FrontierRow) -> HostRule:
        """Choose the rule for a row."""
        if row.host:
            return self._compared if row.target.is_comparison else self._pinned
        if self.site.owns(row.url) and row.role != "requisite":
            return self._mirrors
        return self._any

    def choose(self, row: FrontierRow, *, there: bool = False) -> Choice | None:
        """Choose the host for a row, and the address there; None if none is left.

        Args:
            there: The page is known to exist, whatever mirrors have answered: a part of it came.
        """
        missing = self.missing(row)
        return self.rule_of(row).choose(row, there=there, denied=missing.hosts if missing else ())

    def tell_lease(self, row: FrontierRow, host: str, url: str) -> None:
        """Log that a row is leased to a host, and why to this one."""
        if not logger.isEnabledFor(logging.DEBUG):
            return
        why = why_chosen(row, host, self.rule_of(row).hosts(row), self.health.mirrors)
        attempt = row.tried.count(host) + 1
        logger.debug("leased host=%s why=%s role=%s attempt=%d url=%s", host, why, row.role, attempt, one_line(url))

    def missing(self, row: FrontierRow) -> Missing | None:
        """Absence of a story that is missing now; None for other rows."""
        if row.role not in ("story", "page") or row.story is None or row.record_id is None or row.target.is_comparison:
            return None
        return self.known.missing(row.story)

    def confirms(self, row: FrontierRow, host: str) -> bool | None:
        """Tell whether a denial of a host would settle that a story is gone.

        None if it is not missing, so that a denial is the first. Whoever asks for a story by name, or for all known ones, in a later run
        asks at a second time: nothing is waited for.
        """
        missing = self.missing(row)
        if missing is None:
            alone = not self.confirm_after and row.role in ("story", "page") and not row.target.is_comparison
            return True if alone and self.rule_of(row).settles(row, host) else None
        waited = not self.confirm_after or self.clock() - missing.since >= self.confirm_after
        named = self.arguments.asks_again and missing.since < self._began
        return (waited or named) and self.rule_of(row).settles(row, host, missing.hosts)

    def is_mirror(self, host: str) -> bool:
        """Tell whether a host is a mirror today, or named by the user."""
        if host in self.arguments.mirrors:
            return True
        today = self.clock().date()
        return any(m.host == host and m.holds(today) for m in self.site.mirrors)

    def is_shared(self, host: str) -> bool:
        """Tell whether other hosts hold the same pages or pictures."""
        return host in self.site.hosts or host in self.site.picture_hosts

    @cached_property
    def shared_hosts(self) -> tuple[str, ...]:
        """Hosts that are asked for the same pages or pictures."""
        today = self.clock().date()
        mirrors = self.arguments.mirrors or [m.host for m in self.site.mirrors if m.holds(today)]
        return tuple(dict.fromkeys((*mirrors, *self.site.picture_hosts)))

    def again(self, row: FrontierRow, *, gone: bool, lasting: bool) -> bool:
        """Tell whether another attempt may bring the page.

        Args:
            gone: The page counts as not there unless some host has it.
            lasting: The last answer is one that the same host would only repeat.
        """
        rule = self.rule_of(row)
        return rule.confirms(row) if gone else rule.again(row, attempts=self.retry.attempts, lasting=lasting)

    def when(self, row: FrontierRow, now: datetime, *, wait: float = 0.0) -> str:
        """Time of the next attempt: now at another mirror, else after a pause.

        Args:
            wait: Seconds that the host asked us to wait, limited already.
        """
        pause = 0.0 if self.rule_of(row).at_once(row) else self.retry.pause(row.attempts, wait)
        return iso(now + timedelta(seconds=pause))

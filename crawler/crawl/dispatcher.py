"""Choice of the next request and its host."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from attrs import define

from crawler.collection.collection import Collection
from crawler.collection.disk_space import CHECK_SECONDS
from crawler.crawl.completion import Completion
from crawler.crawl.stats import CrawlStats
from crawler.frontier.crawl_arguments import CrawlArguments
from crawler.frontier.protocol import Frontier
from crawler.frontier.rows import FrontierRow
from crawler.hosts.policy import HostPolicy
from crawler.items import LeasedRequest
from crawler.urls import host_of

MANY = 1_000_000
"""More requests than can ever be in flight together."""


@define(kw_only=True)
class Dispatcher:
    """Hand out the most urgent request for which a host is free."""

    collection: Collection
    frontier: Frontier
    arguments: CrawlArguments
    policy: HostPolicy
    completion: Completion
    stats: CrawlStats
    at_once: int = MANY
    """Requests that may be in flight together, for the files that each may need."""

    def lease(self) -> LeasedRequest | None:
        """Take the most urgent request for which a host is free, or None.

        None as well if the disk is full, or too many are in flight.
        """
        if self.frontier.in_flight() >= self.at_once or not self.collection.disk.enough():
            return None
        resting = self._resting()
        health = self.policy.health

        def closed(host: str, pinned: bool) -> datetime | None:
            # If other hosts hold the same pages, or this one is given up, each row is looked at.
            others = not pinned and self.policy.is_shared(host)
            return None if others or health.given_up(host) else resting(host)

        for row in self.frontier.queued(only_run=self.arguments.scoped, without_stories=self.enough(), closed=closed):
            chosen = self.policy.choose(row, there=self.completion.is_cut(row.key))
            if chosen is None:
                self.completion.fail(row, row.reason or "connect", row.detail or "no host to ask")
            elif fault := health.given_up(chosen[0]):
                self.completion.fail(row, *fault)
                self.stats.limits["host given up"] += 1
            elif resting(chosen[0]) is None:
                return self._lease(row, *chosen)
        return None

    def pending(self) -> bool:
        """Tell whether the run has anything left to do."""
        return self.frontier.pending(only_run=self.arguments.scoped, without_stories=self.enough())

    def wait(self) -> float | None:
        """Seconds until the next request falls due; None if none is queued.

        With a full disk, until it is looked at again.
        """
        if not self.collection.disk.enough():
            return CHECK_SECONDS
        now = self.policy.clock()
        due = self.frontier.soonest(only_run=self.arguments.scoped)
        waits = (self.policy.health.next_wait(now), max(0.0, (due - now).total_seconds()) if due else None)
        return min((seconds for seconds in waits if seconds is not None), default=None)

    def enough(self) -> bool:
        """Tell whether as many stories or pages were asked for as the limits allow."""
        most = self.arguments.max_stories if self.arguments.max_stories is not None else self.arguments.max_pages
        return most is not None and self.stats.leased_stories >= most

    def _resting(self) -> Callable[[str], datetime | None]:
        """Make a test of hosts: end of a rest, now if busy, None if free."""
        now, health, most = self.policy.clock(), self.policy.health, self.policy.retry.leases_per_host

        def resting(host: str) -> datetime | None:
            return health.waits_until(host, now) or (now if self.frontier.in_flight(host) >= most else None)

        return resting

    def _lease(self, row: FrontierRow, host: str, url: str) -> LeasedRequest:
        leased = self.frontier.lease(row, host)
        self.stats.count_lease(host, row.role, leased.attempts)
        known = row.validates_host == host_of(url)
        return LeasedRequest(
            target=row.target.at(url), attempt=leased.attempts, etag=row.etag if known else None,
            last_modified=row.last_modified if known else None, validates=row.validates if known else None,
            record_id=leased.record_id,
        )  # fmt: skip

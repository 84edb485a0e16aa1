"""Choice of the next request and its host."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING

from attrs import define, field

from crawler.collection.collection import Collection
from crawler.crawl.completion import Completion
from crawler.crawl.stats import CrawlStats
from crawler.disk.disk_space import CHECK_SECONDS
from crawler.errors import LaneLost
from crawler.frontier.crawl_arguments import CrawlArguments
from crawler.frontier.due_rechecks import RECHECK
from crawler.frontier.protocol import Frontier
from crawler.frontier.rows import FrontierRow, lane_of
from crawler.hosts.policy import HostPolicy
from crawler.items import LeasedRequest
from crawler.pacing.pace import FAR, Pace, PacedSlot, resting

if TYPE_CHECKING:
    from crawler.backfill.numbers import NumberBackfill

ROOM_SECONDS = 0.05
"""Seconds for which room on the disk is believed: a few pages."""
LISTS_FIRST = timedelta(minutes=10)
"""From the beginning of a run: so long rechecks wait for its feeds and fronts at most."""
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
    pace: Pace = field(factory=Pace)
    numbers: NumberBackfill | None = None
    """Queues the numbers of a backfill, a few at a time."""
    most: int | None = field(init=False)
    """Stories or pages that may be asked for: `max_stories`, `max_pages`."""
    at_once: int = MANY
    """Requests that may be in flight together, for the files that each may need."""
    _room_until: float = field(default=0.0, init=False)
    _next_free: datetime | None = field(default=None, init=False)
    """When the first host is free again that the last look found busy until a known time."""
    _looked: bool = field(default=False, init=False)
    """Whether the last look went through all rows, and found none whose host may be asked."""

    def __attrs_post_init__(self) -> None:
        self.most = self.arguments.max_stories if self.arguments.max_stories is not None else self.arguments.max_pages

    def lease(self) -> LeasedRequest | None:
        """Take the most urgent request for which a host is free, or None.

        None as well if the disk is full, or too many are in flight.
        """
        self._next_free, self._looked = None, False
        if not self.pace.may_ask(self.policy.clock()) or self.frontier.in_flight() >= self.at_once or not self._has_room():
            return None
        return self._next() or (self._next() if self.numbers is not None and not self.enough() and self.numbers.top_up() else None)

    def _next(self) -> LeasedRequest | None:
        """Take the most urgent request of the queue for which a host is free."""
        until, now = resting(self.policy, self.pace, self.frontier.in_flight), self.policy.clock()

        def free(host: str) -> datetime | None:
            # Noted for each host asked about: a row may wait for another host than that of its lane.
            if (rests := until(host)) is not None and now < rests < FAR:
                self._next_free = min(self._next_free or rests, rests)
            return rests

        health, passed = self.policy.health, set[tuple[object, ...]]()

        def closed(host: str, pinned: bool) -> datetime | None:
            if not pinned and self.policy.is_shared(host):
                # Other hosts hold the same pages: if one of them is free, each row is looked at.
                rests = [free(other) for other in self.policy.shared_hosts]
                return None if None in rests else min(filter(None, rests), default=None)
            return None if health.given_up(host) else free(host)

        for row in self.frontier.queued(only_run=self.arguments.scoped, without_stories=self.enough(), closed=closed):
            if row.priority <= RECHECK and self._lists_first(now):
                continue
            there = self.completion.is_cut(row.key)
            # All that the choice depends on: rows that are alike in it go to one host, which is not free.
            alike = lane_of(row), row.role, row.language, row.tried, row.answered, there, self.policy.missing(row) is None
            if alike in passed:
                continue
            chosen = self.policy.choose(row, there=there)
            if chosen is None:
                self.completion.fail(row, row.reason or "connect", row.detail or "no host to ask")
            elif fault := health.given_up(chosen[0]):
                self.completion.fail(row, *fault)
                self.stats.limits["host given up"] += 1
            elif free(chosen[0]) is not None or (leased := self._lease(row, *chosen)) is None:
                passed.add(alike)
            else:
                return leased
        self._looked = True
        return None

    def pending(self) -> bool:
        """Tell whether the run has anything left to do."""
        if self.pace.over is not None:
            return self.frontier.in_flight() > 0
        unqueued = self.numbers is not None and not self.enough() and self.numbers.more()
        if not unqueued and not self.frontier.pending(only_run=self.arguments.scoped, without_stories=self.enough()):
            return False
        return not (self.pace.closed_hosts and self._looked) or self._goes_on()

    def _goes_on(self) -> bool:
        """Tell whether something is left for hosts that have not had all their requests."""
        if self.frontier.in_flight() or self._next_free is not None or self.policy.health.next_wait(self.policy.clock()) is not None:
            return True
        opens = self.frontier.next_open()
        return self.frontier.soonest(only_run=self.arguments.scoped) is not None or (opens is not None and opens < FAR)

    def wait(self) -> float | None:
        """Seconds until the next request falls due; None if none is queued.

        With a full disk, until it is looked at again.
        """
        if not self.collection.disk.enough():
            return CHECK_SECONDS
        now = self.policy.clock()
        times = (self.frontier.soonest(only_run=self.arguments.scoped), self.frontier.next_open(), self._next_free)
        waits = [max(0.0, (time - now).total_seconds()) for time in times if time is not None]
        if (rest := self.policy.health.next_wait(now)) is not None:
            waits.append(rest)
        return min(waits, default=None)

    def _lists_first(self, now: datetime) -> bool:
        """Tell whether rechecks wait, since feeds and fronts may bring news; for a while only."""
        if self.pace.closed_hosts or not self.frontier.news.lists_pending():
            return False
        return now < datetime.fromisoformat(self.completion.started) + LISTS_FIRST

    def _has_room(self) -> bool:
        """Tell whether the disk has room; not asked again at once when it has."""
        if (now := monotonic()) < self._room_until:
            return True
        if enough := self.collection.disk.enough():
            self._room_until = now + ROOM_SECONDS
        return enough

    def use_slots(self, slots: Mapping[str, PacedSlot]) -> None:
        """Take the downloader's slots by host, which tell when a host may be asked."""
        self.pace.slots, self.pace.in_flight = slots, self.frontier.in_flight
        for host in slots:
            self.pace.watch(slots, host)

    def enough(self) -> bool:
        """Tell whether as many stories or pages were asked for as the limits allow."""
        return self.most is not None and self.stats.leased_stories >= self.most

    def _lease(self, row: FrontierRow, host: str, url: str) -> LeasedRequest | None:
        """Hand out a row; None if its lane is not ours any more."""
        try:
            leased = self.frontier.lease(row, host)
        except LaneLost:
            return None
        self.policy.tell_lease(row, host, url)
        self.pace.lease(host)
        self.stats.count_lease(host, "" if row.target.is_comparison else row.role, leased.attempts)
        self.stats.rechecks += row.priority <= RECHECK and leased.attempts == 1
        confirms = self.policy.confirms(row, host)
        there, again, held = row.target.at(url), leased.record_id, row.held
        return LeasedRequest(target=there, attempt=leased.attempts, held=held, confirms=confirms, record_id=again).conditional()

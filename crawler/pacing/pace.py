"""Pace of hosts: a request is handed out when its host may be asked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sized
from datetime import UTC, datetime, timedelta
from math import inf
from time import monotonic
from typing import Protocol

from attrs import define, field

from crawler.hosts.policy import HostPolicy
from crawler.pacing.budget import DailyBudget
from crawler.pacing.crowd import Crowd
from crawler.pacing.delays import Delays, Slotted
from crawler.pacing.hours import Hours

FAR = datetime.max.replace(tzinfo=UTC)
"""Later than any run: when a host is asked again that has had its requests."""
MAX_HOSTS = 3
"""Hosts that are named where many have had their requests."""
EARLY = 0.01
"""Seconds before its time that a request is handed out: it waits for the rest in its slot."""


class PacedSlot(Protocol):
    """Slot of the downloader for one host."""

    delay: float
    """Seconds between two requests."""

    @property
    def lastseen(self) -> float:
        """Time of the last request by the monotonic clock; 0 before the first."""

    @property
    def jitter(self) -> float:
        """Share of the delay by which it varies."""

    @property
    def concurrency(self) -> int:
        """Requests that may be under way together."""

    @property
    def queue(self) -> Sized:
        """Requests that wait in it."""

    def free_transfer_slots(self) -> int:
        """Count the requests that may be under way besides those that are."""

    def ready_at(self) -> float:
        """Time of the next request by the monotonic clock."""


@define(kw_only=True)
class Pace:
    """Delays between requests to hosts, as the slots of the downloader keep them.

    Otherwise requests that wait for their host would take the places of those whose host is free.
    """

    delay: float = 0.0
    """Seconds between two requests to a host without a slot: DOWNLOAD_DELAY."""
    slots: Mapping[str, PacedSlot] | None = None
    """Slots of the downloader by host; None before the crawl begins."""
    in_flight: Callable[[str], int] = lambda host: 0
    """Counts the requests of this run handed out for a host and not finished."""
    delays: Delays = field(factory=Delays)
    """Delay of each host, by its answers."""
    hours: Hours = field(factory=Hours)
    """When hosts may be asked at all."""
    budget: DailyBudget | None = None
    """Requests that each host may get in a day; None without a limit."""
    over: datetime | None = field(default=None, init=False)
    """When the hours were found to be over; nothing is handed out any more."""
    crowd: Crowd | None = None
    """The other runs of this process, which may ask the same hosts."""
    _leased: dict[str, float] = field(factory=dict, init=False)
    """When a host was leased whose request was not sent yet, as far as is known."""

    def may_ask(self, now: datetime) -> bool:
        """Tell whether hosts may be asked at this time; once not, the run is over."""
        if self.over is None and self.hours.windows and not self.hours.open(now):
            self.over = now
        return self.over is None

    def spent(self, host: str, in_flight: int = 0) -> bool:
        """Tell whether a host has had its requests of the day.

        Args:
            in_flight: Requests handed out for it, each of which may not have been sent yet.
        """
        return self.budget is not None and self.budget.closed(host, in_flight)

    @property
    def closed_hosts(self) -> Collection[str]:
        """Hosts that are asked no more in this run."""
        return self.budget.spent if self.budget is not None else ()

    @property
    def held_by(self) -> str:
        """The limit for which requests are left for later: setting and value; empty for none."""
        if self.over is not None:
            return f"ARCHIVE_HOURS={self.hours.text}"
        return f"ARCHIVE_HOST_REQUESTS_PER_DAY={self.budget.most}" if self.budget is not None and self.budget.spent else ""

    def why_held(self, now: datetime) -> str:
        """Tell in words why requests are left for later, and until when."""
        if self.over is None:
            hosts = sorted(self.closed_hosts)
            return f"{self.held_by} of {', '.join(hosts[:MAX_HOSTS])}{' and more' if len(hosts) > MAX_HOSTS else ''}"
        opens = self.hours.opens(now)
        return f"outside {self.held_by}, which " + (f"begin again at {opens:%Y-%m-%d %H:%M} UTC" if opens else "do not begin again")

    def lease(self, host: str) -> None:
        """Take note of a request handed out for a host."""
        if self.slots is not None:
            self._leased[host] = monotonic()
        if self.crowd is not None:
            self.crowd.note(host, self)

    def wait(self, host: str, in_flight: int) -> float | None:
        """Return the seconds until a host may be asked; None: now, 0: when something changes.

        Args:
            in_flight: Requests handed out for the host and not finished.
        """
        if (wait := self._own_wait(host, in_flight)) is not None or self.crowd is None:
            return wait
        return max(self.crowd.rests(host, self), default=None)

    def watch(self, slots: Mapping[str, Slotted], host: str) -> None:
        """Keep the delay of a host in a downloader's slots, from its first request on."""
        self.delays.watch(slots, host)
        if self.crowd is not None:
            self.crowd.note(host, self)

    def free_at(self, host: str) -> float:
        """Return when a host may be asked after this run, by the monotonic clock."""
        slot = (self.slots or {}).get(host)
        delay = self.delay if slot is None else slot.delay
        if not delay:
            return 0.0
        # A request that was handed out may have been sent until now.
        sent = self._leased.get(host, 0.0) if slot is None or self._leased.get(host, -inf) > slot.lastseen else 0.0
        return max(sent and monotonic() + delay, 0.0 if slot is None else slot.ready_at())

    def rest(self, host: str) -> float | None:
        """Return the seconds for which other runs leave a host alone; None: it is free."""
        slot, flying = (self.slots or {}).get(host), self.in_flight(host)
        delay = self.delay if slot is None else slot.delay
        if not delay:
            return None
        # At the end of these seconds it is looked at again: nothing wakes a run when another's request is finished.
        if slot is None or self._leased.get(host, -inf) > slot.lastseen or slot.free_transfer_slots() <= 0 or slot.queue:
            return delay if flying else None
        wait = slot.ready_at() - monotonic() - EARLY
        return wait if wait > 0 else None

    def _unsent(self, host: str, slot: PacedSlot) -> float | None:
        """Return when a host's last request was handed out; None if it was sent."""
        leased = self._leased.get(host)
        if leased is not None and slot.lastseen >= leased:
            del self._leased[host]
            return None
        return leased

    def _own_wait(self, host: str, in_flight: int) -> float | None:
        if self.slots is None:
            return None
        slot = self.slots.get(host)
        if slot is None:
            # The first request waits for robots.txt maybe, and the host's delay is not known yet.
            return 0.0 if self.delay and in_flight else None
        if slot.queue:
            return 0.0
        leased = self._unsent(host, slot)
        if not slot.delay:
            # As many as the host may have at once are under way, or on their way to it: others take the places of this crawl.
            full = slot.free_transfer_slots() <= 0 or (leased is not None and in_flight >= slot.concurrency)
            return 0.0 if full else None
        if leased is not None and in_flight:
            # On its way through the middlewares. Once it is sent, the slot tells the time of the next.
            return max(leased + slot.delay * (1 - slot.jitter) - monotonic(), 0.0)
        wait = slot.ready_at() - monotonic() - EARLY
        if wait > 0:
            return wait
        return None if slot.free_transfer_slots() > 0 else 0.0


def resting(policy: HostPolicy, pace: Pace, in_flight: Callable[[str], int]) -> Callable[[str], datetime | None]:
    """Make a test of hosts for one look.

    Args:
        in_flight: Counts the requests handed out for a host.
    Returns:
        Gives the end of a host's rest, now if it is busy, None if it is free.
    """
    now, health, most = policy.clock(), policy.health, policy.retry.leases_per_host
    found: dict[str, datetime | None] = {}

    def of(host: str) -> datetime | None:
        if host not in found:
            found[host] = until(host)
        return found[host]

    def until(host: str) -> datetime | None:
        flying = in_flight(host)
        if pace.spent(host, flying):
            return FAR if host in pace.closed_hosts else now
        if (waits := health.waits_until(host, now)) is not None:
            return waits
        if flying >= most:
            return now
        wait = pace.wait(host, flying)
        return None if wait is None else now + timedelta(seconds=wait)

    return of

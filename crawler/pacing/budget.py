"""Requests a day to a host: ARCHIVE_HOST_REQUESTS_PER_DAY."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from attrs import define, field

from crawler.errors import BudgetSpent
from crawler.index.rows import iso

DAY = timedelta(hours=24)


@define(kw_only=True)
class DailyBudget:
    """Count of the requests to each host within 24 hours, over runs.

    Requests are counted by the hour: one that lies up to an hour longer back than a day may still count.
    """

    most: int = 0
    """Requests to a host in 24 hours; 0: as many as there are."""
    clock: Callable[[], datetime]
    spent: set[str] = field(factory=set, init=False)
    """Hosts that are asked no more in these runs."""
    _sent: dict[str, Counter[str]] = field(factory=lambda: defaultdict(Counter), init=False)
    """By host the requests of each hour, `2026-11-28T23`."""

    def begin(self, sent: Iterable[tuple[str, str, int]]) -> None:
        """Begin with the requests of earlier runs: host, hour, and how many."""
        for host, hour, count in sent:
            self._sent[host][hour] += count

    def begin_again(self) -> None:
        """Ask hosts again that may be asked again by now."""
        self.spent = {host for host in self.spent if self.left(host) <= 0}

    def free_at(self) -> datetime | None:
        """Return when the first spent host gets requests again; None without any."""
        firsts = [min(hours) for host in self.spent if (hours := self._sent.get(host))]
        return datetime.fromisoformat(f"{min(firsts)}:00:00+00:00") + DAY + timedelta(hours=1) if firsts else None

    def join(self, other: DailyBudget) -> None:
        """Add the earlier requests of another collection."""
        for host, hours in other._sent.items():
            self._sent[host].update(hours)

    def left(self, host: str) -> int:
        """Count the requests that a host may still get; `most` is set."""
        hours = self._sent.get(host)
        if not hours:
            return self.most
        since = _hour(self.clock() - DAY)
        for hour in [hour for hour in hours if hour < since]:
            del hours[hour]
        return self.most - hours.total()

    def closed(self, host: str, in_flight: int = 0) -> bool:
        """Tell whether a host has had its requests, or all are handed out.

        Args:
            in_flight: Requests handed out for it, some of which may not have been sent yet.
        """
        if host in self.spent:
            return True
        if (left := self.left(host)) <= 0:
            self.spent.add(host)
        return left <= in_flight

    def take(self, host: str) -> None:
        """Count a request that is sent now.

        Raises:
            BudgetSpent: The host has had its requests.
        """
        if self.left(host) <= 0:
            self.spent.add(host)
            raise BudgetSpent(host, self.most)
        self._sent[host][_hour(self.clock())] += 1


def _hour(when: datetime) -> str:
    return iso(when)[:13]

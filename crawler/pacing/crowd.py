"""Pace of the runs of one process, which may ask the same hosts."""

from __future__ import annotations

from collections.abc import Iterator
from time import monotonic
from typing import TYPE_CHECKING

from attrs import define, field

from crawler.pacing.budget import DailyBudget
from crawler.pacing.delays import Delays

if TYPE_CHECKING:
    from crawler.pacing.pace import Pace

MANY_HOSTS = 10_000
"""Hosts that ended runs have asked, above which those are forgotten that may be asked again."""


@define(kw_only=True)
class Crowd:
    """Runs that keep the delays of a host together; they come and go.

    A run looks at those only that have asked the same host.
    """

    delays: Delays = field(factory=Delays)
    budget: DailyBudget | None = None
    _paces: dict[str, dict[int, Pace]] = field(factory=dict, init=False)
    """By host the runs that have asked it."""
    _turns: dict[str, float] = field(factory=dict, init=False)
    """By host when the next request of whatever run may be sent, by the monotonic clock."""
    _left: dict[str, float] = field(factory=dict, init=False)
    """By host when it may be asked again after a run that has ended, by the monotonic clock."""

    def join(self, pace: Pace) -> None:
        """Have a run share delays and daily requests with the others."""
        if pace.delays is not self.delays:
            self.delays.join(pace.delays)
            pace.delays = self.delays
        if pace.budget is not None and self.budget is not None and pace.budget is not self.budget:
            self.budget.join(pace.budget)
        self.budget = pace.budget = self.budget or pace.budget
        pace.crowd = self

    def note(self, host: str, pace: Pace) -> None:
        """Take note of a run that asks a host."""
        self._paces.setdefault(host, {})[id(pace)] = pace

    def turn(self, host: str, seconds: float) -> float:
        """Take a turn at a host for a request that is about to be sent.

        What runs see of each other does not tell all: a request may wait for robots.txt, or in a slot.

        Args:
            seconds: Least time between two requests.
        Returns:
            The seconds to wait before it is sent.
        """
        now = monotonic()
        at = max(now, self._turns.get(host, 0.0))
        if len(self._turns) > MANY_HOSTS:
            self._turns = {one: free for one, free in self._turns.items() if free > now}
        self._turns[host] = at + seconds
        return at - now

    def sent(self, host: str, seconds: float) -> None:
        """Count the time to the next turn from now, when a request leaves."""
        self._turns[host] = max(self._turns.get(host, 0.0), monotonic() + seconds)

    def leave(self, pace: Pace) -> None:
        """Forget a run that has ended, but not when it asked its hosts last."""
        now = monotonic()
        for host in [host for host, paces in self._paces.items() if paces.pop(id(pace), None) is not None]:
            if not self._paces[host]:
                del self._paces[host]
            if (free := pace.free_at(host)) > max(now, self._left.get(host, 0.0)):
                self._left[host] = free
        if pace.slots is not None:
            self.delays.unwatch(pace.slots)
        if len(self._left) > MANY_HOSTS:
            self._left = {host: free for host, free in self._left.items() if free > now}

    def rests(self, host: str, pace: Pace) -> Iterator[float]:
        """Yield the seconds for which other runs leave a host alone."""
        if paces := self._paces.get(host):
            yield from (rest for other in paces.values() if other is not pace and (rest := other.rest(host)) is not None)
        if (free := self._left.get(host)) is not None:
            if (rest := free - monotonic()) > 0:
                yield rest
            else:
                del self._left[host]

"""Lanes that this process holds, with their deadlines; looked at before every request."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from time import monotonic

from attrs import define, field

MARGIN = 0.1
"""Share of a lease."""
LEAST_MARGIN, MOST_MARGIN = 0.25, 5.0
"""Seconds: a process may wait for the processor as long as that, however short its lease is."""


def margin(lease: float) -> float:
    """Return the seconds before its end at which a lease is held no longer.

    They are for what is on its way to a host; at most a quarter of the lease.

    >>> margin(60.0), margin(1.0), margin(0.4)
    (5.0, 0.25, 0.1)
    """
    return min(max(lease * MARGIN, LEAST_MARGIN), MOST_MARGIN, lease / 4)


@define
class HeldLanes:
    """Lanes by name, each with its token and deadline.

    Read in the event loop, written by the thread that renews; a lane whose deadline has passed is not held, whatever the store says.

    >>> held = HeldLanes(clock=lambda: 10.0)
    >>> held.take("a", token=1, deadline=11.0); held.holds("a"), held.holds("b")
    (True, False)
    """

    clock: Callable[[], float] = monotonic
    _lanes: dict[str, tuple[int, float]] = field(factory=dict, init=False)
    _lock: threading.Lock = field(factory=threading.Lock, init=False)

    def take(self, lane: str, *, token: int, deadline: float) -> None:
        """Hold a lane until a deadline, or extend it."""
        with self._lock:
            self._lanes[lane] = (token, deadline)

    def drop(self, lanes: Iterable[str]) -> None:
        """Hold some lanes no longer."""
        with self._lock:
            for lane in lanes:
                self._lanes.pop(lane, None)

    def holds(self, lane: str) -> bool:
        """Return True if a request of a lane may be sent now."""
        found = self._lanes.get(lane)
        return found is not None and self.clock() < found[1]

    def tokens(self) -> Mapping[str, int]:
        """The tokens of the lanes held, those past their deadline too."""
        with self._lock:
            return {lane: token for lane, (token, _) in self._lanes.items()}


class EveryLane(HeldLanes):
    """All lanes, for ever: of a process that shares its frontier with no other."""

    def holds(self, lane: str) -> bool:
        """Return True."""
        return True

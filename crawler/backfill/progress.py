"""Progress of a backfill: what is left, and the time that it takes."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from attrs import define, field

from crawler.formatting import counted

if TYPE_CHECKING:
    from crawler.backfill.numbers import NumberBackfill

WINDOW = 600.0
"""Seconds over which the pace is taken."""
_UNITS = ((86400, "d"), (3600, "h"), (60, "min"))


@define
class Pacemeter:
    """Requests settled a second, over the last minutes."""

    _seen: deque[tuple[float, int]] = field(factory=deque, init=False)

    def seconds_for(self, left: int, settled: int, now: float) -> float | None:
        """Estimate the seconds that what is left takes; None before anything was settled.

        Args:
            settled: Requests settled so far.
            now: By a monotonic clock.
        """
        self._seen.append((now, settled))
        while len(self._seen) > 2 and self._seen[1][0] <= now - WINDOW:
            self._seen.popleft()
        began, before = self._seen[0]
        return left * (now - began) / (settled - before) if settled > before else None


def duration(seconds: float) -> str:
    """Write an estimate of a duration in its two largest units.

    >>> duration(100_000)
    '1 d 3 h'
    """
    rest, parts = round(seconds), list[str]()
    for size, unit in _UNITS:
        count, rest = divmod(rest, size)
        if count or parts:
            parts.append(f"{count} {unit}" if count else "")
        if len(parts) == 2:
            break
    return " ".join(filter(None, parts)) or "less than a minute"


def left_over(queued: int, numbers: NumberBackfill | None) -> int:
    """Count the requests left: those queued, and numbers yet to be queued."""
    return queued + (numbers.unqueued() if numbers is not None else 0)


def progress_line(left: int, seconds: float | None) -> str:
    """Tell what is left, for the progress line."""
    return f"  {counted(left, 'address', 'addresses')} left" + (f", about {duration(seconds)}" if seconds is not None and left else "")


def backfill_stats(
    kinds: Collection[str], numbers: NumberBackfill | None, *, queued: int, settled: int, seconds: float
) -> dict[str, Any] | None:  # fmt: skip
    """Count what a backfill has left, for the run report; None without one.

    Args:
        queued: Requests left in the queue.
        settled: Requests settled in this run, which took so many seconds.
    """
    if not kinds:
        return None
    left = left_over(queued, numbers)
    needed = round(left * seconds / settled) if settled else None
    return {"kinds": sorted(kinds), "left": left, "seconds_left": needed, "numbers": numbers.document() if numbers is not None else None}


def backfill_text(stats: Mapping[str, Any] | None) -> Iterator[str]:
    """The report's lines on a backfill."""
    if not stats:
        return
    if numbers := stats["numbers"]:
        found = f", {counted(numbers['probes'], 'number')} asked for to find the days" if numbers["probes"] else ""
        told = f"{counted(numbers['stories'], 'story', 'stories')}, {counted(numbers['unused'], 'number')} of no story{found}"
        yield f"numbers {numbers['first']} to {numbers['last']}: {told}, {numbers['left']} left"
    if left := stats["left"]:
        time = f", about {duration(stats['seconds_left'])} at this pace" if stats["seconds_left"] is not None else ""
        yield f"{counted(left, 'address', 'addresses')} left{time}; run it again to go on"
    else:
        yield f"{', '.join(stats['kinds'])}: nothing left"

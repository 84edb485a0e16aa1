"""Time of day of the system: the only place that asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Tells the time: aware, UTC."""


def _of_system() -> datetime:
    return datetime.now(UTC)


_clock: Clock = _of_system


def now() -> datetime:
    """The time: aware, UTC."""
    return _clock()


@contextmanager
def told_by(clock: Clock) -> Iterator[None]:
    """Have another clock tell the time in this process, all of its threads included.

    Waits for sockets and deadlines of work are by the event loop's clock or the monotonic one, which this leaves alone.
    """
    global _clock
    before, _clock = _clock, clock
    try:
        yield
    finally:
        _clock = before


def steady(clock: Clock = now) -> Clock:
    """Make a clock that stands still while the system's is set back.

    Nothing that is due now is put off until the system's clock has caught up.
    """
    last = clock()

    def time() -> datetime:
        nonlocal last
        last = max(last, clock())
        return last

    return time

"""An event loop that does not wait: where nothing but a timer is left, its clock is set on to that timer."""

from __future__ import annotations

import asyncio
import selectors
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

_MONOTONIC = time.monotonic
PATIENCE, LESS = 0.02, 0.001
"""Seconds without anything from a socket or a thread after which a timer is taken for all that is waited for; then for each further timer."""


class _Selector(selectors.DefaultSelector):  # type: ignore[misc, valid-type]
    """Selector that hardly waits, and says how much of the time it was to wait for is left out."""

    def __init__(self, skip: Callable[[float], None]) -> None:
        super().__init__()
        self._skip, self._patience = skip, PATIENCE

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        patience = self._patience if timeout is not None and timeout > self._patience else timeout
        found: list[tuple[selectors.SelectorKey, int]] = super().select(patience)
        if found:
            self._patience = PATIENCE
        elif timeout is not None and patience is not None and timeout > patience:
            self._skip(timeout - patience)
            self._patience = LESS
        return found


class SkippingLoop(asyncio.SelectorEventLoop):
    """Event loop whose clock runs as the real one, and is set on over whatever would only be waited for."""

    def __init__(self) -> None:
        self.skipped = 0.0
        super().__init__(_Selector(self.skip))

    def time(self) -> float:
        """Seconds: real ones and those left out."""
        return _MONOTONIC() + self.skipped

    def skip(self, seconds: float) -> None:
        """Leave some time out."""
        self.skipped += seconds


class SimulatedTime:
    """Time of day that runs with a loop's clock, and can be led on to a moment and set wrong.

    Args:
        start: The time now.
    """

    def __init__(self, loop: SkippingLoop, start: datetime) -> None:
        self._loop, self._start, self._began = loop, start, loop.time()
        self.wrong = timedelta()
        """By how much the machine's clock goes wrong."""

    def true(self) -> datetime:
        """The time as everybody else has it."""
        return self._start + timedelta(seconds=self._loop.time() - self._began)

    def told(self) -> datetime:
        """The time as the machine tells it."""
        return self.true() + self.wrong

    def lead_to(self, moment: datetime) -> None:
        """Leave out the time until a moment; nothing if it is over."""
        self._loop.skip(max(0.0, (moment - self.true()).total_seconds()))


def install(loop: SkippingLoop) -> Any:
    """Have Twisted run on the loop, and all that is imported from now on wait by its clock: pauses between requests are of the monotonic one."""
    time.monotonic = loop.time
    from twisted.internet import asyncioreactor

    asyncio.set_event_loop(loop)
    asyncioreactor.install(eventloop=loop)
    from twisted.internet import reactor

    reactor.seconds = loop.time  # type: ignore[attr-defined]
    reactor.startRunning(installSignalHandlers=False)  # type: ignore[attr-defined]
    return reactor

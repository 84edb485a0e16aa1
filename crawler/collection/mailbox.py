"""Calls from the writer thread into an event loop, many with one wake-up."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

Call = Callable[[], None]


class Mailbox:
    """Run calls of other threads in an event loop, in order, many with one wake-up.

    Waking a loop costs more than most calls.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self._calls: deque[Call] = deque()

    def post(self, call: Call) -> None:
        """Add a call, from any thread; it is made when the loop is woken."""
        self._calls.append(call)

    def wake(self) -> None:
        """Have all added calls made, from any thread; a loop that is closed makes none."""
        if self._calls and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self._deliver)

    def _deliver(self) -> None:
        while self._calls:
            call = self._calls.popleft()
            try:
                call()
            except Exception as error:  # noqa: BLE001 - told as the loop tells faults of its callbacks; the others are made
                self.loop.call_exception_handler({"message": f"fault in {call!r}", "exception": error})

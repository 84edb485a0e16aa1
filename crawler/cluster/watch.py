"""Limit to the time for which a statement waits for its answer.

A server that is up and stands still answers nothing, for ever.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psycopg

_STEP = 1.0
"""Seconds between two looks at the clock."""


class Watch:
    """A thread that cuts a connection off on which a statement waits for too long.

    The statement fails then, as if the wire were cut.

    Args:
        seconds: For which a statement may wait; longer than any lock is waited for.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds, self.fired = seconds, False
        """Whether the last statement was cut off."""
        self._due, self._fd = float("inf"), -1
        self._lock = threading.Lock()
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None

    @contextmanager
    def over(self, conn: psycopg.Connection[tuple[object, ...]]) -> Iterator[None]:
        """Watch a connection while something is asked over it; one connection at a time."""
        if self._thread is None:
            self._ending = threading.Event()
            self._thread = threading.Thread(target=self._run, args=(self._ending,), name="watch over the database", daemon=True)
            self._thread.start()
        with self._lock:
            before = self._fd, self._due
            self._fd, self._due, self.fired = conn.fileno(), monotonic() + self.seconds, False
        try:
            yield
        finally:
            with self._lock:  # a closed connection's number is another's soon
                self._fd, self._due = before

    def answered(self) -> None:
        """Begin to count anew: something came."""
        self._due = monotonic() + self.seconds

    def hurry(self, seconds: float) -> None:
        """Wait no longer than that from now on."""
        with self._lock:
            self.seconds = min(self.seconds, seconds)
            self._due = min(self._due, monotonic() + seconds)

    def close(self) -> None:
        """End the thread; a later statement starts it again."""
        self._ending.set()
        self._thread = None

    def _run(self, ending: threading.Event) -> None:
        while not ending.wait(_STEP):
            with self._lock:
                if self._fd >= 0 and monotonic() > self._due:
                    self._due, self.fired = float("inf"), True
                    with suppress(OSError), socket.socket(fileno=os.dup(self._fd)) as wire:
                        wire.shutdown(socket.SHUT_RDWR)

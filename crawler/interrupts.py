"""Handling of SIGINT and SIGTERM, from the start of a command to its end."""

from __future__ import annotations

import atexit
import os
import queue
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import Literal, TypeVar

from crawler.errors import EXIT_SIGNAL

Phase = Literal["starting", "working", "crawling", "finishing", "ended"]

T = TypeVar("T")

NUMBERS = (signal.SIGINT, signal.SIGTERM)
WAKE_SECONDS = 0.2
"""Seconds that a thread waits at a stretch, and so the longest delay of a signal's answer."""


class Interrupts:
    """Handle both signals; the second one ends the process with exit code 14.

    The first one acts by phase:

        starting   nothing is open yet: the process ends, exit code 14
        working    KeyboardInterrupt in the main thread, which closes what is open
        crawling   `stop` is called: what is in flight is finished. The second one calls `force`, the third ends the process
        finishing  a run that is over is sealed and reported: that goes on
        ended      the command's exit code stands: the process ends with it

    Ending the process at once is safe in every phase: what was acknowledged is on disk, and the next start recovers the rest.

    Args:
        leave: Ends the process.
    """

    def __init__(self, *, leave: Callable[[int], object] = os._exit) -> None:
        self.count = 0
        self._leave = leave
        self._phase: Phase = "starting"
        self._exit_code = EXIT_SIGNAL
        self._stop: Callable[[], object] | None = None
        self._force: Callable[[], object] | None = None
        self._about: Callable[[], str] = lambda: ""

    def install(self) -> None:
        """Install the handler for both signals, in the main thread, once."""
        if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGTERM) != self.handle:
            for number in NUMBERS:
                signal.signal(number, self.handle)
            # At its very end Python would give SIGTERM its default meaning back, and the exit code would be -15.
            atexit.register(_ignore)

    def enter(self, phase: Phase, *, exit_code: int = EXIT_SIGNAL) -> None:
        """Enter a phase."""
        self._exit_code, self._phase = exit_code, phase

    def crawling(self, *, stop: Callable[[], object], force: Callable[[], object], about: Callable[[], str]) -> None:
        """Enter the phase in which requests are in flight.

        Args:
            stop: Asks for an orderly end; called in the signal handler, so it may only hand over.
            force: Asks for an end at once; likewise.
            about: Says what an orderly end has still to do.
        """
        self._stop, self._force, self._about = stop, force, about
        self.enter("crawling")

    def handle(self, number: int, frame: object = None) -> None:
        """Answer a signal; tells on stderr, once, what another one does."""
        self.count += 1
        phase, name = self._phase, signal.Signals(number).name
        if phase == "ended":
            self._leave(self._exit_code)
        elif phase == "crawling" and self.count == 2 and self._force is not None:
            self._force()
        elif self.count > 1 or phase == "starting":
            self._leave(EXIT_SIGNAL)
        elif phase == "crawling" and self._stop is not None:
            _say(f"{name}: {self._about()}; again to stop at once")
            self._stop()
        elif phase == "finishing":
            _say(f"{name}: the run is over and is being sealed; again to stop at once")
        else:
            _say(f"{name}: stopping; again to stop at once")
            raise KeyboardInterrupt


def wait_for(future: Future[T]) -> T:
    """Wait for a result, and answer signals meanwhile.

    The kernel may deliver a signal to any thread; Python answers it in the main thread, which nothing wakes from a wait without end.
    """
    done: queue.SimpleQueue[None] = queue.SimpleQueue()
    future.add_done_callback(lambda _: done.put(None))
    while not future.done():
        with suppress(queue.Empty):
            done.get(timeout=WAKE_SECONDS)
    return future.result()


def join(thread: threading.Thread) -> None:
    """Wait for a thread to end, and answer signals meanwhile."""
    while thread.is_alive():
        thread.join(WAKE_SECONDS)


def _say(text: str) -> None:
    """Write to stderr past Python's buffers: the handler may have interrupted a write to them."""
    with suppress(OSError):  # stderr is closed
        # A live progress line is wiped first.
        os.write(2, (("\r\x1b[K" if os.isatty(2) else "") + text + "\n").encode())


def _ignore() -> None:
    for number in NUMBERS:
        signal.signal(number, signal.SIG_IGN)


INTERRUPTS = Interrupts()
"""Of this process."""

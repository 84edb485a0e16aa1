"""Progress of long work on stderr: bars on a terminal, elsewhere plain lines."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from crawler.formatting import one_line, size
from crawler.terminal.bar import Bar
from crawler.terminal.durations import duration
from crawler.terminal.screen import is_live

_FIRST_SECONDS = 0.3
"""Before a bar is drawn: what is done in no time shows none, and loads nothing."""
_EVERY_SECONDS = 0.1
_PLAIN_SECONDS = 30.0
"""Between two lines where no terminal is: a log is read afterwards."""
BYTES = "B"


class Progress:
    """Count of a piece of work, with rate and time left.

    Args:
        total: Units of the whole; None where it is not known.
        unit: The word for several of them (`captures`), or `BYTES`.
        done: Units that were done before: they say nothing of the speed.
    """

    def __init__(self, total: float | None, unit: str, *, done: float = 0) -> None:
        self.total, self.unit, self.note = total, unit, ""
        self._first = self._done = done
        self._began = time.monotonic()
        self._told = self._began + _FIRST_SECONDS - _EVERY_SECONDS
        self._live = is_live(sys.stderr)
        self._bar: Bar | None = None

    def advance(self, count: float = 1, *, note: str | None = None) -> None:
        """Some more units are done."""
        self.reach(self._done + count, note=note)

    def reach(self, done: float, *, note: str | None = None) -> None:
        """So many units are done; draws at most ten times a second.

        Args:
            note: What is worked on now, shown last.
        """
        self._done = done
        if note is not None:
            self.note = note
        now = time.monotonic()
        if now - self._told >= (_EVERY_SECONDS if self._live else _PLAIN_SECONDS):
            self._told = now
            self._tell(now)

    def close(self) -> None:
        """Wipe the bar."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def _tell(self, now: float) -> None:
        words = [one_line(word) for word in (*self._words(now), self.note) if word]
        if not self._live:
            share = f"{int(self._share() * 100)} %: " if self.total else ""
            print(share + ", ".join(words), file=sys.stderr, flush=True)
            return
        if self._bar is None:
            self._bar = Bar()
        self._bar.draw(self._share() if self.total else None, words)

    def _share(self) -> float:
        return min(max(self._done / self.total, 0.0), 1.0) if self.total else 0.0

    def _words(self, now: float) -> Iterator[str]:
        """Yield count, rate and time left, the most important first."""
        seconds, done = now - self._began, self._done - self._first
        known = self.total is not None and self.total > self._done
        shown = size if self.unit == BYTES else "{:,.0f}".format
        whole, unit = f" of {shown(int(self.total or 0))}" if known else "", "" if self.unit == BYTES else f" {self.unit}"
        yield f"{shown(int(self._done))}{whole}{unit}"
        if seconds < 1 or done <= 0:
            return
        rate = done / seconds
        yield f"{shown(int(rate)) if rate >= 10 or self.unit == BYTES else f'{rate:.2g}'} a second"
        if self.total is not None:
            yield f"{duration(max(self.total - self._done, 0) / rate)} left"


@contextmanager
def progress(total: float | None, unit: str, *, done: float = 0) -> Iterator[Progress]:
    """Show progress while a block runs; what is shown is wiped at its end."""
    shown = Progress(total, unit, done=done)
    try:
        yield shown
    finally:
        shown.close()


@contextmanager
def steps() -> Iterator[Steps]:
    """Show progress in steps while a block runs."""
    shown = Steps()
    try:
        yield shown
    finally:
        shown.close()


class Steps:
    """Progress of work in several steps, each with its own unit and speed."""

    def __init__(self) -> None:
        self._unit, self._now = "", Progress(None, "")

    def tell(self, unit: str, count: float, share: float) -> None:
        """Tell how far a step is.

        Args:
            unit: Names the step: what is counted.
            share: Of the whole step, from 0 to 1.
        """
        if unit != self._unit:
            told = self._now._told
            self._now.close()
            self._unit, self._now = unit, Progress(None, unit, done=count)
            self._now._told = told
        self._now.total = count / share if share else None
        self._now.reach(count)

    def close(self) -> None:
        """Wipe the bar."""
        self._now.close()

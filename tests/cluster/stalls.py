"""Stalls of the machine while faults are done: a processor or a disk that gives a process nothing for long befalls every worker."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterable
from pathlib import Path

from attrs import define, field

from benchmarks.requests_log import Asked, Fault, Gap

STOPPED = 2
"""Requests too early that were past their last look at the deadline when their worker was stopped, and left when it went on: so many may be."""
STEP = 0.01
"""Seconds between two looks."""


@define
class Stalls:
    """Times at which a look at the clock, or a small write brought to the disk, took too long.

    Args:
        folder: On the disk that the workers and their database write to.
        least: Seconds of a stall, at least.
    """

    folder: Path
    least: float
    found: list[tuple[float, float]] = field(factory=list, init=False)
    """Begin and end of each, on the monotonic clock."""
    _ending: threading.Event = field(factory=threading.Event, init=False)
    _thread: threading.Thread | None = field(default=None, init=False)

    def __enter__(self) -> Stalls:
        """Start to look."""
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop to look."""
        self._ending.set()
        assert self._thread is not None
        self._thread.join()

    def _look(self) -> None:
        with (self.folder / "stalls").open("wb", buffering=0) as file:
            while not self._ending.is_set():
                began = time.monotonic()
                time.sleep(STEP)
                file.write(b".")
                os.fsync(file.fileno())
                if (ended := time.monotonic()) - began > self.least:
                    self.found.append((began, ended))

    def faults(self, workers: Iterable[str]) -> list[Fault]:
        """Return each stall as a fault of every worker."""
        names = list(workers)
        return [Fault(at=began, kind="stall", worker=name, until=ended) for began, ended in self.found for name in names]

    def unexplained(self, gaps: Iterable[Gap]) -> list[Gap]:
        """Return the gaps that end in no stall: what left in time arrives late where the processor is not to be had."""
        return [gap for gap in gaps if not any(began <= gap.second.at and gap.first.at <= ended + STEP for began, ended in self.found)]


def were_stopped(gaps: Iterable[Gap], faults: Iterable[Fault], within: float) -> list[Gap]:
    """Return the gaps of which a request left just when its worker went on after a pause.

    Nothing looks at a clock between the last look at the deadline and the wire, and a pause comes most often just when requests leave: a
    worker is paused as soon as its first request is seen.
    """
    pauses = [fault for fault in faults if fault.until is not None]

    def left_after(one: Asked) -> bool:
        return any(fault.worker == one.sender and fault.until is not None and 0 <= one.at - fault.until < within for fault in pauses)

    return [gap for gap in gaps if left_after(gap.first) or left_after(gap.second)]

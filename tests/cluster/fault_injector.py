"""Kills and pauses of worker processes at random, by a seed; each written down with its time."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from attrs import define, evolve, field

from benchmarks.requests_log import Fault

BORN_SECONDS = 0.3
"""A worker younger than this is left alone: it has done nothing yet."""


class Process(Protocol):
    """A running worker."""

    pid: int

    def poll(self) -> int | None:
        """Its exit code, or None while it runs."""

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end."""


@define
class Worker:
    """A worker that is started anew, under its name, whenever it was killed."""

    name: str
    start: Callable[[str], Process]
    process: Process | None = None
    born: float = 0.0
    started: int = 0
    paused: bool = False
    ready: Callable[[Process], bool] = lambda process: True
    """Whether it has begun to work."""
    codes: list[int] = field(factory=list)
    """Exit codes of the times it ended by itself."""

    def begin(self) -> None:
        """Start it."""
        self.process, self.born, self.started = self.start(self.name), time.monotonic(), self.started + 1

    @property
    def runs(self) -> bool:
        """It has not ended."""
        return self.process is not None and self.process.poll() is None


@define(kw_only=True)
class Injector:
    """Faults of some workers, on a thread of its own.

    Args:
        kills: How many SIGKILLs.
        pauses: How many SIGSTOPs, each followed by SIGCONT after `pause` seconds.
        every: Mean seconds between two faults.
        most_paused: At once.
        away: Seconds between the death of a worker and its new start, at most.
    """

    workers: list[Worker]
    seed: int
    kills: int
    pauses: int
    pause: float
    every: float
    most_paused: int = 2
    away: float = 0.0
    faults: list[Fault] = field(factory=list, init=False)
    stop: threading.Event = field(factory=threading.Event, init=False)
    _random: random.Random = field(init=False)
    _later: list[tuple[float, Callable[[], None]]] = field(factory=list, init=False)

    def __attrs_post_init__(self) -> None:
        self._random = random.Random(self.seed)

    @property
    def left(self) -> Counter[str]:
        """Faults that are still to be done."""
        done = Counter(fault.kind for fault in self.faults)
        return Counter(kill=self.kills - done["kill"], pause=self.pauses - done["pause"])

    def run(self, until: Callable[[], bool]) -> None:
        """Do the faults, and keep workers running until nothing is left to be done, or `stop` is set.

        Workers that end by themselves stay ended.
        """
        following = time.monotonic() + self._random.expovariate(1 / self.every)
        while not self.stop.wait(0.005):
            now = time.monotonic()
            due, self._later = [what for at, what in self._later if at <= now], [one for one in self._later if one[0] > now]
            for what in due:
                what()
            if not self._later and until():
                return
            if now >= following and self.left.total() > 0 and self._one(now):
                following = now + self._random.expovariate(1 / self.every)

    def _one(self, now: float) -> bool:
        """Do one fault; False if no worker is to be had for it."""
        kinds = [kind for kind, count in self.left.items() for _ in range(max(count, 0))]
        kind = self._random.choice(kinds)
        free = [worker for worker in self.workers if self._may_be_hit(worker, now)]
        if kind == "pause" and sum(worker.paused for worker in self.workers) >= self.most_paused:
            if self.left["kill"] <= 0:
                return False
            kind = "kill"
        if not free:
            return False
        worker = self._random.choice(free)
        (self._kill if kind == "kill" else self._pause)(worker)
        return True

    def _may_be_hit(self, worker: Worker, now: float) -> bool:
        return worker.runs and not worker.paused and now - worker.born > BORN_SECONDS and worker.process is not None and worker.ready(worker.process)

    def _kill(self, worker: Worker) -> None:
        assert worker.process is not None
        self.faults.append(Fault(at=time.monotonic(), kind="kill", worker=worker.name))
        os.kill(worker.process.pid, signal.SIGKILL)
        worker.process.wait(30)
        self._later.append((time.monotonic() + self._random.uniform(0, self.away), worker.begin))

    def _pause(self, worker: Worker) -> None:
        process, began = worker.process, time.monotonic()
        assert process is not None
        os.kill(process.pid, signal.SIGSTOP)
        worker.paused, number = True, len(self.faults)
        self.faults.append(Fault(at=began, kind="pause", worker=worker.name, until=began + self.pause))

        def go_on() -> None:
            self.faults[number] = evolve(self.faults[number], until=time.monotonic())
            worker.paused = False
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGCONT)

        self._later.append((began + self.pause, go_on))


def end(workers: list[Worker]) -> None:
    """End every worker, paused ones too."""
    for worker in workers:
        if worker.process is not None and worker.runs:
            with suppress(ProcessLookupError):
                os.kill(worker.process.pid, signal.SIGKILL)
            with suppress(subprocess.TimeoutExpired):
                worker.process.wait(10)

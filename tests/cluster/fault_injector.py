"""Kills and pauses of worker processes at random, by a seed; each written down with its time."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Protocol

from attrs import define, evolve, field

from benchmarks.requests_log import Fault

BORN_SECONDS = 0.3
"""A worker younger than this is left alone: it has done nothing yet."""
STUCK_SECONDS = 40.0


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
    kind: str = "worker"
    process: Process | None = None
    born: float = 0.0
    started: int = 0
    paused: bool = False
    ready: Callable[[Worker], bool] = lambda worker: True
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
        kills: How many SIGKILLs, by kind of worker.
        pauses: How many SIGSTOPs, by kind of worker; each is followed by SIGCONT after `pause` seconds.
        every: Mean seconds between two faults.
        most_paused: At once.
        away: Seconds between the death of a worker and its new start, at most.
    """

    workers: list[Worker]
    seed: int
    kills: Mapping[str, int]
    pauses: Mapping[str, int]
    pause: float
    every: float
    most_paused: int = 2
    away: float = 0.0
    faults: list[Fault] = field(factory=list, init=False)
    stop: threading.Event = field(factory=threading.Event, init=False)
    plan: list[tuple[str, str]] = field(init=False)
    """Faults to be done yet, as kind of fault and of worker."""
    _random: random.Random = field(init=False)
    _later: list[tuple[float, Callable[[], None]]] = field(factory=list, init=False)

    def __attrs_post_init__(self) -> None:
        self._random = random.Random(self.seed)
        counted = [("kill", kind, count) for kind, count in self.kills.items()] + [("pause", kind, count) for kind, count in self.pauses.items()]
        self.plan = [(fault, kind) for fault, kind, count in counted for _ in range(count)]
        self._random.shuffle(self.plan)

    def run(self, until: Callable[[], bool]) -> None:
        """Do the faults, and keep workers running until nothing is left to be done, or `stop` is set.

        Workers that end by themselves stay ended.
        """
        following = last = time.monotonic()
        following += self._random.expovariate(1 / self.every)
        while not self.stop.wait(0.005):
            now = time.monotonic()
            due, self._later = [what for at, what in self._later if at <= now], [one for one in self._later if one[0] > now]
            for what in due:
                what()
            if not self._later and until():
                return
            assert not self.plan or now - last < STUCK_SECONDS, f"no worker works any more: {self.workers}"
            if now >= following and self._one(now):
                last = now
                following = now + self._random.expovariate(1 / self.every)

    def _one(self, now: float) -> bool:
        """Do the first fault of the plan for which a worker is to be had; False if there is none."""
        full = sum(worker.paused for worker in self.workers) >= self.most_paused
        free = [worker for worker in self.workers if self._may_be_hit(worker, now)]
        for number, (fault, kind) in enumerate(self.plan):
            of_kind = [worker for worker in free if worker.kind == kind]
            if of_kind and not (fault == "pause" and full):
                del self.plan[number]
                (self._kill if fault == "kill" else self._pause)(self._random.choice(of_kind))
                return True
        return False

    def _may_be_hit(self, worker: Worker, now: float) -> bool:
        return worker.runs and not worker.paused and now - worker.born > BORN_SECONDS and worker.ready(worker)

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

"""Engine of one machine: a few processes, each with one task at a time."""

from __future__ import annotations

import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, Pipe, wait
from typing import Any

from attrs import define, field

from crawler.errors import EXIT_INCOMPLETE
from crawler.rereading.tasks import Task

ATTEMPTS = 3
"""Processes that a task may take with it, before it is given up."""
_END_SECONDS = 5.0


@define(eq=False)
class _Process:
    """A process that runs tasks."""

    process: subprocess.Popen[bytes]
    pipe: Connection
    task: Task | None = None


@define
class LocalEngine:
    """Run tasks in processes of this machine.

    Args:
        workers: Number of processes.
    """

    workers: int
    _idle: list[_Process] = field(init=False, factory=list)
    _attempts: dict[str, int] = field(init=False, factory=dict)

    def run(
        self, function: Callable[..., dict[str, Any]], tasks: Sequence[Task], tell: Callable[[int], None]
    ) -> Iterator[dict[str, Any]]:  # fmt: skip
        """As `Engine.run`."""
        left, running = deque(tasks), list[_Process]()
        self._attempts.clear()
        try:
            while left or running:
                while left and len(running) < self.workers:
                    running.append(self._idle.pop() if self._idle else _start())
                    self._give(running[-1], function, left)
                for process in self._with_news(running):
                    told = _received(process)
                    if isinstance(told, int):
                        tell(told)
                        continue
                    result = told if told is not None else self._lost(process, left)
                    if told is None or not left:
                        running.remove(process)
                        if told is None:
                            _end(process)
                        else:
                            self._idle.append(process)
                    else:
                        self._give(process, function, left)
                    if result is not None:
                        yield result
        finally:
            for process in running:
                _end(process, at_once=True)

    def close(self) -> None:
        """End the processes."""
        while self._idle:
            _end(self._idle.pop())

    def _give(self, process: _Process, function: Callable[..., dict[str, Any]], left: deque[Task]) -> None:
        process.task = left.popleft()
        with suppress(OSError):  # it has ended: that is seen when its answer is waited for
            process.pipe.send((function, process.task))

    @staticmethod
    def _with_news(running: list[_Process]) -> list[_Process]:
        # Not for ever: a signal that another thread took is answered by the main thread between two waits.
        ready = wait([process.pipe for process in running], timeout=0.5)
        return [process for process in running if process.pipe in ready]

    def _lost(self, process: _Process, left: deque[Task]) -> dict[str, Any] | None:
        """Put the task of a dead process back; its failure after too many."""
        task = process.task
        assert task is not None
        self._attempts[task.place.name] = self._attempts.get(task.place.name, 0) + 1
        if self._attempts[task.place.name] < ATTEMPTS:
            left.append(task)
            return None
        what = f"{task.place.where}: the process that read it has died {ATTEMPTS} times (exit code {process.process.wait()})"
        return {"name": task.place.name, "where": task.place.where, "error": what, "exit_code": EXIT_INCOMPLETE}


def _start() -> _Process:
    """Start a process that takes its tasks from a pipe."""
    ours, theirs = Pipe()
    command = [sys.executable, "-m", "crawler.rereading.task_process", str(theirs.fileno())]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()], start_new_session=True)
    theirs.close()
    return _Process(process, ours)


def _received(process: _Process) -> dict[str, Any] | int | None:
    """A result, a number of captures read, or None from a process that has died."""
    try:
        told: dict[str, Any] | int = process.pipe.recv()
    except (EOFError, OSError):
        return None
    return told


def _end(process: _Process, *, at_once: bool = False) -> None:
    """End a process; it ends by itself when its pipe is closed."""
    process.pipe.close()
    if at_once:
        process.process.terminate()
    try:
        process.process.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        process.process.kill()
        process.process.wait()

"""Worker processes for untrusted bytes, limited in memory and time.

Workers are started when first needed, are asked over a socket pair, one job at a time, and are replaced when they have died.
"""

from __future__ import annotations

import contextlib
import os
import queue
import resource
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from attrs import define, evolve, field, frozen

from crawler.errors import Unreadable
from crawler.processing.worker_process import PATIENCE

T = TypeVar("T")

MIB = 1024 * 1024

AHEAD = 4
"""Jobs of a `map` under way or waiting, for each worker."""


@frozen(kw_only=True)
class JobLimits:
    """Limits of time and memory for one job, and the number of workers."""

    seconds: float = 5.0
    """Of processor time."""
    memory: int = 1024 * MIB
    """Address space of a worker, bytes; 0: as much as there is."""
    workers: int = 3


@define
class Workers:
    """Does jobs in other processes; may be called from many threads."""

    limits: JobLimits = field(factory=JobLimits)
    _free: queue.LifoQueue[_Worker] = field(init=False, factory=queue.LifoQueue)
    _all: tuple[_Worker, ...] = field(init=False)
    _closed: bool = field(init=False, default=False)

    def __attrs_post_init__(self) -> None:
        self._all = tuple(_Worker(self.limits) for _ in range(self.limits.workers))
        for worker in self._all:
            self._free.put(worker)

    def call(self, function: Callable[..., T], *arguments: Any) -> T:
        """Call an importable function in a free worker.

        Raises:
            Unreadable: It took too long or too much memory, or the worker died.
            Exception: Whatever the function raises.
        """
        worker = self._free.get()
        try:
            if self._closed:
                raise Unreadable("reading was given up: the run is over")
            answer: T = worker.call(function, arguments)
            return answer
        finally:
            self._free.put(worker)

    def map(self, function: Callable[[Any], T], jobs: Iterable[Any]) -> Iterator[T]:
        """Call a function for each job, several at once, results in order.

        Runs in threads, to call the workers from there.
        """
        waiting: deque[Future[T]] = deque()
        with ThreadPoolExecutor(self.limits.workers) as threads:
            for job in jobs:
                waiting.append(threads.submit(function, job))
                if len(waiting) >= AHEAD * self.limits.workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()

    @property
    def started(self) -> int:
        """Number of processes started."""
        return sum(worker.pid is not None for worker in self._all)

    def close(self) -> None:
        """End the processes; waiting callers get an error."""
        self._closed = True
        for worker in self._all:
            worker.stop()

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


class Elsewhere(Exception):
    """The cause of what a worker raised: its traceback there, as text."""


class _Worker:
    """One child process, started at its first job and again after each death."""

    def __init__(self, limits: JobLimits) -> None:
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._jobs: Connection | None = None

    @property
    def pid(self) -> int | None:
        """Of its process, if there is one."""
        return self._process.pid if self._process is not None else None

    def call(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        """Send a job and wait for its outcome."""
        if self._process is None or self._process.poll() is not None:
            self.stop()
            try:
                self._start()
            except OSError as error:
                self.stop()
                raise Unreadable(f"no process could be started to read it: {error}") from None
        jobs = self._jobs
        assert jobs is not None
        try:
            jobs.send((function, arguments))
            done, outcome, told = jobs.recv()
        except (OSError, EOFError):
            raise Unreadable(f"{self._ended()} and was given up") from None
        if not done:
            raise outcome from Elsewhere(told)
        return outcome

    def _start(self) -> None:
        root = str(Path(__file__).resolve().parents[2])
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))}
        self._jobs, theirs = Pipe()
        with theirs:
            limits = [str(theirs.fileno()), str(self._limits.memory), str(self._limits.seconds)]
            self._process = subprocess.Popen(
                [sys.executable, "-m", "crawler.processing.worker_process", *limits],
                pass_fds=[theirs.fileno()], env=environment, start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip

    def _ended(self) -> str:
        """Wait for the end of the process, and name its reason."""
        process = self._process
        code = process.wait() if process is not None else None
        self.stop()
        if code == -signal.SIGPROF:
            return f"reading took over {self._limits.seconds:g} s"
        if code == -signal.SIGALRM:
            return f"reading took over {PATIENCE * self._limits.seconds:g} s on the clock"
        return f"reading took over {self._limits.memory // MIB} MiB or failed (worker ended with {code})"

    def stop(self) -> None:
        """End the process."""
        # First the process, so that a thread that waits for its answer hears of its end.
        process, self._process = self._process, None
        jobs, self._jobs = self._jobs, None
        if process is not None:
            process.kill()
            process.wait()
        if jobs is not None:
            jobs.close()


# -- without processes


class _Overtime(BaseException):
    """Raised into whatever runs too long; no `except Exception` on the way may swallow it."""


@contextlib.contextmanager
def bounded(limits: JobLimits) -> Iterator[None]:
    """Apply the same limits in this process, in its main thread.

    Kept between two of Python's own steps, so not inside a library in C.

    Raises:
        Unreadable: It took too long or too much memory.
    """

    def end(number: int, frame: object) -> NoReturn:
        raise _Overtime

    handler = signal.signal(signal.SIGPROF, end)
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    if limits.memory:
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory, hard))
    # Repeated every 0.5 s, in case a library catches the first exception.
    signal.setitimer(signal.ITIMER_PROF, limits.seconds, 0.5)
    try:
        yield
    except _Overtime:
        raise Unreadable(f"reading took over {limits.seconds:g} s and was given up") from None
    except MemoryError:
        raise Unreadable(f"reading took over {limits.memory // MIB} MiB and was given up") from None
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, handler)
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


class InThisProcess(Workers):
    """Workers without processes: a job runs at once in the calling thread.

    In the main thread within the limit of time.

    Memory is not limited: this process may hold more than one page may take.
    """

    def call(self, function: Callable[..., T], *arguments: Any) -> T:
        """As `Workers.call`."""
        if threading.current_thread() is not threading.main_thread():
            return function(*arguments)
        with bounded(evolve(self.limits, memory=0)):
            return function(*arguments)

    def map(self, function: Callable[[Any], T], jobs: Iterable[Any]) -> Iterator[T]:
        """As `Workers.map`, one after the other."""
        return map(function, jobs)

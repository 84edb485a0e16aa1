"""Work on strangers' bytes done in processes of their own, with a limit of memory and of time: they may die without harm.

Workers are started when first needed, are asked over a socket pair, one job at a time, and are replaced when they have died.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import resource
import signal
import subprocess
import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from attrs import define, evolve, field, frozen

from crawler.errors import Unreadable

T = TypeVar("T")

MIB = 1024 * 1024

PATIENCE = 12
"""How many times its processor seconds a job may take on the clock: the machine may be busy with others."""
AHEAD = 4
"""Jobs of a `map` under way or waiting, for each worker."""
NICE = 5


@frozen(kw_only=True)
class JobLimits:
    """What one job may cost, and how many are done at once."""

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
        """What a function gives, which a worker imports by its name; waits for a free worker first.

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
        """What a function gives for each job, in their order, several at once; runs in threads, to call the workers from there."""
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
        """How many processes there are."""
        return sum(worker.pid is not None for worker in self._all)

    def close(self) -> None:
        """End the processes; who still waits for one is told that nothing is read any more."""
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
                [sys.executable, "-m", "crawler.processing.workers", *limits],
                pass_fds=[theirs.fileno()], env=environment, start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip

    def _ended(self) -> str:
        """Why the process ended."""
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


# -- here


class _Overtime(BaseException):
    """Raised into whatever runs too long; no `except Exception` on the way may swallow it."""


@contextlib.contextmanager
def bounded(limits: JobLimits) -> Iterator[None]:
    """The same limits in this very process, for its main thread: kept between two of Python's own steps, so not inside a library in C.

    Raises:
        Unreadable: It took too long or too much memory.
    """

    def end(number: int, frame: object) -> NoReturn:
        raise _Overtime

    handler = signal.signal(signal.SIGPROF, end)
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    if limits.memory:
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory, hard))
    # Again and again, should somebody swallow the first.
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
    """Workers that are none: a job is done at once, where it is asked for; in the main thread within the limit of time.

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


# -- in the worker


def serve(jobs: Connection, seconds: float) -> None:
    """Do jobs until there are no more. The kernel ends the process when one takes too long, whatever it is doing."""
    while True:
        try:
            function, arguments = jobs.recv()
        except EOFError:
            return
        except MemoryError:
            jobs.send_bytes(_packed((False, Unreadable("reading took too much memory and was given up"), "")))
            continue
        except Exception as error:  # noqa: BLE001 - raised again where it was asked for
            jobs.send_bytes(_packed((False, RuntimeError(f"cannot be taken: {type(error).__name__}: {error}"), traceback.format_exc())))
            continue
        signal.setitimer(signal.ITIMER_PROF, seconds)
        signal.setitimer(signal.ITIMER_REAL, PATIENCE * seconds)
        answer = _packed(_outcome(function, arguments))
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        jobs.send_bytes(answer)


_Outcome = tuple[bool, Any, str]
"""Whether it was done, what it gave or raised, and the traceback."""


def _outcome(function: Callable[..., Any], arguments: tuple[Any, ...]) -> _Outcome:
    try:
        return True, function(*arguments), ""
    except MemoryError:
        return False, Unreadable("reading took too much memory and was given up"), ""
    except Exception as error:  # noqa: BLE001 - raised again where it was asked for
        told = traceback.format_exc()
        with contextlib.suppress(Exception):
            pickle.loads(pickle.dumps(error))
            return False, error, told
        return False, RuntimeError(f"{type(error).__name__}: {error}"), told


def _packed(outcome: _Outcome) -> bytes:
    """An outcome to be sent; what cannot be sent is a fault to be told, not a worker that ends without a word."""
    try:
        return pickle.dumps(outcome)
    except MemoryError:
        return pickle.dumps((False, Unreadable("reading took too much memory and was given up"), ""))
    except Exception as error:  # noqa: BLE001 - raised again where it was asked for
        return pickle.dumps((False, RuntimeError(f"cannot be sent: {type(error).__name__}: {error}"), traceback.format_exc()))


def main(handle: str, memory: str, seconds: str) -> None:
    """Serve whoever holds the other end of a socket pair."""
    for number in (signal.SIGALRM, signal.SIGPROF):
        signal.signal(number, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(NICE)  # whoever talks to the network comes first
    with Connection(int(handle)) as jobs:
        serve(jobs, float(seconds))


if __name__ == "__main__":
    main(*sys.argv[1:])

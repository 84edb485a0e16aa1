"""Worker processes for untrusted bytes, limited in memory and time.

Workers are started when first needed, are asked over a socket pair, one job at a time, and are replaced when they have died.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import resource
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NoReturn, TypeVar

from attrs import define, evolve, field

from crawler.errors import Unreadable
from crawler.workers.job_map import Call, JobMap, Settle, answer_from, reply_from
from crawler.workers.messages import OUT_OF_MEMORY, job_of
from crawler.workers.worker import MIB, JobLimits, Worker, wait_for_some

logger = logging.getLogger(__name__)
T = TypeVar("T")
Item = TypeVar("Item")

OVER = "reading was given up: the run is over"


@define(eq=False)
class Workers:
    """Does jobs in other processes; may be called from many threads."""

    limits: JobLimits = field(factory=JobLimits)
    modules: tuple[str, ...] = field(default=(), kw_only=True)
    """Imported by a process before its first job."""
    lacking: dict[str, None] = field(init=False, factory=dict)
    """Confinement that the kernel does not offer, as far as a worker was started; each is logged once."""
    _free: queue.LifoQueue[Worker] = field(init=False, factory=queue.LifoQueue)
    _all: tuple[Worker, ...] = field(init=False)
    _closed: bool = field(init=False, default=False)
    holders: list[Callable[[], None]] = field(init=False, factory=list)
    """Called when a worker is wanted and none is free: they give back those that they hold without a job."""
    wanted: int = field(init=False, default=0)
    """Threads that wait for a worker."""
    _lock: threading.Lock = field(init=False, factory=threading.Lock)

    def __attrs_post_init__(self) -> None:
        self._all = tuple(Worker(self.limits, self._note_lacking, self.modules) for _ in range(self.limits.workers))
        for worker in reversed(self._all):
            self._free.put(worker)

    def call(self, function: Callable[..., Any], *arguments: Any, kind: Any = Any) -> Any:
        """Call an importable function in a free worker.

        Args:
            kind: The type of its answer, made of plain data; by default numbers, texts, lists and dicts.
        Raises:
            Unreadable: It took too long or too much memory, or the worker died.
            Exception: Whatever the function raises.
        """
        worker = self._waited_for()
        try:
            self.begin(worker, Call(function=function, arguments=arguments, kind=kind))
            while True:
                wait_for_some([worker])
                if (reply := reply_from(worker)) is not None:
                    return answer_from(worker, reply, kind)
        finally:
            if worker.asked:
                worker.stop()
            self._free.put(worker)

    def map(self, begin: Callable[[Item], Call | T], settle: Settle[Item, T], items: Iterable[Item]) -> Iterator[T]:
        """Do a job for each item, several at once, results in order.

        A window of items is held, and no more are taken.

        Args:
            begin: Makes the job of an item, or its result, where nothing is to be done.
            settle: Makes the result of a job's answer or error, or a second job.
        """
        return JobMap(self, begin, settle).results(items)

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

    # -- for whoever waits for many at once

    def take(self, *, wait: bool = False) -> Worker | None:
        """A free worker, one that is started if there is any; None for none."""
        if wait:
            return self._waited_for()
        try:
            return self._free.get_nowait()
        except queue.Empty:
            return None

    def prepare(self) -> None:
        """Start a process if there is none, for a job that is to come."""
        worker = self.take() if not self._closed else None
        if worker is not None:
            try:
                if not worker.is_started:
                    worker.start()
            except OSError as error:
                logger.warning("worker-not-started %s: it is tried again", error)
            self.give(worker)

    def _waited_for(self) -> Worker:
        """Wait for a free worker."""
        with contextlib.suppress(queue.Empty):
            return self._free.get_nowait()
        with self._lock:
            self.wanted += 1
        try:
            for let_go in tuple(self.holders):
                let_go()
            return self._free.get()
        finally:
            with self._lock:
                self.wanted -= 1

    def give(self, worker: Worker) -> None:
        """Give a worker back; one that still does a job is ended."""
        if worker.asked:
            worker.stop()
        self._free.put(worker)

    def begin(self, worker: Worker, call: Call) -> None:
        """Send a job to a worker that was taken.

        Raises:
            Unreadable: No process can be started, or all is over.
        """
        if self._closed:
            raise Unreadable(OVER)
        seconds = self.limits.seconds * call.times
        try:
            job = job_of(call.function, call.arguments, seconds)
        except MemoryError:
            raise Unreadable(OUT_OF_MEMORY) from None
        worker.send(job, seconds)

    def _note_lacking(self, what: str) -> None:
        if what and what not in self.lacking:
            self.lacking[what] = None
            logger.warning("workers-not-confined %s", what)


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

    def call(self, function: Callable[..., Any], *arguments: Any, kind: Any = Any) -> Any:
        """As `Workers.call`."""
        return self.do(Call(function=function, arguments=arguments, kind=kind))

    def prepare(self) -> None:
        """Do nothing: there is no process."""

    def do(self, call: Call) -> Any:
        """Do one job."""
        if threading.current_thread() is not threading.main_thread():
            return call.function(*call.arguments)
        with bounded(evolve(self.limits, memory=0, seconds=self.limits.seconds * call.times)):
            return call.function(*call.arguments)

    def map(self, begin: Callable[[Item], Call | T], settle: Settle[Item, T], items: Iterable[Item]) -> Iterator[T]:
        """As `Workers.map`, one after the other."""
        for item in items:
            result = begin(item)
            while isinstance(result, Call):
                call, answer, failed = result, None, None
                try:
                    answer = self.do(call)
                except Exception as error:  # noqa: BLE001 - `settle` knows what it means
                    failed = error
                result = settle(item, call, answer, failed)
            yield result

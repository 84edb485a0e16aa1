"""Jobs of an event loop for worker processes.

Nothing in the loop waits, and no host has all workers.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from typing import Any

from attrs import define, field, frozen

from crawler.errors import Unreadable
from crawler.workers.job_map import Call, answer_from, reply_from
from crawler.workers.pool import OVER, Workers
from crawler.workers.worker import Worker

START_SECONDS, START_SECONDS_URGENT = 0.05, 0.5
"""For which a job waits for a worker before one more process is started; urgent jobs are short: one worker does hundreds a second."""
LOOK_SECONDS = 1.0
"""Between two looks for workers that are overdue."""


@define(eq=False)
class _Job:
    host: str
    call: Call
    size: int
    urgent: bool
    since: float
    """When it was given, on the loop's clock."""
    done: asyncio.Future[Any]


@frozen
class _Watch:
    """A process whose socket a loop watches."""

    loop: asyncio.AbstractEventLoop
    pid: int | None
    handle: int


@define(eq=False)
class JobQueue:
    """Jobs that wait for a free worker; one host never has all workers."""

    workers: Workers
    bytes: int = field(init=False, default=0)
    """Of payloads, in jobs that wait or are done."""
    _waiting: deque[_Job] = field(init=False, factory=deque)
    _urgent: deque[_Job] = field(init=False, factory=deque)
    _busy: dict[Worker, _Job] = field(init=False, factory=dict)
    _idle: list[Worker] = field(init=False, factory=list)
    """Held between two jobs, and watched: to watch anew for each job would take longer than to send it."""
    _watched: dict[Worker, _Watch] = field(init=False, factory=dict)
    _loop: asyncio.AbstractEventLoop | None = field(init=False, default=None)
    _hosts: Counter[str] = field(init=False, factory=Counter)
    _watch: asyncio.TimerHandle | None = field(init=False, default=None)
    _start: asyncio.TimerHandle | None = field(init=False, default=None)

    @property
    def waiting(self) -> int:
        """Jobs that wait for a worker."""
        return len(self._waiting) + len(self._urgent)

    def __len__(self) -> int:
        """Jobs that wait or are done."""
        return len(self._waiting) + len(self._urgent) + len(self._busy)

    async def do(self, host: str, call: Call, size: int = 0, *, urgent: bool = False) -> Any:
        """Have a worker do a job.

        Args:
            size: Bytes of its payload.
            urgent: It goes before all that are not.
        Raises:
            Unreadable: It took too long or too much memory, or the worker died.
            Exception: Whatever the job raises.
        """
        loop = asyncio.get_running_loop()
        job = _Job(host, call, size, urgent, loop.time(), loop.create_future())
        (self._urgent if urgent else self._waiting).append(job)
        self.bytes += size
        try:
            self._fill()
            return await job.done
        finally:
            self.bytes -= size

    # -- workers

    def _fill(self) -> None:
        """Give waiting jobs to free workers."""
        while (job := self._next()) is not None:
            worker = self._free_worker(job)
            if worker is None:
                return
            (self._urgent if job.urgent else self._waiting).remove(job)
            self._begin(worker, job)

    def _next(self) -> _Job | None:
        """The first waiting job whose host may have one more worker."""
        most = max(1, self.workers.limits.workers - 1)
        for waiting in (self._urgent, self._waiting):
            while waiting and waiting[0].done.done():
                waiting.popleft()  # given up meanwhile
            for job in waiting:
                if self._hosts[job.host] < most:
                    return job
        return None

    def _free_worker(self, job: _Job) -> Worker | None:
        """A free worker; a process is started only for a job that has waited."""
        if self._idle:
            return self._idle.pop()
        worker, loop = self.workers.take(), asyncio.get_running_loop()
        if worker is None or worker.is_started or not self._busy:
            return worker
        early = job.since + (START_SECONDS_URGENT if job.urgent else START_SECONDS) - loop.time()
        if early <= 0:
            return worker
        self.workers.give(worker)
        if self._start is None:
            self._start = loop.call_later(early, self._start_another)
        return None

    def _start_another(self) -> None:
        self._start = None
        self._fill()

    def _begin(self, worker: Worker, job: _Job) -> None:
        try:
            self.workers.begin(worker, job.call)
        except Exception as error:  # noqa: BLE001 - it is the error of this job
            self._give(worker)
            _settle(job, None, error)
            return
        self._busy[worker] = job
        self._hosts[job.host] += 1
        self._watch_out_for(worker)
        loop = asyncio.get_running_loop()
        if worker.is_sending:
            loop.add_writer(worker.fileno(), self._write, worker)
        if self._watch is None:
            self._watch = loop.call_later(LOOK_SECONDS, self._look)

    def _write(self, worker: Worker) -> None:
        if not worker.go_on():
            asyncio.get_running_loop().remove_writer(worker.fileno())

    def _watch_out_for(self, worker: Worker) -> None:
        """Have the loop watch a worker, unless it does; of another process anew."""
        watch = _Watch(asyncio.get_running_loop(), worker.pid, worker.fileno())
        if self._watched.get(worker) == watch:
            return
        self._unwatch(worker)
        watch.loop.add_reader(watch.handle, self._read, worker)
        self._watched[worker], self._loop = watch, watch.loop
        worker.is_watched = True
        if self._asked_for not in self.workers.holders:
            self.workers.holders.append(self._asked_for)

    def _unwatch(self, worker: Worker) -> None:
        # Also where its socket is closed: the loop would take the next of its number for it.
        watch, worker.is_watched = self._watched.pop(worker, None), False
        if watch is not None and not watch.loop.is_closed():
            watch.loop.remove_reader(watch.handle)
            watch.loop.remove_writer(watch.handle)

    def _give(self, worker: Worker) -> None:
        self._unwatch(worker)
        self.workers.give(worker)

    def _asked_for(self) -> None:
        """Give back what is held without a job; called in any thread."""
        loop = self._loop
        if loop is None or loop.is_closed() or asyncio._get_running_loop() is loop:
            self._let_go()
        else:
            loop.call_soon_threadsafe(self._let_go)

    def _let_go(self) -> None:
        while self._idle:
            self._give(self._idle.pop())

    def _read(self, worker: Worker) -> None:
        job = self._busy.get(worker)
        if job is None:
            # It speaks unasked, or has ended.
            self._idle.remove(worker)
            worker.stop()
            self._give(worker)
            return
        answer, failed = None, None
        try:
            reply = reply_from(worker)
            if reply is None:
                return
            answer = answer_from(worker, reply, job.call.kind)
        except Exception as error:  # noqa: BLE001 - it is the error of this job
            failed = error
        self._end(worker)
        _settle(job, answer, failed)
        self._fill()

    def _end(self, worker: Worker) -> None:
        """Hold a worker whose job has ended for the next one, or give it back."""
        job = self._busy.pop(worker)
        self._hosts[job.host] -= 1
        if not self._hosts[job.host]:
            del self._hosts[job.host]
        if worker.is_started and not worker.asked and not self.workers.wanted:
            self._idle.append(worker)
        else:
            self._give(worker)

    def _look(self) -> None:
        """End workers that are overdue."""
        self._watch = None
        now = time.monotonic()
        for worker in [worker for worker in self._busy if worker.deadline <= now]:
            self._read(worker)
        if self._busy:
            self._watch = asyncio.get_running_loop().call_later(LOOK_SECONDS, self._look)

    def close(self) -> None:
        """End all jobs with an error."""
        for timer in (self._watch, self._start):
            if timer is not None:
                timer.cancel()
        for worker in list(self._busy):
            self._give(worker)
        self._let_go()
        if self._asked_for in self.workers.holders:
            self.workers.holders.remove(self._asked_for)
        left = [*self._busy.values(), *self._urgent, *self._waiting]
        self._busy.clear()
        self._urgent.clear()
        self._waiting.clear()
        for job in left:
            if not job.done.get_loop().is_closed():
                _settle(job, None, Unreadable(OVER))


def _settle(job: _Job, answer: Any, error: Exception | None) -> None:
    """End a job; one that was given up meanwhile needs no answer."""
    if job.done.done():
        return
    if error is not None:
        job.done.set_exception(error)
    else:
        job.done.set_result(answer)

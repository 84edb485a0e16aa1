"""Jobs that an event loop gives to workers: in turn, within their time, and ended with an error when the run is over."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from crawler.errors import Unreadable
from crawler.workers import job_queue
from crawler.workers.job_map import Call
from crawler.workers.job_queue import JobQueue
from crawler.workers.messages import framed, reply_of
from crawler.workers.pool import JobLimits, Workers


def job(function: Callable[..., Any], *arguments: Any) -> Call:
    return Call(function=function, arguments=arguments)


@pytest.fixture
def workers() -> Iterator[Workers]:
    with Workers(JobLimits(workers=2, seconds=5)) as made:
        yield made


async def test_a_waiting_job_starts_one_more_process_after_a_while(workers: Workers) -> None:
    queue = JobQueue(workers=workers)
    first = asyncio.ensure_future(queue.do("a.example", job(time.sleep, 0.6), 10))
    await asyncio.sleep(0.05)
    other = await queue.do("b.example", job(os.getpid), 5)
    assert workers.started == 2
    assert queue.bytes == 10
    await first
    assert (len(queue), queue.waiting, queue.bytes) == (0, 0, 0)
    assert other != os.getpid()


async def test_one_host_never_has_all_workers_and_urgent_jobs_go_first(workers: Workers, tmp_path: Path) -> None:
    queue = JobQueue(workers=workers)
    order: list[str] = []

    async def do(name: str, host: str, *, urgent: bool = False) -> None:
        await queue.do(host, job(pow, 2, 3), urgent=urgent)
        order.append(name)

    # A pipe that nobody writes to holds its reader.
    os.mkfifo(pipe := tmp_path / "pipe")
    held = asyncio.ensure_future(queue.do("a.example", job(Path.read_text, pipe)))
    jobs = [asyncio.ensure_future(do(*one)) for one in (("same host", "a.example"), ("other", "b.example"))]
    await asyncio.sleep(0)
    await asyncio.gather(do("urgent", "b.example", urgent=True), jobs[1])
    pipe.write_text("")
    await asyncio.gather(held, *jobs)
    assert order == ["urgent", "other", "same host"]
    assert held.done()


async def test_an_error_of_a_job_is_its_own(workers: Workers) -> None:
    queue = JobQueue(workers=workers)
    with pytest.raises(ZeroDivisionError):
        await queue.do("a.example", job(divmod, 1, 0))
    with pytest.raises(Exception, match="pickle"):
        await queue.do("a.example", job(lambda: 1))
    assert await queue.do("a.example", job(pow, 2, 3)) == 8


async def test_a_worker_that_is_overdue_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job_queue, "LOOK_SECONDS", 0.1)
    with Workers(JobLimits(workers=1, seconds=0.05)) as workers:
        queue = JobQueue(workers=workers)
        with pytest.raises(Unreadable, match="was given up"):
            await queue.do("a.example", job(time.sleep, 30))
        assert await queue.do("a.example", job(pow, 2, 3)) == 8


async def test_a_job_given_up_by_its_caller_is_not_done(workers: Workers) -> None:
    queue = JobQueue(workers=workers)
    busy = asyncio.ensure_future(queue.do("a.example", job(time.sleep, 0.3)))
    await asyncio.sleep(0)
    given_up = asyncio.ensure_future(queue.do("a.example", job(time.sleep, 30)))
    await asyncio.sleep(0)
    given_up.cancel()
    await busy
    assert await queue.do("a.example", job(pow, 2, 3)) == 8
    assert len(queue) == 0


async def test_the_end_of_the_run_ends_all_jobs(workers: Workers) -> None:
    queue = JobQueue(workers=workers)
    waiting = [asyncio.ensure_future(queue.do(f"{n}.example", job(time.sleep, 30), urgent=n == 3)) for n in range(4)]
    await asyncio.sleep(0.1)
    queue.close()
    for one in waiting:
        with pytest.raises(Unreadable, match="run is over"):
            await one
    assert len(queue) == 0


async def test_a_large_job_is_written_in_pieces(workers: Workers) -> None:
    assert await JobQueue(workers=workers).do("a.example", job(len, b"x" * 5_000_000)) == 5_000_000


async def test_a_worker_is_watched_once_for_many_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    loop, watched = asyncio.get_running_loop(), list[int]()
    add = loop.add_reader
    monkeypatch.setattr(loop, "add_reader", lambda handle, *rest: (watched.append(handle), add(handle, *rest))[1])
    with Workers(JobLimits(workers=1, seconds=5)) as workers:
        queue = JobQueue(workers=workers)
        pids = [await queue.do("a.example", job(os.getpid)) for _ in range(5)]
        queue.close()
    assert (len(set(pids)), len(watched)) == (1, 1)


async def test_a_worker_that_ends_or_speaks_without_a_job_is_replaced() -> None:
    with Workers(JobLimits(workers=1, seconds=5)) as workers:
        queue = JobQueue(workers=workers)
        first = await queue.do("a.example", job(os.getpid))
        os.kill(first, signal.SIGKILL)
        with suppress(ChildProcessError):  # the loop may have heard of it before
            await asyncio.to_thread(os.waitid, os.P_PID, first, os.WEXITED | os.WNOWAIT)
        await asyncio.sleep(0.05)
        assert not workers.started, "its end was heard of"
        second = await queue.do("a.example", job(os.getpid))
        process = workers._all[0]._process
        assert process is not None
        handle = int(process.args[3])  # type: ignore[index]
        assert await queue.do("a.example", job(os.write, handle, framed(reply_of(9)))) == 9, "of its own page it may say anything"
        assert await queue.do("a.example", job(os.getpid)) not in (first, second), "and nothing of the next"
        queue.close()


async def test_a_thread_is_given_the_worker_that_is_held() -> None:
    with Workers(JobLimits(workers=1, seconds=5)) as one:
        queue = JobQueue(workers=one)
        pid = await queue.do("a.example", job(os.getpid))
        assert await asyncio.to_thread(one.call, os.getpid) == pid
        assert await queue.do("a.example", job(os.getpid)) == pid
        assert one.call(os.getpid) == pid, "in the thread of the loop"
        queue.close()
        assert one.call(os.getpid) == pid
        assert not one.holders

"""Jobs in other processes: the same outcome as here, within a time and a memory, and no harm where a process dies."""

from __future__ import annotations

import errno
import gc
import operator
import os
import re
import resource
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from tries import suicide

from crawler.errors import SetupError, Unreadable
from crawler.sites import load_sites
from crawler.workers.job_map import Call
from crawler.workers.pool import InThisProcess, JobLimits, Workers, bounded
from crawler.workers.process import COLLECT_AFTER

BACKTRACKING = (r"(a+)+$", "a" * 40 + "b")
"""A pattern that never ends, inside C."""


@pytest.fixture
def workers() -> Iterator[Workers]:
    with pytest.MonkeyPatch.context() as patch, Workers(JobLimits(workers=2, seconds=20)) as made:
        patch.setenv("PYTHONPATH", str(Path(__file__).parent), prepend=os.pathsep)
        yield made


def test_a_job_is_done_elsewhere(workers: Workers) -> None:
    assert workers.started == 0
    assert workers.call(os.getpid) != os.getpid()
    assert workers.call(pow, 2, 70) == 2**70
    assert workers.started == 1


def test_what_it_raises_is_raised_here(workers: Workers) -> None:
    with pytest.raises(ZeroDivisionError):
        workers.call(divmod, 1, 0)
    with pytest.raises(SetupError, match="nowhere"):
        workers.call(load_sites, ["/nowhere"])


@pytest.mark.parametrize(
    ("job", "says"),
    [((time.sleep, 30), r"over 1\.2 s on the clock and was given up"), ((re.match, *BACKTRACKING), r"over 0\.1 s and was given up")],
    ids=["asleep", "busy in C"],
)
def test_what_takes_too_long_is_ended(job: tuple[object, ...], says: str) -> None:
    with Workers(JobLimits(workers=1, seconds=0.1)) as workers:
        with pytest.raises(Unreadable, match=says):
            workers.call(*job)
        assert workers.call(pow, 2, 3) == 8


class Large:
    """What takes more room in the worker than it may have."""

    def __reduce__(self) -> tuple[Any, ...]:
        return operator.mul, (b"x", 2**32)


def test_a_job_that_does_not_fit_into_the_memory_is_no_fault_of_ours() -> None:
    with Workers(JobLimits(workers=1, memory=200 * 2**20)) as workers:
        with pytest.raises(Unreadable, match="memory"):
            workers.call(len, Large())
        assert workers.call(len, b"small") == 5


def test_what_takes_too_much_memory_is_ended() -> None:
    with Workers(JobLimits(workers=1, memory=200 * 2**20)) as workers:
        with pytest.raises(Unreadable, match="memory"):
            workers.call(bytes, 2**30)
        assert workers.call(pow, 2, 3) == 8


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
def test_a_death_costs_one_job(workers: Workers, number: int) -> None:
    first = workers.call(os.getpid)
    with pytest.raises(Unreadable, match=f"ended with -{number}"):
        workers.call(os.kill, first, number)  # its own
    assert workers.call(os.getpid) not in (first, os.getpid())


def test_a_worker_killed_between_jobs_is_replaced(workers: Workers) -> None:
    first = workers.call(os.getpid)
    os.kill(first, signal.SIGKILL)
    time.sleep(0.1)
    assert workers.call(os.getpid) != first


def test_no_process_costs_one_job(workers: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object, **more: object) -> None:
        raise OSError(errno.EMFILE, "Too many open files")

    with monkeypatch.context() as patch:
        patch.setattr(subprocess, "Popen", refuse)
        with pytest.raises(Unreadable, match="Too many open files"):
            workers.call(pow, 2, 3)
    assert workers.call(pow, 2, 3) == 8


def one_call(number: int) -> Call:
    return Call(function=abs, arguments=(number,), kind=int)


def result(number: int, call: Call, answer: Any, error: Exception | None) -> Any:
    """The answer; of an error its words, once it was tried with twice the time."""
    if error is not None and call.times == 1:
        return evolve(call, times=2)
    return answer if error is None else f"{call.times}: {error}"


def test_jobs_are_answered_in_their_order(workers: Workers) -> None:
    assert list(workers.map(one_call, result, range(-50, 0))) == list(range(50, 0, -1))
    assert workers.started == 2


@pytest.mark.parametrize("kind", [Workers, InThisProcess])
def test_a_job_that_fails_is_done_again_with_more_time_and_keeps_its_place(kind: type[Workers]) -> None:
    def begin(text: str) -> Call:
        return Call(function=int, arguments=(text,), kind=int)

    with kind(JobLimits(workers=2, seconds=20)) as workers:
        given = ["1", "x", "3", "y", *map(str, range(5, 40))]
        found = list(workers.map(begin, result, given))
    assert [found[0], found[2], *found[4:]] == [1, 3, *range(5, 40)]
    assert all(words.startswith("2: invalid literal") for words in (found[1], found[3]))


def test_a_death_among_many_jobs_costs_the_job_that_it_belongs_to(workers: Workers) -> None:
    def begin(number: int) -> Call:
        return Call(function=suicide, arguments=(number,), kind=int)

    found = list(workers.map(begin, result, range(20)))
    assert [number for number in found if isinstance(number, int)] == [n for n in range(20) if n % 5 != 3]
    assert all("ended with -9" in found[n] for n in (3, 8, 13, 18))


def test_a_map_that_is_given_up_leaves_its_workers_to_others(workers: Workers) -> None:
    found = workers.map(one_call, result, iter(range(10_000)))
    assert next(found) == 0
    found.close()
    assert workers.call(pow, 2, 3) == 8
    assert list(workers.map(one_call, result, range(5))) == [0, 1, 2, 3, 4]


def test_a_map_takes_no_more_items_than_it_needs(workers: Workers) -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for number in range(1000):
            taken.append(number)
            yield number

    found = workers.map(one_call, result, items())
    for _ in range(10):
        next(found)
    assert len(taken) < 10 + 8 * 2 + 3
    found.close()


def test_the_collector_leaves_alone_what_lasts(workers: Workers) -> None:
    workers.call(pow, 2, 3)
    assert workers.call(gc.get_freeze_count) > 10_000


def test_the_collector_does_not_look_at_each_page(workers: Workers) -> None:
    assert workers.call(gc.get_threshold)[0] == COLLECT_AFTER


def test_workers_end_with_us(workers: Workers) -> None:
    pid = workers.call(os.getpid)
    workers.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_the_same_limits_here() -> None:
    before = signal.getsignal(signal.SIGPROF), resource.getrlimit(resource.RLIMIT_AS)
    limits = JobLimits(seconds=0.2, memory=2**30)
    with pytest.raises(Unreadable, match=r"over 0\.2 s"), bounded(limits):
        re.match(*BACKTRACKING)
    with pytest.raises(Unreadable, match="over 1024 MiB"), bounded(limits):
        bytes(2**31)
    assert (signal.getsignal(signal.SIGPROF), resource.getrlimit(resource.RLIMIT_AS)) == before


def never_ends() -> None:
    while True:
        with suppress(Exception):
            re.match(*BACKTRACKING)


def test_a_careless_library_cannot_swallow_it() -> None:
    with pytest.raises(Unreadable, match="given up"), bounded(JobLimits(seconds=0.2)):
        never_ends()

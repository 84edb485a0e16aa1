"""Jobs in other processes: the same outcome as here, within a time and a memory, and no harm where a process dies."""

from __future__ import annotations

import errno
import operator
import os
import re
import resource
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import Any

import pytest

from crawler.errors import SetupError, Unreadable
from crawler.processing.workers import JobLimits, Workers, bounded
from crawler.sites import load_sites

BACKTRACKING = (r"(a+)+$", "a" * 40 + "b")
"""A pattern that never ends, inside C."""


@pytest.fixture
def workers() -> Iterator[Workers]:
    with Workers(JobLimits(workers=2, seconds=20)) as made:
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


def test_jobs_are_answered_in_their_order(workers: Workers) -> None:
    assert list(workers.map(partial(workers.call, abs), range(-50, 0))) == list(range(50, 0, -1))
    assert workers.started == 2


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

"""The worker's side: jobs over a pipe until there are no more, and a word for everything that cannot be done, sent or taken."""

from __future__ import annotations

import operator
import os
import pickle
import signal
import socket
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection, Pipe
from typing import Any

import pytest

from crawler.errors import SetupError, Unreadable
from crawler.processing import worker_process
from crawler.processing.worker_process import serve
from crawler.processing.workers import Elsewhere, InThisProcess, JobLimits, Workers
from crawler.sites import load_sites


class Unsendable(Exception):
    """An error that cannot be made again from what pickle keeps of it."""

    def __init__(self, one: str, two: str) -> None:
        super().__init__(one)


def fails_oddly() -> None:
    raise Unsendable("this", "that")


def fails() -> None:
    raise SetupError("no such thing")


def runs_out() -> None:
    raise MemoryError


def gives_what_cannot_be_sent() -> object:
    return threading.Lock()


class Hungry:
    """What no memory can take: unpickling it fails."""

    def __reduce__(self) -> tuple[Any, ...]:
        return runs_out, ()


class Missing:
    """What cannot be taken: its function raises."""

    def __reduce__(self) -> tuple[Any, ...]:
        return fails, ()


@pytest.fixture
def ask() -> Any:
    """Send jobs to `serve` in a thread of this process; gives what each is answered."""
    ours, theirs = Pipe()
    thread = threading.Thread(target=serve, args=(theirs, 60.0))
    thread.start()

    def send(function: Callable[..., Any], *arguments: Any) -> tuple[bool, Any, str]:
        ours.send((function, arguments))
        assert ours.poll(10)
        return ours.recv()  # type: ignore[no-any-return]

    yield send
    ours.close()
    thread.join(10)
    assert not thread.is_alive(), "it ends when nobody asks any more"
    theirs.close()


def test_what_is_done_is_answered_in_turn(ask: Any) -> None:
    assert ask(pow, 2, 10) == (True, 1024, "")
    assert ask(str.upper, "a") == (True, "A", "")
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)


def test_what_is_raised_comes_with_its_traceback(ask: Any) -> None:
    done, error, told = ask(fails)
    assert (done, type(error), str(error)) == (False, SetupError, "no such thing")
    assert 'raise SetupError("no such thing")' in told
    done, error, told = ask(operator.truediv, 1, 0)
    assert (done, type(error)) == (False, ZeroDivisionError)


def test_an_error_that_cannot_be_sent_is_told_in_words(ask: Any) -> None:
    done, error, told = ask(fails_oddly)
    assert (done, type(error), str(error)) == (False, RuntimeError, "Unsendable: this")
    assert "fails_oddly" in told


def test_an_answer_that_cannot_be_sent_is_a_fault_that_is_told(ask: Any) -> None:
    done, error, told = ask(gives_what_cannot_be_sent)
    assert (done, type(error)) == (False, RuntimeError)
    assert str(error).startswith("cannot be sent: TypeError: cannot pickle")
    assert "Traceback" in told


@pytest.mark.parametrize(("job", "says"), [((runs_out,), "reading took too much memory and was given up"), ((len, Hungry()), "reading took too much memory and was given up")])
def test_too_much_memory_costs_one_job(ask: Any, job: tuple[Any, ...], says: str) -> None:
    done, error, told = ask(*job)
    assert (done, type(error), str(error), told) == (False, Unreadable, says, "")
    assert ask(pow, 2, 3) == (True, 8, "")


def test_a_job_that_cannot_be_taken_costs_one_job(ask: Any) -> None:
    done, error, told = ask(len, Missing())
    assert (done, type(error), str(error)) == (False, RuntimeError, "cannot be taken: SetupError: no such thing")
    assert "Traceback" in told
    assert ask(pow, 2, 3) == (True, 8, "")


def test_memory_that_runs_out_while_an_answer_is_packed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    real = pickle.dumps
    calls = []

    def dumps(value: Any, *more: Any) -> bytes:
        calls.append(value)
        if len(calls) == 1:
            raise MemoryError
        return real(value, *more)

    monkeypatch.setattr(worker_process.pickle, "dumps", dumps)
    done, error, told = pickle.loads(worker_process._packed((True, "x" * 100, "")))
    assert (done, str(error), told) == (False, "reading took too much memory and was given up", "")


def test_a_whole_process_serves_over_the_handle_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = socket.socketpair()
    if (child := os.fork()) == 0:
        ours.close()
        try:
            worker_process.main(str(theirs.fileno()), str(2**33), "20")
        finally:
            os._exit(0)
    theirs.close()
    with Connection(os.dup(ours.fileno())) as jobs:
        ours.close()
        jobs.send((os.getpid, ()))
        assert jobs.recv() == (True, child, "")
        jobs.send((os.nice, (0,)))
        assert jobs.recv()[1] >= worker_process.NICE
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0


def test_the_cause_of_what_a_worker_raised_is_its_traceback_there() -> None:
    with Workers(JobLimits(workers=1)) as one, pytest.raises(SetupError) as caught:
        one.call(load_sites, ["/nowhere"])
    assert isinstance(caught.value.__cause__, Elsewhere)
    assert "load_sites" in str(caught.value.__cause__)


def test_nobody_is_served_once_the_workers_are_closed() -> None:
    one = Workers(JobLimits(workers=1))
    one.close()
    with pytest.raises(Unreadable, match="reading was given up: the run is over"):
        one.call(pow, 2, 3)


def test_workers_that_are_none_do_it_here_and_in_any_thread() -> None:
    here = InThisProcess(JobLimits(workers=0, seconds=5))
    assert here.call(os.getpid) == os.getpid()
    assert list(here.map(abs, [-1, -2])) == [1, 2]
    found: list[int] = []
    thread = threading.Thread(target=lambda: found.append(here.call(os.getpid)))
    thread.start()
    thread.join(5)
    assert found == [os.getpid()]
    with pytest.raises(SetupError):
        here.call(fails)

"""The worker's side: jobs over a socket until there are no more, and a word for everything that cannot be done, sent or taken."""

from __future__ import annotations

import operator
import os
import signal
import socket
import threading
from collections.abc import Callable
from typing import Any

import pytest

from crawler.errors import SetupError, Unreadable
from crawler.sites import load_sites
from crawler.workers import messages, process
from crawler.workers.messages import JOB, READY, Elsewhere, Frames, answer_in, job_of
from crawler.workers.pool import InThisProcess, JobLimits, Workers
from crawler.workers.process import serve


class Odd(Exception):
    """An error that the asking process does not know."""

    def __init__(self, one: str, two: str) -> None:
        super().__init__(one)


def fails_oddly() -> None:
    raise Odd("this", "that")


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


def one_message(source: socket.socket, frames: Frames) -> bytes:
    while (found := next(frames.whole(), None)) is None:
        piece = source.recv(65536)
        assert piece, "it has ended"
        frames.add(piece)
    return found


@pytest.fixture
def ask() -> Any:
    """Send jobs to `serve` in a thread of this process; gives or raises what each is answered."""
    ours, theirs = socket.socketpair()
    ours.settimeout(10)
    thread, frames = threading.Thread(target=serve, args=(theirs.fileno(),)), Frames()
    thread.start()

    def send(function: Callable[..., Any], *arguments: Any) -> Any:
        ours.sendall(b"".join(job_of(function, arguments, 60.0)))
        return answer_in(one_message(ours, frames), Any)

    yield send
    ours.close()
    thread.join(10)
    assert not thread.is_alive(), "it ends when nobody asks any more"
    theirs.close()


def test_what_is_done_is_answered_in_turn(ask: Any) -> None:
    assert ask(pow, 2, 10) == 1024
    assert ask(str.upper, "a") == "A"
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)


def test_what_is_raised_comes_with_its_traceback(ask: Any) -> None:
    with pytest.raises(SetupError, match=r"\Ano such thing\Z") as raised:
        ask(fails)
    assert 'raise SetupError("no such thing")' in str(raised.value.__cause__)
    with pytest.raises(ZeroDivisionError):
        ask(operator.truediv, 1, 0)


def test_an_error_that_is_not_known_is_told_in_words(ask: Any) -> None:
    with pytest.raises(RuntimeError, match=r"\AOdd: this\Z") as raised:
        ask(fails_oddly)
    assert "fails_oddly" in str(raised.value.__cause__)


def test_an_answer_that_cannot_be_sent_is_a_fault_that_is_told(ask: Any) -> None:
    with pytest.raises(RuntimeError, match=r"\Acannot be sent: TypeError: cannot send 'lock' object"):
        ask(gives_what_cannot_be_sent)


@pytest.mark.parametrize("job", [(runs_out,), (len, Hungry())], ids=["done", "taken"])
def test_too_much_memory_costs_one_job(ask: Any, job: tuple[Any, ...]) -> None:
    with pytest.raises(Unreadable, match=r"\Areading took too much memory and was given up\Z") as raised:
        ask(*job)
    assert raised.value.__cause__ is None
    assert ask(pow, 2, 3) == 8


def test_a_job_that_cannot_be_taken_costs_one_job(ask: Any) -> None:
    with pytest.raises(RuntimeError, match=r"\Acannot be taken: SetupError: no such thing\Z"):
        ask(len, Missing())
    assert ask(pow, 2, 3) == 8


def test_memory_that_runs_out_while_an_answer_is_packed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        def encode(self, value: object) -> bytes:
            raise MemoryError

    real, full = messages._ENCODER, Full()
    monkeypatch.setattr(messages, "_ENCODER", full)
    monkeypatch.setattr(full, "encode", lambda value: real.encode(value) if isinstance(value, list) else runs_out(), raising=False)
    with pytest.raises(Unreadable, match="reading took too much memory and was given up"):
        answer_in(messages.reply_of("x" * 100), Any)


def test_an_answer_over_the_limit_is_said_to_be_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "MAX_REPLY_BYTES", 1000)
    assert answer_in(messages.reply_of("x" * 990), Any) == "x" * 990
    with pytest.raises(Unreadable, match="given up"):
        answer_in(messages.reply_of("x" * 1000), Any)


def test_a_whole_process_serves_over_the_handle_it_is_given() -> None:
    ours, theirs = socket.socketpair()
    if (child := os.fork()) == 0:
        ours.close()
        try:
            process.main(str(theirs.fileno()), str(2**33))
        finally:
            os._exit(0)
    theirs.close()
    frames = Frames()
    ours.settimeout(20)
    assert one_message(ours, frames)[:1] == READY
    for job, answer in (((os.getpid, ()), child), ((os.getpriority, (os.PRIO_PROCESS, 0)), process.NICE)):
        ours.sendall(b"".join(job_of(*job, 5.0)))
        assert answer_in(one_message(ours, frames), int) >= answer
    ours.close()
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0


def test_a_job_that_does_not_come_whole_is_none() -> None:
    ours, theirs = socket.socketpair()
    ours.sendall(job_of(pow, (2, 3), 1.0)[0][: JOB.size + 3])
    ours.close()
    serve(theirs.fileno())
    theirs.close()


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
    found: list[int] = []
    thread = threading.Thread(target=lambda: found.append(here.call(os.getpid)))
    thread.start()
    thread.join(5)
    assert found == [os.getpid()]
    with pytest.raises(SetupError):
        here.call(fails)

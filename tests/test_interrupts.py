"""What a signal does, by phase: the second one always ends the process with exit code 14."""

from __future__ import annotations

import signal
import threading
import time
from concurrent.futures import Future

import pytest

from crawler.interrupts import Interrupts, Phase, join, wait_for

TERM = signal.SIGTERM


class Left(Exception):
    """The process has ended."""


def leave(code: int) -> None:
    raise Left(code)


@pytest.fixture
def interrupts() -> Interrupts:
    return Interrupts(leave=leave)


def after(interrupts: Interrupts, phase: Phase, calls: list[str]) -> None:
    if phase == "crawling":
        interrupts.crawling(stop=lambda: calls.append("stop"), force=lambda: calls.append("force"), about=lambda: "3 requests")
    else:
        interrupts.enter(phase)


@pytest.mark.parametrize(
    ("phase", "first", "second"),
    [("starting", 14, 14), ("working", "interrupt", 14), ("crawling", "stop", "force"), ("finishing", None, 14)],
)  # fmt: skip
def test_one_signal_and_two(interrupts: Interrupts, phase: Phase, first: object, second: object, capfd: pytest.CaptureFixture[str]) -> None:
    calls: list[str] = []
    after(interrupts, phase, calls)

    def answer() -> object:
        try:
            interrupts.handle(TERM)
        except Left as left:
            return left.args[0]
        except KeyboardInterrupt:
            return "interrupt"
        return calls.pop() if calls else None

    assert (answer(), answer()) == (first, second)
    with pytest.raises(Left, match="14"):
        interrupts.handle(TERM)
    assert capfd.readouterr().err.count("again to stop at once") == (phase != "starting")


@pytest.mark.parametrize("then", ["working", "finishing", "crawling"])
def test_the_second_one_may_come_in_a_later_phase(interrupts: Interrupts, then: Phase) -> None:
    calls: list[str] = []
    after(interrupts, "crawling", calls)
    interrupts.handle(signal.SIGINT)
    after(interrupts, then, calls)
    if then == "crawling":
        interrupts.handle(TERM)
        assert calls == ["stop", "force"]
    else:
        with pytest.raises(Left, match="14"):
            interrupts.handle(TERM)


def test_what_is_over_keeps_its_exit_code(interrupts: Interrupts) -> None:
    interrupts.enter("ended", exit_code=10)
    with pytest.raises(Left, match="10"):
        interrupts.handle(TERM)


@pytest.mark.parametrize("wait", ["wait_for", "join"])
def test_a_signal_that_another_thread_was_given_is_answered_while_the_main_thread_waits(wait: str) -> None:
    told: list[str] = []
    item: Future[str] = Future()

    def other() -> None:
        time.sleep(0.1)
        signal.pthread_kill(threading.get_ident(), signal.SIGUSR1)
        time.sleep(2)
        told.append("end")
        item.set_result("item")

    before = signal.signal(signal.SIGUSR1, lambda number, frame: told.append("signal"))
    try:
        thread = threading.Thread(target=other)
        thread.start()
        assert wait_for(item) == "item" if wait == "wait_for" else join(thread) is None
    finally:
        thread.join()
        signal.signal(signal.SIGUSR1, before)
    assert told == ["signal", "end"]

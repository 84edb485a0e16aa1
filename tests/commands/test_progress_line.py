"""What is told of long work: a bar with rate and time left on a terminal, plain lines elsewhere, nothing of what is done in no time."""

from __future__ import annotations

import pytest

from crawler.commands import _status_line
from crawler.commands._status_line import ProgressLine


class Clock:
    """A clock that stands until it is moved."""

    now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(_status_line, "time", clock)
    return clock


def test_a_terminal_shows_a_bar_with_rate_and_time_left(clock: Clock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    line = ProgressLine()
    line.tell("captures read", 1000, 0.5)  # an earlier run was killed here
    clock.now += 10
    line.tell("captures read", 1250, 0.625)
    line.wipe()
    first, second, wiped = capsys.readouterr().err.split("\x1b[K")[:3]
    assert first == "\r[############............]  50 %  1,000 captures read"
    assert second == "\r[###############.........]  62 %  1,250 captures read, 25 a second, 30 s left"
    assert wiped == "\r"


def test_elsewhere_a_plain_line_comes_each_half_minute(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    line = ProgressLine()
    for seconds in range(100):
        clock.now = 1000.0 + seconds
        line.tell("captures read", seconds, seconds / 1000)
    line.wipe()
    told = capsys.readouterr().err.splitlines()
    assert told[0] == "3 %: 30 captures read, 1 a second, 16 min 10 s left"
    assert len(told) == 3


def test_each_step_has_its_own_speed(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    line = ProgressLine()
    line.tell("captures indexed", 0, 0.0)
    clock.now += 29
    line.tell("captures indexed", 9999, 1.0)
    line.tell("captures read", 0, 0.0)
    clock.now += 2
    line.tell("captures read", 20, 0.01)
    assert capsys.readouterr().err == "1 %: 20 captures read, 10 a second, 3 min 18 s left\n"

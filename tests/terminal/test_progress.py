"""What is told of long work: a bar with rate and time left on a terminal, plain lines elsewhere, nothing of what is done in no time."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from types import SimpleNamespace

import pytest

from crawler.terminal import bar
from crawler.terminal import progress as module
from crawler.terminal.bar import Bar, above_bars
from crawler.terminal.progress import BYTES, Progress, Steps, progress


class Clock:
    """A clock that stands until it is moved."""

    now = 1000.0

    def monotonic(self) -> float:
        return self.now


class Terminal(io.StringIO):
    """A terminal of so many columns."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True

    def lines(self) -> list[str]:
        """What was drawn, each time, without escape sequences."""
        found = [re.sub(r"\x1b\[[\d;]*\w", "", drawn) for drawn in self.getvalue().replace("\r", "\n").splitlines()]
        return [text.rstrip() for text in found if text.strip()]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(module, "time", clock)
    return clock


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    terminal = Terminal()
    for one in (module, bar):  # pytest sets sys.stderr anew before each test
        monkeypatch.setattr(one, "sys", SimpleNamespace(stderr=terminal, modules=sys.modules))
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    return terminal


def test_a_terminal_shows_a_bar_with_rate_and_time_left(clock: Clock, terminal: Terminal) -> None:
    with progress(2000, "captures", done=1000) as shown:  # an earlier run was killed here
        clock.now += 10
        shown.reach(1250, note="b.warc.gz")
    (line,) = terminal.lines()
    assert line.startswith(" 62 % |")
    assert line.endswith("| 1,250 of 2,000 captures, 25 a second, 30 s left, b.warc.gz")
    assert "\x1b[32m" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r"), "wiped"


def test_what_is_done_in_no_time_shows_nothing(clock: Clock, terminal: Terminal) -> None:
    with progress(10, "captures") as shown:
        for _ in range(10):
            clock.now += 0.02
            shown.advance()
    assert terminal.getvalue() == ""


@pytest.mark.parametrize("columns", [10, 20, 40, 59, 60, 80])
@pytest.mark.parametrize("total", [2_000_000_000, None])
def test_a_line_is_never_wider_than_the_terminal(clock: Clock, terminal: Terminal, monkeypatch: pytest.MonkeyPatch, columns: int, total: int | None) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    with progress(total, BYTES) as shown:
        clock.now += 5
        shown.advance(1_500_000_000, note="a-file-of-a-name-that-is-longer-than-most-lines-" * 3)
    (line,) = terminal.lines()
    assert "1.4" in line
    assert len(line) < columns


def test_bytes_are_told_as_sizes(clock: Clock, terminal: Terminal) -> None:
    with progress(4 * 2**20, BYTES) as shown:
        clock.now += 2
        shown.reach(2**20)
    assert terminal.lines()[0].endswith("1.0 MiB of 4.0 MiB, 512.0 KiB a second, 6 s left")


@pytest.mark.parametrize(("name", "value"), [("TERM", "dumb"), ("CI", "true")])
def test_a_dumb_terminal_and_a_ci_get_plain_lines(clock: Clock, terminal: Terminal, monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with progress(100, "captures") as shown:
        clock.now += 31
        shown.reach(31)
    assert terminal.getvalue() == "31 %: 31 of 100 captures, 1 a second, 1 min 9 s left\n"


def test_without_colours_the_bar_has_none(clock: Clock, terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    with progress(100, "captures") as shown:
        clock.now += 1
        shown.reach(31)
    assert "\x1b[3" not in terminal.getvalue()


def test_elsewhere_a_plain_line_comes_each_half_minute(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    steps = Steps()
    for seconds in range(100):
        clock.now = 1000.0 + seconds
        steps.tell("captures read", seconds, seconds / 1000)
    steps.close()
    told = capsys.readouterr().err.splitlines()
    assert told[0] == "3 %: 31 of 1,000 captures read, 1 a second, 16 min 9 s left"
    assert len(told) == 3


def test_each_step_has_its_own_speed(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    steps = Steps()
    steps.tell("captures indexed", 0, 0.0)
    clock.now += 29
    steps.tell("captures indexed", 9999, 1.0)
    steps.tell("captures read", 0, 0.0)
    clock.now += 2
    steps.tell("captures read", 20, 0.01)
    assert capsys.readouterr().err == "1 %: 20 of 2,000 captures read, 10 a second, 3 min 18 s left\n"


def test_lines_are_written_above_the_bar(terminal: Terminal) -> None:
    drawn = Bar()
    drawn.draw(0.5, ["half"])
    with above_bars():
        print("a line of the log", file=terminal)
    drawn.draw(0.6, ["more"])
    drawn.close()
    assert "a line of the log" in terminal.lines()
    with above_bars():
        print("a later line", file=terminal)
    assert terminal.getvalue().endswith("a later line\n")


def test_no_library_is_loaded_for_short_work() -> None:
    code = "import sys; from crawler.terminal.progress import progress\nwith progress(3, 'x') as p: p.advance()\nprint('tqdm' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_a_count_without_a_whole_has_no_bar(clock: Clock, terminal: Terminal) -> None:
    shown = Progress(None, "pages")
    clock.now += 2
    shown.reach(3)
    shown.close()
    assert terminal.lines() == ["3 pages, 1.5 a second"]

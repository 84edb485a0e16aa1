"""Colours: the words stay, and only where colours are wanted."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator

import pytest

from crawler.terminal import screen
from crawler.terminal.paint import paint_changes, paint_report
from crawler.terminal.program import as_typed, program

REPORT = "Run report\n  ok  a host answered\n  warn feeds move\n  NOT every address settled\n      try again\n\nNOT COMPLETE (exit code 10): x"


@pytest.fixture
def _always() -> Iterator[None]:
    screen.choose("always")
    yield
    screen.choose("auto")


@pytest.mark.usefixtures("_always")
def test_marks_and_verdicts_are_coloured() -> None:
    painted = paint_report(REPORT, io.StringIO())
    assert re.sub(r"\x1b\[\d+m", "", painted) == REPORT
    assert [line[:5] for line in painted.split("\n")] == ["Run r", "\x1b[32m", "\x1b[33m", "\x1b[31m", "     ", "", "\x1b[31m"]
    assert paint_report("COMPLETE (exit code 0): y", io.StringIO()).startswith("\x1b[32mCOMPLETE\x1b[0m")
    assert paint_changes("a [-b-]{+c+} d", io.StringIO()) == "a \x1b[31m[-b-]\x1b[0m\x1b[32m{+c+}\x1b[0m d"


def test_a_file_gets_none() -> None:
    assert paint_report(REPORT, io.StringIO()) == REPORT
    assert paint_changes("[-b-]", io.StringIO()) == "[-b-]"


def test_commands_are_named_as_they_are_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert as_typed("`scrapy list` shows them") == "`scrapy list` shows them"
    monkeypatch.setattr(sys, "argv", ["/x/bin/news-archive", "list"])
    assert as_typed("`scrapy list` and `scrapy`") == "`news-archive list` and `news-archive`"
    monkeypatch.setattr(sys, "argv", ["/x/pytest"])
    assert program() == "scrapy"

"""Plain text for terminals: sizes, numbers with their nouns, columns, and nothing that forges or breaks a line."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.formatting import counted, one_line, shown, size, table

KIB, MIB, GIB = 1024, 1024**2, 1024**3


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"), (1, "1 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1536, "1.5 KiB"), (MIB - 1, "1024.0 KiB"), (MIB, "1.0 MiB"),
        (250 * MIB, "250.0 MiB"), (GIB, "1.0 GiB"), (5000 * GIB, "5000.0 GiB"),
    ],
)  # fmt: skip
def test_size(count: int, text: str) -> None:
    assert size(count) == text


@pytest.mark.parametrize(
    ("count", "one", "many", "text"),
    [
        (0, "story", "stories", "0 stories"), (1, "story", "stories", "1 story"), (2, "story", "stories", "2 stories"),
        (0, "page", None, "0 pages"), (1, "page", None, "1 page"), (12, "page", None, "12 pages"),
    ],
)  # fmt: skip
def test_counted(count: int, one: str, many: str | None, text: str) -> None:
    assert counted(count, one, many) == text


def test_columns_are_as_wide_as_their_widest_cell_and_the_last_is_not_padded() -> None:
    rows = [("host", "state", "since"), ("www.presstv.co.uk", "well", "today"), ("a.example", "resting", "")]
    assert table(rows).splitlines() == [
        "  host               state    since",
        "  www.presstv.co.uk  well     today",
        "  a.example          resting",
    ]


@pytest.mark.parametrize(
    ("rows", "indent", "text"),
    [([], "  ", ""), ([("a",)], "  ", "  a"), ([("a", "b")], "", "a  b"), ([("a", "")], "> ", "> a"), ([("one",), ("three",)], "", "one\nthree")],
)
def test_small_tables(rows: list[tuple[str, ...]], indent: str, text: str) -> None:
    assert table(rows, indent=indent) == text


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("plain, with ünïcode", "plain, with ünïcode"),
        ("two\nlines", r"two\nlines"),
        ("carriage\rreturn", r"carriage\rreturn"),
        ("tab\tstop", r"tab\tstop"),
        ("\x1b[31mred\x1b[0m", r"\x1b[31mred\x1b[0m"),
        ("\x00nul", r"\x00nul"),
        ("bell\x07", r"bell\x07"),
        ("delete\x7f", r"delete\x7f"),
        ("next\x85line", r"next\x85line"),
        ("\u202eright to left", r"\u202eright to left"),
        ("\u2066isolate\u2069", r"\u2066isolate\u2069"),
        ("line\u2028separator", r"line\u2028separator"),
        ("\ud800 alone", r"\ud800 alone"),
        ("\u200emark", r"\u200emark"),
    ],
)
def test_text_stays_on_one_line(text: str, line: str) -> None:
    assert one_line(text) == line


@given(st.text())
def test_whatever_the_text_it_is_one_line_and_can_be_written(text: str) -> None:
    line = one_line(text)
    assert len(f"{line}x".splitlines()) == 1
    assert line.encode("utf-8").decode("utf-8") == line
    assert one_line(line) == line


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "-"), ("", "-"), (0, "0"), (True, "1"), (1234567, "1,234,567"), (-5000, "-5,000"), (1.5, "1.5"),
        ("2026-11-24T02:03:04.123456Z", "2026-11-24 02:03"), ("2026-11-24T02:03:04Z", "2026-11-24 02:03"),
        ("2026-11-24 02:03:04+00:00", "2026-11-24 02:03"), (datetime(2026, 11, 24, 2, 3, tzinfo=UTC), "2026-11-24 02:03"),
        ("2026-11-24", "2026-11-24"), ("2026-11-24T02:03:04+01:00", "2026-11-24T02:03:04+01:00"), ("at 2026-11-24T02:03:04Z", "at 2026-11-24T02:03:04Z"),
        ("two\nlines", r"two\nlines"),
    ],
)  # fmt: skip
def test_shown(value: object, text: str) -> None:
    assert shown(value) == text

"""Days of other calendars against days whose dates are known, and against one another."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from crawler.parsers.dates.calendars import day_of, day_of_era
from crawler.parsers.dates.hebrew import DATE, hebrew_day


@pytest.mark.parametrize(
    ("calendar", "year", "month", "day", "meant"),
    [
        ("jalali", 1403, 1, 1, "2024-03-20"), ("jalali", 1399, 12, 30, "2021-03-20"), ("jalali", 1357, 11, 22, "1979-02-11"), ("jalali", 1404, 1, 1, "2025-03-21"),
        ("jalali", 1408, 12, 30, "2030-03-20"), ("hijri", 1445, 9, 1, "2024-03-11"), ("hijri", 1446, 1, 1, "2024-07-07"), ("hijri", 1443, 12, 9, "2022-07-08"),
        ("ethiopic", 2017, 1, 1, "2024-09-11"), ("ethiopic", 2016, 1, 1, "2023-09-12"), ("ethiopic", 2015, 13, 6, "2023-09-11"), ("saka", 1946, 1, 1, "2024-03-21"),
        ("saka", 1945, 1, 1, "2023-03-22"), ("buddhist", 2567, 2, 29, "2024-02-29"), ("gregorian", 2024, 2, 29, "2024-02-29"),
    ],
)  # fmt: skip
def test_days_that_are_known(calendar: str, year: int, month: int, day: int, meant: str) -> None:
    assert day_of(calendar, year, month, day).isoformat() == meant


@pytest.mark.parametrize(
    ("calendar", "first", "last", "months"),
    [("jalali", 1300, 1479, 12), ("ethiopic", 1900, 2090, 13), ("saka", 1830, 2020, 12), ("hijri", 1350, 1499, 12)],
)
def test_each_month_begins_behind_the_last_day_of_the_one_before(calendar: str, first: int, last: int, months: int) -> None:
    before = None
    for year in range(first, last):
        for month in range(1, months + 1):
            begin = day_of(calendar, year, month, 1)
            for length in (31, 30, 29, 28, 6, 5):
                try:
                    end = day_of(calendar, year, month, length)
                except ValueError:
                    continue
                break
            assert before is None or begin == before + timedelta(1), (year, month)
            before = end


@pytest.mark.parametrize(
    ("calendar", "year", "month", "day"),
    [
        ("jalali", 1402, 12, 30), ("jalali", 1402, 7, 31), ("jalali", 1402, 13, 1), ("jalali", 1402, 0, 1), ("hijri", 1445, 13, 1), ("hijri", 1445, 9, 31), ("hijri", 1200, 1, 1),
        ("ethiopic", 2016, 13, 6), ("ethiopic", 2016, 14, 1), ("saka", 1945, 1, 31), ("gregorian", 1700, 1, 1), ("buddhist", 2567, 2, 30),
    ],
)  # fmt: skip
def test_days_that_do_not_exist(calendar: str, year: int, month: int, day: int) -> None:
    with pytest.raises(ValueError, match=r"."):
        day_of(calendar, year, month, day)


def test_eras_begin_on_their_first_day() -> None:
    assert day_of_era("令和", 1, 5, 1) == date(2019, 5, 1)
    assert day_of_era("民國", 113, 3, 12) == date(2024, 3, 12)
    for era, year, month, day in (("令和", 1, 4, 30), ("平成", 1, 1, 7), ("令和", 0, 5, 1)):
        with pytest.raises(ValueError, match=r"."):
            day_of_era(era, year, month, day)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("א' בתשרי תשפ\"ה", "2024-10-03"), ("י\"ד באדר ב' תשפ\"ד", "2024-03-24"), ("ט\"ו בשבט ה'תשפ\"ג", "2023-02-06"), ("כ״ט באלול תשפ״ג", "2023-09-15"),
        ("ל' בחשוון תשפ\"ה", "2024-12-01"), ("י\"ד באדר תשפ\"ג", "2023-03-07"),
    ],
)  # fmt: skip
def test_hebrew_days(text: str, meant: str) -> None:
    found = DATE.search(text)
    assert found is not None
    assert hebrew_day(found).isoformat() == meant


def test_a_hebrew_day_that_does_not_exist() -> None:
    found = DATE.search("ל' בטבת תשפ\"ד")
    assert found is not None
    with pytest.raises(ValueError, match="no such day"):
        hebrew_day(found)

"""The tables of names are those of CLDR, and each name of a month is read in a date."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from crawler.parsers.date_words import calendar_names, cldr_days, cldr_months
from crawler.parsers.dates.dates import moment
from crawler.parsers.dates.line import plain
from crawler.parsers.dates.locale import Locale
from crawler.parsers.dates.names import rows_of, weekday_names

MONTHS = [*rows_of(cldr_months.ROWS), *rows_of(calendar_names.TABLES[0][1])]
YEARS = {"jalali": 1402, "hijri": 1445, "ethiopic": 2016, "saka": 1945}


@pytest.mark.parametrize(("what", "module"), [("months", cldr_months), ("days", cldr_days)])
def test_tables_are_those_that_babel_ships(what: str, module: object) -> None:
    tables = importlib.import_module("cldr_tables")
    made = {row for row in tables.module(what).splitlines() if "Source" not in row}
    held = set(Path(str(module.__dict__["__file__"])).read_text(encoding="utf-8").splitlines())
    # Another version of CLDR may correct a name or two.
    assert len(made - held) <= 6


@pytest.mark.parametrize(("language", "row"), MONTHS, ids=[f"{n}-{language}" for n, (language, _) in enumerate(MONTHS)])
def test_each_name_of_a_month_is_read(language: str, row: list[list[str]]) -> None:
    for month, names in enumerate(row, 1):
        for name in names:
            found = moment(f"5 {name.replace('_', ' ')} 2024, 14:30", locale=Locale(language=language))
            assert found is not None, name
            assert (found.day.year, found.day.month, found.day.day) == (2024, month, 5), name


@pytest.mark.parametrize(("calendar", "text"), calendar_names.TABLES[1:])
def test_each_name_of_another_calendar_is_read(calendar: str, text: str) -> None:
    for language, row in rows_of(text):
        days = []
        for names in row:
            found = [moment(f"5 {name.replace('_', ' ')} {YEARS[calendar]}", locale=Locale(language=language)) for name in names]
            assert all(found), names
            assert len({one.day for one in found if one}) == 1, names
            days += [one.day for one in found if one][:1]
        assert days == sorted(days) or calendar == "saka"


def test_days_of_the_week() -> None:
    known = weekday_names()
    assert [known[name] for name in ("monday", "dienstag", "четверг", "vendredi")] == [0, 1, 3, 4]


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("፲፪", "12"), ("፳፻፲፮", "2016"), ("二〇二四年三月十二日", "2024年3月12日"), ("二○一九年十月二十一日", "2019年10月21日"), ("१२/०३/२०२४", "12/03/2024"), ("１２：３０", "12:30"),
        ("4 سبتمبر، 2018", "4 سبتمبر, 2018"), ("plain", "plain"), ("၁၂", "12"), ("៣", "3"),
    ],
)  # fmt: skip
def test_figures_of_every_script(line: str, read: str) -> None:
    assert plain(line) == read

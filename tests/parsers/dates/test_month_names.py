"""Months of many languages: every row of the table is read in a printed date, and one name means one month."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

import pytest

from crawler.parsers.dates import month_names
from crawler.parsers.dates.dates import moment
from crawler.parsers.dates.locale import Locale
from crawler.parsers.dates.month_names import MONTHS

ROWS = [row.split() for row in month_names._NAMES.strip().splitlines()]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: "-".join(name for name in row[:3]))
def test_each_language_s_months_are_read_in_a_date(row: list[str]) -> None:
    for month, name in enumerate(row, 1):
        if name == "-":
            continue
        found = moment(f"5 {name} 2024, 14:30")
        assert found is not None, name
        assert (found.day.year, found.day.month, found.day.day) == (2024, month, 5), name


@pytest.mark.parametrize("row", ROWS, ids=lambda row: "-".join(name for name in row[:3]))
def test_a_row_names_each_month_once(row: list[str]) -> None:
    assert len(row) == 12
    names = [name for name in row if name != "-"]
    assert len(names) == len(set(names))


def test_names_are_found_in_any_case_even_where_folding_changes_letters() -> None:
    assert MONTHS["μαΐου".casefold()] == 5
    assert all(name == name.casefold() for name in MONTHS)


def test_no_name_means_two_months() -> None:
    months = defaultdict(set)
    for row in ROWS:
        for month, name in enumerate(row, 1):
            if name != "-":
                months[name].add(month)
    assert {name: found for name, found in months.items() if len(found) > 1} == {}


@pytest.mark.parametrize(
    "text",
    [
        "5 January 2024",
        "5 JANUARY 2024",
        "5 january, 2024",
        "January 5, 2024",
        "Jan. 5, 2024",
        "5. Jan. 2024",
        "5th of January 2024",
        "5 de enero de 2024",
    ],
)
def test_case_dots_and_ordinals_change_nothing(text: str) -> None:
    found = moment(text)
    assert found is not None
    assert found.day.isoformat() == "2024-01-05"


@pytest.mark.parametrize("form", ["%a %b %d, %Y", "%a, %d %b %Y", "%A, %d %B %Y", "%d %b %Y (%a)", "%B %d, %Y, %A"])
def test_a_day_of_the_week_is_no_month_of_another_language(form: str) -> None:
    for n in range(1096):
        day = date(2008, 1, 1) + timedelta(n)
        found = moment(day.strftime(form))
        assert found is not None
        assert found.day == day, day.strftime(form)


@pytest.mark.parametrize("language", ["ha", ""])
def test_a_month_that_is_a_day_of_the_week_elsewhere_is_one_where_no_other_stands(language: str) -> None:
    found = moment("12 Sat 2024", locale=Locale(language=language))
    assert found is not None
    assert found.day == date(2024, 9, 12)

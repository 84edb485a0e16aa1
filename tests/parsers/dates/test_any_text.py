"""Whatever a page prints where a date could stand is a date or none, never an error."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.parsers.dates.dates import moment, only_a_date

ODD = (
    "❷ March 2024",
    "² mars 2024",
    "3 ❸ 2024",
    "12.³.2024",
    "⑫-03-2024",
    "٣ مارس ²٠٢٤",
    "৩ মার্চ ২০২৪",
    "𝟑 March 𝟐𝟎𝟐𝟒",
    "2024年②月3日",
    "令和❼年3月1日",
)
SIGNS = st.sampled_from(
    [*"0123456789", *"٠٣۷५৩๒", *"²³①❷⓪㈠𝟛", *" ./-:,|年月日", "March", "mars", "марта", "مارس", "令和", "民國", "at", "Uhr", "PM", "ET"]
)


@pytest.mark.parametrize("line", ODD)
def test_digits_that_are_no_numbers(line: str) -> None:
    only_a_date(line)
    value = moment(line)
    assert value is None or 1800 < value.day.year < 2200


@given(st.lists(SIGNS, max_size=12).map("".join))
def test_signs_of_dates_in_any_order(line: str) -> None:
    only_a_date(line)
    value = moment(line)
    assert value is None or 1800 < value.day.year < 2200

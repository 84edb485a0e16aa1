"""Places in long lists."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.catalogue.keyset import Place, stretch


@given(st.dates().map(str) | st.datetimes().map(lambda one: f"{one.isoformat(timespec='microseconds')}Z") | st.text(max_size=100), st.integers(-(10**17), 10**17))
def test_a_place_is_read_as_it_is_written(date: str, row: int) -> None:
    assert Place.read(str(Place(date, row))) == Place(date, row)


@pytest.mark.parametrize("text", ["-", "x", "2026-01-01", "2026-01-01~", "2026-01-01~1;", "2026-01-01~1\n", "2026-01-01~١", "2026-01-01~" + "9" * 30])
def test_what_is_no_place_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text[:80])):
        Place.read(text)


def test_a_stretch_tells_where_it_goes_on() -> None:
    rows = [(Place("2026-01-01", n), n) for n in range(3)]
    assert (stretch(rows, 2).rows, stretch(rows, 2).further) == ([0, 1], Place("2026-01-01", 1))
    assert (stretch(rows, 3).rows, stretch(rows, 3).further) == ([0, 1, 2], None)
    assert stretch([], 3).further is None

"""Dates of feeds and sitemaps: an instant, or none where it cannot be known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.parsers.dates.list_dates import when

NOON = "2024-03-05T12:30:00+00:00"


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2024-03-05T12:30:00Z", NOON), ("2024-03-05T12:30Z", NOON), ("2024-03-05T14:30:00+02:00", NOON), ("2024-03-05T12:30:00", NOON), ("2024-03-05T12:30:00.5Z", "2024-03-05T12:30:00.500000+00:00"),
        ("2024-03-05", "2024-03-05T00:00:00+00:00"), ("2024-03", "2024-03-01T00:00:00+00:00"), ("2024", "2024-01-01T00:00:00+00:00"),
        ("Tue, 05 Mar 2024 12:30:00 GMT", NOON), ("Tue, 05 Mar 2024 12:30:00 +0000", NOON), ("Tue, 5 Mar 2024 14:30 +0200", NOON), ("05 Mar 2024 12:30:00 UT", NOON),
        ("Tue, 05 Mar 2024 07:30:00 EST", NOON), ("Tue, 05 Mar 24 12:30:00 GMT", NOON), ("Tuesday, 05-Mar-24 12:30:00 GMT", NOON), ("March 5, 2024 12:30", NOON),
        ("  2024-03-05T12:30:00Z\n", NOON), ("20240305T123000Z", NOON), ("1709641800", NOON), ("2024-03-05T12:30:00z", NOON), ("2024-03-05 12:30:00 +0000 UTC", NOON),
        ("2024-03-05 13:30 Europe/Berlin", NOON), ("5 mars 2024 12:30", NOON), ("2024-03-05T24:00:00Z", "2024-03-06T00:00:00+00:00"),
    ],
)  # fmt: skip
def test_an_instant(text: str, instant: str) -> None:
    found = when(text)
    assert found is not None
    assert found.isoformat() == instant
    assert found.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "text",
    [
        None, "", "   ", "never", "03/04/2024", "2024-02-30", "2024-13-01", "31 Feb 2024", "Tue, 05 Mar 2024 12:30:00 XYZT", "2024-03-05T25:00:00Z",
        "2024-03-05T12:30:00+99:00", "0000-00-00", "9999999999999999", "2024-03-05 12:30 No/Where", "x" * 10_000,
    ],
)  # fmt: skip
def test_what_cannot_be_known_is_none(text: str | None) -> None:
    assert when(text) is None


@given(st.datetimes(min_value=datetime(1971, 1, 1), max_value=datetime(2099, 1, 1)), st.integers(-13 * 60, 13 * 60))  # noqa: DTZ001
def test_both_standards_forms_of_any_instant_are_read(time: datetime, offset: int) -> None:
    aware = time.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=offset)))
    assert when(aware.isoformat()) == aware
    assert when(format_datetime(aware)) == aware


@given(st.text(max_size=80))
def test_no_text_raises(text: str) -> None:
    found = when(text)
    assert found is None or found.tzinfo is UTC or found.utcoffset() == timedelta(0)

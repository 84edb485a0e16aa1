"""Times and zones of printed dates: clocks of twelve and of twenty-four hours, zones by name and by offset, and what is none."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.parsers.dates.country_zones import zone_of_address
from crawler.parsers.dates.dates import Moment, bounded, moment, only_a_date, published_and_updated, zone_of


def iso(text: str, **more: bool) -> str | None:
    found = moment(text, **more)
    return None if found is None else found.iso("UTC")[0]


@pytest.mark.parametrize(
    ("clock", "time"),
    [
        ("12:00 AM", "00:00:00"), ("12:30 AM", "00:30:00"), ("1:05 AM", "01:05:00"), ("11:59 AM", "11:59:00"), ("12:00 PM", "12:00:00"),
        ("12:30 p.m.", "12:30:00"), ("1:05 pm", "13:05:00"), ("11:59 P.M.", "23:59:00"), ("00:00", "00:00:00"), ("23:59:58", "23:59:58"),
        ("9.05", "09:05:00"), ("9h05", "09:05:00"), ("17:30 Uhr", "17:30:00"), ("5 p.m.", "17:00:00"), ("5 AM", "05:00:00"),
    ],
)  # fmt: skip
def test_clocks(clock: str, time: str) -> None:
    assert iso(f"March 5, 2024 {clock}") == f"2024-03-05T{time}+00:00"


@pytest.mark.parametrize(
    ("zone", "offset"),
    [
        ("GMT", "+00:00"), ("UTC", "+00:00"), ("BST", "+01:00"), ("CET", "+01:00"), ("CEST", "+02:00"), ("MESZ", "+02:00"), ("EET", "+02:00"), ("MSK", "+03:00"),
        ("IRST", "+03:30"), ("IST", "+05:30"), ("JST", "+09:00"), ("KST", "+09:00"), ("EST", "-05:00"), ("EDT", "-04:00"), ("PST", "-08:00"), ("AEST", "+10:00"),
        ("+0330", "+03:30"), ("+03:30", "+03:30"), ("-0800", "-08:00"), ("GMT+2", "+02:00"), ("UTC-5", "-05:00"), ("GMT+05:30", "+05:30"), ("+0000", "+00:00"),
    ],
)  # fmt: skip
def test_zones(zone: str, offset: str) -> None:
    assert iso(f"5 March 2024 12:30 {zone}") == f"2024-03-05T12:30:00{offset}"


@pytest.mark.parametrize("zone", ["XYZ", "", "+2500", "GMT+99"])
def test_a_zone_that_is_none_is_assumed(zone: str) -> None:
    found = moment(f"5 March 2024 12:30 {zone}")
    assert found is not None
    assert found.iso("Asia/Tokyo") == ("2024-03-05T12:30:00+09:00", True)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2024-03-05", "2024-03-05"), ("20240305", "2024-03-05"), ("2024-03-05T12:30", "2024-03-05T12:30:00+00:00"), ("2024-03-05 12:30:45", "2024-03-05T12:30:45+00:00"),
        ("2024-03-05T12:30:45.123Z", "2024-03-05T12:30:45+00:00"), ("2024-03-05T12:30+02", "2024-03-05T12:30:00+02:00"), ("20240305T123045Z", "2024-03-05T12:30:45+00:00"),
        ("2024-03-05 9:05 PM", "2024-03-05T21:05:00+00:00"), ("2024/3/5", "2024-03-05"), ("2024.3.5", "2024-03-05"), ("5.3.2024", "2024-03-05"), ("05/03/2024", "2024-03-05"),
        ("13/03/2024", "2024-03-13"), ("03/13/2024", "2024-03-13"), ("2024年3月5日", "2024-03-05"), ("2024년 3월 5일", "2024-03-05"),
        ("Published: 5 March 2024 | Ada Moore", "2024-03-05"), ("Tuesday 5th of March 2024", "2024-03-05"), ("2024-02-30", None), ("31 February 2024", None),
        ("2024-13-05", None), ("5 Foo 2024", None), ("March 2024", None), ("2124-03-05", None), ("12:30", None), ("1/2/3", None),
    ],
)  # fmt: skip
def test_forms(text: str, found: str | None) -> None:
    assert iso(text) == found


@pytest.mark.parametrize(("text", "found"), [("3/5/2024", "2024-03-05"), ("13/5/2024", "2024-05-13"), ("3.5.2024", "2024-03-05")])
def test_in_american_order(text: str, found: str) -> None:
    assert iso(text, us_order=True) == found


@given(st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2099, 12, 31)), st.integers(-14 * 60, 14 * 60))  # noqa: DTZ001
def test_what_python_writes_is_read_back(time: datetime, offset: int) -> None:
    aware = time.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=offset)))
    found = moment(aware.isoformat())
    assert found is not None
    assert found.time == aware
    assert found.day == aware.date()


@given(st.text(max_size=60))
def test_no_text_raises(text: str) -> None:
    moment(text)
    only_a_date(text)
    published_and_updated(text)


def test_a_moment_says_what_was_assumed() -> None:
    day = date(2024, 3, 5)
    assert Moment(day=day).iso("Asia/Tokyo") == ("2024-03-05", False)
    assert Moment(day=day, time=datetime(2024, 3, 5, 12)).iso("Asia/Tokyo") == ("2024-03-05T12:00:00+09:00", True)  # noqa: DTZ001
    assert Moment(day=day, time=datetime(2024, 3, 5, 12, tzinfo=UTC)).iso("Asia/Tokyo") == ("2024-03-05T12:00:00+00:00", False)


@pytest.mark.parametrize(("name", "offset"), [("UTC", 0), ("GMT", 0), ("Asia/Tehran", 210), ("No/Where", 0), ("../etc/passwd", 0), ("", 0)])
def test_zones_by_name(name: str, offset: int) -> None:
    assert datetime(2024, 12, 5, tzinfo=zone_of(name)).utcoffset() == timedelta(minutes=offset)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("5 March 2024 Updated: 6 March 2024", ("5 March 2024", "6 March 2024")), ("5 March 2024 (last updated on 6 March 2024)", ("5 March 2024", "6 March 2024")),
        ("5 mars 2024 - Mis à jour le 6 mars 2024", ("5 mars 2024", "6 mars 2024")), ("5. März 2024, aktualisiert am 6. März 2024", ("5. März 2024,", "6. März 2024")),
        ("Updated 6 March 2024", ("", "6 March 2024")), ("5 March 2024 | Updated:", ("5 March 2024", None)), ("5 March 2024", ("5 March 2024", None)), ("", ("", None)),
    ],
)  # fmt: skip
def test_published_and_updated(line: str, found: tuple[str, str | None]) -> None:
    assert published_and_updated(line) == found


@pytest.mark.parametrize(
    ("line", "only"),
    [
        ("5 March 2024", True), ("Tuesday, March 5, 2024 at 12:30 PM GMT", True), ("Published on 5 March 2024", True), ("Posted 5 March 2024 by Ada Moore", True),
        ("The bridge was opened on 5 March 2024 by the mayor", False), ("No date at all", False), ("", False), ("5 March 2024 " + "x" * 200, False),
        ("mardi 5 mars 2024 à 12h30", True),
    ],
)  # fmt: skip
def test_lines_that_are_only_a_date(line: str, only: bool) -> None:
    assert only_a_date(line) is only


@pytest.mark.parametrize(
    ("text", "within"),
    [
        ("2024-03-05", True), ("2024-03-06", True), ("2024-03-07", False), ("2024-03-06T11:59:00+00:00", True), ("2024-03-06T12:01:00+00:00", False),
        ("2024-03-06T14:00:00+02:00", True), ("2024-03-05T12:00:00", False), ("no date", False), ("", False), ("9999-12-31", False),
    ],
)  # fmt: skip
def test_bounded_by_the_capture(text: str, within: bool) -> None:
    assert bounded(text, datetime(2024, 3, 5, 12, tzinfo=UTC)) is within


@pytest.mark.parametrize(
    ("url", "zone"),
    [
        ("https://a.example.jp/x", "Asia/Tokyo"), ("https://paper.de/", "Europe/Berlin"), ("http://www.paper.co.uk/", "Europe/London"), ("https://paper.com/", None),
        ("https://paper.io/", None), ("https://paper.us/", None), ("", None), ("no address", None), ("https://10.0.0.1/", None), ("https://PAPER.IR:8443/", "Asia/Tehran"),
    ],
)  # fmt: skip
def test_zone_of_an_address(url: str, zone: str | None) -> None:
    assert zone_of_address(url) == zone

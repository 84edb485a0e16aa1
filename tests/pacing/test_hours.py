"""Hours at which hosts may be asked: windows across midnight, days of the week, zones, and the nights on which clocks are changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from runs import NOW, fixture_of_runs
from targets import page_request

from crawler.crawl.run import Run
from crawler.errors import SetupError
from crawler.pacing.hours import Hours, read_hours
from crawler.sites.known import WEB

make = fixture_of_runs("web")

NIGHT = "22:00-06:00 Europe/Berlin"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "when", "is_open"),
    [
        (NIGHT, "2026-11-28 20:59", False),
        (NIGHT, "2026-11-28 21:00", True),
        (NIGHT, "2026-11-28 23:59", True),
        (NIGHT, "2026-11-29 00:00", True),
        (NIGHT, "2026-11-29 04:59", True),
        (NIGHT, "2026-11-29 05:00", False),
        (NIGHT, "2026-07-01 20:00", True),
        (NIGHT, "2026-07-01 04:00", False),
        ("09:00-17:00 UTC", "2026-11-28 09:00", True),
        ("09:00-17:00 UTC", "2026-11-28 17:00", False),
        ("00:00-24:00", "2026-11-28 23:59", True),
        ("22:00-24:00 UTC", "2026-11-28 23:59", True),
        ("22:00-24:00 UTC", "2026-11-29 00:00", False),
        ("22:00-00:00 UTC", "2026-11-28 23:30", True),
        # 27 November 2026 is a Friday.
        ("Fri 22:00-06:00 UTC", "2026-11-28 05:00", True),
        ("Fri 22:00-06:00 UTC", "2026-11-27 05:00", False),
        ("Fri 22:00-06:00 UTC", "2026-11-28 22:30", False),
        ("Sat-Mon 10:00-11:00 UTC", "2026-11-30 10:30", True),
        ("Sat-Mon 10:00-11:00 UTC", "2026-12-01 10:30", False),
        ("mon-fri 20:00-07:00 UTC, Sat-Sun 00:00-24:00 UTC", "2026-11-28 12:00", True),
        ("mon-fri 20:00-07:00 UTC, Sat-Sun 00:00-24:00 UTC", "2026-11-27 12:00", False),
        ("", "2026-11-28 12:00", True),
    ],
)
def test_a_time_lies_within_or_outside(hours: str, when: str, is_open: bool) -> None:
    assert read_hours(hours).open(at(when)) is is_open


def test_the_zone_of_the_site_is_meant_where_none_is_named() -> None:
    for text in ("22:00-06:00", "22:00-06:00 site"):
        assert read_hours(text, "Asia/Tehran").open(at("2026-11-28 18:30"))
        assert not read_hours(text, "Asia/Tehran").open(at("2026-11-28 18:29"))
        assert not read_hours(text, "UTC").open(at("2026-11-28 18:30"))


def open_minutes(hours: Hours, begin: str, end: str) -> int:
    first, last = at(begin), at(end)
    return sum(hours.open(first + timedelta(minutes=n)) for n in range(int((last - first) / timedelta(minutes=1))))


def test_a_night_is_as_long_as_the_clocks_on_the_wall_say() -> None:
    hours = read_hours(NIGHT)
    assert open_minutes(hours, "2026-11-28 12:00", "2026-11-29 12:00") == 8 * 60
    assert open_minutes(hours, "2026-03-28 12:00", "2026-03-29 12:00") == 7 * 60, "summer begins"
    assert open_minutes(hours, "2026-10-24 12:00", "2026-10-25 12:00") == 9 * 60, "summer ends"
    gap = read_hours("02:00-03:00 Europe/Berlin")
    assert open_minutes(gap, "2026-03-28 12:00", "2026-03-29 12:00") == 0, "that hour is left out"
    assert open_minutes(gap, "2026-10-24 12:00", "2026-10-25 12:00") == 2 * 60, "that hour comes twice"


@pytest.mark.parametrize(
    ("hours", "now", "opens"),
    [
        (NIGHT, "2026-11-28 12:00", "2026-11-28 21:00"),
        (NIGHT, "2026-11-29 05:00", "2026-11-29 21:00"),
        (NIGHT, "2026-03-29 12:00", "2026-03-29 20:00"),
        ("Fri 22:00-06:00 UTC", "2026-11-28 07:00", "2026-12-04 22:00"),
        ("02:30-04:00 Europe/Berlin", "2026-03-28 23:00", "2026-03-29 01:00"),
        ("02:00-03:00 Europe/Berlin", "2026-03-28 23:00", "2026-03-30 00:00"),
    ],
)
def test_the_next_hours_begin_at(hours: str, now: str, opens: str) -> None:
    assert read_hours(hours).opens(at(now)) == at(opens)


MINUTES = st.integers(0, 1439)
ZONES = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Tehran", "Australia/Lord_Howe", "Pacific/Apia"])
MOMENTS = st.integers(0, 4 * 366 * 1440).map(lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes))


@given(MINUTES, MINUTES, ZONES, MOMENTS)
def test_what_is_said_to_open_opens_then_and_not_before(begin: int, end: int, zone: str, now: datetime) -> None:
    if begin == end:
        end = begin + 1
    hours = read_hours(f"{begin // 60}:{begin % 60:02d}-{end // 60}:{end % 60:02d} {zone}")
    opens = hours.opens(now)
    assert opens is not None
    assert hours.open(opens)
    if not hours.open(now):
        assert not any(hours.open(now + timedelta(minutes=n)) for n in range(min(int((opens - now) / timedelta(minutes=1)), 3000)))


@pytest.mark.parametrize(
    "text", ["22-06", "22:00", "25:00-06:00", "22:00-06:60", "22:00-22:00", "Foo 22:00-06:00", "22:00-06:00 Mars/Base", "24:00-06:00"]
)
def test_what_means_nothing_is_refused(text: str) -> None:
    with pytest.raises(SetupError, match="ARCHIVE_HOURS"):
        read_hours(text)


def test_a_run_that_comes_to_the_end_of_its_hours_finishes_what_is_in_flight(make: object) -> None:
    run: Run = make(WEB)  # type: ignore[operator]
    time = [NOW]
    run.policy.clock = lambda: time[0]
    run.dispatcher.pace.hours = read_hours("11:00-13:00 UTC")
    run.frontier.add([page_request(n, f"h{n}.example") for n in range(3)])
    lease = run.dispatcher.lease()
    assert lease is not None
    time[0] = NOW + timedelta(hours=1)
    assert run.dispatcher.lease() is None
    assert run.dispatcher.pending(), "one is in flight"
    run.frontier.settle(lease.key, "done")
    assert not run.dispatcher.pending(), "two wait for the next hours"
    time[0] = NOW + timedelta(days=1)
    assert run.dispatcher.lease() is None, "of another run: this one is over"
    assert run.dispatcher.pace.held_by == "ARCHIVE_HOURS=11:00-13:00 UTC"

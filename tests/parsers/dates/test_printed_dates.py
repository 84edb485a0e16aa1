"""Printed dates of every era, with and without zone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.parsers.dates.country_zones import ZONES
from crawler.parsers.dates.dates import bounded, moment, only_a_date, published_and_updated, zone_of
from crawler.parsers.document.page import Page
from crawler.parsers.template import parse

ROWS = [
    ("Sun Oct 30, 2011 11:28AM", "2011-10-30T11:28:00+00:00", True),
    ("Wed Aug 1, 2012 3:35PM", "2012-08-01T15:35:00+00:00", True),
    ("Mon Sep 23, 2019 09:34PM", "2019-09-23T21:34:00+00:00", True),
    ("Tuesday, 02 July 2019 12:05 AM", "2019-07-02T00:05:00+00:00", True),
    ("Sat, 15 Aug 2026 21:39:28 +0330", "2026-08-15T21:39:28+03:30", False),
    ("2026-08-15T17:56:41Z", "2026-08-15T17:56:41+00:00", False),
    ("15 août 2026 à 12h30", "2026-08-15T12:30:00+00:00", True),
    ("3.5.2021, 14:30 Uhr", "2021-05-03T14:30:00+00:00", True),
    ("12:30 PM, March 5, 2020", "2020-03-05T12:30:00+00:00", True),
    ("October 7, 2023 at 5 p.m. EDT", "2023-10-07T17:00:00-04:00", False),
    ("2021年3月5日 12:30", "2021-03-05T12:30:00+00:00", True),
    ("7 Apr 2016", "2016-04-07", False),
    ("Mon Aug 03 12:45:00 EDT 2015", "2015-08-03T12:45:00-04:00", False),
    ("Mon Aug  3 12:45:00 2015", "2015-08-03T12:45:00+00:00", True),
    ("2019年04月21日 12時00分更新", "2019-04-21T12:00:00+00:00", True),
    ("2026년 1월 29일 오후 6:40", "2026-01-29T18:40:00+00:00", True),
    ("2019年4月21日 午前0時05分", "2019-04-21T00:05:00+00:00", True),
    ("２０２４年５月６日", "2024-05-06", False),
    ("٢٢ أكتوبر ٢٠٢٤", "2024-10-22", False),
    ("۲۰۲۴/۱۰/۲۲ ۱۲:۳۰", "2024-10-22T12:30:00+00:00", True),
    ("10/11/2022 08:00 AM EDT", "2022-10-11T08:00:00-04:00", False),
    ("10/11/2022 08:00 CET", "2022-11-10T08:00:00+01:00", False),
    ("22. rujna 2024.", "2024-09-22", False),
    ("2024. október 22., 12:30", "2024-10-22T12:30:00+00:00", True),
    ("2024. gada 5. oktobris, 12.30", "2024-10-05T12:30:00+00:00", True),
    ("5. oktobra 2024 ob 12:30", "2024-10-05T12:30:00+00:00", True),
    ("22 октомври 2024", "2024-10-22", False),
    ("2024 m. spalio 22 d. 12:30", "2024-10-22T12:30:00+00:00", True),
    ("22. oktoober 2024", "2024-10-22", False),
    ("22 באוקטובר 2024", "2024-10-22", False),
]


@pytest.mark.parametrize(("text", "iso", "assumed"), ROWS)
def test_printed(text: str, iso: str, assumed: bool) -> None:
    found = moment(text)
    assert found is not None
    assert found.iso("UTC") == (iso, assumed)


def test_the_head_of_the_modern_layout_prints_the_month_first() -> None:
    found = moment("3/9/2026 11:50:13 AM", us_order=True)
    assert found is not None
    assert found.iso("Asia/Tehran") == ("2026-03-09T11:50:13+03:30", True)


@pytest.mark.parametrize("text", ["", "hello", "May 5", "45 July 2020", "Sunday Oct 30, 201111:25 AM GMT"])
def test_no_date(text: str) -> None:
    assert moment(text) is None


def test_the_update_is_told_apart() -> None:
    assert published_and_updated("A 2019 [Updated: B 2019 ]") == ("A 2019", "B 2019")
    assert published_and_updated("A 2019 \u00a0[ Last Update: B 2019 ]") == ("A 2019", "B 2019")
    assert published_and_updated("A 2019") == ("A 2019", None)


def test_a_caption_with_a_date_is_no_date_line() -> None:
    assert only_a_date("Tuesday, 02 July 2019 6:15 AM [ Last Update: Tuesday, 02 July 2019 6:15 AM ]")
    assert not only_a_date("Port cranes are seen at dusk, August 12, 2026.")


def test_never_later_than_the_capture_by_more_than_a_day() -> None:
    captured = datetime(2026, 8, 15, 12, tzinfo=UTC)
    assert bounded("2026-08-16T11:00:00+00:00", captured)
    assert not bounded("2026-08-16T13:00:00+00:00", captured)
    assert not bounded("2026-09-01", captured)


@pytest.mark.parametrize(
    ("host", "iso"),
    [
        ("post.example.jp", "2026-03-01T12:30:00+09:00"),
        ("post.de", "2026-03-01T12:30:00+01:00"),
        ("post.example.com", "2026-03-01T12:30:00+00:00"),
    ],
)
def test_a_time_without_zone_is_counted_in_the_country_of_the_host(host: str, iso: str) -> None:
    html = "<html><body><h1>Ferry makes its last crossing</h1><div>1 March 2026, 12:30</div></body></html>"
    found = parse(Page.from_text(f"https://{host}/a", datetime(2026, 3, 2, tzinfo=UTC), html))
    assert (found.published, found.problems) == (iso, ("zone-assumed",))


def test_every_zone_of_a_country_is_known() -> None:
    assert {name for name in ZONES.values() if zone_of(name) is UTC} == set()


def test_the_time_nearest_the_headline_is_meant() -> None:
    other = "<li><time datetime=2026-02-01T10:00Z>x</time></li>"
    html = f"<nav><ul>{other}</ul></nav><h1>Ferry makes its last crossing</h1><aside>{other}</aside><time datetime=2026-03-01T08:30Z>x</time>{other}"
    found = parse(Page.from_text("https://post.example/a", datetime(2026, 3, 2, tzinfo=UTC), f"<html><body>{html}</body></html>"))
    assert found.published == "2026-03-01T08:30:00+00:00"

"""When a host that is no mirror is given up, and how long one is waited for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from runs import NOW

from crawler.hosts.health import HostHealth
from crawler.hosts.mirror_health import MirrorBoard
from crawler.items import Mirror


def book(most: int) -> HostHealth:
    return HostHealth(mirrors=MirrorBoard("demo", ()), give_up_after=most)


def test_failures_in_a_row_end_it() -> None:
    hosts = book(3)
    assert [hosts.report_host("a", "timeout", None) for _ in range(2)] == [False, False]
    assert hosts.given_up("a") is None
    assert hosts.report_host("a", "status", 503)
    assert hosts.given_up("a") == ("status", "host given up after 3 failures in a row")
    assert hosts.given_up("b") is None


def test_an_answer_between_them_starts_anew() -> None:
    hosts = book(2)
    for reason, status in (("timeout", None), (None, 200), ("timeout", None), ("status", 404), ("connect", None)):
        hosts.report_host("a", reason, status)
    assert hosts.given_up("a") is None


def test_what_was_in_flight_brings_no_host_back() -> None:
    hosts = book(1)
    hosts.report_host("a", "dns", None)
    hosts.report_host("a", None, 200)
    assert hosts.given_up("a")


def test_a_wait_is_kept_until_it_is_over_and_a_shorter_one_takes_none_back() -> None:
    hosts = book(1)
    assert hosts.next_wait(NOW) is None
    for seconds in (60.0, 30.0, 0.0):
        hosts.wait("a", seconds, NOW)
    hosts.wait("b", 40.0, NOW)
    assert hosts.waits_until("a", NOW) == NOW + timedelta(seconds=60)
    assert hosts.next_wait(NOW) == 40
    later = NOW + timedelta(seconds=50)
    assert (hosts.waits_until("b", later), hosts.next_wait(later)) == (None, 10)


def test_a_report_on_a_mirror_saves_the_book_and_tells_whether_it_changed() -> None:
    saved: list[bool] = []
    hosts = HostHealth(mirrors=MirrorBoard("demo", (Mirror("a"),), clock=lambda: NOW), keep=saved.append)
    hosts.report_mirror("a", None, status=200, now=NOW, newest=7)
    hosts.report_mirror("a", "dns", status=None, now=NOW, wait=90.0)
    assert saved == [False, True]
    assert hosts.mirrors.pause("a", now=NOW) == 90


@pytest.mark.parametrize(
    ("reason", "status", "counts"),
    [
        (None, 200, False),
        ("status", 404, False),
        ("status", 410, False),
        ("status", None, False),
        ("status", 429, True),
        ("status", 500, True),
        ("status", 503, True),
        ("dns", None, True),
        ("connect", None, True),
        ("timeout", None, True),
        ("wrong-article", 200, False),
    ],
)
def test_what_counts_against_a_host(reason: str | None, status: int | None, counts: bool) -> None:
    assert book(1).report_host("a", reason, status) is counts


def test_a_host_is_given_up_once() -> None:
    hosts = book(2)
    assert [hosts.report_host("a", "dns", None) for _ in range(4)] == [False, True, False, False]

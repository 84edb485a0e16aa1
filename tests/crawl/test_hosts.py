"""When a host that is nobody's mirror is given up."""

from __future__ import annotations

from crawler.crawl.hosts import Hosts


def test_failures_in_a_row_end_it() -> None:
    hosts = Hosts(most=3)
    assert [hosts.report("a", "timeout", None) for _ in range(2)] == [False, False]
    assert hosts.given_up("a") is None
    assert hosts.report("a", "status", 503)
    assert hosts.given_up("a") == ("status", "host given up after 3 failures in a row")
    assert hosts.given_up("b") is None


def test_an_answer_between_them_starts_anew() -> None:
    hosts = Hosts(most=2)
    for reason, status in (("timeout", None), (None, 200), ("timeout", None), ("status", 404), ("connect", None)):
        hosts.report("a", reason, status)
    assert hosts.given_up("a") is None


def test_what_was_in_flight_brings_no_host_back() -> None:
    hosts = Hosts(most=1)
    hosts.report("a", "dns", None)
    hosts.report("a", None, 200)
    assert hosts.given_up("a")

"""The scheduler's clock: woken when the next request may be sent, sooner when something sooner comes."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast

from attrs import evolve
from scrapy import Request

from crawler.frontier.scheduler import FrontierScheduler, request_of
from crawler.items import LeasedRequest, Target

LEASE = LeasedRequest(target=Target(key="k", url="http://a.example/", site="web", role="page"))


class Leases:
    """A run with nothing to give until so many seconds have passed."""

    def __init__(self) -> None:
        self.seconds: float | None = None

    def lease(self) -> LeasedRequest | None:
        return None

    def pending(self) -> bool:
        return False

    def wait(self) -> float | None:
        return self.seconds


def scheduler() -> tuple[FrontierScheduler, Leases, list[float]]:
    leases, woken = Leases(), list[float]()
    loop = asyncio.get_running_loop()
    engine = SimpleNamespace(running=True, crawl=lambda request: woken.append(loop.time()))
    return FrontierScheduler(leases, cast("Any", SimpleNamespace(engine=engine))), leases, woken


def test_an_address_is_asked_for_as_the_link_has_it() -> None:
    url = "http://a.example/p[1]?a[]=1|2&b={3}"
    request = request_of(evolve(LEASE, target=LEASE.target.at(url)))
    assert request.url == url
    assert request.replace(url=f"{url}&c=^").url == f"{url}&c=^"


async def test_an_alarm_is_moved_earlier_and_never_later() -> None:
    made, leases, woken = scheduler()
    alarms = []
    for leases.seconds in (4.0, 0.02, 3.0, None):
        assert made.next_request() is None
        assert made._alarm is not None
        alarms.append(made._alarm.when() - asyncio.get_running_loop().time())
    assert alarms[0] > 3
    assert max(alarms[1:]) < 0.1
    await asyncio.sleep(0.1)
    assert len(woken) == 1, "the first alarm is taken back"
    leases.seconds = 60
    assert made.next_request() is None
    assert made._alarm is None, "Scrapy looks by itself before that"


async def test_a_redirect_that_is_to_wait_waits_and_others_pass_it() -> None:
    made, _, woken = scheduler()
    now = asyncio.get_running_loop().time()
    for name, wait in (("later", 0.05), ("first", 0.0), ("second", 0.0)):
        meta = {"lease": LEASE} | ({"not_before": now + wait} if wait else {})
        assert made.enqueue_request(Request(f"http://a.example/{name}", meta=meta))
    assert [cast("Request", made.next_request()).url[17:] for _ in range(2)] == ["first", "second"]
    assert made.next_request() is None
    assert made.has_pending_requests()
    await asyncio.sleep(0.1)
    assert len(woken) == 1
    late = made.next_request()
    assert late is not None
    assert (late.url[17:], "not_before" in late.meta) == ("later", False)
    assert not made.enqueue_request(Request("http://wake.invalid/"))


async def test_a_closed_scheduler_wakes_nobody_and_a_broken_one_gives_nothing() -> None:
    made, leases, woken = scheduler()
    made.close("finished")
    leases.seconds = 0.02
    assert made.next_request() is None
    made.close("finished")
    await asyncio.sleep(0.05)
    assert woken == []
    made._broken = True
    assert made.next_request() is None
    assert not made.has_pending_requests()


async def test_an_alarm_of_an_engine_that_has_ended_does_nothing() -> None:
    made, leases, woken = scheduler()
    made._crawler.engine.running = False
    leases.seconds = 0.01
    assert made.next_request() is None
    await asyncio.sleep(0.05)
    assert woken == []

"""Pace of hosts: a request is handed out when its host may be asked, so that none waits in the place of another."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from types import SimpleNamespace
from typing import Any

import pytest
from runs import fixture_of_runs
from scrapy import Request
from targets import page_request

from crawler.crawl import dispatcher
from crawler.crawl.run import Run
from crawler.hosts.policy import RetryPolicy
from crawler.items import Mirror
from crawler.pacing import pace
from crawler.pacing.pace import Pace
from crawler.sites.known import WEB
from crawler.sites.site import Site
from crawler.spiders.crawling import share_paces
from crawler.spiders.paced_slots import PacedDownloader, PacedSlot

SITE = Site(name="paper", title="Paper", language="en", stories=(), seeds=(), mirrors=tuple(Mirror(host=f"m{n}.example") for n in range(4)))

WAITING: Any = (Request("https://a.example/"), None)


make = fixture_of_runs("web")


def slot(delay: float = 10.0, jitter: float = 0.3, *, sent: float | None = None, concurrency: int = 1) -> PacedSlot:
    one = PacedSlot(concurrency, delay, jitter)
    if sent is not None:
        one.lastseen = monotonic() - sent
    return one


def test_a_slot_draws_its_delay_once_for_each_request() -> None:
    one, drawn = slot(), set[float]()
    assert one.ready_at() == 0.0
    for n in range(1, 50):
        one.lastseen = n
        drawn.add(one.download_delay())
        assert one.ready_at() == n + one.download_delay()
        assert one.download_delay() == one.download_delay()
    assert all(7 <= each <= 13 for each in drawn)
    assert len(drawn) > 40
    one.delay = 20.0
    assert one.download_delay() >= 14, "as Crawl-delay asks"
    assert slot(0.0).download_delay() == 0.0


def test_the_downloader_s_slots_are_paced() -> None:
    bare = SimpleNamespace(slots={}, per_slot_settings={"b.example": {"delay": 3.0}}, _start_slot_gc=lambda: None, _delay=1.0, _jitter=0.2)
    bare.__dict__.update(ip_concurrency=0, domain_concurrency=2, get_slot_key=lambda request: request.host)
    downloader = PacedDownloader.__new__(PacedDownloader)
    downloader.__dict__.update(bare.__dict__)
    for host, delay in (("a.example", 1.0), ("b.example", 3.0)):
        key, one = downloader._get_slot(SimpleNamespace(host=host))  # type: ignore[arg-type]
        assert (key, one.delay, one.jitter, one.concurrency) == (host, delay, 0.2, 2)
        assert isinstance(one, PacedSlot)
        assert downloader._get_slot(SimpleNamespace(host=host))[1] is one  # type: ignore[arg-type]


def test_a_host_is_asked_when_its_delay_is_over() -> None:
    one = slot(jitter=0.0, sent=4.0)
    paced = Pace(delay=10.0, slots={"a.example": one})
    assert paced.wait("a.example", 0) == pytest.approx(6 - pace.EARLY, abs=0.5)
    assert paced.wait("b.example", 0) is None
    one.lastseen = monotonic() - 11
    assert paced.wait("a.example", 0) is None
    one.transferring.add(Request("https://a.example/"))
    assert paced.wait("a.example", 1) == 0.0, "its answer is waited for"
    one.transferring.clear()
    one.queue.append(WAITING)
    assert paced.wait("a.example", 1) == 0.0, "a request waits there already"


def test_a_request_on_its_way_counts_until_it_is_sent_or_ended() -> None:
    paced = Pace(delay=10.0, slots={})
    paced.lease("a.example")
    assert paced.wait("a.example", 1) == 0.0, "no slot yet: robots.txt is being fetched"
    assert paced.wait("a.example", 0) is None, "refused, maybe"
    one = slot(jitter=0.3, sent=20.0)
    paced.slots = {"a.example": one}
    paced.lease("a.example")
    assert paced.wait("a.example", 1) == pytest.approx(7, abs=0.5)
    assert paced.wait("a.example", 0) is None
    one.lastseen = monotonic() + 0.001
    wait = paced.wait("a.example", 1)
    assert wait is not None
    assert 6.5 < wait < 13.5


def test_without_a_delay_only_what_waits_in_the_slot_counts() -> None:
    one = slot(0.0, sent=0.0, concurrency=2)
    paced = Pace(slots={"a.example": one})
    paced.lease("a.example")
    assert paced.wait("a.example", 1) is None
    one.queue.append(WAITING)
    assert paced.wait("a.example", 3) == 0.0


def test_requests_whose_host_waits_take_no_place_of_others(make: Callable[..., Run]) -> None:
    run = make(WEB, retry=RetryPolicy(leases_per_host=4))
    run.dispatcher.pace = Pace(delay=10.0, slots={})
    run.frontier.add([page_request(n, f"h{n % 5}.example") for n in range(40)])
    leased = [one for one in (run.dispatcher.lease() for _ in range(20)) if one is not None]
    assert [one.url.split("/")[2] for one in leased] == [f"h{n}.example" for n in range(5)], (
        "one of each host, though four may be in flight"
    )
    run.dispatcher.use_slots({f"h{n}.example": slot(jitter=0.0, sent=0.0) for n in range(5)})
    for one in leased:
        run.frontier.settle(one.key, "done")
    assert run.dispatcher.lease() is None
    wait = run.dispatcher.wait()
    assert wait is not None
    assert 9 < wait <= 10, "the alarm is set for the first of them"


def test_mirrors_that_all_rest_are_passed_in_one_step(make: Callable[..., Run], monkeypatch: pytest.MonkeyPatch) -> None:
    def begin() -> Run:
        run = make(SITE)
        run.frontier.add([page_request(n, "m0.example", site="paper", role="story", story=f"paper/{n}", language="en") for n in range(100)])
        return run

    run, chosen = begin(), list[str]()
    choose = type(run.policy).choose
    monkeypatch.setattr(type(run.policy), "choose", lambda self, row, **more: chosen.append(row.key) or choose(self, row, **more))
    run.dispatcher.use_slots({f"m{n}.example": slot(sent=0.0) for n in range(4)})
    assert run.dispatcher.lease() is None
    assert chosen == []
    run = begin()
    run.dispatcher.use_slots({"m0.example": slot(sent=0.0)})
    assert run.dispatcher.lease() is None
    assert len(chosen) == 1, "rows that are alike go to the same mirror, which waits"


def test_a_row_that_waits_for_a_mirror_while_others_are_free_sets_the_alarm(make: Callable[..., Run]) -> None:
    run = make(SITE)
    run.frontier.add([page_request(n, "m0.example", site="paper", role="story", story=f"paper/{n}", language="en") for n in range(3)])
    run.dispatcher.use_slots({"m0.example": slot(jitter=0.0, sent=0.0)})
    assert run.dispatcher.lease() is None, "the first mirror is well, and waits for its delay"
    wait = run.dispatcher.wait()
    assert wait is not None, "nothing else would wake the crawl"
    assert 9 < wait <= 10
    run.dispatcher.use_slots({})
    assert run.dispatcher.lease() is not None
    assert run.dispatcher.wait() is None


def test_room_on_the_disk_is_believed_for_a_moment(make: Callable[..., Run], monkeypatch: pytest.MonkeyPatch) -> None:
    run, looks = make(WEB), list[int]()
    monkeypatch.setattr(type(run.collection.disk), "enough", lambda self: looks.append(1) or len(looks) != 2)
    monkeypatch.setattr(dispatcher, "monotonic", lambda: 1000.0 + len(looks))
    run.frontier.add([page_request(n) for n in range(4)])
    assert run.dispatcher.lease() is not None
    monkeypatch.setattr(dispatcher, "monotonic", lambda: 1001.0)
    run.dispatcher.lease()
    assert len(looks) == 2


def test_runs_of_one_process_keep_the_delay_of_a_host_together() -> None:
    flying, slots = {"a.example": 0}, dict[str, Any]()
    one, other = Pace(delay=10.0, slots={}), Pace(delay=10.0, slots=slots)
    other.in_flight = lambda host: flying.get(host, 0)
    share_paces([one, other])
    assert one.wait("a.example", 0) is None, "nobody has asked it"
    flying["a.example"] = 1
    other.lease("a.example")
    assert one.wait("a.example", 0) == 10.0, "on its way to the host, or waiting for its robots.txt"
    slots["a.example"] = slot(10.0, 0.0)
    assert one.wait("a.example", 0) == 10.0, "leased and not sent"
    slots["a.example"].lastseen = monotonic() - 4.0
    other._leased["a.example"] = monotonic() - 5.0
    assert one.wait("a.example", 0) == pytest.approx(6.0, abs=0.5)
    slots["a.example"].lastseen = monotonic() - 11.0
    other._leased["a.example"] = monotonic() - 12.0
    assert one.wait("a.example", 0) is None
    slots["a.example"].transferring.add(WAITING[0])
    assert one.wait("a.example", 0) == 10.0, "its answer is awaited: one request at a time"
    assert one.wait("b.example", 0) is None
    assert other.wait("b.example", 0) is None


def test_without_delays_runs_do_not_hold_each_other_up() -> None:
    one, other = Pace(slots={}), Pace(slots={"a.example": slot(0.0)})
    other.in_flight = lambda host: 1
    share_paces([one, other])
    assert one.wait("a.example", 0) is None


def test_no_more_requests_are_handed_out_than_a_host_without_delay_may_have_at_once() -> None:
    slots = {"a.example": slot(0.0, concurrency=2)}
    one = Pace(slots=slots)
    assert one.wait("a.example", 0) is None
    one.lease("a.example")
    assert one.wait("a.example", 1) is None
    assert one.wait("a.example", 2) == 0.0, "a third would wait in the slot, in the place of a request to another host"
    slots["a.example"].lastseen = monotonic()
    assert one.wait("a.example", 2) is None, "sent and answered; their pages are being read"
    slots["a.example"].transferring.update({Request("https://a.example/1"), Request("https://a.example/2")})
    assert one.wait("a.example", 2) == 0.0

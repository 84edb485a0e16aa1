"""Delays of hosts: within their bounds, the slower the longer, doubled by signs of overload, and back with good answers."""

from __future__ import annotations

import itertools
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from runs import NOW, fixture_of_runs
from targets import made

from crawler.crawl.run import Run
from crawler.items import Capture, Exchange
from crawler.pacing.delays import MEMORY, DelayPolicy, Delays
from crawler.pacing.pace import Pace
from crawler.pacing.past import signs_of_overload
from crawler.sites.known import WEB
from crawler.spiders.crawling import share_paces
from crawler.spiders.paced_slots import PacedDownloader

HOST = "a.example"
POLICY = DelayPolicy(floor=1.0, ceiling=60.0, factor=5.0, first=2.0)

make = fixture_of_runs("web")

EVENTS = st.lists(st.one_of(st.floats(0.0, 200.0), st.sampled_from(["429", "503", "timeout"])), max_size=60)


def play(events: list[Any], policy: DelayPolicy = POLICY, crawl_delay: float = 0.0) -> list[float]:
    """The delay of a host after each event: the seconds of a good answer, or a sign of overload."""
    book, seen = Delays(policy=policy), list[float]()
    if crawl_delay:
        book.keep(HOST, crawl_delay)
    for event in events:
        if isinstance(event, str):
            book.overloaded(HOST, event)
        else:
            book.answered(HOST, event)
        seen.append(book.of(HOST))
    return seen


@given(EVENTS, st.floats(0.0, 90.0), st.floats(0.0, 100.0), st.floats(0.0, 20.0))
def test_a_delay_stays_within_its_bounds(events: list[Any], crawl_delay: float, ceiling: float, factor: float) -> None:
    policy = DelayPolicy(floor=1.0, ceiling=ceiling, factor=factor, first=2.0)
    floor = max(1.0, crawl_delay)
    for delay in play(events, policy, crawl_delay):
        assert floor <= delay <= max(floor, ceiling)


@given(EVENTS, st.integers(0, 59), st.floats(0.0, 50.0))
def test_slower_answers_never_make_a_shorter_delay(events: list[Any], place: int, more: float) -> None:
    slower = [event + more if at >= place and not isinstance(event, str) else event for at, event in enumerate(events)]
    assert all(late >= soon - 1e-9 for soon, late in zip(play(events), play(slower), strict=True))


@given(EVENTS, st.integers(0, 59))
def test_one_more_sign_of_overload_never_makes_a_shorter_delay(events: list[Any], place: int) -> None:
    worse = [*events[:place], "429", *events[place:]]
    ends = play(events)[-1:] or [1.0]
    assert play(worse)[-1] >= ends[0] - 1e-9


def test_a_fast_host_is_asked_as_often_as_before() -> None:
    assert set(play([0.05] * 500)) == {1.0}
    assert set(play([0.19, 0.05, 0.2, 0.01] * 50)) == {1.0}


def test_a_host_that_slows_down_gradually_is_left_alone_ever_longer_and_comes_back() -> None:
    slowing = play([0.05 + 0.05 * n for n in range(100)])
    assert all(late >= soon for soon, late in itertools.pairwise(slowing))
    assert slowing[-1] == pytest.approx(5 * 4.65, rel=0.1), "five times what it takes, a few answers behind"
    assert play([0.05 + 0.05 * n for n in range(100)] + [0.05] * 60)[-1] == 1.0


def test_a_storm_of_429_doubles_the_delay_to_the_ceiling_and_good_answers_let_it_fall_slowly() -> None:
    storm = play(["429"] * 10)
    assert storm == [2, 4, 8, 16, 32, 60, 60, 60, 60, 60]
    after = play(["429"] * 10 + [0.05] * 60)[10:]
    assert all(late <= soon for soon, late in itertools.pairwise(after))
    assert after[0] == pytest.approx(54)
    assert after[6] < 30 < after[5]
    assert after[-1] == 1.0
    assert 30 < sum(delay > 1 for delay in after) < 50


def test_answers_to_requests_sent_before_the_delay_was_doubled_say_nothing_new() -> None:
    book = Delays(policy=POLICY)
    for n in range(4):
        book.overloaded(HOST, "503", sent=NOW + timedelta(seconds=n / 10), took=0.5)
    assert book.of(HOST) == 2.0, "four connections, one moment"
    book.overloaded(HOST, "503", sent=NOW + timedelta(seconds=2), took=0.5)
    assert book.of(HOST) == 4.0
    assert book.slowed()[HOST]["signs"] == {"503": 5}


def test_without_a_delay_response_times_count_for_nothing_and_overload_does() -> None:
    policy = DelayPolicy(floor=0.0, first=2.0)
    assert set(play([9.0, 20.0], policy)) == {0.0}
    assert play(["429", "429", *[0.1] * 20], policy)[:2] == [2.0, 4.0]
    assert play(["429", "429", *[0.1] * 20], policy)[-1] == 0.0
    assert play(["429"], DelayPolicy(floor=0.0, first=0.0)) == [0.0]
    assert play([3.0], policy, crawl_delay=2.0) == [15.0], "of a Crawl-delay they are a multiple again"


def test_a_large_file_counts_by_its_first_megabyte() -> None:
    book = Delays(policy=POLICY)
    book.answered(HOST, 60.0, size=600 * 1024 * 1024)
    assert book.of(HOST) == 1.0
    book.answered("b.example", 6.0, size=1000)
    assert book.of("b.example") == 30.0


def exchange(status: int | None, *, sent: float = 0.0, truncated: str | None = None) -> Exchange:
    began = NOW + timedelta(seconds=sent)
    return SimpleNamespace(  # type: ignore[return-value]
        status=status, started=began, elapsed_ms=400, truncated=truncated, response=b"x",
    )  # fmt: skip


def held(status: int | None, **more: Any) -> Capture:
    values = {
        "record_id": "urn:uuid:1", "url": f"https://{HOST}/1", "host": HOST, "date": NOW, "site": "web", "role": "page", "key": "k", "warc": "w",
        "offset": 0, "length": 1, "status": status, "elapsed_ms": 400,
    }  # fmt: skip
    return made(Capture, values | more)


def test_exchanges_set_the_slots_of_every_run() -> None:
    slots = [{HOST: SimpleNamespace(delay=1.0)}, {HOST: SimpleNamespace(delay=1.0)}, dict[str, Any]()]
    book = Delays(policy=POLICY)
    for each in slots:
        book.watch(each, HOST)
    book.note(HOST, exchange(429))
    assert [each[HOST].delay for each in slots[:2]] == [2.0, 2.0]
    book.overloaded(HOST, "timeout")
    for one, delay in ((exchange(500, sent=9), 4.0), (exchange(200, sent=9, truncated="time"), 4.0), (exchange(404, sent=9), 3.6)):
        book.note(HOST, one)
        assert book.of(HOST) == pytest.approx(delay)
    told = book.slowed()
    assert told == {HOST: {"from": 1.0, "to": 4.0, "now": 3.6, "signs": {"429": 1, "timeout": 1}, "answers_in": 0.4}}


def test_a_slot_that_is_made_anew_keeps_the_delay_of_its_host() -> None:
    downloader = PacedDownloader.__new__(PacedDownloader)
    bare = SimpleNamespace(slots={}, per_slot_settings={"b.example": {"delay": 3.0}}, _start_slot_gc=lambda: None, _delay=1.0, _jitter=0.2)
    downloader.__dict__.update(bare.__dict__, ip_concurrency=0, domain_concurrency=1, get_slot_key=lambda request: request.host)
    book = Delays(policy=POLICY)
    downloader._pace = Pace(delays=book)
    for host, delay in ((HOST, 1.0), ("b.example", 3.0)):
        request: Any = SimpleNamespace(host=host)
        assert downloader._get_slot(request)[1].delay == delay
        book.overloaded(host, "429")
        assert downloader.slots.pop(host).delay == 2 * delay
        assert downloader._get_slot(request)[1].delay == 2 * delay


def test_runs_of_one_process_share_what_they_learn(make: Any) -> None:
    one, other = make(WEB).dispatcher.pace, make(WEB).dispatcher.pace
    one.delays, other.delays = Delays(policy=POLICY), Delays(policy=POLICY)
    other.delays.overloaded(HOST, "503")
    share_paces([one, other])
    assert one.delays is other.delays
    assert one.delays.of(HOST) == 2.0


def test_a_run_remembers_for_some_hours_what_hosts_said_to_earlier_ones() -> None:
    def after(hours: float, signs: int = 6) -> float:
        book = Delays(policy=POLICY)
        book.recall([(HOST, NOW - timedelta(hours=hours, seconds=signs - n)) for n in range(signs)], NOW)
        return book.of(HOST)

    book = Delays(policy=POLICY)
    book.recall([(HOST, NOW - timedelta(minutes=1))], NOW)
    assert book.slowed()[HOST]["signs"] == {"overload in an earlier run": 1}
    assert after(0) == pytest.approx(60, rel=0.01)
    assert after(1) == pytest.approx(30, rel=0.01)
    assert after(3) == pytest.approx(7.5, rel=0.01)
    assert after(6) == 1.0
    assert after(0.5, signs=1) == pytest.approx(1.41, rel=0.01)
    book = Delays(policy=POLICY)
    book.recall([(HOST, NOW - timedelta(hours=5 - n)) for n in range(5)], NOW)
    assert book.of(HOST) < 4, "one an hour is no storm"


def test_signs_of_overload_are_found_in_the_index(make: Any) -> None:
    run: Run = make(WEB)

    def fill(index: Any) -> None:
        for n, (status, age) in enumerate([(429, 1.0), (503, 2.0), (500, 1.0), (429, 7.0)]):
            date = NOW - timedelta(hours=age)
            capture = held(status, record_id=f"urn:uuid:{n}", url=f"https://{HOST}/{n}", date=date)
            index.add_capture(capture, run_id=run.id)
            from crawler.collection.ingest import failure_of, lease_for

            index.add_failure(failure_of(lease_for(capture), capture, "status", str(status)), run_id=run.id)

    run.collection.now(fill)
    with run.collection.reader() as index:
        found = list(signs_of_overload(index, NOW))
    assert found == [(HOST, NOW - timedelta(hours=2)), (HOST, NOW - timedelta(hours=1))]
    assert timedelta(hours=6) == MEMORY

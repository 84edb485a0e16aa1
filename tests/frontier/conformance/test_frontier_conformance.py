"""The frontier's protocol, for every engine: the same rows in give the same order out and the same states after, killed or not."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from engines import ENGINES, PARAMETERS, START, Engine, ScopedEngine
from targets import made

from crawler.errors import LaneLost
from crawler.frontier.protocol import Frontier
from crawler.frontier.rows import FrontierRow
from crawler.index.rows import iso
from crawler.items import FrontierRequest


@pytest.fixture(params=PARAMETERS)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    return ENGINES[request.param](request, tmp_path)


def asked(n: int, **more: object) -> FrontierRequest:
    values = {"key": f"demo/{n}", "url": f"https://a.example/{n}", "site": "demo", "role": "story", "story": f"demo/{n}"} | more
    return made(FrontierRequest, values)


def keys(frontier: Frontier, **which: bool) -> list[str]:
    return [row.key for row in frontier.queued(**which)]  # type: ignore[arg-type]


def take(frontier: Frontier, host: str = "a.example", **which: bool) -> FrontierRow:
    rows = frontier.queued(**which)  # type: ignore[arg-type]
    row = next(rows)
    rows.close()  # type: ignore[attr-defined]
    return frontier.lease(row, host)


# -- lanes, where several workers share the requests


@pytest.fixture
def shared(tmp_path: Path) -> ScopedEngine:
    return ScopedEngine(tmp_path)


def test_nothing_goes_out_past_the_deadline_of_its_lane(shared: ScopedEngine) -> None:
    frontier = shared.open()
    frontier.add([asked(1), asked(2)])
    row = next(frontier.queued())
    shared.seconds = 100.0
    assert keys(frontier) == []
    with pytest.raises(LaneLost):
        frontier.lease(row, "a.example")
    assert frontier.pending()
    shared.held.take("demo", token=1, deadline=200.0)
    assert keys(frontier) == ["demo/1", "demo/2"]
    assert frontier.lease(row, "a.example").lane == "demo"


def test_a_lane_that_is_left_keeps_its_rows(shared: ScopedEngine) -> None:
    frontier = shared.open()
    frontier.add([asked(1), asked(2)])
    flying = take(frontier)
    for _ in range(2):
        assert ([row.key for row in frontier.handed_out()], frontier.is_open("demo"), frontier.is_open("other")) == (["demo/1"], True, False)
        shared.commit()
    frontier.leave_lane("demo")
    frontier.leave(flying.key)
    assert (keys(frontier), frontier.in_flight(), frontier.pending()) == ([], 0, False)
    frontier.take_lane("demo")
    assert keys(frontier) == ["demo/2"]
    assert keys(shared.begin()) == ["demo/1", "demo/2"]


# -- same rows in, same order out


@pytest.mark.parametrize("committed", [True, False])
def test_rows_go_out_by_priority_then_age_then_key(engine: Engine, committed: bool) -> None:
    frontier = engine.open()
    frontier.add([asked(3), asked(1, priority=5), asked(2, priority=5)])
    engine.now += timedelta(seconds=1)
    frontier.add([asked(4, priority=5), asked(5, priority=9)])
    if committed:
        engine.commit()
    assert keys(frontier) == ["demo/5", "demo/1", "demo/2", "demo/4", "demo/3"]
    assert take(frontier).key == "demo/5"
    assert keys(frontier) == ["demo/1", "demo/2", "demo/4", "demo/3"]


@pytest.mark.parametrize("seed", range(4))
def test_the_order_does_not_depend_on_when_changes_are_committed(engine: Engine, tmp_path: Path, seed: int) -> None:
    (tmp_path / "late").mkdir()
    late = engine.beside(tmp_path / "late")
    orders = []
    for one, step in ((engine, 1), (late, 10_000)):
        rng, frontier = random.Random(seed), one.open()
        for n in range(200):
            frontier.add([asked(rng.randrange(80), url=f"https://h{rng.randrange(9)}.example/{n}", priority=rng.randrange(4))])
            if n % 5 == 4 and (row := next(frontier.queued(), None)):
                frontier.lease(row, "h")
                frontier.settle(row.key, rng.choice(["done", "failed"]))  # type: ignore[arg-type]
            if n % step == 0:
                one.commit()
        orders.append(keys(frontier))
    assert orders[0] == orders[1]
    assert orders[0]


def test_a_closed_host_hides_its_rows_and_no_others(engine: Engine) -> None:
    frontier = engine.open()
    frontier.add([asked(n, url=f"https://busy.example/{n}", priority=9) for n in range(40)])
    frontier.add([asked(50, url="https://free.example/"), asked(51, host="only.example")])
    engine.commit()
    until = START + timedelta(seconds=60)

    def closed(host: str, pinned: bool) -> datetime | None:
        assert pinned == (host == "only.example")
        return until if host == "busy.example" else None

    assert [row.key for row in frontier.queued(closed=closed)] == ["demo/50", "demo/51"]
    engine.now = until
    assert len(list(frontier.queued())) == 42


def test_a_run_of_its_own_sees_its_own_rows_and_stories_can_be_left_out(engine: Engine) -> None:
    first = engine.open()
    first.add([asked(1)])
    engine.commit()
    own = engine.begin()
    own.add([asked(2), asked(3, role="section", story=None, key="s")])
    assert keys(own, only_run=True) == ["demo/2", "s"]
    assert keys(own, only_run=True, without_stories=True) == ["s"]
    engine.commit()
    assert keys(own) == ["demo/1", "demo/2", "s"]
    assert own.waiting() == (3, "https://a.example/1")
    assert own.waiting(only_run=True, fresh=False) == (1, "https://a.example/3")
    assert own.waiting(fresh=True) == (2, "https://a.example/1")
    assert own.unasked() == (2, "https://a.example/1")


# -- same states after


def test_a_row_is_added_once_and_counted_while_handed_out(engine: Engine) -> None:
    frontier = engine.open()
    assert frontier.add([asked(1), asked(1), asked(2)]) == 2
    assert frontier.add([asked(1)]) == 0
    row = take(frontier)
    assert frontier.leased(row.key) == row
    assert (frontier.in_flight(), frontier.in_flight("a.example"), frontier.in_flight("b.example")) == (1, 1, 0)
    assert (row.state, row.attempts, row.tried, bool(row.record_id)) == ("leased", 1, ("a.example",), True)
    frontier.settle(row.key, "done")
    assert (frontier.in_flight(), frontier.in_flight("a.example"), frontier.leased(row.key)) == (0, 0, None)
    assert frontier.pending()
    frontier.settle("demo/2", "failed", reason="dns", detail="no such host")
    assert not frontier.pending()
    engine.commit()
    assert frontier.unsaved == 0
    assert frontier.count() == 0
    assert frontier.outcomes(engine.run) == {"done": 1, "failed": 1}
    assert [(one.key, one.reason) for one in frontier.ended("failed", engine.run)] == [("demo/2", "dns")]


def test_a_known_row_that_is_found_again_changes_only_what_the_request_adds(engine: Engine) -> None:
    frontier = engine.open()
    frontier.add([asked(1, hint="One")])
    assert (frontier.has("demo/1"), frontier.has("demo/2")) == (True, False)
    engine.commit()
    assert (frontier.has("demo/1"), frontier.has("demo/2")) == (True, False)
    frontier.add([asked(1), asked(1, hint="One")])
    assert frontier.unsaved == 0
    frontier.add([asked(1, hint="Two", priority=99)])
    row = frontier.row("demo/1")
    assert row is not None
    assert (row.hint, row.priority, frontier.unsaved) == ("Two", 99, 1)
    frontier.add([asked(1, priority=3)])
    row = frontier.row("demo/1")
    assert row is not None
    assert (row.hint, row.priority) == ("Two", 99), "a link of less urgency takes none away"
    leased = take(frontier)
    frontier.add([asked(1, hint="Three", priority=200)])
    row = frontier.leased(leased.key)
    assert row is not None
    assert (row.state, row.hint, row.priority) == ("leased", "Three", 99)


def test_rows_are_looked_up_together_committed_or_not(engine: Engine) -> None:
    frontier = engine.open()
    frontier.add(asked(n) for n in range(600))
    engine.commit()
    frontier.add([asked(600), asked(1, hint="Two")])
    found = frontier.rows(asked(n).key for n in (*range(0, 600, 2), 1, 1, 600, 601))
    assert set(found) == {f"demo/{n}" for n in (*range(0, 600, 2), 1, 600)}
    assert {key: frontier.row(key) for key in found} == found
    assert found["demo/1"].hint == "Two"
    assert frontier.rows([]) == {}


def test_a_batch_queues_an_address_once_and_its_rows_go_out_in_order_at_one_time(engine: Engine) -> None:
    frontier = engine.open()
    assert frontier.add([asked(3), asked(1), asked(3, hint="Two"), asked(2)]) == 3
    row = frontier.row("demo/3")
    assert row is not None
    assert row.hint == "Two"
    assert [take(frontier).key for _ in range(3)] == ["demo/3", "demo/1", "demo/2"]


def test_rows_of_one_page_go_out_in_the_order_of_its_links(engine: Engine) -> None:
    def links() -> Iterator[FrontierRequest]:
        for n in (3, 1, 2):
            engine.now += timedelta(microseconds=1)
            yield asked(n)

    frontier = engine.open()
    frontier.add(links())
    engine.commit()
    assert [take(frontier).key for _ in range(3)] == ["demo/3", "demo/1", "demo/2"]


def test_a_row_waits_until_it_is_due(engine: Engine) -> None:
    frontier = engine.open()
    frontier.add([asked(1)])
    row = take(frontier)
    later = START + timedelta(seconds=5)
    frontier.settle(row.key, "queued", due=iso(later))
    for _ in range(2):
        assert keys(frontier) == []
        assert frontier.pending()
        assert frontier.soonest() == later
        engine.commit()
    engine.now = later
    assert keys(frontier) == ["demo/1"]
    assert frontier.soonest() is None
    assert take(frontier, "b.example").tried == ("a.example", "b.example")


@pytest.mark.parametrize(
    ("again", "queued"),
    [({}, 0), ({"again": True}, 1), ({"hint": "New title"}, 1), ({"again": True, "only_new": True}, 0)],
    ids=["as before", "again", "retitled", "only new"],
)
def test_a_settled_row_is_queued_again_if_asked_or_retitled(engine: Engine, again: dict[str, object], queued: int) -> None:
    frontier = engine.open()
    frontier.add([asked(1, hint="Title")])
    frontier.settle("demo/1", "done", due=iso(START + timedelta(hours=1)), etag='"e"')
    engine.commit()
    frontier = engine.begin()
    assert frontier.add([asked(1, **{"hint": "Title"} | again)]) == queued
    row = frontier.row("demo/1")
    assert row is not None
    assert (row.state, row.etag) == ("queued" if queued else "done", '"e"')
    assert frontier.add([asked(1, again=True)]) == (0 if queued else 1), "once a run"


def test_what_is_due_is_queued_by_the_next_run_that_asks_for_it(engine: Engine) -> None:
    frontier = engine.open()
    frontier.add([asked(n) for n in range(4)])
    for n, state, due in ((0, "done", START), (1, "failed", START), (2, "done", START + timedelta(days=1)), (3, "refused", START)):
        frontier.settle(f"demo/{n}", state, due=iso(due))  # type: ignore[arg-type]
    engine.commit()
    assert [row.key for row in frontier.due("demo", "story")] == ["demo/0", "demo/1"]
    assert [row.key for row in frontier.known("demo", "story")] == [f"demo/{n}" for n in range(4)]
    assert keys(engine.begin()) == []
    again = engine.begin(due=True)
    assert keys(again) == ["demo/1", "demo/0"], "one that never came is news, before the recheck"
    assert again.not_due("demo", "story") == 1


def test_what_one_host_gave_outweighs_what_others_refused(engine: Engine) -> None:
    frontier = engine.open()
    frontier.add([asked(n, key=f"demo:en:/rss@{host}", host=host) for n, host in enumerate(("a.example", "b.example"))])
    frontier.settle("demo:en:/rss@a.example", "failed", reason="status")
    engine.commit()
    assert not frontier.ended_well("demo:en:/rss", engine.run)
    frontier.settle("demo:en:/rss@b.example", "done")
    engine.commit()
    assert frontier.ended_well("demo:en:/rss", engine.run)


# -- killed and opened again


def test_a_killed_run_loses_what_was_not_committed_and_nothing_else(engine: Engine) -> None:
    frontier = engine.open()
    frontier.add([asked(1), asked(2), asked(3)])
    done, open_ = take(frontier), take(frontier)
    frontier.settle(done.key, "done")
    engine.commit()
    frontier.settle(open_.key, "done")
    frontier.add([asked(4)])
    engine.kill()
    again = engine.begin()
    assert keys(again) == ["demo/2", "demo/3"]
    row = again.row("demo/2")
    assert row is not None
    assert (row.state, row.attempts, row.tried) == ("queued", 0, ())
    assert again.row("demo/4") is None
    assert again.in_flight() == 0


def test_a_recorded_answer_outlives_the_kill_and_is_handed_out_to_be_parsed(engine: Engine) -> None:
    frontier = engine.open()
    frontier.add([asked(1), asked(2)])
    first, second = take(frontier), take(frontier)
    engine.record(first)
    engine.record(second)
    engine.lose(second)
    engine.kill()
    again = engine.begin()
    assert keys(again) == ["demo/2"], "its capture is lost"
    assert [row.key for row in again.left_over("demo")] == ["demo/1"]
    assert list(again.left_over("demo")) == [], "handed out already"
    assert list(again.left_over("other")) == []
    assert again.pending(only_run=True)
    again.settle("demo/1", "done")
    engine.commit()
    assert again.row("demo/1").state == "done"  # type: ignore[union-attr]


def test_a_clock_set_back_delays_nothing(engine: Engine) -> None:
    engine.open().add([asked(1)])
    engine.commit()
    engine.now -= timedelta(hours=1)
    assert keys(engine.open()) == []
    assert keys(engine.begin()) == ["demo/1"]


def test_times_come_back_aware(engine: Engine) -> None:
    frontier = engine.open()
    frontier.add([asked(1)])
    frontier.settle("demo/1", "queued", due=iso(START + timedelta(days=1)))
    engine.commit()
    assert frontier.soonest() == datetime(2026, 11, 25, 12, 0, tzinfo=UTC)

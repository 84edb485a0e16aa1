"""The frontier alone: what is added once, leased once, settled for good, and what waits for later."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from targets import made

from crawler.frontier.changes import reopen
from crawler.frontier.rows import FrontierRow
from crawler.frontier.store import SqliteFrontier
from crawler.frontier.table import LANES, OF_LANE
from crawler.index.index import Index
from crawler.index.rows import iso
from crawler.items import Capture, FrontierRequest, Target

QUEUED = "state = 'queued'"
START = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


class Desk:
    """A writer that commits when told to, and a clock that is set by hand."""

    def __init__(self, path: Path) -> None:
        self.index, self.now = Index.open(path), START
        self.waiting: list[tuple[Callable[[sqlite3.Connection], None], Callable[[], None]]] = []
        self.run = self.index.start_run("demo", {}, START)

    def frontier(self) -> SqliteFrontier:
        return SqliteFrontier(self.index.path, submit=lambda *job: self.waiting.append(job), run_id=self.run, clock=lambda: self.now)

    def commit(self) -> None:
        with self.index.atomic():
            for job, _ in self.waiting:
                job(self.index.conn)
        for _, committed in self.waiting:
            committed()
        self.waiting = []


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "index.db")


def errand(n: int, **more: object) -> FrontierRequest:
    values = {"key": f"demo/{n}", "url": f"https://a.example/{n}", "site": "demo", "role": "story", "story": f"demo/{n}"} | more
    return made(FrontierRequest, values)


@pytest.mark.parametrize("committed", [True, False])
def test_an_errand_is_queued_once_whatever_is_committed(desk: Desk, committed: bool) -> None:
    frontier = desk.frontier()
    assert frontier.add([errand(1), errand(2), errand(1)]) == 2
    if committed:
        desk.commit()
    assert frontier.add([errand(1)]) == 0
    assert [r.key for r in frontier.queued()] == ["demo/1", "demo/2"]
    row = frontier.lease(next(frontier.queued()), "a.example")
    if committed:
        desk.commit()
    assert [r.key for r in frontier.queued()] == ["demo/2"]
    assert frontier.pending()
    frontier.settle(row.key, "done")
    frontier.settle("demo/2", "failed", reason="dns")
    assert not frontier.pending()
    desk.commit()
    assert frontier.outcomes(desk.run) == {"done": 1, "failed": 1}
    assert [r.reason for r in frontier.ended("failed", desk.run)] == ["dns"]


def test_the_most_urgent_goes_first_and_what_is_not_due_waits(desk: Desk) -> None:
    frontier = desk.frontier()
    frontier.add([errand(1), errand(2, priority=9)])
    desk.commit()
    frontier.add([errand(3, priority=5)])
    assert [r.key for r in frontier.queued()] == ["demo/2", "demo/3", "demo/1"]
    row = frontier.lease(next(frontier.queued()), "a.example")
    frontier.settle(row.key, "queued", due=iso(START + timedelta(seconds=5)))
    assert [r.key for r in frontier.queued()] == ["demo/3", "demo/1"]
    desk.now += timedelta(seconds=6)
    assert next(frontier.queued()).key == "demo/2"
    assert next(frontier.queued()).tried == ("a.example",)


def test_a_known_story_comes_back_when_due_or_retitled_or_asked_for(desk: Desk) -> None:
    frontier = desk.frontier()
    frontier.add([errand(n, hint="Old headline") for n in (1, 2, 3, 4)])
    for n in (1, 2, 3, 4):
        frontier.settle(f"demo/{n}", "done", due=iso(START + timedelta(hours=3)), etag='"x"')
    desk.commit()
    with desk.index.atomic():
        desk.run = desk.index.start_run("demo", {}, START)
    frontier = desk.frontier()
    assert frontier.add([errand(1, hint="Old headline")]) == 0
    assert frontier.add([errand(2, hint="New headline")]) == 1
    assert frontier.add([errand(3, again=True)]) == 1
    assert frontier.add([errand(3, again=True)]) == 0, "asked for in this run already"
    desk.now += timedelta(hours=4)
    assert frontier.add([errand(4)]) == 1
    assert {r.key: r.etag for r in frontier.queued()} == {"demo/2": '"x"', "demo/3": '"x"', "demo/4": '"x"'}


def test_a_new_run_takes_up_what_was_in_flight_and_what_is_due(desk: Desk) -> None:
    frontier = desk.frontier()
    frontier.add([errand(1), errand(2), errand(3)])
    frontier.lease(next(frontier.queued()), "a.example")
    frontier.settle("demo/2", "done", due=iso(START))
    frontier.settle("demo/3", "done", due="")
    desk.commit()
    run = desk.index.start_run("demo", {}, START)
    reopen(desk.index.conn, run_id=run, now=START, due=True)
    assert sorted(r.key for r in desk.frontier().queued()) == ["demo/1", "demo/2"]


def test_a_scoped_run_leaves_what_others_queued(desk: Desk) -> None:
    frontier = desk.frontier()
    frontier.add([errand(1)])
    desk.commit()
    desk.run = desk.index.start_run("demo", {}, START)
    frontier = desk.frontier()
    frontier.add([errand(2)])
    assert [r.key for r in frontier.queued(only_run=True)] == ["demo/2"]
    frontier.settle("demo/2", "done")
    assert not frontier.pending(only_run=True)
    assert frontier.pending()
    assert not frontier.pending(without_stories=True)


def test_what_waits_for_a_busy_host_hides_nothing_and_costs_nothing(desk: Desk) -> None:
    frontier = desk.frontier()
    frontier.add([errand(n, url=f"https://busy.example/{n}", priority=9) for n in range(5000)])
    frontier.add([errand(5000, url="https://free.example/1"), errand(5001, host="only.example")])
    desk.commit()
    looked: list[str] = []
    for row in frontier.queued():
        looked.append(row.key)
        if "busy" not in row.url:
            break
    assert looked[-1] == "demo/5000"
    assert len(looked) < 300
    assert {r.key for r in frontier.queued() if "busy" not in r.url} == {"demo/5000", "demo/5001"}
    plan = " ".join(str(r[3]) for r in desk.index.conn.execute(f"EXPLAIN QUERY PLAN {LANES}", ("",)))
    assert "idx_frontier_lane (state=? AND <expr>>?)" in plan
    plan = " ".join(str(r[3]) for r in desk.index.conn.execute(f"EXPLAIN QUERY PLAN {OF_LANE.format(where=QUEUED)}", ("z", "a", 1)))
    assert "idx_frontier_lane (state=? AND <expr>=?)" in plan
    assert "TEMP B-TREE" not in plan


def test_retries_are_found_behind_any_number_of_stories_that_are_not_to_be_begun(desk: Desk) -> None:
    frontier = desk.frontier()
    frontier.add([errand(n, priority=9) for n in range(1000)])
    frontier.add([errand(1000)])
    frontier.lease(frontier.row("demo/1000"), "a.example")  # type: ignore[arg-type]
    frontier.settle("demo/1000", "queued", due=iso(START))
    for committed in (False, True):
        assert [r.key for r in frontier.queued(without_stories=True)] == ["demo/1000"], committed
        desk.commit()


def test_a_row_in_flight_whose_capture_is_held_is_read_not_fetched(desk: Desk) -> None:
    frontier = desk.frontier()
    frontier.add([errand(n) for n in range(4)])
    rows = [frontier.lease(frontier.row(f"demo/{n}"), "a.example") for n in range(3)]  # type: ignore[arg-type]
    desk.commit()
    assert len({row.record_id for row in rows}) == 3
    for n, state in ((0, "leased"), (1, "captured")):
        desk.index.add_capture(capture(rows[n]))
        desk.index.conn.execute("UPDATE frontier SET state = ? WHERE key = ?", (state, f"demo/{n}"))
    desk.index.conn.execute("UPDATE frontier SET state = 'captured' WHERE key = 'demo/2'")  # and its record is nowhere
    reopen(desk.index.conn, run_id=desk.run, now=START, due=False)
    again = desk.frontier()
    assert [r.key for r in again.queued()] == ["demo/2", "demo/3"]
    assert [r.key for r in again.left_over("demo")] == ["demo/0", "demo/1"]
    assert list(again.left_over("demo")) == []
    assert list(again.left_over("other")) == []
    again.settle("demo/0", "done")
    assert again.pending()


def test_a_clock_that_was_set_back_puts_nothing_off(desk: Desk) -> None:
    frontier = desk.frontier()
    frontier.add([errand(1)])
    desk.commit()
    desk.now -= timedelta(hours=1)
    assert list(desk.frontier().queued()) == []
    reopen(desk.index.conn, run_id=desk.run, now=desk.now, due=False)
    assert [r.key for r in desk.frontier().queued()] == ["demo/1"]


def capture(row: FrontierRow) -> Capture:
    return Capture(
        target=Target(url=row.url, site="demo", role="story", key=row.key), record_id=row.record_id or "", host="a.example", date=START,
        warc="w", offset=0, length=1,
    )


def test_a_title_learnt_while_the_story_is_under_way_is_kept(desk: Desk) -> None:
    frontier = desk.frontier()
    frontier.add([errand(1)])
    frontier.lease(next(frontier.queued()), "a.example")
    frontier.add([errand(1, hint="Headline")])
    frontier.settle("demo/1", "done")
    row = frontier.row("demo/1")
    assert row is not None
    assert row.hint == "Headline"


def test_a_story_that_failed_is_asked_for_again_when_it_is_due_and_known_rows_are_read_in_pages(desk: Desk) -> None:
    frontier = desk.frontier()
    frontier.add([errand(n) for n in range(250)])
    for n in range(250):
        failed = n % 2 == 0
        frontier.settle(f"demo/{n}", "failed" if failed else "done", due=iso(START if n < 10 else START + timedelta(days=1)))
    frontier.add([errand(900), errand(901, role="section", key="s", url="https://a.example/s")])
    desk.commit()
    assert [row.key for row in desk.frontier().known("demo", "story")] == sorted(f"demo/{n}" for n in range(250))
    assert frontier.waiting() == (2, "https://a.example/900")
    assert frontier.waiting(fresh=True) == (1, "https://a.example/900")
    assert frontier.waiting(fresh=False) == (1, "https://a.example/s")
    run = desk.index.start_run("demo", {}, START)
    reopen(desk.index.conn, run_id=run, now=START, due=True)
    asked = [row[0] for row in desk.index.conn.execute("SELECT key FROM frontier WHERE state = 'queued' AND run_id = ?", (run,))]
    assert sorted(asked) == [f"demo/{n}" for n in range(10)]


def test_known_pages_that_failed_are_asked_for_again_when_due_and_only_where_that_is_said(desk: Desk) -> None:
    frontier = desk.frontier()
    frontier.add([errand(n, role="page", site="web") for n in (1, 2, 3)])
    for n, state, due in ((1, "failed", START), (2, "failed", None), (3, "done", START + timedelta(days=1))):
        row = next(r for r in frontier.queued() if r.key == f"demo/{n}")
        frontier.lease(row, "a.example")
        frontier.settle(row.key, state, due=iso(due) if due else "", reason="disconnect" if state == "failed" else None)  # type: ignore[arg-type]
    desk.commit()
    assert [row.key for row in frontier.due("web", "page")] == ["demo/1"]
    desk.now += timedelta(days=2)
    assert [row.key for row in frontier.due("web", "page")] == ["demo/1", "demo/3"]

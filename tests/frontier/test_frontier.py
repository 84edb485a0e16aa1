"""The frontier alone: what is added once, leased once, settled for good, and what waits for later."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.frontier.sqlite import SqliteFrontier, reopen, stamp
from crawler.index.store import Index
from crawler.items import Errand

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


def errand(n: int, **more: object) -> Errand:
    values = {"key": f"demo/{n}", "url": f"https://a.example/{n}", "site": "demo", "role": "story", "story": f"demo/{n}"} | more
    return Errand(**values)  # type: ignore[arg-type]


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
    frontier.settle(row.key, "queued", due=stamp(START + timedelta(seconds=5)))
    assert [r.key for r in frontier.queued()] == ["demo/3", "demo/1"]
    desk.now += timedelta(seconds=6)
    assert next(frontier.queued()).key == "demo/2"
    assert next(frontier.queued()).tried == ("a.example",)


def test_a_known_story_comes_back_when_due_or_retitled_or_asked_for(desk: Desk) -> None:
    frontier = desk.frontier()
    frontier.add([errand(n, hint="Old headline") for n in (1, 2, 3, 4)])
    for n in (1, 2, 3, 4):
        frontier.settle(f"demo/{n}", "done", due=stamp(START + timedelta(hours=3)), etag='"x"')
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
    frontier.settle("demo/2", "done", due=stamp(START))
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

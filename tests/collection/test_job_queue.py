"""The writer's queue: jobs keep their order, patient ones go along with others, and a page costs two commits."""

from __future__ import annotations

import asyncio
import gc
import time
import weakref
from datetime import UTC, datetime
from pathlib import Path

import pytest
from exchange_makers import exchange, lease
from hypothesis import given
from hypothesis import strategies as st
from outcomes import made as outcome
from targets import made

from crawler.collection import job_queue
from crawler.collection.collection import Collection
from crawler.collection.job_queue import PATIENT, JobQueue
from crawler.collection.jobs import Change, Job
from crawler.frontier.store import SqliteFrontier
from crawler.items import FrontierRequest


def jobs(count: int) -> list[Job[None]]:
    return [Change(lambda index: None) for _ in range(count)]


@given(st.lists(st.booleans(), max_size=100))
def test_jobs_are_done_in_the_order_in_which_they_were_put(patient: list[bool]) -> None:
    queue, made = JobQueue(), jobs(len(patient))
    for job, waits in zip(made, patient, strict=True):
        assert queue.put(job, patient=waits)
    queue.close()
    assert not queue.put(made[0] if made else jobs(1)[0])
    done, last = list[Job[None]](), False
    while not last:
        batch, last = queue.batch()
        done += batch
    assert done == made


def test_a_patient_job_waits_for_another_and_is_done_before_it() -> None:
    queue, (first, second, third) = JobQueue(), jobs(3)
    queue.put(first, patient=True)
    queue.put(second, patient=True)
    assert queue._ready.empty()
    queue.put(third)
    assert queue.batch() == ([first, second, third], False)


def test_patient_jobs_come_alone_when_nothing_else_does_or_they_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job_queue, "PATIENCE_SECONDS", 0.05)
    queue, made = JobQueue(), jobs(PATIENT + 2)
    queue.put(made[0], patient=True)
    began = time.monotonic()
    assert queue.batch() == ([made[0]], False)
    assert time.monotonic() - began >= 0.04
    for job in made[1:]:
        queue.put(job, patient=True)
    assert queue.batch() == (made[1:], False)


async def test_a_row_that_cannot_be_saved_takes_no_other_job_with_it(tmp_path: Path) -> None:
    collection = Collection.open(tmp_path / "demo")
    frontier = SqliteFrontier(collection.path / "index.db", submit=collection.change, run_id=None, clock=lambda: datetime.now(UTC))
    wanted = {"url": "https://a.example/", "site": "demo", "role": "story"}
    frontier.add([made(FrontierRequest, wanted | {"key": f"demo/{n}"}) for n in range(9)])
    frontier.add([made(FrontierRequest, wanted | {"key": "demo/\ud800"})])
    capture = await collection.record(exchange(1), lease(1))
    await asyncio.to_thread(collection.now, lambda index: None)
    assert frontier.unsaved == 1
    with collection.reader() as index:
        assert index.query("SELECT count(*) FROM frontier")[0][0] == 9
        assert index.capture(capture.record_id) is not None
    frontier.close()
    await asyncio.to_thread(collection.close)


def test_what_came_too_late_is_given_back() -> None:
    queue, made = JobQueue(), jobs(3)
    queue.put(made[0])
    queue.put(made[1], patient=True)
    assert queue.rest() == made[:2]
    assert not queue.put(made[2], patient=True)
    assert queue.rest() == []


async def test_a_page_costs_two_commits(tmp_path: Path) -> None:
    collection = Collection.open(tmp_path / "demo")
    frontier = SqliteFrontier(collection.path / "index.db", submit=collection.change, run_id=None, clock=lambda: datetime.now(UTC))
    frontier.add(
        made(FrontierRequest, {"key": f"demo/{n}", "url": f"https://a.example/{n}", "site": "demo", "role": "story"}) for n in range(9)
    )
    await asyncio.to_thread(collection.now, lambda index: None)
    statements: list[str] = []
    await asyncio.to_thread(collection.now, lambda index: index.conn.set_trace_callback(statements.append))
    statements.clear()  # the commit of that change itself
    for n in range(5):
        row = frontier.row(f"demo/{n}")
        assert row is not None
        leased = frontier.lease(row, "a.example")
        capture = await collection.record(exchange(n), lease(n, record_id=leased.record_id))
        found = {"key": f"of/{n}", "url": f"https://a.example/of/{n}", "site": "demo", "role": "story"}
        frontier.add([made(FrontierRequest, found)])
        await collection.file(outcome(lease(n), capture, reason="soft-404"))
        frontier.settle(row.key, "done", record_id=capture.record_id)
    assert sum(text == "COMMIT" for text in statements) <= 10
    await asyncio.to_thread(collection.now, lambda index: index.conn.set_trace_callback(None))
    await asyncio.sleep(0)
    assert frontier.unsaved == 0
    assert frontier.count() == 4 + 5, "those not asked for, and what the others led to"
    frontier.close()
    await asyncio.to_thread(collection.close)


def test_a_job_that_has_ended_is_let_go_of_without_the_garbage_collector() -> None:
    told: list[object] = []

    def ended() -> weakref.ref[Job[None]]:
        job: Change[None] = Change(lambda index: None)
        job.on_end = lambda: told.append(job.error)
        job.tell()
        return weakref.ref(job)

    gc.disable()
    try:
        assert ended()() is None
    finally:
        gc.enable()
    assert told == [None]

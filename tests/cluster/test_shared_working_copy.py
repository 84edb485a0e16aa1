"""A worker's working copy: told after the commit, under the fence; taken over with a lane. Index and database are real."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, process_time, sleep
from typing import Any
from uuid import uuid4

import pytest
from postgres import PostgresServer, postgres_server

from crawler.cluster.rows import Pushed, SharedRow
from crawler.cluster.shard import SharedRows
from crawler.cluster.store import PgJobStore
from crawler.collection.collection import Collection
from crawler.errors import Unreachable, WriteFailed
from crawler.index.index import Index
from crawler.jobs.held import HeldLanes
from crawler.jobs.rows import Claim, Job, LaneState
from crawler.outbox.noted import unsent

pytestmark = pytest.mark.outer

LEASE = 60.0


class Worker:
    """One worker process: a store, a collection and its shared rows."""

    def __init__(self, database: str, folder: Path, name: str) -> None:
        self.database, self.name = database, name
        self.store, self.held = PgJobStore.open(database), HeldLanes()
        self.collection = Collection.open(folder / name)
        self.rows = SharedRows(self.store, self.collection, self.held)
        self.rows.start()

    def claim(self, *, take: bool = True) -> list[Claim]:
        claims = self.store.claim(self.name, 8, lease=LEASE)
        for claim in claims:
            self.held.take(claim.lane, token=claim.token, deadline=claim.deadline)
            if take:
                self.rows.take(claim)
        return claims

    def release(self, lane: str) -> None:
        self.held.drop([lane])
        self.store.release(self.name, lane, LaneState())

    def put(self, key: str, lane: str, state: str = "queued", job: str | None = None, **columns: object) -> None:
        """Write a row, as the frontier does in the writer."""
        values = {"key": key, "url": f"https://{lane}/{key}", "site": "web", "role": "page", "due": "2026-11-29T06:00:00.000000Z", "lane": lane, "job": job, "state": state, **columns}
        sql = f"INSERT OR REPLACE INTO frontier ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})"
        self.collection.now(lambda index: index.conn.execute(sql, tuple(values.values())))

    def captured(self, key: str, warc: str) -> str:
        """Write a capture and say that it answered a row."""
        record = f"urn:uuid:{uuid4()}"

        def write(index: Index) -> None:
            index.conn.execute(
                "INSERT INTO captures (key, attempt, record_id, url, host, role, date, warc, offset, length, state, read_state, site, method) VALUES ('k', 1, ?, 'u', 'h', 'page', 'd', ?, 0, 1, 'ok', 'read', 'web', 'GET')",
                (record, warc),
            )
            index.conn.execute("UPDATE frontier SET state = 'done', record_id = ?1, validates = ?1, etag = 'e', validates_host = 'h' WHERE key = ?2", (record, key))

        self.collection.now(write)
        return record

    def states(self, lane: str) -> dict[str, str]:
        with self.collection.reader() as index:
            return dict(index.conn.execute("SELECT key, state FROM frontier WHERE lane = ?", (lane,)).fetchall())

    def noted(self) -> int:
        with self.collection.reader() as index:
            return unsent(index.conn, {})

    def shared(self, lane: str) -> dict[str, SharedRow]:
        return {row.key: row for row in self.store.pull(lane)}

    def close(self) -> None:
        self.rows.close()
        self.collection.close()
        self.store.close()

    def die(self) -> None:
        """Lose everything that is not on disk: nothing more is told."""
        self.store.push = self.store.pull = _dead  # type: ignore[method-assign,assignment]
        self.collection.close()
        self.store.close()


def _dead(*_: object) -> Pushed:
    raise Unreachable("nowhere", "dead")


@pytest.fixture
def worker(database: str, tmp_path: Path) -> Iterator[Callable[[str], Worker]]:
    made: list[Worker] = []

    def make(name: str) -> Worker:
        made.append(Worker(database, tmp_path, name))
        return made[-1]

    yield make
    for one in made:
        with suppress(Exception):
            one.close()


def enqueue(worker: Worker, *lanes: str) -> Job:
    job = Job(id=uuid4().hex, site="web", created=datetime.now(UTC), lanes=lanes)
    worker.store.enqueue(job)
    return job


def test_what_is_committed_is_told_and_what_is_in_flight_is_still_queued(worker: Callable[[str], Worker]) -> None:
    one = worker("w1")
    job = enqueue(one, "a.example")
    one.claim()
    for n in range(100):
        one.put(f"k{n}", "a.example", job=job.id, attempts=n % 3)
    one.put("flying", "a.example", "leased", job=job.id)
    one.put("k5", "a.example", "captured", job=job.id)
    one.put("k6", "a.example", "failed", job=job.id, reason="dns", detail="it's \"so\" \x00")
    assert one.rows.flush(10)
    told = one.shared("a.example")
    assert len(told) == 100, "a lease alone is not told"
    assert told["k5"].state == "queued"
    assert (told["k6"].state, told["k6"].columns["detail"]) == ("failed", "it's \"so\" \ufffd")
    assert told["k7"].columns["attempts"] == 1
    assert one.rows.unsent == 0
    one.close()
    again = worker("w1")
    assert again.noted() == 0


def test_a_row_carries_the_name_of_its_warc_and_loses_it_to_nobody(worker: Callable[[str], Worker]) -> None:
    one = worker("w1")
    job = enqueue(one, "a.example")
    one.claim()
    one.put("k", "a.example", job=job.id)
    one.captured("k", "one.warc.gz")
    assert one.rows.flush(10)
    assert (one.shared("a.example")["k"].state, one.shared("a.example")["k"].warc) == ("done", "one.warc.gz")
    one.release("a.example")
    two = worker("w2")
    two.claim()
    with two.collection.reader() as index:
        found = index.conn.execute("SELECT state, record_id, etag, validates, validates_host FROM frontier WHERE key = 'k'").fetchone()
    assert tuple(found) == ("done", None, None, None, None), "what w2 has not cannot be repeated by w2"
    two.collection.now(lambda index: index.conn.execute("UPDATE frontier SET hint = 'Another headline' WHERE key = 'k'"))
    assert two.rows.flush(10)
    told = two.shared("a.example")["k"]
    assert (told.state, told.warc, told.columns["hint"]) == ("done", "one.warc.gz", "Another headline")
    assert two.store.declare_lost("w1") == 1


def test_a_lane_moves_with_all_its_rows_and_comes_back_with_what_others_added(worker: Callable[[str], Worker]) -> None:
    one, two = worker("w1"), worker("w2")
    job = enqueue(one, "a.example")
    one.claim()
    for n in range(5):
        one.put(f"k{n}", "a.example", "done" if n < 2 else "queued", job=job.id)
    assert one.rows.flush(10)
    one.release("a.example")
    (claim,) = two.claim()
    assert not claim.same_owner
    assert two.states("a.example") == one.states("a.example")
    assert two.noted() == 0, "what was taken over is not told again"
    two.put("k2", "a.example", "done", job=job.id)
    two.put("k9", "a.example", job=job.id)
    assert two.rows.flush(10)
    two.release("a.example")
    (claim,) = one.claim()
    assert not claim.same_owner
    assert one.states("a.example") == two.states("a.example")
    one.release("a.example")
    two.store.push("w2", {}, [SharedRow(key="found", lane="a.example", job=job.id, state="queued", due="2026-11-29T06:00:00.000000Z", priority=0, columns={"url": "https://a.example/found", "site": "web", "role": "page"})])
    (claim,) = one.claim(take=False)
    assert claim.same_owner
    assert one.rows.take(claim) == ["found"]
    assert one.rows.take(claim) == []


def test_addresses_found_in_lanes_of_others_wake_them(worker: Callable[[str], Worker]) -> None:
    one, two = worker("w1"), worker("w2")
    job = enqueue(one, "a.example")
    one.claim()
    one.put("b", "b.example", job=job.id)
    assert one.rows.flush(10)
    assert [claim.lane for claim in two.claim()] == ["b.example"]
    assert two.states("b.example") == {"b": "queued"}


def test_after_a_crash_the_rest_is_told_under_the_old_token(worker: Callable[[str], Worker]) -> None:
    one = worker("w1")
    job = enqueue(one, "a.example")
    one.claim()
    one.put("k", "a.example", job=job.id)
    assert one.rows.flush(10)
    one.die()
    index = Index.open(one.collection.path / "index.db")
    index.conn.execute("UPDATE frontier SET state = 'done' WHERE key = 'k'")
    index.conn.execute("INSERT OR REPLACE INTO outbox VALUES ('k', 'a.example', 'later')")
    index.conn.commit()
    index.close()
    again = worker("w1")
    assert again.rows.flush(10)
    assert again.shared("a.example")["k"].state == "done"
    assert again.rows.refused == 0


def test_after_a_crash_what_comes_too_late_is_dropped_and_counted_but_not_what_is_new(worker: Callable[[str], Worker]) -> None:
    one, two = worker("w1"), worker("w2")
    job = enqueue(one, "a.example")
    one.claim()
    one.put("k", "a.example", job=job.id)
    assert one.rows.flush(10)
    one.store.push = _dead  # type: ignore[method-assign,assignment]
    one.put("k", "a.example", "failed", job=job.id)
    one.put("new", "a.example", job=job.id)
    one.put("new and done", "a.example", "done", job=job.id)
    assert not one.rows.flush(0.3)
    assert one.rows.unreachable_since is not None
    assert one.rows.unsent == 3
    one.die()
    two.store.declare_lost("nobody")
    two.store._db.rows("UPDATE lanes SET until = until - interval '1 hour'")
    two.claim()
    two.put("k", "a.example", "done", job=job.id)
    assert two.rows.flush(10)
    again = worker("w1")
    assert again.rows.flush(10)
    told = again.shared("a.example")
    assert {key: row.state for key, row in told.items()} == {"k": "done", "new": "queued", "new and done": "queued"}
    assert again.rows.refused == 2


def test_a_lane_claimed_again_after_another_had_it_is_as_the_other_left_it(worker: Callable[[str], Worker]) -> None:
    one, two = worker("w1"), worker("w2")
    job = enqueue(one, "a.example")
    one.claim()
    one.put("k", "a.example", job=job.id)
    assert one.rows.flush(10)
    push, one.store.push = one.store.push, _dead  # type: ignore[method-assign,assignment]
    one.put("k", "a.example", "failed", job=job.id)
    one.put("new and done", "a.example", "done", job=job.id)
    one.put("leased", "a.example", "leased", job=job.id)
    one.release("a.example")
    two.claim()
    two.put("k", "a.example", "done", job=job.id)
    two.put("leased", "a.example", "done", job=job.id)
    assert two.rows.flush(10)
    two.release("a.example")
    one.claim()
    one.store.push = push  # type: ignore[method-assign]
    assert one.rows.flush(10)
    assert one.states("a.example") == {"k": "done", "new and done": "done", "leased": "done"}
    assert {key: row.state for key, row in one.shared("a.example").items()} == one.states("a.example")
    assert one.rows.refused == 1


def test_the_database_away_and_back(tmp_path: Path) -> None:
    with postgres_server(durable=True) as server:
        one = Worker(server.url(), tmp_path, "w1")
        job = enqueue(one, "a.example")
        one.claim()
        one.put("k0", "a.example", job=job.id)
        assert one.rows.flush(10)
        server.kill()
        for n in range(300):
            one.put(f"k{n}", "a.example", "done", job=job.id)
        assert not one.rows.flush(0.5)
        assert one.rows.unreachable_since is not None
        assert one.rows.unsent == 300
        server.start()
        assert one.rows.flush(30)
        assert one.rows.unreachable_since is None
        assert {row.state for row in one.shared("a.example").values()} == {"done"}
        assert len(one.shared("a.example")) == 300
        one.close()


def test_a_row_that_the_database_refuses_holds_up_no_other(worker: Callable[[str], Worker], postgres: PostgresServer) -> None:
    one = worker("w1")
    job = enqueue(one, "a.example")
    one.claim()
    one.put("bad", "a.example", "of another version", job=job.id)
    one.put("big", "a.example", job=job.id, priority=1 << 40)
    one.put("good", "a.example", job=job.id)
    assert one.rows.flush(10)
    assert list(one.shared("a.example")) == ["good"]
    assert one.rows.refused == 2


def test_flush_waits_for_what_was_there_and_not_for_what_others_go_on_adding(worker: Callable[[str], Worker]) -> None:
    one = worker("w1")
    job = enqueue(one, "a.example")
    one.claim()
    for n in range(50):
        one.put(f"k{n}", "a.example", job=job.id)
    began = monotonic()
    assert one.rows.flush(10)
    assert monotonic() - began < 5
    assert len(one.shared("a.example")) == 50
    sleep(1.3)
    assert one.rows.flush(1)
    assert one.noted() <= 1


def test_parts_that_end_while_the_database_is_away_wait_without_work(worker: Callable[[str], Worker]) -> None:
    one = worker("w1")
    job = enqueue(one, "a.example")
    one.claim()
    one.store.push = _dead  # type: ignore[method-assign,assignment]
    one.put("k", "a.example", job=job.id)
    done: list[bool] = []
    threads = [threading.Thread(target=lambda: done.append(one.rows.flush(1.5))) for _ in range(4)]
    cpu = process_time()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert done == [False] * 4
    assert process_time() - cpu < 0.5


def test_a_fault_of_ours_is_told_keeps_the_rows_and_is_tried_again(
    worker: Callable[[str], Worker], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("crawler.cluster.shard._SLOWEST", 0.2)
    one = worker("w1")
    enqueue(one, "a.example")
    one.claim()

    def broken(*_: object) -> Pushed:
        raise RuntimeError("never thought of")

    with monkeypatch.context() as patch:
        patch.setattr(one.store, "push", broken)
        one.put("k", "a.example")
        assert not one.rows.flush(1.0)
        assert "rows-not-told" in caplog.text
        assert list(one.store.pull("a.example")) == []
    assert one.rows.flush(10.0)
    assert [row.key for row in one.store.pull("a.example")] == ["k"]


def test_the_thread_ends_with_a_collection_that_cannot_be_written(worker: Callable[[str], Worker], monkeypatch: pytest.MonkeyPatch) -> None:
    one = worker("w1")
    enqueue(one, "a.example")
    one.claim()
    thread: Any = one.rows._thread
    monkeypatch.setattr(type(one.collection), "broken", WriteFailed(Path("index.db"), OSError(28, "full")))
    one.rows.told()
    thread.join(10)
    assert not thread.is_alive()
    one.rows.close()
    monkeypatch.undo()


def test_a_token_claimed_anew_meanwhile_is_not_forgotten(worker: Callable[[str], Worker]) -> None:
    one = worker("w1")
    enqueue(one, "a.example")
    (claim,) = one.claim()
    one.store._lanes._lost("w1", "a.example", claim.token - 1)
    assert one.store._lanes.held("w1", ["a.example"]) == (["a.example"], [claim.token])
    one.store._lanes._lost("w1", "a.example", claim.token)
    assert one.store._lanes.held("w1", ["a.example"]) == ([], [])

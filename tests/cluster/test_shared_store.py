"""Rows of the frontier on the server: fences, wake-ups, workers that are gone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from time import monotonic, sleep
from uuid import uuid4

import psycopg
import pytest
from attrs import evolve

from crawler import clock
from crawler.cluster.rows import Pushed, SharedRow
from crawler.cluster.store import PgJobStore
from crawler.jobs.rows import Job, LaneState, Part

pytestmark = pytest.mark.outer

NOW = "2026-11-29T06:00:00.000000Z"
LEASE = 60.0


@pytest.fixture
def store(database: str) -> Iterator[PgJobStore]:
    opened = PgJobStore.open(database)
    yield opened
    opened.close()


def job_in(store: PgJobStore, *lanes: str) -> Job:
    job = Job(id=uuid4().hex, site="web", created=datetime.now(UTC), lanes=lanes)
    store.enqueue(job)
    return job


def row(key: str, lane: str, job: Job | None = None, **values: object) -> SharedRow:
    return evolve(SharedRow(key=key, lane=lane, job=job and job.id, state="queued", due=NOW, priority=3, columns={"url": f"https://{lane}/{key}"}), **values)  # type: ignore[arg-type]


def keys(store: PgJobStore, lane: str, since: int = 0) -> dict[str, str]:
    return {one.key: one.state for one in store.pull(lane, since)}


# -- the fence


def test_rows_come_back_as_they_were_sent(store: PgJobStore) -> None:
    job = job_in(store, "a.example")
    (claim,) = store.claim("w1", 1, lease=LEASE)
    sent = [
        row("k1", "a.example", job, columns={"url": "https://a.example/ä", "tried": ["x"], "attempts": 2, "detail": "it's \\u0000 \"quoted\""}),
        row("k2", "a.example", job, state="done", due="", warc="w.warc.gz"),
        row("k3", "a.example", None, state="refused", due="2027-01-01T00:00:00.000000Z", priority=-5),
    ]
    assert store.push("w1", {claim.lane: claim.token}, sent) == Pushed(kept=3)
    assert sorted(store.pull("a.example"), key=lambda one: one.key) == sent
    assert store.push("w1", {claim.lane: claim.token}, sent) == Pushed(kept=3), "again, as after a lost answer"
    assert len(list(store.pull("a.example"))) == 3


def test_characters_that_no_text_may_hold_are_replaced(store: PgJobStore) -> None:
    job = job_in(store, "a.example")
    (claim,) = store.claim("w1", 1, lease=LEASE)
    bad = row("k\x00", "a.example", job, columns={"detail": "a\x00b\ud800c", "tried": ["\x00"]})
    assert store.push("w1", {claim.lane: claim.token}, [bad]).kept == 1
    (found,) = store.pull("a.example")
    assert (found.key, dict(found.columns)) == ("k\ufffd", {"detail": "a\ufffdb\ufffdc", "tried": ["\ufffd"]})
    store.renew("w1", {"a.example": LaneState(robots={"https://a.example": {"text": "User-agent: \x00\udfff"}})}, lease=LEASE)
    store.release("w1", "a.example", LaneState(robots={"https://a.example": {"text": "User-agent: \x00\udfff"}}))
    (claim,) = store.claim("w1", 1, lease=LEASE)
    assert claim.state.robots == {"https://a.example": {"text": "User-agent: \ufffd\ufffd"}}


def test_the_first_to_ask_leaves_lanes_to_the_workers_beside_it(store: PgJobStore, database: str) -> None:
    lanes = [f"{n:02}.example" for n in range(30)]
    job_in(store, *lanes)
    for worker in ("w1", "w2", "w3", "gone"):
        store.beat(worker, {})
    with psycopg.connect(database, autocommit=True) as other:
        other.execute("UPDATE news_archive.workers SET seen = now() - interval '1 hour' WHERE name = 'gone'")
    taken = {worker: store.claim(worker, 64, lease=LEASE) for worker in ("w1", "w2", "w3")}
    assert [len(claims) for claims in taken.values()] == [10, 7, 5]
    assert {claim.lane for claim in taken["w1"]} == set(lanes[:10])
    assert len(store.claim("w3", 2, lease=LEASE)) == 2
    left = 0
    while found := store.claim("w1", 64, lease=LEASE):
        left += len(found)
    assert left == 6, "all are taken, by whoever goes on asking"


def test_workers_take_turns_at_a_host_of_neither(store: PgJobStore, database: str) -> None:
    other = PgJobStore.open(database)
    waits = [one.take_turn("pictures.example", 5.0) for one in (store, other, store)]
    assert waits == pytest.approx([0.0, 5.0, 10.0], abs=1.0)
    assert waits[2] - waits[1] == pytest.approx(5.0, abs=1.0)
    assert other.take_turn("another.example", 5.0) == 0.0
    with psycopg.connect(database, autocommit=True) as db:
        db.execute("UPDATE news_archive.host_turns SET following = now() - interval '1 hour'")
    assert other.take_turn("pictures.example", 5.0) == 0.0, "nobody has asked for long"
    other.close()


def test_what_is_sent_under_an_older_token_changes_nothing(store: PgJobStore, database: str) -> None:
    job = job_in(store, "a.example")
    (mine,) = store.claim("w1", 1, lease=LEASE)
    store.push("w1", {"a.example": mine.token}, [row("k", "a.example", job)])
    store.release("w1", "a.example", LaneState())
    late = [row("k", "a.example", job, state="done", warc="x"), row("new", "a.example", job)]
    other = PgJobStore.open(database)
    (theirs,) = other.claim("w2", 1, lease=LEASE)
    assert store.push("w1", {"a.example": mine.token}, late[:1]) == Pushed(refused=1)
    assert store.push("w2", {"a.example": mine.token}, late[:1]) == Pushed(refused=1)
    assert keys(store, "a.example") == {"k": "queued"}
    assert store.tokens("w1", ["a.example"]) == {}
    assert store.tokens("w2", ["a.example"]) == {"a.example": theirs.token}
    other.close()


def test_what_is_sent_late_is_taken_while_nobody_else_has_claimed_the_lane(store: PgJobStore) -> None:
    """A worker that stopped, or whose lease ran out, still has the last word on what it did."""
    job = job_in(store, "a.example")
    (claim,) = store.claim("w1", 1, lease=LEASE)
    store.release("w1", "a.example", LaneState())
    assert store.tokens("w1", ["a.example", "b.example"]) == {"a.example": claim.token}
    assert store.push("w1", {"a.example": claim.token}, [row("k", "a.example", job, state="done")]) == Pushed(kept=1)


def test_what_is_sent_late_is_taken_after_the_same_worker_has_claimed_the_lane_again(store: PgJobStore, database: str) -> None:
    """Its wire was cut past the deadline; mended, it claims the lane while what it had done before is on its way."""
    job = job_in(store, "a.example")
    tokens = []
    for _ in range(2):
        (claim,) = store.claim("w1", 1, lease=LEASE)
        tokens.append(claim.token)
        store.release("w1", "a.example", LaneState())
    assert store.push("w1", {"a.example": tokens[0]}, [row("k", "a.example", job, state="done")]) == Pushed(kept=1)
    other = PgJobStore.open(database)
    other.claim("w2", 1, lease=LEASE)
    other.release("w2", "a.example", LaneState())
    store.claim("w1", 1, lease=LEASE)
    for token in tokens:
        assert store.push("w1", {"a.example": token}, [row("k", "a.example", job, state="failed")]) == Pushed(refused=1)
    assert keys(store, "a.example") == {"k": "done"}
    other.close()


def test_a_claim_waits_for_no_push_and_a_push_in_a_claim_is_refused(store: PgJobStore, database: str) -> None:
    """The push waits for the claim's lock, and then sees the new token."""
    job = job_in(store, "a.example")
    (claim,) = store.claim("w1", 1, lease=LEASE)
    store.push("w1", {"a.example": claim.token}, [row("k", "a.example", job)])
    store.release("w1", "a.example", LaneState())
    with psycopg.connect(database) as taking:
        taking.execute("UPDATE news_archive.lanes SET owner = 'w2', last_owner = 'w2', token = token + 1")
        found: list[Pushed] = []
        pushing = threading.Thread(target=lambda: found.append(store.push("w1", {"a.example": claim.token}, [row("k", "a.example", job, state="done")])))
        pushing.start()
        wait_for_lock(database)
        taking.commit()
        pushing.join(10)
    assert found == [Pushed(refused=1)]


# -- what is found in lanes of others


def test_addresses_in_lanes_of_others_are_queued_once_and_wake_them(store: PgJobStore, database: str) -> None:
    job = job_in(store, "a.example")
    store.claim("w1", 1, lease=LEASE)
    found = [row("b1", "b.example", job), row("b2", "b.example", job), row("c1", "c.example", job)]
    assert store.push("w1", {}, found) == Pushed(added=3)
    assert store.push("w1", {}, found) == Pushed(known=3)
    other = PgJobStore.open(database)
    assert other.push("w2", {}, [*found, row("c2", "c.example", job)]) == Pushed(added=1, known=3)
    claims = {claim.lane: claim for claim in other.claim("w2", 8, lease=LEASE)}
    assert set(claims) == {"b.example", "c.example"}
    assert claims["b.example"].jobs == (job,)
    assert keys(store, "b.example") == {"b1": "queued", "b2": "queued"}
    seq = claims["c.example"].seq
    assert store.push("w1", {}, [row("c3", "c.example", job)]) == Pushed(added=1)
    renewed = other.renew("w2", {"c.example": LaneState()}, lease=LEASE)["c.example"]
    assert renewed.seq > seq
    assert keys(other, "c.example", seq) == {"c3": "queued"}, "only what others added"
    assert keys(other, "c.example", renewed.seq) == {}
    other.close()


def test_an_address_found_in_a_lane_that_was_lost_meanwhile_is_not_lost_with_it(store: PgJobStore, database: str) -> None:
    """Both lanes were held when the page was read; the page's own still is, that of its link is not. One statement, or a kill in it."""
    job = job_in(store, "a.example", "b.example")
    tokens = {claim.lane: claim.token for claim in store.claim("w1", 8, lease=LEASE)}
    store.push("w1", tokens, [row("known", "b.example", job)])
    store.release("w1", "b.example", LaneState())
    other = PgJobStore.open(database)
    (theirs,) = other.claim("w2", 8, lease=LEASE)
    ended = {"url": "https://b.example/", "etag": "e", "validates": "r", "record_id": "r"}
    batch = [
        row("link", "b.example", job), row("read", "b.example", job, state="done", due="", warc="w", columns=ended),
        row("known", "b.example", job, state="done"), row("page", "a.example", job, state="done"),
    ]  # fmt: skip
    assert store.push("w1", tokens, batch) == Pushed(kept=1, added=2, refused=1)
    assert keys(store, "a.example") == {"page": "done"}
    assert keys(store, "b.example") == {"known": "queued", "link": "queued", "read": "queued"}
    assert [(one.warc, dict(one.columns)) for one in store.pull("b.example") if one.key == "read"] == [(None, {"url": "https://b.example/"})]
    assert other.renew("w2", {"b.example": LaneState()}, lease=LEASE)["b.example"].seq > theirs.seq, "its holder is told"
    other.close()


def test_how_a_row_ended_in_a_lane_that_is_not_held_is_refused_but_the_address_is_not_lost(store: PgJobStore) -> None:
    job = job_in(store, "z.example")
    done = row("k", "a.example", job, state="done", due="", warc="w")
    assert store.push("w1", {}, [done]) == Pushed(added=1, refused=1)
    assert keys(store, "a.example") == {"k": "queued"}
    assert store.push("w1", {}, [done]) == Pushed(refused=1)


def test_another_job_asks_again_for_what_failed_or_is_due(store: PgJobStore) -> None:
    first, second = job_in(store, "a.example"), job_in(store, "z.example")
    tokens = {claim.lane: claim.token for claim in store.claim("w1", 8, lease=LEASE)}
    past, future = NOW, "2027-01-01T00:00:00.000000Z"
    known = [("failed", "failed", ""), ("due", "done", past), ("later", "done", future), ("never", "done", ""), ("waits", "queued", past)]
    store.push("w1", tokens, [row(key, "a.example", first, state=state, due=due) for key, state, due in known])
    added = store.push("w1", {}, [row(key, "a.example", second, due=NOW) for key, *_ in known])
    assert added == Pushed(added=2, known=3)
    assert {one.key for one in store.pull("a.example") if one.job == second.id} == {"failed", "due"}


def test_an_address_added_while_a_part_ends_is_not_lost(store: PgJobStore, database: str) -> None:
    """Letting go waits for the adder, and looks only then."""
    job = job_in(store, "a.example")
    (claim,) = store.claim("w1", 1, lease=LEASE)
    part = Part(id="p", job=job.id, worker="w1", lanes=("a.example",), started=datetime.now(UTC))
    store.begin_part(part)
    with psycopg.connect(database) as adding:
        add(adding, "k", "a.example", job)
        ending = threading.Thread(target=lambda: (store.end_part(part), store.release("w1", "a.example", LaneState())))
        ending.start()
        wait_for_lock(database)
        adding.commit()
        ending.join(10)
    (again,) = store.claim("w1", 1, lease=LEASE)
    assert again.jobs == (job,)
    assert again.seq > claim.seq


def test_one_statement_would_lose_the_wake_up_and_two_do_not(store: PgJobStore, database: str) -> None:
    """PostgreSQL waits for the adder's lock, and then computes with the snapshot taken before."""
    one = "UPDATE news_archive.lanes l SET next_due = (SELECT min(due) FROM news_archive.entries e WHERE e.lane = l.lane AND e.state <> 'ended') WHERE lane = %s"
    two = "SELECT news_archive.let_go('w1', ARRAY[%s], ARRAY[1], ARRAY[0.0])"
    job = job_in(store, "other.example")
    assert _next_due_after(store, database, one, job, "lost.example") is None
    assert _next_due_after(store, database, two, job, "kept.example") is not None


def _next_due_after(store: PgJobStore, database: str, sql: str, job: Job, lane: str) -> object:
    """Let a lane go while another connection adds to it; return when it falls due."""
    with psycopg.connect(database, autocommit=True) as db:
        db.execute("INSERT INTO news_archive.lanes (lane, owner, last_owner, token) VALUES (%s, 'w1', 'w1', 1)", [lane])
    with psycopg.connect(database) as adding:
        add(adding, f"k of {lane}", lane, job)

        def let_go() -> None:
            with psycopg.connect(database, autocommit=True) as db:
                db.execute(sql, [lane])

        going = threading.Thread(target=let_go)
        going.start()
        wait_for_lock(database)
        adding.commit()
        going.join(10)
    with psycopg.connect(database) as db:
        assert db.execute("SELECT state FROM news_archive.frontier WHERE lane = %s", [lane]).fetchall() == [("queued",)]
        found = db.execute("SELECT next_due FROM news_archive.lanes WHERE lane = %s", [lane]).fetchone()
        return found and found[0]


def add(db: psycopg.Connection, key: str, lane: str, job: Job) -> None:
    """What `push_found` does, in a transaction that is open still."""
    db.execute("SELECT news_archive.push_found(%s, %s, %s, %s, ARRAY[now()], ARRAY[0], ARRAY['{}'::jsonb])", ([key], [lane], [job.id], [NOW]))


def wait_for_lock(database: str) -> None:
    until = monotonic() + 10
    with psycopg.connect(database, autocommit=True) as db:
        while not db.execute("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()").fetchone():
            assert monotonic() < until
            sleep(0.01)


def test_workers_that_add_to_the_same_lanes_at_once_wait_for_each_other(store: PgJobStore, database: str) -> None:
    """Lanes are locked in the order of their names: nobody is told of a deadlock."""
    job = job_in(store, "a.example")
    lanes = [f"{n}.example" for n in range(20)]
    stores = [PgJobStore.open(database) for _ in range(3)]
    found: list[Pushed] = []

    def work(mine: PgJobStore, turn: int) -> None:
        for n in range(15):
            rows = [row(f"{lane}/{n}/{turn % 2}", lane, job) for lane in (lanes if turn else reversed(lanes))]
            found.append(mine.push(f"w{turn}", {}, rows))

    threads = [threading.Thread(target=work, args=(mine, turn)) for turn, mine in enumerate(stores)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(found) == 45
    assert sum(one.added for one in found) == 600
    assert sum(len(keys(store, lane)) for lane in lanes) == 600
    for mine in stores:
        mine.close()


# -- workers that are gone


def test_rows_of_a_lost_worker_are_queued_again_unless_their_warc_is_stored(store: PgJobStore, database: str) -> None:
    job = job_in(store, "a.example")
    (claim,) = store.claim("w1", 1, lease=LEASE)
    part = Part(id="p", job=job.id, worker="w1", lanes=("a.example",), started=datetime.now(UTC))
    store.begin_part(part)
    columns = {"url": "https://a.example/", "record_id": "urn:uuid:1", "etag": '"1"', "validates": "urn:uuid:1", "validates_host": "a.example", "story_id": "s"}
    done = [row(f"{n}", "a.example", job, state="done", due="", warc=f"{n}.warc.gz", columns=columns) for n in range(4)]
    failed = row("failed", "a.example", job, state="failed", due="")
    store.push("w1", {"a.example": claim.token}, [*done, failed])
    for n, words in enumerate((["written"], ["stored"], ["written", "stored", "verified"])):
        for safety in words:
            store.note_warc("w1", f"{n}.warc.gz", safety)
    store.note_warc("w2", "3.warc.gz", "verified")  # another worker's file of that name
    store.end_part(evolve(part, ended=datetime.now(UTC), exit_code=0))
    report = store.report(job.id)
    assert report
    assert report.ended
    assert dict(report.states) == {"done": 4, "failed": 1}
    assert store.declare_lost("w1") == 2
    assert keys(store, "a.example") == {"0": "queued", "1": "done", "2": "done", "3": "queued", "failed": "failed"}
    again = next(one for one in store.pull("a.example", claim.seq) if one.key == "0")
    assert dict(again.columns) == {"url": "https://a.example/", "story_id": "s"}, "validators would have the page answered with a 304"
    report = store.report(job.id)
    assert report
    assert not report.ended
    assert report.states["queued"] == 2
    assert store.push("w1", {"a.example": claim.token}, done) == Pushed(refused=4), "it was not lost, but it is too late"
    assert store.declare_lost("w1") == 0
    other = PgJobStore.open(database)
    assert other.claim("w2", 1, lease=LEASE) == [], "it may be asking still, until its deadline"
    other.close()


def test_rows_beyond_the_limits_of_a_job_do_not_keep_it_open(store: PgJobStore) -> None:
    job = job_in(store, "a.example")
    (claim,) = store.claim("w1", 1, lease=LEASE)
    store.push("w1", {"a.example": claim.token}, [row("k", "a.example", job), row("d", "a.example", job, state="done")])
    part = Part(id="p", job=job.id, worker="w1", lanes=("a.example",), started=datetime.now(UTC))
    store.begin_part(part)
    report = store.report(job.id)
    assert report
    assert not report.ended
    assert dict(report.states) == {"queued": 1, "done": 1}
    store.end_part(evolve(part, ended=datetime.now(UTC), exit_code=0))
    report = store.report(job.id)
    assert report
    assert report.complete
    assert dict(report.states) == {"left": 1, "done": 1}


# -- clocks


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_worker_whose_clock_is_an_hour_off_puts_nothing_off_for_others(store: PgJobStore, database: str, hours: int) -> None:
    job = job_in(store, "a.example")
    with clock.told_by(lambda: datetime.now(UTC) + timedelta(hours=hours)):
        wrong = PgJobStore.open(database)
        due = clock.now().isoformat(timespec="microseconds").replace("+00:00", "Z")
        assert wrong.push("w1", {}, [row("k", "b.example", job, due=due)]).added == 1
        assert [one.due[:18] for one in wrong.pull("b.example")] == [due[:18]], "it sees its own time"
        wrong.close()
    claims = store.claim("w2", 8, lease=LEASE)
    assert "b.example" in {claim.lane for claim in claims}
    (found,) = store.pull("b.example")
    assert abs(datetime.fromisoformat(found.due) - datetime.now(UTC)) < timedelta(seconds=20)


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_host_that_asked_to_wait_is_left_alone_whatever_the_clock_of_the_next_worker(store: PgJobStore, database: str, hours: int) -> None:
    """A Retry-After of ten minutes is ten minutes for a worker whose clock is an hour off."""
    job_in(store, "a.example")
    store.claim("w1", 1, lease=LEASE)
    until = datetime.now(UTC) + timedelta(minutes=10)
    store.release("w1", "a.example", LaneState(waits={"a.example": until.isoformat(timespec="microseconds").replace("+00:00", "Z")}))
    with clock.told_by(lambda: datetime.now(UTC) + timedelta(hours=hours)):
        wrong = PgJobStore.open(database)
        (claim,) = wrong.claim("w2", 1, lease=LEASE)
        assert abs(datetime.fromisoformat(claim.state.waits["a.example"]) - clock.now() - timedelta(minutes=10)) < timedelta(seconds=20)
        wrong.release("w2", "a.example", claim.state)
        wrong.close()
    (claim,) = store.claim("w1", 1, lease=LEASE)
    assert abs(datetime.fromisoformat(claim.state.waits["a.example"]) - until) < timedelta(seconds=3)

"""The shared frontier with a million rows in ten thousand lanes, and with a transaction that holds back vacuum."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg
import pytest
from attrs import evolve
from postgres import PostgresServer, postgres_server

from crawler.cluster.store import PgJobStore
from crawler.jobs.rows import Job, LaneState

pytestmark = [pytest.mark.outer, pytest.mark.slow]
LANES, EACH = 10_000, 100
JOB = "0" * 31 + "1"


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with postgres_server(options=("shared_preload_libraries=pg_stat_statements",)) as made:
        yield made


def _filled(server: PostgresServer, lanes: int, each: int) -> str:
    """A database with so many lanes that wait, and rows in each."""
    address = server.new_database()
    store = PgJobStore.open(address)
    store.enqueue(Job(id=JOB, site="web", created=datetime.now(UTC), lanes=("h0.example",)))
    store.close()
    name = address.rpartition("/")[2]
    lane = "'h' || n || '.example'"
    for sql in (
        f"INSERT INTO lanes (lane, next_due) SELECT {lane}, now() - n * interval '1 ms' FROM generate_series(1, {lanes - 1}) n",
        f"INSERT INTO entries (job, lane, state, due) SELECT '{JOB}', {lane}, 'waiting', now() - n * interval '1 ms' FROM generate_series(1, {lanes - 1}) n",
        f"""INSERT INTO frontier (key, lane, job, state, due, priority, columns)
            SELECT 'http://' || {lane} || '/' || m, {lane}, '{JOB}', 'queued', '2026-11-29T00:00:00+00:00', 0, '{{"role": "page", "site": "web"}}'
            FROM generate_series(0, {lanes - 1}) n, generate_series(1, {each}) m""",
    ):
        server.run(f"SET search_path = news_archive; {sql}", name)
    return address


def test_a_claim_among_ten_thousand_lanes_takes_less_than_a_millisecond(server: PostgresServer, capsys: pytest.CaptureFixture[str]) -> None:
    began = time.monotonic()
    address = _filled(server, LANES, EACH)
    filled = time.monotonic() - began
    server.run("CREATE EXTENSION pg_stat_statements", address.rpartition("/")[2])
    store = PgJobStore.open(address)
    before, seconds, leases = server.processor_seconds(), list[float](), 0
    for _ in range(300):
        began = time.perf_counter()
        claim, = store.claim("w1", 1, lease=60)
        seconds.append(time.perf_counter() - began)
        rows = list(store.pull(claim.lane))
        assert len(rows) == EACH
        for first in range(0, EACH, 32):
            done = [evolve(row, state="done", warc="w1-1.warc.gz") for row in rows[first : first + 32]]
            assert store.push("w1", {claim.lane: claim.token}, done).kept == len(done)
            leases += len(done)
        store.release("w1", claim.lane, LaneState(delay=1.0))
    cpu = server.processor_seconds() - before
    store.close()
    ask = "SELECT calls, mean_exec_time, max_exec_time FROM pg_stat_statements WHERE query LIKE '%LIMIT%SKIP LOCKED%UPDATE%'"
    calls, mean, longest = map(float, server.run(ask, address.rpartition("/")[2]).split("|"))
    assert calls >= 300
    with capsys.disabled():
        whole = f"{statistics.median(seconds) * 1000:.2f} ms with its round trips (median)"
        print(f"\nfilled in {filled:.0f} s; claim {mean:.3f} ms in the server (most {longest:.2f}), {whole}")
        print(f"server {cpu / leases * 1000:.3f} ms a row, {leases / cpu:.0f} rows/s a core")
    assert mean < 1
    assert leases / cpu > 500


def test_a_long_transaction_elsewhere_does_not_stop_claims(server: PostgresServer, capsys: pytest.CaptureFixture[str]) -> None:
    """A reader who keeps a snapshot holds back vacuum: every version of a row that was updated since stays."""
    address = _filled(server, 50, 0)
    store, seconds = PgJobStore.open(address), list[float]()
    with psycopg.connect(address) as other:
        other.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        other.execute("SELECT count(*) FROM news_archive.lanes")
        for _ in range(60):
            began = time.perf_counter()
            claims = store.claim("w1", 50, lease=60)
            seconds.append(time.perf_counter() - began)
            assert len(claims) == 50
            for turn in range(3):
                held = store.renew("w1", {claim.lane: LaneState(waits={"a": str(turn)}) for claim in claims}, lease=60)
                assert len(held) == 50
            for claim in claims:
                store.release("w1", claim.lane, LaneState())
        dead = server.run("SELECT n_dead_tup FROM pg_stat_user_tables WHERE relname = 'lanes'", address.rpartition("/")[2])
    store.close()
    first, last = statistics.median(seconds[:10]), statistics.median(seconds[-10:])
    with capsys.disabled():
        print(f"\n50 lanes claimed in {first * 1000:.1f} ms at first, {last * 1000:.1f} ms after 60 turns; {dead} dead versions held")
    assert last < 20 * first + 0.05

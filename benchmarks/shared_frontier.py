"""The price of a frontier that workers share: claims, settled rows, found addresses, and a transaction that stays open.

    python -m benchmarks.shared_frontier postgresql://USER@HOST/EMPTY_DATABASE --rows 1000000 --lanes 10000

Processor time is that of the server's processes for our connections, where the server is on this machine; walls include the round trip.
The database is filled and left as it is: give one that may be dropped.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import psycopg

from crawler.cluster.rows import SharedRow
from crawler.cluster.store import PgJobStore
from crawler.jobs.rows import Job, LaneState

LEASE = 600.0
WORKER = "bench"
DUE = "2026-11-29T06:00:00.000000Z"
COLUMNS = {
    "url": "", "site": "web", "role": "page", "language": "en", "found_on": "https://h.example/", "depth": 2, "added": DUE, "changed": DUE,
}  # fmt: skip
_FILL = """
INSERT INTO news_archive.lanes (lane, next_due)
    SELECT 'h' || n || '.example', now() - make_interval(secs => n) FROM generate_series(1, %(lanes)s) n ON CONFLICT DO NOTHING;
INSERT INTO news_archive.entries (job, lane, state, due)
    SELECT %(job)s, 'h' || n || '.example', 'waiting', now() - make_interval(secs => n) FROM generate_series(1, %(lanes)s) n;
INSERT INTO news_archive.frontier (key, lane, job, state, due, priority, columns)
    SELECT 'https://' || lane || '/story/' || i || '/a-headline-of-some-length', lane, %(job)s, 'queued', %(due)s, 0, %(columns)s
        FROM (SELECT 'h' || (i %% %(lanes)s) + 1 || '.example' AS lane, i FROM generate_series(1, %(rows)s) i) r
"""


class Measured:
    """Connections to a database, and the processor time that the server spends on them."""

    def __init__(self, address: str) -> None:
        self.address, self.store = address, PgJobStore.open(address)

    def cpu(self) -> float:
        """Processor seconds of the server's processes of this database."""
        with psycopg.connect(self.address) as db:
            found = db.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()").fetchall()
        ticks = 0
        for (pid,) in found:
            stat = Path(f"/proc/{pid}/stat")
            ticks += sum(map(int, stat.read_text().rpartition(")")[2].split()[11:13])) if stat.exists() else 0
        return ticks / os.sysconf("SC_CLK_TCK")

    @contextmanager
    def told(self, what: str, count: int, unit: str, *, times: list[float] | None = None) -> Iterator[None]:
        """Print the time of a step."""
        cpu, began = self.cpu(), time.perf_counter()
        yield
        wall, cpu = time.perf_counter() - began, self.cpu() - cpu
        median = f", median {statistics.median(times) * 1000:.2f} ms a call" if times else ""
        print(f"{what:<52} {count / wall:>9,.0f} {unit}/s, server {cpu / count * 1000:7.4f} ms a {unit[:-1]}{median}")


def timed(work: Callable[[], object], times: list[float]) -> None:
    """Do something and note how long it took."""
    began = time.perf_counter()
    work()
    times.append(time.perf_counter() - began)


def rows_of(lane: str, job: str, first: int, count: int, state: str = "queued") -> list[SharedRow]:
    """Make new rows of a lane."""
    urls = [f"https://{lane}/new/{n}/a-headline-of-some-length" for n in range(first, first + count)]
    warc = "w.warc.gz" if state == "done" else None
    return [
        SharedRow(key=url, lane=lane, job=job, state=state, due=DUE, priority=0, warc=warc, columns={**COLUMNS, "url": url}) for url in urls
    ]  # fmt: skip


def main(words: list[str] | None = None) -> int:
    """Fill a database and measure."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.shared_frontier", description=__doc__)
    options.add_argument("database")
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--lanes", type=int, default=10_000)
    options.add_argument("--settled", type=int, default=20_000, help="rows to settle, and addresses to find (default: %(default)s)")
    options.add_argument("--claims", type=int, default=200)
    given = options.parse_args(words)
    bench = Measured(given.database)
    job = _fill(bench, given.rows, given.lanes)
    _claims(bench, given.claims)
    _settles(bench, job, given.settled)
    _finds(bench, job, given.settled)
    _long_transaction(bench, given.claims)
    return 0


def _fill(bench: Measured, rows: int, lanes: int) -> str:
    job = Job(id=uuid4().hex, site="web", created=datetime.now(UTC))
    bench.store.enqueue(job)
    began = time.perf_counter()
    with psycopg.connect(bench.address) as db:
        columns = psycopg.types.json.Jsonb({**COLUMNS, "url": "x" * 60})
        arguments = {"rows": rows, "lanes": lanes, "job": job.id, "due": DUE, "columns": columns}
        for sql in _FILL.split(";\n"):
            db.execute(sql.encode(), {name: value for name, value in arguments.items() if f"%({name})s" in sql})
    with psycopg.connect(bench.address, autocommit=True) as db:
        db.execute("VACUUM ANALYZE news_archive.frontier, news_archive.lanes, news_archive.entries")
        size = db.execute("SELECT pg_total_relation_size('news_archive.frontier')").fetchone()
    each = size[0] / rows if size else 0
    print(f"{rows:,} rows in {lanes:,} lanes: filled in {time.perf_counter() - began:.0f} s, {each:.0f} B a row with indexes")
    return job.id


def _claims(bench: Measured, count: int) -> None:
    times: list[float] = []
    with bench.told("claim a lane (of all, with its jobs and state)", count, "claims", times=times):
        for _ in range(count):
            timed(lambda: bench.store.claim(WORKER, 1, lease=LEASE), times)
    lanes = {str(one["lane"]): LaneState(delay=1.0, waits={}) for one in bench.store.lanes(most=count) if one["owner"] == WORKER}
    times = []
    with bench.told(f"renew {len(lanes)} lanes", 20 * len(lanes), "lanes", times=times):
        for _ in range(20):
            timed(lambda: bench.store.renew(WORKER, lanes, lease=LEASE), times)
    lane, pulled = next(iter(lanes)), 0
    with bench.told("pull the rows of 50 lanes", 50, "lanes"):
        for lane in list(lanes)[:50]:
            pulled += sum(1 for _ in bench.store.pull(lane))
    print(f"    {pulled / 50:.0f} rows a lane")


def _settles(bench: Measured, job: str, count: int) -> None:
    tokens = {str(one["lane"]): int(str(one["token"])) for one in bench.store.lanes(most=50) if one["owner"] == WORKER}
    rows = [row for lane in tokens for row in list(bench.store.pull(lane))][:count]
    rows = [SharedRow(key=r.key, lane=r.lane, job=r.job, state="done", due="", priority=0, warc="w", columns=r.columns) for r in rows]
    while len(rows) < count:
        rows += rows[: count - len(rows)]
    times: list[float] = []
    with bench.told("settle rows, 32 at a time", count, "rows", times=times):
        for first in range(0, count, 32):
            batch = rows[first : first + 32]
            timed(lambda batch=batch: bench.store.push(WORKER, tokens, batch), times)  # type: ignore[misc]


def _finds(bench: Measured, job: str, count: int) -> None:
    lanes = [f"h{n}.example" for n in range(1, 11)]
    known = [row for lane in lanes for row in rows_of(lane, job, 0, 90)]
    bench.store.push(WORKER, {}, known)
    for part, what in ((90, "find addresses, 90 of 100 known to the server"), (100, "find addresses, all known to the server")):
        with bench.told(what, count, "links"):
            for turn in range(count // 100):
                lane = lanes[turn % 10]
                bench.store._rows._known.clear()  # as for a worker that has not met them
                new = rows_of(lane, job, 1000 + turn * 10, 100 - part) if part < 100 else []
                bench.store.push(WORKER, {}, [*known[90 * (turn % 10) : 90 * (turn % 10) + 90], *new])


def _long_transaction(bench: Measured, turns: int) -> None:
    def claim_and_release(times: list[float]) -> None:
        for _ in range(turns):
            began = time.perf_counter()
            found = bench.store.claim("other", 1, lease=LEASE)
            times.append(time.perf_counter() - began)
            for claim in found:
                bench.store.release("other", claim.lane, LaneState())

    before: list[float] = []
    claim_and_release(before)
    with psycopg.connect(bench.address) as open_still:
        open_still.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        open_still.execute("SELECT count(*) FROM news_archive.lanes")
        meanwhile: list[float] = []
        for _ in range(5):
            meanwhile = []
            claim_and_release(meanwhile)
    print(
        f"claim and release: median {statistics.median(before) * 1000:.2f} ms; after {turns * 5} under a transaction that stays open"
        f" {statistics.median(meanwhile) * 1000:.2f} ms"
    )  # fmt: skip


if __name__ == "__main__":
    raise SystemExit(main())

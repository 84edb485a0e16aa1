"""What the queue costs: leases among many hosts, and the memory of known addresses.

    python -m benchmarks.frontier --rows 1000000 --lanes 10000 --leases 2000
    python -m benchmarks.frontier --rows 100000 --runs 200    as many runs of a worker at once, each on a site of its own

Processor time of one thread; the index is made in a folder of its own and deleted.
"""

from __future__ import annotations

import argparse
import sqlite3
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.frontier.changes import reopen
from crawler.frontier.rows import COLUMNS, FrontierRow, values_of
from crawler.frontier.run_scope import RunScope
from crawler.frontier.store import SqliteFrontier
from crawler.frontier.table import FrontierTable
from crawler.index.index import Index
from crawler.index.rows import iso
from crawler.items import FrontierRequest, Target
from crawler.urls.known_keys import KnownKeys

DELAY = timedelta(seconds=1)
AT_ONCE = 16
"""Requests in flight together."""


def rows(count: int, lanes: int, now: str) -> Iterator[dict[str, object]]:
    """Make rows of as many hosts, a few days old."""
    for n in range(count):
        url = f"https://h{n % lanes:05}.example/story/{n:07}/a-headline-of-some-length"
        target = Target(key=url, url=url, site="web", role="page", found_on="https://h.example/", depth=2)
        yield values_of(FrontierRow(target=target, priority=40 - n % 3, due=now, added=now, changed=now))


class Writer:
    """Commits what the frontier hands over, when told to."""

    def __init__(self, index: Index) -> None:
        self._index, self.waiting = index, list[tuple[Callable[[sqlite3.Connection], None], Callable[[], None]]]()

    def submit(self, change: Callable[[sqlite3.Connection], None], committed: Callable[[], None]) -> None:
        """Keep a change."""
        self.waiting.append((change, committed))

    def commit(self) -> None:
        """Commit what waits."""
        work, self.waiting = self.waiting, []
        with self._index.atomic():
            for change, _ in work:
                change(self._index.conn)
        for _, committed in work:
            committed()


def resident() -> int:
    """Bytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def measure(folder: Path, count: int, lanes: int, leases: int) -> None:
    """Print the cost of leases, and of the keys in memory."""
    now = datetime.now(UTC)
    with closing(Index.open(folder / "index.db")) as index:
        sql = f"INSERT INTO frontier ({', '.join(COLUMNS)}) VALUES ({', '.join(f':{name}' for name in COLUMNS)})"
        with index.atomic():
            index.conn.executemany(sql, rows(count, lanes, iso(now)))
        writer, clock = Writer(index), [now]
        frontier = SqliteFrontier(index.path, submit=writer.submit, run_id=None, clock=lambda: clock[0])
        statements: list[str] = []
        free: dict[str, datetime] = {}
        flying: deque[FrontierRow] = deque()

        def closed(host: str, pinned: bool) -> datetime | None:
            return until if (until := free.get(host)) is not None and until > clock[0] else None

        spent, times, counted = 0.0, [], leases // 5
        for n in range(leases):
            # Of the last ones the statements are counted, which costs time; the rest are timed.
            if n == leases - counted:
                frontier._table.db.set_trace_callback(statements.append)
            clock[0] += DELAY / lanes
            began = time.process_time()
            found = frontier.queued(closed=closed)
            row = next(iter(found), None)
            if row is not None:
                host = row.url.split("/")[2]
                flying.append(frontier.lease(row, host))
                free[host] = clock[0] + DELAY
            found.close()  # type: ignore[attr-defined]
            if n < leases - counted:
                times.append(time.process_time() - began)
                spent += times[-1]
            if len(flying) > AT_ONCE:
                frontier.settle(flying.popleft().key, "done")
                writer.commit()
        times.sort()
        middle = times[len(times) // 2] * 1000
        print(f"{count} rows, {lanes} lanes: lease {spent / len(times) * 1000:.3f} ms, median {middle:.3f}, ", end="")
        print(f"longest {times[-1] * 1000:.1f}; {len(statements) / counted:.2f} statements a lease")
        memory, began = resident(), time.process_time()
        for _ in range(count // 100):
            frontier._known.read_on()
        size, each = (resident() - memory) / count, (time.process_time() - began) / count
        print(f"known addresses: {size:.1f} bytes each, {each * 1e6:.2f} us each to read")
        targets = (Target(key=f"n{n}", url=f"https://h{n}.example/n", site="web", role="page") for n in range(1000))
        began = time.process_time()
        frontier.add(FrontierRequest(target=target) for target in targets)
        queued = time.process_time()
        writer.commit()
        print(f"new address: {queued - began:.3f} ms each to queue, {time.process_time() - queued:.3f} ms each to commit")
        frontier.close()


def measure_runs(folder: Path, count: int, runs: int, leases: int) -> None:
    """Print what the runs of many sites cost that work on one table at once."""
    now = datetime.now(UTC)
    with closing(Index.open(folder / "index.db")) as index:
        sql = f"INSERT INTO frontier ({', '.join(COLUMNS)}) VALUES ({', '.join(f':{name}' for name in COLUMNS)})"
        with index.atomic():
            for n, values in enumerate(rows(count, runs, iso(now))):
                index.conn.execute(sql, values | {"site": f"s{n % runs}", "lane": f"s{n % runs}", "job": "j"})
        writer, table = Writer(index), FrontierTable(index.path)
        known = KnownKeys(table.keys_after)
        for _ in range(count // 100):
            known.read_on()
        memory, began, spent, open_ = resident(), time.process_time(), 0.0, list[SqliteFrontier]()
        for n in range(runs):
            scope = RunScope.of_site(f"s{n}", job="k")
            with index.atomic():
                run = index.start_run(f"s{n}", {}, now)
                reopen(index.conn, run_id=run, now=now, due=True, scope=scope)
            frontier = SqliteFrontier(
                index.path, submit=writer.submit, run_id=run, clock=lambda: now, table=table, known=known, scope=scope
            )  # fmt: skip
            open_.append(frontier)
        opened = time.process_time() - began
        for n in range(leases):
            frontier = open_[n % runs]
            began = time.process_time()
            found = frontier.queued()
            row = frontier.lease(next(iter(found)), "h")
            found.close()  # type: ignore[attr-defined]
            frontier.settle(row.key, "done")
            spent += time.process_time() - began
            if n % AT_ONCE == 0:
                writer.commit()
        began = time.process_time()
        for frontier in open_:
            frontier.waiting(), frontier.outcomes(1), frontier.backlog(iso(now)), frontier.pending()
        counted, each = (time.process_time() - began) / runs * 1000, (resident() - memory) / runs / 1000
        print(f"{count} rows, {runs} runs at once: {opened / runs * 1000:.2f} ms to open, lease and settle ", end="")
        print(f"{spent / leases * 1000:.3f} ms, {counted:.2f} ms to count at the end; {each:.0f} kB each")


def main() -> None:
    """Measure what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--lanes", type=int, default=10_000)
    parser.add_argument("--leases", type=int, default=2_000)
    parser.add_argument("--runs", type=int, default=0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if given.runs:
            measure_runs(Path(folder), given.rows, given.runs, given.leases)
        else:
            measure(Path(folder), given.rows, given.lanes, given.leases)


if __name__ == "__main__":
    main()

"""Measure how long it takes to plan a run over very many known stories, all of which are due.

    python -m benchmarks.planning --stories 100000 --dir FOLDER

The index is made up with SQL: every story has a settled row of the queue, and those that were checked last have sightings a day apart. The
folder keeps it, and a rerun takes it again. What is planned is rolled back.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks import index_scale
from crawler.frontier.changes import reopen
from crawler.frontier.table import FrontierTable
from crawler.index.index import Index
from crawler.index.rows import iso
from crawler.rechecks.rates import experienced
from crawler.rechecks.schedule import Schedule

RECHECKS = 500
"""Rechecks that a run may ask for."""
CHECKED = 20_000
"""Stories that have a second sighting: more than are looked at for the rate of change."""
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
_STORIES = """
INSERT OR IGNORE INTO frontier (key, url, site, story_id, role, priority, due, state, attempts, tried, answered, added, changed, every,
    record_id, validates, depth)
SELECT s.id, 'https://www.gazette.example/' || s.id, s.site, s.id, 'story', 40,
    strftime('%Y-%m-%dT%H:%M:%f000Z', julianday(:now) - (s.rowid % 100000) / 1440.0), 'done', 1, '["www.gazette.example"]', '[]', :before,
    :before, 3600 * (1 + s.rowid % 500), s.id, s.id, 1 FROM stories s"""
_AGAIN = """
INSERT INTO captures (record_id, method, attempt, url, host, site, story_id, role, key,
    date, status, warc, offset, length, state, read_state)
SELECT c.record_id || '#again', c.method, 1, c.url, c.host, c.site, c.story_id, c.role, c.key,
    strftime('%Y-%m-%dT%H:%M:%f000Z', julianday(:now) - 1 + c.id / 1e6), 304, c.warc, c.offset + 1, 300, 'ok', 'read'
FROM captures c ORDER BY c.id DESC LIMIT :most"""
_SEEN = """
INSERT INTO sightings (version_id, capture_id, host, date)
SELECT s.version_id, a.id, a.host, a.date FROM captures a JOIN captures c ON a.record_id = c.record_id || '#again'
JOIN sightings s ON s.capture_id = c.id"""


def make(path: Path, stories: int) -> None:
    """Make an index of nearly so many stories, one of ten seen twice in any case, and a queue in which all are due."""
    index_scale.make(path, stories)
    with Index.open(path) as index:
        if index.query("SELECT 1 FROM frontier LIMIT 1"):
            return
        values = {"now": iso(NOW), "before": iso(NOW - timedelta(days=400)), "most": CHECKED}
        with index.atomic():
            for sql in (_STORIES, _AGAIN, _SEEN):
                index.conn.execute(sql, values)
        index.tidy()


def measure(path: Path) -> dict[str, tuple[float, float]]:
    """Seconds of processor and by the clock for each step of planning, in order."""
    found = {"open the index": _timed(lambda: Index.open(path).close())}
    index = Index.open(path)
    index.conn.execute("BEGIN IMMEDIATE")
    try:
        run = index.start_run("gazette", {}, NOW)
        steps: dict[str, Callable[[], object]] = {
            "queue what is due": lambda: reopen(index.conn, run_id=run, now=NOW, due=True, rechecks=RECHECKS),
            "estimate the rates of change": lambda: list(experienced(Schedule(), index, "gazette", NOW).rates()),
            "count what is left": lambda: FrontierTable(path).backlog(iso(NOW)),
        }
        return {**found, **{name: _timed(step) for name, step in steps.items()}}
    finally:
        index.conn.rollback()
        index.close()


def _timed(step: Callable[[], object]) -> tuple[float, float]:
    cpu, wall = time.process_time(), time.perf_counter()
    step()
    return time.process_time() - cpu, time.perf_counter() - wall


def main(words: list[str] | None = None) -> None:
    """Make the index if it is not there, and print the times."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.planning", description=__doc__.split("\n")[0])
    options.add_argument("--stories", type=int, default=100_000)
    options.add_argument("--dir", type=Path, required=True)
    given = options.parse_args(words)
    given.dir.mkdir(parents=True, exist_ok=True)
    path = given.dir / "index.db"
    make(path, given.stories)
    with Index.open(path, readonly=True) as index:
        (known,) = index.query("SELECT count(*) FROM stories")[0]
        checks = sum(rate.checks for rate in experienced(Schedule(), index, "gazette", NOW).rates())
    print(f"{known:,} known stories, all due, {checks:,} checks; seconds of processor, and by the clock")
    took = measure(path)
    for name, (cpu, wall) in took.items():
        print(f"{cpu:8.2f} {wall:8.2f}  {name}")
    print(f"{sum(cpu for cpu, _ in took.values()):8.2f} {sum(wall for _, wall in took.values()):8.2f}  together")
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB at most")


if __name__ == "__main__":
    main()

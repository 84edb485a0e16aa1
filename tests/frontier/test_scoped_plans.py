"""Two hundred runs on one table: a turn of one looks at its own rows alone, and takes little memory."""

from __future__ import annotations

import re
import tracemalloc
from datetime import timedelta
from pathlib import Path

from shards import START, Shard, keys, page, story, take

from crawler.index.rows import iso

DAY = timedelta(days=1)


_ROWS = """
WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < :most),
    named AS (SELECT n, 's' || (n % :sites) AS site, n / :sites % 4 = 0 AS queued FROM numbers)
INSERT INTO frontier (key, url, site, story_id, role, state, due, every, added, changed, job, lane, validates, record_id, priority, tried, answered)
SELECT site || '/' || n, 'https://www.' || site || '.example/' || n, site, site || '/' || n, 'story', iif(queued, 'queued', 'done'),
    iif(queued, :now, iif(n % 3, :before, :later)), 86400, :now, :before, 'old', site, 'r', 'r', n % 7, '[]', '[]' FROM named"""


def fill(shard: Shard, sites: int, each: int) -> None:
    """Sites with settled, due and queued rows."""
    times = {"now": iso(START), "before": iso(START - DAY), "later": iso(START + DAY)}
    with shard.index.atomic():
        shard.index.conn.execute(_ROWS, {"most": sites * each - 1, "sites": sites, **times})


def turn(shard: Shard, site: str) -> None:
    """Open a run, ask for some, find some, and close it."""
    frontier = shard.site(site, due=True)
    run = shard.run
    for n in range(5):
        frontier.add([story(site, 10**6 + n, hint="x")])
        frontier.settle(take(frontier, f"www.{site}.example"), "done", due=iso(shard.now + DAY))
        frontier.pending(), frontier.soonest()
        shard.commit()
    frontier.settle(take(frontier), "queued", due=iso(shard.now + timedelta(seconds=9)))
    shard.commit()
    shard.now += timedelta(seconds=10)
    keys(frontier.queued())
    list(frontier.known(site, "story"))
    list(frontier.due(site, "story"))
    list(frontier.left_over(site))
    list(frontier.ended("done", run))
    frontier.count(), frontier.unasked(), frontier.waiting(), frontier.waiting(only_run=True, fresh=False), frontier.outcomes(run)
    frontier.not_due(site, "story"), frontier.backlog(iso(shard.now)), frontier.ended_well("x", run)
    frontier.pending(only_run=True, without_stories=True), frontier.soonest(only_run=True)
    frontier.close()


def test_every_statement_takes_an_index_of_its_own_rows(tmp_path: Path) -> None:
    shard = Shard(tmp_path)
    fill(shard, 4, 40)
    asked: set[str] = set()
    for db in (shard.table.db, shard.index.conn):
        db.set_trace_callback(asked.add)
    turn(shard, "s1")
    web = shard.web("j", "a.example")
    web.add([page("a.example", n) for n in range(3)] + [page("b.example", 1)])
    shard.commit()
    take(web)
    web.take_lane("b.example")
    list(web.queued()), list(web.known("web", "page")), list(web.due("web", "page")), web.outcomes(shard.run), web.unasked()
    for db in (shard.table.db, shard.index.conn):
        db.set_trace_callback(None)
    of_table = [sql for sql in asked if re.search(r"\b(?:FROM|UPDATE) frontier\b", sql)]
    assert len(of_table) > 30
    for sql in of_table:
        plan = [row[3] for row in shard.index.conn.execute(f"EXPLAIN QUERY PLAN {sql}")]
        for step in plan:
            if "frontier" in step:
                assert re.search(r"idx_frontier_scope\w* \((?:lane=\? AND|lane=\?\))|sqlite_autoindex_frontier_1 \(key", step), (sql, plan)
    assert any("idx_frontier_scope_next" in row[3] for sql in of_table for row in shard.index.conn.execute(f"EXPLAIN QUERY PLAN {sql}"))


def test_a_turn_costs_the_same_however_many_sites_there_are(tmp_path: Path) -> None:
    """Steps of SQLite's machine, which are the same on every computer."""
    steps: dict[int, int] = {}
    for sites in (1, 200):
        folder = tmp_path / str(sites)
        folder.mkdir()
        shard = Shard(folder)
        fill(shard, sites, 500)
        while shard.known._read_to is not None:
            shard.known.read_on()
        count = 0

        def step() -> None:
            nonlocal count
            count += 1

        for db in (shard.table.db, shard.index.conn):
            db.set_progress_handler(step, 100)
        turn(shard, "s0")
        steps[sites] = count
    assert steps[200] <= steps[1] * 1.1 + 5, steps


def test_a_run_takes_little_memory(tmp_path: Path) -> None:
    shard = Shard(tmp_path)
    fill(shard, 20, 600)
    for _ in range(100):
        shard.known.read_on()
    list(shard.site("s0").queued())
    tracemalloc.start()
    frontiers = [shard.site(f"s{n}") for n in range(20)]
    for frontier in frontiers:
        take(frontier)
        assert keys(frontier.queued())
    shard.commit()
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held / 20 <= 300_000, f"{held / 20:.0f} bytes a run"

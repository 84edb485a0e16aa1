"""Rows told to others and taken over by them are the same rows; through deaths at any moment none is forgotten."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shards import START, Shard, page, story, take
from stands import ROOT

from crawler.cluster.rows import SharedRow
from crawler.frontier.changes import save
from crawler.frontier.rows import FrontierRow, row_of
from crawler.index.index import Index
from crawler.index.rows import iso
from crawler.items import Target
from crawler.outbox.noted import NotedRow, forget, install, noted_rows
from crawler.outbox.taken_over import take_over

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
HOSTS = st.lists(st.sampled_from(["a.example", 'b"\\.example', "ü.example", "1"]), max_size=3).map(tuple)
TIMES = st.integers(0, 10**9).map(lambda seconds: iso(START + timedelta(seconds=seconds)))
ROWS = st.builds(
    FrontierRow,
    target=st.builds(
        Target, key=TEXT.filter(bool), url=TEXT, site=st.just("web"), role=st.sampled_from(["page", "story", "requisite"]), story=st.none() | TEXT,
        language=st.none() | TEXT, found_on=st.none() | TEXT, depth=st.integers(0, 9),
    ),
    priority=st.integers(-(10**9), 10**9), due=TIMES | st.just(""), state=st.sampled_from(["queued", "done", "failed", "refused"]),
    reason=st.none() | TEXT, detail=st.none() | TEXT, attempts=st.integers(0, 9), tried=HOSTS, answered=HOSTS, etag=st.none() | TEXT,
    last_modified=st.none() | TEXT, validates=st.none() | TEXT, validates_host=st.none() | TEXT, hint=st.none() | TEXT, host=st.none() | TEXT,
    run_id=st.none(), record_id=st.none() | TEXT, added=TIMES, changed=TIMES, every=st.none() | st.integers(0, 10**9),
    requisites=st.sampled_from([None, "images", "all"]), announced=st.none() | TEXT, job=st.none() | TEXT, lane=TEXT.filter(bool),
)  # fmt: skip


def sent(row: NotedRow) -> SharedRow:
    """A row as it comes back from a database that holds its columns as JSON."""
    columns = json.loads(json.dumps(dict(row.columns)))
    return SharedRow(key=row.key, lane=row.lane, job=row.job, state=row.state, due=row.due, priority=row.priority, columns=columns)


def rows_in(db: sqlite3.Connection) -> dict[str, FrontierRow]:
    cursor = db.cursor()
    cursor.row_factory = sqlite3.Row
    return {row["key"]: row_of(row) for row in cursor.execute("SELECT * FROM frontier")}


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[sqlite3.Connection, sqlite3.Connection]]:
    folder = tmp_path_factory.mktemp("two")
    with Index.open(folder / "one.db") as one, Index.open(folder / "other.db") as other:
        for index in (one, other):
            index.conn.execute("PRAGMA synchronous = OFF")
            install(index.conn)
        yield one.conn, other.conn


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(ROWS, max_size=5, unique_by=lambda row: row.key))
def test_a_row_taken_over_is_the_row_that_was_told_but_for_what_is_not_here(
    two: tuple[sqlite3.Connection, sqlite3.Connection], rows: list[FrontierRow]
) -> None:
    one, other = two
    for db in two:
        db.execute("DELETE FROM frontier")
        db.execute("DELETE FROM outbox")
    for row in rows:
        save(one, row)
    take_over(other, [sent(row) for row in noted_rows(one, 99)], still_ours=False)
    bare = {"etag": None, "last_modified": None, "validates": None, "validates_host": None}
    wanted = {row.key: evolve(row, record_id=None, **bare) for row in rows}
    assert rows_in(other) == wanted
    assert list(noted_rows(other, 9)) == [], "nobody is told again what he has told"


class Others:
    """The shared frontier, as far as rows are concerned."""

    def __init__(self) -> None:
        self.rows: dict[str, NotedRow] = {}
        self.times: Counter[tuple[str, str]] = Counter()

    def push(self, rows: list[NotedRow]) -> None:
        for row in rows:
            self.rows[row.key] = row
            self.times[row.key, row.noted] += 1


@pytest.mark.parametrize("seed", range(4))
def test_nothing_is_forgotten_and_little_told_twice_whatever_dies_when(tmp_path: Path, seed: int) -> None:
    """The sender dies before it has told, or after, and the process with uncommitted changes."""
    dice, shard, others, deaths = random.Random(seed), Shard(tmp_path), Others(), 0
    install(shard.index.conn)
    run = shard.web("j", "a.example", "b.example")
    for n in range(120):
        run.add([page(dice.choice(["a.example", "b.example", "c.example"]), dice.randrange(60), hint=f"h{n}") for _ in range(3)])
        if dice.random() < 0.7 and (row := next(run.queued(), None)):
            key = run.lease(row, "a.example").key
            if dice.random() < 0.8:
                run.settle(key, dice.choice(["done", "failed", "queued"]), due=iso(shard.now), reason=dice.choice([None, "dns"]))  # type: ignore[arg-type]
        if dice.random() < 0.5:
            shard.commit()
        rows = list(noted_rows(shard.index.conn, dice.randrange(1, 9)))
        death = dice.random()
        if death < 0.1:
            deaths += 1
            continue  # dead before it told
        others.push(rows)
        if dice.random() < 0.3:
            shard.commit()  # while it told
        if death < 0.2:
            deaths += 1
            continue  # dead before it could note that it told
        forget(shard.index.conn, [(row.key, row.noted) for row in rows])
        if death > 0.95:
            shard.waiting = []
            run.close()
            shard.known.__init__(shard.table.keys_after)  # type: ignore[misc]
            run = shard.web("j", "a.example", "b.example")
    shard.commit()
    while rows := list(noted_rows(shard.index.conn, 7)):
        others.push(rows)
        forget(shard.index.conn, [(row.key, row.noted) for row in rows])
    here = rows_in(shard.index.conn)
    assert set(others.rows) == set(here)
    for key, told in others.rows.items():
        state = "queued" if here[key].state in ("leased", "captured") else here[key].state
        assert (told.state, told.job, told.lane) == (state, here[key].job, here[key].lane)
        if here[key].state not in ("leased", "captured"):
            assert (told.due, told.columns.get("hint"), told.columns.get("reason")) == (here[key].due, here[key].hint, here[key].reason)
    assert sum(times - 1 for times in others.times.values()) <= deaths * 8


CHILD = """
import asyncio, sys
from datetime import UTC, datetime
from pathlib import Path
sys.path.insert(0, "tests")
from shards import story
from crawler.collection.collection import Collection
from crawler.frontier.run_scope import RunScope
from crawler.frontier.store import SqliteFrontier
from crawler.outbox.noted import install

async def main(path):
    collection = Collection.open(path)
    collection.now(lambda index: install(index.conn))
    frontier = SqliteFrontier(path / "index.db", submit=collection.change, run_id=None, clock=lambda: datetime.now(UTC),
                              scope=RunScope.of_site("a", job="j"))
    for n in range(200):
        frontier.add([story("a", n)])
        if n % 3 == 0:
            frontier.settle(f"a/{n}", "done")
        await asyncio.sleep(0)
        if n % 5 == 0:
            collection.now(lambda index: None)
            await asyncio.sleep(0)

asyncio.run(main(Path(sys.argv[1])))
"""


@pytest.mark.parametrize("point", ["commit:before", "commit:middle", "commit:after"])
def test_a_change_and_its_note_are_on_disk_together_or_neither(tmp_path: Path, point: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "ARCHIVE_FAULT": f"{point}=kill@9"}
    done = subprocess.run([sys.executable, "-c", CHILD, str(tmp_path / "work")], env=environment, cwd=ROOT, check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL
    with closing(sqlite3.connect(tmp_path / "work" / "index.db")) as db:
        rows = db.execute("SELECT key FROM frontier ORDER BY key").fetchall()
        assert rows
        assert rows == db.execute("SELECT key FROM outbox ORDER BY key").fetchall()


def test_without_a_shared_frontier_nothing_is_noted(tmp_path: Path) -> None:
    shard = Shard(tmp_path)
    run = shard.site("a")
    run.add([story("a", 1)])
    run.settle(take(run), "done")
    shard.commit()
    assert shard.index.conn.execute("SELECT count(*) FROM outbox").fetchone() == (0,)
    assert shard.index.conn.execute("SELECT count(*) FROM sqlite_temp_master WHERE tbl_name = 'frontier'").fetchone() == (0,)

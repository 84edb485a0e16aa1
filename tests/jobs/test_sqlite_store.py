"""Job store in one file: several processes, a dead worker, clocks, and files that are something else."""

from __future__ import annotations

import re
import signal
import sqlite3
import subprocess
import sys
from collections import deque
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.errors import ArchiveError, CollectionLocked, SetupError, WriteFailed
from crawler.jobs import sqlite_jobs
from crawler.jobs.rows import Job, LaneState, Part, Schedule
from crawler.jobs.sqlite_schema import TABLES
from crawler.jobs.sqlite_store import SqliteJobStore

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)


def job_of(n: int, *lanes: str, schedule: str | None = None) -> Job:
    return Job(id=f"{n:032x}", site="web", created=NOW, lanes=lanes or ("a.example",), schedule=schedule)


# -- processes

WORKER = """
import sys, time
from pathlib import Path
from crawler.jobs.sqlite_store import SqliteJobStore
store = SqliteJobStore(Path(sys.argv[1]))
print(len(store.claim("work", 8, lease=60)), flush=True)
time.sleep(60)
"""
ENQUEUER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4
from crawler.jobs.rows import Job
from crawler.jobs.sqlite_store import SqliteJobStore
store = SqliteJobStore(Path(sys.argv[1]))
for n in range(25):
    store.enqueue(Job(id=uuid4().hex, site="web", created=datetime.now(UTC), lanes=(f"{n}.example",)))
"""


def started(code: str, path: Path) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True)


def test_lanes_of_a_killed_worker_are_free_at_once_and_of_a_living_one_are_not(tmp_path: Path) -> None:
    path = tmp_path / "jobs.db"
    with closing(SqliteJobStore(path)) as store:
        store.enqueue(job_of(1))
        worker = started(WORKER, path)
        try:
            assert worker.stdout
            assert worker.stdout.readline() == "1\n"
            with pytest.raises(CollectionLocked, match=rf"jobs\.db: in use by worker work \(process {worker.pid}\)"):
                store.claim("work", 8, lease=60)
            with pytest.raises(CollectionLocked):
                store.declare_lost("work")
        finally:
            worker.send_signal(signal.SIGKILL)
            worker.communicate()
        (claim,) = store.claim("work", 8, lease=60)
        assert claim.token == 2
        assert claim.jobs == (job_of(1),)


def test_processes_that_open_a_new_store_at_once_and_enqueue_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "jobs.db"
    all_of_them = [started(ENQUEUER, path) for _ in range(3)]
    assert [process.wait(60) for process in all_of_them if process.communicate()] == [0, 0, 0]
    with closing(SqliteJobStore(path)) as store:
        assert len(store.jobs(open_only=True, most=1000)) == 75
        assert len(store.claim("work", 1000, lease=60)) == 25


# -- clocks


def test_a_clock_set_back_holds_up_no_lane_that_waits(tmp_path: Path) -> None:
    time = NOW
    with closing(SqliteJobStore(tmp_path / "jobs.db", now=lambda: time)) as store:
        time = NOW + timedelta(days=400)
        store.enqueue(job_of(1))
        store.claim("work", 1, lease=60)
        part = Part(id="p", job=job_of(1).id, worker="work", lanes=("a.example",), started=time)
        store.begin_part(part)
        store.end_part(part, again=time + timedelta(minutes=5))
        store.release("work", "a.example", LaneState())
        assert store.claim("work", 1, lease=60) == []
        time = NOW
        assert len(store.claim("work", 1, lease=60)) == 1


def test_a_restart_of_the_machine_holds_up_no_lane(tmp_path: Path) -> None:
    ticks = 1_000_000.0
    with closing(SqliteJobStore(tmp_path / "jobs.db", ticks=lambda: ticks)) as store:
        store.enqueue(job_of(1))
        store.claim("work", 1, lease=60)
        store.release("work", "a.example", LaneState(delay=30.0))
        assert store.claim("work", 1, lease=60) == []
        ticks = 5.0
        assert len(store.claim("work", 1, lease=60)) == 1


# -- room


def test_a_claim_walks_waiting_lanes_in_their_order_and_no_further_than_needed(tmp_path: Path) -> None:
    with closing(SqliteJobStore(tmp_path / "jobs.db")) as store:
        store.enqueue(job_of(1, *(f"{n}.example" for n in range(3000))))
        steps = 0

        def step() -> int:
            nonlocal steps
            steps += 1
            return 0

        store.claim("work", 1, lease=60)
        store._conn.set_progress_handler(step, 100)
        assert len(store.claim("work", 4, lease=60)) == 4
        store._conn.set_progress_handler(None, 0)
        assert steps < 30, "hundreds of instructions of SQLite's machine"


def test_old_jobs_that_have_ended_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_jobs, "KEPT_OF_SCHEDULE", 3)
    monkeypatch.setattr(sqlite_jobs, "KEPT_OTHERS", 2)
    with closing(SqliteJobStore(tmp_path / "jobs.db")) as store:
        store.schedule(Schedule(id="s", site="demo", lanes=("demo",), every=60, next_at=NOW))
        store.enqueue(job_of(0, "open.example"))
        for n in range(1, 20):
            store.enqueue(job_of(n, f"{n}.example", schedule="s" if n % 2 else None))
            store.claim("work", 1000, lease=60)
            part = Part(id=str(n), job=job_of(n).id, worker="work", lanes=(f"{n}.example",), started=NOW)
            store.begin_part(part)
            store.end_part(part)
        kept = [int(job.id, 16) for job in store.jobs(most=1000)]
        assert kept == [19, 18, 17, 16, 15, 0]
        assert [store.report(job.id) for job in map(job_of, (1, 14))] == [None, None]
        tables = {name: store._conn.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in ("entries", "parts")}
        assert tables == {"entries": 6, "parts": 5}


# -- files that are no job store


def test_every_table_and_column_has_a_comment() -> None:
    for line in TABLES.splitlines():
        if line.startswith("CREATE TABLE") or (line.startswith("    ") and not re.match(r"\s+(PRIMARY KEY|UNIQUE) \(", line)):
            assert "-- " in line, line


def write_database(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as conn:
        for statement in statements:
            conn.execute(statement)
        conn.commit()


@pytest.mark.parametrize("damage", [
    lambda path: path.write_bytes(b"hello, this is no database at all, but long enough to be looked at" * 20),
    lambda path: write_database(path, "CREATE TABLE captures (id)"),
    lambda path: write_database(path, "CREATE TABLE jobs (id)", "PRAGMA application_id = 5"),
    lambda path: path.mkdir(),
], ids=["text", "another program's", "another's id", "a folder"])  # fmt: skip
def test_a_file_that_is_no_job_store_is_named_and_left_as_it_is(tmp_path: Path, damage: object) -> None:
    path = tmp_path / "jobs.db"
    damage(path)  # type: ignore[operator]
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(SetupError) as caught:
        SqliteJobStore(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert before is None or path.read_bytes() == before


def test_a_newer_store_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "jobs.db"
    SqliteJobStore(path).close()
    write_database(path, "PRAGMA user_version = 99")
    with pytest.raises(SetupError, match="newer version of this program"):
        SqliteJobStore(path)


def test_a_store_damaged_in_the_middle_is_named(tmp_path: Path) -> None:
    path = tmp_path / "jobs.db"
    with closing(SqliteJobStore(path)) as store:
        for n in range(200):
            store.enqueue(job_of(n, f"{n}.example"))
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (path.stat().st_size - 4096))
    with pytest.raises(SetupError, match=r"jobs\.db: not a readable job store"), closing(SqliteJobStore(path)) as store:
        store.jobs()


def test_a_disk_that_takes_nothing_is_named_and_nothing_is_half_changed(tmp_path: Path) -> None:
    with closing(SqliteJobStore(tmp_path / "jobs.db")) as store:
        store.enqueue(job_of(1))
        store._conn.execute("PRAGMA max_page_count = 1")
        many = (job_of(n, *(f"{n}-{m}.example" for m in range(50))) for n in range(2, 2000))
        with pytest.raises(WriteFailed):
            deque(map(store.enqueue, many), maxlen=0)
        jobs = store.jobs(most=5000)
        assert all((found := store.report(job.id)) and found.open_lanes == len(job.lanes) for job in jobs)


def test_a_store_kept_nowhere_is_empty(tmp_path: Path) -> None:
    with closing(SqliteJobStore(None)) as store:
        assert store.jobs() == []
        assert store.idle()
        assert store.workers() == []
        assert store.lanes() == []


def test_an_error_of_a_caller_changes_nothing(tmp_path: Path) -> None:
    with closing(SqliteJobStore(tmp_path / "jobs.db")) as store:
        with pytest.raises(TypeError):
            store.enqueue(Job(id="1" * 32, site="web", created=NOW, lanes=("a.example", object())))  # type: ignore[arg-type]
        assert store.jobs() == []
        store.enqueue(job_of(1))
        assert issubclass(CollectionLocked, ArchiveError)

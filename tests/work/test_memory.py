"""A worker stays as large as it is, however many parts it has run."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest
from work_sites import Office, office, until

from crawler.clock import now
from crawler.jobs.rows import Job
from crawler.jobs.sqlite_store import SqliteJobStore

PARTS = 60
MOST_GROWTH = 3 * 2**20
"""Bytes from the 30th part to the last. A crawler that is not freed leaves one and more for each part."""


def resident(process: int) -> int:
    """Bytes of memory that a process has now."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise AssertionError("ended")


def ended(one: Office) -> int:
    try:
        return int(one.rows("SELECT count(*) FROM runs WHERE ended IS NOT NULL")[0][0])
    except sqlite3.OperationalError:
        return 0  # it has not begun


@pytest.mark.slow
def test_many_parts_in_a_row_leave_nothing_behind(tmp_path: Path) -> None:
    with office(tmp_path, sites=2, stories=2) as one:
        one.archives.mkdir()
        worker = one.start("work", ARCHIVE_WORK_LANES=1)
        sizes = []
        with closing(SqliteJobStore(one.archives / "jobs.db")) as store:
            for n in range(PARTS):
                name = one.names[n % 2]
                store.enqueue(Job(id=uuid4().hex, site=name, created=now(), lanes=(name,)))
                if n % 10 == 9:
                    until(lambda n=n: ended(one) > n, 60)  # type: ignore[misc]
                    sizes.append(resident(worker.pid))
        worker.terminate()
        assert worker.wait(30) == 14
        assert sizes[-1] - sizes[2] < MOST_GROWTH, [size // 2**10 for size in sizes]

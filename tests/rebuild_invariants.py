"""Invariant of the whole index: made anew from the WARCs alone it is the same, row for row."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from attrs import evolve
from closed import Collection, invariant
from scrapy.settings import Settings

from crawler.crawl.config import readers_of
from crawler.index.index import Index
from crawler.index.reader_version import GIVEN_UP, reader_version
from crawler.maintenance.compare import Comparison
from crawler.maintenance.fill_index import fill, open_old_index, restore_frontier
from crawler.processing.reading_stats import ReadingStats
from crawler.sites.known import WEB, sites_known
from crawler.workers.pool import InThisProcess, JobLimits

MOST_CAPTURES = 400
"""Larger collections are not made anew behind each command: some test does so itself."""


@contextmanager
def made_anew(path: Path, index: Path, settings: dict[str, str]) -> Iterator[Path]:
    """The file of an index made anew from a collection's WARCs alone.

    Args:
        index: The index as it is, or a copy of it: what it has not read yet is not read.
        settings: Of the command that made it.
    """
    knobs = Settings()
    knobs.setmodule("crawler.settings")
    knobs.update(settings, priority="cmdline")
    readers = evolve(readers_of(knobs), workers=InThisProcess(JobLimits(workers=0)))
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / "fresh.db"
        with open_old_index(index) as old, Index.open(fresh) as made:
            made.conn.execute("PRAGMA synchronous = OFF")
            filled = fill(made, path, readers, old=old, stats=ReadingStats(), as_old=True)
            with made.atomic():
                restore_frontier(made, queue=True, sent_on=filled.sent_on)
        yield fresh


def differences(path: Path, index: Path, settings: dict[str, str]) -> Iterator[str]:
    """What an index has that its collection's WARCs do not give, and the other way round; as `made_anew`."""
    with made_anew(path, index, settings) as fresh:
        comparison = Comparison.of(index, fresh)
        with closing(comparison.conn):
            for one in comparison.differences():
                if not one.of_readers:
                    yield f"{one.table} {' '.join(map(str, one.key))}: {one.what}"
            sql = "SELECT o.record_id, o.reader_version, n.reader_version FROM main.captures o JOIN fresh.captures n USING (record_id)"
            for record_id, *both in comparison.conn.execute(f"{sql} WHERE o.reader_version IS NOT n.reader_version"):
                # Two readers may differ, a site file being edited; nobody's word against a reader's means that it was not noted.
                if {None, reader_version()}.intersection(both) or both[1] == GIVEN_UP:
                    yield f"captures {record_id}: reader_version is {both[0]!r}, made anew {both[1]!r}"


@invariant
def rebuilt(c: Collection) -> Iterator[str]:
    """Every table that can be rebuilt is what the WARCs alone give, row for row; where a site file is not there, nobody can tell."""
    shelf = {*sites_known(tuple(filter(None, c.settings.get("ARCHIVE_SITES", "").split(",")))), WEB.name}
    named = {row[0] for row in c.rows("SELECT DISTINCT site FROM captures")}
    if c.one("SELECT count(*) FROM captures") > MOST_CAPTURES or not named <= shelf:
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "index.db"
        with closing(sqlite3.connect(copy)) as target:
            c.db.backup(target)
        yield from differences(c.path, copy, dict(c.settings))

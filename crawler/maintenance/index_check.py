"""Hold an index against what its WARCs say: all of it, or a sample; what is read anew is compared row by row."""

from __future__ import annotations

import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from attrs import frozen

from crawler.archive_files.reader import archived
from crawler.collection.foreign_records import adopt
from crawler.collection.ingest import add_archived
from crawler.collection.layout import find_warc
from crawler.errors import ArchiveError
from crawler.index.index import Index
from crawler.items import Capture
from crawler.maintenance.compare import Comparison, Difference
from crawler.maintenance.fill_index import Before, before, fill, read_captures, restore_frontier
from crawler.maintenance.sample import Sample, draw
from crawler.processing.parse_again import Readers
from crawler.processing.reading_stats import ReadingStats
from crawler.sites.known import WEB, sites_known

ONE_IN = 1000
"""Captures of which one is drawn..."""
LEAST, MOST = 4, 100
"""...but so many at least, and so many at most."""
MOST_TOLD = 100
"""Rows of one table that are told one by one."""


@frozen(kw_only=True)
class Checked:
    """What differs between an index and its WARCs."""

    faults: tuple[str, ...] = ()
    """Rows that differ: table, row, where in a WARC the capture lies that it comes from, and which columns."""
    more: int = 0
    """Rows that differ beyond those."""
    others: int = 0
    """Rows that differ in what other readers read, or what was given up for time or memory."""
    captures: int = 0
    """How many were read again."""


def check_whole(path: Path, readers: Readers) -> Checked:
    """Make an index anew in a temporary folder, which needs as much room as the index has, and compare every row.

    Raises:
        SetupError: The site file of a capture is not there.
    """
    with _fresh() as (file, index), before(path / "index.db") as old:
        filled = fill(index, path, readers, old=old, stats=ReadingStats(), alike=True)
        return _compared(path, file, index, sent_on=filled.sent_on, captures=filled.captures)


def check_sample(path: Path, readers: Readers, *, chance: random.Random | None = None) -> Checked:
    """Read a small share of the captures again, and compare what follows from them."""
    with _fresh() as (file, index), Index.open(path / "index.db", readonly=True) as there:
        (count,) = there.query("SELECT count(*) FROM captures")[0]
        drawn, sites = min(max(count // ONE_IN, LEAST), MOST), {*sites_known(readers.folders), WEB.name}
        sample = draw(there, drawn, sites=sites, chance=chance or random.Random())
        old = Before(index=there, warcs={}, captures={})
        with index.atomic():
            for capture in sorted(sample.captures.values(), key=lambda one: (one.warc, one.offset)):
                _take(index, path, old, capture, readers)
        filled = read_captures(index, path, readers, old=old, stats=ReadingStats(), alike=True)
        return _compared(path, file, index, sent_on=filled.sent_on, captures=len(sample.captures), sample=sample)


@contextmanager
def _fresh() -> Iterator[tuple[Path, Index]]:
    """An empty index in a folder of its own, that need not outlive a power cut."""
    with tempfile.TemporaryDirectory(prefix="index-check-") as folder:
        file = Path(folder) / "index.db"
        with Index.open(file) as index:
            index.conn.execute("PRAGMA synchronous = OFF")
            yield file, index


def _take(index: Index, path: Path, old: Before, capture: Capture, readers: Readers) -> None:
    """Index a capture from its record and what accompanies it; what cannot be read is told where the file itself is checked."""
    sql = "SELECT coalesce(max(offset + length), 0) FROM captures WHERE warc = ? AND offset < ? AND state = 'ok'"
    (start,) = old.index.query(sql, [capture.warc, capture.offset])[0]
    sites = sites_known(readers.folders)
    with suppress(ArchiveError, OSError):
        for entry in archived(find_warc(path, capture.warc), start=start, faults=[]):
            if entry.capture is None or entry.capture.offset < capture.offset:
                continue
            if entry.capture.offset == capture.offset:
                add_archived(index, adopt(entry, sites, warc=capture.warc))
            return


def _compared(
    path: Path, file: Path, index: Index, *, sent_on: frozenset[str], captures: int, sample: Sample | None = None
) -> Checked:  # fmt: skip
    with index.atomic():
        restore_frontier(index, queue=True, sent_on=sent_on)
    comparison = Comparison.of(path / "index.db", file, sample)
    with closing(comparison.conn):
        faults, counts, others = list[str](), Counter[str](), 0
        for one in comparison.differences():
            others += one.of_readers
            counts[one.table] += not one.of_readers
            if not one.of_readers and counts[one.table] <= MOST_TOLD:
                faults.append(_told(comparison, one))
        return Checked(faults=tuple(faults), more=counts.total() - len(faults), others=others, captures=captures)


def _told(comparison: Comparison, one: Difference) -> str:
    """Which row differs, where it comes from, and what is wrong with it."""
    place = comparison.place_of(one.record_id) if one.record_id else None
    where = f", capture {one.record_id} at {place[0]} offset {place[1]}" if place else ""
    story = f", story {one.story}" if one.story and one.story not in one.key else ""
    key = " ".join(str(part) for part in one.key if part is not None and part != one.record_id)
    return f"table {one.table}{', ' if key else ''}{key}{story}{where}: {one.what}"

"""Check an index against its WARCs, whole or by a sample, row by row."""

from __future__ import annotations

import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from attrs import frozen

from crawler.collection.foreign_records import assign_site
from crawler.collection.ingest import add_archived
from crawler.errors import ArchiveError
from crawler.index.index import Index
from crawler.items import Capture
from crawler.maintenance.compare import Comparison, Difference
from crawler.maintenance.fill_index import OldIndex, fill, open_old_index, parse_captures, restore_frontier
from crawler.maintenance.index_file import entry_at
from crawler.maintenance.sample import Sample, draw
from crawler.processing.parse_again import Readers
from crawler.processing.reading_stats import ReadingStats
from crawler.sites.known import WEB, sites_known

ONE_IN = 1000
"""Captures of which one is drawn for a sample."""
LEAST, MOST = 4, 100
"""Bounds for the number of captures drawn."""
MOST_TOLD = 100
"""Differing rows of one table in messages."""


@frozen(kw_only=True)
class Checked:
    """Differences between an index and its WARCs."""

    faults: tuple[str, ...] = ()
    """Rows that differ: table, row, where in a WARC the capture lies that it comes from, and which columns."""
    more: int = 0
    """Rows that differ beyond those."""
    others: int = 0
    """Rows that differ in what other readers read, or what was given up for time or memory."""
    captures: int = 0
    """Number of captures parsed again."""


def check_whole(path: Path, readers: Readers) -> Checked:
    """Rebuild an index in a temporary folder, of the same size, and compare every row.

    Raises:
        SetupError: The site file of a capture is not there.
    """
    with _temporary_index() as (file, index), open_old_index(path / "index.db") as old:
        filled = fill(index, path, readers, old=old, stats=ReadingStats(), as_old=True)
        return _compared(path, file, index, sent_on=filled.sent_on, captures=filled.captures)


def check_sample(path: Path, readers: Readers, *, chance: random.Random | None = None) -> Checked:
    """Parse a sample of the captures again, and compare the rows that follow from them."""
    with _temporary_index() as (file, index), Index.open(path / "index.db", readonly=True) as there:
        (count,) = there.query("SELECT count(*) FROM captures")[0]
        drawn, sites = min(max(count // ONE_IN, LEAST), MOST), {*sites_known(readers.folders), WEB.name}
        sample = draw(there, drawn, sites=sites, chance=chance or random.Random())
        old = OldIndex(index=there, warcs={}, captures={})
        with index.atomic():
            for capture in sorted(sample.captures.values(), key=lambda one: (one.warc, one.offset)):
                _index_capture(index, path, old, capture, readers)
        filled = parse_captures(index, path, readers, old=old, stats=ReadingStats(), as_old=True)
        return _compared(path, file, index, sent_on=filled.sent_on, captures=len(sample.captures), sample=sample)


@contextmanager
def _temporary_index() -> Iterator[tuple[Path, Index]]:
    """Open an empty index in a temporary folder, without fsync."""
    with tempfile.TemporaryDirectory(prefix="index-check-") as folder:
        file = Path(folder) / "index.db"
        with Index.open(file) as index:
            index.conn.execute("PRAGMA synchronous = OFF")
            yield file, index


def _index_capture(index: Index, path: Path, old: OldIndex, capture: Capture, readers: Readers) -> None:
    """Index a capture from its records; unreadable ones are faults of the file's own check."""
    with suppress(ArchiveError, OSError):
        if (entry := entry_at(old.index, path, capture)) is not None:
            add_archived(index, assign_site(entry, sites_known(readers.folders), warc=capture.warc))


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
                faults.append(_describe(comparison, one))
        return Checked(faults=tuple(faults), more=counts.total() - len(faults), others=others, captures=captures)


def _describe(comparison: Comparison, one: Difference) -> str:
    """Describe a differing row: table, key, capture, columns."""
    place = comparison.place_of(one.record_id) if one.record_id else None
    where = f", capture {one.record_id} at {place[0]} offset {place[1]}" if place else ""
    story = f", story {one.story}" if one.story and one.story not in one.key else ""
    key = " ".join(str(part) for part in one.key if part is not None and part != one.record_id)
    return f"table {one.table}{', ' if key else ''}{key}{story}{where}: {one.what}"

"""Parse and file the captures of a collection that were not parsed yet."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

from crawler.collection.collection import Collection
from crawler.collection.ingest import file_reading
from crawler.collection.parse_tasks import tasks
from crawler.frontier.changes import answered_in_vain
from crawler.index.imports import last_usable, left_behind
from crawler.index.index import Index
from crawler.index.rows import iso
from crawler.items import Reading
from crawler.processing.parse_again import Readers
from crawler.processing.reading_stats import ReadingStats


def account(stats: ReadingStats, reading: Reading) -> None:
    """Count what became of a capture that was read again."""
    stats.count_reading(reading)
    if reading.reason == "parser-fault":
        stats.count_fault(reading)
    if reading.article is not None:
        stats.templates[reading.article.template] += 1


def read_unread(
    collection: Collection, readers: Readers, *, warc: str | None = None, site: str | None = None, stats: ReadingStats | None = None
) -> int:  # fmt: skip
    """Read and file every capture that is not read yet; how many.

    Args:
        warc: Only what lies in the file of that name.
        site: Only what runs of this site were to read and did not live to.
        stats: Where what was read, and what could not be, is counted.
    """
    count = 0
    with collection.reader() as index:
        captures = index.unread() if warc is None else index.captures(read_state="unread", warc=warc)
        if site is not None:
            captures = index.captures_at(left_behind(index, site))
        for reading in readers.read_all(tasks(index, collection.path, captures)):
            collection.now(partial(_file_late, reading=reading))
            count += 1
            if stats is not None:
                account(stats, reading)
    return count


def _file_late(index: Index, reading: Reading) -> None:
    """File a reading of a capture whose request was settled before it was read; one that is no usable answer is asked for again."""
    file_reading(index, reading)
    if reading.reason is not None and reading.capture is not None:
        due = None if reading.answer else iso(datetime.now(UTC))
        answered_in_vain(index.conn, reading.capture.record_id, last_usable(index, reading.capture.key), due)

"""Parse and file the captures of a collection that were not parsed yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from itertools import islice

from attrs import evolve

from crawler import clock
from crawler.collection.collection import Collection
from crawler.collection.ingest import file_outcome
from crawler.collection.parse_tasks import tasks
from crawler.coverage.writing import catch_up_all, know_sites
from crawler.discovery.late_pictures import queue_pictures
from crawler.frontier.changes import mark_unusable
from crawler.frontier_reads.queries import unparsed_without_row
from crawler.index.imports import last_usable
from crawler.index.index import Index
from crawler.index.rows import iso
from crawler.items import Failed, Outcome
from crawler.maintenance.choice import Choice
from crawler.maintenance.repeats import Repeats
from crawler.processing.parse_again import Readers
from crawler.processing.reading_stats import ReadingStats

_TOGETHER = 32
"""Outcomes of one transaction."""


def parse_unread(
    collection: Collection, readers: Readers, *, warc: str | None = None, site: str | None = None, choice: Choice | None = None,
    stats: ReadingStats | None = None, tell: Callable[[str, int, float], None] = lambda what, count, share: None,
) -> int:  # fmt: skip
    """Read and file every capture that is not read yet; how many.

    Args:
        warc: Only what lies in the file of that name.
        site: Only what runs of this site were to read and did not live to.
        choice: Only these.
        stats: Where what was read, and what could not be, is counted.
    """
    count = 0
    with collection.reader() as index:
        if site is not None:
            ids = unparsed_without_row(index, site)
        else:
            ids = (evolve(choice, unread=True) if choice else Choice(unread=True)).row_numbers(index, warc=warc)
        collection.now(partial(know_sites, folders=readers.folders))
        jobs = tasks(index, collection.path, index.captures_at(ids))
        outcomes = readers.interpret_all(Repeats(index, collection.path, readers.folders, readers.limits).among(jobs))
        while some := list(islice(outcomes, _TOGETHER)):
            collection.now(partial(_file_late, outcomes=some, folders=readers.folders))
            count += len(some)
            tell("captures read", count, count / len(ids))
            if stats is not None:
                for outcome in some:
                    stats.account(outcome)
    catch_up_all(collection.now)
    return count


def _file_late(index: Index, outcomes: Iterable[Outcome], folders: tuple[str, ...]) -> None:
    """File outcomes after their requests have ended; request captures again if unusable."""
    for outcome in outcomes:
        file_outcome(index, outcome)
        queue_pictures(index, outcome, folders)
        if isinstance(outcome, Failed) and outcome.capture is not None:
            due = None if outcome.answer else iso(clock.now())
            mark_unusable(index.conn, outcome.capture.record_id, last_usable(index, outcome.capture.key), due)

"""Fill an empty index from the WARCs of a collection."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from itertools import islice
from pathlib import Path

from attrs import evolve, frozen

from crawler.collection.ingest import file_outcome, lease_for
from crawler.collection.layout import WarcFile, warc_files
from crawler.collection.parse_tasks import tasks
from crawler.collection.revisits import file_out_of_order, resolve_revisits
from crawler.coverage.writing import catch_up_all, know_sites
from crawler.errors import SetupError
from crawler.failpoints import failpoint
from crawler.frontier.changes import restored_by_number, save
from crawler.frontier.rows import FrontierRow
from crawler.frontier_reads.queries import was_asked
from crawler.importing.page_lists import add_page_lists
from crawler.index.cut import IS_CUT
from crawler.index.imports import last_of_keys
from crawler.index.index import Index
from crawler.index.reader_version import GIVEN_UP as VERSION_GIVEN_UP
from crawler.index.rows import Value, iso
from crawler.items import Outcome, Redirect
from crawler.maintenance.half_made import HalfMade
from crawler.maintenance.index_file import add_file, index_file
from crawler.maintenance.repeats import Repeats
from crawler.processing.parse_again import PATIENCE, Readers, Task
from crawler.processing.parse_failures import GIVEN_UP, given_up
from crawler.processing.reading_stats import ReadingStats
from crawler.schema.capture_keys import has_key
from crawler.sites.known import sites_known

_READINGS = 256
"""Outcomes of one transaction, at most."""
_SECONDS = 2.0
"""For which a transaction gathers outcomes: what a kill takes."""
_PATIENCE_KNOWN = 24
"""Factor on the time limit of a page that the old index had parsed."""
_TO_PARSE = (
    f"SELECT id FROM captures WHERE state = 'ok' AND read_state = 'unread' AND ({IS_CUT} OR id NOT IN"
    " (SELECT capture_id FROM failures WHERE capture_id IS NOT NULL)) ORDER BY date, record_id"
)
Progress = Callable[[str, int, float], None]
"""Called with what is counted, how many there are so far, and the share of the whole that is done."""


def quiet(what: str, count: int, share: float) -> None:
    """Tell nothing."""


@frozen(kw_only=True)
class Filled:
    """Counts of a filled index."""

    files: int = 0
    captures: int = 0
    readings: int
    problems: tuple[str, ...] = ()
    unresolved: int
    """Revisits whose original no file of the collection holds."""
    sent_on: frozenset[str]
    """record_ids of pages that only lead elsewhere."""


def fill(
    index: Index, path: Path, readers: Readers, *, old: OldIndex | None, stats: ReadingStats, tell: Progress = quiet,
    taken: Callable[[WarcFile], None] = lambda file: None, as_old: bool = False, made: HalfMade | None = None,
) -> Filled:  # fmt: skip
    """Index every record of a collection's WARCs, resolve revisits, and parse the captures.

    Args:
        taken: Called with each file whose captures are indexed.
        as_old: For a comparison: leave captures unparsed or given up as in the old index.
        made: What an earlier, killed call has done; progress is noted there.
    """
    made, files = made or HalfMade(index=index, stats=stats), warc_files(path)
    _index_files(made, path, files, readers, old=old, tell=tell, taken=taken)
    with index.atomic():
        add_page_lists(index, path)
    filled = parse_captures(index, path, readers, old=old, stats=stats, tell=tell, as_old=as_old, made=made)
    (captures,) = index.query("SELECT count(*) FROM captures")[0]
    return evolve(filled, files=len(files), captures=captures, problems=tuple(made.problems))


def _index_files(
    made: HalfMade, path: Path, files: Sequence[WarcFile], readers: Readers, *, old: OldIndex | None, tell: Progress,
    taken: Callable[[WarcFile], None],
) -> None:  # fmt: skip
    """Index the records of each file that is not indexed yet."""
    index = made.index
    sites, sizes = sites_known(readers.folders), {file.name: _size(file) for file in files}
    whole, before = max(1, sum(sizes.values())), 0
    (count,) = index.query("SELECT count(*) FROM captures")[0]

    def reached(added: int, offset: int) -> None:
        nonlocal count
        count += added
        tell("captures indexed", count, (before + offset) / whole)

    for file in files:
        if file.name not in made.files:
            made.remove_part(file)
            index_file(index, file, sites, made.problems, made.stats.omitted, reached)
            with index.atomic():
                add_file(index, path, file, old.warcs.get(file.name) if old else None)
                made.save()
            taken(file)
            failpoint("rebuild:indexed")
        before += sizes[file.name]


def _size(file: WarcFile) -> int:
    return file.path.stat().st_size if file.path.exists() else 0


def parse_captures(
    index: Index, path: Path, readers: Readers, *, old: OldIndex | None, stats: ReadingStats, tell: Progress = quiet,
    as_old: bool = False, made: HalfMade | None = None,
) -> Filled:  # fmt: skip
    """Resolve the revisits of an index, and parse its captures; as `fill`."""
    know_sites(index, readers.folders)
    left_out = resolve_revisits(index, path).unresolved
    if old is not None and as_old:
        _give_up_again(index, old)
    made = made or HalfMade(index=index, stats=stats)
    _parse_all(made, path, readers, old, tell, as_old=as_old)
    catch_up_all(index)
    # Behind the others, whose counts are noted with their rows: these are counted by whoever comes so far.
    for capture in index.captures_at(left_out):
        stats.count_unresolved(capture, fresh=True)
    return Filled(readings=made.readings, unresolved=len(left_out), sent_on=frozenset(made.sent_on))


def _give_up_again(index: Index, old: OldIndex) -> None:
    """File captures as given up that the old index has given up.

    The time limit is met by different pages on different machines.
    """
    sql = (
        "SELECT c.record_id, f.bytes, f.detail FROM failures f JOIN captures c ON c.id = f.capture_id"
        f" WHERE f.reason = 'malformed' AND (c.reader_version = '{VERSION_GIVEN_UP}' OR f.detail = ?) AND NOT {IS_CUT}"
    )
    with index.atomic():
        for row in old.index.rows(sql, [GIVEN_UP]):
            if (capture := index.capture(row["record_id"])) is not None:
                file_outcome(index, given_up(lease_for(capture), capture, row["detail"], row["bytes"]))


def _parse_all(made: HalfMade, path: Path, readers: Readers, old: OldIndex | None, tell: Progress, *, as_old: bool) -> None:
    """Parse and file every capture without a failure, or cut off, not filed yet."""
    index = made.index
    ids = index.row_numbers(_TO_PARSE)
    whole = max(1, made.readings + len(ids))
    jobs = patient(tasks(index, path, index.captures_at(ids)), old, as_old=as_old)
    outcomes = readers.interpret_all(Repeats(index, path, readers.folders, readers.limits).among(jobs))
    before = -1
    while before != (before := made.readings):
        with index.atomic():
            # Each is filed as it comes: a list of them would hold the texts and links of as many pages.
            for outcome in _some(outcomes):
                file_outcome(index, outcome)
                made.stats.account(outcome)
                if _is_asked_again(outcome) and outcome.capture is not None:
                    made.sent_on.add(outcome.capture.record_id)
                made.readings += 1
                tell("captures read", made.readings, made.readings / whole)
            made.save()
        failpoint("rebuild:read")
    with index.atomic():
        file_out_of_order(index)


def _some(outcomes: Iterator[Outcome]) -> Iterator[Outcome]:
    """Yield outcomes for one transaction."""
    began = time.monotonic()
    for outcome in islice(outcomes, _READINGS):
        yield outcome
        if time.monotonic() - began >= _SECONDS:
            return


def patient(jobs: Iterator[Task], old: OldIndex | None, *, as_old: bool = False) -> Iterator[Task]:
    """Set the patience for each capture by its result in the old index.

    Args:
        as_old: Leave out what is unparsed there.
    """
    for job in jobs:
        if old is None:
            yield job
        elif not (as_old and old.is_unread(job.capture.record_id)):
            yield evolve(job, patience=old.patience(job.capture.record_id))


def _is_asked_again(outcome: Outcome) -> bool:
    """Test if a capture only leads elsewhere, or may hold entries that were not read."""
    return (isinstance(outcome, Redirect) and outcome.by_refresh) or outcome.unfinished


def restore_frontier(index: Index, *, queue: bool, old: OldIndex | None = None, sent_on: Container[str] = ()) -> None:
    """Restore the rows of the frontier from captures: done, with validators.

    Args:
        queue: Whether the queue itself is known. Else pages of no known site count as not read, so that the next crawl, which knows its
            scope, finds in them what was queued; stories are due at once.
        old: Keys of which it has captures and no request (of a replay) get none.
        sent_on: As `Filled`: what a page answers that only leads elsewhere is not asked for again by its validators.
    """
    for capture, usable in last_of_keys(index, sent_on):
        if old is not None and old.never_asked(capture.key):
            continue
        when = iso(capture.date)
        compared = capture.key.rpartition("@")[2] if capture.target.is_comparison else None
        row = FrontierRow(
            target=capture.target, host=compared,
            due=when if capture.role == "story" and not compared else "",
            state="captured" if capture.role == "page" and not queue else "done", attempts=1,
            tried=(capture.host,), record_id=capture.record_id, added=when, changed=when,
        )  # fmt: skip
        if usable is not None:
            row = evolve(
                row, etag=usable.etag, last_modified=usable.last_modified, validates=usable.revisit_of or usable.record_id,
                validates_host=usable.host,
            )  # fmt: skip
        if failure := index.failure_at(capture.record_id) if capture.is_cut else None:
            row = evolve(row, state="failed", reason=failure[0], detail=failure[1], due=when)
        save(index.conn, restored_by_number(row, capture, usable))


@frozen(kw_only=True)
class OldIndex:
    """The old index, during a rebuild."""

    index: Index
    warcs: Mapping[str, Mapping[str, Value]]
    """Rows of table `warcs`, by file name."""
    captures: Mapping[str, int]
    """Number of captures, by file name."""

    def is_unread(self, record_id: str) -> bool:
        """Test if it has a capture that is not parsed yet."""
        sql = "SELECT 1 FROM captures WHERE record_id = ? AND state = 'ok' AND read_state = 'unread'"
        return bool(self.index.query(sql, [record_id]))

    def never_asked(self, key: str) -> bool:
        """Test if a key has captures of a replay, without a row of the frontier."""
        known = self.index.query(f"SELECT 1 FROM captures WHERE {has_key('?1')} LIMIT 1", [key])
        return bool(known) and not was_asked(self.index.query, key)

    def patience(self, record_id: str) -> int:
        """Factor on the time limit of a page, by its result in the old index."""
        for row in self.index.rows("SELECT id, read_state FROM captures WHERE record_id = ?", [record_id]):
            if row["read_state"] == "read":
                return _PATIENCE_KNOWN
            sql = "SELECT 1 FROM failures WHERE capture_id = ? AND detail LIKE 'reading took%'"
            return 1 if row["read_state"] == "unreadable" and self.index.query(sql, [row["id"]]) else PATIENCE
        return PATIENCE


@contextmanager
def open_old_index(file: Path) -> Iterator[OldIndex | None]:
    """Open the old index; None if it is missing or damaged."""
    with ExitStack() as open_while:
        found: OldIndex | None = None
        with suppress(SetupError, sqlite3.DatabaseError):  # a full disk is no damage: WriteFailed
            index = open_while.enter_context(Index.open(file, readonly=True, older=True))
            if index.query("PRAGMA quick_check")[0][0] == "ok":
                counted = index.rows("SELECT warc, count(*) FROM captures WHERE state = 'ok' GROUP BY warc")
                found = OldIndex(
                    index=index, warcs={str(row["name"]): row for row in index.warcs()}, captures={row[0]: row[1] for row in counted}
                )
        yield found

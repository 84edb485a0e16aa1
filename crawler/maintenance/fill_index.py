"""Fill an empty index from the WARCs of a collection."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Container, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from attrs import evolve, frozen

from crawler.archive_files.reader import Fault, archived
from crawler.collection.foreign_records import assign_site
from crawler.collection.ingest import add_archived, file_outcome, lease_for
from crawler.collection.layout import WarcFile, warc_files
from crawler.collection.page_lists import add_page_lists
from crawler.collection.parse_tasks import tasks
from crawler.collection.revisits import file_out_of_order, resolve_revisits
from crawler.collection.warc_names import sha256_of
from crawler.errors import ArchiveError
from crawler.frontier.changes import save
from crawler.frontier.queries import was_asked
from crawler.frontier.rows import FrontierRow
from crawler.index.cut import IS_CUT
from crawler.index.imports import last_of_keys
from crawler.index.index import Index
from crawler.index.reader_version import GIVEN_UP as VERSION_GIVEN_UP
from crawler.index.rows import Value, iso, moment
from crawler.items import Omissions, Outcome, Redirect
from crawler.maintenance.unread import account
from crawler.processing.parse_again import PATIENCE, Readers
from crawler.processing.parse_failures import GIVEN_UP, given_up
from crawler.processing.reading_stats import ReadingStats
from crawler.sites.known import sites_known
from crawler.sites.site import Site

_BATCH = 500
"""Records of one transaction."""
_READINGS = 32
"""Outcomes of one transaction."""
_PATIENCE_KNOWN = 24
"""Factor on the time limit of a page that the old index had parsed."""
Progress = Callable[[str, int], None]


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
    index: Index, path: Path, readers: Readers, *, old: OldIndex | None, stats: ReadingStats, tell: Progress = lambda what, count: None,
    taken: Callable[[WarcFile], None] = lambda file: None, as_old: bool = False,
) -> Filled:  # fmt: skip
    """Index every record of a collection's WARCs, resolve revisits, and parse the captures.

    Args:
        taken: Called with each file whose captures are indexed.
        as_old: For a comparison: leave captures unparsed or given up as in the old index.
    """
    sites, files, problems, captures = sites_known(readers.folders), warc_files(path), list[str](), 0
    for file in files:
        captures += _index_file(index, file, sites, problems, stats.omitted, tell)
        with index.atomic():
            add_file(index, path, file, old.warcs.get(file.name) if old else None)
        taken(file)
    with index.atomic():
        add_page_lists(index, path)
    filled = parse_captures(index, path, readers, old=old, stats=stats, tell=tell, as_old=as_old)
    return evolve(filled, files=len(files), captures=captures, problems=tuple(problems))


def parse_captures(
    index: Index, path: Path, readers: Readers, *, old: OldIndex | None, stats: ReadingStats, tell: Progress = lambda what, count: None,
    as_old: bool = False,
) -> Filled:  # fmt: skip
    """Resolve the revisits of an index, and parse its captures; as `fill`."""
    left_out = resolve_revisits(index, path).unresolved
    for capture in index.captures_at(left_out):
        stats.count_unresolved(capture, fresh=True)
    if old is not None and as_old:
        _give_up_again(index, old)
    count, sent_on = _parse_all(index, path, readers, old, stats, tell, as_old=as_old)
    return Filled(readings=count, unresolved=len(left_out), sent_on=sent_on)


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


def _index_file(
    index: Index, file: WarcFile, sites: Mapping[str, Site], problems: list[str], omitted: Omissions, tell: Progress
) -> int:  # fmt: skip
    """Index the captures and failures of one WARC; damage is added to `problems`."""
    count = 0
    faults: list[Fault] = []
    entries = (assign_site(entry, sites, warc=file.name) for entry in archived(file.path, faults=faults, passed=omitted))
    try:
        while some := list(islice(entries, _BATCH)):
            with index.atomic():
                fresh = [add_archived(index, entry) for entry in some]
            count += sum(fresh)
            held = sum(entry.capture is not None and not is_new for entry, is_new in zip(some, fresh, strict=True))
            omitted.add("record held already", file.name, count=held)
            tell("captures", count)
    except ArchiveError as error:
        problems.append(str(error))
    except OSError as error:
        problems.append(f"{file.path}: cannot be read: {error.strerror or error}")
    problems += [f"{fault.path}: offset {fault.offset}: {fault.what}" for fault in faults]
    return count


def add_file(index: Index, path: Path, file: WarcFile, known: Mapping[str, Value] | None = None, sha256: str | None = None) -> None:
    """Add the row of a WARC file, with its known or present date and SHA-256.

    Args:
        known: The row that an earlier index had.
    """
    archive = path / "archive"
    where = str(file.path.relative_to(path)) if file.path.parent == archive else str(file.path)
    if not file.path.exists():
        index.add_warc(file.name, where, bytes=None, sealed=None, sha256=None)
        return
    state = file.path.stat()
    if file.path.suffix == ".open":
        index.add_warc(file.name, where.removesuffix(".open"), bytes=state.st_size, sealed=None, sha256=None)
        return
    known = known or {}
    sealed = moment(str(known["sealed"])) if known.get("sealed") else datetime.fromtimestamp(state.st_mtime, UTC)
    digest = known.get("sha256") or sha256 or sha256_of(file.path)
    index.add_warc(file.name, where, bytes=state.st_size, sealed=sealed, sha256=str(digest))


def _parse_all(
    index: Index, path: Path, readers: Readers, old: OldIndex | None, stats: ReadingStats, tell: Progress, *, as_old: bool
) -> tuple[int, frozenset[str]]:  # fmt: skip
    """Parse and file every capture without a failure, or cut off.

    Returns:
        The count, and record_ids of those that only lead elsewhere.
    """
    sql = (
        f"SELECT id FROM captures WHERE state = 'ok' AND ({IS_CUT} OR id NOT IN"
        " (SELECT capture_id FROM failures WHERE capture_id IS NOT NULL)) ORDER BY date, record_id"
    )
    ids = index.row_numbers(sql)
    jobs = tasks(index, path, index.captures_at(ids))
    if old is not None:
        jobs = (
            evolve(job, patience=old.patience(job.capture.record_id))
            for job in jobs
            if not (as_old and old.is_unread(job.capture.record_id))
        )
    outcomes, count, sent_on = readers.interpret_all(jobs), 0, set[str]()
    while some := list(islice(outcomes, _READINGS)):
        with index.atomic():
            for outcome in some:
                file_outcome(index, outcome)
                account(stats, outcome)
                if _is_asked_again(outcome) and outcome.capture is not None:
                    sent_on.add(outcome.capture.record_id)
        count += len(some)
        tell("readings", count)
    with index.atomic():
        file_out_of_order(index)
    return count, frozenset(sent_on)


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
        row = FrontierRow(
            target=capture.target,
            due=when if capture.role == "story" else "", state="captured" if capture.role == "page" and not queue else "done", attempts=1,
            tried=(capture.host,), record_id=capture.record_id, added=when, changed=when,
        )  # fmt: skip
        if usable is not None:
            row = evolve(
                row, etag=usable.etag, last_modified=usable.last_modified, validates=usable.revisit_of or usable.record_id,
                validates_host=usable.host,
            )  # fmt: skip
        if failure := index.failure_at(capture.record_id) if capture.is_cut else None:
            row = evolve(row, state="failed", reason=failure[0], detail=failure[1], due=when)
        save(index.conn, row)


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
        return bool(self.index.query("SELECT 1 FROM captures WHERE key = ? LIMIT 1", [key])) and not was_asked(self.index.query, key)

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
        with suppress(ArchiveError, sqlite3.DatabaseError):
            index = open_while.enter_context(Index.open(file, readonly=True, older=True))
            if index.query("PRAGMA quick_check")[0][0] == "ok":
                counted = index.rows("SELECT warc, count(*) FROM captures WHERE state = 'ok' GROUP BY warc")
                found = OldIndex(
                    index=index, warcs={str(row["name"]): row for row in index.warcs()}, captures={row[0]: row[1] for row in counted}
                )
        yield found

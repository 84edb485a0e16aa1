"""`index.db` made anew from the WARCs alone."""

from __future__ import annotations

import logging
import sqlite3
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from attrs import evolve, field, frozen

from crawler.accounting import count_unresolved
from crawler.errors import ArchiveError, SetupError
from crawler.faults import at
from crawler.filing import add_archived, file_reading
from crawler.frontier.changes import ask_again_for_missing
from crawler.frontier.sqlite import Row, save, stamp
from crawler.import_warc import add_page_lists, sha256_of
from crawler.index.imports import last_of_keys
from crawler.index.rows import Value, moment
from crawler.index.store import Index
from crawler.omissions import Omissions
from crawler.place import WarcFile, warc_files
from crawler.place import lock as hold
from crawler.reread import PATIENCE, Readers, account, adopt, sites_known, tasks
from crawler.revisits import file_late, resolve_revisits
from crawler.sites._site import Site
from crawler.tally import Tally
from crawler.warc import cdxj
from crawler.warc.openfile import sync_folder
from crawler.warc.reader import Fault, archived

logger = logging.getLogger(__name__)

_BATCH = 500
"""Records indexed in one transaction."""
_READINGS = 32
"""Readings filed in one transaction."""
_PATIENCE_KNOWN = 24
"""Times the limit that a page gets which the old index had read."""
Progress = Callable[[str, int], None]


@frozen(kw_only=True)
class Rebuilt:
    """What a rebuild found."""

    files: int
    captures: int
    readings: int
    problems: tuple[str, ...]
    aside: Path | None = None
    """Where the old index lies now, if it was kept."""
    queue: bool = True
    """Whether runs, mirrors and the queue could be taken over from it."""
    unresolved: int = 0
    """Revisits whose original no file of the collection holds."""
    tally: Tally = field(factory=Tally)
    """What was read and what could not be; records of which no capture was made, revisits without original, records met again."""


def restore_index(path: Path, readers: Readers) -> Rebuilt | None:
    """Make the index of a collection that has lost it, so that what is held is not fetched again; None where none is missing.

    Raises:
        CollectionLocked: Another process writes it.
    """
    if (path / "index.db").exists() or not warc_files(path):
        return None
    with closing(hold(path)):
        logger.warning("index-missing path=%s: made anew from the WARCs", path)
        return rebuild(path, readers)


def rebuild(
    path: Path, readers: Readers, *, tell: Progress = lambda what, count: None, keep_old: bool = False, tally: Tally | None = None
) -> Rebuilt:  # fmt: skip
    """Make `index.db` anew from the WARCs alone, and put it in the place of the old one when it is whole.

    Rows of runs, mirrors and the queue, which no WARC holds, are taken over from the old index where it can be read; so are the dates of
    sealing and the SHA-256 of its files, by which `verify` finds what has changed since.

    Args:
        keep_old: Move the old index into the quarantine.
        tally: Where what was read, and what could not be, is counted.
    Raises:
        SetupError: A file in which the old index has captures is not there, and the old index was not to be kept: nothing was changed.
    """
    at("rebuild:before")
    fresh = path / "index.db.rebuild"
    for leftover in (fresh, fresh.with_name(fresh.name + "-wal"), fresh.with_name(fresh.name + "-shm")):
        leftover.unlink(missing_ok=True)
    files, sites, tally = warc_files(path), sites_known(readers.folders), tally or Tally()
    with before(path / "index.db") as old, Index.open(fresh) as index:
        problems = _absent(path, old, files, keep_old=keep_old)
        captures = sum(_take_in(index, path, file, sites, old, problems, tally.omitted, tell) for file in files)
        with index.atomic():
            add_page_lists(index, path)
        left_out = resolve_revisits(index, path).unresolved
        for capture in index.captures_at(left_out):
            count_unresolved(tally, capture, fresh=True)
        problems += _fewer(old, captures)
        count = _read_all(index, path, readers, old, tally, tell)
        queue = _take_over(index, old)
        index.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    at("rebuild:written")
    aside = _give_way(path, keep=keep_old)
    fresh.replace(path / "index.db")
    sync_folder(path)
    at("rebuild:replaced")
    return Rebuilt(
        files=len(files), captures=captures, readings=count, problems=tuple(problems), aside=aside, queue=queue, unresolved=len(left_out),
        tally=tally,
    )  # fmt: skip


def _give_way(path: Path, *, keep: bool) -> Path | None:
    """Make room for the new index: the old one's log must not be taken for the new one's. Where the old one lies now, if it is kept."""
    old = path / "index.db"
    if not old.exists():
        return None
    with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(old)) as before:
        # So that it is whole without its log, should we be cut short now. A damaged one cannot be.
        before.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    place = path / "quarantine" / f"index-{datetime.now(UTC):%Y%m%d%H%M%S%f}.db"
    for suffix in ("-wal", "-shm", ""):
        file = path / f"index.db{suffix}"
        if file.exists() and keep:
            place.parent.mkdir(exist_ok=True)
            file.rename(place.with_name(place.name + suffix))
        elif suffix:
            file.unlink(missing_ok=True)
    return place if keep else None


def _absent(path: Path, old: Before | None, files: Sequence[WarcFile], *, keep_old: bool) -> list[str]:
    """Files that the old index has captures of and that are not there, one sentence each.

    Raises:
        SetupError: There are some, and the old index is the only one to tell of them.
    """
    there, counts = {file.name for file in files if file.path.exists()}, old.captures if old else {}
    gone = [f"{count} captures lie in {name}, which is not there" for name, count in counts.items() if name not in there]
    if gone and not keep_old:
        more = f" (and {len(gone) - 1} more files)" if len(gone) > 1 else ""
        do = f"put it back; or, to have an index of what is there, move {path / 'index.db'} aside first"
        raise SetupError(f"{path}: {gone[0]}{more}: the old index is kept; {do}")
    return [f"{what}: put it back" for what in gone]


def _fewer(old: Before | None, captures: int) -> list[str]:
    had = sum(old.captures.values()) if old else 0
    return [f"the old index had {had} captures, {captures} are left: the files hold less than before"] if captures < had else []


def _take_in(
    index: Index, path: Path, file: WarcFile, sites: Mapping[str, Site], old: Before | None, problems: list[str], omitted: Omissions,
    tell: Progress,
) -> int:
    """Index one WARC's captures and failures, up to where it is damaged."""
    count = 0
    faults: list[Fault] = []
    entries = (adopt(entry, sites, warc=file.name) for entry in archived(file.path, faults=faults, passed=omitted))
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
    with index.atomic():
        add_file(index, path, file, old.warcs.get(file.name) if old else None)
    if file.path.suffix != ".open":
        cdxj.write(path / "indexes", file.name, (cdxj.line(capture) for capture in index.captures(warc=file.name)))
    return count


def add_file(index: Index, path: Path, file: WarcFile, known: Mapping[str, Value] | None = None, sha256: str | None = None) -> None:
    """Add the row of a WARC file, with what is known of its sealing; else with the date and SHA-256 that the file has now.

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


def _read_all(index: Index, path: Path, readers: Readers, old: Before | None, tally: Tally, tell: Progress) -> int:
    sql = (
        "SELECT id FROM captures WHERE state = 'ok' AND id NOT IN (SELECT capture_id FROM failures WHERE capture_id IS NOT NULL)"
        " ORDER BY date, record_id"
    )
    ids = array("q", (row[0] for row in index.rows(sql)))
    jobs = tasks(index, path, index.captures_at(ids))
    if old is not None:
        jobs = (evolve(job, patience=old.patience(job.capture.record_id)) for job in jobs)
    readings, count = readers.read_all(jobs), 0
    while some := list(islice(readings, _READINGS)):
        with index.atomic():
            for reading in some:
                file_reading(index, reading)
                account(tally, reading)
        count += len(some)
        tell("readings", count)
    with index.atomic():
        file_late(index)
    return len(ids)


def _restore_frontier(index: Index, *, queue: bool) -> None:
    """What is known of each errand from its captures: done, and with which validators to ask again.

    Args:
        queue: Whether the queue itself is known. Else pages of no known site count as not read, so that the next crawl, which knows its
            scope, finds in them what was queued; stories are due at once.
    """
    for capture in last_of_keys(index):
        when = stamp(capture.date)
        row = Row(
            key=capture.key, url=capture.url, site=capture.site, role=capture.role, story_id=capture.story_id, language=capture.language,
            due=when if capture.role == "story" else "", state="captured" if capture.role == "page" and not queue else "done", attempts=1,
            tried=(capture.host,), etag=capture.etag, last_modified=capture.last_modified,
            validates=capture.revisit_of or capture.record_id, validates_host=capture.host, found_on=capture.found_on,
            record_id=capture.record_id, added=when, changed=when,
        )  # fmt: skip
        save(index.conn, row)


def _take_over(index: Index, old: Before | None) -> bool:
    """Restore the frontier, and copy what only the old index knows; whether that could be read to its end."""
    if old is not None:
        with suppress(ArchiveError, sqlite3.DatabaseError), index.atomic():
            _restore_frontier(index, queue=True)
            _copy(index, old)
            return True
    with index.atomic():
        _restore_frontier(index, queue=False)
    return False


def _copy(index: Index, old: Before) -> None:
    """Copy what only the old index knows; a row of its queue tells more than the captures do."""
    for table in ("runs", "mirrors", "frontier"):
        verb = "REPLACE" if table == "frontier" else "IGNORE"
        for row in old.index.rows(f"SELECT * FROM {table}"):
            names = ", ".join(row.keys())
            index.conn.execute(f"INSERT OR {verb} INTO {table} ({names}) VALUES ({', '.join('?' * len(row.keys()))})", tuple(row))
    ask_again_for_missing(index.conn)


@frozen(kw_only=True)
class Before:
    """What the old index knows, while the new one is made."""

    index: Index
    warcs: Mapping[str, Mapping[str, Value]]
    captures: Mapping[str, int]
    """How many captures it has in each file."""

    def patience(self, record_id: str) -> int:
        """How much more time than the limit a page gets: much where it was read before, none where it was given up before."""
        for row in self.index.rows("SELECT id, read_state FROM captures WHERE record_id = ?", [record_id]):
            if row["read_state"] == "read":
                return _PATIENCE_KNOWN
            sql = "SELECT 1 FROM failures WHERE capture_id = ? AND detail LIKE 'reading took%'"
            return 1 if row["read_state"] == "unreadable" and self.index.query(sql, [row["id"]]) else PATIENCE
        return PATIENCE


@contextmanager
def before(file: Path) -> Iterator[Before | None]:
    """The index as it was; None where it is missing or not to be trusted."""
    with ExitStack() as open_while:
        found: Before | None = None
        with suppress(ArchiveError, sqlite3.DatabaseError):
            index = open_while.enter_context(Index.open(file, readonly=True, older=True))
            if index.query("PRAGMA quick_check")[0][0] == "ok":
                counted = index.rows("SELECT warc, count(*) FROM captures WHERE state = 'ok' GROUP BY warc")
                found = Before(
                    index=index, warcs={str(row["name"]): row for row in index.warcs()}, captures={row[0]: row[1] for row in counted}
                )
        yield found

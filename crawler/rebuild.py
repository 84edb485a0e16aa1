"""`index.db` made anew from the WARCs alone."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

from attrs import frozen

from crawler.errors import ArchiveError
from crawler.faults import at
from crawler.filing import add_archived, file_reading
from crawler.frontier.sqlite import Row, save, stamp
from crawler.index.store import Index
from crawler.items import Capture
from crawler.place import lock as hold
from crawler.place import warcs_of
from crawler.reread import Readers, adopt, sites_known, tasks
from crawler.sites._site import Site
from crawler.warc import cdxj
from crawler.warc.openfile import sync_folder
from crawler.warc.reader import Fault, archived

logger = logging.getLogger(__name__)

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


def restore_index(path: Path, readers: Readers) -> Rebuilt | None:
    """Make the index of a collection that has lost it, so that what is held is not fetched again; None where none is missing.

    Raises:
        CollectionLocked: Another process writes it.
    """
    if (path / "index.db").exists() or not any((path / "archive").glob("*.warc.gz*")):
        return None
    with closing(hold(path)):
        logger.warning("index-missing path=%s: made anew from the WARCs", path)
        return rebuild(path, readers)


def rebuild(path: Path, readers: Readers, *, tell: Progress = lambda what, count: None, keep_old: bool = False) -> Rebuilt:
    """Make `index.db` anew from the WARCs alone, and put it in the place of the old one when it is whole.

    Rows of runs, mirrors and the queue, which no WARC holds, are taken over from the old index where it can be read.

    Args:
        keep_old: Move the old index into the quarantine.
    """
    at("rebuild:before")
    fresh = path / "index.db.rebuild"
    for leftover in (fresh, fresh.with_name(fresh.name + "-wal"), fresh.with_name(fresh.name + "-shm")):
        leftover.unlink(missing_ok=True)
    files, sites = warcs_of(path), sites_known(readers.folders)
    problems: list[str] = []
    with Index.open(fresh) as index:
        captures = sum(_take_in(index, path, file, sites, problems, tell) for file in files)
        count = _read_all(index, path, readers, tell)
        with index.atomic():
            old = _taken_over(path / "index.db")
            _restore_frontier(index, queue=old is not None)
            _take_over(index, old or {})
        index.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    at("rebuild:written")
    aside = _give_way(path, keep=keep_old)
    fresh.replace(path / "index.db")
    sync_folder(path)
    at("rebuild:replaced")
    return Rebuilt(files=len(files), captures=captures, readings=count, problems=tuple(problems), aside=aside, queue=old is not None)


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


def _take_in(index: Index, path: Path, file: Path, sites: Mapping[str, Site], problems: list[str], tell: Progress) -> int:
    """Index one WARC's captures and failures, up to where it is damaged."""
    name, count = file.name.removesuffix(".open"), 0
    with index.atomic():
        faults: list[Fault] = []
        try:
            for entry in archived(file, faults=faults):
                count += add_archived(index, adopt(entry, sites, warc=name))
                tell("captures", count)
        except ArchiveError as error:
            problems.append(str(error))
        problems += [f"{fault.path}: offset {fault.offset}: {fault.what}" for fault in faults]
        size = file.stat().st_size if file.exists() else None
        where = str(file.relative_to(file.parent.parent)) if file.parent.name == "archive" else str(file)
        index.add_warc(name, where.removesuffix(".open"), bytes=size, sealed=None, sha256=None)
    if file.suffix != ".open":
        cdxj.write(path / "indexes", name, (cdxj.line(capture) for capture in index.captures(warc=name)))
    return count


def _read_all(index: Index, path: Path, readers: Readers, tell: Progress) -> int:
    sql = "SELECT record_id FROM captures WHERE id IN (SELECT capture_id FROM failures WHERE capture_id IS NOT NULL)"
    ids = {row[0] for row in index.query(sql)}
    jobs = [task for task in tasks(index, path, index.captures()) if task.capture.record_id not in ids]
    for record_id in ids:
        with index.atomic():
            index.set_read_state(record_id, "unreadable")
    for count, reading in enumerate(readers.read_all(jobs), 1):
        with index.atomic():
            file_reading(index, reading)
        tell("readings", count)
    return len(jobs)


def _restore_frontier(index: Index, *, queue: bool) -> None:
    """What is known of each errand from its captures: done, and with which validators to ask again.

    Args:
        queue: Whether the queue itself is known. Else pages of no known site count as not read, so that the next crawl, which knows its
            scope, finds in them what was queued; stories are due at once.
    """
    last: dict[str, Capture] = {}
    for capture in index.captures():
        if capture.role in ("story", "requisite", "page") and capture.status in (200, 404, 410):
            last[capture.key] = capture
    for capture in last.values():
        when = stamp(capture.date)
        row = Row(
            key=capture.key, url=capture.url, site=capture.site, role=capture.role, story_id=capture.story_id, language=capture.language,
            due=when if capture.role == "story" else "", state="captured" if capture.role == "page" and not queue else "done", attempts=1,
            tried=(capture.host,), etag=capture.etag, last_modified=capture.last_modified,
            validates=capture.revisit_of or capture.record_id, validates_host=capture.host, found_on=capture.found_on,
            record_id=capture.record_id, added=when, changed=when,
        )  # fmt: skip
        save(index.conn, row)


def _taken_over(old: Path) -> dict[str, list[sqlite3.Row]] | None:
    """What only the old index knows; None where it is missing or not to be trusted."""
    try:
        with Index.open(old, readonly=True, older=True) as before:
            if before.query("PRAGMA quick_check")[0][0] != "ok":
                return None
            return {table: before.query(f"SELECT * FROM {table}") for table in ("runs", "mirrors", "frontier")}
    except (ArchiveError, sqlite3.DatabaseError):
        return None


def _take_over(index: Index, tables: Mapping[str, list[sqlite3.Row]]) -> None:
    """Copy what only the old index knows; a row of its queue tells more than the captures do."""
    for table, found in tables.items():
        verb = "REPLACE" if table == "frontier" else "IGNORE"
        for row in found:
            names = ", ".join(row.keys())
            index.conn.execute(f"INSERT OR {verb} INTO {table} ({names}) VALUES ({', '.join('?' * len(row.keys()))})", tuple(row))
    held = "(SELECT record_id FROM captures)"
    index.conn.execute(f"UPDATE frontier SET state = 'queued' WHERE state = 'done' AND record_id IS NOT NULL AND record_id NOT IN {held}")

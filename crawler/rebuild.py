"""From WARCs back to rows: what replay adopts, what `reindex` rebuilds, what a crash left unread."""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from attrs import evolve, frozen

from crawler.errors import ArchiveError, Damaged, SetupError
from crawler.faults import at
from crawler.filing import add_archived, file_reading
from crawler.frontier.sqlite import Row, save, stamp
from crawler.index.store import Index
from crawler.items import Capture, Lease, Reading, Role
from crawler.limits import ReadLimits
from crawler.parsers.decode import LIMITS
from crawler.place import lock as hold
from crawler.reading import read, web_story
from crawler.sites import load_sites
from crawler.sites._site import Feed, Site, Sitemap
from crawler.urls import canonical_url, page_key, path_of
from crawler.warc import cdxj
from crawler.warc.openfile import sync_folder
from crawler.warc.reader import Archived, Fault, archived, payload_at

logger = logging.getLogger(__name__)

ELSEWHERE = "elsewhere.txt"
"""In a collection: paths of WARCs that belong to it but lie elsewhere, one a line."""
DEMO_SITES = Path(__file__).parent / "demo" / "sites"
"""So that the demo's collection can be rebuilt like any other."""
WEB = Site(name="web", title="Any site", language="", mirrors=(), stories=())
_POOL_FROM = 64
_CHUNK = 16

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


# -- which files


def warcs_of(path: Path) -> list[Path]:
    """Every WARC of a collection, those that lie elsewhere too, by name."""
    own = [*(path / "archive").glob("*.warc.gz"), *(path / "archive").glob("*.warc"), *(path / "archive").glob("*.warc.gz.open")]
    listed = path / ELSEWHERE
    others = [Path(line) for line in listed.read_text().splitlines() if line.strip()] if listed.exists() else []
    return sorted([*own, *others], key=lambda file: file.name)


def find_warc(path: Path, name: str) -> Path:
    """Where a WARC of a collection lies, sealed or still open or elsewhere."""
    for file in (path / "archive" / name, path / "archive" / f"{name}.open"):
        if file.exists():
            return file
    return next((file for file in warcs_of(path) if file.name == name), path / "archive" / name)


# -- foreign records


def adopt(entry: Archived, sites: Mapping[str, Site], *, warc: str) -> Archived:
    """Give a record that another crawler wrote its place in ours: site, role, story, key."""
    capture = entry.capture
    if entry.ours or capture is None:
        return entry
    site = next((s for s in sites.values() if s.owns(capture.url) or s.language_of(capture.host)), WEB)
    role, story, key = _place(site, capture)
    language = site.language_of(capture.host)
    return evolve(
        entry,
        capture=evolve(capture, story_id=story, warc=warc, site=site.name, role=role, key=key, language=language),
        lease=evolve(entry.lease, story=story, site=site.name, role=role, key=key, language=language),
    )


def _place(site: Site, capture: Capture) -> tuple[Role, str | None, str]:
    url, path = capture.url, path_of(capture.url)
    if path == "/robots.txt":
        return "robots", None, canonical_url(url)
    if (capture.mime or "").startswith(("image/", "video/", "audio/", "text/css", "application/javascript", "font/")):
        return "requisite", None, site.key_of_picture(url)
    if story := site.story_id(url):
        return "story", story, story
    for seed in site.seeds:
        if site.owns(url) and seed.path == path and isinstance(seed, Feed | Sitemap):
            return ("feed" if isinstance(seed, Feed) else "sitemap"), None, canonical_url(url)
    if site.owns(url):
        return ("seed" if path == "/" else "section"), None, canonical_url(url)
    return "page", web_story(url), page_key(url)


# -- reading again


@cache
def _sites(folders: tuple[str, ...]) -> dict[str, Site]:
    return load_sites([*folders, DEMO_SITES])


def site_of(name: str, folders: Sequence[str] = ()) -> Site:
    """The site of a capture.

    Raises:
        SetupError: It is not on the shelf: read without its templates, the index would come out another.
    """
    if name == WEB.name:
        return WEB
    try:
        return _sites(tuple(folders))[name]
    except KeyError:
        raise SetupError(f"no site file for {name!r}, whose captures are to be read: name its folder in ARCHIVE_SITES") from None


@frozen(kw_only=True)
class Task:
    """One capture to be read again, and where its payload lies."""

    capture: Capture
    lease: Lease
    warc: Path
    offset: int
    headers: tuple[tuple[str, str], ...] | None = None
    """Of the capture itself, where the payload is another record's."""


def read_again(task: Task, folders: tuple[str, ...] = (), limits: ReadLimits = LIMITS) -> Reading:
    """Read a capture from its WARC, as the live crawl did."""
    capture, site = task.capture, site_of(task.capture.site, folders)
    if capture.status == 304:
        return read(site, task.lease, capture, (), b"", limits=limits)
    try:
        headers, payload = payload_at(task.warc, task.offset)
    except (Damaged, OSError) as error:
        return Reading(lease=task.lease, capture=capture, noted=True, reason="malformed", detail=str(error), read_state="unreadable")
    return read(site, task.lease, capture, task.headers or headers, payload, limits=limits)


def lease_for(capture: Capture) -> Lease:
    """The errand a capture was made for."""
    return Lease(
        key=capture.key, url=capture.url, site=capture.site, role=capture.role, story=capture.story_id, language=capture.language,
        found_on=capture.found_on, attempt=capture.attempt,
    )  # fmt: skip


def tasks(index: Index, path: Path, captures: Iterable[Capture]) -> Iterator[Task]:
    """What is to be read of some captures; a revisit is read from the record it repeats."""
    for capture in captures:
        source = capture
        if capture.revisit_of and capture.status != 304:
            source = index.capture(capture.revisit_of) or capture
        yield Task(capture=capture, lease=lease_for(capture), warc=find_warc(path, source.warc), offset=source.offset)


def readings(jobs: Sequence[Task], folders: tuple[str, ...] = (), limits: ReadLimits = LIMITS) -> Iterator[Reading]:
    """Read many captures, on all cores where it pays; in the order given."""
    if len(jobs) < _POOL_FROM or (os.cpu_count() or 1) < 2:
        for job in jobs:
            yield read_again(job, folders, limits)
        return
    with ProcessPoolExecutor() as pool:
        yield from pool.map(read_again, jobs, [folders] * len(jobs), [limits] * len(jobs), chunksize=_CHUNK)


def read_unread(index: Index, path: Path, folders: tuple[str, ...] = (), limits: ReadLimits = LIMITS, *, warc: str | None = None) -> int:
    """Read and file every capture that is not read yet; how many.

    Args:
        warc: Only what lies in the file of that name.
    """
    captures = index.unread() if warc is None else index.captures(read_state="unread", warc=warc)
    waiting = list(tasks(index, path, captures))
    for reading in readings(waiting, folders, limits):
        with index.atomic():
            file_reading(index, reading)
    return len(waiting)


# -- rebuilding


def restore_index(path: Path, folders: Sequence[str] = ()) -> Rebuilt | None:
    """Make the index of a collection that has lost it, so that what is held is not fetched again; None where none is missing.

    Raises:
        CollectionLocked: Another process writes it.
    """
    if (path / "index.db").exists() or not any((path / "archive").glob("*.warc.gz*")):
        return None
    with closing(hold(path)):
        logger.warning("index-missing path=%s: made anew from the WARCs", path)
        return rebuild(path, folders=folders)


def rebuild(
    path: Path,
    *,
    folders: Sequence[str] = (),
    tell: Progress = lambda what, count: None,
    keep_old: bool = False,
    limits: ReadLimits = LIMITS,
) -> Rebuilt:
    """Make `index.db` anew from the WARCs alone, and put it in the place of the old one when it is whole.

    Rows of runs, mirrors and the queue, which no WARC holds, are taken over from the old index where it can be read.

    Args:
        keep_old: Move the old index into the quarantine.
    """
    at("rebuild:before")
    fresh = path / "index.db.rebuild"
    for leftover in (fresh, fresh.with_name(fresh.name + "-wal"), fresh.with_name(fresh.name + "-shm")):
        leftover.unlink(missing_ok=True)
    files, known = warcs_of(path), tuple(str(folder) for folder in folders)
    problems: list[str] = []
    with Index.open(fresh) as index:
        captures = sum(_take_in(index, path, file, _sites(known), problems, tell) for file in files)
        count = _read_all(index, path, known, tell, limits)
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


def _read_all(index: Index, path: Path, folders: tuple[str, ...], tell: Progress, limits: ReadLimits) -> int:
    sql = "SELECT record_id FROM captures WHERE id IN (SELECT capture_id FROM failures WHERE capture_id IS NOT NULL)"
    ids = {row[0] for row in index.query(sql)}
    jobs = [task for task in tasks(index, path, index.captures()) if task.capture.record_id not in ids]
    for record_id in ids:
        with index.atomic():
            index.set_read_state(record_id, "unreadable")
    for count, reading in enumerate(readings(jobs, folders, limits), 1):
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
        with Index.open(old, readonly=True) as before:
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

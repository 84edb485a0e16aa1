"""`index.db`: captures, stories, versions in and out.

One thread writes (the collection's writer), in transactions of `Index.atomic`; whoever else wants to read opens an `Index` of
their own with `readonly=True` and sees what was committed last, also while a transaction is open.
"""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from crawler.index import cut
from crawler.index import statistics as health
from crawler.index import stories as filing
from crawler.index.connection import open_database, unreadable
from crawler.index.reader_version import reader_version as version_of_readers
from crawler.index.rows import (
    CAPTURE_COLUMNS,
    Sighting,
    Story,
    Value,
    bound,
    capture_of,
    capture_values,
    clean,
    insert,
    moment,
    target_values,
    version_of,
)
from crawler.index.stories import Filed
from crawler.items import Article, Capture, Failure, Imprint, Link, ReadState, Version
from crawler.urls import host_of

__all__ = ["Filed", "Index", "Sighting", "Story"]

_CHUNK = 500
_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR)

_COLUMNS = ", ".join(f"c.{name}" for name in CAPTURE_COLUMNS)
_IDS = ("record_id", "written_id", "revisit_of")
# A record that was given up as lost and is found again gets its new place; else the first place stands.
_ADD_CAPTURE = (
    f"INSERT INTO captures ({', '.join(CAPTURE_COLUMNS)}, refers_to, run_id, read_state, reader_version)"
    f" VALUES ({', '.join('?' * (len(CAPTURE_COLUMNS) + 4))})"
    " ON CONFLICT(record_id) DO UPDATE SET state = 'ok', warc = excluded.warc, offset = excluded.offset, length = excluded.length"
    " WHERE captures.state = 'lost'"
)
_MOVE_CAPTURE = (
    f"UPDATE captures SET {', '.join(f'{c} = ?{n}' for n, c in enumerate(CAPTURE_COLUMNS, 1) if c not in _IDS)}"
    f" WHERE record_id = ?{len(CAPTURE_COLUMNS) + 1}"
)


class Index:
    """An open `index.db`."""

    def __init__(self, path: Path, db: Database, *, readonly: bool) -> None:
        self.path, self.db, self.readonly = path, db, readonly
        self.conn: sqlite3.Connection = db.conn

    @classmethod
    def open(cls, path: Path | str, *, readonly: bool = False, older: bool = False) -> Index:
        """Open an index, made or brought up to date unless `readonly`; only the thread that opens it may use and close it.

        Args:
            older: Take one of an earlier version as it is, where it is only read.
        Raises:
            SetupError: It is not there (`readonly`), cannot be read, is not an index, or is of another version.
        """
        path = Path(path)
        return cls(path, open_database(path, readonly=readonly, older=older), readonly=readonly)

    def close(self) -> None:
        """Let go of the file."""
        self.conn.close()

    def __enter__(self) -> Index:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """One transaction: all of it is committed, or none; a block inside a block is a savepoint."""
        if self.conn.in_transaction:
            with self.db.atomic():
                yield
            return
        # The write lock at once: a transaction that begins by reading could not wait for it later.
        self.conn.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.conn.execute("COMMIT")
        except BaseException:
            self.conn.rollback()
            raise

    # -- writing, all inside `atomic`

    def add_capture(self, capture: Capture, *, run_id: int | None = None, reader_version: str | None = None) -> None:
        """Add a capture; one whose record_id is known changes nothing, unless it was lost.

        Args:
            reader_version: By which readers it was given its place, where its record does not tell it.
        """
        values = [*capture_values(capture), capture.revisit_of, run_id, "unread", reader_version or version_of_readers()]
        self.conn.execute(_ADD_CAPTURE, values)

    def set_read_state(self, record_id: str, state: ReadState, reader_version: str | None = None) -> None:
        """Note what reading a capture came to, and by which readers, where it was read."""
        sql = "UPDATE captures SET read_state = ?, reader_version = coalesce(?, reader_version) WHERE record_id = ?"
        self.conn.execute(sql, [state, reader_version, record_id])

    def rename_capture(self, record_id: str, derived: str) -> None:
        """Give a capture another record_id, and keep the one it had as the written one."""
        self.conn.execute("UPDATE captures SET record_id = ?, written_id = record_id WHERE record_id = ?", [derived, record_id])
        for column in ("record_id", "validates"):
            self.conn.execute(f"UPDATE frontier SET {column} = ? WHERE {column} = ?", [derived, record_id])

    def move_capture(self, record_id: str, capture: Capture) -> None:
        """Note another place at which a capture's record lies, and what stands beside it there; its ids stay."""
        self.conn.execute(_MOVE_CAPTURE, [*capture_values(capture), record_id])

    def mark_lost(self, record_id: str) -> None:
        """Note that the WARC no longer holds the record; images linked to it get the next good capture."""
        for (key,) in self.conn.execute("UPDATE captures SET state = 'lost' WHERE record_id = ? RETURNING key", [record_id]).fetchall():
            filing.link_images(self.conn, key)

    def add_links(self, record_id: str, links: Iterable[Link]) -> None:
        """Make these the links of a page, in page order."""
        source = filing.capture_id(self.conn, record_id)
        self.conn.execute("DELETE FROM links WHERE capture_id = ?", [source])
        rows = [(source, position, clean(link.url), clean(link.text)) for position, link in enumerate(links)]
        self.conn.executemany("INSERT INTO links (capture_id, position, url, text) VALUES (?, ?, ?, ?)", rows)

    def add_failure(self, failure: Failure, *, run_id: int | None = None) -> None:
        """Add an attempt without a usable answer; adding it again (date, address, attempt, reason) changes nothing."""
        source = filing.capture_id(self.conn, failure.record_id) if failure.record_id else None
        values = {
            **target_values(failure.target), "run_id": run_id, "host": host_of(failure.url), "date": failure.date,
            "reason": failure.reason, "detail": failure.detail, "attempt": failure.attempt, "bytes": failure.bytes,
            "elapsed_ms": failure.elapsed_ms, "capture_id": source,
        }  # fmt: skip
        insert(self.conn, "failures", values, conflict="ON CONFLICT DO NOTHING")

    def file_article(self, capture: Capture, article: Article, *, reader_version: str | None = None) -> Filed:
        """File one reading of a capture: its story, version, sighting, pictures and full text.

        The order of filing does not matter (see `filing`). Reading a capture again replaces its earlier reading.
        """
        return filing.file_article(self.conn, capture, article, reader_version or version_of_readers())

    def give_way(self, capture: Capture) -> bool:
        """Make room for what a capture says among the attempts of its series; False where a better one of them says it."""
        return cut.give_way(self.conn, capture)

    def came_before(self, capture: Capture, when: str) -> bool:
        """Whether an earlier answer to the same errand, before a time, brought the same payload."""
        sql = "SELECT 1 FROM captures WHERE key = ? AND date < ? AND payload_digest = ? LIMIT 1"
        return bool(self.query(sql, [clean(capture.key), when, capture.payload_digest]))

    def series_of(self, capture: Capture) -> list[cut.Attempt]:
        """The captures of the series of attempts that a capture belongs to, by date."""
        return cut.series_of(self.conn, capture)

    def failure_at(self, record_id: str) -> tuple[str, str] | None:
        """Reason and detail of the failure that is noted for a capture."""
        sql = "SELECT f.reason, f.detail FROM failures f JOIN captures c ON c.id = f.capture_id WHERE c.record_id = ?"
        return next(((row[0], row[1] or "") for row in self.query(sql, [clean(record_id)])), None)

    def sight_again(self, capture: Capture, of: str) -> Filed | None:
        """File a capture (a 304, a repeat) that shows what the capture `of` (a record_id) showed.

        Returns:
            None where that one was not filed as an article; then this one must be read itself.
        """
        return filing.sight_again(self.conn, capture, of)

    def link_image(self, capture: Capture) -> None:
        """Link an archived picture to the images of its key, which get the earliest good capture of it."""
        filing.link_images(self.conn, clean(capture.key))

    def add_imprint(self, capture: Capture, imprint: Imprint) -> None:
        """Note what an archived picture's file says of its maker, with the capture and with the images it is tied to."""
        filing.add_imprint(self.conn, capture, imprint)

    def mark_story(self, story_id: str, state: filing.StoryState, date: datetime) -> None:
        """Note that a capture of that date found the story live, gone or moved; the latest date stands."""
        story_id = clean(story_id)
        filing.know_story(self.conn, story_id)
        filing.mark_story(self.conn, story_id, state, date)

    def start_run(self, site: str, arguments: Mapping[str, object], started: datetime) -> int:
        """Begin a run; its id."""
        row = insert(self.conn, "runs", {"site": site, "arguments": dict(arguments), "started": started}).lastrowid
        assert row is not None
        return row

    def end_run(self, run_id: int, *, ended: datetime, exit_code: int, reason: str, stats: Mapping[str, object]) -> None:
        """Note how a run ended."""
        values = [bound(v) for v in (ended, exit_code, reason, dict(stats), run_id)]
        self.conn.execute("UPDATE runs SET ended = ?, exit_code = ?, reason = ?, stats = ? WHERE id = ?", values)

    def stats_of_runs(self, site: str, *, before: int, most: int) -> list[dict[str, Any]]:
        """What the last runs of a site, up to some run, left as their stats."""
        sql = "SELECT stats FROM runs WHERE site = ? AND id < ? AND stats IS NOT NULL ORDER BY id DESC LIMIT ?"
        return [json.loads(row[0]) for row in self.query(sql, [site, before, most])]

    def save_mirror(self, site: str, host: str, **columns: object) -> None:
        """Set columns of a mirror's row; the row is made where there is none (then `state` is needed)."""
        sets = ", ".join(f"{name} = excluded.{name}" for name in columns)
        insert(self.conn, "mirrors", {"site": site, "host": host, **columns}, conflict=f"ON CONFLICT(site, host) DO UPDATE SET {sets}")

    def add_warc(self, name: str, path: str, *, bytes: int | None, sealed: datetime | None, sha256: str | None) -> None:
        """Set the row of a WARC file; `path` is relative to the collection or absolute."""
        values = {"name": name, "path": path, "bytes": bytes, "sealed": sealed, "sha256": sha256}
        sets = ", ".join(f"{column} = excluded.{column}" for column in values)
        insert(self.conn, "warcs", values, conflict=f"ON CONFLICT(name) DO UPDATE SET {sets}")

    # -- reading

    def rows(self, sql: str, values: Sequence[Value] = ()) -> Iterator[sqlite3.Row]:
        """The rows of a SELECT, one at a time.

        Raises:
            SetupError: The file is damaged.
        """
        cursor = self.conn.cursor()
        cursor.row_factory = sqlite3.Row
        try:
            yield from cursor.execute(sql, values)
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGE:
                raise unreadable(self.path, error) from error
            raise

    def query(self, sql: str, values: Sequence[Value] = ()) -> list[sqlite3.Row]:
        """The rows of a SELECT, all in memory; `rows` for what may be many.

        Raises:
            SetupError: The file is damaged.
        """
        return list(self.rows(sql, values))

    def capture(self, record_id: str) -> Capture | None:
        """The capture of that record_id."""
        return next(map(capture_of, self.query(f"SELECT {_COLUMNS} FROM captures c WHERE record_id = ?", [clean(record_id)])), None)

    def captures_of_id(self, written: str) -> list[Capture]:
        """The captures whose record names that WARC-Record-ID."""
        sql = f"SELECT {_COLUMNS} FROM captures c WHERE record_id = ?1 OR written_id = ?1"
        return [capture_of(row) for row in self.rows(sql, [clean(written)])]

    def is_lost(self, record_id: str) -> bool:
        """Whether no WARC holds a capture any more."""
        return bool(self.query("SELECT 1 FROM captures WHERE record_id = ? AND state = 'lost'", [clean(record_id)]))

    def capture_of_payload(self, digest: str) -> Capture | None:
        """The earliest capture that holds the payload of that digest itself, whole and not lost: what a revisit refers to."""
        sql = (
            f"SELECT {_COLUMNS} FROM captures c WHERE payload_digest = ? AND revisit_of IS NULL AND record_type = 'response'"
            " AND state = 'ok' AND truncated IS NULL"
            " ORDER BY date, record_id LIMIT 1"
        )
        return next(map(capture_of, self.query(sql, [clean(digest)])), None)

    def captures(self, *, state: str | None = "ok", **where: Value) -> Iterator[Capture]:
        """Captures by date; `where` names columns and the values they must have (None for null).

        What is added meanwhile is not among them; what is changed meanwhile comes as it is now.
        """
        conditions: dict[str, Value] = {**({"state": state} if state else {}), **where}
        clause = " AND ".join(f"{name} IS ?" for name in conditions) or "1"
        found = self.rows(f"SELECT id FROM captures WHERE {clause} ORDER BY date, record_id", [bound(v) for v in conditions.values()])
        yield from self.captures_at(array("q", (row[0] for row in found)))

    def captures_at(self, ids: array[int]) -> Iterator[Capture]:
        """The captures of some row numbers, those of each few hundred by date."""
        for at in range(0, len(ids), _CHUNK):
            chunk = ids[at : at + _CHUNK].tolist()
            sql = f"SELECT {_COLUMNS} FROM captures c WHERE id IN ({', '.join('?' * len(chunk))}) ORDER BY date, record_id"
            yield from map(capture_of, self.query(sql, chunk))

    def places(self, warc: str) -> list[tuple[str, int, int, tuple[str | None, str | None]]]:
        """What one WARC is said to hold, by offset: record id as written, offset, length, payload digests."""
        sql = (
            "SELECT coalesce(written_id, record_id), offset, length, payload_digest, written_digest FROM captures"
            " WHERE state = 'ok' AND warc = ? ORDER BY offset"
        )
        return [(row[0], row[1], row[2], (row[3], row[4])) for row in self.query(sql, [warc])]

    def reach(self, warc: str) -> int:
        """Where the last capture of a WARC ends; 0 where it has none."""
        sql = "SELECT offset + length FROM captures WHERE state = 'ok' AND warc = ? ORDER BY offset DESC LIMIT 1"
        return next((int(row[0]) for row in self.query(sql, [warc])), 0)

    def links_of(self, url: str) -> list[Link]:
        """The links of the latest capture of an address that has any, in page order."""
        rows = self.query(
            "SELECT url, text FROM links WHERE capture_id = (SELECT c.id FROM captures c WHERE c.url = ?"
            " AND EXISTS (SELECT 1 FROM links l WHERE l.capture_id = c.id) ORDER BY c.date DESC LIMIT 1) ORDER BY position",
            [clean(url)],
        )
        return [Link(url=row["url"], text=row["text"] or "") for row in rows]

    def unread(self) -> Iterator[Capture]:
        """Captures not yet read, by date."""
        return self.captures(read_state="unread")

    def story(self, story_id: str) -> Story | None:
        """One story."""
        rows = self.query(
            "SELECT id, site, number, canonical_url, published, section, language, first_seen, last_seen, state, versions"
            " FROM stories WHERE id = ?",
            [clean(story_id)],
        )
        for row in rows:
            times = {name: moment(row[name]) if row[name] else None for name in ("first_seen", "last_seen")}
            return Story(**{**dict(row), **times})
        return None

    def find_story(self, words: str) -> list[str]:
        """The ids of the stories that somebody may mean: an id, a number, or an address that was captured or is canonical."""
        words = clean(words.strip())
        rows = self.query(
            "SELECT id FROM stories WHERE id = ?1 UNION SELECT id FROM stories WHERE number IS NOT NULL AND CAST(number AS TEXT) = ?1"
            " UNION SELECT v.story_id FROM captures c JOIN sightings s ON s.capture_id = c.id JOIN versions v ON v.id = s.version_id"
            " WHERE c.url = ?1 UNION SELECT id FROM stories WHERE canonical_url = ?1 ORDER BY 1",
            [words],
        )
        return [row[0] for row in rows]

    def versions(self, story_id: str) -> list[Version]:
        """The versions of a story, oldest first."""
        rows = self.query(
            "SELECT v.*, c.url FROM versions v JOIN captures c ON c.id = v.capture_id WHERE v.story_id = ? ORDER BY v.n", [clean(story_id)]
        )
        return [version_of(row, self.query("SELECT * FROM images WHERE version_id = ? ORDER BY n", [row["id"]])) for row in rows]

    def sightings(self, story_id: str) -> list[Sighting]:
        """Which captures showed which versions of a story, by date."""
        rows = self.query(
            "SELECT v.n, s.host, s.date, c.record_id, c.url FROM versions v JOIN sightings s ON s.version_id = v.id"
            " JOIN captures c ON c.id = s.capture_id WHERE v.story_id = ? ORDER BY s.date, c.record_id",
            [clean(story_id)],
        )
        return [Sighting(**{**dict(row), "date": moment(row["date"])}) for row in rows]

    def mirrors(self, site: str) -> list[dict[str, Value]]:
        """The rows of table `mirrors` of a site."""
        return [dict(row) for row in self.query("SELECT * FROM mirrors WHERE site = ? ORDER BY host", [site])]

    def warcs(self) -> list[dict[str, Value]]:
        """The rows of table `warcs`."""
        return [dict(row) for row in self.query("SELECT * FROM warcs ORDER BY name")]

    def counts(self) -> dict[str, int]:
        """How many rows each table has."""
        return health.counts(self.query)

    def stats(self) -> dict[str, object]:
        """What the index holds, as `scrapy stats --json` prints it."""
        return health.stats(self.query)

    def integrity(self) -> list[str]:
        """What is wrong with the file itself; empty when all is well. Full text is compared only where the index may be written."""
        return health.integrity(self.conn) + ([] if self.readonly else self.full_text_faults())

    def full_text_faults(self) -> list[str]:
        """Where the full text differs from its rows; only where the index may be written."""
        return health.full_text(self.conn)

"""Tables `captures`, `failures` and `links`."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from crawler.index.connection import IndexConnection
from crawler.index.images import link_images
from crawler.index.reader_version import reader_version as version_of_readers
from crawler.index.rows import (
    CAPTURE_COLUMNS,
    Value,
    all_clean,
    bound,
    capture_of,
    capture_values,
    clean,
    insert,
    row_of_capture,
    target_values,
)
from crawler.items import Capture, Failure, Link, LinkList, ReadState
from crawler.schema.capture_keys import has_key
from crawler.schema.link_lists import links_at
from crawler.urls import host_of

_CHUNK = 500
"""Captures read in one SELECT."""
_COLUMNS = ", ".join(f"c.{name}" for name in CAPTURE_COLUMNS)
_IDS = ("record_id", "written_id", "revisit_of")
# A record that was lost and is found again gets its new place; else the first place stands.
_ADD_CAPTURE = (
    f"INSERT INTO captures ({', '.join(CAPTURE_COLUMNS)}, refers_to, run_id, read_state, reader_version)"
    f" VALUES ({', '.join('?' * (len(CAPTURE_COLUMNS) + 4))})"
    " ON CONFLICT(record_id) DO UPDATE SET state = 'ok', warc = excluded.warc, offset = excluded.offset, length = excluded.length"
    " WHERE captures.state = 'lost'"
)
_FIRST_OF_PAYLOAD = (
    f"SELECT {_COLUMNS} FROM captures c WHERE payload_digest = ? AND revisit_of IS NULL AND record_type = 'response'"
    " AND record_type != 'revisit' AND state = 'ok' AND truncated IS NULL AND via IS NULL ORDER BY date, record_id LIMIT 1"
)
_ANY_OF_PAYLOAD = "SELECT 1 FROM captures WHERE payload_digest = ? AND record_type != 'revisit' LIMIT 1"
_MOVE_CAPTURE = (
    f"UPDATE captures SET {', '.join(f'{c} = ?{n}' for n, c in enumerate(CAPTURE_COLUMNS, 1) if c not in _IDS)}"
    f" WHERE record_id = ?{len(CAPTURE_COLUMNS) + 1}"
)


class IndexedPlace(NamedTuple):
    """Place of a capture in a WARC, as the index has it."""

    record_id: str
    """As written in the record."""
    offset: int
    length: int
    digests: tuple[str | None, str | None]
    """Payload digest, and the one written in the record."""


class CaptureTables(IndexConnection):
    """Captures, with their failures and links. Writing methods need a transaction (`atomic`)."""

    def add_capture(self, capture: Capture, *, run_id: int | None = None, reader_version: str | None = None) -> None:
        """Add a capture; a known record_id changes nothing, unless it was lost.

        Args:
            reader_version: Of the readers that gave it site and role, if its record does not name them.
        """
        values = [*capture_values(capture), capture.revisit_of, run_id, "unread", reader_version or version_of_readers()]
        self.conn.execute(_ADD_CAPTURE, values)

    def set_read_state(self, record_id: str, state: ReadState, reader_version: str | None = None) -> None:
        """Set the state of a capture after parsing, and the readers, if it was read."""
        sql = "UPDATE captures SET read_state = ?, reader_version = coalesce(?, reader_version) WHERE record_id = ?"
        self.conn.execute(sql, [state, reader_version, record_id])

    def rename_capture(self, record_id: str, derived: str) -> None:
        """Give a capture another record_id, and keep the one it had as the written one."""
        self.conn.execute("UPDATE captures SET record_id = ?, written_id = record_id WHERE record_id = ?", [derived, record_id])

    def move_capture(self, record_id: str, capture: Capture) -> None:
        """Set another place of a capture's record, with the values found there; its ids stay."""
        self.conn.execute(_MOVE_CAPTURE, [*capture_values(capture), record_id])

    def mark_lost(self, record_id: str) -> None:
        """Mark a capture lost; images linked to it get the next good capture."""
        for (key,) in self.conn.execute("UPDATE captures SET state = 'lost' WHERE record_id = ? RETURNING key", [record_id]).fetchall():
            link_images(self.conn, key)

    def add_links(self, record_id: str, links: Sequence[Link]) -> None:
        """Replace the links of a page, in page order."""
        source = row_of_capture(self.conn, record_id)
        (host,) = self.conn.execute("SELECT host FROM captures WHERE id = ?", [source]).fetchone()
        if isinstance(links, LinkList):
            self.link_lists.replace(self.conn, source, host, links.pairs, links.packed)
            return
        urls, texts = all_clean([link.url for link in links]), all_clean([link.text for link in links])
        self.link_lists.replace(self.conn, source, host, zip(urls, texts, strict=True))

    def add_failure(self, failure: Failure, *, run_id: int | None = None) -> None:
        """Add an attempt without a usable answer; idempotent by date, address, attempt and reason."""
        source = row_of_capture(self.conn, failure.record_id) if failure.record_id else None
        values = {
            **target_values(failure.target), "run_id": run_id, "host": host_of(failure.url), "date": failure.date,
            "reason": failure.reason, "detail": failure.detail, "attempt": failure.attempt, "bytes": failure.bytes,
            "elapsed_ms": failure.elapsed_ms, "capture_id": source,
        }  # fmt: skip
        insert(self.conn, "failures", values, conflict="ON CONFLICT DO NOTHING")

    # -- reading

    def came_before(self, capture: Capture, when: str) -> bool:
        """Test if a request was answered with the same payload before a time."""
        sql = f"SELECT 1 FROM captures WHERE {has_key('?1')} AND via IS NULL AND date < ?2 AND payload_digest = ?3 LIMIT 1"
        return bool(self.query(sql, [clean(capture.key), when, capture.payload_digest]))

    def failure_at(self, record_id: str) -> tuple[str, str] | None:
        """Reason and detail of the failure of a capture."""
        sql = "SELECT f.reason, f.detail FROM failures f JOIN captures c ON c.id = f.capture_id WHERE c.record_id = ?"
        return next(((row[0], row[1] or "") for row in self.query(sql, [clean(record_id)])), None)

    def capture(self, record_id: str) -> Capture | None:
        """The capture of that record_id."""
        return next(map(capture_of, self.query(f"SELECT {_COLUMNS} FROM captures c WHERE record_id = ?", [clean(record_id)])), None)

    def captures_of_id(self, written: str) -> list[Capture]:
        """The captures whose record names that WARC-Record-ID."""
        sql = f"SELECT {_COLUMNS} FROM captures c WHERE record_id = ?1 OR written_id = ?1"
        return [capture_of(row) for row in self.rows(sql, [clean(written)])]

    def is_lost(self, record_id: str) -> bool:
        """Test if a capture is known and no WARC holds it any more."""
        return bool(self.query("SELECT 1 FROM captures WHERE record_id = ? AND state = 'lost'", [clean(record_id)]))

    def capture_of_payload(self, digest: str) -> Capture | None:
        """The earliest whole capture of a payload, not lost: the one that revisits refer to."""
        # Nearly all payloads are new: one cheap question tells so.
        if self.conn.execute(_ANY_OF_PAYLOAD, (clean(digest),)).fetchone() is None:
            return None
        return next(map(capture_of, self.query(_FIRST_OF_PAYLOAD, [clean(digest)])), None)

    def captures(self, *, state: str | None = "ok", **where: Value) -> Iterator[Capture]:
        """Yield captures by date; `where` names columns and their values (None for null).

        Captures added meanwhile are left out; those changed meanwhile come as they are now.
        """
        conditions: dict[str, Value] = {**({"state": state} if state else {}), **where}
        clause = " AND ".join(f"{name} IS ?" for name in conditions) or "1"
        sql = f"SELECT id FROM captures WHERE {clause} ORDER BY date, record_id"
        yield from self.captures_at(self.row_numbers(sql, [bound(v) for v in conditions.values()]))

    def captures_at(self, ids: array[int]) -> Iterator[Capture]:
        """Yield the captures of row numbers, by date within each 500."""
        for at in range(0, len(ids), _CHUNK):
            chunk = ids[at : at + _CHUNK].tolist()
            sql = f"SELECT {_COLUMNS} FROM captures c WHERE id IN ({', '.join('?' * len(chunk))}) ORDER BY date, record_id"
            yield from map(capture_of, self.query(sql, chunk))

    def unread(self) -> Iterator[Capture]:
        """Yield the captures not yet parsed, by date."""
        # As a literal: else its index is not used.
        sql = "SELECT id FROM captures WHERE state = 'ok' AND read_state = 'unread' ORDER BY date, record_id"
        yield from self.captures_at(self.row_numbers(sql))

    def places(self, warc: str) -> list[IndexedPlace]:
        """List the places of a WARC's captures, by offset."""
        sql = (
            "SELECT coalesce(written_id, record_id), offset, length, payload_digest, written_digest FROM captures"
            " WHERE state = 'ok' AND warc = ? ORDER BY offset"
        )
        return [IndexedPlace(row[0], row[1], row[2], (row[3], row[4])) for row in self.query(sql, [warc])]

    def reach(self, warc: str) -> int:
        """Offset behind the last capture of a WARC; 0 if it has none."""
        sql = "SELECT offset + length FROM captures WHERE state = 'ok' AND warc = ? ORDER BY offset DESC LIMIT 1"
        return next((int(row[0]) for row in self.query(sql, [warc])), 0)

    def links_of(self, url: str) -> list[Link]:
        """The links of the latest capture of an address that has any, in page order."""
        sql = (
            "SELECT id FROM captures c WHERE url = ? AND EXISTS (SELECT 1 FROM link_lists l WHERE l.capture_id = c.id)"
            " ORDER BY date DESC LIMIT 1"
        )
        return [Link(url=to, text=text or "") for _, _, to, text in links_at(self.conn, self.row_numbers(sql, [clean(url)]))]

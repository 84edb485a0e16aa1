"""Find the original of a revisit by record id, address and date, or digest.

The result follows from the rows of the index, never from their order.
Source: WARC 1.1 (ISO 28500:2017) section 6.7; iipc/warc-specifications#17.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterable, Iterator
from datetime import timedelta

from crawler.index.rows import Value, iso, moment
from crawler.urls import canonical_url

EMPTY_PAYLOAD = "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"
"""Digest of no bytes, which identifies no payload."""
MAX_CHAIN = 8
"""Revisits of revisits that are followed."""

_COLUMNS = (
    "id, record_id, url, date, status, record_type, payload_digest, written_digest, revisit_of, refers_to, refers_to_url, refers_to_date"
)
_HOLDS = "record_type != 'revisit' AND state = 'ok'"
_WHOLE = f"{_HOLDS} AND truncated IS NULL AND payload_digest LIKE 'sha1:%'"
_OPEN = """
SELECT id FROM captures c WHERE record_type = 'revisit' AND state = 'ok' AND (revisit_of IS NULL OR revisit_of IS NOT refers_to
    OR NOT EXISTS (SELECT 1 FROM captures o WHERE o.record_id = c.revisit_of AND o.state = 'ok' AND o.record_type != 'revisit')
    OR EXISTS (SELECT 1 FROM failures f WHERE f.capture_id = c.id AND f.reason = 'no-original'))"""
_UNSIGHTED = """
SELECT c.id FROM captures c JOIN captures o ON o.record_id = c.revisit_of JOIN sightings s ON s.capture_id = o.id
WHERE c.record_type = 'revisit' AND c.status = 304 AND c.state = 'ok' AND c.story_id IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM sightings own WHERE own.capture_id = c.id)"""


def open_revisits(conn: sqlite3.Connection) -> array[int]:
    """Row numbers of revisits without an original, or with one not found by record id.

    Those that were given up for want of one are among them: a file that holds it may have come.
    """
    return array("q", (row[0] for row in conn.execute(_OPEN)))


def unsighted(conn: sqlite3.Connection) -> array[int]:
    """Row numbers of 304s without a sighting whose original is filed as an article."""
    return array("q", (row[0] for row in conn.execute(_UNSIGHTED)))


def original_of(conn: sqlite3.Connection, capture_id: int) -> str | None:
    """The record_id of the original of a revisit, or None."""
    rows = _rows(conn, "id = ?", [capture_id])
    return _original(conn, rows[0], 0) if rows else None


def other_digests(conn: sqlite3.Connection, revisits: Iterable[int]) -> dict[int, str]:
    """Map row numbers of revisits to the digest they name, if its SHA-1 is unknown."""
    sql = "SELECT payload_digest FROM captures WHERE id = ? AND written_digest IS NULL AND payload_digest NOT LIKE 'sha1:%'"
    return {row: found[0] for row in revisits for found in conn.execute(sql, [row])}


def candidates(conn: sqlite3.Connection, revisits: Iterable[int], warcs: Iterable[str] | None = None) -> array[int]:
    """Row numbers of one capture a payload, those of addresses named in revisits first.

    Args:
        warcs: Captures of these files only.
    """
    named = "SELECT id FROM captures WHERE url IN (SELECT coalesce(refers_to_url, url) FROM captures WHERE id = ?)"
    near = {found[0] for row in revisits for found in conn.execute(f"{named} AND {_WHOLE}", [row])}
    order = f"{_WHOLE} GROUP BY payload_digest ORDER BY warc, offset"
    if warcs is None:
        others = array("q", (row[0] for row in conn.execute(f"SELECT min(id) FROM captures WHERE {order}")))
    else:
        sql = f"SELECT min(id) FROM captures WHERE warc = ? AND {order}"
        others = array("q", (row[0] for warc in warcs for row in conn.execute(sql, [warc])))
    return array("q", [*sorted(near if warcs is None else near.intersection(others)), *(row for row in others if row not in near)])


def note_sha1(conn: sqlite3.Connection, revisit: int, sha1: str) -> None:
    """Set the SHA-1 of a revisit that names another digest, inside a transaction."""
    conn.execute("UPDATE captures SET written_digest = ? WHERE id = ?", [sha1, revisit])


def _original(conn: sqlite3.Connection, revisit: sqlite3.Row, depth: int) -> str | None:
    if depth > MAX_CHAIN:
        return None
    for candidates in (_by_id, _by_place, _by_digest, _by_validation):
        for found in candidates(conn, revisit):
            record_id = found["record_id"] if found["record_type"] != "revisit" else _original(conn, found, depth + 1)
            if record_id is not None:
                return str(record_id)
    return None


def _rows(conn: sqlite3.Connection, where: str, values: list[Value]) -> list[sqlite3.Row]:
    cursor = conn.cursor()
    cursor.row_factory = sqlite3.Row
    return cursor.execute(f"SELECT {_COLUMNS} FROM captures WHERE {where}", values).fetchall()


def _by_id(conn: sqlite3.Connection, revisit: sqlite3.Row) -> Iterator[sqlite3.Row]:
    """Captures of the named id, those first that fit the other references."""
    named = revisit["refers_to"]
    if named is None:
        return
    found = _rows(conn, "(record_id = ? OR written_id = ?) AND state = 'ok' AND id != ?", [named, named, revisit["id"]])
    yield from sorted(found, key=lambda row: (row["record_type"] == "revisit", *_misfits(revisit, row), row["date"], row["record_id"]))


def _by_place(conn: sqlite3.Connection, revisit: sqlite3.Row) -> Iterator[sqlite3.Row]:
    """Captures of the named address and second."""
    url, date = revisit["refers_to_url"] or revisit["url"], revisit["refers_to_date"]
    if date is None:
        return
    second = moment(date).replace(microsecond=0)
    addresses = sorted({url, canonical_url(url)})
    found = _rows(
        conn,
        f"url IN ({', '.join('?' * len(addresses))}) AND date >= ? AND date < ? AND state = 'ok' AND id != ?",
        [*addresses, iso(second), iso(second + timedelta(seconds=1)), revisit["id"]],
    )
    yield from sorted(found, key=lambda row: (row["record_type"] == "revisit", *_misfits(revisit, row), row["date"], row["record_id"]))


def _by_digest(conn: sqlite3.Connection, revisit: sqlite3.Row) -> Iterator[sqlite3.Row]:
    """Captures of the same payload, of the named address first; earliest first."""
    digests = _digests(conn, revisit)
    if not digests or (revisit["status"] == 304 and EMPTY_PAYLOAD in digests):
        return
    for url in _addresses(revisit):
        found: list[sqlite3.Row] = []
        for column in ("payload_digest", "written_digest"):
            for digest in digests:
                place, values = (" AND +url = ?", [url]) if url else ("", [])
                # Few captures hold a payload, many an address: by the index of digests.
                where = f"{column} = ?{place} AND {_HOLDS} AND truncated IS NULL ORDER BY date, record_id LIMIT 1"
                found += _rows(conn, where, [digest, *values])
        yield from sorted(found, key=lambda row: (row["date"], row["record_id"]))[:1]


def _digests(conn: sqlite3.Connection, revisit: sqlite3.Row) -> list[str]:
    """Digests of a revisit's payload, with the SHA-1 known for another one."""
    digests = {revisit["payload_digest"], revisit["written_digest"]} - {None}
    same = f"SELECT DISTINCT payload_digest FROM captures WHERE written_digest = ? AND {_HOLDS} AND truncated IS NULL"
    others = [digest for digest in sorted(digests) if not digest.startswith("sha1:")]
    return sorted({*digests, *(row[0] for digest in others for row in conn.execute(same, [digest]))} - {None})


def _addresses(revisit: sqlite3.Row) -> list[str | None]:
    """Addresses of an original, likeliest first; None for any, but not for a bare 304."""
    named = revisit["refers_to_url"]
    addresses: list[str | None] = list(dict.fromkeys(url for url in (named, revisit["url"]) if url))
    return addresses if named is None and revisit["status"] == 304 else [*addresses, None]


def _by_validation(conn: sqlite3.Connection, revisit: sqlite3.Row) -> Iterator[sqlite3.Row]:
    """The last earlier capture of the page, for a 304 that names nothing."""
    if revisit["status"] == 304:
        where = f"url = ? AND date <= ? AND status = 200 AND {_HOLDS} ORDER BY date DESC, record_id LIMIT 1"
        yield from _rows(conn, where, [revisit["url"], revisit["date"]])


def _misfits(revisit: sqlite3.Row, row: sqlite3.Row) -> tuple[bool, bool, bool]:
    """Sort key: mismatch of address, date and digest with the other references."""
    digests = {row["payload_digest"], row["written_digest"]} - {None}
    return (
        row["url"] != (revisit["refers_to_url"] or revisit["url"]),
        row["date"][:19] != (revisit["refers_to_date"] or row["date"])[:19],
        digests.isdisjoint({revisit["payload_digest"], revisit["written_digest"]}),
    )

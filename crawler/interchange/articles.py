"""Articles of a selection, each with the capture it was read from."""

from __future__ import annotations

import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from attrs import frozen

from crawler.index.index import Index
from crawler.index.rows import WHOLE_VERSION, version_of
from crawler.items import Version
from crawler.subsets.selection import Selection, numbers

_CHUNK = 200
"""Versions read in one SELECT."""
_PLACE = ("date", "host", "url", "via", "warc", "offset", "length", "record_id")
_VERSIONS = (
    f"SELECT {WHOLE_VERSION}, c.url, t.newest, c.date AS c_date, c.host AS c_host, c.url AS c_url, c.via AS c_via,"
    " c.warc AS c_warc, c.offset AS c_offset,"
    " c.length AS c_length, c.record_id AS c_record_id, c.state AS c_state FROM versions v JOIN captures c ON c.id = v.capture_id"
    " JOIN stored_versions t ON t.id = v.id WHERE v.id IN ({})"
)


@frozen(kw_only=True)
class Exported:
    """One version of a story, and where the capture that it was read from lies."""

    version: Version
    newest: bool
    capture: dict[str, Any]
    """`date, host, url, via, warc, offset, length, record_id, state` of the earliest capture that shows it."""
    pictures: tuple[str | None, ...]
    """For each of the article's images the record_id of its archived picture, or None."""


def articles(index: Index, selection: Selection) -> Iterator[tuple[Exported, float]]:
    """Yield the selected versions in order, each with the share done, 0 to 1."""
    yield from _articles(index, selection.versions(index))


def newest_articles(index: Index, selection: Selection) -> Iterator[tuple[Exported, float]]:
    """As `articles`, of each story the newest selected version, the last seen first."""
    sql = (
        "SELECT id FROM (SELECT v.id, v.first_seen, row_number() OVER (PARTITION BY v.story_id ORDER BY v.n DESC) AS place"
        f" FROM stored_versions v WHERE {selection.of_versions}) WHERE place = 1 ORDER BY first_seen DESC, id"
    )
    yield from _articles(index, numbers(index, sql, selection.values()))


def _articles(index: Index, ids: array[int]) -> Iterator[tuple[Exported, float]]:
    """Yield versions of row numbers, in their order."""
    for at in range(0, len(ids), _CHUNK):
        chunk = ids[at : at + _CHUNK].tolist()
        marks = ", ".join("?" * len(chunk))
        pictures: dict[int, list[sqlite3.Row]] = defaultdict(list)
        sql = (
            "SELECT i.*, c.record_id FROM images i LEFT JOIN captures c ON c.id = i.capture_id"
            f" WHERE i.version_id IN ({marks}) ORDER BY i.version_id, i.n"
        )
        for row in index.rows(sql, chunk):
            pictures[row["version_id"]].append(row)
        rows = {row["id"]: row for row in index.rows(_VERSIONS.format(marks), chunk)}
        for n, number in enumerate(chunk, at + 1):
            yield _exported(rows[number], pictures[number]), n / len(ids)


def _exported(row: sqlite3.Row, pictures: list[sqlite3.Row]) -> Exported:
    return Exported(
        version=version_of(row, pictures),
        newest=bool(row["newest"]),
        capture={name: row[f"c_{name}"] for name in (*_PLACE, "state")},
        pictures=tuple(picture["record_id"] for picture in pictures),
    )


def unread_note(index: Index, selection: Selection) -> list[str]:
    """Say how many selected pages gave no article."""
    sql = (
        "SELECT read_state, count(*) FROM captures WHERE state = 'ok' AND role IN ('story', 'page')"
        f" AND read_state IN ('unread', 'unreadable') AND {selection.of_captures} GROUP BY read_state ORDER BY read_state DESC"
    )
    told = {"unread": "not read yet (`scrapy reindex COLLECTION --unread` reads them)", "unreadable": "unreadable"}
    rows = index.conn.execute(sql, selection.values())
    return [
        f"{count} captured {'page is' if count == 1 else 'pages are'} {told[state]}: no article of theirs is here" for state, count in rows
    ]

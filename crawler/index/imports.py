"""Queries for replay and reindex: captures to parse, last captures, page lists of WACZ files."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Container, Iterable, Iterator
from datetime import datetime

from attrs import asdict, frozen

from crawler.index.index import Index
from crawler.index.originals import open_revisits
from crawler.index.rows import CAPTURE_COLUMNS, capture_of, clean, insert
from crawler.items import Capture
from crawler.schema.capture_keys import has_key

__all__ = ["PageListed", "add_page_list", "last_of_keys", "last_usable", "open_revisits", "to_parse"]


@frozen(kw_only=True)
class PageListed:
    """One page of a WACZ's list of pages."""

    url: str
    title: str | None
    date: datetime | None


def add_page_list(index: Index, package: str, pages: Iterable[PageListed]) -> None:
    """Replace the pages listed in a WACZ, inside a transaction."""
    index.conn.execute("DELETE FROM offered_pages WHERE package = ?", [clean(package)])
    for position, page in enumerate(pages):
        insert(index.conn, "offered_pages", {"package": package, "position": position, **asdict(page)})


_TO_PARSE = (
    "SELECT id FROM captures c WHERE state = 'ok' AND warc = ? AND (read_state = 'unread' OR (role IN ('requisite', 'robots')"
    " AND NOT EXISTS (SELECT 1 FROM imprints i WHERE i.capture_id = c.id)"
    " AND NOT EXISTS (SELECT 1 FROM failures f WHERE f.capture_id = c.id)))"
    " ORDER BY date, record_id"
)


def to_parse(index: Index, warc: str) -> array[int]:
    """Row numbers of captures of a WARC that are to be parsed: pages, robots.txt, requisites."""
    return index.row_numbers(_TO_PARSE, [warc])


USABLE = (
    "via IS NULL AND status = 200 AND truncated IS NULL AND read_state != 'unreadable' AND state = 'ok'"
    " AND NOT EXISTS (SELECT 1 FROM failures f WHERE f.capture_id = c.id)"
)
"""SQL: whether a capture holds what was asked for, and may be asked for again by its validators."""


def last_usable(index: Index, key: str) -> Capture | None:
    """The last capture of a key with a usable answer."""
    sql = (
        f"SELECT {', '.join(CAPTURE_COLUMNS)} FROM captures c WHERE {has_key('?1')} AND {USABLE}"
        " ORDER BY date DESC, record_id DESC LIMIT 1"
    )
    return next(map(capture_of, index.rows(sql, [clean(key)])), None)


def last_of_keys(index: Index, sent_on: Container[str] = ()) -> Iterator[tuple[Capture, Capture | None]]:
    """Yield for each key its last settled capture and its last usable one.

    Args:
        sent_on: record_ids of captures that only lead elsewhere.
    """
    sql = (
        f"SELECT {', '.join(CAPTURE_COLUMNS)}, {USABLE} AS usable FROM captures c"
        " WHERE state = 'ok' AND role IN ('story', 'requisite', 'page') AND via IS NULL AND status IN (200, 404, 410)"
        " ORDER BY key, date, record_id"
    )
    last: sqlite3.Row | None = None
    usable: sqlite3.Row | None = None
    for row in index.rows(sql):
        if last is not None and last["key"] != row["key"]:
            yield capture_of(last), capture_of(usable) if usable is not None else None
            usable = None
        last, usable = row, row if row["usable"] and row["record_id"] not in sent_on else usable
    if last is not None:
        yield capture_of(last), capture_of(usable) if usable is not None else None

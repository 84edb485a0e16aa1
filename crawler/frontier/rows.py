"""One row of table `frontier`, its place in the order, and the lane it waits in."""

from __future__ import annotations

import json
import sqlite3
from operator import attrgetter
from typing import Literal

from attrs import field, fields, frozen

from crawler.index.search_tables import LANE as LANE
from crawler.items import Target, Targeted
from crawler.urls import path_of

State = Literal["queued", "leased", "captured", "done", "failed", "refused"]
Urgency = tuple[int, str, str]
"""Priority negated, when added, key: the smallest goes first."""


@frozen(kw_only=True)
class FrontierRow(Targeted):
    """One row of table `frontier`."""

    priority: int = 0
    due: str = ""
    """ISO 8601 UTC: not before. Of a done row: when to ask again, or empty for never."""
    state: State = "queued"
    reason: str | None = None
    detail: str | None = None
    lease_until: str | None = None
    attempts: int = 0
    tried: tuple[str, ...] = ()
    """Hosts asked since the row was last queued anew, one entry an attempt."""
    etag: str | None = None
    last_modified: str | None = None
    validates: str | None = None
    validates_host: str | None = None
    hint: str | None = None
    host: str | None = None
    """The only host to ask."""
    answered: tuple[str, ...] = ()
    """Hosts that have answered that the page is not there, while others are still asked."""
    run_id: int | None = None
    record_id: str | None = None
    added: str = ""
    changed: str = ""
    version: int = field(default=0, eq=False)
    """Counts changes of this process, so that a commit only forgets the change it made durable."""


_TARGET_FIELDS = {"story_id" if f.name == "story" else f.name: f.name for f in fields(Target)}
"""Columns that hold the target, each with its field."""
_OWN_COLUMNS = tuple(f.name for f in fields(FrontierRow) if f.name not in ("target", "version"))
COLUMNS = (*_TARGET_FIELDS, *_OWN_COLUMNS)
_values = attrgetter(*(f"target.{name}" for name in _TARGET_FIELDS.values()), *_OWN_COLUMNS)


def urgency(row: FrontierRow) -> Urgency:
    """Where a row stands in the order."""
    return -row.priority, row.added, row.key


def lane_of(row: FrontierRow) -> str:
    """The lane a row waits in: the only host to ask for it, else scheme and host of its address with a slash behind.

    >>> lane_of(FrontierRow(key="k", url="https://a.example:8080/x/y", site="web", role="page"))
    'https://a.example:8080/'
    """
    if row.host is not None:
        return row.host
    slash = (row.url + "/").find("/", 8)
    return row.url[: slash + 1] if slash >= 0 else row.url


def is_fresh_page(row: FrontierRow) -> bool:
    """Whether it is a story or page that was not asked for yet."""
    return row.role in ("story", "page") and row.attempts == 0


def save(db: sqlite3.Connection, row: FrontierRow) -> None:
    """Insert or replace one row."""
    values = dict(zip(COLUMNS, _values(row), strict=True)) | {"tried": json.dumps(row.tried), "answered": json.dumps(row.answered)}
    marks = ", ".join(f":{name}" for name in COLUMNS)
    db.execute(f"INSERT OR REPLACE INTO frontier ({', '.join(COLUMNS)}) VALUES ({marks})", values)


def row_of(found: sqlite3.Row) -> FrontierRow:
    """A row as the table has it."""
    values = {name: found[name] for name in _OWN_COLUMNS} | {name: tuple(json.loads(found[name] or "[]")) for name in ("tried", "answered")}
    return FrontierRow(target=Target(**{field: found[column] for column, field in _TARGET_FIELDS.items()}), **values)


def mirrored_key(site: str, language: str | None, url: str) -> str:
    """The frontier key of an address that every mirror of a language serves.

    >>> mirrored_key("presstv", "en", "https://www.presstv.ir/rss.xml")
    'presstv:en:/rss.xml'
    """
    return f"{site}:{language or ''}:{path_of(url)}"

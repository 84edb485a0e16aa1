"""A row of table `frontier`, its urgency and its lane."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Container
from operator import attrgetter
from typing import Any, Literal

from attrs import evolve, field, fields, frozen

from crawler.items import BY_NUMBER, FrontierRequest, Target, Targeted, Validators
from crawler.schema.search_tables import LANE as LANE
from crawler.urls import path_of

State = Literal["queued", "leased", "captured", "done", "failed", "refused"]
OPEN_STATES: tuple[State, ...] = ("queued", "leased", "captured")
"""States of a row that is still under way."""
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
    every: int | None = None
    """Seconds between the last answer and `due`, as the schedule of rechecks chose them."""
    requisites: str | None = None
    """Which requisites of the page were queued: `images`, `all`, or None for not any."""
    announced: str | None = None
    """Date that the list gave by which a story was found."""
    job: str | None = None
    """The job that asks for it; None unless a worker wrote the row."""
    lane: str | None = None
    """The lane whose holder may ask for it; None unless a worker wrote the row."""
    version: int = field(default=0, eq=False)
    """Counts changes of this process, so that a commit only forgets the change it made durable."""

    @property
    def held(self) -> Validators | None:
        """Validators of its last whole answer."""
        if self.validates_host is None:
            return None
        return Validators(etag=self.etag, last_modified=self.last_modified, of=self.validates, host=self.validates_host)


_TARGET_FIELDS = {"story_id" if f.name == "story" else f.name: f.name for f in fields(Target)}
"""Columns that hold the target, each with its field."""
_OWN_COLUMNS = tuple(f.name for f in fields(FrontierRow) if f.name not in ("target", "version"))
COLUMNS = (*_TARGET_FIELDS, *_OWN_COLUMNS)
_LISTS = ("tried", "answered")
"""Columns that hold JSON arrays."""
_values: Callable[[FrontierRow], tuple[Any, ...]] = attrgetter(*(f"target.{name}" for name in _TARGET_FIELDS.values()), *_OWN_COLUMNS)


def new_row(request: FrontierRequest, run_id: int | None, now: str, *, added: str) -> FrontierRow:
    """Make the row of a request that is asked for the first time."""
    return FrontierRow(
        target=request.target, priority=request.priority, due=now, hint=request.hint, host=request.host, run_id=run_id, added=added,
        announced=request.announced,
    )  # fmt: skip


def queued_again(row: FrontierRow, request: FrontierRequest, run_id: int | None, now: str) -> FrontierRow | None:
    """Queue a settled row again if it failed, is due, retitled, or forced."""
    if request.found_on == BY_NUMBER:
        return None
    if row.state != "failed" and not _was_unused(row) and (request.only_new or not _is_due(row, request, now)):
        return None
    target = evolve(row.target, url=request.url, found_on=request.found_on)
    return evolve(
        row, target=target, state="queued", due=now, attempts=0, tried=(), reason=None, answered=(), run_id=run_id,
        priority=request.priority, hint=request.hint or row.hint,
    )  # fmt: skip


def _was_unused(row: FrontierRow) -> bool:
    """Tell whether a backfill found no story of this number."""
    return row.found_on == BY_NUMBER and row.state == "done"


def _is_due(row: FrontierRow, request: FrontierRequest, now: str) -> bool:
    return is_asked_for(row, request) or bool(row.due and row.due <= now)


def is_asked_for(row: FrontierRow, request: FrontierRequest) -> bool:
    """Return True for a request that asks for a known row, due or not."""
    return request.again or is_retitled(row, request)


def is_retitled(row: FrontierRow, request: FrontierRequest) -> bool:
    """Return True for a story whose headline in a feed is another than before."""
    return request.hint is not None and row.hint is not None and request.hint != row.hint


def urgency(row: FrontierRow) -> Urgency:
    """Sort key of a row: the smallest goes first."""
    return -row.priority, row.added, row.key


def just_after(row: FrontierRow) -> Urgency:
    """Lower bound of the sort keys behind a row's."""
    return -row.priority, row.added, f"{row.key}\0"


def lane_of(row: FrontierRow) -> str:
    """Lane of a row: its only host, else scheme and host of its address.

    >>> lane_of(FrontierRow(target=Target(key="k", url="https://a.example:8080/x/y", site="web", role="page")))
    'https://a.example:8080/'
    """
    if row.host is not None:
        return row.host
    slash = (row.url + "/").find("/", 8)
    return row.url[: slash + 1] if slash >= 0 else row.url


def is_fresh_page(row: FrontierRow) -> bool:
    """Return True for a story or page that was never requested."""
    return row.role in ("story", "page") and row.attempts == 0 and row.host is None


def values_of(row: FrontierRow) -> dict[str, object]:
    """Name a row's values by column."""
    values = dict(zip(COLUMNS, _values(row), strict=True))
    for name in _LISTS:
        values[name] = _json_of(values[name])
    return values


def differences(was: FrontierRow, row: FrontierRow, always: Container[str]) -> tuple[tuple[str, ...], list[object]]:
    """Name the columns in which two rows differ, with the values of the second.

    Args:
        always: Columns that are named whether they differ or not.
    """
    pairs = zip(COLUMNS, _values(was), _values(row), strict=True)
    found = [(name, now) for name, before, now in pairs if (before is not now and before != now) or name in always]
    return tuple([name for name, _ in found]), [_json_of(now) if name in _LISTS else now for name, now in found]


def _json_of(hosts: tuple[str, ...]) -> str:
    """JSON array of names, without the JSON library where none needs an escape."""
    text = "".join(hosts)
    if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text:
        return '["' + '", "'.join(hosts) + '"]' if hosts else "[]"
    return json.dumps(hosts)


def row_of(found: sqlite3.Row) -> FrontierRow:
    """Make a row of what the table holds."""
    values = {name: found[name] for name in _OWN_COLUMNS}
    values["tried"], values["answered"] = _hosts_of(values["tried"]), _hosts_of(values["answered"])
    return FrontierRow(target=Target(**{field: found[column] for column, field in _TARGET_FIELDS.items()}), **values)


def _hosts_of(text: str | None) -> tuple[str, ...]:
    return tuple(json.loads(text)) if text and text != "[]" else ()


def mirrored_key(site: str, language: str | None, url: str) -> str:
    """Frontier key of an address that every mirror of a language serves.

    >>> mirrored_key("presstv", "en", "https://www.presstv.ir/rss.xml")
    'presstv:en:/rss.xml'
    """
    return f"{site}:{language or ''}:{path_of(url)}"

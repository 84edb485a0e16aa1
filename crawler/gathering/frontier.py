"""Settled requests of shards, with their validators; the queue stays the workers'."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import evolve, frozen

from crawler.frontier.changes import save, saved_row
from crawler.frontier.rows import OPEN_STATES, FrontierRow
from crawler.index.imports import USABLE
from crawler.index.index import Index
from crawler.schema.capture_keys import has_key

_VALIDATORS = ("etag", "last_modified", "validates", "validates_host")
_VALIDATED = (
    f"SELECT date, record_id FROM captures c WHERE {has_key('?1')} AND {USABLE} AND (record_id = ?2 OR revisit_of = ?2)"
    " ORDER BY date DESC, record_id DESC LIMIT 1"
)
_LANGUAGE = (
    f"SELECT language FROM captures c WHERE {has_key('?1')} AND state = 'ok' AND role IN ('story', 'requisite', 'page') AND via IS NULL"
    " AND status IN (200, 404, 410) ORDER BY date DESC, record_id DESC LIMIT 1"
)


@frozen
class _Told:
    """A row, and how late what it tells was captured."""

    row: FrontierRow
    captured: tuple[str, str]
    validated: tuple[str, str]


def merge_row(index: Index, shards: Iterable[Index], key: str) -> None:
    """Merge the rows of a request, inside a transaction: the newest, with the newest validators."""
    told = [one for one in (_told(place, key) for place in (*shards, index)) if one is not None]
    if not told:
        return
    row, last = max(told, key=lambda one: one.captured).row, max(told, key=lambda one: one.validated).row
    for found in index.query(_LANGUAGE, [key]):
        row = evolve(row, target=evolve(row.target, language=found["language"]))
    save(index.conn, evolve(row, run_id=None, **{name: getattr(last, name) for name in _VALIDATORS}))


def _told(index: Index, key: str) -> _Told | None:
    """Row of a settled request in an index."""
    row = saved_row(index.conn, key)
    if row is None or row.state in OPEN_STATES:
        return None
    captured = index.query("SELECT date FROM captures WHERE record_id = ?", [row.record_id]) if row.record_id else []
    validated = index.query(_VALIDATED, [key, row.validates]) if row.validates is not None else []
    return _Told(row, (captured[0][0] if captured else row.changed, row.changed), tuple(validated[0]) if validated else ("", ""))

"""Versions that each mirror showed of a story, and divergences of two mirrors."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import Any

from attrs import frozen

from crawler.schema.compare_stories import looks_of

Query = Callable[[str, Sequence[str]], Iterable[sqlite3.Row]]
"""Runs a SELECT: `Index.query`."""

_RECORD = "(SELECT c.record_id FROM captures c WHERE c.id = d.{column})"
_URL = "(SELECT c.url FROM captures c WHERE c.id = d.{column})"
_N = "(SELECT v.n FROM versions v WHERE v.id = d.{column})"
_DIVERGENCES = f"""
SELECT d.id, d.kind, d.host, d.other_host, d.first_seen, d.last_seen, d.ended, d.sightings, d.fields,
    {_RECORD.format(column="capture_id")} AS record_id, {_RECORD.format(column="other_capture_id")} AS other_record_id,
    {_RECORD.format(column="again_capture_id")} AS again_record_id,
    {_URL.format(column="capture_id")} AS url, {_URL.format(column="other_capture_id")} AS other_url,
    {_N.format(column="version_id")} AS version, {_N.format(column="other_version_id")} AS other_version
FROM divergences d WHERE d.story_id = ? ORDER BY d.first_seen, d.host"""
_TEXTS = """
SELECT divergence_id, field, text, other_text, first_seen, last_seen FROM divergence_texts WHERE story_id = ? ORDER BY first_seen"""


@frozen(kw_only=True)
class Shown:
    """One version in a row of captures of one mirror."""

    host: str
    version: int | None
    """Number of the version; None where it said that there is no such story."""
    first: str
    last: str
    captures: int


@frozen(kw_only=True)
class FieldTexts:
    """Both texts of a field on which two mirrors disagree."""

    field: str
    text: str | None
    other_text: str | None
    first_seen: str
    last_seen: str


@frozen(kw_only=True)
class Divergence:
    """Two mirrors that disagree on a story; see table `divergences`."""

    kind: str
    host: str
    other_host: str
    first_seen: str
    last_seen: str
    ended: str | None
    sightings: int
    fields: tuple[str, ...]
    record_id: str
    url: str
    version: int | None
    other_record_id: str
    other_url: str
    other_version: int | None
    again_record_id: str | None
    texts: tuple[FieldTexts, ...]


def shown_by_mirrors(conn: sqlite3.Connection, story_id: str) -> list[Shown]:
    """List what each mirror showed of a story, by host and date."""
    numbers = dict(conn.execute("SELECT id, n FROM versions WHERE story_id = ?", (story_id,)).fetchall())
    looks = sorted(looks_of(conn, story_id), key=lambda look: (look.host, look.date, look.record_id))
    runs = ((*named, list(run)) for named, run in groupby(looks, key=lambda look: (look.host, look.version)))
    return [
        Shown(host=host, version=numbers.get(version), first=run[0].date, last=run[-1].date, captures=len(run))
        for host, version, run in runs
    ]  # fmt: skip


def divergences_of(query: Query, story_id: str) -> list[Divergence]:
    """List where mirrors disagree on a story, by date."""
    texts: dict[int, list[FieldTexts]] = {}
    for number, field, text, other_text, first, last in query(_TEXTS, (story_id,)):
        texts.setdefault(number, []).append(FieldTexts(field=field, text=text, other_text=other_text, first_seen=first, last_seen=last))
    found = []
    for row in query(_DIVERGENCES, (story_id,)):
        values: dict[str, Any] = {name: row[name] for name in row.keys() if name != "id"}  # noqa: SIM118 - a row iterates over its values
        fields = tuple(json.loads(values["fields"]))
        ordered = sorted(texts.get(row["id"], ()), key=lambda one: (one.first_seen, fields.index(one.field)))
        found.append(Divergence(**{**values, "fields": fields, "texts": tuple(ordered)}))
    return found

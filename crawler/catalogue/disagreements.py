"""Divergences of mirrors: a list, and both texts of one story side by side."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from attrs import frozen

from crawler.catalogue.keyset import Place, Stretch, stretch
from crawler.history.divergences import Divergence, divergences_of
from crawler.history.sentence_diff import Piece, sentence_diff
from crawler.index.rows import Value

if TYPE_CHECKING:
    from crawler.index.index import Index

_LIST = (
    "SELECT d.id, d.story_id, d.kind, d.host, d.other_host, d.first_seen, d.last_seen, d.ended, d.sightings, d.fields,"
    " coalesce(v.headline, o.headline) AS headline, o.headline AS other_headline"
    " FROM divergences d LEFT JOIN stored_versions v ON v.id = d.version_id LEFT JOIN stored_versions o ON o.id = d.other_version_id"
)


@frozen(kw_only=True)
class DivergenceLine:
    """Two mirrors that disagree on a story, in the list."""

    story_id: str
    kind: str
    host: str
    other_host: str
    first_seen: str
    last_seen: str
    ended: str | None
    sightings: int
    fields: Sequence[str]
    headline: str | None
    other_headline: str | None


@frozen(kw_only=True)
class TextPair:
    """Both texts of a field, and their difference by sentence."""

    field: str
    text: str | None
    other_text: str | None
    pieces: Sequence[Piece]
    """From what the other mirror shows to what the host shows."""


@frozen(kw_only=True)
class SideBySide:
    """A divergence with its texts."""

    divergence: Divergence
    pairs: Sequence[TextPair]


def page_of_divergences(
    index: Index, *, site: str | None = None, host: str | None = None, kind: str | None = None, before: Place | None, most: int
) -> Stretch[DivergenceLine]:
    """The divergences that were seen first last, or those before a place."""
    conditions: list[str] = []
    values: list[Value] = []
    for column, value in (("site", site), ("host", host), ("kind", kind)):
        if value is not None:
            conditions.append(f"d.{column} = ?")
            values.append(value)
    if before is not None:
        conditions.append("(d.first_seen, d.id) < (?, ?)")
        values += [before.date, before.row]
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    found = []
    for row in index.query(f"{_LIST}{where} ORDER BY d.first_seen DESC, d.id DESC LIMIT ?", [*values, most + 1]):
        named: dict[str, Any] = dict(row)
        place = Place(named["first_seen"], named.pop("id"))
        found.append((place, DivergenceLine(**{**named, "fields": json.loads(named["fields"])})))
    return stretch(found, most)


def divergence_counts(index: Index) -> dict[str, int]:
    """Count divergences by kind."""
    return {str(kind): int(count) for kind, count in index.query("SELECT kind, count(*) FROM divergences GROUP BY kind ORDER BY 2 DESC, 1")}


def side_by_side(index: Index, story_id: str) -> list[SideBySide]:
    """List divergences of a story by date, with both texts of each field."""
    return [
        SideBySide(
            divergence=one,
            pairs=[
                TextPair(
                    field=pair.field, text=pair.text, other_text=pair.other_text,
                    pieces=sentence_diff(pair.other_text or "", pair.text or ""),
                )
                for pair in one.texts
            ],
        )
        for one in divergences_of(index.query, story_id)
    ]  # fmt: skip

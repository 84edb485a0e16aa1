"""Events of stories page by page, with counts by kind and site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import fields, frozen

from crawler.catalogue.keyset import Place, Stretch, stretch
from crawler.history.events import Differences, Event, Wanted
from crawler.index.rows import Value, iso
from crawler.timeline.changes import KINDS

if TYPE_CHECKING:
    from crawler.history.sentence_diff import Piece
    from crawler.index.index import Index

_NAMES = ", ".join(f"v.{one.name}" for one in fields(Event))
_MOST_TEXT = 3000
"""Characters of the texts of one event that are compared for a list; longer ones are on the page of the story."""


@frozen(kw_only=True)
class Happening:
    """An event with what it changed."""

    event: Event
    changes: dict[str, list[Piece]]
    """By text; without texts too long for a list."""


def page_of_events(index: Index, wanted: Wanted, *, before: Place | None, most: int) -> Stretch[Event]:
    """The newest events of a choice, or those before a place."""
    conditions, values = _chosen(wanted)
    if before is not None:
        conditions.append("(e.date, e.id) < (?, ?)")
        values += [before.date, before.row]
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    chosen = f"SELECT e.id FROM story_events e{where} ORDER BY e.date DESC, e.id DESC LIMIT ?"
    sql = f"SELECT v.id AS event_id, {_NAMES} FROM events v WHERE v.id IN ({chosen}) ORDER BY v.date DESC, v.id DESC"
    found = []
    for row in index.query(sql, [*values, most + 1]):
        named = dict(row)
        place = Place(named["date"], named.pop("event_id"))
        found.append((place, Event(**named)))
    return stretch(found, most)


def counts_by_kind(index: Index, wanted: Wanted) -> dict[str, int]:
    """Count events by kind, whatever kinds the choice names."""
    conditions, values = _chosen(wanted, kinds=False)
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    rows = index.query(f"SELECT e.kind, count(*) FROM story_events e{where} GROUP BY e.kind", values)
    counts = {str(kind): int(count) for kind, count in rows}
    return {kind: counts[kind] for kind in (*KINDS, *sorted(set(counts) - set(KINDS))) if kind in counts}


def with_changes(index: Index, events: Stretch[Event]) -> list[Happening]:
    """Add to each event the difference of its texts."""
    differences, found = Differences(index), []
    for event in events.rows:
        changes = differences.of(event)
        short = {name: pieces for name, pieces in changes.items() if sum(len(one.old) + len(one.new) for one in pieces) <= _MOST_TEXT}
        found.append(Happening(event=event, changes=short))
    return found


def _chosen(wanted: Wanted, *, kinds: bool = True) -> tuple[list[str], list[Value]]:
    conditions: list[str] = []
    values: list[Value] = []
    since, until = (iso(one) if one else None for one in (wanted.since, wanted.until))
    for sql, value in (("e.date >= ?", since), ("e.date < ?", until), ("e.story_id = ?", wanted.story)):
        if value is not None:
            conditions.append(sql)
            values.append(value)
    if wanted.site is not None:
        # What stands before the slash, as a range: no look at table stories.
        conditions.append("e.story_id >= ? AND e.story_id < ?")
        values += [f"{wanted.site}/", f"{wanted.site}0"]
    if kinds and wanted.kinds:
        conditions.append(f"e.kind IN ({', '.join('?' * len(wanted.kinds))})")
        values += wanted.kinds
    return conditions, values

"""Lists of stories: removed ones, changed headlines, and those that are new or changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import fields, frozen

from crawler.catalogue.keyset import Place, Stretch, stretch
from crawler.index.rows import Value

if TYPE_CHECKING:
    from crawler.index.index import Index


@frozen(kw_only=True)
class Removal:
    """A story that was seen, and is not there now; as view `removed_stories`."""

    story_id: str
    headline: str | None
    published: str | None
    state: str
    last_seen: str | None
    missing_since: str
    last_denied: str | None
    seen_for: int | None
    """Seconds from first to last sight."""
    versions: int
    denials: int
    url: str | None
    last_record: str | None
    """Record of the last capture that showed it."""
    missing_record: str | None
    """Record of the first capture that says that it is not there."""


@frozen(kw_only=True)
class HeadlineChange:
    """A headline that was changed; as view `headline_changes`."""

    story_id: str
    date: str
    headline_before: str | None
    headline: str | None
    stood_least: int | None
    stood_most: int | None
    host: str | None
    version_before: int | None
    version: int | None
    record_id_before: str | None
    record_id: str | None


@frozen(kw_only=True)
class StoryNews:
    """A story as a feed tells it, with the last event."""

    story_id: str
    headline: str | None
    deck: str | None
    language: str | None
    section: str | None
    authors: str
    """A JSON list."""
    published: str | None
    canonical_url: str | None
    state: str
    versions: int
    updated: str
    """Date of the last event."""
    kind: str
    """Of the last event."""


_RECORD = "(SELECT c.record_id FROM captures c WHERE c.id = r.{column})"
_REMOVED = (
    f"SELECT s.rowid AS row, r.*, {_RECORD.format(column='last_capture_id')} AS last_record,"
    f" {_RECORD.format(column='missing_capture_id')} AS missing_record"
    " FROM (SELECT rowid, id, missing_since FROM stories WHERE missing_since IS NOT NULL AND versions > 0 AND state IN ('gone', 'moved')"
    " {before} ORDER BY missing_since DESC, rowid DESC LIMIT ?) s JOIN removed_stories r ON r.story_id = s.id"
    " ORDER BY s.missing_since DESC, s.rowid DESC"
)


def page_of_removals(index: Index, *, before: Place | None, most: int) -> Stretch[Removal]:
    """The stories that went missing last, or those before a place."""
    names = [one.name for one in fields(Removal)]
    further = "AND (missing_since, rowid) < (?, ?)" if before else ""
    values: list[Value] = [before.date, before.row] if before else []
    found = []
    for row in index.query(_REMOVED.format(before=further), [*values, most + 1]):
        found.append((Place(row["missing_since"], row["row"]), Removal(**{name: row[name] for name in names})))
    return stretch(found, most)


def page_of_headline_changes(index: Index, *, before: Place | None, most: int) -> Stretch[HeadlineChange]:
    """The newest changes of headlines, or those before a place."""
    names = ", ".join(f"v.{one.name}" for one in fields(HeadlineChange))
    further = " AND (date, id) < (?, ?)" if before else ""
    values: list[Value] = [before.date, before.row] if before else []
    chosen = f"SELECT id FROM story_events WHERE kind = 'headline_changed'{further} ORDER BY date DESC, id DESC LIMIT ?"
    found = []
    for row in index.query(
        f"SELECT v.id AS row, {names} FROM events v WHERE v.id IN ({chosen}) ORDER BY v.date DESC, v.id DESC", [*values, most + 1]
    ):
        named = dict(row)
        found.append((Place(named["date"], named.pop("row")), HeadlineChange(**named)))
    return stretch(found, most)


_LOOKED_AT = 8
"""Events that are looked at for each story of the feed: most have few within a short time."""
_NEWS = (
    "SELECT s.id AS story_id, v.headline AS headline, v.deck AS deck, v.language AS language, v.section AS section, v.authors AS authors,"
    " s.published AS published, s.canonical_url AS canonical_url, s.state AS state, s.versions AS versions"
    " FROM stories s LEFT JOIN stored_versions v ON v.story_id = s.id AND v.n = s.versions WHERE s.id = ?"
)


def newest_changed(index: Index, most: int) -> list[StoryNews]:
    """List the stories to which something happened last, each once, the newest event first."""
    found: dict[str, StoryNews] = {}
    sql = "SELECT story_id, kind, date FROM story_events ORDER BY date DESC, id DESC LIMIT ?"
    for event in index.query(sql, [most * _LOOKED_AT]):
        if event["story_id"] not in found:
            if len(found) >= most:
                break
            for row in index.query(_NEWS, [event["story_id"]]):
                found[event["story_id"]] = StoryNews(**dict(row), updated=event["date"], kind=event["kind"])
    return list(found.values())

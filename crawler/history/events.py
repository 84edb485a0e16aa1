"""Events of stories, as view `events` shows them, with the differences of their texts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from attrs import define, field, fields, frozen

from crawler.history.version_texts import changed
from crawler.index.rows import Value, iso

if TYPE_CHECKING:
    from crawler.history.sentence_diff import Piece
    from crawler.index.index import Index
    from crawler.items import Version

_TEXTS: dict[str, tuple[str, ...] | None] = {
    "edited": ("deck", "body", "embeds"),
    "headline_changed": ("headline",),
    "caption_changed": ("captions",),
    "credit_changed": ("credits",),
    "diverged": None,
}
"""Texts that are compared for each kind; None for all."""
_HELD_STORIES = 8


@frozen(kw_only=True)
class Event:
    """One row of view `events`; dates as in the index."""

    story_id: str
    site: str
    kind: str
    date: str
    host: str | None
    headline: str | None
    headline_before: str | None
    version: int | None
    version_before: int | None
    capture_id: int | None
    record_id: str | None
    url: str | None
    warc: str | None
    offset: int | None
    capture_before_id: int | None
    record_id_before: str | None
    warc_before: str | None
    offset_before: int | None
    not_before: str | None
    not_after: str | None
    old_first_seen: str | None
    old_last_seen: str | None
    stood_least: int | None
    stood_most: int | None
    published: str | None
    canonical_url: str | None


@frozen(kw_only=True)
class Wanted:
    """Choice of events."""

    since: datetime | None = None
    until: datetime | None = None
    """Before this moment."""
    site: str | None = None
    kinds: tuple[str, ...] = ()
    """All where none is named."""
    story: str | None = None
    limit: int | None = None
    """The newest so many."""


def events(index: Index, wanted: Wanted) -> Iterator[Event]:
    """Yield events, the newest first; those of one capture in the order of their kinds."""
    conditions: list[str] = []
    values: list[Value] = []
    since, until = (iso(one) if one else None for one in (wanted.since, wanted.until))
    for sql, value in (("date >= ?", since), ("date < ?", until), ("site = ?", wanted.site), ("story_id = ?", wanted.story)):
        if value is not None:
            conditions.append(sql)
            values.append(value)
    if wanted.kinds:
        conditions.append(f"kind IN ({', '.join('?' * len(wanted.kinds))})")
        values += wanted.kinds
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    names = ", ".join(one.name for one in fields(Event))
    sql = f"SELECT {names} FROM events{where} ORDER BY date DESC, id DESC LIMIT ?"
    for row in index.rows(sql, [*values, -1 if wanted.limit is None else wanted.limit]):
        yield Event(**dict(row))


@define
class Differences:
    """Differences of texts for events; the versions of the last stories are kept."""

    index: Index
    _versions: dict[str, dict[int, Version]] = field(factory=dict)

    def of(self, event: Event) -> dict[str, list[Piece]]:
        """The differences that an event made, by text."""
        names = _TEXTS.get(event.kind, ())
        if event.version is None or event.version_before is None or names == ():
            return {}
        versions = self._of_story(event.story_id)
        return changed(versions[event.version_before], versions[event.version], names)

    def pictures(self, event: Event) -> dict[str, list[str]] | None:
        """Addresses of the pictures before and after a picture was replaced."""
        if event.kind != "picture_replaced" or event.version is None or event.version_before is None:
            return None
        versions = self._of_story(event.story_id)
        pair = {"before": versions[event.version_before], "after": versions[event.version]}
        return {when: [image.url for image in version.article.images] for when, version in pair.items()}

    def _of_story(self, story_id: str) -> dict[int, Version]:
        if story_id not in self._versions:
            if len(self._versions) >= _HELD_STORIES:
                self._versions.pop(next(iter(self._versions)))
            self._versions[story_id] = {version.n: version for version in self.index.versions(story_id)}
        return self._versions[story_id]


def document(event: Event, differences: Differences) -> dict[str, Any]:
    """An event as JSON holds it, with its differences by sentence."""
    from attrs import asdict

    shown: dict[str, Any] = asdict(event)
    shown["changes"] = {name: [asdict(piece) for piece in pieces] for name, pieces in differences.of(event).items()}
    if (pictures := differences.pictures(event)) is not None:
        shown["pictures"] = pictures
    return shown

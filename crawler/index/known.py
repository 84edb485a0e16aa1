"""Lookups of single stories, over a read-only connection of their own."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from attrs import frozen

from crawler.items import Validators
from crawler.schema.capture_keys import has_key
from crawler.schema.link_lists import links_at


@frozen(kw_only=True)
class Missing:
    """A story that is missing, and what is known of that."""

    since: datetime
    """Date of the first denial after it was last seen."""
    hosts: frozenset[str]
    """Hosts that have denied it since."""
    gone: bool
    """Whether that is confirmed, or it was never seen."""


class KnownStories:
    """Single stories of one index by their id; for one thread, the event loop's."""

    def __init__(self, path: Path | None = None) -> None:
        """Connect at first need.

        Args:
            path: Of `index.db`; None for an empty index.
        """
        self._path = path
        self._db: sqlite3.Connection | None = None

    def published(self, story_id: str) -> date | None:
        """The day of publication as printed on the page of a story."""
        return _day(self._value("published", story_id))

    def beginning(self, story_id: str) -> tuple[str | None, str | None]:
        """The printed time of publication, and the date of the first capture."""
        found = self._rows("SELECT published, first_seen FROM stories WHERE id = ?", (story_id,))
        return (found[0][0], found[0][1]) if found else (None, None)

    def missing(self, story_id: str) -> Missing | None:
        """Absence of a story that is missing now; None for others."""
        found = self._rows("SELECT missing_since, state FROM stories WHERE id = ? AND missing_since IS NOT NULL", (story_id,))
        if not found:
            return None
        sql = "SELECT DISTINCT host FROM denials WHERE story_id = ? AND date >= ?"
        hosts = frozenset(host for (host,) in self._rows(sql, (story_id, found[0][0])))
        return Missing(since=datetime.fromisoformat(found[0][0]), hosts=hosts, gone=found[0][1] != "live")

    def last_checks(self, story_id: str, most: int) -> list[tuple[str, bool]]:
        """Dates of a story's last sightings, newest first, each with if its version is new.

        Left out are those that only compare a second mirror.
        """
        sql = (
            "SELECT s.date, s.date = v.first_seen FROM stored_versions v JOIN sightings s ON s.version_id = v.id"
            " JOIN captures c ON c.id = s.capture_id"
            f" WHERE v.story_id = ? AND c.via IS NULL AND c.key != v.story_id || '@' || c.host ORDER BY s.date DESC LIMIT {int(most)}"
        )
        return [(date, bool(new)) for date, new in self._rows(sql, (story_id,))]

    def versions(self, story_id: str) -> int:
        """Number of versions of a story; 0 if it is unknown."""
        return int(str(self._value("versions", story_id) or 0))

    def answered_at(self, key: str, held: Validators) -> str | None:
        """The address whose answer gave the validators that are held of a key."""
        sql = (
            f"SELECT url FROM captures WHERE {has_key('?1')} AND host = ?2 AND status = 200 AND etag IS ?3 AND last_modified IS ?4"
            " ORDER BY date DESC LIMIT 1"
        )
        found = self._rows(sql, (key, held.host, held.etag, held.last_modified))
        return found[0][0] if found else None

    def linked_on(self, site: str, role: str, wanted: Callable[[str], bool]) -> Iterator[str]:
        """Yield the addresses ever linked on pages of a role whose own address is wanted."""
        pages = self._rows("SELECT DISTINCT url FROM captures WHERE site = ? AND role = ?", (site, role))
        for (page,) in pages:
            if wanted(page):
                captures = self._rows("SELECT id FROM captures WHERE url = ? AND role = ?", (page, role))
                yield from self._linked_at([capture for (capture,) in captures])

    def _linked_at(self, captures: Sequence[int]) -> Iterator[str]:
        if self._db is not None:
            yield from dict.fromkeys(url for _, _, url, _ in links_at(self._db, captures))

    def rows(self, sql: str, values: tuple[str, ...]) -> list[tuple[Any, ...]]:
        """Run a SELECT on the index as last committed; none if there is no index."""
        return self._rows(sql, values)

    def _value(self, column: str, story_id: str) -> object:
        found = self._rows(f"SELECT {column} FROM stories WHERE id = ?", (story_id,))
        return found[0][0] if found else None

    def _rows(self, sql: str, values: tuple[str | None, ...]) -> list[tuple[Any, ...]]:
        if self._path is None:
            return []
        if self._db is None:
            self._db = sqlite3.connect(f"{self._path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
        return self._db.execute(sql, values).fetchall()

    def close(self) -> None:
        """Close the connection, if there is one."""
        if self._db is not None:
            self._db.close()
            self._db = None


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError:
        return None

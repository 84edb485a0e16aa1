"""Selection of an export: stories, a query, and a range of capture dates.

What is selected are captures of a range of dates; if stories are named, or found by a query, those that belong to one of them: asked for
it, or showing it, or an archived picture of it. Versions are selected by the captures that show them.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable
from datetime import datetime

from attrs import frozen

from crawler.index.index import Index
from crawler.index.rows import Value, iso
from crawler.search.answers import stories_found
from crawler.subsets.outcome import LeftOut

_OF_STORIES = """
id IN (SELECT c.id FROM captures c WHERE c.story_id IN (SELECT value FROM json_each(:stories))
 UNION SELECT s.capture_id FROM sightings s JOIN stored_versions v ON v.id = s.version_id
       WHERE v.story_id IN (SELECT value FROM json_each(:stories))
 UNION SELECT i.capture_id FROM stored_images i JOIN stored_versions v ON v.id = i.version_id
       WHERE v.story_id IN (SELECT value FROM json_each(:stories)) AND i.capture_id IS NOT NULL)"""
_SHOWN = """
EXISTS (SELECT 1 FROM sightings s JOIN captures c ON c.id = s.capture_id WHERE s.version_id = v.id
        AND c.date >= :since AND c.date < :until)"""
_FIRST, _LAST = "", "~"
"""What sorts before and behind each date."""


@frozen(kw_only=True)
class Selection:
    """Captures of some stories, or all, of a range of dates."""

    stories: tuple[str, ...] | None = None
    """Ids; None for all, and for captures that belong to none."""
    since: datetime | None = None
    until: datetime | None = None
    """Exclusive."""
    query: str | None = None
    """The query by which the stories were found, to be told."""

    @property
    def is_all(self) -> bool:
        """True if it leaves nothing out."""
        return self.stories is None and self.since is None and self.until is None

    @property
    def words(self) -> str:
        """The selection as a reader is told it."""
        told = []
        if self.query is not None:
            told.append(f"stories found by {self.query!r}")
        elif self.stories is not None:
            told.append(
                f"stories {', '.join(self.stories[:20])}" + (f" and {len(self.stories) - 20} more" if len(self.stories) > 20 else "")
            )
        told += [f"captured since {iso(self.since)}"] if self.since else []
        told += [f"captured before {iso(self.until)}"] if self.until else []
        return "; ".join(told) or "the whole collection"

    def values(self) -> dict[str, Value]:
        """Values of the clauses below."""
        return {
            "stories": json.dumps(self.stories or ()),
            "since": iso(self.since) if self.since else _FIRST,
            "until": iso(self.until) if self.until else _LAST,
        }

    @property
    def of_captures(self) -> str:
        """Condition on the columns of table `captures`."""
        dates = "date >= :since AND date < :until" if self.since or self.until else "1"
        return dates if self.stories is None else f"{dates} AND {_OF_STORIES}"

    @property
    def of_failures(self) -> str:
        """Condition on the columns of table `failures`."""
        dates = "date >= :since AND date < :until" if self.since or self.until else "1"
        return dates if self.stories is None else f"{dates} AND story_id IN (SELECT value FROM json_each(:stories))"

    @property
    def of_versions(self) -> str:
        """Condition on the columns of table `stored_versions`, named `v`."""
        shown = _SHOWN if self.since or self.until else "1"
        return shown if self.stories is None else f"{shown} AND v.story_id IN (SELECT value FROM json_each(:stories))"

    def captures(self, index: Index, *, state: str = "ok", order: str = "date, record_id") -> array[int]:
        """Row numbers of the selected captures."""
        return numbers(index, f"SELECT id FROM captures WHERE state = '{state}' AND {self.of_captures} ORDER BY {order}", self.values())

    def lost(self, index: Index) -> list[LeftOut]:
        """Selected captures whose record no WARC holds any more."""
        what = "the record is lost: its WARC does not hold it any more"
        ids = self.captures(index, state="lost")
        return [LeftOut(file=one.warc, offset=one.offset, url=one.via or one.url, what=what) for one in index.captures_at(ids)]

    def versions(self, index: Index) -> array[int]:
        """Row numbers of the selected versions, by story and number."""
        return numbers(index, f"SELECT v.id FROM stored_versions v WHERE {self.of_versions} ORDER BY v.story_id, v.n", self.values())


def numbers(index: Index, sql: str, values: dict[str, Value]) -> array[int]:
    """The first column of a SELECT with named values: 8 bytes a row."""
    return array("q", (row[0] for row in index.conn.execute(sql, values)))


def select(
    index: Index, *, stories: Iterable[str] | None = None, query: str | None = None, since: datetime | None = None,
    until: datetime | None = None,
) -> Selection:  # fmt: skip
    """Make a selection; stories that are named and a query narrow each other.

    Args:
        stories: Ids that the index has; None for all.
    Raises:
        Usage: The query is blank.
    """
    named = None if stories is None else tuple(dict.fromkeys(stories))
    if query is not None:
        hits = tuple(stories_found(index, query))
        named = hits if named is None else tuple(story for story in named if story in set(hits))
    return Selection(stories=named, since=since, until=until, query=query)

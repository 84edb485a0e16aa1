"""Checks of a site's stories, counted from the newest sightings of its index."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime

from attrs import evolve, frozen

from crawler.index.index import Index
from crawler.index.rows import iso
from crawler.rechecks.age import begun
from crawler.rechecks.estimator import Checks
from crawler.rechecks.schedule import Schedule

NEWEST = 10_000
"""Sightings that are looked at: a site's habits of today, in a bounded time."""
CAPTURES = 50_000
"""Captures among which they are looked for."""
SHORTEST = 1 / 6
"""Hours between two sightings that are one check: further mirrors are asked within minutes."""

_SIGHTINGS = f"""
SELECT c.date, v.first_seen, t.published, t.first_seen AS begun,
    (SELECT max(o.date) FROM stored_versions w JOIN sightings o ON o.version_id = w.id
        WHERE w.story_id = v.story_id AND o.date < c.date) AS before
FROM (SELECT id, date, site, key, host FROM captures WHERE date <= ?2 AND via IS NULL ORDER BY date DESC LIMIT {CAPTURES}) c
CROSS JOIN sightings s ON s.capture_id = c.id CROSS JOIN stored_versions v ON v.id = s.version_id CROSS JOIN stories t ON t.id = v.story_id
WHERE c.site = ?1 AND c.key != v.story_id || '@' || c.host ORDER BY c.date DESC LIMIT {NEWEST}"""


@frozen(kw_only=True)
class Check:
    """A sighting of a story after its first one."""

    age: float
    """Hours, at the sighting before."""
    hours: float
    """Since the sighting before."""
    changed: bool
    """It is the first of a new version."""


def newest_checks(index: Index, site: str, now: str) -> Iterator[Check]:
    """Yield the newest checks of a site's stories, up to a time."""
    for row in index.rows(_SIGHTINGS, [site, now]):
        if (check := check_of(row)) is not None:
            yield check


def check_of(row: sqlite3.Row) -> Check | None:
    """The check that a row tells; None for a first or repeated sighting."""
    if row["before"] is None:
        return None
    at, before = datetime.fromisoformat(row["date"]), datetime.fromisoformat(row["before"])
    hours = _hours(at, before)
    if hours < SHORTEST:
        return None
    born = begun(addressed=None, printed=row["published"], announced=None, first_seen=row["begun"], added=row["begun"])
    age = max(0.0, _hours(before, born)) if born is not None else 0.0
    return Check(age=age, hours=hours, changed=row["first_seen"] == row["date"])


def seen_of(checks: Iterator[Check], plain: Schedule) -> dict[float, Checks]:
    """Count checks by the age class that their stories were in."""
    seen = dict[float, Checks]()
    for check in checks:
        seen.setdefault(plain.class_of(check.age).below, Checks()).add(check.hours, check.changed)
    return seen


def _hours(later: datetime, earlier: datetime) -> float:
    return (later - earlier).total_seconds() / 3600


def experienced(plain: Schedule, index: Index, site: str, now: datetime) -> Schedule:
    """The schedule for a site's stories, with the checks that its index tells."""
    return evolve(plain, seen=seen_of(newest_checks(index, site, iso(now)), plain))

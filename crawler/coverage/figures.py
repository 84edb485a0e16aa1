"""Announced against held: by day and host, and the gap address by address."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from attrs import asdict, frozen

Query = Callable[..., list[sqlite3.Row]]
"""Runs a SELECT: `Index.query`."""

SHOWN_DAYS = 31
"""Days that are shown where no other beginning is asked for, back from the last announcement."""
_SUMS = ("announced", "held", "gone", "refused", "failed", "unread", "waiting", "never_asked", "missing")
_LACKING = ("failed", "unread", "waiting", "never-asked")
_STATES = {
    **{state.replace("-", "_"): f"state = '{state}'" for state in ("held", "gone", "refused", *_LACKING)},
    "missing": f"state IN ({', '.join(repr(state) for state in _LACKING)})",
}  # fmt: skip
"""SQL of each count but the first, on view `coverage`."""
_ARGUMENTS = ("since", "until", "story", "url", "sections")
"""Arguments of a run by which it leaves out what it sees."""
_GAPS = (
    "SELECT v.*, c.run_id AS run, r.arguments AS arguments, r.site AS run_site,"
    " (SELECT k.read_state FROM captures k WHERE k.story_id = v.story_id AND k.role IN ('story', 'page')"
    " ORDER BY k.date DESC LIMIT 1) AS read_state FROM coverage v JOIN captures c ON c.id = v.capture_id"
    " LEFT JOIN runs r ON r.id = c.run_id WHERE v.state != 'held' AND v.date >= ? AND v.date < ? ORDER BY v.day, v.host, v.story_id"
)
_EVER = "~"
"""Behind every date."""


@frozen(kw_only=True)
class Counts:
    """Announced stories by whether they are here."""

    announced: int = 0
    held: int = 0
    gone: int = 0
    refused: int = 0
    failed: int = 0
    unread: int = 0
    waiting: int = 0
    never_asked: int = 0
    missing: int = 0
    """The last four: those that may still be had."""


@frozen(kw_only=True)
class Day:
    """Stories that one host announced first on one day."""

    site: str
    host: str
    day: str
    """`2026-11-28`, UTC."""
    counts: Counts


@frozen(kw_only=True)
class Gap:
    """An announced story that is not here."""

    story_id: str
    url: str
    site: str
    host: str
    day: str
    place: str
    list_url: str
    state: str
    """As in view `coverage`."""
    why: str
    """The reason in words, with what would ask for it."""


def first_day(query: Query) -> str:
    """The first day that is shown without `--since`: a month back from the last announcement."""
    (last,) = query("SELECT max(day) FROM announcements")[0]
    return (date.fromisoformat(last) - timedelta(days=SHOWN_DAYS - 1)).isoformat() if last else ""


def days(query: Query, *, since: str = "", until: str = "") -> list[Day]:
    """List the days from one on, by day and host.

    Args:
        until: Before this day; all where it is empty.
    """
    # View coverage_by_day, for captures of a span: as a condition of the view it would count all days first.
    sums = ", ".join(f"sum({sql}) AS {name}" for name, sql in _STATES.items())
    sql = f"SELECT site, host, day, count(*) AS announced, {sums} FROM coverage WHERE date >= ? AND date < ? GROUP BY site, host, day"
    rows = query(f"{sql} ORDER BY day, host, site", [since, until or _EVER])
    return [Day(site=row["site"], host=row["host"], day=row["day"], counts=Counts(**{name: row[name] for name in _SUMS})) for row in rows]


def total(some: Iterable[Day]) -> Counts:
    """Add up days."""
    sums = dict.fromkeys(_SUMS, 0)
    for one in some:
        for name, count in asdict(one.counts).items():
            sums[name] += count
    return Counts(**sums)


def counts_since(query: Query, date: str, site: str) -> Counts:
    """Count what captures of a site announced first from a time on."""
    sums = ", ".join(f"coalesce(sum({sql}), 0) AS {name}" for name, sql in _STATES.items())
    row = query(f"SELECT count(*) AS announced, {sums} FROM coverage WHERE date >= ? AND site = ?", [date, site])[0]
    return Counts(**dict(row))


def unannounced(query: Query) -> int:
    """Count stories that are here and that no list or page names."""
    sql = "SELECT count(*) FROM stories s WHERE s.versions > 0 AND NOT EXISTS (SELECT 1 FROM announced a WHERE a.story_id = s.id)"
    return int(query(sql)[0][0])


def gaps(query: Query, *, since: str = "", until: str = "") -> Iterator[Gap]:
    """Yield the announced stories that are not here, by day, host and story.

    Arguments as those of `days`.
    """
    for row in query(_GAPS, [since, until or _EVER]):
        yield Gap(
            story_id=row["story_id"], url=row["url"], site=row["site"], host=row["host"], day=row["day"], place=row["place"],
            list_url=row["list_url"], state=row["state"], why=_why(row),
        )  # fmt: skip


def _why(row: Mapping[str, Any] | sqlite3.Row) -> str:
    reason = ": ".join(str(part) for part in (row["reason"], row["detail"]) if part)
    state = row["state"]
    if state == "waiting":
        never = "queued and not asked for yet: beyond a limit of the run (max_stories=, hours, a host's budget), or it was stopped"
        return f"queued again after {reason}" if row["attempts"] else never
    if state == "unread":
        words = f"captured, {row['read_state'] or 'unread'}: no headline or text was read"
        return f"{words} ({reason})" if reason else words
    if state == "never-asked":
        return _never_asked(row)
    return reason or state


def _never_asked(row: Mapping[str, Any] | sqlite3.Row) -> str:
    given = json.loads(row["arguments"] or "{}")
    left_out = " ".join(f"{name}={given[name]}" for name in _ARGUMENTS if given.get(name))
    if row["run"] is None or row["run_site"] == "replay":
        return "named on a page of the files that were read, and itself in none of them"
    if left_out:
        return f"left out by the run that saw it: {left_out}"
    if row["place"] == "sitemap":
        return "only in a sitemap, as older than ARCHIVE_RECENT_DAYS or without a date; `-a backfill=sitemap` asks for it"
    if row["place"] == "story":
        return "only linked by a story that no list shows, beyond ARCHIVE_STORY_LINK_DEPTH"
    return f"seen by run {row['run']}, which did not queue it: it ended early, or robots.txt or the site file keep it out"

"""Checks that feeds move, and that lists show stories as they used to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from attrs import frozen

from crawler.coverage.finding import Finding
from crawler.coverage.rhythm import Shown, Standstills, is_stuck, standstills
from crawler.index.index import Index
from crawler.index.rows import iso, moment
from crawler.schema.capture_keys import has_key
from crawler.schema.link_lists import links_at
from crawler.sites.site import Site
from crawler.urls import host_of

LEAST_STANDSTILL = timedelta(hours=6)
"""For which any feed may stand still."""
LEAST_MISSED = 3
"""New stories of other lists below which no feed is suspected."""
MEMORY = timedelta(days=14)
MOST_CAPTURES = 1500
"""Captures of one list that are looked at, newest first."""
USED_TO_SHOW, LEAST_BEFORE = 3, 3
"""A list that showed so many stories in so many earlier captures used to show some."""
MAX_NAMED = 5
_ASKED = (
    "SELECT DISTINCT c.key AS key, c.role AS role FROM captures c WHERE c.date >= ? AND c.site = ?"
    " AND c.role IN ('feed', 'seed', 'section') AND c.status IN (200, 304) AND c.state = 'ok' ORDER BY c.role, c.key"
)
_OF_KEY = (
    f"SELECT c.id, c.date, c.url, c.payload_digest, c.revisit_of, c.status FROM captures c WHERE {has_key('?1', 'c.')} AND c.site = ?2"
    " AND c.role IN ('feed', 'seed', 'section') AND c.status IN (200, 304) AND c.state = 'ok' AND c.truncated IS NULL"
    " AND c.read_state IN ('read', 'not-a-story') AND c.date <= ?3 ORDER BY c.date DESC, c.record_id DESC LIMIT ?4"
)
_OTHERS = (
    "SELECT c.date AS date, a.story_id AS story FROM captures c JOIN announced a ON a.capture_id = c.id"
    " WHERE c.site = ? AND c.date > ? AND c.date <= ? AND c.role IN ('feed', 'seed', 'section') AND c.key != ?"
    " AND c.language IS ? ORDER BY c.date"
)


@frozen(kw_only=True)
class _Row:
    id: int
    date: datetime
    url: str
    digest: str | None
    of: str | None


class ListReader:
    """The captures of a site's lists, with the stories that each shows."""

    def __init__(self, index: Index, site: Site) -> None:
        self._index, self._site = index, site
        self._stories: dict[int, frozenset[str]] = {}

    def asked(self, since: datetime) -> list[tuple[str, str]]:
        """Key and role of the lists that answered from a time on."""
        return [(row["key"], row["role"]) for row in self._index.query(_ASKED, [iso(since), self._site.name])]

    def captures(self, key: str, until: datetime) -> Iterator[_Row]:
        """Yield the captures of a list, newest first."""
        for row in self._index.rows(_OF_KEY, [key, self._site.name, iso(until), MOST_CAPTURES]):
            yield _Row(id=row["id"], date=moment(row["date"]), url=row["url"], digest=row["payload_digest"], of=row["revisit_of"])

    def stories(self, row: _Row) -> frozenset[str]:
        """The stories that a capture shows; of a 304 those of what it validates."""
        if row.id not in self._stories:
            links = list(links_at(self._index.conn, [row.id]))
            if not links and row.of is not None:
                first = self._index.query("SELECT id FROM captures WHERE record_id = ?", [row.of])
                links = list(links_at(self._index.conn, [first[0][0]])) if first else []
            self._stories[row.id] = frozenset(story for _, _, url, _ in links if (story := self._site.story_id(url)))
        return self._stories[row.id]

    def shown(self, key: str, until: datetime) -> Iterator[Shown]:
        """Yield the stories that a list showed at each look, newest first."""
        last: tuple[str | None, frozenset[str]] | None = None
        for row in self.captures(key, until):
            same = last is not None and row.digest is not None and row.digest == last[0]
            stories = last[1] if same and last is not None else self.stories(row)
            last = row.digest, stories
            yield Shown(date=row.date, stories=stories)

    def announced(self, key: str, after: datetime, until: datetime, *, own: bool) -> list[tuple[datetime, str]]:
        """List date and id of the stories that lists announced first in a time.

        Args:
            own: Those that the list itself announced too.
        """
        language = self._index.query(f"SELECT c.language FROM captures c WHERE {has_key('?1', 'c.')} ORDER BY c.date DESC LIMIT 1", [key])
        values = [self._site.name, iso(after), iso(until), "" if own else key, language[0][0] if language else None]
        return [(moment(row["date"]), row["story"]) for row in self._index.query(_OTHERS, values)]


def feeds_move(reader: ListReader, *, started: datetime, now: datetime, stale: Sequence[str] = ()) -> Finding | None:
    """Check that no feed stands still while other lists move; None without one.

    Args:
        started: When the run began.
        stale: Hosts whose feeds are known to lag behind those of other mirrors.
    """
    feeds = [key for key, role in reader.asked(started) if role == "feed"]
    faults = [fault for key in feeds if (fault := _fault_of_feed(reader, key, started, now, stale))]
    if not feeds:
        return None
    advice = (
        "Open the feed in a browser: if it stands still there too, stories are found by the other lists only; if the feed has moved, its"
        " new address belongs in the site file"
    )
    return Finding(
        check="feed-stuck", name="feeds move", good=not faults, detail="; ".join(faults[:MAX_NAMED]) or f"{len(feeds)} looked at",
        advice=advice if faults else "",
    )  # fmt: skip


def _fault_of_feed(reader: ListReader, key: str, started: datetime, now: datetime, stale: Sequence[str]) -> str | None:
    rows = reader.captures(key, now)
    newest = next(rows, None)
    if newest is None or newest.date < started:
        return None
    looks = reader.shown(key, now)
    same = [next(looks)]
    if not same[0].stories:
        return f"{newest.url} answers without a story" if _should_show(reader, looks, started, now) else None
    before: Shown | None = None
    for look in looks:
        if look.stories != same[0].stories:
            before = look
            break
        same.append(look)
    since, last = same[-1].date, same[0].date
    if last - since < LEAST_STANDSTILL:
        return None
    missed = [story for _, story in reader.announced(key, since, last, own=False) if story not in same[0].stories]
    if len(missed) < LEAST_MISSED or not is_stuck(len(missed), _history(reader, key, before, looks, since)):
        return None
    lag = ", a mirror that is known to lag" if host_of(newest.url) in stale else ""
    count = len(same[0].stories)
    return f"{newest.url} shows the same {count} stories since {since:%Y-%m-%d %H:%M} UTC, {len(missed)} new ones are elsewhere{lag}"


def _should_show(reader: ListReader, looks: Iterator[Shown], started: datetime, now: datetime) -> bool:
    """Test if an empty feed had stories before, or another list has some."""
    others = (key for key, role in reader.asked(started) if role != "feed")
    return any(look.stories for look in looks) or any(next(reader.shown(key, now)).stories for key in others)


def _history(reader: ListReader, key: str, before: Shown | None, looks: Iterator[Shown], since: datetime) -> Standstills:
    """Gather how a feed behaved in the two weeks before it stood still."""
    if before is None:
        return standstills([], [], [])
    history = [before, *_within(looks, since - MEMORY)]
    begin = history[-1].date
    return standstills(history, reader.announced(key, begin, since, own=True), reader.announced(key, begin, since, own=False))


def _within(looks: Iterator[Shown], after: datetime) -> Iterator[Shown]:
    for look in looks:
        if look.date < after:
            return
        yield look


def lists_show_stories(reader: ListReader, *, started: datetime, now: datetime) -> Finding | None:
    """Check that lists still show stories; None if none was asked."""
    faults, asked = [], 0
    for key, _ in reader.asked(started):
        captures = reader.captures(key, now)
        newest = next(captures, None)
        if newest is None:
            continue
        asked += 1
        if reader.stories(newest):
            continue
        before = [count for row, _ in zip(captures, range(3 * LEAST_BEFORE), strict=False) if (count := len(reader.stories(row)))]
        if sum(count >= USED_TO_SHOW for count in before) >= LEAST_BEFORE:
            faults.append(f"{newest.url} shows none, {before[0]} before")
    if not asked:
        return None
    advice = (
        "Open it in a browser: if stories are there, their addresses are new (`stories` in the site file) or scripts load them; if not,"
        " take the list out of the site file"
    )
    more = f"; and {len(faults) - MAX_NAMED} more" if len(faults) > MAX_NAMED else ""
    return Finding(
        check="empty-lists", name="lists show stories", good=not faults,
        detail="; ".join(faults[:MAX_NAMED]) + more if faults else f"{asked} looked at", advice=advice if faults else "",
    )  # fmt: skip

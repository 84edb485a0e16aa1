"""Stories to be looked for in web archives: no mirror has them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from attrs import frozen

from crawler.index.index import Index
from crawler.index.rows import Value, clean, iso
from crawler.schema.capture_keys import has_key

_LISTS = """
SELECT c.id, c.date, c.status, c.host, (SELECT count(*) FROM links l WHERE l.capture_id = c.id) AS listed,
    r.id IS NOT NULL AND (r.ended IS NULL OR r.reason LIKE '%signal%') AS cut_short
FROM captures c LEFT JOIN runs r ON r.id = c.run_id
WHERE c.story_id = ?1 AND c.role = 'timemap' AND c.date >= ?2 AND c.state = 'ok' ORDER BY c.date DESC"""
_COPIES = """
SELECT 1 FROM captures WHERE story_id = ?1 AND via IS NOT NULL AND role = 'story' AND date >= ?2 AND status NOT IN (429)
    AND status < 500 LIMIT 1"""


@frozen(kw_only=True)
class Wanted:
    """One story to be looked for."""

    story: str
    url: str
    """The address that mirrors were asked for."""
    language: str | None
    found_on: str | None = None


def is_settled(index: Index, story: str, hosts: Collection[str], since: datetime) -> bool:
    """Tell whether every archive has lately said that it has no usable copy.

    What a run that was cut short has asked counts for nothing.

    Args:
        hosts: Of the archives' lists.
        since: What was said before is too long ago.
    """
    said: dict[str, bool] = {}
    for row in index.query(_LISTS, [clean(story), iso(since)]):
        if row["host"] in hosts and row["host"] not in said:
            answered = row["status"] in (200, 404) and not row["cut_short"]
            said[row["host"]] = answered and (not row["listed"] or bool(index.query(_COPIES, [clean(story), row["date"]])))
    return bool(hosts) and all(said.get(host, False) for host in hosts)


def known_addresses(index: Index, story: str, first: str) -> list[str]:
    """List the addresses that a story was asked for or linked under, the latest first."""
    asked = index.query(
        "SELECT url FROM captures WHERE story_id = ? AND role = 'story' AND via IS NULL GROUP BY url ORDER BY max(date) DESC",
        [clean(story)],
    )
    return list(dict.fromkeys([first, *(str(row[0]) for row in asked)]))


def lacks_picture(index: Index, keys: Iterable[str]) -> list[str]:
    """List the keys of pictures of which no whole file is held."""
    sql = f"SELECT 1 FROM captures WHERE {has_key('?1')} AND role = 'requisite' AND status = 200 AND state = 'ok' LIMIT 1"
    values: list[Value] = [clean(key) for key in keys]
    return [str(key) for key in values if not index.query(sql, [key])]

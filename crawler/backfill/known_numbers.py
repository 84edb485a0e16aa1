"""Story numbers that an index knows, as a map of a range."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from crawler.backfill.number_range import Anchor, NumberRange
from crawler.index.connection import IndexConnection

Rows = Iterable[tuple[str, bool]]
"""Keys of the rows of a site's stories in the frontier, and whether they are queued or leased."""
_ANSWERED = "SELECT story_id FROM captures WHERE story_id > ? AND story_id < ? AND role = 'story' AND status < 500 AND status != 429"
_READ = "SELECT id FROM stories WHERE id > ? AND id < ?"


def known_numbers(index: IndexConnection, site: str, span: NumberRange, rows: Rows) -> bytearray:
    """Mark the numbers of a range that are known in any state but queued.

    The frontier tells them; captures do where its rows are lost.

    Returns:
        One byte for each number from `span.first` on: 1 if it is known.
    """
    known, cut, ends = bytearray(len(span)), len(site) + 1, (f"{site}/", f"{site}0")

    def mark(keys: Iterable[tuple[str, bool]]) -> None:
        for key, is_open in keys:
            text = key[cut:]
            if text.isdecimal() and span.first <= (number := int(text)) <= span.last:
                known[number - span.first] = not is_open

    mark((key, False) for (key,) in index.rows(_ANSWERED, ends))
    mark(rows)
    mark((key, False) for (key,) in index.rows(_READ, ends))
    return known


def known_days(index: IndexConnection, site: str) -> Iterator[Anchor]:
    """Yield the numbers of the stories that were read, with their days of publication."""
    sql = "SELECT number, substr(published, 1, 10) FROM stories WHERE site = ? AND published IS NOT NULL AND number NOT GLOB '*[^0-9]*'"
    for number, day in index.rows(sql, (site,)):
        yield Anchor(int(number), date.fromisoformat(day))


def newest_number(index: IndexConnection, site: str) -> int:
    """Return the highest number of a story that was read; 0 if there is none."""
    sql = "SELECT max(CAST(number AS INTEGER)) FROM stories WHERE site = ? AND published IS NOT NULL AND number NOT GLOB '*[^0-9]*'"
    return int(index.query(sql, (site,))[0][0] or 0)

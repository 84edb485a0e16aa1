"""Choose among attempts whose answers were cut off: the longest, unless a whole one came.

The choice follows from the captures of one key, in any order of filing. A series is one attempt after the other at one request:
it begins with each first attempt, with its redirects.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from attrs import frozen

from crawler.index.article_pages import forget_page
from crawler.index.rows import clean
from crawler.items import Capture, is_whole_answer
from crawler.schema.capture_keys import has_key
from crawler.schema.reader_names import ReaderNames

IS_CUT = "(truncated IS NOT NULL AND status BETWEEN 200 AND 299 AND status NOT IN (206, 226))"
"""SQL: `Capture.is_cut`."""
_REDIRECTS = range(300, 400)


@frozen(kw_only=True)
class Attempt:
    """One capture of a series."""

    id: int
    record_id: str
    date: str
    number: int
    status: int | None
    truncated: str | None
    cut_at: int | None
    is_cut: bool
    payload_digest: str | None
    read_state: str
    failure: tuple[str, str] | None
    """Reason and detail of its failure."""

    @property
    def stands(self) -> bool:
        """Test if its content is in the index."""
        settled = self.read_state in ("read", "not-a-story")
        return settled and (self.is_cut or ((is_whole_answer(self.status) or self.status == 304) and self.failure is None))

    @property
    def rank(self) -> tuple[bool, int]:
        """Sort key: the highest is the best; of equals the first."""
        return not self.is_cut, self.cut_at or 0


def series_of(conn: sqlite3.Connection, capture: Capture) -> list[Attempt]:
    """List the captures of the series of a capture, by date."""
    rows = conn.execute(
        f"SELECT id, record_id, date, attempt, status, cut_at, {IS_CUT}, payload_digest, read_state, truncated,"
        " (SELECT f.reason FROM failures f WHERE f.capture_id = c.id ORDER BY f.reason LIMIT 1),"
        " (SELECT f.detail FROM failures f WHERE f.capture_id = c.id ORDER BY f.reason LIMIT 1)"
        f" FROM captures c WHERE {has_key('?1')} AND state = 'ok' ORDER BY date, record_id",
        [clean(capture.key)],
    )
    series: list[Attempt] = []
    for row in rows:
        one = Attempt(
            id=row[0], record_id=row[1], date=row[2], number=row[3], status=row[4], cut_at=row[5], is_cut=bool(row[6]),
            payload_digest=row[7], read_state=row[8], truncated=row[9], failure=(row[10], row[11] or "") if row[10] else None,
        )  # fmt: skip
        if series and _begins(series[-1], one):
            if any(each.record_id == capture.record_id for each in series):
                break
            series = []
        series.append(one)
    return series


def _begins(last: Attempt, one: Attempt) -> bool:
    """Test if an attempt begins a series: a lower number, or the same without redirect."""
    return one.number < last.number or (one.number == last.number and last.status not in _REDIRECTS)


def give_way(conn: sqlite3.Connection, names: ReaderNames, capture: Capture) -> bool:
    """Withdraw lesser captures of a capture's series; False if another one is better."""
    series = series_of(conn, capture)
    me = next((one for one in series if one.record_id == capture.record_id), None)
    if me is None:
        return True
    others = [one for one in series if one is not me and one.stands]
    if any(_better(one, me) for one in others):
        return False
    _withdraw(conn, names, [one for one in others if _better(me, one)])
    return True


def _better(one: Attempt, other: Attempt) -> bool:
    """Test if an attempt replaces another; equal bytes and two whole answers do not."""
    if one.is_cut == other.is_cut and (not one.is_cut or (one.payload_digest is not None and one.payload_digest == other.payload_digest)):
        return False
    return (one.rank, other.date, other.record_id) > (other.rank, one.date, one.record_id)


def _withdraw(conn: sqlite3.Connection, names: ReaderNames, lesser: Sequence[Attempt]) -> None:
    for one in lesser:
        forget_page(conn, names, one.id)
        conn.execute("UPDATE captures SET read_state = 'unreadable' WHERE id = ?", [one.id])

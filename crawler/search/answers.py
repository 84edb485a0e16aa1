"""Answers to typed queries: the best versions, their number, facets and notes."""

from __future__ import annotations

import heapq
from typing import Literal, get_args

from attrs import frozen

from crawler.errors import Usage
from crawler.fulltext.tables import WEIGHTS
from crawler.index.index import Index
from crawler.index.rows import Value
from crawler.search.facets import Facet, facets_of
from crawler.search.hits import Hit, hits_of
from crawler.search.marks import terms_of
from crawler.search.matching import Compiler, Matched, groups_of
from crawler.search.query import Filter, Node, read_query

Sort = Literal["relevance", "date"]
RECENCY = 365.0
"""Days after which the age of a story has halved what it adds to its score."""
AGE_COUNTS = 0.2
"""Share of its score that a very old story loses: a word in the headline outweighs any age."""
MAX_LIMIT = 1000
MAX_COUNTED = 1_000_000
"""Versions that are counted; of more it is said that there are more."""
MAX_WEIGHED = 2_500
"""Versions that are weighed: of more that fit those filed last, and those that have the words in the headline."""
_ROW = "SELECT r.id, r.group_id * 10000 + r.date / 100000000, r.date, r.newest FROM {} WHERE {} LIMIT ?"
_JOINED = "versions_fts f CROSS JOIN search_rows r ON r.id = f.rowid"
_SCORED = (
    f"SELECT r.id, bm25(versions_fts, {', '.join(map(str, WEIGHTS))}), r.date FROM {_JOINED}"
    " WHERE versions_fts MATCH ? AND f.rowid >= ? AND {}"
)
Row = tuple[int, int, int, int]
"""Number, group with year as its last four digits, date, and whether it is the newest version."""


@frozen(kw_only=True)
class Answer:
    """The result of a query."""

    text: str
    hits: tuple[Hit, ...]
    total: int
    """Stories that fit; with all versions, versions."""
    more: bool
    """There are more than `total`, which are not counted."""
    all_versions: bool
    """Each version is counted and listed by itself."""
    superseded: int
    """Earlier versions that fit too and are left out."""
    facets: tuple[Facet, ...]
    """Empty unless asked for."""
    notes: tuple[str, ...]
    """What was not understood, or not all looked at: a sentence each."""
    limit: int
    offset: int


def answer(
    index: Index,
    text: str,
    *,
    limit: int = 20,
    offset: int = 0,
    sort: Sort = "relevance",
    all_versions: bool = False,
    facets: bool = False,
    recency: float = RECENCY,
) -> Answer:
    """Find the versions that fit a query: the newest of each story, or all.

    Args:
        recency: Days; see `RECENCY`. 0: the date does not count.
    Raises:
        Usage: The query is blank, or a number is out of range.
    """
    _check(limit, offset, sort, recency)
    query = read_query(text)
    groups = groups_of(index)
    compiler = Compiler(groups)
    matched = compiler.compile(query.tree) if query.tree is not None else Matched()
    notes = [*query.notes, *compiler.notes]
    rows = [] if matched == Matched() else _rows(index, matched)
    more = len(rows) > MAX_COUNTED
    fitting = rows = rows[:MAX_COUNTED]
    all_versions = all_versions or _wants_superseded(query.tree)
    if not all_versions:
        fitting = [row for row in rows if row[3]]
    if matched.words is not None and sort == "relevance":
        order, weighed = _by_weight(index, matched, fitting, limit + offset, recency, not all_versions)
        if weighed < len(fitting):
            notes.append(f"{weighed:,} of {len(fitting):,} are weighed: those filed last, and those with the words in the headline")
    else:
        order = [(row[0], 0.0) for row in heapq.nlargest(limit + offset, fitting, key=_date)]
    return Answer(
        text=text, hits=hits_of(index, order[offset : offset + limit], terms_of(query.tree)), total=len(fitting), more=more,
        all_versions=all_versions, superseded=len(rows) - len(fitting), facets=facets_of(query, fitting, groups) if facets else (),
        notes=tuple(notes), limit=limit, offset=offset,
    )  # fmt: skip


def _check(limit: int, offset: int, sort: str, recency: float) -> None:
    if not 1 <= limit <= MAX_LIMIT:
        raise Usage(f"limit {limit}: must be from 1 to {MAX_LIMIT}")
    if offset < 0 or recency < 0 or sort not in get_args(Sort):
        raise Usage(f"offset {offset}, recency {recency:g}, sort {sort}: the numbers must be 0 or more, sort relevance or date")


def search(index: Index, text: str, limit: int = 20) -> list[Hit]:
    """The best hits alone; as `answer`."""
    return list(answer(index, text, limit=limit).hits)


def stories_found(index: Index, text: str) -> list[str]:
    """The ids of all stories of which some version fits a query, in order.

    Raises:
        Usage: The query is blank.
    """
    query = read_query(text)
    matched = Compiler(groups_of(index)).compile(query.tree) if query.tree is not None else Matched()
    if matched == Matched():
        return []
    sql, values = matched.condition
    rows = index.query(
        f"SELECT DISTINCT v.story_id FROM search_rows r JOIN stored_versions v ON v.id = r.id WHERE {sql} ORDER BY 1", list(values)
    )
    return [row[0] for row in rows]


def _wants_superseded(node: Node | None) -> bool:
    if isinstance(node, Filter):
        return (node.name, node.value) == ("is", "superseded")
    return any(map(_wants_superseded, getattr(node, "parts", ())))


def _rows(index: Index, matched: Matched) -> list[Row]:
    """All versions that fit, in the order of filing."""
    conditions, values = " AND ".join(matched.sql) or "1", list[Value](matched.values)
    if matched.words is None:
        sql = _ROW.format("search_rows r", conditions)
    else:
        sql, values = _ROW.format(_JOINED, f"versions_fts MATCH ? AND {conditions}"), [matched.words, *values]
    return index.tuples(sql, [*values, MAX_COUNTED + 1])


def _date(row: Row) -> tuple[int, int]:
    return row[2], row[0]


def _by_weight(
    index: Index, matched: Matched, fitting: list[Row], wanted: int, recency: float, newest: bool
) -> tuple[list[tuple[int, float]], int]:
    """The best with their scores, in order, and how many were weighed."""
    if not fitting:
        return [], 0
    scored = _scored(index, matched, fitting, newest)
    latest = max(_day(row[2]) for row in scored)
    weights = {row[0]: -row[1] * _recent(_day(row[2]) - latest, recency) for row in scored}
    best = heapq.nlargest(wanted, weights.items(), key=_weight)
    if len(best) < wanted:
        rest = (row for row in fitting if row[0] not in weights)
        best += [(row[0], 0.0) for row in heapq.nlargest(wanted - len(best), rest, key=_date)]
    return best, len(weights)


def _recent(days: float, recency: float) -> float:
    """Factor by which the age of a story lowers its score.

    Args:
        days: To the newest story found, 0 or less.
    """
    return 1.0 - AGE_COUNTS * (1.0 - 2.0 ** (days / recency)) if recency else 1.0


def _scored(index: Index, matched: Matched, fitting: list[Row], newest: bool) -> list[tuple[int, float, int]]:
    """Number, BM25 and date of what fits; of very much a part."""
    conditions = " AND ".join(("r.newest",) * newest + matched.sql) or "1"
    sql = _SCORED.format(conditions)
    least = 0 if len(fitting) <= MAX_WEIGHED else fitting[-MAX_WEIGHED][0]
    scored: list[tuple[int, float, int]] = index.tuples(sql, [matched.words, least, *matched.values])
    if least:
        sql += " AND f.rowid < ? ORDER BY f.rowid DESC LIMIT ?"
        scored += index.tuples(sql, [f"{{headline}} : ({matched.words})", 0, *matched.values, least, MAX_WEIGHED])
    return scored


def _weight(one: tuple[int, float]) -> tuple[float, int]:
    return one[1], one[0]


def _day(date: int) -> float:
    """Days of a date of `search_rows`, near enough to weigh by."""
    return date // 10**8 * 365.25 + date // 10**6 % 100 * 30.4 + date // 10**4 % 100

"""Full-text search: any text is a valid query.

Words must all occur, in any of headline, deck, body, captions and credits; `"quoted words"` must stand together; a word or
phrase behind a leading `-` must not occur. Letter case and accents do not matter.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata

from attrs import frozen

from crawler.errors import Usage
from crawler.index.index import Index
from crawler.index.rows import Value, clean

MAX_QUERY_CHARACTERS = 1000
MAX_TERMS = 32
SNIPPET_WORDS = 32
MAX_WEIGHED = 10_000
"""Versions that are weighed: of more that fit, as of a word that nearly all have, those filed last."""
MARKS = ("[", "]")
"""Marks around a match in a snippet."""

_NEWEST = "SELECT rowid FROM versions_fts WHERE versions_fts MATCH ? ORDER BY rowid DESC LIMIT 1 OFFSET ?"
_RANKED = (
    "SELECT v.story_id, v.id, r.weight FROM (SELECT rowid, rank AS weight FROM versions_fts WHERE versions_fts MATCH ? AND rowid >= ?{}"
    " ORDER BY rank LIMIT ?) r JOIN versions v ON v.id = r.rowid ORDER BY r.weight, v.n DESC"
)
_OF_ALL = " AND +rowid IN (SELECT rowid FROM versions_fts WHERE versions_fts MATCH ? AND rowid >= ?)"
"""SQL: weighed by some phrases, of the versions that have all. The `+` keeps SQLite from asking for each row by itself."""
_NEWEST_FIRST = (
    "SELECT v.story_id, v.id, ? FROM (SELECT rowid FROM versions_fts WHERE versions_fts MATCH ? AND rowid >= ?"
    " ORDER BY rowid DESC LIMIT ?) r JOIN versions v ON v.id = r.rowid ORDER BY v.id DESC"
)
_HEADLINE, _ANYWHERE = -10.0, -1.0
"""Weights where each version has every word: one in the headline, and one elsewhere."""
_VERSIONS_A_STORY = 50
_TERM = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»", '"'))
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


@frozen(kw_only=True)
class Caption:
    """A caption or credit in which the query was found."""

    url: str
    caption: str | None
    credit: str | None
    agency: str | None
    record_id: str | None
    """The capture of the archived picture, or None."""


@frozen(kw_only=True)
class Hit:
    """One story that a query found: its version that fits best."""

    story_id: str
    n: int
    headline: str | None
    published: str | None
    canonical_url: str | None
    """The canonical address of the page, or the captured one."""
    snippet: str
    """The words around the matches, each match within `MARKS`."""
    score: float
    """The greater the better; comparable within one query."""
    captions: tuple[Caption, ...] = ()


@frozen(kw_only=True)
class Query:
    """A typed query: phrases that must and must not occur; a word is a phrase."""

    wanted: tuple[str, ...]
    unwanted: tuple[str, ...] = ()

    @property
    def all(self) -> str:
        """As FTS5 reads it: every wanted phrase, no unwanted one."""
        wanted = f"({' AND '.join(map(_quoted, self.wanted))})"
        return f"{wanted} NOT ({' OR '.join(map(_quoted, self.unwanted))})" if self.unwanted else wanted

    @property
    def in_headline(self) -> str:
        """The same, with the wanted phrases in the headline."""
        return f"{{headline}} : {self.all}"

    @property
    def any(self) -> str:
        """As FTS5 reads it: at least one wanted phrase."""
        return " OR ".join(map(_quoted, self.wanted))


def read_query(text: str) -> Query | None:
    """Parse a typed query; None if it holds no word (`?!`) and can find nothing.

    Raises:
        Usage: It is blank.

    >>> read_query('iran "nuclear deal" -vienna')
    Query(wanted=('iran', 'nuclear deal'), unwanted=('vienna',))
    """
    text = clean(_CONTROL.sub(" ", text[:MAX_QUERY_CHARACTERS])).translate(_QUOTES)
    if not text.strip():
        raise Usage("an empty query: name at least one word to look for")
    wanted: list[str] = []
    unwanted: list[str] = []
    for found in list(_TERM.finditer(text))[:MAX_TERMS]:
        term = found["phrase"] if found["phrase"] is not None else found["word"]
        if _has_word(term):
            (unwanted if found["minus"] else wanted).append(term)
    if not wanted:
        # Nothing but exclusions would mean nearly everything: take the words as words.
        wanted, unwanted = unwanted, []
    return Query(wanted=tuple(wanted), unwanted=tuple(unwanted)) if wanted else None


def _has_word(term: str) -> bool:
    """Test if FTS5 finds a word in a term: a letter, number or private character."""
    return any(unicodedata.category(c)[0] in "LN" or unicodedata.category(c) == "Co" for c in term)


def _quoted(term: str) -> str:
    escaped = term.replace('"', '""')
    return f'"{escaped}"'


def search(index: Index, query: str, limit: int = 20) -> list[Hit]:
    """The stories in which a query is found, best first, at most `limit`.

    Raises:
        Usage: The query is blank, or the limit is below 1.
    """
    return found(index, query, limit).hits


@frozen(kw_only=True)
class Found:
    """The best of what a query found."""

    hits: list[Hit]
    more: bool
    """There are more stories, which are not counted."""


def found(index: Index, query: str, limit: int = 20) -> Found:
    """Find the best stories for a query, at most `limit`, and whether there are more.

    Raises:
        Usage: The query is blank, or the limit is below 1.
    """
    if limit < 1:
        raise Usage(f"limit {limit}: must be at least 1")
    parsed = read_query(query)
    if parsed is None:
        return Found(hits=[], more=False)
    best = _best(index, parsed, limit)
    shown = list(best.values())[:limit]
    return Found(hits=[_hit(index, parsed, version_id, score) for version_id, score in shown], more=len(best) > limit)


def _best(index: Index, query: Query, limit: int) -> dict[str, tuple[int, float]]:
    """The best version of each story, up to one more than the limit."""
    newest = index.query(_NEWEST, [query.all, MAX_WEIGHED - 1])
    least = newest[0][0] if newest else 0
    telling = [phrase for phrase in query.wanted if not _is_everywhere(index, phrase)]
    best: dict[str, tuple[int, float]] = {}
    if not telling:
        for match, weight in ((query.in_headline, _HEADLINE), (query.all, _ANYWHERE)):
            if len(best) <= limit:
                _take(index, best, limit, _NEWEST_FIRST, [weight, match, least, MAX_WEIGHED])
        return best
    sql, values = _RANKED.format(""), [query.all, least]
    if len(telling) < len(query.wanted):
        sql, values = _RANKED.format(_OF_ALL), [Query(wanted=tuple(telling)).all, least, query.all, least]
    # The best first, since each row that is joined costs as much as weighing it; all of them if those are too few stories.
    for most in (limit * _VERSIONS_A_STORY, MAX_WEIGHED):
        best.clear()
        rows = _take(index, best, limit, sql, [*values, most])
        if len(best) > limit or rows < most:
            break
    return best


def _take(index: Index, best: dict[str, tuple[int, float]], limit: int, sql: str, values: list[Value]) -> int:
    """Take rows up to one story more than the limit; the number of rows."""
    rows = 0
    for row in index.rows(sql, values):
        rows += 1
        best.setdefault(row[0], (row[1], -row[2]))
        if len(best) > limit:
            break
    return rows


def _is_everywhere(index: Index, phrase: str) -> bool:
    """Test if more than half of the newest versions have a word.

    Such a word weighs nothing in `rank`, which reads through all its rows to say so.
    """
    if len(phrase.split()) > 1:
        return False  # rarer than its words, and to find out takes as long
    newest = index.query(_NEWEST, [_quoted(phrase), MAX_WEIGHED - 1])
    return bool(newest) and index.query("SELECT max(id) FROM stored_versions")[0][0] - newest[0][0] < 2 * MAX_WEIGHED


def _hit(index: Index, query: Query, version_id: int, score: float) -> Hit:
    row = index.query(
        "SELECT v.story_id, v.n, v.headline, v.published, coalesce(v.canonical_url, c.url) AS url,"
        " snippet(versions_fts, -1, ?, ?, '…', ?) AS snippet"
        " FROM versions_fts JOIN versions v ON v.id = versions_fts.rowid JOIN captures c ON c.id = v.capture_id"
        " WHERE versions_fts MATCH ? AND versions_fts.rowid = ?",
        [*MARKS, SNIPPET_WORDS, query.all, version_id],
    )[0]
    return Hit(
        story_id=row["story_id"], n=row["n"], headline=row["headline"], published=row["published"], canonical_url=row["url"],
        snippet=row["snippet"] or "", score=round(score, 6), captions=_captions(index, query, version_id),
    )  # fmt: skip


def _captions(index: Index, query: Query, version_id: int) -> tuple[Caption, ...]:
    rows: list[sqlite3.Row] = index.query(
        "SELECT i.url, i.caption, i.credit, i.agency, c.record_id FROM images i CROSS JOIN images_fts ON images_fts.rowid = i.id"
        " LEFT JOIN captures c ON c.id = i.capture_id WHERE i.version_id = ? AND images_fts MATCH ? ORDER BY i.n",
        [version_id, query.any],
    )
    return tuple(Caption(**dict(row)) for row in rows)

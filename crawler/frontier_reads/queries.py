"""Queries of other packages on table `frontier`, run on any open index."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from crawler.index.connection import IndexConnection
from crawler.schema.capture_keys import has_key

Query = Callable[[str, Sequence[str]], Iterable[sqlite3.Row]]
"""Runs a SELECT: `Index.query` or `Index.rows`."""

FAILED = "SELECT url, reason, detail FROM frontier WHERE state = 'failed'"
"""SQL that lists the failed addresses, for people."""
SETTLED = (
    "(EXISTS (SELECT 1 FROM main.frontier f WHERE f.key = t.key AND f.state NOT IN ('queued', 'leased', 'captured')"
    " AND NOT EXISTS (SELECT 1 FROM main.captures c WHERE c.record_id = f.validates AND c.state = 'lost'))"
    " OR (NOT EXISTS (SELECT 1 FROM main.frontier f WHERE f.key = t.key)"
    f" AND EXISTS (SELECT 1 FROM main.captures c WHERE {has_key('t.key', 'c.')} AND c.run_id IS NOT NULL)))"
)
"""SQL: the key of row t was settled in the main database, or a run captured it without a row.

What a replay brought in has no row; a row on its way is known only when its answer is there.
"""

_PATH = "lower(substr(url, 1, instr(url || '?', '?') - 1))"
_KIND = (
    f"CASE WHEN {_PATH} GLOB '*.css' THEN 'style sheets' WHEN {_PATH} GLOB '*.js' OR {_PATH} GLOB '*.mjs' THEN 'scripts'"
    f" WHEN {_PATH} GLOB '*.woff' OR {_PATH} GLOB '*.woff2' OR {_PATH} GLOB '*.[to]tf' OR {_PATH} GLOB '*.eot' THEN 'fonts'"
    " WHEN every IS NOT NULL THEN 'style sheets' ELSE 'pictures' END"
)
"""SQL: kind of a requisite by its address; without a telling one, what is asked for again is a style sheet."""
_IS_HELD = "(state = 'done' AND reason IS NULL)"

_UNSERVED = """
SELECT f.story_id, f.url, f.language, f.found_on, (SELECT max(c.date) FROM captures c WHERE c.story_id = f.story_id AND c.role = 'timemap')
    AS looked FROM frontier f LEFT JOIN stories s ON s.id = f.story_id
WHERE f.site = ?1 AND f.role = 'story' AND f.key = f.story_id AND f.state IN ('done', 'failed', 'queued') AND f.reason IS NOT NULL
    AND coalesce(s.versions, 0) = 0 AND (?2 IS NULL OR f.run_id = ?2)
ORDER BY looked IS NOT NULL, looked, f.state != 'done', f.priority DESC, f.key"""


def count_by_state(query: Query) -> dict[str, int]:
    """Count the rows by state, the most frequent first."""
    found = query("SELECT state, count(*) FROM frontier GROUP BY state ORDER BY 2 DESC, 1", ())
    return {str(row[0]): int(row[1]) for row in found}


def open_lanes(query: Query) -> dict[str, set[str]]:
    """Return the lanes in which rows of each job are queued."""
    lanes: dict[str, set[str]] = {}
    for job, lane in query("SELECT DISTINCT job, lane FROM frontier WHERE state = 'queued' AND lane IS NOT NULL AND job IS NOT NULL", ()):
        lanes.setdefault(str(job), set()).add(str(lane))
    return lanes


def was_asked(query: Query, key: str) -> bool:
    """Return True if a key has a row."""
    return any(True for _ in query("SELECT 1 FROM frontier WHERE key = ?", (key,)))


def story_rows(index: IndexConnection, site: str) -> Iterator[tuple[str, bool]]:
    """Yield the keys of a site's stories, and whether they are queued or leased."""
    sql = "SELECT key, state IN ('queued', 'leased') FROM frontier WHERE key > ? AND key < ? AND role = 'story'"
    for key, is_open in index.rows(sql, (f"{site}/", f"{site}0")):
        yield str(key), bool(is_open)


def crawl_of(query: Query, record_id: str) -> tuple[int, Mapping[str, str]] | None:
    """Return the crawl that asked for a capture, and its arguments; None for a replay's."""
    sql = (
        "SELECT r.id, r.arguments FROM captures c JOIN runs r ON r.id = c.run_id"
        " WHERE c.record_id = ? AND r.site = c.site AND EXISTS (SELECT 1 FROM frontier f WHERE f.key = c.key)"
    )
    return next(((row[0], json.loads(row[1] or "{}")) for row in query(sql, (record_id,))), None)


def last_story_failure(query: Query) -> tuple[str | None, str | None]:
    """Return reason and detail of the story whose row changed last."""
    found = query("SELECT reason, detail FROM frontier WHERE role = 'story' ORDER BY changed DESC", ())
    return next(((row[0], row[1]) for row in found), (None, None))


def unparsed_without_row(index: IndexConnection, site: str) -> array[int]:
    """List row numbers of unparsed captures without an open row: robots.txt, redirect hops."""
    sql = (
        "SELECT c.id FROM captures c JOIN runs r ON r.id = c.run_id WHERE c.read_state = 'unread' AND c.state = 'ok' AND c.site = ?"
        " AND json_extract(r.arguments, '$.read') IS NOT 'later'"
        " AND NOT EXISTS (SELECT 1 FROM frontier f WHERE f.key = c.key AND f.record_id = c.record_id AND f.state IN ('captured', 'leased'))"
        " ORDER BY c.date, c.record_id"
    )
    return index.row_numbers(sql, (site,))


def unserved_stories(
    rows: Callable[[str, list[str | int | None]], Iterable[sqlite3.Row]], site: str, *, run_id: int | None
) -> list[sqlite3.Row]:
    """List the stories that no mirror serves and of which nothing is held.

    Those that were never looked for in a web archive come first, then those whose last search is longest ago.

    Args:
        rows: Runs a SELECT: `Index.query`.
        run_id: Only what this run asked for; None: whatever is known.
    Returns:
        Rows of story_id, url, language, found_on.
    """
    return list(rows(_UNSERVED, [site, run_id]))


def count_requisites(query: Query, run_id: int | None = None, *, lanes: Iterable[str] | None = None) -> dict[str, dict[str, int]]:
    """Count the requisites by kind: `held`, and `missing` for the others.

    Args:
        run_id: Those that one run asked for; None for all.
        lanes: In which a worker's run asked; None for all.
    """
    of_run, values = (" AND run_id = ?", [str(run_id)]) if run_id is not None else ("", [])
    if lanes is not None:
        of_run, values = f"{of_run} AND lane IN (SELECT value FROM json_each(?))", [*values, json.dumps(sorted(lanes))]
    figures = f"{_KIND} AS kind, sum({_IS_HELD}), sum(NOT {_IS_HELD})"
    sql = f"SELECT {figures} FROM frontier WHERE role = 'requisite'{of_run} GROUP BY 1 ORDER BY 1"
    return {str(kind): {"held": int(held), "missing": int(missing)} for kind, held, missing in query(sql, values)}

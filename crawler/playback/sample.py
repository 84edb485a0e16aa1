"""Choice of captures to look at, the same each time, over templates and years."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from crawler.warc import cdxj

if TYPE_CHECKING:
    from crawler.collection.reader import CollectionReader

_SHOWABLE = "c.state = 'ok' AND c.status = 200 AND c.mime IN ('text/html', 'application/xhtml+xml') AND c.cut_at IS NULL"
_NEWEST = f"""
SELECT c.record_id AS record_id, v.template AS template, substr(coalesce(s.published, c.date), 1, 4) AS year, c.warc AS warc, max(g.date)
FROM sightings g JOIN captures c ON c.id = g.capture_id JOIN stored_versions v ON v.id = g.version_id JOIN stories s ON s.id = v.story_id
WHERE v.newest = 1 AND {_SHOWABLE} GROUP BY v.story_id"""
"""The newest capture of the newest version of each story."""
_OF_STORY = f"""
SELECT c.record_id AS record_id, v.template AS template, substr(c.date, 1, 4) AS year, c.warc AS warc, max(g.date)
FROM sightings g JOIN captures c ON c.id = g.capture_id JOIN stored_versions v ON v.id = g.version_id
WHERE v.story_id = ? AND {_SHOWABLE} GROUP BY v.id ORDER BY v.n"""
"""The newest capture of each version of a story."""
_PAGES = f"""
SELECT c.record_id AS record_id, c.role AS template, substr(c.date, 1, 4) AS year, c.warc AS warc, max(c.date)
FROM captures c WHERE c.role != 'robots' AND {_SHOWABLE} GROUP BY c.url"""
"""The newest capture of each page, where there are no stories."""
_TARGET = """
SELECT c.record_id, c.date, c.memento_date, coalesce(c.via, c.url) AS url, v.story_id, v.headline, v.body, v.n, v.template,
  (SELECT article FROM article_pages p WHERE p.capture_id = c.id) AS part
FROM captures c LEFT JOIN sightings g ON g.capture_id = c.id LEFT JOIN versions v ON v.id = g.version_id WHERE c.record_id = ?"""


@frozen(kw_only=True)
class Candidate:
    """A capture that may be looked at."""

    record_id: str
    kind: tuple[str, str]
    """Template and year: each kind gets its share of a sample."""
    warc: str


@frozen(kw_only=True)
class Target:
    """A capture that is looked at, with what the index says of its text."""

    record_id: str
    date: str
    url: str
    """In its WARC record."""
    memento_date: str | None = None
    """Of a copy out of a web archive: when that archived it."""
    story: str | None
    version: int | None
    template: str | None
    headline: str
    text: str
    """Headline and body; empty where it shows no story."""


@frozen(kw_only=True)
class Choice:
    """Captures that were chosen, and what was left out."""

    targets: Sequence[Target]
    known: int
    """Captures to choose from."""
    unsealed: int
    """Captures in a WARC that is still being written: pywb does not know them yet."""


def choose(reader: CollectionReader, *, story: str | None, most: int) -> Choice:
    """Choose the versions of a story, or a sample of all stories.

    Args:
        most: Of a sample; 0 for all.
    """
    rows = reader.query(_OF_STORY, [story]) if story is not None else reader.query(_NEWEST) or reader.query(_PAGES)
    found = [Candidate(record_id=row["record_id"], kind=(row["template"] or "", row["year"] or ""), warc=row["warc"]) for row in rows]
    sealed = _sealed(reader.path, {one.warc for one in found})
    there = [one for one in found if one.warc in sealed]
    drawn = there if story is not None else draw(there, most or len(there))
    targets = [_target(reader, one.record_id) for one in drawn]
    return Choice(targets=targets, known=len(found), unsealed=len(found) - len(there))


def _sealed(path: Path, warcs: Iterable[str]) -> set[str]:
    """Those of some WARCs that have the CDXJ by which pywb finds captures."""
    return {warc for warc in warcs if cdxj.place(path / "indexes", warc).exists()}


def draw(found: Iterable[Candidate], most: int) -> list[Candidate]:
    """Draw a sample by turns from each kind; depends on nothing but the captures."""
    kinds: dict[tuple[str, str], list[Candidate]] = defaultdict(list)
    for one in found:
        kinds[one.kind].append(one)
    for same in kinds.values():
        same.sort(key=lambda one: sha256(one.record_id.encode()).digest(), reverse=True)
    # Of more kinds than places, not the first by name.
    turn = sorted(kinds, key=lambda kind: sha256("\0".join(kind).encode()).digest())
    drawn: list[Candidate] = []
    while turn and len(drawn) < most:
        drawn += [kinds[kind].pop() for kind in turn[: most - len(drawn)]]
        turn = [kind for kind in turn if kinds[kind]]
    return drawn


def _target(reader: CollectionReader, record_id: str) -> Target:
    import json

    (row,) = reader.query(_TARGET, [record_id])
    # Of an article on several pages the version has the text of all.
    body = str(json.loads(row["part"]).get("body") or "") if row["part"] else row["body"] or ""
    headline = row["headline"] or ""
    return Target(
        record_id=row["record_id"], date=row["date"], memento_date=row["memento_date"], url=row["url"], story=row["story_id"],
        version=row["n"], template=row["template"], headline=headline, text=f"{headline}\n{body}".strip(),
    )  # fmt: skip

"""Hits of a query with what is shown of them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from attrs import frozen

from crawler.index.index import Index
from crawler.search.marks import SNIPPET_CHARACTERS, Mark, Term, marks_of, snippet_of, spans

_COLUMNS = ("body", "deck", "captions", "credits", "authors")
"""In the order in which a snippet is taken of them, where they show as many words."""
_HIT = (
    "SELECT v.id, v.story_id, v.n, s.versions, s.state, v.headline, v.deck, v.body, v.captions, v.credits, v.authors, v.published,"
    " v.first_seen, coalesce(v.canonical_url, c.url) AS url, s.site, v.language, v.section"
    " FROM versions v JOIN stories s ON s.id = v.story_id JOIN captures c ON c.id = v.capture_id WHERE v.id = ?"
)
_PICTURES = (
    "SELECT i.url, i.caption, i.credit, i.agency, c.record_id FROM images i LEFT JOIN captures c ON c.id = i.capture_id"
    " WHERE i.version_id = ? ORDER BY i.n"
)


@frozen(kw_only=True)
class CaptionHit:
    """A picture in whose caption or credit the query was found."""

    url: str
    caption: str | None
    caption_marks: tuple[Mark, ...]
    credit: str | None
    credit_marks: tuple[Mark, ...]
    agency: str | None
    record_id: str | None
    """The capture of the archived picture, or None."""


@frozen(kw_only=True)
class Hit:
    """One version that a query found."""

    story_id: str
    n: int
    versions: int
    """Of the story: the newest is the one with this number."""
    state: str | None
    """Of the story: live, gone or moved."""
    headline: str | None
    headline_marks: tuple[Mark, ...]
    """Where matches stand: begin and end in characters."""
    published: str | None
    first_seen: str
    canonical_url: str | None
    """The canonical address of the page, or the captured one."""
    site: str
    language: str | None
    section: str | None
    snippet: str
    """The words around the matches, on one line."""
    snippet_marks: tuple[Mark, ...]
    snippet_field: str
    """Where it is from: body, deck, captions, credits or authors."""
    score: float
    """The greater the better; comparable within one query. 0 where nothing was weighed."""
    captions: tuple[CaptionHit, ...] = ()

    @property
    def superseded(self) -> bool:
        """True if the story has a newer version."""
        return self.n < self.versions


def hits_of(index: Index, found: Sequence[tuple[int, float]], terms: Sequence[Term]) -> tuple[Hit, ...]:
    """Make the hits of versions by their numbers and scores."""
    return tuple(_hit(row, score, terms, index) for number, score in found for row in index.query(_HIT, [number]))


def _hit(row: sqlite3.Row, score: float, terms: Sequence[Term], index: Index) -> Hit:
    snippet, marks, name = _snippet(row, terms)
    return Hit(
        story_id=row["story_id"],
        n=row["n"],
        versions=row["versions"],
        state=row["state"],
        headline=row["headline"],
        headline_marks=spans(marks_of(row["headline"], "headline", terms)),
        published=row["published"],
        first_seen=row["first_seen"],
        canonical_url=row["url"],
        site=row["site"],
        language=row["language"],
        section=row["section"],
        snippet=snippet,
        snippet_marks=marks,
        snippet_field=name,
        score=round(score, 9),
        captions=_captions(index, row["id"], terms),
    )


def _snippet(row: sqlite3.Row, terms: Sequence[Term]) -> tuple[str, tuple[Mark, ...], str]:
    best: tuple[str, tuple[Mark, ...], str] = ("", (), "body")
    most = 0
    for name in _COLUMNS:
        text = ", ".join(map(str, json.loads(row["authors"] or "[]"))) if name == "authors" else row[name]
        found = marks_of(text, name, terms)
        shown = len({number for _, number in found})
        if shown > most:
            best, most = (*snippet_of(text, found), name), shown
    if most:
        return best
    name = "deck" if row["deck"] else "body"
    text = row[name] or ""
    return snippet_of(text[: 2 * SNIPPET_CHARACTERS], ())[0], (), name


def _captions(index: Index, version: int, terms: Sequence[Term]) -> tuple[CaptionHit, ...]:
    found = []
    for row in index.query(_PICTURES, [version]):
        caption, credit = (spans(marks_of(row[name], f"{name}s", terms)) for name in ("caption", "credit"))
        if caption or credit:
            found.append(CaptionHit(**dict(row), caption_marks=caption, credit_marks=credit))
    return tuple(found)

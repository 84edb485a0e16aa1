"""Texts of cut answers that begin a known version: sightings of it, no versions.

The version of a beginning does not depend on the order of filing: of those that begin so, the last whose values are from an earlier
capture, else the first. The text of a whole answer is always a version.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping

from attrs import evolve, frozen

from crawler.index.rows import clean
from crawler.items import READ_FROM_CUT
from crawler.items.even_text import even_text

_FIELDS = ("headline", "deck", "body", "captions", "credits")
_RUNS = ("body", "captions", "credits")
"""Fields of which a beginning may be all that came."""


@frozen(kw_only=True)
class Text:
    """Text that makes a version, white space and invisible characters normalized."""

    headline: str
    deck: str
    body: str
    captions: str
    credits: str

    @classmethod
    def of(cls, values: Mapping[str, object]) -> Text:
        """Make it of the columns of a version."""
        return cls(**{name: even_text(clean(str(values[name] or ""))) for name in _FIELDS})

    def begins(self, other: Text) -> bool:
        """Test if another text continues this one, or is the same."""
        same = self.headline == other.headline and self.deck in ("", other.deck)
        return same and all(getattr(other, name).startswith(getattr(self, name)) for name in _RUNS)

    def shown(self, other: Text) -> str | None:
        """The share of another text that this one is, for `sightings.shown`; None for all."""
        if self == other:
            return None
        return json.dumps([bool(self.deck), *(len(getattr(self, name)) for name in _RUNS)])

    def part(self, shown: str | None) -> Text:
        """The beginning that a sighting showed."""
        if shown is None:
            return self
        deck, *lengths = json.loads(shown)
        runs = {name: getattr(self, name)[:length] for name, length in zip(_RUNS, lengths, strict=True)}
        return evolve(self, deck=self.deck if deck else "", **runs)


@frozen(kw_only=True)
class Known:
    """One version of a story."""

    id: int
    text: Text
    cut: bool
    """No whole answer shows it."""
    since: tuple[str, str]
    """Date and record_id of the capture that its values are from."""


def known_of(conn: sqlite3.Connection, story_id: str) -> list[Known]:
    """List the versions of a story."""
    rows = conn.execute(
        "SELECT v.id, v.problems, coalesce(c.memento_date, c.date), c.record_id,"
        f" {', '.join(f'v.{name}' for name in _FIELDS)} FROM versions v"
        " JOIN captures c ON c.id = v.capture_id WHERE v.story_id = ?",
        [story_id],
    )
    return [
        Known(
            id=row[0],
            text=Text.of(dict(zip(_FIELDS, row[4:], strict=True))),
            cut=READ_FROM_CUT in json.loads(row[1]),
            since=(row[2], row[3]),
        )
        for row in rows
    ]


def version_of(text: Text, when: tuple[str, str], known: Iterable[Known]) -> Known | None:
    """Find the version of a beginning.

    Args:
        when: Date and record_id of the capture that shows it.
    """
    fitting = [one for one in known if text.begins(one.text)]
    earlier = [one for one in fitting if one.since <= when]
    return max(earlier, key=lambda one: one.since) if earlier else min(fitting, key=lambda one: one.since, default=None)


def absorb(conn: sqlite3.Connection, story_id: str) -> tuple[set[int], set[int]]:
    """Move each beginning to its version, after a version was added.

    Returns:
        Versions that are nothing but the beginning of another, with no sighting left; versions whose sightings have changed.
    """
    known = known_of(conn, story_id)
    absorbed = {one.id for one in known if one.cut and any(other is not one and one.text.begins(other.text) for other in known)}
    staying = [one for one in known if one.id not in absorbed]
    texts = {one.id: one.text for one in known}
    rows = conn.execute(
        "SELECT s.capture_id, s.version_id, s.shown, coalesce(c.memento_date, c.date), c.record_id, c.truncated FROM sightings s"
        " JOIN versions v ON v.id = s.version_id JOIN captures c ON c.id = s.capture_id WHERE v.story_id = ?",
        [story_id],
    ).fetchall()
    changed: set[int] = set()
    for source, version_id, shown, date, record_id, truncated in rows:
        if shown is None and truncated is None and version_id not in absorbed:
            continue
        text = texts[version_id].part(shown)
        into = version_of(text, (date, record_id), staying)
        if into is not None and (into.id, text.shown(into.text)) != (version_id, shown):
            values = [into.id, text.shown(into.text), source]
            conn.execute("UPDATE sightings SET version_id = ?, shown = ? WHERE capture_id = ?", values)
            changed |= {version_id, into.id}
    return absorbed, changed - absorbed

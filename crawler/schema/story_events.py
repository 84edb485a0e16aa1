"""Table `story_events`: events of stories, derived anew where their captures tell something else.

Stories are noted by triggers of the connection (`crawler.timeline.event_tables.watching`) and renewed before the transaction ends, so the
rows do not depend on the order of filing.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator

from crawler.items.even_text import even_text
from crawler.schema.capture_keys import has_key
from crawler.schema.packed_images import KEY, key_hash, of_key
from crawler.schema.packed_versions import SHOWN
from crawler.timeline.changes import Change, Face, Picture, Sight, Words, changes, place_of
from crawler.timeline.event_tables import EVENT_COLUMNS, watching

Row = tuple[str | int | None, ...]
MAX_DIGITS = 19
"""Digits that a story number has fewer of; a longer one is a name."""

_SIGHTS = (
    "SELECT t.version_id, t.capture_id, t.host, t.date, f.face FROM stored_versions v CROSS JOIN common_sightings t ON t.version_id = v.id"
    " JOIN sightings f ON f.capture_id = t.capture_id JOIN captures c ON c.id = t.capture_id WHERE v.story_id = ?"
    " ORDER BY t.date, c.record_id"
)
_ABSENCES = (
    "SELECT coalesce(told, 'gone'), confirmed, last_capture_id, missing_since, missing_capture_id, confirmed_capture_id, restored,"
    " restored_capture_id, last_seen FROM absences WHERE story_id = ? AND confirmed IS NOT NULL AND last_seen IS NOT NULL"
)
_DIVERGED = (
    "SELECT first_seen, capture_id, other_capture_id, version_id, other_version_id, host, ended, last_seen FROM divergences"
    " WHERE story_id = ? AND kind = 'different'"
)
_PICTURES = (
    "SELECT id, url, mime, payload_digest, date FROM captures c"
    f" WHERE {has_key('?1')} AND role = 'requisite' AND status = 200 AND truncated IS NULL AND payload_digest IS NOT NULL"
    " ORDER BY date, record_id"
)
_COLUMNS = ", ".join(EVENT_COLUMNS)
_ADD = f"INSERT INTO story_events ({_COLUMNS}) VALUES ({', '.join('?' * len(EVENT_COLUMNS))})"


def watch(conn: sqlite3.Connection) -> None:
    """Note from now on which stories' events may change."""
    columns: dict[str, set[str]] = {}
    sql = "SELECT m.name, i.name FROM main.sqlite_master m JOIN pragma_table_info(m.name, 'main') i WHERE m.type = 'table'"
    for table, column in conn.execute(sql):
        columns.setdefault(table, set()).add(column)
    for statement in watching(columns):
        conn.execute(statement)


def renew_events(conn: sqlite3.Connection) -> None:
    """Derive the events of the stories that were noted."""
    due = conn.execute("SELECT DISTINCT story_id FROM temp.events_due WHERE story_id IS NOT NULL").fetchall()
    if due:
        for (story_id,) in due:
            _renew(conn, story_id)
        conn.execute("DELETE FROM temp.events_due")


def renew_all(conn: sqlite3.Connection) -> None:
    """Derive the events of every story."""
    conn.execute("INSERT INTO temp.events_due SELECT id FROM stories")
    renew_events(conn)


def picture_came(conn: sqlite3.Connection, key: str, url: str, digest: str | None) -> None:
    """Note the stories that show a picture, if its address gave another file before."""
    sql = "SELECT 1 FROM captures WHERE url = ? AND role = 'requisite' AND status = 200 AND payload_digest != ? LIMIT 1"
    if conn.execute(sql, [url, digest]).fetchone() is not None:
        conn.execute(
            "INSERT INTO temp.events_due SELECT v.story_id FROM stored_images i JOIN stored_versions v ON v.id = i.version_id"
            f" WHERE {of_key('?1', '?2')}",
            [key_hash(key), key],
        )


def _renew(conn: sqlite3.Connection, story_id: str) -> None:
    held = conn.execute(f"SELECT {_COLUMNS} FROM story_events WHERE story_id = ? ORDER BY id", [story_id]).fetchall()
    rows = [_row(story_id, one) for one in _story_changes(conn, story_id)]
    if rows != held:
        if held:
            conn.execute("DELETE FROM story_events WHERE story_id = ?", [story_id])
        conn.executemany(_ADD, rows)


def _row(story_id: str, one: Change) -> Row:
    return (
        story_id, one.kind, one.date, one.capture, one.before, one.version, one.version_before, one.host, one.changed_by, one.stood_from,
        one.stood_to,
    )  # fmt: skip


def _story_changes(conn: sqlite3.Connection, story_id: str) -> list[Change]:
    sights = _sights(conn, story_id)
    found = list(changes(sights, lambda version: _words(conn, version)))
    if sights:
        found += _other_files(conn, found, sights)
    found += _absences(conn, story_id, found)
    found += [
        Change(
            kind="diverged", date=first, capture=capture, before=other, version=version, version_before=other_version, host=host,
            changed_by=ended, stood_from=first, stood_to=last,
        )
        for first, capture, other, version, other_version, host, ended, last in conn.execute(_DIVERGED, [story_id])
    ]  # fmt: skip
    return sorted(found, key=lambda one: one.date)


def _sights(conn: sqlite3.Connection, story_id: str) -> list[Sight]:
    rows = conn.execute(_SIGHTS, [story_id]).fetchall()
    # Most stories have one text and one face: there is nothing to compare.
    plain = all(row[4] is None and row[0] == rows[0][0] for row in rows)
    own = {} if plain else {row[0]: _own_face(conn, row[0]) for row in rows}
    site, _, rest = story_id.partition("/")
    number = int(rest) if rest.isascii() and rest.isdecimal() and len(rest) < MAX_DIGITS else None
    sights = []
    for version, capture, host, date, packed in rows:
        face = None if plain or packed == "" else own[version] if packed is None else json.loads(packed)
        shown = None if face is None else Face(place_of(face[0], number=number, hosts=site == "web"), tuple(sorted(set(face[1]))))
        sights.append(Sight(version, capture, host, date, shown))
    return sights


def _own_face(conn: sqlite3.Connection, version: int) -> tuple[str | None, list[str]]:
    """Canonical address and picture keys of the page that a version's values are from."""
    (canonical,) = conn.execute(f"SELECT {SHOWN['canonical_url']} FROM stored_versions v WHERE id = ?", [version]).fetchone()
    return canonical, [key for (key,) in conn.execute(f"SELECT {KEY} FROM stored_images WHERE version_id = ?", [version])]


def _words(conn: sqlite3.Connection, version: int) -> Words:
    headline, deck, body = conn.execute("SELECT headline, deck, body FROM stored_versions WHERE id = ?", [version]).fetchone()
    pictures = conn.execute(f"SELECT {KEY}, caption, credit FROM stored_images WHERE version_id = ? ORDER BY n", [version])
    shown = tuple(Picture(key, even_text(caption), even_text(credit)) for key, caption, credit in pictures)
    return Words(even_text(headline), even_text(deck), even_text(body), shown)


def _other_files(conn: sqlite3.Connection, found: list[Change], sights: list[Sight]) -> Iterator[Change]:
    """Tell where a picture's address gave another file than before, while the story was known.

    A file that was seen there before is none: networks that deliver pictures give several by turns.
    """
    versions = {one.version for one in sights}
    keys = {key for one in versions for (key,) in conn.execute(f"SELECT {KEY} FROM stored_images WHERE version_id = ?", [one])}
    for key in sorted(keys):
        known: dict[tuple[str, str], dict[str, str]] = {}
        last: dict[tuple[str, str], tuple[int, str]] = {}
        for capture, url, mime, digest, date in conn.execute(_PICTURES, [key]):
            seen = known.setdefault((url, mime or ""), {})
            if seen and digest not in seen and date > sights[0].date:
                before, stood_to = last[url, mime or ""]
                now = max((one for one in found if one.version is not None and one.date <= date), key=lambda one: one.date)
                yield Change(
                    kind="picture_replaced", date=date, capture=capture, before=before, version=now.version, version_before=now.version,
                    host=now.host, changed_by=date, stood_from=next(reversed(seen.values())), stood_to=stood_to,
                )  # fmt: skip
            seen.setdefault(digest, date)
            last[url, mime or ""] = capture, date


def _absences(conn: sqlite3.Connection, story_id: str, found: list[Change]) -> list[Change]:
    """Tell when a story was taken away and came back."""
    out = list[Change]()
    for told, confirmed, last, since, missing, denied, restored, back, last_seen in conn.execute(_ABSENCES, [story_id]).fetchall():
        texts = (one for one in (*found, *out) if one.version is not None and one.date <= last_seen)
        text = max(texts, key=lambda one: one.date, default=None)
        hosts = {row[0]: row[1] for row in conn.execute("SELECT id, host FROM captures WHERE id IN (?, ?)", [missing, back])}
        version = text.version if text else None
        out.append(
            Change(
                kind="moved" if told == "moved" else "removed", date=confirmed, capture=missing, before=last, version_before=version,
                host=hosts.get(missing), changed_by=since, stood_from=text.date if text else None, stood_to=last_seen,
            )
        )  # fmt: skip
        if restored is not None:
            shown = conn.execute("SELECT version_id FROM sightings WHERE capture_id = ?", [back]).fetchone()
            out.append(
                Change(
                    kind="restored", date=restored, capture=back, before=denied, version=shown and shown[0], version_before=version,
                    host=hosts.get(back), changed_by=restored, stood_from=since, stood_to=confirmed,
                )
            )  # fmt: skip
    return out

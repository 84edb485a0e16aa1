"""Compare an index row by row with one rebuilt from the same WARCs."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from attrs import frozen

from crawler.frontier_reads.queries import SETTLED
from crawler.index.connection import open_database
from crawler.index.reader_version import GIVEN_UP
from crawler.index.rows import Value
from crawler.maintenance.sample import Sample
from crawler.schema.packed_images import key_hash, of_key
from crawler.timeline.event_tables import COMPARED

FRESH = "fresh"
"""The schema under which the index made anew is attached."""
MAX_VALUE = 80
"""Characters of a value in a message."""

_CAPTURE = "(SELECT c.record_id FROM {db}.captures c WHERE c.id = t.capture_id)"
_VERSION = "(SELECT v.story_id || ' ' || v.text_digest FROM {db}.versions v WHERE v.id = t.version_id)"
_STORY = "(SELECT v.story_id FROM {db}.versions v WHERE v.id = t.version_id)"
_REFERENCES = {
    "capture_id": _CAPTURE, "version_id": _VERSION,
    **{name: _CAPTURE.replace("t.capture_id", f"t.{name}") for name in ("other_capture_id", "again_capture_id")},
    "other_version_id": _VERSION.replace("t.version_id", "t.other_version_id"),
}  # fmt: skip
"""What stands for columns that hold row numbers of other tables."""
_NUMBERS = ("id", "run_id")
_READERS = "reader_version"
"""Column by which differences are judged, and that is not compared itself."""
_HELD = "(t.capture_id IS NULL OR (SELECT c.state = 'ok' FROM {db}.captures c WHERE c.id = t.capture_id))"
_READ = "(SELECT c.state = 'ok' AND c.read_state != 'unread' FROM {db}.captures c WHERE c.id = t.capture_id)"
_WITH_LOST = (
    "(SELECT c.story_id FROM main.captures c WHERE c.state = 'lost' AND c.story_id IS NOT NULL UNION SELECT v.story_id FROM main.captures c"
    " JOIN main.sightings s ON s.capture_id = c.id JOIN main.versions v ON v.id = s.version_id WHERE c.state = 'lost')"
)
"""Stories of which a capture is lost: what it showed is kept, and no WARC says it any more."""
_ANNOUNCED_LOST = (
    "(SELECT a.story_id FROM main.announced a JOIN main.captures c ON c.id = a.capture_id WHERE c.state = 'lost')"
)
"""Stories whose first announcement is in no WARC any more."""
_KEYS = "IN (SELECT name FROM temp.sample WHERE kind = 'key')"
_STORIES = "IN (SELECT name FROM temp.sample WHERE kind = 'story')"
_CAPTURES = "IN (SELECT name FROM temp.sample WHERE kind = 'capture')"
_OF_CAPTURES = f"t.capture_id IN (SELECT c.id FROM {{db}}.captures c WHERE c.record_id {_CAPTURES})"
_RECORDED = {"record_id", "url", "date", "method", "status", "warc", "offset", "length", "block_digest", "state"}
"""Columns of captures that hold the record's own values; the others depend on the readers."""
_OTHERS = f"""
CREATE TEMP TABLE others (kind TEXT, name TEXT, PRIMARY KEY (kind, name)) WITHOUT ROWID;
INSERT OR IGNORE INTO temp.others SELECT 'capture', f.record_id FROM {FRESH}.captures f CROSS JOIN main.captures m
    WHERE m.record_id = f.record_id AND (m.reader_version IS NOT f.reader_version OR m.reader_version = '{GIVEN_UP}');
"""
_OTHERS_OF = f"""
INSERT OR IGNORE INTO temp.others SELECT 'key', c.key FROM temp.others o CROSS JOIN {{db}}.captures c
    WHERE o.kind = 'capture' AND c.record_id = o.name;
INSERT OR IGNORE INTO temp.others SELECT 'story', c.story_id FROM temp.others o CROSS JOIN {{db}}.captures c
    WHERE o.kind = 'capture' AND c.record_id = o.name AND c.story_id IS NOT NULL AND c.role != 'requisite';
INSERT OR IGNORE INTO temp.others SELECT 'story', v.story_id FROM temp.others o CROSS JOIN {{db}}.captures c
    CROSS JOIN {{db}}.sightings s CROSS JOIN {{db}}.versions v
    WHERE o.kind = 'capture' AND c.record_id = o.name AND s.capture_id = c.id AND v.id = s.version_id;
INSERT OR IGNORE INTO temp.others SELECT 'story', v.story_id FROM temp.others o CROSS JOIN {{db}}.stored_images i
    CROSS JOIN {{db}}.versions v WHERE o.kind = 'key' AND {of_key("key_hash(o.name)", "o.name")} AND v.id = i.version_id;
"""
"""Captures that other readers read, or that were given up, and what the rows of their keys and stories follow from."""


@frozen(kw_only=True)
class Table:
    """One table that can be rebuilt, and how its rows are known again."""

    name: str
    key: tuple[str, ...]
    """Columns that say which row it is, references by name."""
    capture: str = "NULL"
    """SQL: record_id of the capture that a row comes from."""
    story: str = "NULL"
    """SQL: the story a row belongs to."""
    where: str = "1"
    """SQL: which rows are compared."""
    whole: str = "1"
    """SQL: which of them where all are compared."""
    sampled: str
    """SQL: which of them where only a sample is."""
    columns: tuple[str, ...] = ()
    """Columns that are compared; if none are named, all but row numbers and `run_id`."""


TABLES = (
    Table(
        name="captures", key=("record_id",), capture="t.record_id", story="t.story_id", where="t.state = 'ok'",
        sampled=f"t.record_id {_CAPTURES}",
    ),
    Table(name="stories", key=("id",), story="t.id", whole=f"t.id NOT IN {_WITH_LOST}", sampled=f"t.id {_STORIES}"),
    Table(
        name="versions", key=("story_id", "text_digest"), capture=_CAPTURE, story="t.story_id", whole=f"t.story_id NOT IN {_WITH_LOST}",
        sampled=f"t.story_id {_STORIES}",
    ),
    Table(name="sightings", key=("capture_id",), capture=_CAPTURE, story=_STORY, where=_HELD, sampled=_OF_CAPTURES),
    Table(
        name="images", key=("version_id", "n"), story=_STORY, whole=f"{_STORY} NOT IN {_WITH_LOST}",
        sampled=f"t.version_id IN (SELECT v.id FROM {{db}}.versions v WHERE v.story_id {_STORIES})",
    ),
    Table(
        name="search_facets", key=("version_id",), story=_STORY, whole=f"{_STORY} NOT IN {_WITH_LOST}",
        sampled=f"t.version_id IN (SELECT v.id FROM {{db}}.versions v WHERE v.story_id {_STORIES})",
    ),
    Table(
        name="events", key=("story_id", "kind", "date", "record_id"), capture="t.record_id", story="t.story_id",
        whole=f"t.story_id NOT IN {_WITH_LOST}", sampled=f"t.story_id {_STORIES}", columns=COMPARED,
    ),
    Table(name="denials", key=("capture_id",), capture=_CAPTURE, story="t.story_id", where=_HELD, sampled=_OF_CAPTURES),
    Table(name="imprints", key=("capture_id",), capture=_CAPTURE, where=_HELD, sampled=_OF_CAPTURES),
    Table(
        name="failures", key=("url", "date", "attempt", "reason"), capture=_CAPTURE, story="t.story_id", where=_HELD, sampled=_OF_CAPTURES
    ),
    Table(name="links", key=("capture_id", "position"), capture=_CAPTURE, where=_READ, sampled=_OF_CAPTURES),
    Table(name="listed", key=("capture_id",), capture=_CAPTURE, where=_READ, sampled=_OF_CAPTURES),
    Table(
        name="comparisons", key=("story_id", "date", "host", "other_host", "capture_id"), capture=_CAPTURE, story="t.story_id",
        whole=f"t.story_id NOT IN {_WITH_LOST}", sampled=f"t.story_id {_STORIES}",
    ),
    Table(
        name="divergences", key=("story_id", "host", "other_host", "first_seen"), capture=_CAPTURE, story="t.story_id",
        whole=f"t.story_id NOT IN {_WITH_LOST}", sampled=f"t.story_id {_STORIES}",
    ),
    Table(
        name="announced", key=("story_id",), capture=_CAPTURE, story="t.story_id", where=_READ,
        whole=f"t.story_id NOT IN {_ANNOUNCED_LOST}", sampled="0",
    ),
    Table(
        name="frontier", key=("key",), capture="t.validates", story="t.story_id",
        where=f"t.validates IS NOT NULL AND t.role IN ('story', 'requisite', 'page') AND {SETTLED}", sampled=f"t.key {_KEYS}",
        columns=("key", "site", "role", "story_id", "language", "etag", "last_modified", "validates", "validates_host"),
    ),
)  # fmt: skip
"""Every table that the WARCs alone give back; of the frontier what is known of stories, pages and pictures, with their validators."""


@frozen(kw_only=True)
class Difference:
    """One row that differs between an index and the one made anew."""

    table: str
    key: tuple[Value, ...]
    """Values that identify the row."""
    what: str
    record_id: str | None
    """The capture that the row comes from."""
    story: str | None
    of_readers: bool
    """It is in parsed values only, and other readers parsed it, or either gave it up."""


@frozen(kw_only=True)
class _Row:
    values: tuple[Value, ...]
    record_id: str | None
    story: str | None


@frozen
class Comparison:
    """An index and one rebuilt from the same WARCs, in one connection."""

    conn: sqlite3.Connection
    sample: Sample | None = None
    """The sample that is compared; None for all rows."""

    @classmethod
    def of(cls, index: Path, fresh: Path, sample: Sample | None = None) -> Comparison:
        """Open two files; close what `conn` holds when done."""
        conn = open_database(index, readonly=True)
        conn.execute("PRAGMA query_only = OFF")  # the file stays read only; the sample is a table in memory
        conn.execute(f"ATTACH ? AS {FRESH}", [f"{fresh.absolute().as_uri()}?mode=ro"])
        if sample is not None:
            conn.execute("CREATE TEMP TABLE sample (kind TEXT, name TEXT)")
            names = [*(("key", key) for key in sample.keys), *(("story", story) for story in sample.stories)]
            names += [("capture", one.record_id) for one in sample.captures.values() if one.key in sample.keys]
            conn.executemany("INSERT INTO temp.sample VALUES (?, ?)", names)
        conn.create_function("key_hash", 1, key_hash, deterministic=True)
        conn.executescript(_OTHERS + "".join(_OTHERS_OF.format(db=db) for db in ("main", FRESH)))
        return cls(conn, sample)

    def place_of(self, record_id: str) -> tuple[str, int] | None:
        """WARC and offset of a capture, by the index, else by the WARCs."""
        for db in ("main", FRESH):
            for row in self.conn.execute(f"SELECT warc, offset FROM {db}.captures WHERE record_id = ?", [record_id]):
                return str(row[0]), int(row[1])
        return None

    def differences(self) -> Iterator[Difference]:
        """Yield the differences, table by table."""
        for table in TABLES:
            names = table.columns or self._columns(table.name)
            old, new = self._only(table, names, "main", FRESH), self._only(table, names, FRESH, "main")
            keys = sorted(old.keys() | new.keys(), key=str)
            for key in keys:
                yield self._difference(table, names, key, old.get(key), new.get(key))

    def _columns(self, table: str) -> tuple[str, ...]:
        rows = self.conn.execute(f"SELECT name, type FROM pragma_table_info(?, '{FRESH}')", [table])
        return tuple(name for name, kind in rows if name != _READERS and (name not in _NUMBERS or kind != "INTEGER"))

    def _only(self, table: Table, names: tuple[str, ...], one: str, other: str) -> dict[tuple[Value, ...], _Row]:
        """The rows of one index that the other has not."""
        columns = ", ".join(f"{_REFERENCES.get(name, f't.{name}')} AS {name}" for name in names)
        origin = f"{table.capture} AS capture_of_row, {table.story} AS story_of_row"
        where = f"{table.where} AND {table.sampled if self.sample is not None else table.whole}"
        # The origin follows from the row, so it never makes a difference.
        rows = f"SELECT {columns}, {origin} FROM {{db}}.{table.name} t WHERE {where}"
        sql = f"{rows.format(db=one)} EXCEPT {rows.format(db=other)}"
        places = [names.index(name) for name in table.key]
        found: dict[tuple[Value, ...], _Row] = {}
        with closing(self.conn.execute(sql)) as cursor:
            for row in cursor:
                found[tuple(row[place] for place in places)] = _Row(values=row[:-2], record_id=row[-2], story=row[-1])
        return found

    def _difference(
        self, table: Table, names: tuple[str, ...], key: tuple[Value, ...], old: _Row | None, new: _Row | None
    ) -> Difference:  # fmt: skip
        row = new or old
        assert row is not None
        what, changed = _describe(names, old, new)
        if table.name == "captures":
            theirs = bool(changed) and not _RECORDED.intersection(changed) and self._is_other("capture", row.record_id)
            theirs = theirs or (changed == ("read_state",) and self._is_other("key", row.values[names.index("key")]))
        elif table.name == "frontier":
            theirs = self._is_other("key", key[0])
        elif table.name == "failures" and row.record_id is None:
            theirs = False
        else:
            theirs = any(self._is_other("story", one.story) or self._is_by_other_readers(one.record_id) for one in (old, new) if one)
        return Difference(table=table.name, key=key, what=what, record_id=row.record_id, story=row.story, of_readers=theirs)

    def _is_by_other_readers(self, record_id: str | None) -> bool:
        """Test if a capture or another of its key was read by other readers.

        Of several cut answers one stands for all.
        """
        sql = "SELECT 1 FROM main.captures c JOIN temp.others o ON o.kind = 'key' AND o.name = c.key WHERE c.record_id = ? LIMIT 1"
        return record_id is not None and self.conn.execute(sql, [record_id]).fetchone() is not None

    def _is_other(self, kind: str, name: Value) -> bool:
        sql = "SELECT 1 FROM temp.others WHERE kind = ? AND name = ?"
        return name is not None and self.conn.execute(sql, [kind, name]).fetchone() is not None


def _describe(names: tuple[str, ...], old: _Row | None, new: _Row | None) -> tuple[str, tuple[str, ...]]:
    """Describe the difference of a row; no columns if one index lacks it."""
    if old is None or new is None:
        return "is missing from the index" if old is None else "is in the index, and no WARC gives it", ()
    pairs = [(name, a, b) for name, a, b in zip(names, old.values, new.values, strict=True) if a != b]
    what = "; ".join(f"{name} is {_short(a)} in the index, {_short(b)} by the WARCs" for name, a, b in pairs)
    return what, tuple(name for name, _, _ in pairs)


def _short(value: Value) -> str:
    text = repr(value)
    return text if len(text) <= MAX_VALUE else f"{text[:MAX_VALUE]}..."

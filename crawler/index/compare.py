"""Compare an index with one made anew from the same WARCs: row by row, but for row numbers and `run_id`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from attrs import field, frozen

from crawler import __version__
from crawler.index.opening import open_database
from crawler.index.rows import Value
from crawler.index.sample import Sample

FRESH = "fresh"
"""The schema under which the index made anew is attached."""
MOST = 100
"""Differences of one table that are told one by one."""
MAX_VALUE = 80
"""Characters of a value that are told."""

_CAPTURE = "(SELECT c.record_id FROM {db}.captures c WHERE c.id = t.capture_id)"
_VERSION = "(SELECT v.story_id || ' ' || v.text_digest FROM {db}.versions v WHERE v.id = t.version_id)"
_STORY = "(SELECT v.story_id FROM {db}.versions v WHERE v.id = t.version_id)"
_REFERENCES = {"capture_id": _CAPTURE, "version_id": _VERSION}
"""What stands for columns that hold row numbers of other tables."""
_NUMBERS = ("id", "run_id")
_HELD = "(t.capture_id IS NULL OR (SELECT c.state = 'ok' FROM {db}.captures c WHERE c.id = t.capture_id))"
_READ = "(SELECT c.state = 'ok' AND c.read_state != 'unread' FROM {db}.captures c WHERE c.id = t.capture_id)"
_SETTLED = (
    "(EXISTS (SELECT 1 FROM main.frontier f WHERE f.key = t.key AND f.state NOT IN ('queued', 'leased', 'captured')"
    " AND NOT EXISTS (SELECT 1 FROM main.captures c WHERE c.record_id = f.validates AND c.state = 'lost'))"
    " OR (NOT EXISTS (SELECT 1 FROM main.frontier f WHERE f.key = t.key)"
    " AND EXISTS (SELECT 1 FROM main.captures c WHERE c.key = t.key AND c.run_id IS NOT NULL)))"
)
"""What a replay brought in has no errand; what is on its way is known only when it has come."""
_WITH_LOST = (
    "(SELECT c.story_id FROM main.captures c WHERE c.state = 'lost' AND c.story_id IS NOT NULL UNION SELECT v.story_id FROM main.captures c"
    " JOIN main.sightings s ON s.capture_id = c.id JOIN main.versions v ON v.id = s.version_id WHERE c.state = 'lost')"
)
"""Stories of which a capture is lost: what it showed is kept, and no WARC says it any more."""
_KEYS = "IN (SELECT name FROM temp.sample WHERE kind = 'key')"
_STORIES = "IN (SELECT name FROM temp.sample WHERE kind = 'story')"
_OF_KEYS = f"t.capture_id IN (SELECT c.id FROM {{db}}.captures c WHERE c.key {_KEYS})"
_BY_VERSION = {"read_state", "cut_at"}
"""Columns of captures that follow from how they are read, or that earlier versions did not fill."""


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
    """Columns that are compared; all but row numbers and `run_id` where none are named."""


TABLES = (
    Table(name="captures", key=("record_id",), capture="t.record_id", story="t.story_id", where="t.state = 'ok'", sampled=f"t.key {_KEYS}"),
    Table(name="stories", key=("id",), story="t.id", whole=f"t.id NOT IN {_WITH_LOST}", sampled=f"t.id {_STORIES}"),
    Table(
        name="versions", key=("story_id", "text_digest"), capture=_CAPTURE, story="t.story_id", whole=f"t.story_id NOT IN {_WITH_LOST}",
        sampled=f"t.story_id {_STORIES}",
    ),
    Table(name="sightings", key=("capture_id",), capture=_CAPTURE, story=_STORY, where=_HELD, sampled=_OF_KEYS),
    Table(
        name="images", key=("version_id", "n"), story=_STORY, whole=f"{_STORY} NOT IN {_WITH_LOST}",
        sampled=f"t.version_id IN (SELECT v.id FROM {{db}}.versions v WHERE v.story_id {_STORIES})",
    ),
    Table(name="imprints", key=("capture_id",), capture=_CAPTURE, where=_HELD, sampled=_OF_KEYS),
    Table(
        name="failures", key=("url", "date", "attempt", "reason"), capture=_CAPTURE, story="t.story_id", where=_HELD, sampled=_OF_KEYS
    ),
    Table(name="links", key=("capture_id", "position"), capture=_CAPTURE, where=_READ, sampled=_OF_KEYS),
    Table(
        name="frontier", key=("key",), capture="t.validates", story="t.story_id",
        where=f"t.validates IS NOT NULL AND t.role IN ('story', 'requisite', 'page') AND {_SETTLED}", sampled=f"t.key {_KEYS}",
        columns=("key", "site", "role", "story_id", "language", "etag", "last_modified", "validates", "validates_host"),
    ),
)  # fmt: skip
"""Every table that the WARCs alone give back; of the frontier what is known of stories, pages and pictures, with their validators."""


@frozen(kw_only=True)
class Difference:
    """One row that differs between an index and the one made anew."""

    table: str
    key: tuple[Value, ...]
    """What the row is known by."""
    what: str
    record_id: str | None
    """The capture that the row comes from."""
    story: str | None
    of_reading: bool
    """Whether it is in what was read from a page, not in what was recorded: another version of the readers may read another thing."""


@frozen(kw_only=True)
class _Row:
    values: tuple[Value, ...]
    record_id: str | None
    story: str | None


@frozen
class Comparison:
    """An index, and one made anew of the same WARCs, in one connection that reads both."""

    conn: sqlite3.Connection
    sample: Sample | None = None
    """What is compared; all where there is none."""
    counts: dict[str, int] = field(factory=dict, init=False)
    """Rows that differ, by table: filled as they are looked for."""

    @classmethod
    def of(cls, index: Path, fresh: Path, sample: Sample | None = None) -> Comparison:
        """Open two files; close what `conn` holds when done."""
        conn = open_database(index, readonly=True).conn
        conn.execute("PRAGMA query_only = OFF")  # the file stays read only; the sample is a table in memory
        conn.execute(f"ATTACH ? AS {FRESH}", [f"{fresh.absolute().as_uri()}?mode=ro"])
        if sample is not None:
            conn.execute("CREATE TEMP TABLE sample (kind TEXT, name TEXT)")
            names = [*(("key", key) for key in sample.keys), *(("story", story) for story in sample.stories)]
            conn.executemany("INSERT INTO temp.sample VALUES (?, ?)", names)
        return cls(conn, sample)

    def older_readers(self) -> list[str]:
        """The other versions of this software by which versions in the index were read."""
        only = f" AND story_id {_STORIES}" if self.sample is not None else ""
        sql = f"SELECT DISTINCT reader_version FROM main.versions WHERE reader_version IS NOT ?{only} ORDER BY 1"
        return [str(row[0]) for row in self.conn.execute(sql, [__version__])]

    def place_of(self, record_id: str) -> tuple[str, int] | None:
        """WARC and offset of a capture, by the index or, where it has none, by the WARCs."""
        for db in ("main", FRESH):
            for row in self.conn.execute(f"SELECT warc, offset FROM {db}.captures WHERE record_id = ?", [record_id]):
                return str(row[0]), int(row[1])
        return None

    def differences(self) -> Iterator[Difference]:
        """What differs, table by table, of each the first."""
        for table in TABLES:
            names = table.columns or self._columns(table.name)
            old, new = self._only(table, names, "main", FRESH), self._only(table, names, FRESH, "main")
            keys = sorted(old.keys() | new.keys(), key=str)
            self.counts[table.name] = len(keys)
            for key in keys[:MOST]:
                yield _difference(table, names, key, old.get(key), new.get(key))

    def _columns(self, table: str) -> tuple[str, ...]:
        rows = self.conn.execute(f"SELECT name, type FROM pragma_table_info(?, '{FRESH}')", [table])
        return tuple(name for name, kind in rows if name not in _NUMBERS or kind != "INTEGER")

    def _only(self, table: Table, names: tuple[str, ...], one: str, other: str) -> dict[tuple[Value, ...], _Row]:
        """The rows of one index that the other has not."""
        columns = ", ".join(f"{_REFERENCES.get(name, f't.{name}')} AS {name}" for name in names)
        told = f"{table.capture} AS told_capture, {table.story} AS told_story"
        where = f"{table.where} AND {table.sampled if self.sample is not None else table.whole}"
        # What is told follows from the row: it is the same in both where the row is.
        rows = f"SELECT {columns}, {told} FROM {{db}}.{table.name} t WHERE {where}"
        sql = f"{rows.format(db=one)} EXCEPT {rows.format(db=other)}"
        places = [names.index(name) for name in table.key]
        found: dict[tuple[Value, ...], _Row] = {}
        with closing(self.conn.execute(sql)) as cursor:
            for row in cursor:
                found[tuple(row[place] for place in places)] = _Row(values=row[:-2], record_id=row[-2], story=row[-1])
        return found


def _difference(table: Table, names: tuple[str, ...], key: tuple[Value, ...], old: _Row | None, new: _Row | None) -> Difference:
    row = new or old
    assert row is not None
    changed: tuple[str, ...] = ()
    if old is None:
        what = "is missing from the index"
    elif new is None:
        what = "is in the index, and no WARC gives it"
    else:
        pairs = [(name, a, b) for name, a, b in zip(names, old.values, new.values, strict=True) if a != b]
        changed = tuple(name for name, _, _ in pairs)
        what = "; ".join(f"{name} is {_short(a)} in the index, {_short(b)} by the WARCs" for name, a, b in pairs)
    recorded = table.name == "captures" and not (changed and set(changed) <= _BY_VERSION)
    bare = table.name == "failures" and row.record_id is None
    return Difference(table=table.name, key=key, what=what, record_id=row.record_id, story=row.story, of_reading=not (recorded or bare))


def _short(value: Value) -> str:
    text = repr(value)
    return text if len(text) <= MAX_VALUE else f"{text[:MAX_VALUE]}..."

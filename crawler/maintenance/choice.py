"""Choice of captures to be read again, with those whose rows follow from them."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from attrs import frozen

from crawler.collection.layout import find_warc
from crawler.errors import SetupError
from crawler.formatting import counted
from crawler.index.cut import IS_CUT
from crawler.index.index import Index
from crawler.index.rows import Value, iso
from crawler.schema.capture_keys import has_key

_OF_STORY = (
    "c.id IN (SELECT id FROM captures WHERE story_id = ?1 UNION ALL SELECT s.capture_id FROM versions v"
    " JOIN sightings s ON s.version_id = v.id WHERE v.story_id = ?1)"
)
_OF_TEMPLATE = "c.id IN (SELECT s.capture_id FROM versions v JOIN sightings s ON s.version_id = v.id WHERE v.template = ?2)"
_TABLES = """
CREATE TEMP TABLE chosen (id INTEGER PRIMARY KEY);
CREATE TEMP TABLE touched (story TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE series (key TEXT PRIMARY KEY) WITHOUT ROWID;
"""
_SHOWN = "SELECT v.story_id FROM temp.chosen k CROSS JOIN sightings s ON s.capture_id = k.id CROSS JOIN versions v ON v.id = s.version_id"
_ASKED = (
    "SELECT c.story_id FROM temp.chosen k CROSS JOIN captures c ON c.id = k.id"
    " CROSS JOIN stories t ON t.id = c.story_id WHERE c.role != 'requisite'"
)
_GROW = (
    f"INSERT OR IGNORE INTO temp.touched {_SHOWN}",
    f"INSERT OR IGNORE INTO temp.touched {_ASKED}",
    "INSERT OR IGNORE INTO temp.chosen SELECT c.id FROM temp.touched t"
    " CROSS JOIN captures c ON c.story_id = t.story WHERE c.role != 'requisite'",
    "INSERT OR IGNORE INTO temp.chosen SELECT s.capture_id FROM temp.touched t CROSS JOIN versions v ON v.story_id = t.story"
    " CROSS JOIN sightings s ON s.version_id = v.id",
    # A 304 shows what its original shows, also where that is another story's.
    "INSERT OR IGNORE INTO temp.chosen SELECT o.id FROM temp.chosen k CROSS JOIN captures c ON c.id = k.id"
    " CROSS JOIN captures o ON o.revisit_of = c.record_id AND o.record_type = 'revisit' WHERE o.status = 304",
    # Of several attempts one stands for all.
    "INSERT OR IGNORE INTO temp.series SELECT DISTINCT c.key FROM temp.chosen k CROSS JOIN captures c ON c.id = k.id",
    f"INSERT OR IGNORE INTO temp.chosen SELECT c.id FROM temp.series r CROSS JOIN captures c ON {has_key('r.key', 'c.')}"
    f" WHERE EXISTS (SELECT 1 FROM captures WHERE {has_key('r.key')} AND (attempt > 1 OR {IS_CUT}))",
)
"""SQL that adds to the captures chosen, repeated until nothing is added; each begins with what is chosen, which may be little of much."""


@frozen(kw_only=True)
class Choice:
    """Captures to be read again: those that meet every condition that is set."""

    since: datetime | None = None
    """Captured at this time or later."""
    story: str | None = None
    """Asked for as a page or picture of this story, or showing it."""
    template: str | None = None
    """Showing a version that was read with this template."""
    unread: bool = False
    """Not read yet."""

    def check(self, index: Index) -> None:
        """Refuse a template that nothing was read with.

        Raises:
            SetupError: It names those that there are.
        """
        if self.template is None:
            return
        known = [row[0] for row in index.query("SELECT DISTINCT template FROM versions WHERE template IS NOT NULL ORDER BY 1")]
        if self.template not in known:
            raise SetupError(f"nothing was read with template {self.template!r}; there are: {', '.join(known) or 'none'}")

    def row_numbers(self, index: Index, *, warc: str | None = None) -> array[int]:
        """Row numbers of the captures, by date.

        Args:
            warc: Only those in the file of that name.
        """
        where, values = self._where()
        if warc is not None:
            where, values = f"{where} AND c.warc = ?4", [*values, warc]
        return index.row_numbers(f"SELECT c.id FROM captures c WHERE {where} ORDER BY c.date, c.record_id", values)

    def _where(self) -> tuple[str, list[Value]]:
        values: list[Value] = [self.story, self.template, iso(self.since) if self.since else None]
        unread = "c.read_state = 'unread'"
        named = ((self.story, _OF_STORY), (self.template, _OF_TEMPLATE), (self.since, "c.date >= ?3"), (self.unread, unread))
        return " AND ".join(["c.state = 'ok' AND ?1 IS ?1 AND ?2 IS ?2 AND ?3 IS ?3", *(sql for value, sql in named if value)]), values

    def check_files(self, index: Index, path: Path) -> None:
        """Refuse if a file in which captures lie is not there.

        Raises:
            SetupError: It names the first.
        """
        where, values = self._where()
        refuse_absent(index, path, f"SELECT c.* FROM captures c WHERE {where}", values)

    def put(self, index: Index, *, dependents: bool = False, unfinished: bool = False) -> None:
        """Put the captures into `temp.chosen`, if wanted with all that depend on them.

        The stories of these are put into `temp.touched`. What a version says is from the first capture that shows it, and the state of a
        story from the last, so a story is read again whole.

        Args:
            unfinished: With them what an earlier re-reading has begun.
        """
        index.conn.execute("PRAGMA query_only = OFF")  # the file stays read-only; the tables are temporary
        index.conn.executescript(_TABLES)
        where, values = self._where()
        index.conn.execute(f"INSERT INTO temp.chosen SELECT c.id FROM captures c WHERE {where}", values)
        if unfinished:
            index.conn.execute("INSERT OR IGNORE INTO temp.chosen SELECT id FROM main.reread_done")
            index.conn.execute("INSERT INTO temp.touched SELECT story FROM main.reread_stories")
        before = -1
        while dependents and before != (before := index.query("SELECT count(*) FROM temp.chosen")[0][0]):
            for sql in _GROW:
                index.conn.execute(sql)


def refuse_absent(index: Index, path: Path, captures: str, values: Sequence[Value] = ()) -> None:
    """Refuse to read captures whose file, or whose original's, is missing.

    What was read of them would be lost.

    Args:
        path: Of the collection.
        captures: SQL: their rows.
    Raises:
        SetupError: A file is missing.
    """
    named = f"WITH some AS ({captures}) SELECT warc, count(*) FROM (SELECT warc FROM some UNION ALL SELECT o.warc FROM some"
    sql = f"{named} CROSS JOIN captures o ON o.record_id = some.revisit_of WHERE some.status IS NOT 304) GROUP BY warc ORDER BY warc"
    for name, count in index.query(sql, values):
        if not find_warc(path, name).exists():
            lying = counted(count, "capture to be read lies", "captures to be read lie")
            raise SetupError(f"{path}: {lying} in {name}, which is not there: put it back; nothing was changed")

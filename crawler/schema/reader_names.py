"""Names of readers as `stored_versions.read_by` holds them: a character for each field and reader."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

READER_NAMES = """
CREATE TABLE reader_names ( -- Which readers found which fields, each named by a character in stored_versions.read_by.
    id INTEGER PRIMARY KEY, -- Row number; the character is that of 160 + id.
    field TEXT NOT NULL, -- The field.
    reader TEXT NOT NULL, -- The reader's name.
    UNIQUE (field, reader)
)"""
_FIRST = 160
_MOST = 30_000
"""Names that have a character below the surrogates; further ones are written out."""

SHOWN_READ_BY = f"""iif(substr(v.read_by, 1, 1) = '{{', v.read_by, (SELECT json_group_object(r.field, r.reader)
      FROM (SELECT field, reader FROM reader_names WHERE instr(v.read_by, char({_FIRST} + id)) ORDER BY field) r))"""
"""SQL: the JSON object of a row `v` with a packed `read_by`."""


class ReaderNames:
    """Characters of the readers of one index, in memory."""

    def __init__(self) -> None:
        self._characters: dict[tuple[str, str], str] = {}

    def forget(self) -> None:
        """Forget what is in memory: a transaction was rolled back, and rows with it."""
        self._characters.clear()

    def pack(self, conn: sqlite3.Connection, read_by: Mapping[str, str], plain: str) -> str:
        """Name the readers of an article's fields, inside a transaction.

        Args:
            plain: The same as JSON, for what has no character.
        """
        known = self._characters
        found = [known.get(pair) or self._character(conn, pair) for pair in read_by.items()]
        if "" in found:
            return plain
        found.sort()
        return "".join(found)

    def _character(self, conn: sqlite3.Connection, pair: tuple[str, str]) -> str:
        """The character of a field and its reader; empty where there is none."""
        if not all(name.isprintable() for name in pair):
            return ""  # JSON escapes it in more than one way
        find = "SELECT id FROM reader_names WHERE field = ? AND reader = ?"
        row = conn.execute(find, pair).fetchone()
        if row is None:
            (last,) = conn.execute("SELECT coalesce(max(id), 0) FROM reader_names").fetchone()
            if last >= _MOST:
                return ""
            conn.execute("INSERT INTO reader_names (field, reader) VALUES (?, ?)", pair)
            row = conn.execute(find, pair).fetchone()
        self._characters[pair] = chr(_FIRST + row[0])
        return self._characters[pair]

"""Comparison of the full text with its rows, word by word."""

from __future__ import annotations

import sqlite3

from crawler.fulltext.rows import FULL_TEXT, folded_texts
from crawler.fulltext.tables import IMAGES_FTS, VERSIONS_FTS

_BATCH = 2000
"""Rows that are cut into words together."""
_WORDS = "SELECT term, count(*), sum((doc % 1000003 + 1) * (offset % 1009 + 1)) FROM"
"""How often a word is there, and where; small enough that no sum leaves 64 bits."""
_DDL = {"versions": VERSIONS_FTS, "images": IMAGES_FTS}


def full_text_faults(conn: sqlite3.Connection) -> list[str]:
    """List full-text tables that are damaged or differ; takes the write lock a while."""
    problems = []
    for table in FULL_TEXT:
        search = f"{table}_fts"
        try:
            conn.execute(f"INSERT INTO {search}({search}) VALUES ('integrity-check')")
            differs = _differs(conn, table)
        except sqlite3.DatabaseError as error:
            damaged = error.sqlite_errorcode == sqlite3.SQLITE_CORRUPT_VTAB
            problems.append(f"{search}: damaged{'' if damaged else f' ({error})'}; `scrapy reindex` makes it anew")
            continue
        if differs:
            problems.append(f"{search}: differs from table {table}")
    return problems


def _differs(conn: sqlite3.Connection, table: str) -> bool:
    """Test if the words that FTS5 holds are not those of the rows.

    FTS5 would compare them with the texts as they are, which hold other words than the folded ones. So a table of the same kind cuts them
    into words, some at a time: each row must have as many words in each column, and each word must be there as often, and at places in rows
    that add up to the same number.
    """
    for name, statement in _twins(table):
        conn.execute(f"DROP TABLE IF EXISTS temp.{name}")
        conn.execute(statement)
    outermost = not conn.in_transaction
    if outermost:
        conn.execute("BEGIN")
    try:
        return _has_other_words(conn, table)
    finally:
        if outermost:
            conn.execute("ROLLBACK")
        for name, _ in reversed(_twins(table)):
            conn.execute(f"DROP TABLE IF EXISTS temp.{name}")


def _has_other_words(conn: sqlite3.Connection, table: str) -> bool:
    names, last = ", ".join(FULL_TEXT[table]), -(2**63)
    insert = f"INSERT INTO temp.twin(rowid, {names}) VALUES (?, {', '.join('?' * len(FULL_TEXT[table]))})"
    twin, held = (f"SELECT id, sz FROM {one}_docsize WHERE id > ? AND id <= ? ORDER BY id" for one in ("temp.twin", f"{table}_fts"))
    words: dict[str, tuple[int, int]] = {}
    while rows := conn.execute(f"SELECT id, {names} FROM {table} WHERE id > ? ORDER BY id LIMIT {_BATCH}", [last]).fetchall():
        conn.executemany(insert, ((row[0], *folded_texts(table, row[1:])) for row in rows))
        span = [last, rows[-1][0]]
        if conn.execute(twin, span).fetchall() != conn.execute(held, span).fetchall():
            return True
        for word, times, places in conn.execute(f"{_WORDS} temp.twin_words GROUP BY term"):
            before = words.get(word, (0, 0))
            words[word] = before[0] + times, before[1] + places
        conn.execute("INSERT INTO temp.twin(twin) VALUES ('delete-all')")
        last = rows[-1][0]
    if conn.execute(f"SELECT 1 FROM {table}_fts_docsize WHERE id > ? LIMIT 1", [last]).fetchone():
        return True
    for word, times, places in conn.execute(f"{_WORDS} temp.held_words GROUP BY term"):
        if words.pop(word, None) != (times, places):
            return True
    return bool(words)


def _twins(table: str) -> tuple[tuple[str, str], ...]:
    ddl = "\n".join(line.partition(" -- ")[0] for line in _DDL[table].splitlines()).strip()
    twin = ddl.replace(f"CREATE VIRTUAL TABLE {table}_fts", "CREATE VIRTUAL TABLE temp.twin")
    return (
        ("twin", twin.replace(f'content="{table}", content_rowid="id"', "content=''")),
        ("twin_words", "CREATE VIRTUAL TABLE temp.twin_words USING fts5vocab('temp', 'twin', 'instance')"),
        ("held_words", f"CREATE VIRTUAL TABLE temp.held_words USING fts5vocab('main', '{table}_fts', 'instance')"),
    )

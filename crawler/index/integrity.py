"""Integrity of an index: pages, references, totals, rows of the full text."""

from __future__ import annotations

import sqlite3

from crawler.index.full_text import FULL_TEXT
from crawler.index.snapshot import snapshot
from crawler.schema.totals import COUNTED, TALLIED
from crawler.views.credit_folding import fold_credit
from crawler.views.gallery import GALLERY_ROWS

_SHOWN = {"stored_versions": "versions", "link_lists": "links", "stored_images": "images"}
"""Tables that are known by the views that show them."""


def integrity(conn: sqlite3.Connection) -> list[str]:
    """List faults of the file, without the words of the full text.

    Others may write meanwhile.
    """
    problems: list[str] = []
    for check in (_pages, _references, _indexed, _counted, _listed):
        try:
            with snapshot(conn):
                problems += check(conn)
        except sqlite3.DatabaseError as error:
            problems.append(f"{check.__name__.strip('_')} cannot be checked: {error}")
    return problems


def _pages(conn: sqlite3.Connection) -> list[str]:
    return [line for (line,) in conn.execute("PRAGMA integrity_check").fetchall() if line != "ok"]


def _references(conn: sqlite3.Connection) -> list[str]:
    rows = conn.execute("PRAGMA foreign_key_check").fetchall()
    # Tables without row numbers (links) give none.
    return [
        f"{_SHOWN.get(table, table)}, row {row or 'unnumbered'}: refers to a row of {_SHOWN.get(parent, parent)} that is not there"
        for table, row, parent, _ in rows
    ]


def _indexed(conn: sqlite3.Connection) -> list[str]:
    """List rows without full text, and full text without a row."""
    problems = []
    for table in FULL_TEXT:
        search = f"{table}_fts"
        for sql, what in (
            (f"SELECT id FROM {table} EXCEPT SELECT id FROM {search}_docsize", "no full text"),
            (f"SELECT id FROM {search}_docsize EXCEPT SELECT id FROM {table}", "full text of a row that is not there"),
        ):
            problems += [f"{table}, row {row}: {what}" for (row,) in conn.execute(sql).fetchall()]
    return problems


def _counted(conn: sqlite3.Connection) -> list[str]:
    """List totals that differ from the rows."""
    kept = conn.execute("SELECT * FROM totals").fetchone()
    counted = (1, *(value for sql in COUNTED for value in conn.execute(sql).fetchone()))
    problems = [] if kept == counted else [f"totals: {kept} in the index, {counted} by its rows"]
    tallies = conn.execute("SELECT kind, name, count FROM tallies ORDER BY 1, 2").fetchall()
    return problems + ([] if tallies == conn.execute(TALLIED).fetchall() else ["tallies: differ from the rows"])


def _listed(conn: sqlite3.Connection) -> list[str]:
    """List rows of the gallery that differ from its pictures, and credits folded otherwise."""
    held = "SELECT image_id, version_id, credit, agency, section, date FROM gallery"
    problems = [
        f"gallery, image {row}: {what}"
        for sql, what in (
            (f"SELECT DISTINCT id FROM ({GALLERY_ROWS} EXCEPT {held})", "not as its version says"),
            ("SELECT image_id FROM gallery EXCEPT SELECT i.id FROM stored_images i JOIN stored_versions v ON v.id = i.version_id"
             " WHERE v.newest", "of no newest version"),
        )
        for (row,) in conn.execute(sql).fetchall()
    ]  # fmt: skip
    forms = conn.execute("SELECT id, printed, folded FROM credit_forms")
    return problems + [f"credit_forms, row {row}: folded otherwise" for row, printed, folded in forms if fold_credit(printed) != folded]

"""Tables that list pictures of newest versions for counting, kept up by triggers."""

from __future__ import annotations

import sqlite3

from crawler.views.credit_folding import fold_credit

CREDIT_FORMS = """
CREATE TABLE credit_forms ( -- Credits and agencies as printed, and folded so that what differs in print only counts as one.
    id INTEGER PRIMARY KEY, -- Row number.
    kind TEXT NOT NULL, -- `credit` or `agency`.
    printed TEXT NOT NULL, -- As images have it.
    folded TEXT NOT NULL, -- Without what letter case, white space, Unicode forms and punctuation at the ends make of it.
    UNIQUE (kind, printed)
)"""

GALLERY = """
CREATE TABLE gallery ( -- The pictures of the newest version of each story, in short rows for lists and counts.
    image_id INTEGER PRIMARY KEY REFERENCES stored_images(id), -- The picture: row number in images.
    version_id INTEGER NOT NULL, -- The version: row number in versions.
    credit INTEGER REFERENCES credit_forms(id), -- Its credit; null for none.
    agency INTEGER REFERENCES credit_forms(id), -- Its agency; null for none.
    section TEXT, -- Section of the version.
    date TEXT NOT NULL -- When the version was published; if it does not say so, when it was first seen.
)"""

GALLERY_INDEXES = (
    "CREATE INDEX idx_credit_forms_folded ON credit_forms(kind, folded)",
    "CREATE INDEX idx_gallery_date ON gallery(date)",
    "CREATE INDEX idx_gallery_credit ON gallery(credit, date)",
    "CREATE INDEX idx_gallery_agency ON gallery(agency, date)",
    "CREATE INDEX idx_gallery_section ON gallery(section, date)",
)

KNOW_FORM = "INSERT INTO credit_forms (kind, printed, folded) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
"""SQL: add a printed credit or agency and its folded form; before the image, whose trigger folds less well."""
_FORM = (
    "INSERT INTO credit_forms (kind, printed, folded) SELECT '{kind}', NEW.{kind}, lower(trim(NEW.{kind}))"
    " WHERE NEW.{kind} != '' ON CONFLICT DO NOTHING;"
)
_FORMS = "".join(_FORM.format(kind=kind) for kind in ("credit", "agency"))
_ID = "(SELECT f.id FROM credit_forms f WHERE f.kind = '{kind}' AND f.printed = {row}.{kind})"
_NEWEST = "(SELECT newest FROM stored_versions WHERE id = NEW.version_id)"


def _date(row: str) -> str:
    return f"coalesce({row}.published, {row}.first_seen)"


def _rows(where: str) -> str:
    """SQL: rows of the gallery as images and versions say them."""
    ids = ", ".join(_ID.format(kind=kind, row="i") for kind in ("credit", "agency"))
    tables = "stored_images i JOIN stored_versions v ON v.id = i.version_id"
    return f"SELECT i.id, i.version_id, {ids}, v.section, {_date('v')} FROM {tables} WHERE {where}"


_OF_VERSION = "image_id IN (SELECT id FROM stored_images WHERE version_id = NEW.id)"

GALLERY_TRIGGERS = (
    f"CREATE TRIGGER gallery_added AFTER INSERT ON stored_images WHEN {_NEWEST} BEGIN {_FORMS}"
    f" INSERT INTO gallery {_rows('i.id = NEW.id')}; END",
    "CREATE TRIGGER gallery_removed BEFORE DELETE ON stored_images BEGIN DELETE FROM gallery WHERE image_id = OLD.id; END",
    f"CREATE TRIGGER gallery_changed AFTER UPDATE OF version_id, credit, agency ON stored_images BEGIN {_FORMS}"
    f" DELETE FROM gallery WHERE image_id = NEW.id; INSERT INTO gallery {_rows('i.id = NEW.id AND v.newest')}; END",
    "CREATE TRIGGER gallery_turned AFTER UPDATE OF newest ON stored_versions WHEN NEW.newest != OLD.newest BEGIN"
    f" DELETE FROM gallery WHERE {_OF_VERSION};"
    + "".join(
        f" INSERT INTO credit_forms (kind, printed, folded) SELECT '{kind}', {kind}, lower(trim({kind})) FROM stored_images"
        f" WHERE version_id = NEW.id AND NEW.newest AND {kind} != '' ON CONFLICT DO NOTHING;"
        for kind in ("credit", "agency")
    )
    + f" INSERT INTO gallery {_rows('i.version_id = NEW.id AND NEW.newest')}; END",
    "CREATE TRIGGER gallery_dated AFTER UPDATE OF published, first_seen, section ON stored_versions"
    f" WHEN NEW.newest AND (NEW.section, {_date('NEW')}) IS NOT (OLD.section, {_date('OLD')})"
    f" BEGIN UPDATE gallery SET section = NEW.section, date = {_date('NEW')} WHERE {_OF_VERSION}; END",
)

GALLERY_ROWS = _rows("v.newest")
"""SQL: the whole gallery by its images and versions."""


def make_gallery(conn: sqlite3.Connection) -> None:
    """Make the tables, and fill them from an index that lacks them."""
    for statement in (CREDIT_FORMS, GALLERY):
        conn.execute(statement.strip())
    for kind in ("credit", "agency"):
        printed = conn.execute(f"SELECT DISTINCT {kind} FROM stored_images WHERE {kind} != '' ORDER BY {kind}").fetchall()
        conn.executemany(KNOW_FORM, [(kind, text, fold_credit(text)) for (text,) in printed])
    conn.execute(f"INSERT INTO gallery {GALLERY_ROWS} ORDER BY i.id")
    for statement in (*GALLERY_INDEXES, *GALLERY_TRIGGERS):
        conn.execute(statement)

"""Plugin of Datasette: titles, descriptions, facets, queries and links for indexes of collections.

`datasette archives/presstv/index.db` needs no file of metadata so. Databases that are none of ours are left alone.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from copy import copy
from functools import lru_cache
from pathlib import Path
from typing import Any

from datasette import hookimpl
from markupsafe import Markup, escape

from crawler.publication.files import titles
from crawler.publication.metadata import canned_queries, table_metadata, table_names
from crawler.roomframe.addresses import Addresses, outer
from crawler.roomframe.database import address_of
from crawler.roomframe.room import is_ours
from crawler.schema.applied import applied_migrations

__all__ = ["canned_queries_of", "get_metadata", "render_cell", "startup"]

LARGE = 100_000_000
"""Bytes of an index, about 15,000 versions, above which no facet is counted unasked."""
MOST_CHARACTERS = 120
"""Of a text in a list of rows; the page of the row has it whole."""
_ASKED_OFTEN = frozenset({"allow", "allow_sql", "plugins", "tables"})
"""What Datasette looks up many times a page, and what is never here."""
_ROW_OF = {
    "capture_id": "captures", "capture_before_id": "captures", "last_capture_id": "captures", "missing_capture_id": "captures",
    "other_capture_id": "captures", "again_capture_id": "captures", "confirmed_capture_id": "captures", "restored_capture_id": "captures",
    "version_id": "stored_versions", "other_version_id": "stored_versions", "version_before_id": "stored_versions",
    "image_id": "stored_images", "run_id": "runs",
}  # fmt: skip
"""Columns that hold the number of a row, and its table."""


@hookimpl
def get_metadata(datasette: Any, key: str | None, database: str | None) -> dict[str, Any]:
    """Hook: metadata of our databases; new each time, since Datasette writes into them."""
    if key in _ASKED_OFTEN:
        return {}
    ours = {name: one for name, one in datasette.databases.items() if database in (None, name) and _is_index(one)}
    if not ours:
        return {}
    found: dict[str, Any] = {"databases": {name: _of_database(one) for name, one in ours.items()}}
    found["extra_css_urls"] = ["/-/room/datasette.css"]
    if len([name for name in datasette.databases if not name.startswith("_")]) == 1:
        found |= {key: next(iter(found["databases"].values()))[key] for key in ("title", "description")}
    return found


def _of_database(database: Any) -> dict[str, Any]:
    title, description = titles(Path(database.path).absolute().parent)
    large = _is_large(database)
    tables = {
        name: {key: copy(value) for key, value in table_metadata(name).items() if key != "facets" or not large} for name in table_names()
    }
    return {"title": title, "description": description, "tables": tables}


def _is_large(database: Any) -> bool:
    """Tell whether facets would be counted for seconds; those asked for are."""
    return Path(database.path).stat().st_size > LARGE


@hookimpl
def startup(datasette: Any) -> None:
    """Hook: suggest no facets of large indexes.

    Datasette tries each column for each page; a setting for all, so only where all databases are ours.
    """
    files = [database for name, database in datasette.databases.items() if not name.startswith("_")]
    if files and all(map(_is_index, files)) and any(map(_is_large, files)):
        datasette._settings["suggest_facets"] = False


@hookimpl(specname="canned_queries")
def canned_queries_of(datasette: Any, database: str) -> dict[str, Any]:
    """Hook: the usual questions."""
    return canned_queries() if _is_index(datasette.databases[database]) else {}


def _is_index(database: Any) -> bool:
    """Tell whether a database is an index of ours, by name and migrations."""
    return is_ours(database) and _is_migrated(str(database.path))


@lru_cache(maxsize=64)
def _is_migrated(path: str) -> bool:
    try:
        with closing(sqlite3.connect(address_of(Path(path)), uri=True)) as conn:
            return bool(applied_migrations(conn))
    except sqlite3.Error:
        return False


@hookimpl
def render_cell(row: Any, value: Any, column: str, table: str | None, database: str, datasette: Any) -> Any:
    """Hook: links to stories, rows and original pages; long texts cut to a few lines."""
    if value in (None, "") or not _is_index(datasette.databases[database]):
        return None
    if isinstance(value, bytes):
        return f"{len(value):,} bytes"  # a link to them fails in a view (Datasette 0.65)
    address = _address(Addresses(str(datasette.urls.database(database))), value, column, table)
    if address is not None:
        return _link(address, str(value))
    if isinstance(value, str) and table is not None and len(value) > MOST_CHARACTERS and not outer(value):
        return Markup("<span title='{}'>{}…</span>").format(f"{len(value):,} characters", value[:MOST_CHARACTERS].rstrip())
    return None


def _address(to: Addresses, value: Any, column: str, table: str | None) -> str | None:
    """Address of the story, proof sheet or row that a value names, or None."""
    if column == "story_id" or (table == "stories" and column == "id"):
        return to.story(str(value))
    if column in ("record_id", "record_id_before", "revisit_of") and str(value).startswith("urn:"):
        return to.proof(str(value))
    return f"{to.base}/{_ROW_OF[column]}/{value}" if column in _ROW_OF and isinstance(value, int) else None


def _link(address: str, text: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(escape(address), text)

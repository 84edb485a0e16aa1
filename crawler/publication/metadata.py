"""Metadata of a collection for Datasette: descriptions, labels, facets, orders, units, what is hidden."""

from __future__ import annotations

from functools import cache
from typing import Any

from crawler.publication.questions import QUESTIONS
from crawler.schema.described import TableDoc, describe

HIDDEN = (
    "_sqlite_migrations", "announced", "article_pages", "credit_forms", "gallery", "imprints", "link_bases", "link_lists", "link_words",
    "listed", "lists_to_announce", "offered_pages", "outbox", "reader_names", "stored_images", "stored_versions", "story_events", "tallies",
    "totals", "web_lists",
)  # fmt: skip
"""Tables that a view shows better, or that only this software reads."""
_SHADOWS = ("", "_config", "_content", "_data", "_docsize", "_idx")
"""Tables in which SQLite keeps a full-text table."""

_WIDE = ",".join(f"td.col-{name}" for name in ("headline", "deck", "body", "caption", "raw", "alt", "blocks", "related", "url", "detail"))
STYLE = (
    "data:text/css,dl.column-descriptions{max-height:8em;overflow:auto;columns:26em}"
    f"{_WIDE}{{min-width:16em}}"
).replace(" ", "%20")  # fmt: skip
"""Address of a style sheet for Datasette's pages: rows of few lines, and descriptions of columns that leave room for them."""

_SECTIONS = ["section", "language", "state"]
_SHOWN: dict[str, dict[str, Any]] = {
    "captures": {"label_column": "url", "sort_desc": "date", "facets": ["role", "status", "mime", "host"]},
    "captures_of_story": {"facets": ["role", "host", "status"]},
    "comparisons": {"sort_desc": "date", "facets": ["result", "host"]},
    "coverage": {"sort_desc": "date", "facets": ["state", "host", "place"]},
    "coverage_by_day": {"sort_desc": "day", "facets": ["host"]},
    "denials": {"sort_desc": "date", "facets": ["told", "host"]},
    "divergences": {"sort_desc": "first_seen", "facets": ["kind", "host", {"array": "fields"}]},
    "events": {"sort_desc": "date", "facets": ["kind", "host"]},
    "failures": {"sort_desc": "date", "facets": ["reason", "host", "role"]},
    "frontier": {"sort_desc": "added", "facets": ["state", "role", "reason"]},
    "headline_changes": {"sort_desc": "date", "facets": ["host"]},
    "images": {"facets": ["agency"]},
    "latest_versions": {"sort_desc": "published", "facets": [*_SECTIONS, {"array": "authors"}, {"array": "tags"}, {"array": "problems"}]},
    "mirror_timeline": {"sort_desc": "month", "facets": ["host"]},
    "mirrors": {"facets": ["state"]},
    "pictures": {"sort_desc": "published", "facets": ["credit_key", "agency_key", "section", "year"]},
    "pictures_by_agency": {"sort_desc": "pictures"},
    "pictures_by_credit": {"sort_desc": "pictures"},
    "qa": {"sort_desc": "date"},
    "removed_stories": {"sort_desc": "missing_since", "facets": ["state"]},
    "runs": {"label_column": "started", "sort_desc": "started", "facets": ["site", "exit_code"]},
    "stories": {"label_column": "headline", "sort_desc": "first_seen", "facets": _SECTIONS},
    "stored_versions": {"label_column": "headline"},
    "stored_images": {"label_column": "caption"},
    "warcs": {"label_column": "name", "sort_desc": "sealed"},
}
_UNITS = {
    "elapsed_ms": "ms", "length": "byte", "bytes": "byte", "cut_at": "byte", "response_bytes": "byte", "stood_least": "second",
    "stood_most": "second", "seen_for": "second", "every": "second", "seconds": "second",
}  # fmt: skip


@cache
def table_metadata(name: str) -> dict[str, Any]:
    """Metadata of one table or view; shared, so not to be changed."""
    shown: dict[str, Any] = {"hidden": True} if name in hidden_tables() else {}
    table = _tables().get(name)
    if table is None:
        return shown
    shown |= {"description": table.text, "columns": {column.name: column.text for column in table.columns}}
    if units := {column.name: _UNITS[column.name] for column in table.columns if column.name in _UNITS}:
        shown["units"] = units
    return shown | _SHOWN.get(name, {})


@cache
def _tables() -> dict[str, TableDoc]:
    return {table.name: table for table in describe()}


@cache
def hidden_tables() -> frozenset[str]:
    """Names of tables that a list of tables leaves out at first."""
    searched = (table.name for table in describe() if table.kind == "search")
    return frozenset([*HIDDEN, *(f"{name}{shadow}" for name in searched for shadow in _SHADOWS)])


def table_names() -> tuple[str, ...]:
    """Every table and view that is described or hidden."""
    return tuple({**_tables(), **dict.fromkeys(sorted(hidden_tables()))})


def canned_queries() -> dict[str, dict[str, Any]]:
    """The usual questions as Datasette's canned queries."""
    return {one.name: {"title": one.title, "description": one.about, "sql": one.sql} for one in QUESTIONS}


def database_metadata(title: str, description: str) -> dict[str, Any]:
    """Everything that Datasette shows of an index."""
    tables = {name: table_metadata(name) for name in table_names()}
    return {"title": title, "description": description, "tables": tables, "queries": canned_queries()}

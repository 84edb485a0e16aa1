"""Descriptions of tables, views and columns, read from the comments of their DDL.

A new table or view of `index.db` is named in `_STATEMENTS`, columns that a migration adds to a table in `_ADDED`: `docs/schema.md` and
the metadata of collections follow.
"""

from __future__ import annotations

import re
from typing import Literal

from attrs import frozen

from crawler.fulltext.tables import IMAGES_FTS, SEARCH_FACETS, SEARCH_GROUPS, SEARCH_ROWS, VERSIONS_FTS
from crawler.schema.later_tables import (
    ARTICLE_PAGES,
    CAPTURE_CUT,
    CAPTURE_ORIGIN,
    CAPTURE_READERS,
    CAPTURE_REFERENCES,
    IMPRINTS,
    OFFERED_PAGES,
    SIGHTING_SHOWN,
    VERSION_NEWEST,
)
from crawler.schema.packed_images import IMAGE_KEY_HASH, IMAGES_VIEW, STORED_IMAGES
from crawler.schema.packed_tables import PACKED_TABLES, PACKED_VIEWS, STORED_VERSIONS, VIEW_OF
from crawler.schema.reader_names import READER_NAMES
from crawler.schema.search_tables import VIEWS
from crawler.schema.tables import TABLES
from crawler.schema.totals import TOTALS_TABLES
from crawler.timeline.denial_tables import ABSENCES, CONFIRMS, DENIALS, FRONTIER_SCHEDULE, MISSING_SINCE
from crawler.timeline.event_tables import EVENTS, SIGHTING_FACE, STORY_EVENTS
from crawler.views.announcement_tables import ANNOUNCED_TABLES, ANNOUNCED_VIEWS
from crawler.views.archived_copies import MEMENTO_DATE
from crawler.views.comparison_tables import COMPARISON_VIEWS, COMPARISONS, DIVERGENCES, LISTED
from crawler.views.fixity import FIXITY
from crawler.views.gallery import CREDIT_FORMS, GALLERY
from crawler.views.mirror_timeline import MIRROR_TIMELINE
from crawler.views.qa import QA
from crawler.views.questions import QUESTIONS, STORY_HEADLINE
from crawler.views.requisite_column import FRONTIER_REQUISITES
from crawler.views.work_tables import FRONTIER_LANE, OUTBOX, RUN_JOB, WARC_SAFETY

_FIRST = tuple(IMAGES_VIEW if "CREATE TABLE images " in statement else VIEW_OF.get(statement, statement) for statement in TABLES)
"""What the first migration makes, as it is now."""
_STATEMENTS = (
    *_FIRST,
    IMPRINTS,
    OFFERED_PAGES,
    ARTICLE_PAGES,
    COMPARISONS,
    DIVERGENCES,
    LISTED,
    *COMPARISON_VIEWS,
    MIRROR_TIMELINE,
    FIXITY,
    QA,
    DENIALS,
    VERSIONS_FTS,
    IMAGES_FTS,
    SEARCH_FACETS,
    *VIEWS,
    *QUESTIONS,
    EVENTS,
    ABSENCES,
    STORED_VERSIONS,
    STORED_IMAGES,
    *PACKED_TABLES,
    READER_NAMES,
    *(view for view in PACKED_VIEWS if view not in _FIRST),
    *TOTALS_TABLES,
    *ANNOUNCED_TABLES,
    *ANNOUNCED_VIEWS,
    STORY_EVENTS,
    GALLERY,
    CREDIT_FORMS,
    SEARCH_ROWS,
    SEARCH_GROUPS,
    OUTBOX,
)
"""A statement each table, full-text table and view, in the order of the page."""

_ADDED = {
    "captures": (CAPTURE_ORIGIN, CAPTURE_REFERENCES, CAPTURE_CUT, CAPTURE_READERS, MEMENTO_DATE, CONFIRMS),
    "stored_versions": (VERSION_NEWEST,),
    "stored_images": (IMAGE_KEY_HASH,),
    "stories": (MISSING_SINCE, STORY_HEADLINE),
    "frontier": (FRONTIER_SCHEDULE, FRONTIER_REQUISITES, FRONTIER_LANE),
    "runs": (RUN_JOB,),
    "warcs": (WARC_SAFETY,),
    "sightings": (SIGHTING_SHOWN, SIGHTING_FACE),
}
"""Columns that migrations added to a table."""


@frozen(kw_only=True)
class ColumnDoc:
    """A column as documented."""

    name: str
    type: str
    """As declared; empty for views and full-text tables."""
    text: str


@frozen(kw_only=True)
class TableDoc:
    """A table, full-text table or view as documented."""

    name: str
    kind: Literal["table", "search", "view"]
    text: str
    columns: tuple[ColumnDoc, ...]


_HEAD = re.compile(r"CREATE (?P<kind>TABLE|VIRTUAL TABLE|VIEW) (?P<name>\w+) .*?-- (?P<text>.*)")
_COLUMN = re.compile(r"^    (?:ADD )?(?P<name>\w+) ?(?P<type>TEXT|INTEGER|REAL|BLOB)?[^\n]*? -- (?P<text>.*)$", re.MULTILINE)
_VIEW_COLUMN = re.compile(r"^    .* AS (?P<name>\w+)(?P<type>),? -- (?P<text>.*)$", re.MULTILINE)


def describe() -> list[TableDoc]:
    """Describe every table and view, with a sentence a column."""
    return [_described(statement) for statement in _STATEMENTS if statement.lstrip().startswith("CREATE")]


def _described(statement: str) -> TableDoc:
    """Read the comments of one CREATE statement."""
    head = _HEAD.search(statement)
    assert head is not None, statement
    kind: Literal["table", "search", "view"] = (
        "view" if head["kind"] == "VIEW" else "search" if head["kind"] == "VIRTUAL TABLE" else "table"
    )
    found = list((_VIEW_COLUMN if kind == "view" else _COLUMN).finditer(statement, head.end()))
    for added in _ADDED.get(head["name"], ()):
        found += _COLUMN.finditer(added)
    columns = (ColumnDoc(name=c["name"], type=c["type"] or "", text=c["text"]) for c in found)
    return TableDoc(name=head["name"], kind=kind, text=head["text"], columns=tuple(columns))

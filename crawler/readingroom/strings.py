"""Texts of the room's pages, in English; templates have them as `t`.

`{name}` is filled in by filter `with`: `{{ t.versions_of|with(n=3) }}`. Keys are grouped by page.
"""

from __future__ import annotations

FRAME = {
    "room": "Reading room",
    "skip": "Skip to content",
    "collections": "All collections",
    "navigation": "Pages of this collection",
    "as_json": "This page as JSON",
    "tables": "Tables and SQL",
    "footer": "Read-only. Pages and pictures come from WARC files on this machine; nothing is loaded from elsewhere.",
}

NAVIGATION = {
    "front": "Front page",
    "pictures": "Pictures",
    "events": "Events",
    "search": "Search",
    "sites": "Sites",
    "mirrors": "Mirrors",
    "runs": "Runs",
}
"""Pages named in the navigation, in this order, where there are such."""

ERRORS = {
    "error_400": "That address means nothing here",
    "error_403": "Not allowed",
    "error_404": "Not here",
    "error_405": "Not allowed",
    "error_500": "This page could not be made",
    "error_503": "That took too long",
    "error_400_next": "An argument of the address is no number, or out of range.",
    "error_403_next": "The reading room is only read.",
    "error_404_next": "Look for it by search, or begin at the front page.",
    "error_405_next": "The reading room is only read.",
    "error_500_next": "What went wrong is told above, and in the terminal of the server.",
    "error_503_next": "Ask for less: a shorter span of time, or one site.",
    "no_page": "no page {path}",
    "to_front": "Front page",
}

COLLECTIONS = {
    "collections_title": "Collections",
    "collections_lead": "Each of these is a folder of WARC files with its index.",
    "stories": "stories",
    "versions": "versions",
    "captures": "captures",
    "bytes": "bytes of answers",
    "span": "from {first} to {last}",
    "empty_collection": "Nothing has been captured yet.",
}

TEXTS: dict[str, str] = {**FRAME, **ERRORS, **COLLECTIONS, **{f"nav_{name}": text for name, text in NAVIGATION.items()}}

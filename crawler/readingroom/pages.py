"""Every page of the room."""

from __future__ import annotations

from crawler.readingroom.front import collections_page, front_page_of, joined_collections
from crawler.readingroom.page import Route

__all__ = ["ROUTES", "collections_page", "front_page_of", "joined_collections"]

ROUTES: tuple[Route, ...] = (
    Route("front", front_page_of),
)  # fmt: skip
"""Below `/COLLECTION/-/`; a pattern that is a name of `strings.NAVIGATION` is linked from every page."""

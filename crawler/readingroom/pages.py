"""Every page of the room."""

from __future__ import annotations

from crawler.readingroom.front import collections_page, front_page_of, joined_collections
from crawler.readingroom.lists import LISTS
from crawler.readingroom.pictures import picture_file
from crawler.readingroom.proof import proof_sheet, record_file
from crawler.readingroom.story import story_page
from crawler.readingroom.viewer import ROUTES as VIEWER
from crawler.roomframe.page import Route

__all__ = ["ROUTES", "collections_page", "front_page_of", "joined_collections"]

ROUTES: tuple[Route, ...] = (
    Route("front", front_page_of),
    Route(r"story/(?P<story>[^.]+)", story_page),
    Route(r"picture/(?P<record>[^/.]+)", picture_file, json=False),
    Route(r"record/(?P<record>[^/.]+)", record_file, json=False),
    Route(r"proof/(?P<record>[^/.]+)", proof_sheet),
    *LISTS,
    *VIEWER,
)  # fmt: skip
"""Below `/COLLECTION/-/`; a pattern that is a name of `strings.NAVIGATION` is linked from every page."""

"""Routes of the lists of the room."""

from __future__ import annotations

from crawler.readingroom.event_list import event_list, headline_list, removed_list
from crawler.readingroom.feeds import events_feed, stories_feed
from crawler.readingroom.mirrors_page import divergences_page, mirrors_page
from crawler.readingroom.picture_wall import picture_wall
from crawler.readingroom.runs_page import coverage_page, run_page, runs_page
from crawler.readingroom.search_page import search_page
from crawler.readingroom.sites_page import sites_page
from crawler.roomframe.page import Route

LISTS: tuple[Route, ...] = (
    Route("search", search_page),
    Route("pictures", picture_wall),
    Route("events", event_list),
    Route(r"events\.atom", events_feed, json=False),
    Route(r"stories\.atom", stories_feed, json=False),
    Route("headlines", headline_list),
    Route("removed", removed_list),
    Route("sites", sites_page),
    Route("mirrors", mirrors_page),
    Route("divergences", divergences_page),
    Route("runs", runs_page),
    Route(r"run/(?P<run>\d{1,15})", run_page),
    Route("coverage", coverage_page),
)
"""Below `/COLLECTION/-/`."""

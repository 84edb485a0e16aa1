"""The breadcrumb near a headline: marked by its class, by its separators, or by being a few short links; and what only looks like one."""

from __future__ import annotations

import re

import pytest
from small_pages import page

from crawler.parsers.document.breadcrumbs import breadcrumb
from crawler.parsers.document.flow import flow

FURNITURE = re.compile(r"^(?:share|print)\b", re.IGNORECASE)
LINE = "A line of the story that is long enough to be one."


def crumbs(html: str) -> list[str]:
    segments = flow(page(f"<html><body>{html}"))
    headline = next(n for n, segment in enumerate(segments) if segment.tag == "h1")
    found, places = breadcrumb(segments, headline, FURNITURE)
    assert headline not in places
    return [link.text for link in found]


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<ol class=breadcrumb><li><a href=/>Home</a><li><a href=/w>World</a></ol><h1>Head</h1>", ["Home", "World"]),
        ("<nav class='c-BreadCrumbs'><a href=/>Home</a> <a href=/w>World</a> <span>Here</span></nav><h1>Head</h1>", ["Home", "World"]),
        ("<h1>Head</h1><div id=you-are-here><a href=/>Home</a> / <a href=/w>World</a></div>", ["Home", "World"]),
        ("<div class=crumb>Home » World » Here</div><h1>Head</h1>", ["Home", "World", "Here"]),
        ("<div class=crumb><a href=/>Home</a> » <a href=/w>World</a> » Here</div><h1>Head</h1>", ["Home", "World", "Here"]),
        ("<p><a href=/>Home</a> / <a href=/w>World</a></p><h1>Head</h1>", ["Home", "World"]),
        ("<p>Home › World</p><h1>Head</h1>", ["Home", "World"]),
        ("<h1>Head</h1><p><a href=/>Home</a> › <a href=/w>World</a></p>", ["Home", "World"]),
        ("<h1>Head</h1><p>and / or</p>", []),
        ("<p>and/or</p><h1>Head</h1>", []),
        ("<ul><li><a href=/>Home</a><li><a href=/w>World</a></ul><h1>Head</h1>", ["Home", "World"]),
        (f"<p>{LINE}</p><h1>Head</h1><p>{LINE}</p>", []),
        ("<p>Share / Print</p><h1>Head</h1>", []),
        ("<header><ul><li><a href=/w>World</a><li><a href=/s>Sport</a></ul></header><main><h1>Head</h1>", []),
        ("<header><ul><li><a href=/>Home</a><li><a href=/w>World</a></ul></header><main><h1>Head</h1>", ["Home", "World"]),
        ("<div><a href=/>The Courier</a></div><h1>Head</h1>", []),
        ("<p><a href=/s>Society/Culture</a> » <a href=/c>Books</a></p><h1>Head</h1>", ["Society/Culture", "Books"]),
        ("<ul><li><a href=/s>Society/Culture</a></ul><h1>Head</h1>", ["Society/Culture"]),
        ("<a href=/x><img src=x.jpg><div>A teaser</div><p>What it is about</p></a><h1>Head</h1>", []),
        ("<ul>" + "".join(f"<li><a href=/{n}>Menu {n}</a>" for n in range(7)) + "</ul><h1>Head</h1>", []),
        ("<h1>Head</h1>", []),
        (f"<div class=breadcrumb>{'very long crumb ' * 20}</div><h1>Head</h1>", []),
        ("<p>" + " / ".join(f"<a href=/{n}>Crumb {n}</a>" for n in range(9)) + "</p><h1>Head</h1>", []),
    ],
)
def test_breadcrumb(html: str, found: list[str]) -> None:
    assert crumbs(html) == found


def test_a_crumb_without_a_link_has_no_address() -> None:
    segments = flow(page("<html><body><div class=crumb><a href=/>Home</a> » Here</div><h1>Head</h1>"))
    found, places = breadcrumb(segments, 1, FURNITURE)
    assert [(link.url, link.text) for link in found] == [("https://courier.example/", "Home"), ("", "Here")]
    assert places == {0}


def test_what_stands_far_below_the_headline_is_none() -> None:
    far = "".join(f"<p>{LINE} {n}</p>" for n in range(9))
    assert crumbs(f"<h1>Head</h1>{far}<p class=breadcrumb><a href=/>Home</a></p>") == []

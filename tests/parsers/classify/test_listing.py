"""Lists are not stories: front pages, sections, tags, searches, archives; and what only looks like one."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest
from list_pages import lists, stories
from outcomes import article_of, reason_of
from page_readings import NOW, page_read

from crawler.items import Outcome
from crawler.parsers.classify.listing import is_listing
from crawler.parsers.document.page import Page
from crawler.parsers.template import parse

SAMPLES = Path(__file__).parents[3].parent / "shared" / "samples"
LISTS, STORIES = list(lists()), list(stories())


def listed(url: str, html: str) -> bool:
    page = Page.from_text(url, NOW, html)
    return is_listing(page, parse(page))


def without(html: str, *patterns: str) -> str:
    for pattern in patterns:
        html = re.sub(pattern, "", html)
    return html


SCRIPTS = r"(?is)<script\b.*?</script>"
META = r"(?is)<meta\b[^>]*>"
NAMES = r"""(?i)\s(?:class|id)=("[^"]*"|'[^']*'|[^\s>]+)"""


@pytest.mark.slow
def test_lists_are_told() -> None:
    """At least 60 of them, in all layouts."""
    assert len(LISTS) >= 60
    missed = [name for name, url, html in LISTS if not listed(url, html)]
    assert len(missed) <= 2, missed


@pytest.mark.parametrize(
    "patterns", [(), (SCRIPTS, META), (NAMES, SCRIPTS, META), (r"(?is)</?(?:article|main|section|time|figure)\b[^>]*>",)]
)
def test_stories_that_look_like_lists_are_stories(patterns: tuple[str, ...]) -> None:
    wrong = [name for name, url, html in STORIES if listed(url, without(html, *patterns))]
    assert not wrong


@pytest.mark.slow
def test_lists_are_told_without_names_and_semantic_elements() -> None:
    missed = [
        name
        for name, url, html in LISTS
        if not listed(url, without(html, NAMES, SCRIPTS, r"(?is)</?(?:article|main|section|time)\b[^>]*>"))
    ]
    assert len(missed) <= len(LISTS) // 10, missed


@pytest.mark.slow
@pytest.mark.parametrize("patterns", [(), (SCRIPTS, META), (NAMES, SCRIPTS)])
def test_no_sample_article_is_a_list(patterns: tuple[str, ...]) -> None:
    truth = SAMPLES / "news" / "truth.jsonl"
    if not truth.is_file():
        pytest.skip("no shared samples beside the project")
    records = [json.loads(line) for line in truth.open()]
    wrong = []
    for record in records[:: 1 if not patterns else 4]:
        html = gzip.decompress((SAMPLES / "news" / record["file"]).read_bytes()).decode("utf-8", "replace")
        if listed(record["url"], without(html, *patterns)):
            wrong.append(record["file"])
    assert not wrong


def reading_of(html: str, url: str = "https://www.paper.example/") -> Outcome:
    return page_read(html.encode(), url=url)


def test_a_list_is_a_page_whose_links_are_followed_and_no_story() -> None:
    found = reading_of(
        "<html><head><title>The Harbour Courier</title></head><body><h1>Today</h1><ul><li><a href=/1>Story 1</a><li><a href=/2>Story 2</a></ul>"
    )
    assert (reason_of(found), found.read_state, article_of(found)) == (None, "not-a-story", None)
    assert [link.url for link in found.links] == ["https://www.paper.example/1", "https://www.paper.example/2"]


def test_a_page_whose_text_is_held_in_a_script_is_a_story() -> None:
    text = " ".join(["The council has decided after four hours of debate that the bridge is kept."] * 8)
    ld = json.dumps({"@type": "NewsArticle", "headline": "Council keeps the old bridge", "articleBody": text})
    links = "".join(f"<li><a href=/{n}>Another story of some length, number {n}</a>" for n in range(30))
    found = reading_of(
        f"<html><title>x</title><script type=application/ld+json>{ld}</script><body><h1>Council keeps the old bridge</h1><ul>{links}</ul>",
        "https://www.paper.example/7",
    )
    assert article_of(found) is not None


@pytest.mark.parametrize(
    "html",
    [
        "<html><head><title>Front</title></head><body><h1>Today</h1><a href='news/1.html'>one</a></body></html>",
        "<html><h1>A</h1><p>one</p></html>",
        "<html><title>Contact</title><h1>Contact</h1><form><input name=a><button>Send</button></form>",
    ],
)
def test_a_page_with_next_to_nothing_to_read_is_no_story(html: str) -> None:
    assert reading_of(html, "https://www.paper.example/a").read_state == "not-a-story"


def test_a_film_without_a_word_is_a_story_where_the_page_says_so() -> None:
    head = "<title>The bridge opens</title><meta property=og:type content=video.other>"
    assert article_of(reading_of(f"<html>{head}<h1>The bridge opens</h1><div id=player></div>", "https://www.paper.example/v/1")) is not None

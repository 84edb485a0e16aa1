"""Readers: what each finds, what it takes for nothing, and which of several is named."""

from __future__ import annotations

from typing import Any

import pytest
from small_pages import page

from crawler.items import Link
from crawler.parsers.document.page import Page
from crawler.parsers.document.selectors import NOTHING, Found, Reader, css, every, first, jsonld, links, meta, reader, xpath

HTML = """<html lang="en"><head>
<meta name="Author" content=" Ada  Moore "><meta name="author" content="Another">
<meta property="og:title" content=""><meta property="og:title" content="The &amp;amp; bridge">
<meta itemprop="datePublished" content="2026-11-24"><meta name="empty" content="   ">
<script type="application/ld+json">{"@type": "NewsArticle", "headline": " The  old bridge ", "wordCount": 7, "keywords": ["a"]}</script>
</head><body>
<h1> The <b>old</b>
 bridge </h1><h2></h2><h2>   </h2><h2>Second</h2>
<p class="by">Ada</p><p class="by">Ben</p><p class="by">Ada</p>
<nav><a href="/a">One</a><a href="/a">One</a><a href="/b"> </a><a>No address</a><a href="//b.example/c">Three</a></nav>
<time datetime="2026-11-24T12:00">noon</time><time>no machine words</time>
</body></html>"""


def answer(one: Reader[Any]) -> tuple[Any, str] | None:
    found = one(page(HTML))
    return None if found is None else (found.value, found.by)


@pytest.mark.parametrize(
    ("one", "found"),
    [
        (css("h1"), ("The old bridge", "css h1")),
        (css("h2"), ("Second", "css h2")),
        (css("h5"), None),
        (css("time::attr(datetime)"), ("2026-11-24T12:00", "css time::attr(datetime)")),
        (css("h1::attr(class)"), None),
        (every("p.by"), (("Ada", "Ben"), "css p.by")),
        (every("a::attr(href)"), (("/a", "/b", "//b.example/c"), "css a::attr(href)")),
        (every("h5"), None),
        (xpath("//h1"), ("The old bridge", "xpath //h1")),
        (xpath("//h1/text()"), ("The", "xpath //h1/text()")),
        (xpath("//html/@lang"), ("en", "xpath //html/@lang")),
        (xpath("//h2"), ("Second", "xpath //h2")),
        (xpath("//h5"), None),
        (meta("author"), ("Ada Moore", "meta author")),
        (meta("AUTHOR"), ("Ada Moore", "meta AUTHOR")),
        (meta("og:title"), ("The & bridge", "meta og:title")),
        (meta("datePublished"), ("2026-11-24", "meta datePublished")),
        (meta("empty"), None),
        (meta("absent"), None),
        (jsonld("headline"), ("The old bridge", "jsonld headline")),
        (jsonld("wordCount"), None),
        (jsonld("keywords"), None),
        (NOTHING, None),
    ],
)
def test_what_a_reader_finds(one: Reader[Any], found: tuple[Any, str] | None) -> None:
    assert answer(one) == found


def test_links_are_absolute_with_their_words_each_once() -> None:
    assert answer(links("nav a")) == (
        (Link(url="https://courier.example/a", text="One"), Link(url="https://b.example/c", text="Three")),
        "css nav a",
    )
    assert answer(links("footer a")) is None


@pytest.mark.parametrize("nothing", [None, "", (), []])
def test_an_empty_value_is_nothing(nothing: Any) -> None:
    assert reader("own", lambda page: nothing)(page(HTML)) is None
    assert css("h1").then(lambda text: nothing)(page(HTML)) is None


@pytest.mark.parametrize("value", [0, False, 0.0])
def test_a_value_that_is_false_is_a_value(value: Any) -> None:
    assert reader("own", lambda page: value)(page(HTML)) == Found(value, "own")


def test_the_first_of_several_that_finds_something_is_named() -> None:
    several = first(css("h5"), css("h2"), css("h1"))
    assert several.name == "css h5 | css h2 | css h1"
    assert several.best == "css h5"
    assert answer(several) == ("Second", "css h2")
    assert answer(first(css("h5"), css("h6"))) is None


def test_of_several_in_several_the_very_first_is_the_best() -> None:
    inner = first(css("h5"), css("h2"))
    assert first(inner, css("h1")).best == "css h5"
    assert inner.then(str.upper).best == "css h5"
    assert css("h1").best is None


def test_those_behind_the_first_that_finds_something_are_not_asked() -> None:
    asked = []

    def ask(page: Page) -> str:
        asked.append(page.url)
        return "late"

    assert answer(first(css("h1"), reader("late", ask))) == ("The old bridge", "css h1")
    assert not asked


def test_a_changed_value_keeps_the_name_of_who_found_it() -> None:
    changed = css("h1").then(str.upper).then(len)
    assert changed.name == "css h1"
    assert answer(changed) == (14, "css h1")
    assert answer(css("h5").then(str.upper)) is None

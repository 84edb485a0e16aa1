"""Which article in JSON-LD is the page's: told by address, headline and place, not by the number of its keys."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.parsers.document.page import Page
from crawler.parsers.document.structured_data import linked_data
from crawler.parsers.linked_data.own_node import address_key, likeness

URL = "https://www.blatt.example/stadt/bruecke-bleibt-4411.html"
OTHER = {
    "@type": "NewsArticle", "headline": "Hafen wird eine Woche später ausgebaggert", "datePublished": "2024-03-10", "dateModified": "2024-03-11",
    "author": {"@type": "Person", "name": "Petra Lomond"}, "image": "/x.jpg", "description": "Hafen", "keywords": "Hafen", "articleSection": "Hafen",
    "articleBody": "Die Bagger kommen später.", "url": "https://www.blatt.example/hafen/bagger-4402.html",
}  # fmt: skip
WITHOUT_ADDRESS = {key: value for key, value in OTHER.items() if key != "url"}
PLAIN: dict[str, Any] = {"@type": "NewsArticle", "author": {"@type": "Person", "name": "Ansel Weiß"}}
HEADLINE = "Rat hält die alte Brücke offen"


def article_of(*nodes: Any, head: str = "", url: str = URL, headline: str = HEADLINE) -> dict[str, Any]:
    scripts = "".join(f'<script type="application/ld+json">{json.dumps(node)}</script>' for node in nodes)
    text = f"<html><head><title>{headline} | Blatt</title>{head}</head><body>{scripts}<h1>{headline}</h1><p>Text.</p></body></html>"
    return linked_data(Page.from_text(url, datetime(2026, 1, 1, tzinfo=UTC), text)).article


@pytest.mark.parametrize("other", [OTHER, WITHOUT_ADDRESS], ids=["other with address", "other without"])
@pytest.mark.parametrize(
    "told",
    [
        {"headline": HEADLINE},
        {"headline": HEADLINE.upper()},
        {"headline": f"{HEADLINE} - Blatt"},
        {"mainEntityOfPage": URL},
        {"mainEntityOfPage": {"@type": "WebPage", "@id": URL}},
        {"mainEntityOfPage": [{"@type": "WebPage", "url": URL}]},
        {"url": "/stadt/bruecke-bleibt-4411.html"},
        {"url": "http://m.blatt.example/stadt/bruecke-bleibt-4411/amp"},
        {"url": f"{URL}?utm_source=x#top"},
        {"@id": f"{URL}#article"},
        {"headline": "Die Brücke: was der Rat wirklich beschloss", "url": URL},
    ],
    ids=lambda told: next(iter(told)),
)
def test_the_poorer_node_of_the_page_wins(other: dict[str, Any], told: dict[str, Any]) -> None:
    own = PLAIN | told
    for nodes in ([other, own], [own, other], [[other, own]], [{"@graph": [other, own]}]):
        assert article_of(*nodes) == own


@pytest.mark.parametrize("key", ["itemListElement", "hasPart", "mentions", "citation", "isBasedOn", "relatedLink", "subjectOf"])
def test_parts_and_mentions_are_not_the_page_s(key: str) -> None:
    own = PLAIN | {"headline": HEADLINE, key: [{"@type": "ListItem", "item": OTHER}]}
    assert article_of(own) == own
    silent = {**PLAIN, key: [WITHOUT_ADDRESS]}
    assert article_of(silent) == silent


def test_entries_of_a_live_blog_are_not_the_article() -> None:
    entry = {
        "@type": "BlogPosting",
        "headline": "18:05 Sitzung eröffnet",
        "datePublished": "2024-03-12T18:05:00Z",
        "articleBody": "x",
        "author": "Jo",
    }
    own = {"@type": "LiveBlogPosting", "headline": HEADLINE, "liveBlogUpdate": [entry] * 3}
    assert article_of(own)["@type"] == "LiveBlogPosting"


@pytest.mark.parametrize(
    ("head", "url"),
    [
        (f'<link rel="canonical" href="{URL}">', "https://archive.example/web/2024/stadt.html"),
        (f'<meta property="og:url" content="{URL}">', ""),
        (f'<link rel="canonical" href="{URL}">', ""),
    ],
)
def test_the_page_s_address_is_told_by_its_head_too(head: str, url: str) -> None:
    own = PLAIN | {"headline": "Andere Worte über die Sitzung", "url": URL}
    assert article_of(OTHER, own, head=head, url=url) == own


def test_an_article_alone_of_another_page_is_none() -> None:
    assert article_of(OTHER) == {}
    assert article_of(OTHER, url="https://www.blatt.example/hafen/bagger-4402.html")["url"] == OTHER["url"]
    assert article_of(WITHOUT_ADDRESS) == WITHOUT_ADDRESS  # its headline alone may be another wording
    assert article_of(OTHER | {"headline": "Rat hält Brücke offen"})["headline"] == "Rat hält Brücke offen"
    assert article_of(OTHER, url="")["url"] == OTHER["url"]


@pytest.mark.parametrize(
    "headline",
    ["旧市街の橋を冬も開放へ", "Старый мост оставят открытым на зиму", "پل قدیمی شهر در زمستان باز می‌ماند", "ब्रिज सर्दियों में खुला रहेगा"],
)
def test_headlines_of_all_scripts_are_compared(headline: str) -> None:
    own = PLAIN | {"headline": headline}
    assert article_of(WITHOUT_ADDRESS, own, headline=headline) == own


def test_pages_of_another_article_tell_no_times() -> None:
    pages = [{"@type": "WebPage", "@id": OTHER["url"], "datePublished": "2020"}, {"@type": "WebPage", "@id": URL, "datePublished": "2024"}]
    text = f'<title>{HEADLINE}</title><script type="application/ld+json">{json.dumps(pages)}</script><h1>{HEADLINE}</h1>'
    found = linked_data(Page.from_text(URL, datetime(2026, 1, 1, tzinfo=UTC), text))
    assert [node["datePublished"] for node in found.pages] == ["2024"]


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://a.example/x/", "/x"), ("//b.example/x.html", "/x"), ("/x/index.html", "/x"), ("https://a.example/", ""), ("#article", ""), ("", ""),
        ("https://a.example/?id=7&utm_source=q", "?id=7"), ("https://a.example/amp/x", "/x"), ("/%C3%A4", "/ä"), ("http://[bad", ""),
    ],
)  # fmt: skip
def test_addresses_are_compared_without_host_and_wrappings(url: str, key: str) -> None:
    assert address_key(url) == key


def test_likeness() -> None:
    assert likeness("theoldbridge", "theoldbridge") == 1.0
    assert likeness("theoldbridge", "aharbouriscleaned") < 0.2
    assert likeness("ab", "ab") == 1.0

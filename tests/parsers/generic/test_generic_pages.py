"""The generic reader on a page of our own, with and without machine-readable data."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from crawler.items import Article
from crawler.parsers.document.page import Page
from crawler.parsers.template import parse

PARAGRAPHS = [
    "The old ferry between the two banks was taken out of service on Friday after ninety years, and its captain said he"
    " would miss the fog.",
    "A new bridge, twice as wide as the one that fell in the winter storm, is to be opened by the end of the year, the ministry announced.",
    "Until then buses will take the long way round by the dam, which adds some forty minutes to the journey of most people in the valley.",
    "Shopkeepers on the northern bank fear for their trade, while those on the southern bank have begun to sell maps of the detour.",
]
LINKED = {
    "@context": "https://schema.org",
    "@graph": [
        {
            "@type": "NewsArticle",
            "headline": "Ferry makes its last crossing",
            "datePublished": "2026-03-01T08:30:00+01:00",
            "dateModified": "2026-03-01T10:00:00+01:00",
            "author": [{"@type": "Person", "name": "By Jane Roe, Editor"}, {"@type": "Organization", "name": "The Valley Post"}],
            "publisher": {"@type": "Organization", "name": "The Valley Post"},
            "articleSection": "Region",
            "keywords": ["ferry", "bridge"],
        },
        {
            "@type": "BreadcrumbList",
            "itemListElement": [{"@type": "ListItem", "position": 1, "name": "Region", "item": "https://post.example/region"}],
        },
    ],
}


def html(*, linked: bool) -> str:
    script = f"<script type='application/ld+json'>{json.dumps(LINKED)[:-1]},}}</script>" if linked else ""
    return (
        f"<html lang=en-GB><head><title>Ferry makes its last crossing | The Valley Post</title>{script}<link rel=canonical"
        f" href=/region/ferry>"
        "<meta property=og:site_name content='The Valley Post'></head><body><nav><a href=/>Home</a><a href=/region>Region</a>"
        "</nav><article>"
        "<h1>Ferry makes its last crossing</h1><div class=byline>By Jane Roe</div><time datetime=2026-03-01T08:30:00+01:00>1"
        " March 2026</time>"
        "<figure><img srcset='/pics/ferry-400.jpg 400w, /pics/ferry-1600.jpg 1600w' src=/pics/ferry-400.jpg><figcaption>The ferry in fog. "
        f"<span class=credit>Photo: John Doe/Reuters</span></figcaption></figure><p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p>"
        f"<h2>The long way round</h2>"
        f"<p>{PARAGRAPHS[2]}</p><figure><img data-src=/pics/dam.jpg src=data:image/gif;base64,R0></noscript><figcaption>The dam."
        f" (Photo by Ann Lee)</figcaption></figure>"
        f"<p>{PARAGRAPHS[3]}</p><div class=author-bio><img src=/pics/roe.jpg><p>Jane Roe writes.</p></div></article><aside"
        f" class=related><a href=/x><img src=/pics/x.jpg>"
        "<h3>Another story altogether</h3></a></aside><footer>© The Valley Post</footer></body></html>"
    )


@pytest.fixture(params=[True, False], ids=["linked", "bare"])
def article(request: pytest.FixtureRequest) -> Article:
    return parse(Page.from_text("https://post.example/region/ferry?x=1", datetime(2026, 3, 2, tzinfo=UTC), html(linked=request.param)))


def test_words(article: Article) -> None:
    assert article.template == "generic"
    assert article.headline == "Ferry makes its last crossing"
    assert [b.text for b in article.blocks if b.kind == "paragraph"] == PARAGRAPHS
    assert article.authors == ("Jane Roe",)


def test_time_language_and_address(article: Article) -> None:
    assert (article.published, article.language) == ("2026-03-01T08:30:00+01:00", "en")
    assert article.canonical_url == "https://post.example/region/ferry"
    assert {"headline", "blocks", "authors", "published", "language"} <= set(article.read_by)


def test_pictures(article: Article) -> None:
    assert [(i.url, i.caption, i.credit, i.agency) for i in article.images] == [
        ("https://post.example/pics/ferry-1600.jpg", "The ferry in fog.", "John Doe/Reuters", "Reuters"),
        ("https://post.example/pics/dam.jpg", "The dam.", "Ann Lee", None),
    ]
    assert [b.image for b in article.blocks if b.kind == "picture"] == [0, 1]


def test_json_ld_with_a_trailing_comma_is_read() -> None:
    found = parse(Page.from_text("https://post.example/region/ferry", datetime(2026, 3, 2, tzinfo=UTC), html(linked=True)))
    assert (found.section, found.tags, found.modified) == ("Region", ("ferry", "bridge"), "2026-03-01T10:00:00+01:00")
    assert [c.text for c in found.breadcrumb] == ["Region"]


def test_a_date_later_than_the_capture_is_not_believed() -> None:
    found = parse(Page.from_text("https://post.example/x", datetime(2026, 1, 1, tzinfo=UTC), html(linked=True)))
    assert found.published is None
    assert "date-later-than-capture" in found.problems

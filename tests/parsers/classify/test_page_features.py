"""Features of pages, measured one by one, against a plain measurement of the tree."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from crawler.parsers.classify.page_features import LONG_PARAGRAPH, MAX_PROSE, features_of
from crawler.parsers.document.page import Page

LONG = "w " * LONG_PARAGRAPH
PIECES = st.sampled_from((
    "<a href=/x>", "<a href='#'>", "<a>", "</a>", "<nav>", "</nav>", "<header>", "</header>", "<aside>", "</aside>", "<ul>", "</ul>",
    f"<li>{LONG}</li>", f"<p>{LONG}</p>", "<p>short", f"<blockquote><p>{LONG}</p></blockquote>", "<div itemtype='https://schema.org/NewsArticle'>",
    "<div itemtype=Person>", "<span itemtype=Article>", "<article itemtype=ARTICLE>", "</div>", "<meta property=og:type content=article>",
    "<meta name=CITATION_title content=x>", '<script>{"@type": "NewsArticle"}</script>', "<svg><a href=/y></svg>", "<frameset>",
    "</html><html><a href=/second>", "text",
))  # fmt: skip


def page(text: str) -> Page:
    return Page.from_text("https://a.example/", datetime(2026, 3, 1, tzinfo=UTC), text)


@given(st.lists(PIECES, min_size=1, max_size=40).map("".join))
def test_features_are_those_of_a_plain_walk_over_the_tree(text: str) -> None:
    one = page(f"<html><body>{text}")
    root, features = one.root, features_of(one)
    assert features.links == sum(1 for a in root.iter("a") if (a.get("href") or "").strip("# "))
    frame = {"a", "nav", "aside", "header", "footer", "noscript"}
    prose = [
        p for p in root.iter("p", "li", "blockquote")
        if not any(box.tag in frame for box in p.iterancestors()) and len(" ".join("".join(map(str, p.itertext())).split())) >= LONG_PARAGRAPH
    ]  # fmt: skip
    assert features.prose == min(len(prose), MAX_PROSE)
    named = any("article" in (e.get("itemtype") or "").lower() for e in root.iter("article", "div", "main", "body"))
    told = any(e.get("property") == "og:type" or e.get("name") == "CITATION_title" for e in root.iter("meta"))
    assert features.article == (named or told or '"@type": "NewsArticle"' in text)


def test_a_page_without_a_tree_has_no_features() -> None:
    features = features_of(page(""))
    assert (features.title, features.headings, features.text, features.links, features.prose) == ("", (), "", 0, 0)
    assert (features.article, features.pictures) == (False, ())

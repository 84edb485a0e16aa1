"""Further pages of an article: every way in which papers number them, and what looks like it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.parsers.document.page import Page
from crawler.parsers.links.article_pages import further_pages
from crawler.urls.page_numbers import split_address

HOST = "https://www.blatt.example"


def pages(url: str, body: str, head: str = "") -> list[str]:
    text = f"<html><head>{head}</head><body><article><h1>Titel</h1><p>Text.</p></article>{body}</body></html>"
    return [one.removeprefix(HOST) for one in further_pages(Page.from_text(HOST + url, datetime(2026, 1, 1, tzinfo=UTC), text))]


def pager(*links: tuple[str, str], name: str = "pager") -> str:
    return f"<div class='{name}'>" + " ".join(f"<a href='{href}'>{text}</a>" for text, href in links) + "</div>"


@pytest.mark.parametrize(
    ("first", "second", "third"),
    [
        ("/stadt/bruecke-4411", "/stadt/bruecke-4411?page=2", "/stadt/bruecke-4411?page=3"),
        ("/stadt/bruecke-4411.html", "/stadt/bruecke-4411-2.html", "/stadt/bruecke-4411-3.html"),
        ("/stadt/bruecke-4411.html", "/stadt/bruecke-4411,2.html", "/stadt/bruecke-4411,3.html"),
        ("/stadt/bruecke-4411.html", "/stadt/bruecke-4411_2.html", "/stadt/bruecke-4411_3.html"),
        ("/stadt/bruecke/", "/stadt/bruecke/2/", "/stadt/bruecke/3/"),
        ("/stadt/bruecke/", "/stadt/bruecke/page/2/", "/stadt/bruecke/page/3/"),
        ("/stadt/bruecke", "/stadt/bruecke/seite-2", "/stadt/bruecke/seite-3"),
        ("/haber/kopru", "/haber/kopru?sayfa=2", "/haber/kopru?sayfa=3"),
        ("/story.php?id=4411", "/story.php?id=4411&page=2", "/story.php?id=4411&page=3"),
        ("/n/2024/c4411.shtml", "/n/2024/c4411_2.shtml", "/n/2024/c4411_3.shtml"),
        ("/a/bruecke.html", "/a/bruecke-p2.html", "/a/bruecke-p3.html"),
    ],
)
def test_numbered_pages_are_found_from_each_page(first: str, second: str, third: str) -> None:
    links = pager(("1", first), ("2", second), ("3", third), ("Weiter", second))
    assert pages(first, links) == [second, third]
    assert pages(second, links) == [third]
    assert pages(third, links) == [second]
    assert pages(first, "", head=f"<link rel=next href='{second}'>") == [second]
    assert pages(first, f"<a rel=next href='{second}'>Nächste Seite</a>") == [second]
    assert pages(second, pager(("1", first)) + f"<a rel=next href='{third}'>weiter</a>") == [third]


@pytest.mark.parametrize(
    "links",
    [
        "<a rel=next href='/stadt/hafen-4412'>Nächster Artikel</a>",
        "<a rel=next href='/stadt/hafen-4412?page=2'>weiter</a>",
        pager(("2", "/stadt/hafen-4412?page=2")),
        pager(("2", "/stadt/bruecke-4411?cpage=2"), ("3", "/stadt/bruecke-4411?cpage=3")),
        pager(("2", "/stadt/bruecke-4411/comment-page-2")),
        pager(("2", "/stadt/bruecke-4411?page=2"), name="comments-pager"),
        pager(("2", "/stadt/bruecke-4411?page=2#comments")),
        pager(("3", "/stadt/bruecke-4411?page=2")),
        pager(("mehr", "/stadt/bruecke-4411?page=2")),
        pager(("2", "/stadt/?page=2")),
        pager(("2", "https://other.example/stadt/bruecke-4411?page=2")),
        pager(("2019", "/stadt/bruecke-4411?page=2019")),
        pager(("2", "/stadt/bruecke-4411/slide/2"), name="slideshow"),
        pager(("4412", "/stadt/bruecke-4412")),
        "<a href='#'>2</a>", "<a href='http://[x'>2</a>", "<a>2</a>", "",
    ],
)  # fmt: skip
def test_other_stories_comments_and_lists_are_none(links: str) -> None:
    assert pages("/stadt/bruecke-4411", links) == []


def test_a_story_whose_number_looks_like_a_page_s_is_a_first_page() -> None:
    assert pages("/stadt/story-3.html", pager(("4", "/stadt/story-4.html"))) == []
    assert pages("/stadt/story-3.html", pager(("2", "/stadt/story-3-2.html"))) == ["/stadt/story-3-2.html"]
    assert pages("/stadt/story-3.html", "", head="<link rel=next href='/stadt/story-4.html'>") == []


@pytest.mark.parametrize(
    "url",
    [
        "http://[x",
        "https://a.example/",
        "https://a.example/x?page=0",
        "https://a.example/x?page=abc",
        "https://a.example/x?page=2&p=3",
        "/x-20240.html",
    ],
)
def test_addresses_without_a_page_s_number(url: str) -> None:
    assert split_address(url) is None

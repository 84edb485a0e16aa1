"""Queries without selectors find what Parsel's selectors find."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.parsers.document.page import Page
from crawler.parsers.document.queries import by_css, by_xpath, text_of

HTML = """<html lang="de"><head><title>A &amp; B</title></head><body class="page home"><h1 class="headline">A <b>bold</b><!-- no --> line</h1>
<div class="meta" id="m">By <span class="by line">Ann Lee</span> <time datetime="2026-01-02">2 January</time></div>
<ul><li><a href="/a">One</a></li><li><a href="/b">Two</a></li></ul><p></p><p>Text</p></body></html>"""
CSS = (
    "h1", "h1.headline", ".meta time", ".meta time::attr(datetime)", ".meta ::text", "#m .line", "li:nth-child(2) a::attr(href)", "p", "q",
    "body.home > ul li", "h1::text",
)  # fmt: skip
XPATH = ("//html/@lang", "//li", "string(//title)", "count(//li)", "boolean(//li)", "//*[re:test(@class, '^by')]", "//*[has-class('line')]")


def _page() -> Page:
    return Page.from_text("http://a.example/", datetime(2026, 1, 2, tzinfo=UTC), HTML)


@pytest.mark.parametrize("query", CSS)
def test_css_as_parsel(query: str) -> None:
    page = _page()
    wanted = [node.get() if "::" in query else node.xpath("string()").get() for node in page.css(query)]
    assert [text_of(found) for found in by_css(page, query)] == wanted


@pytest.mark.parametrize("query", XPATH)
def test_xpath_as_parsel(query: str) -> None:
    page = _page()
    wanted = [node.xpath("string()").get() if hasattr(node.root, "tag") else node.get() for node in page.xpath(query)]
    assert [text_of(found) for found in by_xpath(page, query)] == wanted


def test_a_query_is_asked_once_a_page() -> None:
    page = _page()
    assert by_css(page, "li") is by_css(page, "li")
    assert by_css(_page(), "li") is not by_css(page, "li")


def test_no_query() -> None:
    with pytest.raises(ValueError, match="XPath error"):
        by_xpath(_page(), "//[")

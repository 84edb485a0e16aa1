"""Pieces of a page as blocks of a body: paragraphs, headings, quotations, lists, pictures and related stories."""

from __future__ import annotations

import pytest
from small_pages import page

from crawler.items import Block
from crawler.parsers.document.blocks import blocks, kind_of
from crawler.parsers.document.flow import flow


def made(html: str, related: dict[int, str] | None = None, *, limit: str | None = None) -> list[tuple[str, str | int | None]]:
    """Kind and content of the blocks of a body; every picture is one of the article's."""
    one = page(f"<html><body>{html}")
    segments = flow(one)
    pictures = {url: n for n, url in enumerate(dict.fromkeys(segment.picture for segment in segments if segment.picture))}
    box = one.root.find(f".//{limit}") if limit else None
    return [(block.kind, block.image if block.kind == "picture" else block.text) for block in blocks(segments, pictures, related or {}, box)]


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>One</p><p>Two</p>", [("paragraph", "One"), ("paragraph", "Two")]),
        ("<h2>Head</h2><p>One</p>", [("heading", "Head"), ("paragraph", "One")]),
        ("<h3>Two<br>lines</h3>", [("heading", "Two lines")]),
        ("<blockquote><p>One</p><p>Two</p></blockquote><p>Three</p>", [("quote", "One\nTwo"), ("paragraph", "Three")]),
        ("<blockquote>One</blockquote><blockquote>Two</blockquote>", [("quote", "One"), ("quote", "Two")]),
        ("<ul><li>One</li><li>Two</li></ul>", [("list", "One\nTwo")]),
        ("<ul><li>One</li></ul><ol><li>Two</li></ol>", [("list", "One"), ("list", "Two")]),
        ("<ul><li>One</li></ul><p>Between</p><ul><li>Two</li></ul>", [("list", "One"), ("paragraph", "Between"), ("list", "Two")]),
        ("<ul><li><p>One</p><p>more</p></li></ul>", [("list", "One\nmore")]),
        ("<p>One</p><img src=/a.jpg><p>Two</p>", [("paragraph", "One"), ("picture", 0), ("paragraph", "Two")]),
        ("<img src=/a.jpg><p>x</p><img src=/a.jpg><img src=/b.jpg>", [("picture", 0), ("paragraph", "x"), ("picture", 1)]),
        ("<ul><li>One</li><li><img src=/a.jpg></li><li>Two</li></ul>", [("list", "One"), ("picture", 0), ("list", "Two")]),
        ("<pre>One\nTwo</pre>", [("paragraph", "One\nTwo")]),
        ("", []),
    ],
)
def test_blocks(html: str, found: list[tuple[str, str | int | None]]) -> None:
    assert made(html) == found


def test_a_picture_that_is_none_of_the_article_is_passed_over() -> None:
    one = page("<html><body><p>One</p><img src=/a.jpg>")
    assert blocks(flow(one), {}, {}) == (Block(kind="paragraph", text="One"),)


def test_a_related_box_is_a_block_of_its_own() -> None:
    assert made("<ul><li>One</li><li>Box</li><li>Two</li></ul>", {1: "Another story"}) == [("list", "One"), ("related", "Another story"), ("list", "Two")]


@pytest.mark.parametrize(("limit", "kind"), [("blockquote", "paragraph"), (None, "quote")])
def test_what_lies_around_all_of_the_body_means_nothing(limit: str | None, kind: str) -> None:
    assert made("<blockquote><p>One</p></blockquote>", limit=limit) == [(kind, "One")]


@pytest.mark.parametrize(
    ("html", "kind", "group"),
    [
        ("<p>x", "paragraph", None), ("<h6>x", "heading", None), ("<blockquote><div>x", "quote", "blockquote"), ("<ol><li><div>x", "list", "ol"),
        ("<blockquote><h2>x", "heading", None), ("<ul><li><blockquote>x", "quote", "blockquote"),
    ],
)  # fmt: skip
def test_kinds(html: str, kind: str, group: str | None) -> None:
    (segment,) = flow(page(f"<html><body>{html}"))
    found, box = kind_of(segment)
    assert (found, box.tag if box is not None else None) == (kind, group)

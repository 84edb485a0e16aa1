"""An article as plain values, and back."""

import json

from attrs import fields

from crawler.items import Article, Block, Image, Link, article_of, plain

ARTICLE = Article(
    url="https://a.example/1", story="a/1", template="modern", headline="One", headline_alternatives=("Two",), deck="Three",
    blocks=(Block(kind="paragraph", text="Four"), Block(kind="picture", image=0), Block(kind="embed", text="Five", url="https://c.example/5")), authors=("Ada Quill",), published="2026-11-28",
    modified="2026-11-28T10:00:00+00:00", published_raw="today", section="Town", breadcrumb=(Link(url="https://a.example/", text="Home"),),
    language="en", tags=("a", "b"), images=(Image(url="https://a.example/p.jpg", caption="c", credit="d", agency="e", alt="f", raw="g"),),
    videos=("https://a.example/v",), alternates=("b.example",), related=(Link(url="https://a.example/2", text="More"),),
    canonical_url="https://a.example/one", read_by={"headline": "h1"}, problems=("zone-assumed",),
)  # fmt: skip


def test_every_field_survives_json() -> None:
    assert all(getattr(ARTICLE, f.name) != getattr(Article(url=""), f.name) for f in fields(Article)), "a field is not tried here"
    assert article_of(json.loads(json.dumps(plain(ARTICLE)))) == ARTICLE


def test_further_values_are_passed_over_and_missing_ones_are_absent() -> None:
    assert article_of({"url": "https://a.example/1", "n": 3}) == Article(url="https://a.example/1")

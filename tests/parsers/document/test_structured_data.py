"""JSON-LD and `meta`, as pages have them: broken, nested, twice, and with what browsers forgive."""

from __future__ import annotations

import json
from typing import Any

import pytest
from small_pages import page

from crawler.parsers.document.structured_data import MAX_NODES, LinkedData, linked_data, meta_values, texts, types_of

ARTICLE = '{"@type": "NewsArticle", "headline": "The old bridge"}'


def read(*scripts: str, kind: str = "application/ld+json") -> LinkedData:
    return linked_data(page("".join(f'<script type="{kind}">{script}</script>' for script in scripts) + "<p>x"))


@pytest.mark.parametrize(
    "script",
    [
        ARTICLE,
        f"[{ARTICLE}]",
        f'{{"@context": "https://schema.org", "@graph": [{{"@type": "WebPage"}}, {ARTICLE}]}}',
        f'{{"@type": "WebPage", "mainEntity": {ARTICLE}}}',
        f"<!-- {ARTICLE} -->",
        f"//<![CDATA[\n{ARTICLE}\n//]]>",
        f"/*<![CDATA[*/ {ARTICLE} /*]]>*/",
        f"<![CDATA[{ARTICLE}]]>",
        f"{ARTICLE};",
        f"  \n{ARTICLE}\n  ",
        '{"@type": "NewsArticle", "headline": "The old bridge",}',
        '{"@type": ["NewsArticle", "Thing"], "headline": "The old bridge", "keywords": ["a", "b", ],}',
        '{"@type": "https://schema.org/NewsArticle", "headline": "The old bridge"}',
        '{"@type": "NewsArticle", "headline": "The old bridge", "articleBody": "first\nsecond\tthird"}',
        f"{ARTICLE} {ARTICLE}",
        f"{ARTICLE}\nwindow.late = 1;",
        '{"@type": "ReportageNewsArticle", "headline": "The old bridge"}',
        '{"@type": "BlogPosting", "headline": "The old bridge"}',
    ],
)
def test_the_article_is_found(script: str) -> None:
    assert read(script).article["headline"] == "The old bridge"


@pytest.mark.parametrize(
    "script",
    [
        "", "not json", "{", '{"@type": "NewsArticle", "headline": "The', '{"@type": "Organization", "name": "Courier"}', "[]", "null", "7", '"text"',
        '{"headline": "no type"}', '{"@type": null, "headline": "x"}', "[" * 5000,
    ],
)  # fmt: skip
def test_what_holds_no_article_gives_none(script: str) -> None:
    assert read(script).article == {}


def test_only_scripts_of_the_type_are_read() -> None:
    assert read(ARTICLE, kind="application/json").article == {}
    assert read(ARTICLE, kind="application/LD+JSON; charset=utf-8").article["headline"] == "The old bridge"


def test_a_broken_script_costs_no_other() -> None:
    assert read("{", ARTICLE, "}").article["headline"] == "The old bridge"


@pytest.mark.parametrize(
    "nodes",
    [
        [{"@type": "NewsArticle", "headline": "Teaser"}, {"@type": "NewsArticle", "headline": "Main", "datePublished": "2026-11-24"}],
        [{"@type": "NewsArticle", "name": "x", "url": "y", "image": "z"}, {"@type": "NewsArticle", "headline": "Main"}],
        [{"@type": "NewsArticle", "headline": "Teaser"}, {"@type": "NewsArticle", "headline": "Main", "articleBody": "Text", "author": "Ada"}],
        [{"@type": "ItemList", "itemListElement": [{"@type": "NewsArticle", "headline": "Listed"}]}, {"@type": "Article", "headline": "Main", "datePublished": "2026"}],
    ],
)
def test_of_several_the_fullest_with_a_date_is_the_page_s_own(nodes: list[dict[str, Any]]) -> None:
    assert read(json.dumps(nodes)).article["headline"] == "Main"
    assert read(*map(json.dumps, nodes)).article["headline"] == "Main"


def test_nodes_are_found_outer_ones_first_and_by_type() -> None:
    found = read('{"@type": "WebPage", "author": {"@type": "Person", "name": "Ada"}, "isPartOf": {"@type": ["WebSite", "Thing"], "name": "Courier"}}')
    assert [sorted(types_of(node)) for node in found.nodes] == [["webpage"], ["person"], ["thing", "website"]]
    assert [node["name"] for node in found.of_type("person", "website")] == ["Ada", "Courier"]


def test_a_reference_leads_to_the_fullest_node_of_its_id() -> None:
    found = read('[{"@type": "Person", "@id": "#ada"}, {"@type": "Person", "@id": "#ada", "name": "Ada Moore", "url": "/ada"}]')
    assert found.resolved({"@id": "#ada"})["name"] == "Ada Moore"
    assert found.resolved({"@id": "#ada", "@type": "Person"})["name"] == "Ada Moore"
    assert found.resolved({"@id": "#ben"}) == {"@id": "#ben"}
    assert found.resolved({"@id": "#ada", "name": "A.", "url": "x"}) == {"@id": "#ada", "name": "A.", "url": "x"}
    assert found.resolved("text") == "text"


def test_as_many_nodes_are_looked_at_as_the_limit_says() -> None:
    many = json.dumps([{"@type": "Thing"}] * (2 * MAX_NODES))
    assert len(read(many).nodes) < MAX_NODES
    deep: Any = {"@type": "NewsArticle", "headline": "Deep"}
    for _ in range(300):
        deep = {"x": deep}
    assert read(json.dumps(deep)).article["headline"] == "Deep"


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("Ada", ["Ada"]), (" Ada \n Moore ", ["Ada Moore"]), ("", []), (None, []), (7, []), (["Ada", "Ben"], ["Ada", "Ben"]),
        ({"name": "Ada"}, ["Ada"]), ({"@value": "Ada"}, ["Ada"]), ([{"name": "Ada"}, "Ben", None, {"url": "x"}], ["Ada", "Ben"]),
        ({"name": ["Ada", "Ben"]}, ["Ada", "Ben"]), ({"givenName": "Ada", "familyName": "Moore"}, ["Ada Moore"]), ({"familyName": "Moore"}, ["Moore"]),
        ("Ada &amp; Ben", ["Ada & Ben"]), ({"name": {"@value": "Ada"}}, ["Ada"]), ({}, []),
    ],
)  # fmt: skip
def test_texts(value: Any, found: list[str]) -> None:
    assert texts(value) == found


@pytest.mark.parametrize(
    ("node", "types"),
    [
        ({"@type": "NewsArticle"}, {"newsarticle"}), ({"@type": ["A", "B"]}, {"a", "b"}), ({"@type": "http://schema.org/A"}, {"a"}), ({}, set()),
        ({"@type": None}, set()), ({"@type": ["", "A"]}, {"a"}),
    ],
)  # fmt: skip
def test_types(node: dict[str, Any], types: set[str]) -> None:
    assert types_of(node) == types


@pytest.mark.parametrize(
    ("tag", "found"),
    [
        ('<meta name="Author" content="Ada">', {"author": ["Ada"]}),
        ('<meta property="og:title" content="x">', {"og:title": ["x"]}),
        ('<meta itemprop="headline" content="x">', {"headline": ["x"]}),
        ('<meta http-equiv="Refresh" content="1">', {"refresh": ["1"]}),
        ('<meta name="a" value="in value">', {"a": ["in value"]}),
        ('<meta name=" a " content=" x  y ">', {"a": ["x y"]}),
        ('<meta name="a" content="&amp;quot;x&amp;quot;">', {"a": ['"x"']}),
        ('<meta name="a" content=""><meta name="a" content="  "><meta content="x"><meta name="" content="x">', {}),
        ('<meta name="a" content="1"><meta property="A" content="2">', {"a": ["1", "2"]}),
        ('<meta property="p" name="n" content="x">', {"p": ["x"]}),
    ],
)
def test_meta_values(tag: str, found: dict[str, list[str]]) -> None:
    values = meta_values(page(f"<html><head><meta charset=utf-8>{tag}</head><body><p>x"))
    assert values == found


def test_a_page_is_read_once() -> None:
    one = page(f'<meta name="a" content="x"><script type="application/ld+json">{ARTICLE}</script>')
    assert meta_values(one) is meta_values(one)
    assert linked_data(one) is linked_data(one)

"""Bodies held as data: every editor and framework that is told by shape, in several languages; written by us after their public formats."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.items import Article
from crawler.parsers.document.page import Page
from crawler.parsers.embedded.rich_text import markup_of
from crawler.parsers.embedded.told import published_in
from crawler.parsers.template import parse

TITLE = "Stadtrat lässt die alte Drehbrücke den Winter über offen"
LINES = [
    "Die eiserne Drehbrücke von Port Ellery bleibt bis mindestens Ende März für den Verkehr offen, beschloss der Stadtrat am Dienstagabend.",
    "Die Brücke von 1911 sollte im November für Arbeiten am Getriebe gesperrt werden; die Läden am Ostufer fürchteten um ein Drittel ihres Umsatzes.",
    "Ingenieure erklärten, das Getriebe könne mit wöchentlicher Schmierung und einer niedrigeren Gewichtsgrenze weiter betrieben werden.",
    "Der Rat berät im Januar erneut. Bis dahin öffnet die Brücke viermal am Tag für Schiffe, zu den Zeiten auf der Tafel am Wärterhaus.",
]
HTML = "".join(f"<p>{line}</p>" for line in LINES)
WANTED = "\n".join(LINES)


def pm(*marks: str) -> list[dict[str, Any]]:
    return [
        {
            "type": "paragraph",
            "content": [{"type": "text", "text": line[:20]}, {"type": "text", "marks": [{"type": "bold"}], "text": line[20:]}],
        }
        for line in LINES
    ]


QUOTE = "Niemand will als derjenige in Erinnerung bleiben, der die Brücke ohne Not für einen ganzen Winter geschlossen hat."

BODIES: dict[str, Any] = {
    "html string": HTML,
    "escaped string": HTML.replace("<", "&lt;").replace(">", "&gt;"),
    "lines": "\n\n".join(LINES),
    "gutenberg string": "".join(f"<!-- wp:paragraph -->\n<p>{line}</p>\n<!-- /wp:paragraph -->\n" for line in LINES),
    "gutenberg blocks": [
        {"blockName": "core/paragraph", "attrs": {}, "innerBlocks": [], "innerHTML": f"\n<p>{line}</p>\n"} for line in LINES
    ],
    "gutenberg attributes": [
        {"name": "core/paragraph", "attributes": {"content": line, "dropCap": False}, "innerBlocks": []} for line in LINES
    ],
    "rendered": {"rendered": HTML, "protected": False},
    "arc": [{"_id": f"E{n}", "type": "text", "content": line} for n, line in enumerate(LINES)],
    "prosemirror": {"type": "doc", "content": pm()},
    "draft": {
        "blocks": [
            {"key": "a", "text": line, "type": "unstyled", "depth": 0, "inlineStyleRanges": [], "entityRanges": []} for line in LINES
        ],
        "entityMap": {},
    },
    "editorjs": {
        "time": 1710000000,
        "blocks": [{"id": "x", "type": "paragraph", "data": {"text": line}} for line in LINES],
        "version": "2.28",
    },
    "slate": [
        {
            "type": "paragraph",
            "children": [{"text": line[:30]}, {"type": "link", "url": "/x", "children": [{"text": line[30:60]}]}, {"text": line[60:]}],
        }
        for line in LINES
    ],
    "slate without kinds": [{"children": [{"text": line}]} for line in LINES],
    "contentful": {
        "nodeType": "document",
        "data": {},
        "content": [{"nodeType": "paragraph", "data": {}, "content": [{"nodeType": "text", "value": line, "marks": []}]} for line in LINES],
    },
    "portable text": [
        {"_type": "block", "style": "normal", "markDefs": [], "children": [{"_type": "span", "text": line, "marks": []}]} for line in LINES
    ],
    "tree of tags": {"tag": "body", "children": [{"tag": "p", "children": [line]} for line in LINES]},
    "components": [{"__typename": "ArticleParagraph", "kind": "paragraph", "html": f"<p>{line}</p>"} for line in LINES],
    "typed texts": [{"type": "text", "text": line} for line in LINES],
    "strings": LINES,
    "delta": {
        "ops": [
            {"insert": LINES[0] + "\n"},
            {"insert": LINES[1][:40], "attributes": {"bold": True}},
            {"insert": LINES[1][40:] + "\n"},
            {"insert": "\n".join(LINES[2:])},
        ]
    },
    "lexical": {
        "root": {
            "type": "root",
            "children": [{"type": "paragraph", "children": [{"type": "text", "text": line, "format": 0}]} for line in LINES],
        }
    },
}


def read(
    scripts: str, *, head: str = "", body: str = "<div id=app></div>", url: str = "https://www.hafenblatt.example/stadt/bruecke-4411"
) -> Article:
    text = f"<html lang=de><head><title>{TITLE} | Hafenblatt</title>{head}</head><body>{body}{scripts}</body></html>"
    return parse(Page.from_text(url, datetime(2026, 3, 2, tzinfo=UTC), text))


def article(body: Any, **more: Any) -> dict[str, Any]:
    return {
        "title": TITLE,
        "publishedAt": "2024-03-12T22:41:00+01:00",
        "updatedAt": "2024-03-13T06:00:00+01:00",
        "authors": [{"name": "Ansel Weiß"}],
        "body": body,
    } | more


def held(state: Any) -> str:
    text = json.dumps(state, ensure_ascii=False).replace("</", "\\u003c/")
    return f'<script id="state" type="application/json">{text}</script>'


def check(found: Article, *, authors: tuple[str, ...] = ("Ansel Weiß",)) -> None:
    assert found.body == WANTED
    assert (found.headline, found.authors) == (TITLE, authors)
    assert (found.published, found.modified) == ("2024-03-12T22:41:00+01:00", "2024-03-13T06:00:00+01:00")


@pytest.mark.parametrize("name", BODIES)
def test_every_editor_s_text_is_read(name: str) -> None:
    check(read(held({"props": {"pageProps": {"article": article(BODIES[name])}}})))


def packed(value: Any) -> list[Any]:
    out: list[Any] = []

    def put(one: Any) -> int:
        place = len(out)
        out.append(None)
        if isinstance(one, dict):
            out[place] = {key: put(held) for key, held in one.items()}
        elif isinstance(one, list):
            out[place] = [put(held) for held in one]
        else:
            out[place] = one
        return place

    put(value)
    return out


STATE = {"data": {"story": article(BODIES["prosemirror"])}}
STORE = {
    "ROOT_QUERY": {"x": {"__ref": "Article:1"}},
    "Article:1": article([{"__ref": f"Paragraph:{n}"} for n in range(4)]) | {"authors": [{"__ref": "Author:7"}]},
    "Author:7": {"__typename": "Author", "name": "Ansel Weiß"},
    **{f"Paragraph:{n}": {"__typename": "Paragraph", "text": line} for n, line in enumerate(LINES)},
}
DUMPED = json.dumps(STATE, ensure_ascii=False)
ROWS = f'1:I["x",[],"default"]\n2:T{len(HTML.encode()):x},{HTML}3:["$","$L1",null,{{"story":{json.dumps(article("$2"), ensure_ascii=False)}}}]\n'


@pytest.mark.parametrize(
    "script",
    [
        f"<script>window.__APOLLO__={json.dumps(STORE)}</script>",
        f"<script>window.__STATE__={DUMPED};window.x=1</script>",
        f"<script>window.__STATE__ = JSON.parse({json.dumps(DUMPED)});</script>",
        f"<script>window.__STATE__ = {json.dumps(DUMPED)};</script>",
        f"<script>self.__next_f.push([1,{json.dumps(ROWS[:150])}])</script><script>self.__next_f.push([1,{json.dumps(ROWS[150:])}])</script>",
        f'<script type="application/json" id="__NUXT_DATA__">{json.dumps(packed({"s": STATE}))}</script>',
        "<script>window.__NUXT__=(function(a,b,c){return {layout:b,data:[{story:" + DUMPED.replace('"Ansel Weiß"', "a").replace('"title": "', 'title: "') + "}],x:c}}(\"Ansel Weiß\",null,1));</script>",
        f"<div data-props='{DUMPED.replace(chr(39), '&#39;')}'></div>",
        f"<script>var a = {{}}; App.start({DUMPED}, 5)</script>",
        f"<script type='text/x-state'>{DUMPED}</script>",
    ],
    ids=["store", "assigned", "parsed", "string", "streamed", "devalue", "function", "attribute", "argument", "whole"],
)  # fmt: skip
def test_every_place_is_looked_at(script: str) -> None:
    check(read(script))


def test_kinds_of_blocks_are_kept() -> None:
    blocks = [
        {"type": "text", "content": LINES[0]},
        {"type": "header", "level": 3, "content": "Was das kostet"},
        {
            "type": "image",
            "url": "https://img.example/faehre.jpg",
            "caption": "Die Fähre im Nebel.",
            "credits": {"by": [{"name": "Ida Buhne"}], "affiliation": [{"name": "dpa"}]},
        },
        {"type": "text", "content": LINES[1]},
        {
            "type": "list",
            "list_type": "unordered",
            "items": [{"type": "text", "content": "Getriebe schmieren"}, {"type": "text", "content": "Gewicht begrenzen"}],
        },
        {"type": "quote", "content_elements": [{"type": "text", "content": QUOTE}]},
        {"type": "interstitial_link", "content": "Lesen Sie auch: Hafen", "url": "/hafen"},
        {"type": "newsletter", "content": "Abonnieren Sie unseren Brief"},
        *({"type": "text", "content": line} for line in LINES[2:]),
    ]
    found = read(held({"content": article(blocks)}))
    kinds = [(block.kind, line) for block in found.blocks for line in (block.text or "").split("\n")]
    assert kinds == [
        ("paragraph", LINES[0]), ("heading", "Was das kostet"), ("picture", ""), ("paragraph", LINES[1]),
        ("list", "Getriebe schmieren"),
        ("list", "Gewicht begrenzen"), ("quote", QUOTE), ("paragraph", LINES[2]), ("paragraph", LINES[3]),
    ]  # fmt: skip
    assert [(i.url, i.caption, i.credit) for i in found.images] == [("https://img.example/faehre.jpg", "Die Fähre im Nebel.", "Ida Buhne")]


OTHER = "Die Bagger im Hafen kommen eine Woche später als geplant, weil ein Kran am Nordkai repariert werden muss, sagte die Verwaltung. "


def test_the_page_s_own_article_is_taken_not_the_longest() -> None:
    other = {
        "title": "Hafen wird später ausgebaggert",
        "slug": "hafen-bagger",
        "authors": [{"name": "Petra Lomond"}],
        "publishedAt": "2024-01-01T10:00:00Z",
        "body": f"<p>{OTHER * 9}</p><p>{OTHER}</p>",
    }
    for state in (
        {"related": [other], "main": article(HTML)},
        {"list": [other, article(HTML)]},
        {"a": article(HTML), "b": {"next": other}},
    ):
        check(read(held(state)))


def test_what_the_markup_tells_is_not_replaced() -> None:
    head = '<meta name="author" content="Eva Stahl"><meta property="article:published_time" content="2024-03-11T08:00:00Z">'
    found = read(held(article(HTML)), head=head, body=f"<h1>{TITLE}</h1>")
    assert (found.body, found.authors, found.published) == (WANTED, ("Eva Stahl",), "2024-03-11T08:00:00+00:00")


@pytest.mark.parametrize(
    "value",
    ["authors", "author", "byline", "contributors", "autor", "yazar", "credits"],
)
def test_authors_under_many_names(value: str) -> None:
    told: dict[str, Any] = {
        "credits": {"by": [{"type": "author", "name": "Ansel Weiß"}]},
        "byline": "Ansel Weiß",
        "autor": {"nombre": 1, "fullName": "Ansel Weiß"},
    }
    people = told.get(value, [{"firstName": "Ansel", "lastName": "Weiß"}, {"type": "photographer", "name": "Ida Buhne"}])
    body = article(HTML)
    body.pop("authors")
    check(read(held({"x": body | {value: people}})))


def test_cut_and_strange_states_do_no_harm() -> None:
    for text in (
        DUMPED[:700],
        DUMPED[:-200],
        "[" * 6000,
        "{" * 6000,
        '{"a":' * 3000,
        "[[" + "1," * 3000,
        '[{"a":1},' + "[2]," * 2000 + "0]",
    ):
        read(f"<script>window.x = {text}</script><script type='application/json'>{text}</script>")
    loop = [{"a": 1}, {"b": 0, "c": [0]}, [0, 1]]
    read(f'<script type="application/json">{json.dumps([*loop, "x" * 600])}</script>')


@pytest.mark.parametrize(
    "value", [None, 7, "", [], {}, {"type": "ad", "content": "x"}, [[]], {"type": "image"}, {"type": "table", "rows": None}]
)
def test_nothing_gives_nothing(value: Any) -> None:
    assert markup_of(value) == ""


def test_tables_lists_and_embeds() -> None:
    table = {"type": "table", "data": {"withHeadings": True, "content": [["Ort", "Tage"], ["Stanmere", "neun"]]}}
    assert markup_of(table) == "<table><tr><td>Ort</td><td>Tage</td></tr><tr><td>Stanmere</td><td>neun</td></tr></table>"
    nested = {"type": "list", "data": {"style": "ordered", "items": [{"content": "a", "items": [{"content": "b", "items": []}]}]}}
    assert markup_of(nested) in ("<ul><li>a<ul><li>b</li></ul></li></ul>", "<ol><li>a<ul><li>b</li></ul></li></ol>")
    assert (
        markup_of({"type": "oembed_response", "raw_oembed": {"html": "<blockquote class='x'>y</blockquote>"}})
        == "<blockquote class='x'>y</blockquote>"
    )
    assert markup_of({"type": "embed", "data": {"source": "https://v.example/1"}}) == '<iframe src="https://v.example/1"></iframe>'
    assert markup_of({"type": "header-two", "text": "Zwei"}) == "<h2>Zwei</h2>"
    assert markup_of([{"type": "unordered-list-item", "text": "eins"}]) == "<ul><li>eins</li></ul>"
    assert markup_of(
        [
            "$",
            "div",
            None,
            {
                "children": [
                    ["$", "p", None, {"children": "x"}],
                    ["$", "p", None, {"children": ["y ", ["$", "b", None, {"children": "z"}]]}],
                ]
            },
        ]
    ) == ("<div><p>x</p><p>y <b>z</b></p></div>")


@pytest.mark.parametrize(
    ("times", "published"),
    [
        (
            {"paperDate": "2026-01-30", "deployDt": "2026-01-29T18:40:00+09:00", "reDeployDt": "2026-01-29T18:49:00+09:00"},
            "2026-01-29T18:40:00+09:00",
        ),
        ({"printEditionDate": "2026-01-30"}, None),
        ({"eventDate": "2026-02-20", "serverTime": "2026-03-01T00:00:00Z"}, None),
    ],
)
def test_days_of_paper_event_and_server_are_no_publication(times: dict[str, str], published: str | None) -> None:
    assert published_in([times]) == published

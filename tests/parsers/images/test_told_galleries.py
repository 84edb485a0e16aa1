"""Galleries that JSON holds: in attributes, scripts and JSON-LD; none of teasers, crops or other pages."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from crawler.parsers.document.page import Page
from crawler.parsers.template import parse

URL = "https://gazette.example/harbour/ice"
PROSE = [
    "The harbour was closed for a second day on Monday because the ice had grown thicker than the breakers can cut, the pilots said.",
    "Some forty ships wait outside the mole, most of them with fruit, and their owners have begun to count what the delay costs them.",
    "A thaw is expected by the end of the week, when the wind turns, but nobody at the signal station wanted to promise anything.",
]
MOLE, FERRY = "https://img.gazette.example/p/mole-20261.jpg", "https://img.gazette.example/p/ferry-20262.jpg"
TWO = [(MOLE, "Ships wait outside the mole.", "Ada Berg"), (FERRY, "The ferry at noon.", "Jo Lee/AFP")]


def found(inside: str = "", head: str = "") -> list[tuple[str, str | None, str | None]]:
    text = "".join(f"<p>{line}</p>" for line in PROSE[1:])
    html = f"<html><head><title>Harbour closed by ice</title>{head}</head><body><article><h1>Harbour closed by ice</h1><p>{PROSE[0]}</p>{inside}{text}</article></body></html>"
    return [(i.url, i.caption, i.credit) for i in parse(Page.from_text(URL, datetime(2026, 3, 2, tzinfo=UTC), html)).images]


def items(address: str = "src", caption: str = "caption", credit: str = "credit", **more: object) -> list[dict[str, object]]:
    return [{address: url, caption: said, credit: by} | more for url, said, by in TWO]


def attribute(value: object) -> str:
    return json.dumps(value).replace('"', "&quot;")


HELD = {
    "attribute": f'<div class=g data-images="{attribute(items())}"></div>',
    "attribute-object": f'<div class=g data-gallery="{attribute({"id": 3, "slides": items("image", "legend", "copyright")})}"></div>'.replace(
        "legend", "caption"
    ),
    "attribute-in-single-quotes": f"<div class=g data-slideshow='{json.dumps(items('original', 'description', 'credits'))}'></div>",
    "script-json": f"<script type='application/json' id=gallery-3>{json.dumps({'items': items('url', 'caption', 'byline')})}</script>",
    "script-state": f"<script>window.__STATE__={json.dumps({'article': {'gallery': {'images': [{'sizes': {'small': {'url': u + '?w=90'}, 'big': {'url': u}}, 'caption': c, 'credit': b} for u, c, b in TWO]}}})};</script>",
    "script-call": f"<script>initGallery('#g', {json.dumps({'photos': items('src', 'caption', 'photographer')})})</script>",
    "script-bare-keys": "<script>var gallery = ["
    + ",".join(f'{{src:"{u}", "caption":"{c} Photo: {b}"}}' for u, c, b in TWO)
    + "];</script>",
    "markup-in-captions": f'<div data-images="{attribute([{"src": u, "caption": f"<p>{c}</p> <em>Foto: {b}</em>"} for u, c, b in TWO])}"></div>',
}


@pytest.mark.parametrize("name", HELD)
def test_galleries_that_only_json_holds(name: str) -> None:
    assert found(HELD[name]) == TWO


@pytest.mark.parametrize(
    "node",
    [
        {
            "@type": "ImageGallery",
            "associatedMedia": [{"@type": "ImageObject", "contentUrl": u, "caption": c, "creditText": b} for u, c, b in TWO],
        },
        {
            "@type": "ImageGallery",
            "url": URL,
            "image": [{"@type": "ImageObject", "url": u, "description": c, "author": {"name": b}} for u, c, b in TWO],
        },
        {
            "@type": "NewsArticle",
            "headline": "Harbour closed by ice",
            "associatedMedia": [
                {"@type": "ImageObject", "url": u, "caption": c, "copyrightHolder": {"@type": "Organization", "name": b}} for u, c, b in TWO
            ],
        },
    ],
)
def test_galleries_of_json_ld(node: dict[str, object]) -> None:
    assert found(head=f"<script type='application/ld+json'>{json.dumps({'@context': 'https://schema.org'} | node)}</script>") == TWO


def test_a_gallery_gives_words_to_the_picture_that_the_page_shows_without() -> None:
    shown = f"<div class=lead><img src={MOLE}?w=600 width=600 height=400></div><script type='application/json' id=gallery>{json.dumps({'slides': items()})}</script>"
    assert [(url.partition("?")[0], said, by) for url, said, by in found(shown)] == TWO


@pytest.mark.parametrize(
    "inside",
    [
        f"<script>window.__STATE__={json.dumps({'related': {'images': items()}})}</script>",
        f"<script>window.__STATE__={json.dumps({'photos': items(link='/harbour/thaw')})}</script>",
        f"<script>window.__STATE__={json.dumps({'images': items(headline='Thaw expected')})}</script>",
        f"<script>window.__STATE__={json.dumps({'stories': [{'url': '/harbour/thaw', 'gallery': items()}]})}</script>",
        f"<script>window.__STATE__={json.dumps({'images': [{'src': MOLE + f'?w={w}', 'caption': 'Ships wait.'} for w in (300, 600)]})}</script>",
        f"<script>window.__STATE__={json.dumps({'images': [{'src': f'/p/{n}/mole.jpg', 'caption': 'Ships wait.'} for n in ('a', 'b')]})}</script>",
        f"<script>window.__STATE__={json.dumps({'images': items()[:1]})}</script>",
        f"<script>window.__STATE__={json.dumps({'people': items()})}</script>",
        f"<div data-images='{json.dumps([{'src': '/a.html', 'caption': 'A page'}, {'src': '/b.html', 'caption': 'A page too'}])}'></div>",
        "<script>var gallery = [{'caption': </script>", "<script>gallery([[[[[[ \"caption\"</script>", '<div data-g=\'[{"caption": \'></div>',
    ],
)  # fmt: skip
def test_what_is_no_gallery_of_the_page(inside: str) -> None:
    assert found(inside) == []


@pytest.mark.parametrize("text", ["[" * 50_000, '{"gallery":' * 5_000, 'gallery="caption=[' * 20_000, '"caption' * 60_000])
def test_hostile_scripts_end(text: str) -> None:
    assert found(f'<script>gallery = {text} "caption"</script>') == []
    assert found(f"<div data-g='{text}\"caption\"'></div>") == []

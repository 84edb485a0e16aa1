"""Captions and credits that stand beside the picture: JSON-LD, attributes, microdata, alternative texts."""

from __future__ import annotations

import json
from typing import Any

import pytest
from small_pages import page

from crawler.parsers.document.structured_data import linked_data
from crawler.parsers.images.page_data import lead_of, nodes_of, shared_files
from crawler.parsers.template import parse

URL = "https://courier.example/p/mole-2026.jpg"
PROSE = "".join(
    f"<p>The harbour was closed on day {n} because the ice had grown thicker than the breakers can cut, the pilots said.</p>"
    for n in range(4)
)


def linked(*nodes: dict[str, Any]) -> str:
    return "".join(f"<script type=application/ld+json>{json.dumps(node)}</script>" for node in nodes)


def picture(inside: str, head: str = "") -> tuple[str | None, str | None, str | None]:
    """Caption, credit and agency of the one picture of an article."""
    html = f"<html lang=en><head><title>Harbour closed by ice</title>{head}</head><article><h1>Harbour closed by ice</h1>{PROSE}{inside}{PROSE}</article>"
    (image,) = parse(page(html)).images
    return image.caption, image.credit, image.agency


@pytest.mark.parametrize(
    ("node", "found"),
    [
        ({"caption": "Ships wait.", "creditText": "Ann Lee/AFP"}, ("Ships wait.", "Ann Lee/AFP", "AFP")),
        ({"caption": "Ships wait. Photo: Ann Lee"}, ("Ships wait.", "Ann Lee", None)),
        ({"description": "Ships wait.", "creator": {"@type": "Person", "name": "Ann Lee"}}, ("Ships wait.", "Ann Lee", None)),
        ({"copyrightNotice": "© Reuters"}, (None, "Reuters", "Reuters")),
        ({"name": "mole"}, (None, None, None)),
    ],
)
def test_the_node_of_a_picture(node: dict[str, Any], found: tuple[str | None, ...]) -> None:
    head = linked({"@type": "ImageObject", "url": URL, **node})
    assert picture("<figure><img src=/p/mole-2026.jpg></figure>", head) == found


def test_what_is_printed_counts_before_the_node() -> None:
    head = linked({"@type": "ImageObject", "url": URL, "caption": "Other words", "creditText": "Ann Lee"})
    printed = "<figure><img src=/p/mole-2026.jpg><figcaption>Ships wait</figcaption></figure>"
    assert picture(printed, head) == ("Ships wait", "Ann Lee", None)
    signed = "<figure><img src=/p/mole-2026.jpg><figcaption>Ships wait. Photo: Bo Dahl</figcaption></figure>"
    assert picture(signed, head) == ("Ships wait.", "Bo Dahl", None)
    said_already = "<figure><img src=/p/mole-2026.jpg><figcaption>Ann Lee waits</figcaption></figure>"
    assert picture(said_already, head) == ("Ann Lee waits", None, None)


def test_a_caption_for_machines_that_is_the_alternative_text_is_none() -> None:
    head = linked({"@type": "ImageObject", "url": URL, "caption": "ships wait"})
    assert picture("<figure><img src=/p/mole-2026.jpg alt='Ships wait'></figure>", head) == (None, None, None)


@pytest.mark.parametrize(
    ("inside", "found"),
    [
        (
            "<figure><img src=/p/mole-2026.jpg data-caption='Ships wait at the mole' data-credit='Ann Lee'></figure>",
            ("Ships wait at the mole", "Ann Lee"),
        ),
        (
            "<figure data-caption='&lt;b&gt;Ships wait&lt;/b&gt; at the mole. © AFP'><img src=/p/mole-2026.jpg></figure>",
            ("Ships wait at the mole.", "AFP"),
        ),
        ("<figure><img src=/p/mole-2026.jpg data-source=/feed data-copyright='Ann Lee'></figure>", (None, "Ann Lee")),
        (
            "<figure itemtype=http://schema.org/ImageObject><img src=/p/mole-2026.jpg><meta itemprop=creditText content='Ann Lee'></figure>",
            (None, "Ann Lee"),
        ),
        (
            "<figure itemtype=http://schema.org/ImageObject><img src=/p/mole-2026.jpg><meta itemprop=width content=12></figure>",
            (None, None),
        ),
        ("<figure><img src=/p/mole-2026.jpg alt='Ships wait | Foto: Ann Lee'></figure>", ("Ships wait", "Ann Lee")),
        ("<figure><img src=/p/mole-2026.jpg title='Ships wait (Photo: Ann Lee)'></figure>", (None, "Ann Lee")),
        ("<figure><img src=/p/mole-2026.jpg alt='Ships wait (Archivfoto)'></figure>", (None, None)),
    ],
)
def test_attributes_and_alternative_texts(inside: str, found: tuple[str | None, str | None]) -> None:
    assert picture(inside)[:2] == found


@pytest.mark.parametrize(
    ("image", "found"),
    [
        (URL, (URL, None, None)),
        ([{"@type": "ImageObject", "url": URL, "caption": "Ships wait", "creditText": "Ann Lee"}], (URL, "Ships wait", "Ann Lee")),
        ({"@type": "ImageObject", "contentUrl": URL}, (URL, None, None)),
        (["no address", {"url": 7}], None),
        (None, None),
    ],
)
def test_the_lead_that_only_json_ld_names(image: Any, found: tuple[str | None, ...] | None) -> None:
    one = page(f"<html><head>{linked({'@type': 'NewsArticle', 'headline': 'Ice', 'image': image})}</head><body><h1>Ice</h1></body></html>")
    assert linked_data(one).article["headline"] == "Ice"
    lead = lead_of(one, nodes_of(one), str)
    assert (lead and (lead.url, lead.caption, lead.credit)) == found
    assert len(shared_files(one)) == (found is not None)

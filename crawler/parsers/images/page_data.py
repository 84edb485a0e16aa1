"""Picture data: what a page says of its pictures beside what it prints: head, JSON-LD, attributes, scripts."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

from attrs import evolve

from crawler.items import Image
from crawler.parsers.credits.credits import SURE, split
from crawler.parsers.credits.names import agency_of, credit_name, only_archive
from crawler.parsers.document.image_urls import same_file
from crawler.parsers.document.page import Page
from crawler.parsers.document.segments import Piece, words
from crawler.parsers.document.structured_data import linked_data, meta_values, texts
from crawler.parsers.images import attributes
from crawler.parsers.images.script_state import known_of

Nodes = dict[str, dict[str, Any]]
"""JSON-LD's pictures by file."""


def shared_files(page: Page) -> frozenset[str]:
    """Files of the pictures that the head of the page names."""
    meta = meta_values(page)
    urls = [*meta.get("og:image", ())[:1], *meta.get("twitter:image", ())[:1], *_addresses(linked_data(page).article.get("image"))]
    return frozenset(same_file(html.unescape(url)) for url in urls)


def nodes_of(page: Page) -> Nodes:
    """What JSON-LD says of pictures, by file."""
    out: Nodes = {}
    for node in linked_data(page).of_type("imageobject"):
        for key in ("url", "contentUrl", "@id"):
            if isinstance(url := node.get(key), str) and url.startswith(("http", "/")):
                out.setdefault(same_file(html.unescape(url)), node)
    return out


def helped(image: Image, piece: Piece, nodes: Nodes) -> Image:
    """The image with what attributes and JSON-LD say of it where the page prints nothing, else the tail of an alternative text or title."""
    return _by_texts(_by_node(_with_attributes(image, piece), nodes.get(same_file(image.url))), piece)


def looked_up(page: Page, image: Image) -> Image:
    """The image with the credit that the page's scripts know where nothing is printed."""
    if image.credit is not None:
        return image
    caption, credit = known_of(page, image.url)
    if not credit or words(credit) in words(image.caption or ""):
        return image
    return evolve(image, caption=image.caption or (caption if image.raw is None else None), credit=credit, agency=agency_of(credit))


def lead_of(page: Page, nodes: Nodes, keys: Callable[[str], str]) -> Image | None:
    """The picture JSON-LD gives the article, where the page's markup shows none."""
    value = linked_data(page).article.get("image")
    for one in value if isinstance(value, list) else [value]:
        for address in _addresses(one):
            url = page.join(html.unescape(address))
            if url:
                node = one if isinstance(one, dict) else nodes.get(same_file(url))
                caption, credit = _node_texts(node) if node else (None, None)
                return Image(url=url, key=keys(url), caption=caption, credit=credit, agency=agency_of(credit))
    return None


def _with_attributes(image: Image, piece: Piece) -> Image:
    """The image with what attributes say of it where nothing is printed."""
    if image.credit is not None:
        return image
    caption, credit = attributes.told(piece)
    if image.raw is None:
        return evolve(image, caption=caption, credit=credit)
    return evolve(image, credit=credit) if credit and words(credit) not in words(image.caption or "") else image


def _by_node(image: Image, node: dict[str, Any] | None) -> Image:
    """The image with what JSON-LD knows of it."""
    if node is None:
        return image
    caption, credit = _node_texts(node)
    # Many a site fills the caption for machines with the alternative text.
    caption = None if words(caption or "") == words(split(image.alt or "").caption or "") else caption
    if image.raw is None and (caption or credit):
        return evolve(image, caption=caption, credit=credit)
    if image.credit is None and credit and words(credit) not in words(image.caption or ""):
        return evolve(image, credit=credit)
    return image


def _by_texts(image: Image, piece: Piece) -> Image:
    """The image with the credit its alternative text or title ends with."""
    for text in (image.alt, piece.element.get("title")) if image.credit is None else ():
        tail = split(text or "")
        if tail.credit and tail.caption and tail.shape in SURE and not only_archive(tail.credit):
            return evolve(image, credit=tail.credit, agency=agency_of(tail.credit))
    return evolve(image, agency=image.agency or agency_of(image.credit))


def _node_texts(node: dict[str, Any]) -> tuple[str | None, str | None]:
    caption = next(iter(texts(node.get("caption")) or texts(node.get("description"))), None)
    found = split(caption or "")
    for key in ("creditText", "creator", "author", "copyrightNotice", "copyrightHolder"):
        for text in texts(node.get(key)):
            if name := credit_name(text):
                return found.caption, name
    return found.caption, found.credit


def _addresses(value: Any) -> list[str]:
    out = []
    for one in value if isinstance(value, list) else [value]:
        url = one if isinstance(one, str) else (one.get("url") or one.get("contentUrl")) if isinstance(one, dict) else None
        if isinstance(url, str) and url.startswith(("http", "/")):
            out.append(url)
    return out

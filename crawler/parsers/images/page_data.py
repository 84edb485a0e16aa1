"""Caption and credit in a page's attributes, JSON-LD and alternative texts."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

from attrs import evolve, frozen

from crawler.items import Image
from crawler.parsers.captions import attributes
from crawler.parsers.credits.agencies import agency_of
from crawler.parsers.credits.credits import SURE, split
from crawler.parsers.credits.names import credit_name, only_agencies, only_archive
from crawler.parsers.credits.wordings import Split
from crawler.parsers.document.page import Page
from crawler.parsers.document.rules import Steps
from crawler.parsers.document.segments import Segment, words
from crawler.parsers.document.structured_data import linked_data, meta_values, texts
from crawler.parsers.picture_urls.same_file import same_file

_CREDIT_KEYS = ("creditText", "creator", "author", "copyrightNotice", "copyrightHolder")


@frozen(kw_only=True, eq=False)
class PictureData:
    """A picture's element, and its node in the page's JSON-LD."""

    segment: Segment
    node: dict[str, Any] | None = None


def shared_files(page: Page) -> frozenset[str]:
    """Name the files of the pictures in the page's head."""
    meta = meta_values(page)
    urls = [*meta.get("og:image", ())[:1], *meta.get("twitter:image", ())[:1], *_addresses(linked_data(page).article.get("image"))]
    return frozenset(same_file(html.unescape(url)) for url in urls)


def houses_of(page: Page) -> tuple[str, ...]:
    """The names of the site and its publisher, in the page's head and JSON-LD."""
    names = (name for key in ("publisher", "copyrightHolder", "sourceOrganization") for name in texts(linked_data(page).article.get(key)))
    return (*meta_values(page).get("og:site_name", ())[:1], *names)


def nodes_of(page: Page) -> dict[str, dict[str, Any]]:
    """Collect JSON-LD's pictures by file."""
    out: dict[str, dict[str, Any]] = {}
    for node in linked_data(page).of_type("imageobject"):
        for key in ("url", "contentUrl", "@id"):
            if isinstance(url := node.get(key), str) and url.startswith(("http", "/")):
                out.setdefault(same_file(html.unescape(url)), node)
    return out


def lead_of(page: Page, nodes: dict[str, dict[str, Any]], keys: Callable[[str], str]) -> Image | None:
    """Make an image of JSON-LD's picture, for a page whose markup shows none."""
    value = linked_data(page).article.get("image")
    for one in value if isinstance(value, list) else [value]:
        for address in _addresses(one):
            url = page.join(html.unescape(address))
            if url:
                node = one if isinstance(one, dict) else nodes.get(same_file(url))
                caption, credit = _node_texts(node) if node else (None, None)
                return Image(url=url, key=keys(url), caption=caption, credit=credit, agency=agency_of(credit))
    return None


# -- steps, each for what the ones before left open


def attributes_around_it(image: Image, data: PictureData) -> Image:
    """Look in attributes and microdata of the picture, its link, figure and box."""
    if image.credit is not None:
        return image
    caption, credit = attributes.told(data.segment)
    if image.raw is None:
        return evolve(image, caption=caption, credit=credit)
    return evolve(image, credit=credit) if credit and words(credit) not in words(image.caption or "") else image


def json_ld(image: Image, data: PictureData) -> Image:
    """Look in the picture's node of JSON-LD."""
    if data.node is None:
        return image
    caption, credit = _node_texts(data.node)
    # Many a site fills the caption for machines with the alternative text.
    caption = None if words(caption or "") == words(split(image.alt or "").caption or "") else caption
    if image.raw is None and (caption or credit):
        return evolve(image, caption=caption, credit=credit)
    if image.credit is None and credit and words(credit) not in words(image.caption or ""):
        return evolve(image, credit=credit)
    return image


def end_of_alternative_text(image: Image, data: PictureData) -> Image:
    """Look for a credit at the end of alternative text and title.

    A text that parts the two by a bar is a caption too, where nothing else captions the picture.
    """
    for text in (image.alt, data.segment.element.get("title")) if image.credit is None else ():
        tail = split(text or "")
        if tail.credit and tail.caption and not only_archive(tail.credit) and _is_sure(image, tail):
            signed = image.raw is None and image.caption is None and "|" in (text or "")
            return evolve(image, credit=tail.credit, caption=tail.caption if signed else image.caption)
    return image


def _is_sure(image: Image, tail: Split) -> bool:
    """Tell whether the end of an alternative text is a credit."""
    if tail.shape in SURE or (tail.shape == "pipe" and only_agencies(tail.credit or "")):
        return True
    return image.caption is not None and words(image.caption) == words(tail.caption or "")


DATA: Steps[Image, PictureData] = Steps("caption and credit", attributes_around_it, json_ld, end_of_alternative_text)


def _node_texts(node: dict[str, Any]) -> tuple[str | None, str | None]:
    """Caption and credit of a node of JSON-LD."""
    caption = next(iter(texts(node.get("caption")) or texts(node.get("description"))), None)
    found = split(caption or "")
    named = (credit_name(text) for key in _CREDIT_KEYS for text in texts(node.get(key)))
    return found.caption, next(filter(None, named), found.credit)


def _addresses(value: Any) -> list[str]:
    """The addresses of a value of JSON-LD."""
    out = []
    for one in value if isinstance(value, list) else [value]:
        url = one if isinstance(one, str) else (one.get("url") or one.get("contentUrl")) if isinstance(one, dict) else None
        if isinstance(url, str) and url.startswith(("http", "/")):
            out.append(url)
    return out

"""Addresses of styles, scripts, fonts and pictures needed to show a page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lxml import etree

from crawler.parsers.document.page import Page
from crawler.parsers.encoding.encoders import encoder_of
from crawler.parsers.links.page_links import elements_of, words_in
from crawler.parsers.picture_urls.srcset import holds_srcset, srcset
from crawler.urls import join

MAX_STYLE_CHARACTERS = 200_000
_NEEDED = frozenset({"stylesheet", "icon", "apple-touch-icon", "apple-touch-icon-precomposed", "mask-icon", "manifest"})
_PRELOADED = frozenset({"style", "script", "font", "image"})
_PICTURE_ATTRIBUTES = ("src", "data-src", "data-original", "data-lazy-src", "data-lazy", "data-hi-res-src")
_STYLE_ADDRESS = re.compile(r"""(?:\burl\(\s*|@import\s+(?!url))["']?([^"'()\s]{1,2048})""", re.IGNORECASE)


def page_requisites(page: Page) -> tuple[str, ...]:
    """The addresses of all that a page needs to be shown; never raises.

    Styles, scripts, icons, preloaded fonts, pictures in every rendition.

    Films and sound are left out (they are as large as a thousand pages), and so is what a frame would load.

    Returns:
        Absolute addresses in page order, each once, at most the page's limit (5000).
    """
    base, encode, found = page.base, encoder_of(page.charset), dict[str, None]()
    for element in elements_of(page):
        for href in _needed(element):
            url = join(base, href, encode) if href.strip() else None
            if url and len(found) < page.limits.links:
                found[url] = None
    return tuple(found)


def _needed(element: etree._Element) -> Iterator[str]:
    """Addresses of requisites that one element names, as written."""
    if (of_tag := _BY_TAG.get(element.tag)) is not None:
        yield from of_tag(element)
    for name, value in element.items():
        if name == "style":
            if "(" in value:
                yield from _of_style(value)
        elif name == "background":
            yield value
        elif name.endswith("srcset") and (holds_srcset(name) or name == "imagesrcset"):
            yield from srcset(value)


def _of_link(element: etree._Element) -> Iterator[str]:
    rel = words_in(element, "rel")
    if _NEEDED & rel or ("preload" in rel and (element.get("as") or "").lower() in _PRELOADED):
        yield element.get("href") or ""


def _of_picture(element: etree._Element) -> Iterator[str]:
    parent = element.getparent()
    if parent is None or parent.tag not in ("video", "audio"):
        yield from (element.get(name) or "" for name in _PICTURE_ATTRIBUTES)


def _of_input(element: etree._Element) -> Iterator[str]:
    if (element.get("type") or "").lower() == "image":
        yield from _of_picture(element)


def _of_style(style: str) -> Iterator[str]:
    return (found for found in _STYLE_ADDRESS.findall(style[:MAX_STYLE_CHARACTERS]) if not found.startswith("data:"))


_BY_TAG: dict[object, Callable[[etree._Element], Iterator[str]]] = {
    "link": _of_link,
    "script": lambda script: iter([script.get("src") or ""]),
    "img": _of_picture,
    "source": _of_picture,
    "image": _of_picture,
    "input": _of_input,
    "video": lambda video: iter([video.get("poster") or ""]),
    "style": lambda style: _of_style(style.text or ""),
}

"""The addresses on a page: what it links to, and what it needs to be shown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from crawler.errors import Unreadable
from crawler.items import Link
from crawler.parsers.page import Page
from crawler.urls import host_of, join

MAX_TEXT = 300
MAX_STYLE_CHARACTERS = 200_000

_BLANKS = re.compile(r"\s+")
_REFRESH = re.compile(r"""\s*[\d.]*\s*[;,]?\s*url\s*=\s*["']?([^"']*)""", re.IGNORECASE)
_NEIGHBOURS = frozenset({"canonical", "next", "prev", "previous"})
_NEEDED = frozenset({"stylesheet", "icon", "apple-touch-icon", "apple-touch-icon-precomposed", "mask-icon", "manifest"})
_PRELOADED = frozenset({"style", "script", "font", "image"})
_PICTURE_ATTRIBUTES = ("src", "data-src", "data-original", "data-lazy-src", "data-lazy", "data-hi-res-src")
_SET_ATTRIBUTES = ("srcset", "data-srcset", "data-lazy-srcset", "imagesrcset")
_STYLE_ADDRESS = re.compile(r"""(?:\burl\(\s*|@import\s+(?!url))["']?([^"'()\s]{1,2048})""", re.IGNORECASE)


def page_links(page: Page) -> tuple[Link, ...]:
    """What a page links to: `a` and `area`, `link` where it says canonical, next or prev, and where it refreshes to; never raises.

    Feeds, translations and app forms named by `link rel=alternate` are other forms of the page, not what it links to.

    Returns:
        Absolute addresses in page order, each once, with the first text that is not blank; at most the page's limit (5000).
    """
    found: dict[str, str] = {}
    base = base_of(page)
    for href, element in _hrefs(page):
        if len(found) >= page.limits.links:
            page.limited["links per page"] = None
            break
        url = join(base, href) if href else None
        if url is not None and not found.get(url):
            found[url] = _text(element) if element is not None else ""
    return tuple(Link(url=url, text=text) for url, text in found.items())


def _hrefs(page: Page) -> Iterator[tuple[str, etree._Element | None]]:
    """What a page refers to, as written, and the element that has the words for it."""
    for value in [value for name, value in page.headers if name.lower() == "refresh"]:
        yield _refreshed(value), None
    for element in _elements(page, "a", "area", "link", "meta"):
        if element.tag == "meta":
            if _words(element, "http-equiv") == {"refresh"}:
                yield _refreshed(element.get("content") or ""), None
        elif element.tag != "link" or _NEIGHBOURS & _words(element, "rel"):
            yield element.get("href") or "", element


def _refreshed(value: str) -> str:
    """The address in a refresh; empty where it is the page itself again.

    >>> _refreshed("0; URL='/next'"), _refreshed("180")
    ('/next', '')
    """
    found = _REFRESH.match(value[:4096])
    return found[1] if found else ""


def page_requisites(page: Page) -> tuple[str, ...]:
    """What a page needs to be shown: styles, scripts, icons, fonts it preloads, pictures in every rendition; never raises.

    Films and sound are left out (they are as large as a thousand pages), and so is what a frame would load.

    Returns:
        Absolute addresses in page order, each once, at most the page's limit (5000).
    """
    base, found = base_of(page), dict[str, None]()
    for element in _elements(page):
        for href in _needed(element):
            url = join(base, href) if href.strip() else None
            if url and len(found) < page.limits.links:
                found[url] = None
    return tuple(found)


def base_of(page: Page) -> str:
    """What the page's relative addresses are relative to: `base href` counts only on the page's own host."""
    for element in _elements(page, "base"):
        base = join(page.url, element.get("href") or "")
        return base if base and host_of(base) == host_of(page.url) else page.url
    return page.url


def srcset(value: str) -> Iterator[str]:
    """The addresses in a srcset.

    >>> list(srcset("a.jpg 1x, b,c.jpg 640w,d.jpg"))
    ['a.jpg', 'b,c.jpg', 'd.jpg']
    """
    rest = _BLANKS.sub(" ", value[:20_000])
    while rest := rest.lstrip(" ,"):
        address, _, rest = rest.partition(" ")
        if address.endswith(","):
            address = address.rstrip(",")
        else:
            rest = rest.partition(",")[2]
        if not address.startswith("data:"):
            yield address


def _elements(page: Page, *tags: str) -> Iterator[etree._Element]:
    try:
        yield from page.root.iter(*(tags or (etree.Element,)))
    except Unreadable:
        return


def _words(element: etree._Element, attribute: str) -> set[str]:
    return set((element.get(attribute) or "").lower().split())


def _text(element: etree._Element) -> str:
    """The words of a link; of a link that is a picture, the picture's."""
    text = _BLANKS.sub(" ", "".join(str(part) for part in element.itertext()))[: MAX_TEXT * 4].strip()
    if not text:
        picture = next(element.iter("img"), None)
        told = [element.get("title"), element.get("aria-label"), element.get("alt"), picture.get("alt") if picture is not None else None]
        text = _BLANKS.sub(" ", next((t for t in told if t), "")).strip()
    return text[:MAX_TEXT]


def _needed(element: etree._Element) -> Iterator[str]:
    """Addresses of requisites one element names, as written."""
    tag = element.tag
    if tag == "link":
        wanted = _NEEDED & _words(element, "rel") or (
            "preload" in _words(element, "rel") and (element.get("as") or "").lower() in _PRELOADED
        )
        yield from [element.get("href") or ""] if wanted else ()
    elif tag == "script":
        yield element.get("src") or ""
    elif tag in ("img", "source", "image") or (tag == "input" and (element.get("type") or "").lower() == "image"):
        media = (element.getparent() is not None) and element.getparent().tag in ("video", "audio")
        yield from (element.get(name) or "" for name in _PICTURE_ATTRIBUTES if not media)
    elif tag == "video":
        yield element.get("poster") or ""
    for name in _SET_ATTRIBUTES:
        yield from srcset(element.get(name) or "")
    yield element.get("background") or ""
    style = (element.text or "") if tag == "style" else element.get("style") or ""
    yield from (found for found in _STYLE_ADDRESS.findall(style[:MAX_STYLE_CHARACTERS]) if not found.startswith("data:"))

"""Galleries that JSON holds: data attributes, state of scripts, JSON-LD."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from attrs import evolve

from crawler.items import Image
from crawler.parsers.credits.agencies import agency_of
from crawler.parsers.document.elements import tagged
from crawler.parsers.document.page import Page
from crawler.parsers.document.structured_data import linked_data
from crawler.parsers.images.told_pictures import ToldPicture, address, caption, credit, told_picture
from crawler.parsers.linked_data.lenient_json import first_value
from crawler.parsers.picture_urls.same_file import names_picture, same_file, told_width

MAX_NODES = 4_000
"""Values of one script that are looked at."""
MAX_ITEMS = 200
MAX_SCRIPT = 2_000_000
MAX_LENIENT = 60_000
"""Characters of a script whose objects may be written otherwise than JSON."""
MAX_ATTRIBUTES = 200
MAX_ASSIGNMENTS = 8
MAX_DEPTH = 14
MAX_WAY = 61
"""Characters of the keys on the way to a list among which one speaks of pictures."""

_HOLDERS = (dict, list)

_HELD = ('"caption', "&quot;caption", '"credit', "&quot;credit")
"""What a page holds somewhere whose attributes hold captions."""
_CALLED = re.compile(r"galler|galer|slide|photo|picture|album|carousel|carrusel|image|media|bild|foto|diapo", re.IGNORECASE)
_OTHER = re.compile(
    r"related|recommend|teaser|popular|latest|most|river|sidebar|more|next|promo|trending|videos?$|authors?$|ads?$", re.IGNORECASE
)
_ATTRIBUTE = re.compile(r"""data-[\w-]{1,40}=(?:'\s*[\[{][^']*"(?:caption|credit)|"\s*[\[{][^"]*&(?:quot|\#34);(?:caption|credit))""")
_ASSIGNED = re.compile(r"(?<![\w$.\]\"'-])([\w$.\]\"'-]++)\s{0,4}[=:(,]\s{0,4}(?=[\[{]\s{0,40}(?:[\[{\"']|[\w$]{1,40}\s?:))")
_PAGE_KEYS = ("link", "url", "href", "permalink", "canonicalUrl", "canonical_url", "articleUrl", "web_url", "mainEntityOfPage")
_NAMES = "galler Galler galer Galer slide Slide album Album carousel Carousel diapo photos strecke GALLERY"
_GALLERY_WORDS = tuple(_NAMES.split())
_OPENS = re.compile(r"[\w$]{0,30}['\"]?\s{0,3}(?:[:=]|\(.{0,40}?,)\s{0,3}[\[{]")
"""What stands behind such a word in a key, a name or a call that gives a gallery."""
_JSON = json.JSONDecoder(strict=False)
_WORDED = ('"caption', '"credit', '"byline')


def with_galleries(page: Page, images: Sequence[Image], keys: Callable[[str], str]) -> tuple[list[Image], list[Image]]:
    """Complete the pictures by what galleries in JSON say of them.

    Returns:
        The pictures given, and those that only the galleries show.
    """
    told = {same_file(one.url): one for one in reversed(list(_galleries(page)))}
    if not told:
        return [*images], []
    shown = {same_file(image.url) for image in images}
    out = [_completed(image, told.get(same_file(image.url))) for image in images]
    more = [
        Image(url=one.url, key=keys(one.url), caption=one.caption, credit=one.credit, agency=agency_of(one.credit))
        for file, one in reversed(told.items())
        if file not in shown
    ]
    return out, more[:MAX_ITEMS]


def _completed(image: Image, told: ToldPicture | None) -> Image:
    """Give an image without words those of its gallery."""
    if told is None or image.caption is not None or image.credit is not None:
        return image
    return evolve(image, caption=told.caption, credit=told.credit, agency=agency_of(told.credit))


def _galleries(page: Page) -> Iterator[ToldPicture]:
    """All pictures of the page's own galleries, in order."""
    path = urlsplit(page.url).path.rstrip("/")
    linked = linked_data(page)
    media = [node.get("associatedMedia") or node.get("image") for node in linked.of_type("imagegallery") if not _is_elsewhere(node, path)]
    for value in (linked.article.get("associatedMedia"), *media):
        yield from _items(page, [linked.resolved(one) for one in value] if isinstance(value, list) else [])
    for value, name in _values(page):
        for found in _lists(value, name, path):
            yield from _items(page, found)


def _values(page: Page) -> Iterator[tuple[Any, str]]:
    """The values of attributes and scripts that hold captions, and what each is called."""
    if any(hint in page.text for hint in _HELD) and _ATTRIBUTE.search(page.text):
        yield from ((_parsed(value), "gallery") for value in islice(_attributes(page), MAX_ATTRIBUTES))
    for script in tagged(page, "script"):
        text, kind = script.text or "", (script.get("type") or "").lower()
        if "ld+json" not in kind and _holds_gallery(text, called := script.get("id") or ""):
            yield from ((_parsed(text), called),) if "json" in kind else _assigned(text)


def _holds_gallery(text: str, called: str) -> bool:
    """Tell whether a script holds captions or credits, and names a gallery."""
    if len(text) > MAX_SCRIPT or not any(key in text for key in _WORDED):
        return False
    return _CALLED.search(called) is not None or _names_gallery(text)


def _names_gallery(text: str) -> bool:
    """Tell whether a key, a name or a call in a script gives a gallery."""
    for word in _GALLERY_WORDS:
        at = text.find(word)
        for _ in range(MAX_ATTRIBUTES):
            if at < 0:
                break
            if _OPENS.match(text, at + len(word)):
                return True
            at = text.find(word, at + len(word))
    return False


def _attributes(page: Page) -> Iterator[str]:
    """The data attributes that hold JSON with captions or credits."""
    for element in page.root.iter("*"):
        for name, value in element.attrib.items():
            if str(name).startswith("data-") and value[:1] in "[{" and ("caption" in value or "credit" in value):
                yield str(value)


def _assigned(text: str) -> Iterator[tuple[Any, str]]:
    """The objects and lists that a script assigns, and the names before them."""
    at = 0
    for _ in range(MAX_ASSIGNMENTS):
        found = _ASSIGNED.search(text, at)
        if found is None:
            return
        value, at = _value_at(text, found.end())
        at = max(at, found.end() + 1)
        if value is not None:
            yield value, found[1][-60:]


def _value_at(text: str, at: int) -> tuple[Any, int]:
    """The value at a bracket of JSON, or of a short script, and its end."""
    try:
        value, end = _JSON.raw_decode(text, at)
    except (ValueError, RecursionError):
        return first_value(text, at) if len(text) < MAX_LENIENT else (None, at)
    return value, int(end)


def _parsed(text: str) -> Any:
    """A value of JSON, or None."""
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _lists(value: Any, name: str, path: str) -> Iterator[list[Any]]:
    """The lists of pictures in a value, other pages' left out.

    Args:
        name: What the value is called.
        path: Path of the page's own address.
    """
    waiting = [_Node(value, name, None)]
    for _ in range(MAX_NODES):
        if not waiting:
            return
        node = waiting.pop()
        if type(node.value) is list and len(node.value) > 1 and _is_gallery(node.value, path) and node.is_called():
            if not any(_is_elsewhere(one, path) for one in node.around()):
                yield node.value
        elif node.depth < MAX_DEPTH:
            waiting += [_Node(inner, key, node) for key, inner in _inner(node.value)]


class _Node:
    """A value within others, made cheaply: few are asked for galleries."""

    __slots__ = ("depth", "key", "outer", "value")

    def __init__(self, value: Any, key: str, outer: _Node | None) -> None:
        self.value, self.key, self.outer = value, key, outer
        self.depth: int = 0 if outer is None else outer.depth + 1

    def is_called(self) -> bool:
        """Tell whether its key or those of values around it speak of pictures."""
        node: _Node | None = self
        way = ""
        while node is not None and len(way) < MAX_WAY:
            way, node = f"{node.key} {way}", node.outer
        return _CALLED.search(way[-MAX_WAY:]) is not None

    def around(self) -> Iterator[dict[str, Any]]:
        """The objects around it, the outermost left out."""
        node = self.outer
        while node is not None and node.outer is not None:
            if isinstance(node.value, dict):
                yield node.value
            node = node.outer


def _inner(value: Any) -> list[tuple[str, Any]]:
    """The objects and lists in a value, the last first."""
    if type(value) is dict:
        return [(key, one) for key, one in value.items() if type(one) in _HOLDERS and not _is_of_others(key)][::-1]
    return [("", one) for one in reversed(value) if type(one) in _HOLDERS] if type(value) is list else []


@lru_cache(maxsize=4096)
def _is_of_others(key: str) -> bool:
    """Tell whether a key names what belongs to other pages."""
    return _OTHER.search(key) is not None


def _is_gallery(items: list[Any], path: str) -> bool:
    """Tell whether a list holds pictures with words, and no teasers of other pages."""
    if not all(isinstance(one, dict) for one in items) or len(items) > MAX_ITEMS:
        return False
    pictured = [one for one in items if address(one)]
    worded = [one for one in pictured if caption(one)[0] or credit(one)]
    return len(worded) > 1 and 2 * len(worded) >= len(items) and not any(_is_elsewhere(one, path) or "headline" in one for one in items)


def _is_elsewhere(node: dict[str, Any], path: str) -> bool:
    """Tell whether an object names the address of another page as its own."""
    for key in _PAGE_KEYS:
        value = node.get(key)
        url = value.get("@id") if isinstance(value, dict) else value
        if isinstance(url, str) and url.startswith(("http", "/")) and not names_picture(url):
            there = urlsplit(url).path.rstrip("/")
            if there and not (there.startswith(path) or path.startswith(there)) and not told_width(url):
                return True
    return False


def _items(page: Page, items: Sequence[Any]) -> Iterator[ToldPicture]:
    """The pictures of one list, if they are more than sizes of one."""
    found = [one for item in items if isinstance(item, dict) and (one := told_picture(page, item)) is not None]
    said = {one.caption for one in found if one.caption}
    if len({same_file(one.url) for one in found}) > 1 and (len(said) > 1 or (not said and any(one.credit for one in found))):
        yield from found

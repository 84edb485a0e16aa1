"""State: what a page's scripts and component properties know of its pictures.

Pages drawn by scripts carry their data as JSON: in a script of its own, as a string in a script, or in an attribute. No shape is
assumed but that a picture's address, caption and credit lie in one object.
"""

from __future__ import annotations

import json
import re

from lxml import etree

from crawler.parsers.credits.names import credit_name
from crawler.parsers.document.page import Page
from crawler.parsers.document.segments import squeeze

WINDOW = 3_000
"""Characters before and behind an address in which its object must lie."""
MAX_PLACES = 6
MAX_LEVELS = 3

_STORES = etree.XPath("//*[@props or @data-props or @data-page or @data-state or @data-react-props or @data-item]")
_KNOWS = ("redit", "hotographer", "opyright", "ttribution")
_PAIR = re.compile(r'"(?P<key>[\w-]{3,30})"\s*:\s*(?:\[\s*\d\s*,\s*)?"(?P<value>(?:[^"\\]|\\.){1,900})"')
_CAPTION_KEY = re.compile(r"^(?:image_?|photo_?)?(?:caption|legend|cutline|leyenda|bildunterschrift|didascalia)(?:_?text)?$", re.IGNORECASE)
_CREDIT_KEY = re.compile(
    r"^(?:image_?|photo_?)?(?:credits?|credit_?(?:text|line)|photographer(?:_?name)?|copyright(?:_?(?:holder|notice|text))?|attribution|"
    r"agency|agence|bildquelle|fuente)$",
    re.IGNORECASE,
)
_OF_ARTICLE = re.compile(r'"(?:headline|articleBody|body|bodyText|datePublished|publishedAt|published_at)"\s*:')
_TAG = re.compile(r"<[^>]{1,200}>")
_NO_WORDS = re.compile(r"^(?:https?:|/|\$|null$|undefined$|true$|false$|[\d\W_]+$)")


def known_of(page: Page, url: str) -> tuple[str | None, str | None]:
    """Caption and credit that an object with this picture's address names, None where there is none."""
    name = url.split("?")[0].rstrip("/").rsplit("/", 1)[-1]
    if len(name) < 8:
        return None, None
    for store in _stores(page):
        at = -1
        for _ in range(MAX_PLACES):
            at = store.find(name, at + 1)
            if at < 0:
                break
            found = _in_object(_plain(store[max(0, at - WINDOW) : at]), _plain(store[at : at + WINDOW]))
            if found[1]:
                return found
    return None, None


def _stores(page: Page) -> list[str]:
    """The scripts and component properties of a page that speak of credits; gathered once."""
    if "stores" not in page.memo:
        told = [script.text or "" for script in page.root.iter("script") if "ld+json" not in (script.get("type") or "")]
        told += [value for element in _STORES(page.root) for value in element.attrib.values() if len(value) > 200]
        page.memo["stores"] = [text for text in told if len(text) > 200 and any(word in text for word in _KNOWS)]
    found: list[str] = page.memo["stores"]
    return found


def _plain(window: str) -> str:
    """A stretch of a page with its quotes as they are in JSON, whether it lay in a string or in an attribute."""
    while '\\"' in window:
        window = window.replace('\\\\"', '\\"').replace('\\"', '"')
    return window.replace("\\/", "/")


def _in_object(before: str, behind: str) -> tuple[str | None, str | None]:
    """Caption and credit of the innermost object around a place that names a credit."""
    window = before + behind
    start = end = len(before)
    for _ in range(MAX_LEVELS):
        start, end = _opening(window, start), _closing(window, end)
        inside = window[start : end + 1]
        if start < 0 or end < 0 or _OF_ARTICLE.search(inside):
            return None, None
        pairs = [(m["key"], squeeze(_decoded(m["value"]))) for m in _PAIR.finditer(inside)]
        said = [(k, v) for k, v in pairs if not _NO_WORDS.match(v)]
        credit = next((v for k, v in said if _CREDIT_KEY.match(k) and len(v) <= 120), None)
        if credit:
            caption = squeeze(_TAG.sub(" ", next((v for k, v in said if _CAPTION_KEY.match(k)), "")))
            return caption or None, credit_name(credit)
        end += 1
    return None, None


def _opening(text: str, at: int) -> int:
    depth = 0
    for i in range(at - 1, -1, -1):
        depth += (text[i] == "}") - (text[i] == "{")
        if depth < 0:
            return i
    return -1


def _closing(text: str, at: int) -> int:
    depth = 0
    for i in range(at, len(text)):
        depth += (text[i] == "{") - (text[i] == "}")
        if depth < 0:
            return i
    return -1


def _decoded(text: str) -> str:
    try:
        value = json.loads(f'"{text}"', strict=False)
    except ValueError:
        return text
    return str(value)

"""Headlines as feeds and sitemaps write them, into plain text."""

from __future__ import annotations

import base64
import binascii
import html
import re

from lxml import etree

from crawler.parsers.markup.xml_names import attribute, local

MAX_TEXT = 1000
MAX_RAW = 20_000
"""Characters of a headline with its markup."""

_INLINE = "a|abbr|acronym|b|bdi|bdo|big|cite|code|del|dfn|em|font|i|ins|kbd|mark|q|s|samp|small|span|strike|strong|sub|sup|tt|u|var|wbr"
_BLOCK = (
    "article|aside|blockquote|br|center|dd|div|dl|dt|figcaption|figure|h[1-6]|header|hr|iframe|img|input|li|ol|p|picture|pre|section|source|svg"
    "|table|tbody|td|th|time|tr|ul|video"
)
_ATTRIBUTES = r"""(?:\s+[\w:.-]++\s*=\s*(?:"[^"]*+"|'[^']*+'|[^\s"'<>]++))*+\s*/?"""
_TAG = re.compile(rf"<(?:/?(?P<inline>{_INLINE})|/?(?:{_BLOCK}))(?:{_ATTRIBUTES})>", re.IGNORECASE)
_BREAKS = re.compile(_BLOCK)
_DROPPED = re.compile(r"<!--.*?-->|<(script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_MAX_TIMES = 2
"""How often a text may be escaped once more than it should."""


def plain(words: str | None) -> str | None:
    """Trim blanks and newlines; None if nothing is left."""
    return " ".join(words[:MAX_RAW].split())[:MAX_TEXT] or None if words else None


def without_markup(words: str) -> str:
    """Remove HTML elements and references; any other `<` stays.

    >>> without_markup("I <3 <b>you</b> &amp; Iran&#8217;s <answer>")
    'I <3 you & Iran’s <answer>'
    """
    words = words[:MAX_RAW]
    words = words.replace("<![CDATA[", "").replace("]]>", "")
    if "<" in words:
        words = _TAG.sub(lambda tag: "" if tag["inline"] else " ", _DROPPED.sub(" ", words))
    for _ in range(_MAX_TIMES):
        if not _REFERENCE.search(words):
            break
        words = _REFERENCE.sub(lambda found: html.unescape(found[0]), words)
    return words


def headline(element: etree._Element | None) -> str | None:
    """The headline in a title element, by its declared or detected type.

    Source: RFC 4287 3.1.1; Atom 0.3's `mode`; of RSS, where nothing says what a title is, the practice.
    """
    if element is None:
        return None
    words = _inner(element) if len(element) else element.text or ""
    kind, mode = (attribute(element, name).strip().lower() for name in ("type", "mode")) if element.attrib else ("", "")
    if mode == "base64":
        words = _from_base64(words)
    if len(element) or (kind in ("text", "text/plain") and mode != "escaped"):
        # Its own elements are the markup: what is written as text is text.
        return plain(words)
    return plain(without_markup(words))


def _inner(element: etree._Element) -> str:
    """The text of a title with mark-up; line-breaking elements become blanks."""
    parts = [element.text or ""]
    for child in element:
        space = " " if _BREAKS.fullmatch(local(child)) else ""
        parts += [space, _inner(child), space, child.tail or ""]
    return "".join(parts)


def _from_base64(words: str) -> str:
    try:
        return base64.b64decode(words, validate=False).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return words

"""Requisites of a style sheet or script: what it imports, its fonts and pictures."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence

from crawler.items import Headers
from crawler.parsers.encoding.charset_labels import codec_of
from crawler.parsers.encoding.codecs import decoded
from crawler.parsers.encoding.content_coding import LIMITS, content_decoded
from crawler.parsers.limits import ReadLimits
from crawler.requisites.needs import Requisites
from crawler.requisites.script_addresses import addresses_in_script
from crawler.requisites.style_addresses import MAX_CHARACTERS, addresses_in_style
from crawler.urls import join, path_of

_CHARSET_RULE = re.compile(rb'@charset "([^"\x80-\xff]{1,100})";')
_CHARSET_NAMED = re.compile(r"""charset\s*=\s*["']?([^\s"';,]+)""", re.IGNORECASE)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_STYLES = ("text/css",)
_SCRIPTS = ("text/javascript", "application/javascript", "application/x-javascript", "text/ecmascript", "application/ecmascript")
_UNTOLD = ("", "text/plain", "application/octet-stream", "binary/octet-stream")
_ENDINGS = {".css": "style", ".js": "script", ".mjs": "script"}


def changes_with_time(url: str, mime: str | None) -> bool:
    """Tell whether a file is a style sheet or script, which change; pictures hardly do."""
    return kind_of_file(url, [("content-type", mime or "")]) is not None


def kind_of_file(url: str, headers: Sequence[tuple[str, str]]) -> str | None:
    """Tell a style sheet and a script by type or address; None for others.

    Returns:
        `style` or `script`: by the type that the server names, else by the end of the address.

    >>> kind_of_file("https://a.example/s.css?v=1", []), kind_of_file("https://a.example/x", [("Content-Type", "text/css; charset=x")])
    ('style', 'style')
    """
    mime = Headers(headers).joined("content-type").partition(";")[0].partition(",")[0].strip().lower()
    if mime in _STYLES:
        return "style"
    if mime in _SCRIPTS:
        return "script"
    if mime not in _UNTOLD:
        return None
    path = path_of(url).partition("?")[0].lower()
    return next((kind for ending, kind in _ENDINGS.items() if path.endswith(ending)), None)


def requisites_of_file(url: str, headers: Sequence[tuple[str, str]], payload: bytes, limits: ReadLimits = LIMITS) -> Requisites:
    """Find what a style sheet or script needs in its turn; never raises.

    Args:
        payload: The entity body, content coding kept.
    Returns:
        Nothing for a file of another kind.
    """
    found = Requisites(most=limits.links)
    kind = kind_of_file(url, headers)
    if kind is None:
        return found
    text = style_text(content_decoded(payload, headers, limits)[0], headers)
    if kind == "style":
        for one in addresses_in_style(text):
            if (address := join(url, one.address)) is not None:
                found.need(address, one.kind)
    else:
        for written in addresses_in_script(text):
            if (address := join(url, written)) is not None:
                found.need(address, "script")
    return found


def style_text(data: bytes, headers: Sequence[tuple[str, str]]) -> str:
    """Decode a style sheet: by byte order mark, header, `@charset`, else UTF-8.

    Source: CSS Syntax Level 3, 3.2 (the input byte stream); an unknown label counts as none, UTF-16 in `@charset` as UTF-8.

    >>> style_text(b'@charset "windows-1251";p{background:url(\\xe8.png)}', [])
    '@charset "windows-1251";p{background:url(и.png)}'
    """
    data = data[: 4 * MAX_CHARACTERS]
    for bom, codec in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(codec, "replace")
    named = _CHARSET_NAMED.search(Headers(headers).joined("content-type"))
    told = codec_of(named[1]) if named else None
    if told is None and (rule := _CHARSET_RULE.match(data)):
        told = codec_of(rule[1].decode("ascii"))
        told = "utf-8" if told and told.startswith("utf-16") else told
    return decoded(data, told or "utf-8")

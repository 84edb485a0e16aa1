"""Character references in XML and HTML text: repair for strict parsers, and removal."""

from __future__ import annotations

import html
import re
from html.entities import html5

MAX_AMPERSANDS = 500_000
"""In one text; bounds the time."""

_AMPERSAND = re.compile(r"&(?:#(?:(\d{1,12})|[xX]([0-9a-fA-F]{1,12}));|(amp|lt|gt|quot|apos);|([A-Za-z][A-Za-z0-9]{1,31};)?)")
_STRAY = re.compile(r"<(?![A-Za-z_:/!?]|[^\W\d])")
"""Begins no tag: `a < b`."""
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_HALF = re.compile(r"&#(?:0*5[5-7]\d{3}|[xX]0*[dD][89a-fA-F][0-9a-fA-F]{2});")
_CDATA, _CDATA_END = "<![CDATA[", "]]>"


def allowed(text: str) -> str:
    """Remove the characters that XML forbids; join surrogate pairs."""
    if not _FORBIDDEN.search(text):
        return text
    if _SURROGATE.search(text):
        text = _PAIR.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), text)
    return _FORBIDDEN.sub("", text)


def repaired_references(text: str) -> str:
    """Repair references, and `<` that begins nothing, outside CDATA.

    References to named characters of HTML are replaced, those to what is no character dropped; other `&` are escaped.
    """
    if text.count("&") > MAX_AMPERSANDS:
        return text
    stray = _STRAY.search(text) is not None
    parts, at = [], 0
    while at < len(text):
        start = text.find(_CDATA, at)
        end = text.find(_CDATA_END, start) if start >= 0 else -1
        if start < 0 or end < 0:
            break
        parts += [_right(text[at:start], stray=stray), text[start : end + 3]]
        at = end + 3
    parts.append(_right(text[at:], stray=stray))
    whole = "".join(parts)
    return allowed(whole) if _HALF.search(text) else whole


def unescaped(text: str) -> str:
    """Replace references by their characters, in repaired text."""
    if "&" not in text:
        return text
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&apos;", "'").replace("&amp;", "&")


def _right(text: str, *, stray: bool) -> str:
    return _AMPERSAND.sub(_ampersand, _STRAY.sub("&lt;", text) if stray else text)


def _ampersand(found: re.Match[str]) -> str:
    if found[1] or found[2]:
        return _escaped(_character(int(found[1]) if found[1] else int(found[2], 16)))
    if found[3]:
        return found[0]
    known = html5.get(found[4]) if found[4] else None
    return _escaped(known) if known else "&amp;" + found[0][1:]


def _character(code: int) -> str:
    """The character of a numeric reference, as browsers take it; empty for none.

    Half a surrogate pair stands for itself, 128 to 159 for signs of windows-1252.
    """
    if 0x80 <= code <= 0x9F:
        return html.unescape(f"&#{code};")
    character = chr(code) if code <= 0x10FFFF else ""
    return character if 0xD800 <= code <= 0xDFFF else _FORBIDDEN.sub("", character)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

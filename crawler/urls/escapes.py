"""Percent-encoding of the parts of an address.

Source: the URL Standard (WHATWG), percent-encode sets, percent-encode after encoding; Encoding Standard, encoders.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_SURROGATE = re.compile("[\ud800-\udfff]")
_VISIBLE = "".join(map(chr, range(0x21, 0x7F)))


def _all_but_visible(also: str) -> re.Pattern[str]:
    """A pattern for runs of signs that are not visible ASCII, or that are listed.

    Written as those it does not match: they are few, and a class of all others takes long to compile.
    """
    return re.compile(f"[^{re.escape(_VISIBLE.translate(dict.fromkeys(map(ord, also))))}]+")


# Runs of signs that are percent-encoded in one part or another.
_FRAGMENT = _all_but_visible('"<>`')
_QUERY = _all_but_visible("\"#<>'")
_PATH = _all_but_visible('"#<>?^`{}')
_USER = _all_but_visible('"#<>?^`{}/:;=@[\\]|')
_QUERY_BYTES = frozenset([*range(0x21), *b"\"#<>'", *range(0x7F, 0x100)])


def _bytewise(found: re.Match[str]) -> str:
    return "".join([f"%{byte:02X}" for byte in _SURROGATE.sub("\ufffd", found[0]).encode()])


def escaped_path(text: str) -> str:
    """Percent-encode a path; existing escapes stay."""
    return _PATH.sub(_bytewise, text) if _PATH.search(text) else text


def escaped_fragment(text: str) -> str:
    """Percent-encode a fragment; existing escapes stay."""
    return _FRAGMENT.sub(_bytewise, text)


def escaped_user(text: str) -> str:
    """Percent-encode user name and password; a lone colon is dropped."""
    name, _, password = text.partition(":")
    name, password = _USER.sub(_bytewise, name), _USER.sub(_bytewise, password)
    return f"{name}:{password}" if password else name


def escaped_query(text: str, encode: Callable[[str], bytes] | None = None) -> str:
    """Percent-encode a query.

    Args:
        encode: Encoder of the page that holds it; UTF-8 without one. What its charset lacks it escapes itself.

    >>> escaped_query("q=Иран"), escaped_query("q=Иран", lambda text: text.encode("cp1251"))
    ('q=%D0%98%D1%80%D0%B0%D0%BD', 'q=%C8%F0%E0%ED')
    """
    if _QUERY.search(text) is None:
        return text
    if encode is None:
        return _QUERY.sub(_bytewise, text)
    data = encode(_SURROGATE.sub("\ufffd", text))
    return "".join([f"%{byte:02X}" if byte in _QUERY_BYTES else chr(byte) for byte in data])

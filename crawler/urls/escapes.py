"""Percent-encoding of the parts of an address.

Source: the URL Standard (WHATWG), percent-encode sets, percent-encode after encoding; Encoding Standard, encoders.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_SURROGATE = re.compile("[\ud800-\udfff]")
_ABOVE = "\x00-\x20\x7f-\U0010ffff"
# Runs of signs that are percent-encoded in one part or another.
_FRAGMENT = re.compile(f'[{_ABOVE}"<>`]+')
_QUERY = re.compile(f"[{_ABOVE}\"#<>']+")
_PATH = re.compile(f'[{_ABOVE}"#<>?^`{{}}]+')
_USER = re.compile(f'[{_ABOVE}"#<>?^`{{}}/:;=@\\[\\\\\\]|]+')
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

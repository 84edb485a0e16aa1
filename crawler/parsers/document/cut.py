"""Removal of half characters and half mark-up at the end of a truncated text."""

from __future__ import annotations

import re
from collections.abc import Iterable

CUT_OFF = "cut off"
"""How the problem of a compressed stream ends that stops before its end."""
_HALF = re.compile(r"(?:<[/!?]?|&#(?:[xX][0-9a-fA-F]*|[0-9]*)|\ufffd)\Z")


def is_cut_off(problems: Iterable[str]) -> bool:
    """Test the problems of a decoded body for a compressed stream without its end."""
    return any(problem.endswith(CUT_OFF) for problem in problems)


def whole_characters(data: bytes) -> bytes:
    """Remove an incomplete UTF-8 character at the end of UTF-8 bytes.

    >>> whole_characters("brød".encode()[:3]), whole_characters("brød".encode())
    (b'br', b'br\\xc3\\xb8d')
    """
    lead = next((at for at in range(len(data) - 1, max(-1, len(data) - 4), -1) if data[at] >= 0xC0), None)
    if lead is None or len(data) - lead >= _length(data[lead]):
        return data
    return data[:lead] if _is_utf8(data[:lead]) else data


def whole_markup(text: str) -> str:
    """Remove the beginning of a tag, reference or character at the end.

    Half a tag with a name is left out by every HTML parser; these would be shown, or read as another character.

    >>> whole_markup("the bridge</"), whole_markup("it&#821")
    ('the bridge', 'it')
    """
    return _HALF.sub("", text)


def _length(lead: int) -> int:
    """Bytes of the UTF-8 character that a byte begins."""
    return 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4 if lead < 0xF8 else 0


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True

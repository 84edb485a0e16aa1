"""Lists of addresses in plain text, one a line."""

from __future__ import annotations

import re
from collections.abc import Iterator

MAX_LINE = 4096
"""Characters of a line in which an address is looked for."""
_LINE = re.compile(r"[^\r\n]+")
_COMMENT = re.compile(r"[#;]|//(?![^\s/]+\.)|<!--.*-->$")
_HTTP = re.compile(r"https?:/{2}[^\s<>\"]+", re.IGNORECASE)
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}(?::\d{1,5})?/[^\s<>\"]*", re.IGNORECASE)
_WORDS = "always|hourly|daily|weekly|monthly|yearly|never"
_COLUMN = re.compile(rf"\s+|[,;|]+\s*(?=\d{{4}}-\d\d-\d\d|[01]\.\d+\s*(?:[,;|]|$)|(?:{_WORDS})\b)|[,;|]+\s*$|[,;|]\s")
_COLUMNS = re.compile(rf"[\d\sTZ:.,;|+-]*(?:{_WORDS})?[\d\s.,;|]*")


def addresses_in(text: str) -> Iterator[str]:
    """The first word of each line, without blank lines and comments."""
    for found in _LINE.finditer(text):
        line = found[0].strip().lstrip("\ufeff")[:MAX_LINE]
        if line and not _COMMENT.match(line):
            first, *behind = _COLUMN.split(line, maxsplit=1)
            yield first
            # Several on one line, by fault.
            yield from (word for part in behind for word in re.split(r"[\s,;|]+", part) if _HTTP.match(word))


def looks_like_address(word: str) -> bool:
    """Test for an address of http, or a host with a path."""
    return _HTTP.match(word) is not None or _HOST.fullmatch(word.removeprefix("//")) is not None


def begins_with_address(text: str) -> bool:
    """Test for a list of addresses, by its first line that is no comment."""
    first = next(addresses_in(text[: 64 * 1024]), "")
    return looks_like_address(first)


def lines_of_addresses(start: str) -> bool:
    """Test for whole lines of nothing but addresses and comments.

    Behind an address there may be columns, yet no words: `http://a.example/ is down` is a sentence.
    """
    lines = [line for found in _LINE.finditer(start) if (line := found[0].strip().lstrip("\ufeff")) and not _COMMENT.match(line)]
    return bool(lines) and all(_is_line(line) for line in lines)


def _is_line(line: str) -> bool:
    address, *behind = _COLUMN.split(line, maxsplit=1)
    if not (_HTTP.fullmatch(address) or _HOST.fullmatch(address.removeprefix("//"))):
        return False
    return not behind or "\t" in line or _COLUMNS.fullmatch(behind[0]) is not None

"""Plain text for terminals and logs: sizes, aligned columns, escaped control characters."""

from __future__ import annotations

import re
from collections.abc import Sequence

_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control and bidi characters and lone surrogates: what could forge or break a line."""
_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)")
"""A moment in UTC, as the index or `str(datetime)` writes it."""


def size(count: int) -> str:
    """Format a number of bytes.

    >>> size(1536)
    '1.5 KiB'
    """
    value = float(count)
    for unit in ("B", "KiB", "MiB"):
        if value < 1024:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1024
    return f"{value:.1f} GiB"


def counted(count: int, one: str, many: str | None = None) -> str:
    """Format a number with its noun, singular or plural.

    >>> counted(1, "story", "stories"), counted(0, "attempt")
    ('1 story', '0 attempts')
    """
    return f"{count} {one if count == 1 else many or one + 's'}"


def table(rows: Sequence[Sequence[str]], *, indent: str = "  ") -> str:
    """Format rows as aligned columns; the last column is not padded."""
    if not rows:
        return ""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]) - 1)]
    return "\n".join(
        indent + "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]]).rstrip() for row in rows
    )


def one_line(text: str) -> str:
    """Escape control and bidi characters, so that text stays on one line.

    >>> one_line("a\\nb")
    'a\\\\nb'
    """
    return _UNSAFE.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def shown(value: object) -> str:
    """Format one value of the index for a terminal.

    Numbers get separators of thousands, times are cut to the minute, None and "" become `-`.

    >>> shown(1234567), shown("2026-11-24T02:03:04.123456Z"), shown(None)
    ('1,234,567', '2026-11-24 02:03', '-')
    """
    if value is None or value == "":
        return "-"
    if isinstance(value, int):
        return f"{value:,}"
    text = str(value)
    return f"{text[:10]} {text[11:16]}" if _TIME.fullmatch(text) else one_line(text)

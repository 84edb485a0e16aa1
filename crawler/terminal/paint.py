"""Colours of reports and differences; the words say the same without them."""

from __future__ import annotations

import re
from typing import Final, TextIO

from crawler.terminal.screen import Mood, has_colours, painted

_LINES: Final[tuple[tuple[re.Pattern[str], Mood], ...]] = (
    (re.compile(r"^  ok  (?=\S)"), "good"),
    (re.compile(r"^  warn (?=\S)"), "odd"),
    (re.compile(r"^  NOT (?=\S)"), "bad"),
    (re.compile(r"^(?:COMPLETE|GOOD)\b"), "good"),
    (re.compile(r"^POSTPONED\b"), "odd"),
    (re.compile(r"^(?:[A-Z][A-Z ]+)(?= \(exit code)"), "bad"),
    (re.compile(r"^✓"), "good"),
    (re.compile(r"^✗"), "bad"),
)
"""Beginnings of lines, the first that fits."""
_CHANGES: Final = re.compile(r"(?P<bad>\[-.*?-\])|(?P<good>\{\+.*?\+\})", re.DOTALL)


def paint_report(text: str, stream: TextIO) -> str:
    """Colour the marks and the verdict of a report."""
    return "\n".join(_painted_line(line, stream) for line in text.split("\n")) if has_colours(stream) else text


def paint_changes(text: str, stream: TextIO) -> str:
    """Colour what is gone and what is new: `[-gone-]{+new+}`."""
    if not has_colours(stream):
        return text
    return _CHANGES.sub(lambda found: painted(found[0], "bad" if found["bad"] else "good", stream), text)


def _painted_line(line: str, stream: TextIO) -> str:
    for pattern, mood in _LINES:
        if found := pattern.match(line):
            return painted(found[0], mood, stream) + line[found.end() :]
    return line

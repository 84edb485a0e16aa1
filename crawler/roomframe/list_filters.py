"""Filters of the templates of lists."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Protocol

from crawler.history.durations import stood
from crawler.roomframe.strings import WORDS

KEPT = 120
"""Characters that are kept of an unchanged text on each side."""


class Stood(Protocol):
    """An event or change that knows how long the old text stood."""

    @property
    def stood_least(self) -> int | None:
        """Seconds."""

    @property
    def stood_most(self) -> int | None:
        """Seconds."""


def shortened(text: str) -> str:
    """Leave out the middle of a text that did not change.

    >>> shortened("a b"), shortened("word " * 60)[115:125]
    ('a b', 'word … wor')
    """
    return text if len(text) <= 2 * KEPT + 40 else " … ".join(ends(text))


def ends(text: str) -> tuple[str, str]:
    """Beginning and end of a text, cut between words in scripts that have blanks.

    >>> [part[-6:] for part in ends("word " * 60)]
    ['d word', ' word ']
    """
    return text[:KEPT].rpartition(" ")[0] or text[:KEPT], text[-KEPT:].partition(" ")[2] or text[-KEPT:]


def stood_for(one: Stood) -> str:
    """Say how long the old one stood; with a capital letter."""
    words = stood(one.stood_least, one.stood_most)
    return f"Old one {words}." if words else ""


def named(values: Iterable[str], kind: str) -> list[str]:
    """Words for values of the index; the value itself where there is none."""
    return [WORDS[kind].get(value, value) for value in values]


def indented(value: Any) -> str:
    """JSON over several lines."""
    return json.dumps(value, ensure_ascii=False, indent=1, default=str)


def days_after(day: str, first: str) -> int:
    """Days from one to another.

    >>> days_after("2026-03-01", "2026-02-27")
    2
    """
    return (date.fromisoformat(day) - date.fromisoformat(first)).days


def cut_at(text: str, marks: Sequence[tuple[int, int]]) -> list[tuple[str, bool]]:
    """Cut a text at its marks; each piece with whether it is marked.

    >>> cut_at("a ferry", [(2, 7)])
    [('a ', False), ('ferry', True)]
    """
    pieces, at = [], 0
    for start, end in marks:
        pieces += [(text[at:start], False), (text[start:end], True)]
        at = end
    return [one for one in (*pieces, (text[at:], False)) if one[0]]


FILTERS = {
    "cut_at": cut_at, "ends": ends, "shortened": shortened, "stood": stood_for,
    "named": named, "indented": indented, "days_after": days_after,
}

"""Patterns of many words, searched a letter at a time."""

from __future__ import annotations

import re
from collections.abc import Iterable

_Tree = dict[str, "_Tree"]
"""Words by their first letter, each without it; the empty letter is the end of a word."""


def any_of(words: Iterable[str]) -> str:
    """The alternatives of a pattern for these words, the longer first.

    >>> any_of(("photo", "photos", "bild"))
    '(?:photo(?:s)?|bild)'
    """
    tree: _Tree = {}
    for word in words:
        place = tree
        for letter in word:
            place = place.setdefault(letter, {})
        place[""] = {}
    return _pattern(tree)


def _pattern(tree: _Tree) -> str:
    ways = [re.escape(letter) + _pattern(rest) for letter, rest in tree.items() if letter]
    if not ways:
        return ""
    if "" in tree:
        return f"(?:{'|'.join(ways)})?"
    return ways[0] if len(ways) == 1 else f"(?:{'|'.join(ways)})"

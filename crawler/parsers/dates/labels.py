"""Tell which date a line prints by the words beside it."""

from __future__ import annotations

import re
from functools import lru_cache

from crawler.parsers.date_words import label_words
from crawler.parsers.patterns import later

FIRST, PUBLISHED, MODIFIED, STATUS, OTHER = "first", "published", "modified", "status", "other"
_KINDS = {
    FIRST: label_words.FIRST, MODIFIED: label_words.MODIFIED, PUBLISHED: label_words.PUBLISHED, STATUS: label_words.STATUS,
    OTHER: label_words.OTHER,
}  # fmt: skip
_SHORT = 4
"""Letters of a word of which nothing may be left out."""
KEPT = 1024
"""Texts whose label is remembered: the words around dates are few."""
_LETTER = re.compile(r"[^\W\d_]|©")
_ARMENIAN = "\u0531"
"""Scripts before this one part words by blanks, and put nothing before a word."""


def _pattern(word: str) -> str:
    """A pattern for a stem."""
    text = re.escape(word.rstrip(":")).replace("_", r"[\s\u200c]?" if word[0] >= _ARMENIAN else r"\s")
    if word.endswith(":"):
        text += r"\s?:"
    elif len(word) <= _SHORT and word[0] < _ARMENIAN and word.isalpha():
        text += r"\b"
    return text


def _begins_a_word(word: str) -> bool:
    """Tell whether a stem is one only where a word begins."""
    return word[0] < _ARMENIAN and word[0].isalpha()


def _words(table: str) -> list[str]:
    return [word for row in table.replace("\n ", " ").strip().splitlines() for word in row.split()[1:]]


def _alternatives(*, bounded: bool) -> str:
    """The stems of all kinds, at the beginning of a word or anywhere."""
    stems = {kind: [word for word in _words(table) if _begins_a_word(word) is bounded] for kind, table in _KINDS.items()}
    return "|".join(
        f"(?P<{kind}{'' if bounded else '_'}>{'|'.join(dict.fromkeys(map(_pattern, sorted(words, key=len, reverse=True))))})"
        for kind, words in stems.items()
        if words
    )


# One look for the beginning of a word serves all stems: one for each of them took six times as long.
_LABEL = later(rf"(?<!\w)(?:{_alternatives(bounded=True)})|{_alternatives(bounded=False)}", re.IGNORECASE)


def kind_of(found: re.Match[str]) -> str:
    """The kind of a label found."""
    return (found.lastgroup or "").rstrip("_")


@lru_cache(maxsize=KEPT)
def label_of(text: str) -> str:
    """The kind of date that a text announces, by its last such word.

    >>> label_of("First published on")
    'first'
    """
    kind = ""
    if not _LETTER.search(text):
        return kind
    for found in _LABEL.finditer(text):
        kind = kind_of(found)
    return kind


def first_label(text: str) -> re.Match[str] | None:
    """The first word that tells a kind of date, for `kind_of`."""
    return _LABEL.search(text) if _LETTER.search(text) else None


def update_in(line: str) -> re.Match[str] | None:
    """The first word in a line that announces the time of an update."""
    return next((found for found in _LABEL.finditer(line) if kind_of(found) == MODIFIED), None)

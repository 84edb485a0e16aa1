"""Differences of texts in one line, for `scrapy versions --diff`, `scrapy events` and `scrapy reindex --compare`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.history.sentence_diff import Change, Piece

CONTEXT_WORDS = 8
"""Words shown on each side of a change."""


def marked(pieces: Sequence[tuple[Change, str]]) -> str:
    """Format a word diff in one line, unchanged text cut to nearby words."""
    marks = {"gone": "[-{}-]", "new": "{{+{}+}}", "same": "{}"}
    out = []
    for at, (change, text) in enumerate(pieces):
        if change == "same":
            text = _shortened(text, before=at > 0, after=at < len(pieces) - 1)
        out.append(marks[change].format(text))
    return " / ".join("".join(out).split("\n"))


def marked_sentences(pieces: Sequence[Piece]) -> str:
    """Format a difference by sentence in one line; moved sentences are named at both places."""
    from crawler.history.sentence_diff import word_pieces

    out: list[str] = []
    held: list[Piece] = []
    for one in pieces:
        if one.kind in ("moved_from", "moved_to"):
            out.append(marked(word_pieces(held)))
            held = []
            words, where = (one.old, "away") if one.kind == "moved_from" else (one.new, "here")
            out.append(f"[moved {where}: {' '.join(_shortened(words, before=True, after=False).split())}]")
        else:
            held.append(one)
    out.append(marked(word_pieces(held)))
    return " ".join(filter(None, (text.strip() for text in out)))


def _shortened(text: str, *, before: bool, after: bool) -> str:
    """Cut unchanged text to the words beside a change before and after it."""
    words = text.split(" ")
    if len(words) <= 2 * CONTEXT_WORDS:
        return text
    return " ".join([*(words[:CONTEXT_WORDS] if before else []), "…", *(words[-CONTEXT_WORDS:] if after else [])])

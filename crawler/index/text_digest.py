"""Digest of the text that makes a version, and word diff of two texts."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from difflib import SequenceMatcher
from typing import Literal

from crawler.items import Article

Change = Literal["same", "gone", "new"]

MAX_ALIGNED_WORDS = 1500
"""Stretches longer than this that differ are shown as wholly replaced: aligning them costs the square."""

_ODD = {
    **dict.fromkeys(map(ord, "\u180e\u200b\u200c\u200d\u2060\ufeff"), " "),
    **dict.fromkeys(map(ord, "\u00ad\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"), None),
}
"""Zero-width characters are blanks, soft hyphens and direction marks are nothing."""
_WORD = re.compile(r"\s+|[^\s]+")


def text_digest(article: Article) -> str:
    """Digest the text that makes a version: headline, deck, body, captions, credits and embeds.

    Two readings with one digest are one version. Paragraph breaks, kinds of white space (no-break, zero-width), soft hyphens and
    direction marks do not count, since mirrors and layouts differ in them; quotation marks and letter case do. Tags, related
    stories, dates and the template are not part of it.

    Returns:
        "sha256:" and 64 hex characters.
    """
    counted = [
        normal(article.headline),
        normal(article.deck),
        normal(article.body),
        [text for image in article.images if (text := normal(image.caption))],
        [text for image in article.images if (text := normal(image.credit))],
        *([normal(article.embeds)] if article.embeds else []),  # digests of articles without any stay as they were
    ]
    data = json.dumps(counted, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def normal(text: str | None) -> str:
    """A text with its white space and invisible characters evened out: what counts of it."""
    text = text or ""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).translate(_ODD)
    return " ".join(text.split())


def word_diff(a: str, b: str) -> list[tuple[Change, str]]:
    """Diff two texts in pieces of whole words.

    Returns:
        Pieces in reading order; the `same` and `gone` ones joined are `a`, the `same` and `new` ones are `b`.

    >>> word_diff("ten men", "ten women")
    [('same', 'ten '), ('gone', 'men'), ('new', 'women')]
    """
    old, new = _WORD.findall(a), _WORD.findall(b)
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    pieces: list[tuple[Change, str]] = [("same", "".join(old[:start]))]
    pieces += _aligned(old[start : len(old) - end], new[start : len(new) - end])
    pieces.append(("same", "".join(old[len(old) - end :])))
    return [piece for piece in pieces if piece[1]]


def _common(a: list[str], b: list[str]) -> int:
    """Length of the common beginning of two lists."""
    return next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


def _aligned(old: list[str], new: list[str]) -> list[tuple[Change, str]]:
    if max(len(old), len(new)) > 2 * MAX_ALIGNED_WORDS:
        return [("gone", "".join(old)), ("new", "".join(new))]
    pieces: list[tuple[Change, str]] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(("same", "".join(old[i1:i2])))
        else:
            pieces += [("gone", "".join(old[i1:i2])), ("new", "".join(new[j1:j2]))]
    return pieces

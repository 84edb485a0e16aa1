"""Digest of the text that makes a version."""

from __future__ import annotations

import hashlib
import json
import unicodedata

from crawler.items import Article

_ODD = {
    **dict.fromkeys(map(ord, "\u180e\u200b\u200c\u200d\u2060\ufeff"), " "),
    **dict.fromkeys(map(ord, "\u00ad\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"), None),
}
"""Zero-width characters are blanks, soft hyphens and direction marks are nothing."""


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


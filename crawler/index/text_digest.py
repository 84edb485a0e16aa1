"""Digest of the text that makes a version."""

from __future__ import annotations

import hashlib
import json

from crawler.items import Article
from crawler.items.even_text import even_text


def text_digest(article: Article) -> str:
    """Digest the text that makes a version: headline, deck, body, captions, credits and embeds.

    Two readings with one digest are one version. Paragraph breaks, kinds of white space (no-break, zero-width), soft hyphens and
    direction marks do not count, since mirrors and layouts differ in them; quotation marks and letter case do. Tags, related
    stories, dates and the template are not part of it.

    Returns:
        "sha256:" and 64 hex characters.
    """
    counted = [
        even_text(article.headline),
        even_text(article.deck),
        even_text(article.body),
        [text for image in article.images if (text := even_text(image.caption))],
        [text for image in article.images if (text := even_text(image.credit))],
        *([even_text(article.embeds)] if article.embeds else []),  # digests of articles without any stay as they were
    ]
    data = json.dumps(counted, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return f"sha256:{hashlib.sha256(data).hexdigest()}"

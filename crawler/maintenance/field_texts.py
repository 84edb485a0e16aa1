"""Fields of a capture's reading as texts, by which two readings are compared."""

from __future__ import annotations

from collections.abc import Iterable

from crawler.index.rows import clean, printed_date
from crawler.items import Article

READ_BY = "read_by"
"""The field that tells by which reader each other one was found."""
TEXT_FIELDS = ("headline", "deck", "body", "captions", "credits", "embeds")
"""Fields that make a version."""
FIELDS = (
    "state", "template", "story", "headline", "deck", "body", "authors", "published", "modified", "section", "language", "images",
    "captions", "credits", "embeds", "agencies", "tags", "canonical_url", "published_raw", "headline_alternatives", "breadcrumb", "blocks",
    "videos", "alternates", "related", "alt", "problems", "read_by", "links", "imprint",
)  # fmt: skip
"""Every field in the order of the report, the most important ones first."""


def texts_of(article: Article, story: str) -> dict[str, str]:
    """The fields of an article as the index holds them, each as one text."""
    images = article.images
    values = {
        "template": article.template, "story": story, "headline": article.headline, "deck": article.deck, "body": article.body,
        "authors": "; ".join(article.authors), "published": printed_date(article.published), "modified": printed_date(article.modified),
        "section": article.section, "language": article.language, "images": _lines(i.url for i in images),
        "captions": _lines(i.caption for i in images), "credits": _lines(i.credit for i in images),
        "embeds": article.embeds, "agencies": _lines(i.agency for i in images),
        "tags": "; ".join(article.tags), "canonical_url": article.canonical_url,
        "published_raw": article.published_raw, "headline_alternatives": _lines(article.headline_alternatives),
        "breadcrumb": " > ".join(link.text for link in article.breadcrumb), "blocks": " ".join(block.kind for block in article.blocks),
        "videos": _lines(article.videos), "alternates": " ".join(article.alternates), "related": _lines(r.url for r in article.related),
        "alt": _lines(i.alt for i in images), "problems": "; ".join(article.problems),
        "read_by": "; ".join(f"{field}: {reader}" for field, reader in sorted(article.read_by.items())),
    }  # fmt: skip
    return {name: clean(value or "") for name, value in values.items()}


def _lines(values: Iterable[str | None]) -> str:
    return "\n".join(value for value in values if value)

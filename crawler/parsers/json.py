"""The answer of `scrapy read`: one article as one JSON object."""

from __future__ import annotations

from typing import Any

from crawler.items import Article, Link


def as_json(article: Article) -> dict[str, Any]:
    """An article as a JSON object; absent is None or []."""
    return {
        "url": article.url or None,
        "story": article.story,
        "template": article.template,
        "headline": article.headline,
        "headline_alternatives": list(article.headline_alternatives),
        "deck": article.deck,
        "body": article.body or None,
        "blocks": [{"kind": b.kind, "text": b.text, "image": b.image} for b in article.blocks],
        "authors": list(article.authors),
        "published": article.published,
        "modified": article.modified,
        "published_raw": article.published_raw,
        "section": article.section,
        "breadcrumb": [_link(link) for link in article.breadcrumb],
        "language": article.language,
        "tags": list(article.tags),
        "images": [
            {"url": i.url, "caption": i.caption, "credit": i.credit, "agency": i.agency, "alt": i.alt, "raw": i.raw} for i in article.images
        ],
        "videos": [{"url": url} for url in article.videos],
        "alternates": list(article.alternates),
        "related": [_link(link) for link in article.related],
        "canonical_url": article.canonical_url,
        "read_by": dict(article.read_by),
        "problems": list(article.problems),
    }


def _link(link: Link) -> dict[str, str | None]:
    return {"text": link.text, "url": link.url or None}

"""The answer of `scrapy read`: one article as one JSON object."""

from __future__ import annotations

from typing import Any

from crawler.items import Article, plain


def as_json(article: Article) -> dict[str, Any]:
    """Turn an article into a JSON object; absent is None or []."""
    values: dict[str, Any] = {}
    for name, value in plain(article).items():
        if name == "blocks":
            values["body"] = article.body or None
        values[name] = value
    for link in (*values["breadcrumb"], *values["related"]):
        link["url"] = link["url"] or None
    values["url"] = values["url"] or None
    return values

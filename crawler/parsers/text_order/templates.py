"""Templates of layouts that are read by text order."""

from __future__ import annotations

from typing import Any

from crawler.parsers.dates.dates import moment
from crawler.parsers.document.selectors import Reader, first, jsonld, meta, xpath
from crawler.parsers.document.videos import videos
from crawler.parsers.template import Template
from crawler.parsers.text_order.config import Order
from crawler.parsers.text_order.fields import Ordered

PUBLISHED = first(
    jsonld("datePublished").then(moment),
    meta("article:published_time").then(moment),
    xpath("//*[@itemprop='datePublished']/@content | //*[@itemprop='datePublished']/@datetime").then(moment),
)
"""The time of publication that a page tells machines."""
MODIFIED = first(
    jsonld("dateModified").then(moment),
    meta("article:modified_time").then(moment),
    xpath("//*[@itemprop='dateModified']/@content | //*[@itemprop='dateModified']/@datetime").then(moment),
)


def ordered(name: str, order: Order, mark: Reader[str], **better: Any) -> Template:
    """Make a template whose fields are read by text order.

    Args:
        name: Name of the layout.
        order: Its selectors and words.
        mark: Finds something only on its pages.
        better: Fields of `Template` that are read otherwise, and its dates.
    """
    parts = Ordered(order)
    fields: dict[str, Any] = {
        "headline": parts.headline(),
        "headline_alternatives": parts.titles(),
        "deck": parts.deck(),
        "blocks": parts.blocks(),
        "images": parts.images(),
        "authors": parts.authors(),
        "published": first(parts.published(), PUBLISHED),
        "published_raw": parts.published_raw(),
        "modified": parts.modified(),
        "breadcrumb": parts.breadcrumb(),
        "section": parts.section(),
        "language": xpath("//html/@lang").then(lambda lang: lang[:2].lower()),
        "videos": videos(),
        "alternates": parts.alternates(),
        "related": parts.related(),
        "canonical_url": first(xpath("//link[@rel='canonical']/@href"), meta("og:url")),
    }
    return Template(name=name, mark=mark, **fields | better)

"""Meta tags and JSON-LD of a page, read with tolerance."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Any

from attrs import field, frozen

from crawler.parsers.document.elements import tagged
from crawler.parsers.document.page import Page
from crawler.parsers.document.segments import squeeze, words
from crawler.parsers.linked_data.own_node import MAX_NODES as MAX_NODES
from crawler.parsers.linked_data.own_node import MIN_HEADLINE, About, address_key, nodes_of, own_article
from crawler.parsers.linked_data.own_part import owned_by_other
from crawler.parsers.linked_data.scripts import loaded

MAX_JSON_CHARACTERS = 2_000_000
MAX_TOPS = 4
"""Headings of the first rank that are looked at."""

ARTICLE_TYPES = frozenset(
    [
        "article",
        "newsarticle",
        "reportagenewsarticle",
        "analysisnewsarticle",
        "opinionnewsarticle",
        "backgroundnewsarticle",
        "reviewnewsarticle",
        "blogposting",
        "liveblogposting",
        "socialmediaposting",
        "advertisercontentarticle",
        "techarticle",
        "scholarlyarticle",
        "report",
        "satiricalarticle",
    ]
)


def title_of(page: Page) -> str:
    """The text of the first title, or empty."""
    return next(("".join(title.itertext()) for title in tagged(page, "title")), "")


def canonical_href(page: Page) -> str | None:
    """The address of the first `link rel=canonical` that has one, as written."""
    links = (link for link in tagged(page, "link") if link.get("rel") == "canonical")
    return next((href for link in links if (href := link.get("href")) is not None), None)


def meta_values(page: Page) -> dict[str, list[str]]:
    """Contents of `meta` tags by name, property or itemprop in lower case."""
    if "meta" not in page.memo:
        out: dict[str, list[str]] = {}
        for node in tagged(page, "meta"):
            name = node.get("property") or node.get("name") or node.get("itemprop") or node.get("http-equiv")
            # Some archivers' copies hold the text in `value`.
            content = squeeze(html.unescape(node.get("content") or node.get("value") or ""))
            if name and content and not (node.get("itemprop") and owned_by_other(node)):
                out.setdefault(name.strip().lower(), []).append(content)
        page.memo["meta"] = out
    found: dict[str, list[str]] = page.memo["meta"]
    return found


@frozen(kw_only=True)
class LinkedData:
    """The JSON-LD of a page."""

    article: dict[str, Any] = field(factory=dict)
    """The node that is the article itself, or an empty one."""
    nodes: tuple[dict[str, Any], ...] = ()
    """Every object that has a type, outer ones first."""
    by_id: dict[str, dict[str, Any]] = field(factory=dict)
    pages: tuple[dict[str, Any], ...] = ()
    """The nodes of type WebPage that are not of another page."""

    def of_type(self, *types: str) -> Iterator[dict[str, Any]]:
        """The nodes of any of these types (lower case)."""
        return (node for node in self.nodes if types_of(node) & set(types))

    def resolved(self, value: Any) -> Any:
        """The node a bare `{"@id": ...}` points to, else the value."""
        if isinstance(value, dict) and "@id" in value and len(value) <= 2:
            return self.by_id.get(str(value["@id"]), value)
        return value


def types_of(node: dict[str, Any]) -> set[str]:
    """Types of a JSON-LD node, lower case, without their vocabulary."""
    value = node.get("@type")
    return {str(t).rsplit("/", 1)[-1].lower() for t in (value if isinstance(value, list) else [value]) if t}


def texts(value: Any) -> list[str]:
    """The texts in a JSON-LD value: itself, its entries, or the names of its nodes."""
    if isinstance(value, str):
        line = squeeze(html.unescape(value))
        return [line] if line else []
    if isinstance(value, list):
        return [t for one in value for t in texts(one)]
    if isinstance(value, dict):
        return texts(value.get("name") or value.get("@value")) or texts(
            " ".join([*texts(value.get("givenName")), *texts(value.get("familyName"))])
        )
    return []


def linked_data(page: Page) -> LinkedData:
    """The JSON-LD of a page, read once; of broken scripts what can be had."""
    if "jsonld" not in page.memo:
        found: list[tuple[dict[str, Any], bool]] = []
        for script in tagged(page, "script"):
            if "ld+json" in (script.get("type") or "").lower() and script.text:
                found += nodes_of(loaded(script.text[:MAX_JSON_CHARACTERS]))
        by_id: dict[str, dict[str, Any]] = {}
        for node, _ in found:
            if "@id" in node and len(node) > len(by_id.get(str(node["@id"]), {})):
                by_id[str(node["@id"])] = node
        page.memo["jsonld"] = _linked(page, found, by_id)
    out: LinkedData = page.memo["jsonld"]
    return out


def _linked(page: Page, found: list[tuple[dict[str, Any], bool]], by_id: dict[str, dict[str, Any]]) -> LinkedData:
    """Tell which of the nodes are the page's own."""
    told = [(node, part, words(next(iter(texts(node.get("headline"))), ""))) for node, part in found if types_of(node) & ARTICLE_TYPES]
    pages = [node for node, part in found if not part and "webpage" in types_of(node)]
    about = _about(page) if told or pages else About()
    return LinkedData(
        article=own_article(told, about), nodes=tuple(node for node, _ in found), by_id=by_id,
        pages=tuple(node for node in pages if about.is_told_elsewhere(node) is not True),
    )  # fmt: skip


def _about(page: Page) -> About:
    """The words by which a page tells its own address and headline."""
    meta = meta_values(page)
    addresses = (page.url, canonical_href(page) or "", *meta.get("og:url", ())[:1])
    headlines = (title_of(page), *meta.get("og:title", ())[:1], *("".join(top.itertext()) for top in tagged(page, "h1")[:MAX_TOPS]))
    return About(
        addresses=frozenset(key for url in addresses if (key := address_key(url))),
        headlines=tuple(dict.fromkeys(key for text in headlines if len(key := words(text)) >= MIN_HEADLINE)),
    )

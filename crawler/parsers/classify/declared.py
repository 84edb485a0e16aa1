"""Weight of JSON-LD, meta tags and microdata for a story or a list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from crawler.parsers.document.elements import marked
from crawler.parsers.document.page import Page
from crawler.parsers.document.segments import words
from crawler.parsers.document.structured_data import ARTICLE_TYPES, canonical_href, linked_data, meta_values, texts, types_of

Node = dict[str, Any]

_things = etree.XPath("//*[contains(@itemtype, 'Article') or contains(@itemtype, 'VideoObject')]")
_LIST_TYPES = frozenset(("collectionpage", "searchresultspage", "profilepage"))


def declared(page: Page) -> float:
    """Weigh the machine words of a page: positive for a story, negative for a list."""
    nodes = linked_data(page).nodes
    articles = {words(headline): node for node in nodes if types_of(node) & ARTICLE_TYPES for headline in texts(node.get("headline"))[:1]}
    found = _of_articles(articles, page) + _of_meta(page)
    if not articles:
        found += _of_lists(nodes)
    return found + _of_address(page.url)


def marked_up(page: Page) -> bool:
    """Test for exactly one element marked up as article, text or film."""
    return len(_things(page.root)) == 1 or len(marked(page, "articleBody")) == 1


def _of_articles(articles: Mapping[str, Node], page: Page) -> float:
    """Weigh the articles in JSON-LD, by headline: one or two are the page's own."""
    if not articles:
        return 0.0
    if len(articles) > 2:
        return -2.0
    own = [_is_own(node, page) for node in articles.values()]
    return 5.0 if True in own else 3.0 if None in own else 0.0


def _of_meta(page: Page) -> float:
    meta = meta_values(page)
    found = 2.0 if "article:published_time" in meta else 0.0
    kind = next(iter(meta.get("og:type", ())), "").lower()
    if kind.startswith("video"):
        return found + 2.0
    if "article" in kind:
        return found + 1.0
    return found - 0.5 if kind in ("website", "profile") else found


def _of_lists(nodes: Iterable[Node]) -> float:
    nodes = list(nodes)
    if any(types_of(node) & _LIST_TYPES for node in nodes):
        return -3.0
    return -2.0 if any(_is_long_list(node) for node in nodes) else 0.0


def _of_address(url: str) -> float:
    """Weigh the address: a front page is a list."""
    parts = urlsplit(url)
    return -1.5 if parts.hostname and parts.path in ("", "/") and not parts.query else 0.0


def _is_own(node: Node, page: Page) -> bool | None:
    """Test for an article in JSON-LD that names this page; None if either names none."""
    main = node.get("mainEntityOfPage")
    told = [node.get("url"), node.get("@id"), main.get("@id") if isinstance(main, dict) else main]
    named = {path for url in told if isinstance(url, str) and (path := _path(url))}
    if _path(page.url) in named or any(_path(url) in named for url in meta_values(page).get("og:url", ())):
        return True
    return _path(canonical_href(page) or "") in named if named else None


def _path(url: str) -> str:
    try:
        return urlsplit(url.strip()).path.rstrip("/")
    except ValueError:
        return ""


def _is_long_list(node: Node) -> bool:
    items = node.get("itemListElement")
    return "itemlist" in types_of(node) and isinstance(items, list) and len(items) >= 3

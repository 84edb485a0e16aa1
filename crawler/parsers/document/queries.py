"""Elements and texts of a page by CSS or XPath, each query asked once."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from lxml import etree
from parsel.csstranslator import css2xpath

from crawler.parsers.document.display import text_shown
from crawler.parsers.document.page import Page

_NAMESPACES = {"re": "http://exslt.org/regular-expressions", "set": "http://exslt.org/sets"}
"""The prefixes that Parsel knows."""


def by_css(page: Page, query: str) -> list[Any]:
    """Find elements, or texts (`::attr()`, `::text`), as `page.css` does, without selectors around them."""
    return by_xpath(page, css2xpath(query))


def by_xpath(page: Page, query: str) -> list[Any]:
    """Find what `page.xpath` finds, without selectors around it.

    Raises:
        ValueError: It is no query.
    """
    key = (by_xpath, query)
    found = page.memo.get(key)
    if found is None:
        try:
            found = _compiled(query)(page.root)
        except etree.XPathError as error:
            raise ValueError(f"XPath error: {error} in {query}") from error
        found = page.memo[key] = found if isinstance(found, list) else [found]
    out: list[Any] = found
    return out


def text_of(found: Any) -> str:
    """The text of an element, or of what else a query finds."""
    if isinstance(found, str):
        return found
    if hasattr(found, "tag"):
        return text_shown(found)
    return str(int(found)) if isinstance(found, bool) else str(found)


@lru_cache(maxsize=1024)
def _compiled(query: str) -> etree.XPath:
    return etree.XPath(query, namespaces=_NAMESPACES, smart_strings=False)

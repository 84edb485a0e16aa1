"""Recognition of feeds and sitemaps by their first bytes."""

from __future__ import annotations

import re

from crawler.parsers.listings.lines import lines_of_addresses

_XML_LIST = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:(?><!--.*?-->)\s*|<\?[^>]*>\s*|<!DOCTYPE[^<]*)*+<(?:\w{1,20}:)?(?:urlset|sitemapindex|rss|feed|rdf)\b"
    r"|\x1f", re.IGNORECASE | re.DOTALL,
)  # fmt: skip
_ROOT_BEHIND = re.compile(
    r"(?:<\?xml[^>]*>\s*(?:(?><!--.*?-->)\s*|<\?[^>]*>\s*)*+<(?:\w{1,20}:)?(?:urlset|sitemapindex|rss|feed|rdf)\b"
    r"|<(?:\w{1,20}:)?(?:urlset|sitemapindex|rss|feed|rdf)\s[^<>]{0,2000}(?:xmlns|version)\b)", re.IGNORECASE | re.DOTALL,
)  # fmt: skip
_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body|article|main|pre|code)\b", re.IGNORECASE)
START_CHARACTERS = 4096
"""Of an answer: enough to tell whether it is a list."""
PROLOG_CHARACTERS = 64 * 1024
"""Of comments and instructions before the first element."""


def list_in(text: str, mime: str) -> bool:
    """Test for a feed, sitemap or plain list of addresses, whatever its type says.

    >>> list_in("http://a.example/1\\nhttp://a.example/2", "text/html"), list_in("http://a.example/ is down", "text/plain")
    (True, False)
    """
    start = text[:START_CHARACTERS].lstrip("\ufeff")
    if _XML_LIST.match(text[:PROLOG_CHARACTERS].lstrip("\ufeff")) or _behind_junk(start):
        return True
    if start.lstrip().startswith("{"):
        return mime == "application/feed+json" or "jsonfeed.org/version/" in (text if "json" in mime else start)
    whole = start if len(text) <= START_CHARACTERS else start.rpartition("\n")[0] or start
    return lines_of_addresses(whole)


def _behind_junk(start: str) -> bool:
    """Test for a feed or sitemap behind other text, such as a server's warning."""
    found = _ROOT_BEHIND.search(start)
    return found is not None and not _PAGE.search(start, 0, found.start())

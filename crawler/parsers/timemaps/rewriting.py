"""Pages as archives rewrite them for replay, turned back into what was archived."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

from crawler.urls.memento_address import MementoAddress

MARKS = ("WB Insert", "wombat.js", "wbinfo", "WAYBACK TOOLBAR INSERT", "Wayback Rewrite JS", "bundle-playback.js", "__wm.")
"""Words that Wayback Machine, OpenWayback and pywb put into pages that they rewrite."""
LOOKED = 64 * 1024
"""Characters at the beginning among which the marks are looked for."""

_INSERTED = re.compile(
    r"<!--\s*WB Insert\s*-->.*?<!--\s*End WB Insert\s*-->"
    r"|<!--\s*BEGIN WAYBACK TOOLBAR INSERT\s*-->.*?<!--\s*END WAYBACK TOOLBAR INSERT\s*-->"
    r"|<!--\s*(?:FILE ARCHIVED ON|playback timings)\b.*?-->",
    re.DOTALL | re.IGNORECASE,
)
_REWRITE_HEAD = re.compile(
    r"<script[^>]*(?:/_static/|/static/|archive\.org/)[^>]*>.{0,20000}?<!--\s*End Wayback Rewrite JS Include\s*-->", re.DOTALL
)


def unrewritten(text: str, address: str) -> str:
    """Undo the rewriting of a page: links lead to the originals again.

    A page that came as it was archived stays as it is, also where it links to an archive.

    Args:
        address: Of the memento that the page came from.
    """
    at = MementoAddress.of(address)
    if at is None or (at.is_raw and not is_rewritten(text)):
        return text
    text = _INSERTED.sub("", _REWRITE_HEAD.sub("", text, count=1))
    return _links_of(at.prefix).sub("", text)


def is_rewritten(text: str) -> bool:
    """Tell whether an archive has put its own scripts into a page."""
    start = text[:LOOKED]
    return any(mark in start for mark in MARKS)


@lru_cache(maxsize=64)
def _links_of(prefix: str) -> re.Pattern[str]:
    """A pattern for what an archive puts before the addresses of originals."""
    parts = urlsplit(prefix)
    slash = r"(?:\\?/|%2F)"
    path = slash.join(re.escape(piece) for piece in parts.path.split("/"))
    host = rf"(?:(?:https?(?::|%3A))?{slash}{slash}{re.escape(parts.netloc)})?"
    before = r"(?<![\w.%/\\-])"
    # As it is written in attributes, scripts (slashes escaped) and queries; what follows is an absolute address.
    behind = r"(?=https?(?::|%3A)|(?:\\?/){2}|mailto:|data:|javascript:)"
    return re.compile(rf"{before}{host}{path}\d{{1,14}}(?:[a-z]{{2}}_)?{slash}{behind}", re.IGNORECASE)

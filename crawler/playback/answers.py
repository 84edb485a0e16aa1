"""Requests of a replayed page, and what answered them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal
from urllib.parse import unquote, urlsplit

from attrs import frozen

From = Literal["archive", "nothing", "replay", "browser", "elsewhere"]
"""`archive`: an archived answer, also an archived error. `nothing`: the archive has none. `replay`: pywb's own scripts and styles.
`browser`: made within the browser (`data:`, `blob:`). `elsewhere`: another host, or this one past the collection."""

_WITHIN = ("data", "blob", "about", "chrome", "chrome-error", "filesystem", "javascript")
_REWRITTEN = re.compile(r"/(?:\d{0,14}(?:[a-z]{2,4}_)?/)?(?P<url>.*)", re.DOTALL)
"""Behind the collection: time and mark, then the original address."""
_SCHEME = re.compile(r"(?i)(https?|wss?|ftp):/+")
_OWN = ("/static/", "/_/", "/favicon.ico")


@frozen(kw_only=True)
class Place:
    """Destination of a request of a replayed page."""

    to: Literal["archive", "replay", "browser", "elsewhere", "lost"]
    """`lost`: an address of pywb's host that is none of the collection: a path that was not rewritten."""
    url: str
    """The original address, where one is asked for; else the address as it is."""


def place_of(url: str, base: str, collection: str) -> Place:
    """Tell where a request leads.

    Args:
        base: Address of pywb, without a slash at the end.
        collection: Its name in addresses.

    >>> place_of("http://127.0.0.1:80/c/2026im_/https://a.example/1.png?x", "http://127.0.0.1:80", "c")
    Place(to='archive', url='https://a.example/1.png?x')
    >>> place_of("http://127.0.0.1:80/static/wombat.js", "http://127.0.0.1:80", "c").to
    'replay'
    >>> place_of("https://ads.example/", "http://127.0.0.1:80", "c").to, place_of("data:,x", "http://127.0.0.1:80", "c").to
    ('elsewhere', 'browser')
    """
    if url.partition(":")[0].lower() in _WITHIN:
        return Place(to="browser", url=url)
    if not url.startswith(f"{base}/"):
        return Place(to="elsewhere", url=url)
    path = url[len(base) :]
    within = f"/{collection}"
    if path.startswith(f"{within}/") and (found := _REWRITTEN.match(path, len(within))) and _SCHEME.match(original := _whole(found["url"])):
        return Place(to="archive", url=original)
    if path.startswith(_OWN) or path.startswith((f"{within}/cdx", f"{within}/static/")):
        return Place(to="replay", url=url)
    return Place(to="lost", url=url)


def _whole(url: str) -> str:
    """Restore joined slashes of a scheme, and an address that was escaped whole."""
    if re.match(r"(?i)https?%3A", url):
        url = unquote(url)
    return _SCHEME.sub(lambda found: f"{found[1].lower()}://", url, count=1)


def archived_at(headers: Mapping[str, str]) -> datetime | None:
    """Return the date of the archived answer in a response; None without one.

    Source: RFC 7089, 2.1.1 (Memento-Datetime).
    """
    try:
        return parsedate_to_datetime(headers["memento-datetime"]).astimezone(UTC)
    except (KeyError, ValueError, TypeError):
        return None


def same_resource(url: str) -> str:
    """Key of a resource: its address without scheme and fragment."""
    parts = urlsplit(url)
    host = parts.netloc.lower().removesuffix(":80").removesuffix(":443")
    return f"{host}{parts.path or '/'}{'?' + parts.query if parts.query else ''}"

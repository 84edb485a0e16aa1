"""Addresses that resolving leaves as they are, told by a pattern instead of a parse.

Nearly all links of news sites are of this kind. What the pattern does not know is parsed: it may know less than the parser, never more.
"""

from __future__ import annotations

import re
from functools import lru_cache

from crawler.urls.host import BadAddress
from crawler.urls.refusals import MAX_URL_CHARACTERS, resolved

_SIGNS = r"A-Za-z0-9/_~!$&()*+,;=:@.\-\[\]|"
"""Printable signs that are kept in paths and queries alike; quotes, braces, backslash, escapes and what marks a part are not among them."""
_ESCAPES = r"(?:%(?!2[eE])[SIGNS]*)*".replace("SIGNS", _SIGNS)
"""Escapes stay as they are, but one of a dot, which may be part of a dot segment."""
_ABSOLUTE = re.compile(rf"(https?://[^/?#\\]+)/[{_SIGNS}]*{_ESCAPES}(?:\?[{_SIGNS}?]*{_ESCAPES})?")
_FROM_ROOT = re.compile(rf"/(?!/)[{_SIGNS}]*{_ESCAPES}(?:\?[{_SIGNS}?]*{_ESCAPES})?")
_FROM_FOLDER = re.compile(rf"(?![/.])[{_SIGNS.replace(':', '')}]+{_ESCAPES.replace(':@', '@')}(?:\?[{_SIGNS}?]*{_ESCAPES})?")
_DOTS = "/."
"""Whatever holds this may hold a dot segment."""
_HOST = re.compile(r"https?://([a-z0-9.-]+)(?::[0-9]+)?(?:[/?#]|$)")


def joined(base: str, href: str) -> str | None:
    """Join a link that needs no parsing to a base; None for others.

    >>> joined("https://a.example/x/y", "/b?c=d"), joined("https://a.example/x/y", "b"), joined("https://a.example/x/y", "../b")
    ('https://a.example/b?c=d', 'https://a.example/x/b', None)
    """
    if _DOTS in href or not href or href[0] in ".?#":
        return None
    href = href.partition("#")[0]
    if href[0] == "/":
        place = origin_of(base) if _FROM_ROOT.fullmatch(href) else None
        url = place + href if place is not None and keeps(place) else None
    elif found := _ABSOLUTE.fullmatch(href):
        url = href if keeps(found[1]) else None
    elif _FROM_FOLDER.fullmatch(href):
        folder = _folder_of(base)
        url = folder + href if folder is not None else None
    else:
        url = None
    return url if url is not None and len(url) <= MAX_URL_CHARACTERS else None


def origin_of(url: str) -> str | None:
    """The text of an address up to its path; None without a path."""
    end = url.find("/", 8)
    return url[:end] if end > 0 else None


@lru_cache(maxsize=4096)
def keeps(origin: str) -> bool:
    """Tell whether an origin is written as it would be resolved, and not refused.

    >>> keeps("http://a.example:8080"), keeps("http://a.example:80"), keeps("HTTP://a.example"), keeps("http://127.1")
    (True, False, False, False)
    """
    try:
        return resolved(f"{origin}/").url == f"{origin}/"
    except BadAddress:
        return False


@lru_cache(maxsize=4096)
def _folder_of(base: str) -> str | None:
    """The folder of a page, if the page's own address needs no parsing."""
    address = base.partition("#")[0].partition("?")[0]
    found = _ABSOLUTE.fullmatch(address)
    return address[: address.rindex("/") + 1] if found and _DOTS not in address[8:] and keeps(found[1]) else None


def needs_no_parsing(url: str) -> bool:
    """Tell whether an address is written as it would be resolved, and not refused.

    >>> needs_no_parsing("https://a.example/x%20y?b=2"), needs_no_parsing("https://a.example/../x")
    (True, False)
    """
    found = _ABSOLUTE.fullmatch(url)
    return found is not None and _DOTS not in url[8:] and len(url) <= MAX_URL_CHARACTERS and keeps(found[1])


def is_key(url: str) -> bool:
    """Tell whether an address is its own page key.

    >>> is_key("https://a.example/x?b=2"), is_key("https://a.example/%7ex"), is_key("https://a.example/x#top")
    (True, False, False)
    """
    return "%" not in url and needs_no_parsing(url)


def plain_host(url: str) -> str | None:
    """The host of an address in ASCII and lower case; None for others."""
    found = _HOST.match(url)
    return found[1].rstrip(".") if found else None

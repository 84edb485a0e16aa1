"""Links and redirects of a page made absolute, as browsers do."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from urllib.parse import quote

from crawler.urls.address import Address, parse_address
from crawler.urls.host import BadAddress
from crawler.urls.plain import joined
from crawler.urls.refusals import RULES, refusal_of, resolved

_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_DROPPED = frozenset("/\\\t\n\r")
"""Signs behind a first slash with which a host may follow."""
_PLACE = re.compile(r"([A-Za-z]+://[^/?#\\]+)/")


def join(base: str, href: str, encode: Callable[[str], bytes] | None = None) -> str | None:
    """Resolve a link to an absolute address without fragment; None if it cannot be requested.

    Args:
        encode: Encoder of the page's charset, for the query only, as browsers do; UTF-8 without one.

    >>> join("https://a.example/x/", " ../y z#f ")
    'https://a.example/y%20z'
    >>> join("https://a.example/", "//Пример.example/é")
    'https://xn--e1afmkfd.example/%C3%A9'
    >>> join("https://a.example/", "http:" + chr(92) * 2 + "b.example/x")
    'http://b.example/x'
    >>> join("https://a.example/", "///b.example/x"), join("https://a.example/", "http:////b.example/x")
    ('https://b.example/x', 'http://b.example/x')
    >>> join("https://a.example/", "/search?q=Иран", lambda text: text.encode("cp1251"))
    'https://a.example/search?q=%C8%F0%E0%ED'
    >>> join("https://a.example/", "javascript:alert(1)") is None
    True
    """
    if href[:1] == "/" and href[1:2] not in _DROPPED:
        # The menu of every page of a site has the same links: with the page's own path left out they are worked out once.
        base = _place_of(base)
    # Of what can be printed in ASCII every charset makes the same.
    return _joined(base, href, None if encode is None or (href.isascii() and href.isprintable()) else encode)


@lru_cache(maxsize=1024)
def _place_of(base: str) -> str:
    """The root of a page's site; the whole address where no pattern tells it."""
    place = _PLACE.match(base)
    return place[0] if place else base


@lru_cache(maxsize=8192)
def _joined(base: str, href: str, encode: Callable[[str], bytes] | None) -> str | None:
    if (url := joined(base, href)) is not None:
        return url
    try:
        return resolved(href, _base(base), encode=encode).url
    except BadAddress:
        return None


@lru_cache(maxsize=1024)
def rule_against(base: str, href: str) -> str | None:
    """Name our rule that refuses a link browsers would follow; None if none.

    >>> rule_against("https://a.example/", "//ada@b.example/"), rule_against("https://a.example/", "mailto:ada@b.example")
    ('user name', None)
    """
    try:
        problem = refusal_of(parse_address(href, _base(base)))
    except BadAddress:
        return None
    return next((rule for rule in RULES if problem.startswith(rule)), None) if problem else None


@lru_cache(maxsize=1024)
def _base(url: str) -> Address | None:
    try:
        return parse_address(url)
    except BadAddress:
        return None


def location_of(base: str, location: str | None) -> str | None:
    """Target of a redirect's `Location`; None if absent or not to be requested.

    Args:
        location: The header's value as received, decoded as latin-1: bytes that are not ASCII are sent back as they are, in any charset.

    >>> location_of("http://a.example/x", "/caf\xe9")
    'http://a.example/caf%E9'
    """
    if location is None:
        return None
    raw = location.encode("latin-1", "replace")
    try:
        return join(base, raw.decode("utf-8"))
    except UnicodeDecodeError:
        return join(base, _NOT_ASCII.sub(lambda found: quote(found[0].encode("latin-1")), location))

"""Check of addresses before they are requested."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from crawler.urls.address import DEFAULT_PORTS, parse_address
from crawler.urls.plain import needs_no_parsing
from crawler.urls.refusals import MAX_URL_CHARACTERS, refusal_of

_UNFIT = re.compile(r"[\x00-\x20\x7f]|^[^?#]*\\")
_IPV4 = re.compile(r"[0-9]+(?:\.[0-9]+){3}")


def problem_of(url: str) -> str | None:
    """Reason to refuse an address without resolving its host, or None.

    Only addresses in the form that `join` returns pass, so that no other parser can read them differently.

    >>> problem_of("http://127.1/"), problem_of("http://a.example/"), problem_of("http://ada@a.example/")
    ('host is a number in an odd form', None, 'user name in the address')
    """
    if needs_no_parsing(url):
        return None
    if len(url) > MAX_URL_CHARACTERS:
        return f"over {MAX_URL_CHARACTERS} characters"
    if _UNFIT.search(url):
        return "control character, blank or backslash"
    try:
        address, parts = parse_address(url), urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        return str(error)
    if parts.scheme not in DEFAULT_PORTS:
        return f"scheme {parts.scheme or '(none)'}"
    if "@" in parts.netloc:
        return "user name in the address"
    if host != address.host.strip("[]") or (port != address.port and port != DEFAULT_PORTS[address.scheme]):
        return "host is a number in an odd form" if _IPV4.fullmatch(address.host) else "host name written in an odd form"
    return refusal_of(address)

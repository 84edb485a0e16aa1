"""Rules that refuse addresses which browsers would request, each with its reason."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from crawler.urls.address import DEFAULT_PORTS, Address, parse_address
from crawler.urls.host import MAX_LABEL_CHARACTERS, TOO_LONG, BadAddress

MAX_URL_CHARACTERS = 2048
MAX_HOST_CHARACTERS = 253

RULES = ("user name", "port 0", "host name", f"over {MAX_URL_CHARACTERS} characters")
"""Prefix of the reason for addresses that browsers request and we do not."""

_UNFIT = re.compile(r"[\x00-\x20\x7f]|^[^?#]*\\")
_NO_NAME = re.compile(r"[^a-z0-9_.-]")
_IPV4 = re.compile(r"[0-9]+(?:\.[0-9]+){3}")


def problem_of(url: str) -> str | None:
    """Reason to refuse an address without resolving its host, or None.

    Only addresses in the form that `join` returns pass, so that no other parser can read them differently.

    >>> problem_of("http://127.1/"), problem_of("http://a.example/"), problem_of("http://ada@a.example/")
    ('host is a number in an odd form', None, 'user name in the address')
    """
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


def refusal_of(address: Address) -> str | None:
    """Reason to refuse a resolved address, or None."""
    if address.user:
        return "user name in the address"
    if address.port == 0:
        return "port 0"
    host = address.host
    if not host.startswith("["):
        if found := _NO_NAME.search(host):
            return f"host name with {found[0]!r}, which no name server knows"
        labels = host.removesuffix(".").split(".")
        if len(host) > MAX_HOST_CHARACTERS or not all(0 < len(label) <= MAX_LABEL_CHARACTERS for label in labels):
            return TOO_LONG
    if len(address.url) > MAX_URL_CHARACTERS:
        return f"over {MAX_URL_CHARACTERS} characters"
    return None


def resolved(text: str, base: Address | None = None, *, encode: Callable[[str], bytes] | None = None) -> Address:
    """Resolve an address and check it against the refusal rules.

    Raises:
        BadAddress: The address is refused; the message is the reason.
    """
    address = parse_address(text, base, encode=encode)
    if problem := refusal_of(address):
        raise BadAddress(problem)
    return address

"""Rules that refuse addresses which browsers would request, each with its reason."""

from __future__ import annotations

import re
from collections.abc import Callable

from crawler.urls.address import Address, parse_address
from crawler.urls.host import MAX_LABEL_CHARACTERS, TOO_LONG, BadAddress

MAX_URL_CHARACTERS = 2048
MAX_HOST_CHARACTERS = 253

RULES = ("user name", "port 0", "host name", f"over {MAX_URL_CHARACTERS} characters")
"""Prefix of the reason for addresses that browsers request and we do not."""

_NO_NAME = re.compile(r"[^a-z0-9_.-]")


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

"""Parts of an address, taken from any text without raising."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

from crawler.urls.plain import plain_host

_SLASHES = re.compile(r"/{2,}")


def safe_port(url: str) -> int | None:
    """The port in an address; None if absent or invalid (`:x`, `:99999`)."""
    try:
        return urlsplit(url).port
    except ValueError:
        return None


@lru_cache(maxsize=1024)
def host_of(url: str) -> str:
    """The host in an address: lower case, without port and brackets; empty if absent.

    >>> host_of("https://Www.PressTV.ir:443/")
    'www.presstv.ir'
    """
    if (host := plain_host(url)) is not None:
        return host
    try:
        return (urlsplit(url).hostname or "").lower().rstrip(".")
    except ValueError:
        return ""


def path_of(url: str) -> str:
    """Path with doubled slashes collapsed, and query: the part shared by all mirrors.

    >>> path_of("http://presstv.com//Detail/2019/x?a=1")
    '/Detail/2019/x?a=1'
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return "/"
    path = _SLASHES.sub("/", parts.path) or "/"
    return f"{path}?{parts.query}" if parts.query else path


def with_host(url: str, host: str, scheme: str) -> str:
    """The same address on another host.

    >>> with_host("https://presstv.ir:443//Detail/1?a=b", "www.presstv.co.uk", "https")
    'https://www.presstv.co.uk/Detail/1?a=b'
    """
    return f"{scheme}://{host}{path_of(url)}"

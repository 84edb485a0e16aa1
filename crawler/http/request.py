"""Split an address for the wire, and make the request message."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import quote, urldefrag, urlsplit

from attrs import frozen

from crawler.errors import FetchFailed
from crawler.urls import DEFAULT_PORTS, problem_of
from crawler.urls.plain import needs_no_parsing, origin_of

_NOT_ASCII = re.compile(r"[^\x21-\x7e]")


@frozen(kw_only=True)
class RequestTarget:
    """One address, split into the parts of a request."""

    url: str
    """As given, without fragment; percent-encoded as UTF-8 outside ASCII."""
    scheme: str
    """`http` or `https`."""
    host: str
    """Lower case, no brackets, no dot at the end."""
    port: int
    authority: str
    """The Host header."""
    path: str
    """The request target: path and query as given."""

    @property
    def secure(self) -> bool:
        """True if the scheme is https."""
        return self.scheme == "https"


def target_of(url: str) -> RequestTarget:
    """Split an address.

    Raises:
        FetchFailed: Reason `bad-url`.
    """
    if needs_no_parsing(url) and (origin := origin_of(url)) is not None:
        scheme, host, port, authority = _endpoint(origin)
        return RequestTarget(url=url, scheme=scheme, host=host, port=port, authority=authority, path=url[len(origin) :])
    problem = problem_of(url)
    if problem is not None:
        raise FetchFailed("bad-url", problem)
    url = _NOT_ASCII.sub(lambda found: quote(found[0], errors="surrogatepass"), urldefrag(url).url)
    parts = urlsplit(url)
    scheme, host, port, authority = _endpoint(f"{parts.scheme}://{parts.netloc}")
    path = (parts.path or "/") + (f"?{parts.query}" if "?" in url else "")
    return RequestTarget(url=url, scheme=scheme, host=host, port=port, authority=authority, path=path)


@lru_cache(maxsize=1024)
def _endpoint(origin: str) -> tuple[str, str, int, str]:
    """Scheme, host, port and Host header of an origin.

    Raises:
        FetchFailed: Reason `bad-url`.
    """
    parts = urlsplit(origin)
    host = (parts.hostname or "").rstrip(".")
    try:
        host.encode("idna")
    except UnicodeError as error:
        raise FetchFailed("bad-url", f"host name: {error}") from None
    port = parts.port or DEFAULT_PORTS[parts.scheme]
    name = f"[{parts.hostname}]" if ":" in host else parts.hostname
    return parts.scheme, host, port, f"{name}" if port == DEFAULT_PORTS[parts.scheme] else f"{name}:{port}"


_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
"""Latin-1 without control characters but the tab."""


def request_of(target: RequestTarget, method: str, headers: Sequence[tuple[str, str]]) -> bytes:
    """The request message: request line, Host, the given headers, `Connection: keep-alive`.

    Raises:
        FetchFailed: Reason `bad-url`: a method or header that cannot be sent as one line.
    """
    if method not in ("GET", "HEAD"):
        raise FetchFailed("bad-url", f"method {method[:20]!r}: only GET and HEAD are sent")
    lines = [f"{method} {target.path} HTTP/1.1", f"Host: {target.authority}"]
    for name, value in headers:
        if not is_sendable(name, value):
            raise FetchFailed("bad-url", f"header {name[:40]!r} cannot be sent")
        lines.append(f"{name}: {value}")
    if not any(name.lower() == "connection" for name, _ in headers):
        lines.append("Connection: keep-alive")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


@lru_cache(maxsize=256)
def is_sendable(name: str, value: str) -> bool:
    """True if a header fits on one line of latin-1 and smuggles in no other."""
    return _TOKEN.fullmatch(name) is not None and _VALUE.fullmatch(value) is not None

"""Parser for http and https addresses, as browsers resolve them.

Source: the URL Standard (WHATWG), basic URL parser, special schemes.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from attrs import frozen

from crawler.urls.escapes import escaped_fragment, escaped_path, escaped_query, escaped_user
from crawler.urls.host import BadAddress, parse_host

DEFAULT_PORTS = {"http": 80, "https": 443}

_C0_OR_BLANK = "".join(map(chr, range(0x21)))
_DROPPED = re.compile("[\t\n\r]+")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_DOT_SEGMENT = re.compile(r"/(?:\.|%2e){1,2}(?:/|$)", re.IGNORECASE)


@frozen(kw_only=True)
class Address:
    """One http or https address, resolved and normalised."""

    scheme: str
    user: str
    """User name and password as written in the address, escaped; empty if absent."""
    host: str
    """In ASCII, lower case; an IPv6 address in brackets."""
    port: int | None
    """None for the default port of the scheme."""
    path: str
    """Begins with a slash; dot segments resolved, doubled slashes kept."""
    query: str | None
    """None without a question mark."""
    fragment: str | None

    @property
    def netloc(self) -> str:
        """Host, with the port unless it is the default one."""
        return self.host if self.port is None else f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        """The address to request: without user and fragment."""
        query = "" if self.query is None else f"?{self.query}"
        return f"{self.scheme}://{self.netloc}{self.path}{query}"


def parse_address(text: str, base: Address | None = None, *, encode: Callable[[str], bytes] | None = None) -> Address:
    """Resolve an address, absolute or relative to a base.

    Args:
        encode: Encoder of the page that holds it, for its query only; UTF-8 without one.
    Raises:
        BadAddress: Browsers refuse it, or it is none of http and https.
    """
    text = text.strip(_C0_OR_BLANK)
    if "\n" in text or "\t" in text or "\r" in text:
        text = _DROPPED.sub("", text)
    rest, hashed, fragment = text.partition("#")
    rest, asked, query = rest.partition("?")
    rest = rest.replace("\\", "/")
    scheme, rest, absolute = _scheme(rest, base)
    if absolute:
        place, _, path = rest.lstrip("/").partition("/")
        user, host, port = _authority(place, scheme)
        path = _path(f"/{path}")
    else:
        assert base is not None
        user, host, port = base.user, base.host, base.port
        if rest:
            path = _path(rest if rest.startswith("/") else f"{base.path[: base.path.rindex('/') + 1]}{rest}")
        else:
            path = base.path
    found = escaped_query(query, encode) if asked else None if absolute or rest or base is None else base.query
    return Address(
        scheme=scheme, user=user, host=host, port=port, path=path, query=found,
        fragment=escaped_fragment(fragment) if hashed else None,
    )  # fmt: skip


def _scheme(rest: str, base: Address | None) -> tuple[str, str, bool]:
    """Split off the scheme: scheme, the rest, and whether a host follows."""
    found = _SCHEME.match(rest)
    if found is None:
        if base is None:
            raise BadAddress("no scheme")
        return base.scheme, rest, rest.startswith("//")
    scheme, rest = found[1].lower(), rest[found.end() :]
    if scheme not in DEFAULT_PORTS:
        raise BadAddress(f"scheme {scheme[:40]}")
    return scheme, rest, base is None or base.scheme != scheme or rest.startswith("//")


def _authority(text: str, scheme: str) -> tuple[str, str, int | None]:
    """Split an authority into user, host and port."""
    user, _, place = text.rpartition("@")
    host, colon, port = place.partition(":")
    if "[" in host:
        at = _colon_behind_brackets(place)
        host, colon, port = (place, "", "") if at < 0 else (place[:at], ":", place[at + 1 :])
    if not host:
        raise BadAddress("no host")
    return escaped_user(user) if user else "", parse_host(host), _port(port, scheme) if colon else None


def _colon_behind_brackets(place: str) -> int:
    inside = False
    for at, character in enumerate(place):
        if character == ":" and not inside:
            return at
        inside = character == "[" or (inside and character != "]")
    return -1


def _port(text: str, scheme: str) -> int | None:
    if not text:
        return None
    digits = text.lstrip("0") or "0"
    if not (text.isascii() and text.isdecimal()) or len(digits) > 5 or int(digits) > 65535:
        raise BadAddress(f"port {text[:20]!r}")
    return int(digits) if int(digits) != DEFAULT_PORTS[scheme] else None


def _path(text: str) -> str:
    return escaped_path(without_dot_segments(text))


def without_dot_segments(path: str) -> str:
    """Resolve `.` and `..` in a path that begins with a slash; empty segments stay.

    >>> without_dot_segments("/a//b/%2e%2E/./c"), without_dot_segments("/a/.."), without_dot_segments("/../x")
    ('/a//c', '/', '/x')
    """
    if _DOT_SEGMENT.search(path) is None:
        return path
    kept: list[str] = []
    segments = [(segment, segment.lower().replace("%2e", ".")) for segment in path.split("/")[1:]]
    for segment, plain in segments:
        if plain == "..":
            del kept[-1:]
        elif plain != ".":
            kept.append(segment)
    if segments[-1][1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)

"""Keys of addresses: canonical URL, page key, and SURT key for CDXJ files."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote, unquote_to_bytes, urlencode, urlsplit, urlunsplit

from crawler.urls.address import DEFAULT_PORTS, parse_address
from crawler.urls.host import BadAddress
from crawler.urls.parts import safe_port
from crawler.urls.plain import is_key

_SLASHES = re.compile(r"/{2,}")
_TRACKING = re.compile(r"^(?:utm_\w+|fbclid|gclid|mc_[ce]id|igshid|ref_src)$", re.IGNORECASE)
_KEPT = "/?%:@!$&'()*+,;=~-._[]|"
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
# Not behind a percent sign that begins no escape: what is decoded must not become part of one.
_ESCAPE = re.compile(r"(?<!%)(?<!%[0-9A-Fa-f])%([0-9A-Fa-f]{2})")
_OPAQUE = frozenset({"filedesc", "warcinfo"})
"""Schemes of records whose address names no host."""
_WWW = re.compile(r"^www\d*\.")
_PLAIN = re.compile(r"(https?://[a-z0-9.-]+(?::[0-9]+)?)(/[A-Za-z0-9_~$&()*+,;=:@.\-/]*)")
"""An address whose SURT key is that of its origin, and its path in lower case."""


def canonical_url(url: str) -> str:
    """Normalise an address for use as a key, never for requests.

    Scheme and host lower case, default port, fragment and tracking parameters dropped, doubled slashes collapsed,
    percent escapes normalised, query arguments kept in order. Text that is no address is returned escaped.

    >>> canonical_url("HTTPS://Www.presstv.ir:443//Detail/2016/04/07/459588/x?utm_source=a#top")
    'https://www.presstv.ir/Detail/2016/04/07/459588/x'
    """
    url = url.encode("utf-8", "surrogatepass").decode("utf-8", "surrogateescape")
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").lower().rstrip(".")
    except ValueError:
        return _plain(url)
    scheme = parts.scheme.lower() or "http"
    port = safe_port(url)
    netloc = f"[{host}]" if ":" in host else host
    if port not in (None, DEFAULT_PORTS.get(scheme)):
        netloc += f":{port}"
    plain = unquote(_SLASHES.sub("/", parts.path or "/"), errors="surrogateescape")
    path = quote(plain, safe="/:@!$&'()*+,;=~-._", errors="surrogateescape")
    query = _query([(k, v) for k, v in _arguments(parts.query) if not _TRACKING.match(k)])
    return urlunsplit((scheme, netloc, path, query, ""))


def page_key(url: str) -> str:
    """Key of a page: its address, normalised only where servers cannot tell the difference.

    Two addresses that browsers tell apart have two keys, unless they differ in escapes of unreserved characters or in the case of
    escapes only. Text that is no http(s) address is returned escaped. The key of a key is itself.

    Source: RFC 3986 6.2.2 and 6.2.3; the URL Standard.

    >>> page_key("HTTP://A.example:80/%7ex%2fY?b=2&a=1#top")
    'http://a.example/~x%2FY?b=2&a=1'
    >>> page_key("http://a.example//x/") == page_key("http://a.example/x")
    False
    """
    if is_key(url):
        return url
    try:
        address = parse_address(url)
    except BadAddress:
        return quote(url.strip(), safe=_KEPT, errors="surrogatepass")
    user = f"{address.user}@" if address.user else ""
    query = "" if address.query is None else f"?{_escaped(address.query)}"
    return f"{address.scheme}://{user}{address.netloc}{_escaped(address.path)}{query}"


def web_story(url: str) -> str:
    """Story id of a page without a site file: `web/` and its page key."""
    return f"web/{page_key(url)}"


def _escaped(text: str) -> str:
    """Normalise escapes: unreserved characters unescaped, other escapes in upper case."""
    return _ESCAPE.sub(_unescaped, text) if "%" in text else text


def _unescaped(found: re.Match[str]) -> str:
    character = chr(int(found[1], 16))
    return character if character in _UNRESERVED else f"%{found[1].upper()}"


def _arguments(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query, keep_blank_values=True, errors="surrogateescape")


def _query(arguments: list[tuple[str, str]]) -> str:
    return urlencode(arguments, errors="surrogateescape")


def surt(url: str) -> str:
    """The sort-friendly key (SURT) of an address in CDXJ files.

    Host reversed, `www.` dropped, escapes undone, lower case, arguments sorted.
    Source: cdxj-indexer and pywb, except that session ids stay.

    >>> surt("https://www.presstv.co.uk/Detail/2016/04/07/459588/X/?b=2&a=1"), surt("dns:Presstv.ir")
    ('uk,co,presstv)/detail/2016/04/07/459588/x?a=1&b=2', 'dns:presstv.ir')
    """
    if (found := _PLAIN.fullmatch(url)) and "//" not in (path := found[2]) and "/." not in path:
        return _origin_key(found[1]) + (path.lower().removesuffix("/") or "/")
    return _parsed_surt(url)


@lru_cache(maxsize=1024)
def _origin_key(origin: str) -> str:
    return _parsed_surt(f"{origin}/")[:-1]


def _parsed_surt(url: str) -> str:
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return _plain(url)
    if parts.scheme in _OPAQUE or (parts.scheme and not parts.netloc and parts.scheme not in DEFAULT_PORTS):
        return _plain(url.strip())
    if not url.strip():
        return "-"
    key = f"[{host.lower()}]" if ":" in host else ",".join(reversed(_WWW.sub("", _ascii_host(host)).split(".")))
    port = safe_port(url)
    if port is not None and port != DEFAULT_PORTS.get(parts.scheme.lower()):
        key += f":{port}"
    path = _without_dots(_plain(parts.path))
    path = path.removesuffix("/") or "/"
    query = "&".join(sorted(_plain(parts.query).split("&"), key=lambda argument: argument.split("=", 1)))
    return f"{key}){path}" + (f"?{query}" if query else "")


def _plain(text: str) -> str:
    """Lower case, unescaped except for characters that a key cannot hold."""
    raw = text.encode("utf-8", "surrogatepass")
    while (again := unquote_to_bytes(raw)) != raw:
        raw = again
    return quote(raw, safe="!\"$&'()*+,-./:;<=>?@[\\]^_`{|}~").lower()


def _ascii_host(host: str) -> str:
    try:
        return host.lower() if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        return _plain(host)


def _without_dots(path: str) -> str:
    """A path with `.` and `..` resolved and doubled slashes collapsed."""
    kept: list[str] = []
    for part in path.split("/"):
        if part == ".." and kept:
            kept.pop()
        elif part == ".." or part not in ("", "."):
            kept.append(part)
    end = "/" if path.endswith("/") else ""
    return f"/{'/'.join(kept)}{end}"

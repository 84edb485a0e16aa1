"""Addresses: canonical form, SURT key, and taking them apart safely. Knows no site."""

from __future__ import annotations

import ipaddress
import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, parse_qsl, quote, unquote, unquote_to_bytes, urlencode, urljoin, urlsplit, urlunsplit

if TYPE_CHECKING:
    from collections.abc import Sequence

    import tldextract

MAX_URL_CHARACTERS = 2048
DEFAULT_PORTS = {"http": 80, "https": 443}

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_SLASHES = re.compile(r"/{2,}")
_TRACKING = re.compile(r"^(?:utm_\w+|fbclid|gclid|mc_[ce]id|igshid|ref_src)$", re.IGNORECASE)
_KEPT = "/?%:@!$&'()*+,;=~-._[]|"
# As browsers send them (WHATWG URL, path and query percent-encode sets).
_KEPT_IN_PATH = "/%:@!$&'()*+,;=~-._[]|"
_KEPT_IN_QUERY = _KEPT_IN_PATH + "?{}^`"
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
# Not behind a percent sign that begins no escape: what is decoded must not become part of one.
_ESCAPE = re.compile(r"(?<!%)(?<!%[0-9A-Fa-f])%([0-9A-Fa-f]{2})")
_MANY_SLASHES = re.compile(r"(https?:)?/{3,}", re.IGNORECASE)
_WWW = re.compile(r"^www\d*\.")


def canonical_url(url: str) -> str:
    """One spelling for addresses that must mean the same: used for keys, never for fetching.

    Scheme and host lower case, default port, fragment and tracking parameters dropped, doubled slashes collapsed,
    percent escapes normalised, query arguments kept in order. What is no address is its own escaped text.

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
    netloc = host if port in (None, DEFAULT_PORTS.get(scheme)) else f"{host}:{port}"
    plain = unquote(_SLASHES.sub("/", parts.path or "/"), errors="surrogateescape")
    path = quote(plain, safe="/:@!$&'()*+,;=~-._", errors="surrogateescape")
    query = _query([(k, v) for k, v in _arguments(parts.query) if not _TRACKING.match(k)])
    return urlunsplit((scheme, netloc, path, query, ""))


def page_key(url: str) -> str:
    """The identity of a page of any site: its address as asked for, normalised only where no server can tell the difference.

    Case of scheme and host, default port, empty path, fragment, percent escapes of unreserved characters, case of escapes. All else stays:
    letter case, `%2F`, doubled and trailing slashes, `www`, order of arguments, session-like arguments.

    Source: RFC 3986 6.2.2 and 6.2.3.

    >>> page_key("HTTP://A.example:80/%7ex%2fY?b=2&a=1#top")
    'http://a.example/~x%2FY?b=2&a=1'
    >>> page_key("http://a.example//x/") == page_key("http://a.example/x")
    False
    """
    url = url.strip()
    try:
        parts = urlsplit(url)
        netloc = parts.netloc if parts.netloc.isascii() else _ascii_netloc(parts.netloc)
    except ValueError:
        return quote(url, safe=_KEPT, errors="surrogatepass")
    scheme = parts.scheme.lower()
    if not netloc:
        return quote(url, safe=_KEPT, errors="surrogatepass")
    netloc = quote(netloc, safe=_KEPT, errors="surrogatepass").lower()
    if (port := DEFAULT_PORTS.get(scheme)) is not None:
        netloc = netloc.removesuffix(f":{port}").removesuffix(":")
    query = f"?{_escaped(parts.query)}" if parts.query or url.partition("#")[0].endswith("?") else ""
    return f"{scheme}://{netloc}{_escaped(_without_dot_segments(parts.path)) or '/'}{query}"


def _escaped(text: str) -> str:
    """Part of an address with no escape of an unreserved character, and escapes in upper case."""
    text = quote(text, safe=_KEPT, errors="surrogatepass")
    return _ESCAPE.sub(_unescaped, text) if "%" in text else text


def _unescaped(found: re.Match[str]) -> str:
    character = chr(int(found[1], 16))
    return character if character in _UNRESERVED else f"%{found[1].upper()}"


def _arguments(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query, keep_blank_values=True, errors="surrogateescape")


def _query(arguments: list[tuple[str, str]]) -> str:
    return urlencode(arguments, errors="surrogateescape")


def safe_port(url: str) -> int | None:
    """The port an address names, or None (also where it is none: `:x`, `:99999`)."""
    try:
        return urlsplit(url).port
    except ValueError:
        return None


def host_of(url: str) -> str:
    """The host an address names, lower case, without port; empty where there is none.

    >>> host_of("https://Www.PressTV.ir:443/")
    'www.presstv.ir'
    """
    try:
        return (urlsplit(url).hostname or "").lower().rstrip(".")
    except ValueError:
        return ""


def path_of(url: str) -> str:
    """Path with doubled slashes collapsed, and query: what stays when the host changes.

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


def join(base: str, href: str) -> str | None:
    """A link made absolute and fit to be asked for, fragment removed; None where it is no http(s) address.

    >>> join("https://a.example/x/", " ../y z#f ")
    'https://a.example/y%20z'
    >>> join("https://a.example/", "//Пример.example/é")
    'https://xn--e1afmkfd.example/%C3%A9'
    >>> join("https://a.example/", "http:" + chr(92) * 2 + "b.example/x")
    'http://b.example/x'
    >>> join("https://a.example/", "///b.example/x"), join("https://a.example/", "http:////b.example/x")
    ('https://b.example/x', 'http://b.example/x')
    >>> join("https://a.example/", "javascript:alert(1)") is None
    True
    """
    href = href.strip()
    if "\\" in href:
        # As browsers do, so that both see the same host in it.
        place = re.split("[?#]", href, maxsplit=1)[0]
        href = place.replace("\\", "/") + href[len(place) :]
    if found := _MANY_SLASHES.match(href):
        # Browsers take any number of slashes for two.
        href = f"{found[1] or ''}//{href[found.end() :]}"
    if href.startswith("/") and not href.startswith("//"):
        # The menu of every page of a site has the same links: with the page's own path left out they are worked out once.
        scheme, _, rest = base.partition("://")
        base = f"{scheme}://{re.split('[/?#]', rest, maxsplit=1)[0]}/"
    return _joined(base, href)


@lru_cache(maxsize=8192)
def _joined(base: str, href: str) -> str | None:
    try:
        parts = _resolved(urlsplit(base), urlsplit(href)) or urlsplit(urljoin(base, href))
        plain = parts.netloc.isascii() and "%" not in parts.netloc
        netloc = parts.netloc if plain else _ascii_netloc(unquote(parts.netloc))
    except ValueError:
        return None
    if parts.scheme.lower() not in DEFAULT_PORTS or not netloc:
        return None
    path = quote(parts.path or "/", safe=_KEPT_IN_PATH, errors="surrogatepass")
    query = quote(parts.query, safe=_KEPT_IN_QUERY, errors="surrogatepass")
    url = urlunsplit((parts.scheme.lower(), netloc, path, query, ""))
    if not query and href.partition("#")[0].endswith("?"):
        url += "?"
    return url if problem_of(url) is None else None


def _resolved(base: SplitResult, link: SplitResult) -> SplitResult | None:
    """A link seen from a page, doubled slashes kept (`urljoin` drops them); None where it is no matter of http.

    Source: RFC 3986 5.2.2; WHATWG URL for dots that are written as escapes.
    """
    scheme = link.scheme.lower() or base.scheme.lower()
    if scheme not in DEFAULT_PORTS or not (link.netloc or (scheme == base.scheme.lower() and base.netloc)):
        return None
    if link.netloc:
        path, query, netloc = link.path, link.query, link.netloc
    elif not link.path:
        path, query, netloc = base.path, link.query or base.query, base.netloc
    else:
        path = link.path if link.path.startswith("/") else f"{base.path.rpartition('/')[0]}/{link.path}"
        query, netloc = link.query, base.netloc
    return SplitResult(scheme, netloc, _without_dot_segments(path), query, "")


def _without_dot_segments(path: str) -> str:
    """A path that begins with a slash, with `.` and `..` resolved and empty segments kept.

    >>> _without_dot_segments("/a//b/%2e%2E/./c"), _without_dot_segments("/a/.."), _without_dot_segments("/../x")
    ('/a//c', '/', '/x')
    """
    if "/." not in path and "%2e" not in path.lower():
        return path
    kept: list[str] = []
    segments = [(segment, segment.lower().replace("%2e", ".")) for segment in path.split("/")[1:]]
    for segment, plain in segments:
        if plain == "..":
            kept = kept[:-1]
        elif plain != ".":
            kept.append(segment)
    if segments and segments[-1][1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


def _ascii_netloc(netloc: str) -> str:
    """Host and port as they are asked for: a name in another script in its ASCII form.

    Raises:
        ValueError: It is no name.
    Source: UTS 46, as browsers do; a digit in a circle becomes a digit, so what comes out is still to be judged.
    """
    import idna

    host, colon, port = netloc.partition(":")
    return f"{idna.encode(host, uts46=True).decode('ascii')}{colon}{port}"


def location_of(base: str, headers: Sequence[tuple[str, str]]) -> str | None:
    """Where a redirect's first `Location` leads; None where it has none, or none fit to be asked for.

    Bytes that are no ASCII are sent back as they came, whatever their charset was.

    >>> location_of("http://a.example/x", [("location", "/caf\xe9")])
    'http://a.example/caf%E9'
    """
    value = next((value for name, value in headers if name.lower() == "location"), None)
    if value is None:
        return None
    raw = value.encode("latin-1", "replace")
    try:
        return join(base, raw.decode("utf-8"))
    except UnicodeDecodeError:
        return join(base, _NOT_ASCII.sub(lambda found: quote(found[0].encode("latin-1")), value))


def problem_of(url: str) -> str | None:
    """Why an address may not be asked for, or None: the guard's part that needs no resolver.

    >>> problem_of("http://127.1/")
    'host is a number in an odd form'
    """
    if len(url) > MAX_URL_CHARACTERS:
        return f"over {MAX_URL_CHARACTERS} characters"
    if _CONTROL.search(url) or " " in url or "\\" in url:
        return "control character, blank or backslash"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        return str(error)
    if parts.scheme not in DEFAULT_PORTS:
        return f"scheme {parts.scheme or '(none)'}"
    if "@" in parts.netloc:
        return "user name in the address"
    if port == 0:
        return "port 0"
    host = parts.hostname or ""
    if not host:
        return "no host"
    if re.search(r"[^\w.:%\[\]-]", host, re.ASCII) is not None or host.startswith((".", "-")) or ".." in host or len(host) > 253:
        return "host name"
    if re.fullmatch(r"(?:0x[0-9a-f]*|\d+)(?:\.(?:0x[0-9a-f]*|\d+))*", host, re.IGNORECASE):
        try:
            ipaddress.IPv4Address(host)
        except ValueError:
            return "host is a number in an odd form"
    return None


@lru_cache(maxsize=65536)
def registrable_domain(host: str) -> str:
    """The part of a host name that was registered: `presstv.co.uk` of `www.presstv.co.uk`; an address or a bare name is itself.

    Under a top domain that the list does not know, the last two labels.
    Source: the public suffix list as shipped with tldextract; the network is not asked.

    >>> registrable_domain("www.paper.newtopdomain"), registrable_domain("10.0.0.1"), registrable_domain("co.uk")
    ('paper.newtopdomain', '10.0.0.1', 'co.uk')
    """
    found = _suffixes()(host)
    if found.top_domain_under_public_suffix or found.suffix or _is_address(host):
        return found.top_domain_under_public_suffix or host
    return ".".join(host.split(".")[-2:])


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def is_public_suffix(host: str) -> bool:
    """Whether anybody may register names under this one, so that a cookie for it would go to strangers.

    >>> is_public_suffix("co.uk"), is_public_suffix("paper.example"), is_public_suffix("example")
    (True, False, True)
    """
    return "." not in host or _suffixes()(host).suffix == host


@cache
def _suffixes() -> tldextract.TLDExtract:
    import tldextract

    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


def surt(url: str) -> str:
    """The sort-friendly key of CDXJ files: host reversed, `www.` folded, escapes undone, lower case, arguments sorted.

    Source: what cdxj-indexer and pywb make of an address, but for session ids, which stay.

    >>> surt("https://www.presstv.co.uk/Detail/2016/04/07/459588/X/?b=2&a=1")
    'uk,co,presstv)/detail/2016/04/07/459588/x?a=1&b=2'
    """
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return _plain(url)
    key = ",".join(reversed(_WWW.sub("", _ascii_host(host)).split(".")))
    port = safe_port(url)
    if port is not None and port != DEFAULT_PORTS.get(parts.scheme.lower()):
        key += f":{port}"
    path = _without_dots(_plain(parts.path))
    path = path.removesuffix("/") or "/"
    query = "&".join(sorted(_plain(parts.query).split("&"), key=lambda argument: argument.split("=", 1)))
    return f"{key}){path}" + (f"?{query}" if query else "")


def _plain(text: str) -> str:
    """Lower case, with no escape but of what cannot stand in a key."""
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
        if part == "..":
            kept = kept[:-1] if kept else [part]
        elif part not in ("", "."):
            kept.append(part)
    end = "/" if path.endswith("/") else ""
    return f"/{'/'.join(kept)}{end}"

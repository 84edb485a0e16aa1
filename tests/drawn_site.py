"""Hosts on loopback whose answers are drawn from a seed: each address gives another answer each time it is asked for.

    DrawnSite(seed, paths).port: every host is served there; what is asked for first and again follows from the seed alone.
"""

from __future__ import annotations

import gzip
import random
import socket
import socketserver
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

WORDS = ["harbour", "bridge", "council", "ferry", "storm", "market", "school", "river", "lamp", "quay", "tide", "Wörter", "Straße", "Brücke", "naïve", "Αθήνα", "новость"]
TYPES = (
    "text/html", "text/html; charset=utf-8", "text/html; charset=iso-8859-1", "text/html; charset=koi8-r", "text/plain",
    "text/plain; charset=windows-1252", "application/xhtml+xml", "application/octet-stream", "image/jpeg", "application/json", "",
)  # fmt: skip
NGINX = b"<html><head><title>301 Moved Permanently</title></head><body><center><h1>301 Moved Permanently</h1></center></body></html>\r\n"
CHALLENGE = (
    "<html><head><title>Just a moment...</title></head><body><div id='challenge-form'>Checking your browser before accessing</div>"
    "<script src='/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1'></script></body></html>"
)
PARKED = "<html><head><title>a.example</title></head><body><h1>This domain is for sale</h1><p>Buy this domain. Related searches.</p></body></html>"
SEIZED = "<html><head><title>This website has been seized</title></head><body><h1>This domain has been seized by the FBI</h1></body></html>"
MISSING = "<html><head><title>Page not found</title></head><body><h1>404</h1><p>There is no such page.</p></body></html>"
PICTURE = (
    bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffed0048") + b"Photoshop 3.0\x008BIM\x04\x04\x00\x00\x00\x00\x00\x24"
    b"\x1c\x02\x50\x00\x09Ida Loewe\x1c\x02\x6e\x00\x06Agency\x1c\x02\x74\x00\x06(c) IL" + bytes(8) + b"\xff\xd9"
)


class DrawnSite:
    """A server for all hosts at once.

    Args:
        seed: What its answers are drawn from.
        paths: The addresses that its pages link to.
        story: Makes the HTML of a story of its path and a number that changes with each edit.
        feed: The path of a feed of all paths; `/feed.xml`.
    """

    def __init__(self, seed: int, paths: Sequence[str], *, story: Callable[[DrawnSite, str, int], str] | None = None) -> None:
        self.seed, self.paths, self.story = seed, tuple(paths), story or page
        self.visits: Counter[tuple[str, str]] = Counter()
        self._lock = threading.Lock()
        site = self

        class Handler(socketserver.StreamRequestHandler):
            timeout = 10

            def handle(self) -> None:
                while site._answer(self.rfile, self.connection):
                    pass

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True
            request_queue_size = 64

            def handle_error(self, request: Any, client_address: Any) -> None:
                """A client that went away is no fault."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self.port: int = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, lines: Any, connection: socket.socket) -> bool:
        """Read one request and answer it; whether the connection is kept."""
        first = lines.readline()
        if not first.strip():
            return False
        head: dict[str, str] = {}
        while (line := lines.readline()).strip():
            name, _, value = line.decode("latin-1").partition(":")
            head[name.lower()] = value.strip()
        path, host = first.split()[1].decode("latin-1"), head.get("host", "")
        with self._lock:
            self.visits[host, path] += 1
            visit = self.visits[host, path]
        draw = random.Random(f"{self.seed} {host} {path} {visit}")
        pieces, keep = self.answer(draw, host, path, visit, head)
        for piece in pieces:
            connection.sendall(piece)
        if not keep:
            connection.shutdown(socket.SHUT_RDWR)
        return keep

    def answer(self, draw: random.Random, host: str, path: str, visit: int, head: dict[str, str]) -> tuple[list[bytes], bool]:
        """The bytes of one answer, and whether more may follow on its connection."""
        if path == "/robots.txt":
            rules = b"User-agent: *\nDisallow: /no/\nSitemap: /sitemap.xml\n"
            return draw.choice([whole(404, b"", "text/plain"), whole(200, rules, "text/plain"), cut(draw, rules, "text/plain"),
                                whole(503, b"", "text/plain"), whole(301, b"", "text/plain", [("Location", "/robots.txt?")]),
                                whole(200, text_of(PARKED), "text/html")])  # fmt: skip
        if path in ("/feed.xml", "/sitemap.xml") and visit > 1 and draw.random() < 0.4:
            return draw.choice([whole(404, text_of(MISSING), "text/html"), cut(draw, b"<rss><channel><item><link>/p/1</link></item>" * 9, "text/xml"),
                                whole(200, text_of(MISSING), "text/html"), ([], False)])  # fmt: skip
        if path == "/feed.xml":
            items = "".join(f"<item><title>{path}</title><link>http://{host}{path}</link></item>" for path in self.paths)
            feed = f"<?xml version='1.0'?><rss version='2.0'><channel><title>F</title>{items}</channel></rss>"
            return whole(200, feed.encode(), "application/rss+xml", [("ETag", '"feed"')])
        if path == "/sitemap.xml":
            urls = "".join(f"<url><loc>http://{host}{path}</loc></url>" for path in self.paths)
            return whole(200, f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{urls}</urlset>".encode(), "application/xml")
        if path.endswith(".jpg"):
            return draw.choice([whole(200, PICTURE, "image/jpeg"), whole(200, PICTURE, "image/jpeg"), whole(404, b"", "text/html"),
                                cut(draw, PICTURE, "image/jpeg"), whole(200, b"<html>no</html>", "text/html")])  # fmt: skip
        return self._page(draw, host, path, visit, head)

    def _page(self, draw: random.Random, host: str, path: str, visit: int, head: dict[str, str]) -> tuple[list[bytes], bool]:
        if "if-none-match" in head and draw.random() < 0.5:
            return [b"HTTP/1.1 304 Not Modified\r\nETag: " + head["if-none-match"].encode() + b"\r\n\r\n"], True
        edition = draw.choice([0, 0, 0, 1, 2])
        text = self.story(self, path, edition)
        kind = draw.choice(["page"] * 12 + ["redirect"] * 6 + list(ODD))
        if kind == "page":
            codec = draw.choice(["utf-8", "utf-8", "latin-1", "koi8-r"])
            return whole(200, coded(draw, text.encode(codec, "xmlcharrefreplace")), *typed(draw))
        if kind == "redirect":
            return self._redirect(draw, host, path)
        return ODD[kind](draw, text)

    def _redirect(self, draw: random.Random, host: str, path: str) -> tuple[list[bytes], bool]:
        other = draw.choice(self.paths)
        where = draw.choice([other, other, path, f"http://{draw.choice(['a', 'b'])}.example{other}", "/", "", "http://[bad", "mailto:x@y", "http://10.0.0.1/",
                             "/no/1"])  # fmt: skip
        fields = [("Location", where)] if where else []
        if draw.random() < 0.2:
            fields.append(("Set-Cookie", f"c={draw.randrange(3)}"))
        return whole(draw.choice([301, 302, 303, 307, 308, 300]), draw.choice([NGINX, NGINX, b""]), "text/html", fields)


def page(site: DrawnSite, path: str, edition: int) -> str:
    """An article with a picture, and links to other pages."""
    draw = random.Random(f"{site.seed} {path}")
    n = draw.randrange(4)
    text = "".join(f"<p>{' '.join(draw.choice(WORDS) for _ in range(40))}.</p>" for _ in range(4))
    links = "".join(f"<li><a href='{draw.choice(site.paths)}'>More {i}</a></li>" for i in range(4))
    return (
        f"<html><head><title>Story {n} edition {edition}</title></head><body><article><h1>Story {n} edition {edition}</h1>{text}"
        f"<figure><img src='/pictures/{n}.jpg' width='600' height='400'><figcaption>Caption {edition}. Photo: Ida Loewe</figcaption></figure>"
        f"</article><ul>{links}</ul></body></html>"
    )


def whole(status: int, body: bytes | tuple[bytes, list[tuple[str, str]]], mime: str, fields: Sequence[tuple[str, str]] = ()) -> tuple[list[bytes], bool]:
    """An answer with its length."""
    data, more = body if isinstance(body, tuple) else (body, [])
    lines = [f"HTTP/1.1 {status} Said", *([f"Content-Type: {mime}"] if mime else []), *(f"{name}: {value}" for name, value in (*fields, *more))]
    if not any(name == "Transfer-Encoding" for name, _ in more):
        lines.append(f"Content-Length: {len(data)}")
    return [("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"), data], True


def typed(draw: random.Random) -> tuple[str, list[tuple[str, str]]]:
    """A media type, mostly of a page, and validators."""
    mime = draw.choice([*TYPES[:4], *TYPES[:4], *TYPES])
    return mime, [("ETag", f'"{draw.randrange(1000)}"')] if draw.random() < 0.6 else []


def coded(draw: random.Random, data: bytes) -> tuple[bytes, list[tuple[str, str]]]:
    """A body in some coding, with the fields that say so."""
    fields: list[tuple[str, str]] = []
    if draw.random() < 0.3:
        data = gzip.compress(data, mtime=0)
        fields.append(("Content-Encoding", "gzip"))
    if draw.random() < 0.3:
        data = chunked(data)
        fields.append(("Transfer-Encoding", "chunked"))
    return data, fields


def chunked(data: bytes) -> bytes:
    """A body in chunks of 100 bytes."""
    pieces = [data[at : at + 100] for at in range(0, len(data), 100)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def cut(draw: random.Random, data: bytes, mime: str = "text/html; charset=utf-8") -> tuple[list[bytes], bool]:
    """A body that ends before its length, its last chunk, or its coding says."""
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {mime}\r\n".encode()
    end = draw.randrange(len(data) // 2, len(data))
    how = draw.randrange(4)
    if how == 0:
        return [head + b"Content-Length: %d\r\n\r\n" % len(data), data[:end]], False
    if how == 1:
        return [head + b"Transfer-Encoding: chunked\r\n\r\n", chunked(data)[:end]], False
    if how == 2:
        return [head + b"Transfer-Encoding: chunked\r\n\r\n", chunked(data[:end])[:-5] + b"zz\r\n" + data[end:]], False
    packed = gzip.compress(data, mtime=0)[:-20]
    return [head + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed), packed], True


def _status(*statuses: int) -> Callable[[random.Random, str], tuple[list[bytes], bool]]:
    return lambda draw, text: whole(draw.choice(statuses), draw.choice([text_of(MISSING), b""]), "text/html")


def _said(html: str, status: int = 200) -> Callable[[random.Random, str], tuple[list[bytes], bool]]:
    return lambda draw, text: whole(status, html.encode(), "text/html")


ODD: dict[str, Callable[[random.Random, str], tuple[list[bytes], bool]]] = {
    "missing": _status(404, 410), "error": _status(403, 500, 503, 429, 451), "soft-404": _said(MISSING), "challenge": _said(CHALLENGE, 403),
    "parked": _said(PARKED), "seized": _said(SEIZED), "empty": _said(""),
    "cut": lambda draw, text: cut(draw, text.encode()), "cut again": lambda draw, text: cut(draw, text.encode()),
    "silence": lambda draw, text: ([], False),
    "no http": lambda draw, text: ([b"220 ftp ready\r\n"], False),
    "bare": lambda draw, text: ([text.encode()], False),
    "until close": lambda draw, text: ([b"HTTP/1.0 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + text.encode()], False),
    "interim": lambda draw, text: ([b"HTTP/1.1 103 Early\r\nLink: </x>\r\n\r\n", *whole(200, text.encode(), "text/html")[0]], True),
    "surplus": lambda draw, text: ([*whole(200, text.encode(), "text/html")[0], b"more than said"], False),
    "head only": lambda draw, text: ([b"HTTP/1.1 200 OK\r\nContent-Ty"], False),
    "bare lf": lambda draw, text: ([b"HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Length: %d\n\n" % len(text.encode()), text.encode()], True),
    "part": lambda draw, text: whole(206, text.encode()[:300], "text/html", [("Content-Range", f"bytes 0-299/{len(text.encode())}")]),
    "refresh": _said("<html><head><meta http-equiv='refresh' content='0; url=/p/1'></head><body></body></html>"),
    "plain": lambda draw, text: whole(200, b"A plain text of some words. " * 20, "text/plain"),
    "json": lambda draw, text: whole(200, b'{"a": 1}', "application/json"),
    "list": lambda draw, text: whole(200, b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>http://a.example/p/2</loc></url></urlset>", "text/xml"),
    "declared": lambda draw, text: whole(200, text.encode("koi8-r", "xmlcharrefreplace"), "text/html", [("Content-Encoding", "br")]),
}  # fmt: skip


def text_of(html: str) -> bytes:
    """A page as bytes."""
    return html.encode()


def paths_of(count: int) -> Iterator[str]:
    """Addresses of pages."""
    yield from (f"/p/{n}" for n in range(count))

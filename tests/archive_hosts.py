"""A newspaper with lost stories and a web archive of it, on loopback, with the faults that archives have."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from attrs import define, field, frozen

from crawler.urls import surt
from crawler.urls.memento_address import MementoAddress, date_of_timestamp, timestamp_of

ARCHIVE = "archive.example"
PAPER = "www.gazette.example"
SITE = f'''"""The Gazette."""

from crawler.sites.site import Feed, Mirror, Section, Site

SITE = Site(
    name="gazette", title="The Gazette", language="en", stories=(r"^/(?:\\d{{4}}/)?(?P<id>\\d+)(?:[/?].*)?$",),
    mirrors=(Mirror("{PAPER}", scheme="http"), Mirror("old.gazette.example", scheme="http")), seeds=(Feed("/feed.xml"),),
)
'''
TEXT = "The harbour wall of the town was mended on Monday, eight days after the storm had broken it in two places. "


def page(headline: str, body: str = TEXT, *, more: str = "") -> bytes:
    """A story's page."""
    return (
        f"<!DOCTYPE html><html><head><title>{headline}</title></head><body><article><h1>{headline}</h1><p>{body * 3}</p><p>{body * 9}</p>"
        f"{more}</article></body></html>"
    ).encode()


@frozen(kw_only=True)
class Copy:
    """One archived answer."""

    url: str
    timestamp: str
    body: bytes = b""
    status: int = 200
    mime: str = "text/html; charset=utf-8"
    location: str | None = None


Reply = tuple[int, list[tuple[str, str]], bytes]
"""Status, header fields and body."""


@define
class World:
    """What the hosts answer, and what they were asked."""

    copies: list[Copy] = field(factory=list)
    live: dict[str, bytes] = field(factory=dict)
    """Pages of the paper that are still there, by path."""
    asked: list[str] = field(factory=list)
    """Host and target of each request, in order."""
    at_once: int = 0
    most_at_once: int = 0
    fault: Callable[[str, int], Reply | None] = lambda target, number: None
    """Answers a request to the archive in its place: given its target and how many there were before."""
    raw: bool = True
    """Whether pages are served as they came."""
    port: int = 0
    accepted: list[str] = field(factory=list)
    """Accept-Datetime of each request that had one."""

    def of_archive(self) -> list[str]:
        """Targets that the archive was asked for, robots.txt left out."""
        return [one.removeprefix(ARCHIVE) for one in self.asked if one.startswith(ARCHIVE) and "/robots.txt" not in one]

    def answer(self, host: str, target: str) -> Reply:
        """Answer a GET."""
        if host != ARCHIVE:
            body = self.live.get(target)
            return (
                (200, [("Content-Type", "application/rss+xml" if target == "/feed.xml" else "text/html")], body) if body else (404, [], b"")
            )
        found = self.fault(target, len(self.of_archive()) - 1)
        if found is not None:
            return found
        if target.startswith("/web/timemap/link/"):
            return self._timemap(target.removeprefix("/web/timemap/link/"))
        if target.startswith("/cdx?"):
            return self._cdx(parse_qs(urlsplit(target).query))
        if target.startswith("/web/http"):
            return self._timegate(target.removeprefix("/web/"))
        at = MementoAddress.of(f"http://{ARCHIVE}{target}")
        return self._copy(at) if at is not None else (404, [], b"<h1>Not found</h1>")

    def _of(self, url: str) -> list[Copy]:
        return sorted((one for one in self.copies if surt(one.url) == surt(url)), key=lambda one: one.timestamp)

    def _timegate(self, url: str) -> Reply:
        copies = self._of(url)
        return (
            (302, [("Location", f"/web/{copies[-1].timestamp}/{copies[-1].url}"), ("Vary", "accept-datetime")], b"")
            if copies
            else (404, [], b"")
        )

    def _timemap(self, url: str) -> Reply:
        links = [f'<{url}>; rel="original"', f'<http://{ARCHIVE}/web/{url}>; rel="timegate"']
        copies = self._of(url)
        links += [f'<http://{ARCHIVE}/web/{one.timestamp}/{one.url}>; rel="memento"; datetime="{_date(one.timestamp)}"' for one in copies]
        return (200 if copies else 404, [("Content-Type", "application/link-format")], ",\n".join(links).encode() if copies else b"")

    def _cdx(self, query: dict[str, list[str]]) -> Reply:
        url = query["url"][0]
        found = [one for one in self.copies if surt(one.url).startswith(surt(url))] if "matchType" in query else self._of(url)
        rows = [["timestamp", "original", "statuscode", "digest"]] if found else []
        rows += [[one.timestamp, one.url, str(one.status), str(hash(one.body))] for one in found]
        return 200, [("Content-Type", "application/json")], json.dumps(rows).encode()

    def _copy(self, at: MementoAddress) -> Reply:
        copies = self._of(at.original)
        if not copies or (at.is_raw and not self.raw):
            return 404, [("Content-Type", "text/html")], b"<html><h1>This page is not archived</h1>"
        nearest = min(copies, key=lambda one: abs(int(one.timestamp) - int(at.timestamp)))
        if nearest.timestamp != at.timestamp:
            return 302, [("Location", f"/web/{nearest.timestamp}{at.modifier}/{nearest.url}")], b""
        fields = [("Content-Type", nearest.mime), ("Memento-Datetime", _date(nearest.timestamp)), ("X-Archive-Orig-Server", "Gazette")]
        fields.append(("Link", f'<{nearest.url}>; rel="original"'))
        if nearest.location:
            fields.append(("Location", f"/web/{nearest.timestamp}{at.modifier}/{nearest.location}"))
        return nearest.status, fields, nearest.body if at.is_raw or nearest.mime.startswith("image") else _rewritten(nearest)


def _date(timestamp: str) -> str:
    when = date_of_timestamp(timestamp)
    assert when is not None
    return format_datetime(when, usegmt=True)


def _rewritten(copy: Copy) -> bytes:
    """A page as archives serve it: a bar, and links that lead to copies."""
    text = (
        copy.body.decode().replace('"http://', f'"/web/{copy.timestamp}/http://').replace('"/', f'"/web/{copy.timestamp}/http://{PAPER}/')
    )
    text = text.replace(f'"/web/{copy.timestamp}/http://{PAPER}/web/', '"/web/')
    bar = "<!-- BEGIN WAYBACK TOOLBAR INSERT --><div id='wm-ipp-base'><h1>The Archive</h1>12 captures</div><!-- END WAYBACK TOOLBAR INSERT -->"
    return text.replace("<body>", f"<body>{bar}").encode()


@contextmanager
def played(world: World, folder: Path) -> Iterator[list[str]]:
    """Play the hosts; yields the options of a command that lead there."""

    class Desk(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            host = self.headers["Host"].partition(":")[0]
            world.asked.append(f"{host}{self.path}")
            world.accepted += self.headers.get_all("Accept-Datetime", [])
            world.at_once += host == ARCHIVE
            world.most_at_once = max(world.most_at_once, world.at_once)
            try:
                status, fields, body = world.answer(host, self.path)
            finally:
                world.at_once -= host == ARCHIVE
            self.send_response(status)
            for name, value in fields:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sites = folder / "sites"
    sites.mkdir(exist_ok=True)
    (sites / "gazette.py").write_text(SITE)
    world.port = server.server_address[1]
    values = {
        "ARCHIVE_CONNECT_TO": f"*:*=127.0.0.1:{world.port}", "ARCHIVE_SITES": sites, "ARCHIVE_MIN_FREE_BYTES": 0, "ARCHIVE_RESERVE_BYTES": 0,
        "DOWNLOAD_DELAY": 0, "ARCHIVE_RETRY_DELAY": 0.05, "ARCHIVE_MEMENTO_DELAY": 0.01, "ARCHIVE_MEMENTO_ENDPOINTS": f"http://{ARCHIVE}/web/",
    }  # fmt: skip
    try:
        yield [word for name, value in values.items() for word in ("-s", f"{name}={value}")]
    finally:
        server.shutdown()
        server.server_close()


def feed(*paths: str) -> bytes:
    """A feed that names stories of the paper."""
    items = "".join(f"<item><title>Story {path}</title><link>http://{PAPER}{path}</link></item>" for path in paths)
    return f"<rss version='2.0'><channel><title>Gazette</title>{items}</channel></rss>".encode()


def stamp(year: int) -> str:
    """The timestamp of a day in a year."""
    when = date_of_timestamp(f"{year}0503040506")
    assert when is not None
    return timestamp_of(when)

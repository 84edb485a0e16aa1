"""Processor time of each step of a page, in one process and one thread after the other."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.newspaper import Newspaper
from crawler.collection.collection import Collection
from crawler.collection.ingest import file_outcome
from crawler.items import Capture, Exchange, Headers, LeasedRequest, Outcome, SpooledBytes, Target
from crawler.processing.interpret import interpret
from crawler.processing.received import Options, Received
from crawler.sites import load_sites
from crawler.sites.known import WEB
from crawler.sites.site import Site

HOST = "www.gazette.example"
SITES = Path(__file__).parent / "sites"
AT_ONCE = 16
_BEGAN = datetime(2026, 1, 1, 12, tzinfo=UTC)

Stage = tuple[str, float]
"""Name of a step, and its processor seconds a page."""


def stages(articles: int) -> list[Stage]:
    """Measure each step over the articles of the newspaper, after sixteen that are not counted."""
    paper = Newspaper(articles + AT_ONCE)
    pages = [(path, text.encode()) for path, _, text in paper.pages() if "/story-" in path]
    site = load_sites([str(SITES)])["gazette"]
    found: list[Stage] = []

    @contextmanager
    def timed(name: str) -> Iterator[None]:
        began = time.process_time()
        yield
        found.append((name, (time.process_time() - began) / (len(pages) - AT_ONCE)))

    with TemporaryDirectory() as folder:
        collection = Collection.open(Path(folder) / "gazette")
        exchanges = [_exchange(number, path, html) for number, (path, html) in enumerate(pages)]
        # Each step imports and opens what it needs at its first page.
        captures = asyncio.run(_record(collection, exchanges[:AT_ONCE]))
        with timed("record: digest, WARC records, deflate, capture row"):
            captures += asyncio.run(_record(collection, exchanges[AT_ONCE:]))
        received = [_received(capture, lease, exchange) for capture, (exchange, lease) in zip(captures, exchanges, strict=True)]
        first, received = received[:AT_ONCE], received[AT_ONCE:]
        _all(first, WEB, Options(parse=False))
        with timed("classify, and find the links"):
            _all(received, WEB, Options(parse=False))
        _file(collection, _all(first, WEB, Options()))
        with timed("read with the generic reader, links included"):
            generic = _all(received, WEB, Options())
        _all(first, site, Options())
        with timed("read with a site file's templates"):
            _all(received, site, Options())
        with timed("file the article: rows, links, full text"):
            _file(collection, generic)
        collection.close()
    found.append(("for comparison: trafilatura.bare_extraction(with_metadata=True)", _trafilatura(pages)))
    return found


async def _record(collection: Collection, exchanges: list[tuple[Exchange, LeasedRequest]]) -> list[Capture]:
    """Record exchanges, sixteen under way at once."""
    captures: list[Capture] = []
    for first in range(0, len(exchanges), AT_ONCE):
        some = exchanges[first : first + AT_ONCE]
        captures += await asyncio.gather(*(collection.record(exchange, lease) for exchange, lease in some))
    return captures


def _all(received: list[Received], site: Site, options: Options) -> list[Outcome]:
    return [interpret(site, one, options) for one in received]


def _file(collection: Collection, outcomes: list[Outcome]) -> None:
    for outcome in outcomes:
        collection.now(partial(file_outcome, outcome=outcome))


def _trafilatura(pages: list[tuple[str, bytes]]) -> float:
    """Processor seconds a page of the engine alone."""
    from trafilatura import bare_extraction

    read: Callable[..., object] = bare_extraction
    read(pages[0][1], with_metadata=True)
    began = time.process_time()
    for path, html in pages:
        read(html, url=f"http://{HOST}{path}", with_metadata=True)
    return (time.process_time() - began) / len(pages)


def _exchange(number: int, path: str, html: bytes) -> tuple[Exchange, LeasedRequest]:
    url, started = f"http://{HOST}{path}", _BEGAN + timedelta(seconds=number)
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n" % len(html)
    exchange = Exchange(
        url=url, method="GET", started=started, ended=started + timedelta(milliseconds=20), status=200, ip="127.0.0.1",
        request=f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode(), response=SpooledBytes(head + html), payload=SpooledBytes(html),
        head_length=len(head), headers=Headers([("Content-Type", "text/html; charset=utf-8")]),
    )  # fmt: skip
    return exchange, LeasedRequest(target=Target(key=url, url=url, site="web", role="page", story=f"web/{url}"), attempt=1)


def _received(capture: Capture, lease: LeasedRequest, exchange: Exchange) -> Received:
    return Received(lease, capture, exchange.headers, exchange.payload.read(0, len(exchange.payload)))

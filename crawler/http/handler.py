"""Scrapy download handler over the recording client; leaves each exchange on its request."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from attrs import frozen
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Headers as ScrapyHeaders
from scrapy.http import Response
from scrapy.settings import BaseSettings

from crawler.errors import FetchFailed
from crawler.http.address_guard import Guard, parse_addresses, parse_connect_to
from crawler.http.client import Client
from crawler.http.options import Limits
from crawler.http.proxy import parse_proxy
from crawler.http.request import is_sendable
from crawler.http.tls import TlsContexts
from crawler.items import Exchange, LeasedRequest, Role, is_whole_answer
from crawler.items import request_meta as keys

MIB = 1024 * 1024
MEDIA_PATIENCE = 10
"""Factor on ARCHIVE_TOTAL_TIMEOUT for pictures and videos; the idle deadline stays the same."""

# Ours to say, or only fit for one hop.
_NOT_PASSED_ON = frozenset(
    {
        "accept-encoding", "connection", "content-length", "host", "keep-alive", "proxy-authorization", "proxy-connection", "te",
        "transfer-encoding", "upgrade",
    }
)  # fmt: skip


@frozen(kw_only=True)
class BodyLimits:
    """Largest bodies in bytes, by role."""

    page: int
    media: int
    robots: int
    sitemap: int

    def of(self, role: Role | None) -> int:
        """The limit for a role; that of a page for None."""
        limits = {"requisite": self.media, "robots": self.robots, "sitemap": self.sitemap, "feed": self.sitemap}
        return limits.get(role or "page", self.page)


def body_limits(settings: BaseSettings) -> BodyLimits:
    """Read the body limits from the settings."""
    return BodyLimits(
        page=settings.getint("ARCHIVE_MAX_PAGE_BYTES", 64 * MIB),
        media=settings.getint("ARCHIVE_MAX_MEDIA_BYTES", 2048 * MIB),
        robots=settings.getint("ARCHIVE_MAX_ROBOTS_BYTES", MIB // 2),
        sitemap=settings.getint("ARCHIVE_MAX_SITEMAP_BYTES", 50 * MIB),
    )


def client_of(settings: BaseSettings) -> Client:
    """Make the client that the settings describe.

    Scrapy only logs an error of a handler's constructor: make a client before a crawl to check the settings.

    Raises:
        SetupError: A setting cannot be read; names the bad piece.
    """
    default = Limits()
    folder, ca_file = settings.get("ARCHIVE_SPOOL_DIR"), settings.get("ARCHIVE_CA_FILE")
    return Client(
        limits=Limits(
            connect=settings.getfloat("ARCHIVE_CONNECT_TIMEOUT", default.connect),
            idle=settings.getfloat("ARCHIVE_IDLE_TIMEOUT", default.idle),
            total=settings.getfloat("ARCHIVE_TOTAL_TIMEOUT", default.total),
            head_bytes=settings.getint("ARCHIVE_MAX_HEAD_BYTES", default.head_bytes),
            header_line_bytes=settings.getint("ARCHIVE_MAX_HEADER_LINE_BYTES", default.header_line_bytes),
            headers=settings.getint("ARCHIVE_MAX_HEADERS", default.headers),
            interim=settings.getint("ARCHIVE_MAX_INTERIM", default.interim),
        ),
        guard=Guard(exempt=parse_addresses(settings.get("ARCHIVE_ALLOW_ADDRESSES"))),
        connect_to=parse_connect_to(settings.get("ARCHIVE_CONNECT_TO")),
        trust=TlsContexts(ca_file=Path(ca_file) if ca_file else None, mode=settings.get("ARCHIVE_TLS", "verify")),
        proxy=parse_proxy(settings.get("ARCHIVE_PROXY")),
        spool_folder=Path(folder) if folder else None,
    )


class ArchivedResponse(Response):
    """Response whose headers are made when asked for; our parts read the exchange's."""

    fields: Sequence[tuple[str, str]] = ()

    @Response.headers.getter  # type: ignore[attr-defined, untyped-decorator]
    def headers(self) -> ScrapyHeaders:
        """As received."""
        if self._headers is None:
            self._headers = ScrapyHeaders([(name.encode("latin-1"), value.encode("latin-1")) for name, value in self.fields])
        return self._headers


class ArchiveDownloadHandler:
    """Scrapy download handler over the recording client.

    Reads `request.meta["lease"]` (an `items.LeasedRequest`, for its role) and leaves `request.meta["exchange"]`, also if it raises
    `FetchFailed` and bytes came, and `request.meta["lookups"]`, the names resolved meanwhile. The body of the response is the payload as
    received, content coding kept, up to `ARCHIVE_MAX_HTML_BYTES`; it is empty for large media.
    The exchange holds all of it.
    """

    lazy = False

    def __init__(self, crawler: Crawler, client: Client | None = None) -> None:
        self._client = client or client_of(crawler.settings)
        self._limits = body_limits(crawler.settings)
        self._read = crawler.settings.getint("ARCHIVE_MAX_HTML_BYTES", 16 * MIB)
        self._media_total = MEDIA_PATIENCE * crawler.settings.getfloat("ARCHIVE_TOTAL_TIMEOUT", Limits().total)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ArchiveDownloadHandler:
        """Called by Scrapy."""
        return cls(crawler)

    def check(self, request: Request) -> None:
        """Raise if a request must not be sent now; a subclass does."""

    async def download_request(self, request: Request) -> Response:
        """Fetch one request.

        Raises:
            FetchFailed: No usable answer; `request.meta["partial"]` is the response with the part received of a success. A
                robots.txt over its limit is no failure: its beginning counts (RFC 9309), flag `truncated`. Nor is a redirect or an
                error whose head came whole: its status says all of it.
        """
        # A retried or redirected request brings along the meta of the one before.
        for name in (keys.EXCHANGE, keys.PARTIAL):
            request.meta.pop(name, None)
        lease: LeasedRequest | None = request.meta.get(keys.LEASE)
        role = lease.role if lease is not None else None
        limit = self._limits.of(role)
        try:
            exchange = await self._client.fetch(
                request.url,
                method=request.method,
                headers=headers_of(request),
                max_bytes=limit,
                total=self._media_total if role == "requisite" else None,
                fresh=lease is not None and lease.attempt > 1,
                may_send=partial(self.check, request),
            )
        except FetchFailed as failure:
            if failure.exchange is None:
                raise
            request.meta[keys.EXCHANGE] = exchange = failure.exchange
            if not says_all(exchange) and (role != "robots" or failure.reason != "too-large"):
                if is_partial(exchange):
                    request.meta[keys.PARTIAL] = self._response(exchange, role)
                raise
        finally:
            request.meta[keys.LOOKUPS] = self._client.lookups()
        request.meta[keys.EXCHANGE] = exchange
        request.meta["download_latency"] = exchange.elapsed_ms / 1000
        return self._response(exchange, role)

    def _response(self, exchange: Exchange, role: Role | None) -> Response:
        spooled = exchange.payload.spooled
        large = spooled and role == "requisite"
        # What no reader will look at need not be held in memory, but for a byte that tells of it: the exchange has it all.
        most = max(self._limits.sitemap, self._read) if role in ("feed", "sitemap") else self._read
        response = ArchivedResponse(
            url=exchange.url,
            status=exchange.status or 0,
            body=b"" if large else exchange.payload.read(0, min(most + 1, len(exchange.payload))),
            flags=["truncated"] if exchange.truncated else [],
            ip_address=ipaddress.ip_address(exchange.ip) if exchange.ip else None,
            protocol=exchange.protocol.upper(),
        )
        response.fields = exchange.headers
        return response

    async def close(self) -> None:
        """Called by Scrapy."""
        await self._client.close()


def is_partial(exchange: Exchange) -> bool:
    """True if an exchange holds a part of a successful response."""
    return exchange.truncated is not None and exchange.head_length > 0 and is_whole_answer(exchange.status)


def says_all(exchange: Exchange) -> bool:
    """True if the head alone decides: a redirect or an error."""
    return exchange.head_length > 0 and exchange.status is not None and exchange.status >= 300


def headers_of(request: Request) -> list[tuple[str, str]]:
    """The headers of a Scrapy request in their order, and `Accept-Encoding: gzip`.

    Wider codings end in WARCs that common readers cannot decode. A header that does not fit on one line is left out: a validator may be
    an echo of a hostile header.
    """
    stored: Mapping[bytes, Any] = request.headers
    pairs = [(name.decode("latin-1"), value.decode("latin-1")) for name, values in stored.items() for value in values]
    kept = [(name, value) for name, value in pairs if name.lower() not in _NOT_PASSED_ON and is_sendable(name, value)]
    return [*kept, ("Accept-Encoding", "gzip")]

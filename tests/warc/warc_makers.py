"""Makers of exchanges, leases and writers for the tests of this room."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from crawler.items import Bytes, Exchange, Lease, Tls
from crawler.message import entity_body, head_end, parse_head
from crawler.warc.writer import WarcWriter

START = datetime(2026, 11, 24, 3, 1, 42, 123456, tzinfo=UTC)
URL = "https://www.presstv.co.uk/Detail/2016/04/07/459588/Some-Story"
TLS = Tls(version="TLSv1.3", cipher="TLS_AES_256_GCM_SHA384", verified=False, subject="CN=\u200fwww.presstv.co.uk", issuer="CN=R3, O=Let's")
PAGE = gzip.compress(b"<p>" + bytes(range(256)) * 9, mtime=0)


def response(body: bytes = PAGE, *, head: bytes | None = None, status: str = "200 Tout Va Bien") -> bytes:
    """A response as some server may send it: odd case, folded line, repeated field."""
    if head is None:
        head = (
            f"HTTP/1.1 {status}\r\nserver: x\r\nX-Odd-CASE:1\r\nSet-Cookie: a=1\r\nset-cookie: b\r\nContent-Type: Text/HTML; charset=utf-8"
            f'\r\nContent-Encoding: gzip\r\nContent-Length: {len(body)}\r\nETag: "e1"\r\n\r\n'
        ).encode()
    return head + body


def chunked(body: bytes = PAGE) -> bytes:
    """A chunked response with an extension and a trailer."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head + b"5;x=y\r\n" + body[:5] + b"\r\n%x\r\n" % len(body[5:]) + body[5:] + b"\r\n0\r\nX-Trailer: t\r\n\r\n"


def exchange(raw: bytes | None = None, **changes: Any) -> Exchange:
    """An exchange of which `raw` came, read as the wire would read it."""
    raw = response() if raw is None else raw
    url = changes.get("url", URL)
    lead = len(raw) - len(raw.lstrip(b"\r\n"))
    end = max(head_end(raw, lead), 0)
    head = parse_head(raw[lead:end])
    payload = entity_body(head, raw[end:])[0] if end and head.status is not None else b""
    values: dict[str, Any] = {
        "url": url,
        "method": "GET",
        "started": START,
        "ended": START + timedelta(milliseconds=31),
        "request": b"GET /x HTTP/1.1\r\nHost: www.presstv.co.uk\r\nx-lower: 1\r\n\r\n",
        "response": Bytes(raw),
        "payload": Bytes(payload),
        "head_length": end,
        "status": head.status if end else None,
        "headers": head.fields if end else (),
        "ip": "192.0.2.7",
        "port": 443,
    }
    return Exchange(**{**values, **changes})


def lease(**changes: Any) -> Lease:
    """A lease for the story of `URL`."""
    values: dict[str, Any] = {"key": "presstv/459588", "url": URL, "site": "presstv", "role": "story", "story": "presstv/459588"}
    return Lease(**{**values, **changes})


def writer(folder: Path, **changes: Any) -> WarcWriter:
    """A writer into `folder/archive`."""
    values: dict[str, Any] = {
        "folder": folder / "archive",
        "indexes": folder / "indexes",
        "quarantine": folder / "quarantine",
        "prefix": "presstv",
        "hostname": "archivist",
        "software": "test/1",
    }
    return WarcWriter(**{**values, **changes})

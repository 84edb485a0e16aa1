"""Makers of exchanges, leases and writers for the tests of this room."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from targets import made

from crawler.archive_files.reader import cdxj_lines
from crawler.http.chunked import Dechunker
from crawler.http.http1 import Head, head_end, parse_head, response_framing
from crawler.items import Exchange, LeasedRequest, SpooledBytes, Tls
from crawler.warc.writer import WarcWriter

START = datetime(2026, 11, 24, 3, 1, 42, 123456, tzinfo=UTC)
URL = "https://www.presstv.co.uk/Detail/2016/04/07/459588/Some-Story"
TLS = Tls(version="TLSv1.3", cipher="TLS_AES_256_GCM_SHA384", verified=False, subject="CN=\u200fwww.presstv.co.uk", issuer="CN=R3, O=Let's")
PAGE = gzip.compress(b"<p>" + bytes(range(256)) * 9, mtime=0)


def entity_body(head: Head, body: bytes, *, method: str = "GET") -> tuple[bytes, str | None]:
    """The entity body of a whole response body: transfer coding removed, content coding kept.

    Returns:
        The bytes, and a problem if the framing is broken (then the bytes up to there; all if it is chunked in name only).
    """
    framing, length, problem = response_framing(head, method)
    if framing == "none":
        return b"", problem
    if framing == "length":
        return body[:length], problem
    if framing == "close":
        return body, problem
    dechunker = Dechunker()
    out = dechunker.feed(body)
    if dechunker.unframed:
        out = body
    return out, dechunker.problem or (None if dechunker.done else "chunked body cut off") or problem


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
        "response": SpooledBytes(raw),
        "payload": SpooledBytes(payload),
        "head_length": end,
        "status": head.status if end else None,
        "headers": head.fields if end else (),
        "ip": "192.0.2.7",
        "port": 443,
    }
    return Exchange(**{**values, **changes})


def lease(**changes: Any) -> LeasedRequest:
    """A lease for the story of `URL`."""
    values: dict[str, Any] = {"key": "presstv/459588", "url": URL, "site": "presstv", "role": "story", "story": "presstv/459588"}
    return made(LeasedRequest, {**values, **changes})


def writer(folder: Path, **changes: Any) -> WarcWriter:
    """A writer into `folder/archive`."""
    values: dict[str, Any] = {
        "folder": folder / "archive",
        "indexes": folder / "indexes",
        "quarantine": folder / "quarantine",
        "prefix": "presstv",
        "hostname": "archivist",
        "software": "test/1",
        "lines_of": cdxj_lines,
    }
    return WarcWriter(**{**values, **changes})


def warc_record(
    kind: str = "response", block: bytes = b"", *lines: str, version: str = "WARC/1.0", n: int | None = 1, end: bytes = b"\r\n\r\n"
) -> bytes:
    """A record as another writer may make it; `lines` replace the fields of the same name, an empty value leaves one out."""
    fields = {
        "WARC-Type": kind, "WARC-Record-ID": f"<urn:uuid:00000000-0000-4000-8000-{n:012d}>" if n is not None else "",
        "WARC-Date": "2020-01-02T03:04:05Z", "WARC-Target-URI": f"http://a.example/{n}" if kind != "warcinfo" else "",
        "Content-Type": {"response": "application/http; msgtype=response", "request": "application/http; msgtype=request"}.get(kind, ""),
        "Content-Length": str(len(block)),
    }  # fmt: skip
    fields |= {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value)
    return f"{version}\r\n{head}\r\n".encode() + block + end


def warc_file(path: Path, *records: bytes, compressed: bool = True) -> Path:
    """A file of records, each in a gzip member of its own, or plain."""
    path.write_bytes(b"".join(gzip.compress(record, mtime=0) if compressed else record for record in records))
    return path


def zst(*records: bytes, dictionary: str = "none") -> bytes:
    """Records as WARC.zst, a frame each, with a dictionary frame before them."""
    try:
        from compression import zstd  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        from backports import zstd  # type: ignore[import-not-found, unused-ignore, no-redef]
    shared, first = None, b""
    if dictionary != "none":
        samples = [record + b"%d" % n for n, record in enumerate(records * 50)]
        content = b"WARC/1.0\r\nWARC-Type: response\r\n" if dictionary == "raw" else bytes(zstd.train_dict(samples, 4096).dict_content)
        shared = zstd.ZstdDict(content, is_raw=dictionary == "raw")
        content = zstd.compress(content) if dictionary == "compressed" else content
        first = b"\x5d\x2a\x4d\x18" + len(content).to_bytes(4, "little") + content
    return first + b"".join(zstd.compress(record, zstd_dict=shared) for record in records)

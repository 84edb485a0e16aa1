"""Limits of one fetch."""

from __future__ import annotations

from attrs import frozen

from crawler.http.http1 import MAX_HEAD_BYTES, MAX_HEADER_COUNT, MAX_HEADER_LINE_BYTES


@frozen(kw_only=True)
class Limits:
    """Deadlines in seconds, sizes in bytes; the body's limit is given with each fetch."""

    connect: float = 15.0
    """Name lookup, TCP, proxy and TLS handshake together."""
    idle: float = 30.0
    """Without a byte received."""
    total: float = 120.0
    """The whole fetch, connecting included."""
    head_bytes: int = MAX_HEAD_BYTES
    """Of one head; a longer one is cut off there."""
    header_line_bytes: int = MAX_HEADER_LINE_BYTES
    """Of one header line; a longer one is kept and marked."""
    headers: int = MAX_HEADER_COUNT
    """Header fields that no response has; more are marked. The first 256 are looked at, all are kept in the bytes."""
    interim: int = 0
    """1xx answers before the answer, 0 for any number; their heads together may be as long as one head."""
    framing_bytes: int = 1024 * 1024
    """Of chunk sizes, extensions and trailers, beside an eighth of the body: tiny chunks cost more work than their bytes say."""

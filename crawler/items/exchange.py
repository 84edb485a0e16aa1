"""One HTTP exchange, with its name look-up and TLS handshake."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from attrs import field, frozen

from crawler.items.headers import Headers
from crawler.spooled import SpooledBytes

Truncated = Literal["length", "time", "disconnect", "unspecified", "torn"]
"""Words of WARC-Truncated; `torn`: the file itself ends within the record."""


@frozen(kw_only=True)
class Tls:
    """Facts of a TLS handshake, kept as evidence beside each capture."""

    version: str
    """As Python's ssl names it: `TLSv1.3`."""
    cipher: str
    """As the handshake names it: `TLS_AES_256_GCM_SHA384`."""
    verified: bool
    """Whether the certificate was: its chain to a trust anchor, host name, dates and strength, whatever version and cipher the connection
    has. Revocation is never checked: Python's ssl does not."""
    reason: str = ""
    """Why it was not, in OpenSSL's words: `certificate has expired`."""
    subject: str = ""
    issuer: str = ""
    serial: str = ""
    not_before: str = ""
    not_after: str = ""
    sha256: str = ""
    """SHA-256 of the peer's DER certificate, lower-case hex."""


@frozen(kw_only=True)
class Exchange:
    """One HTTP request and everything that came back, byte for byte."""

    url: str
    """The address asked for, fragment removed."""
    method: str
    started: datetime
    """When the first byte of the request was sent (or connecting began): becomes WARC-Date."""
    ended: datetime
    request: bytes
    """The whole request message as sent."""
    response: SpooledBytes
    """Everything received that belongs to this answer: head, then the body in its framing. Empty when no byte came.
    Interim 1xx answers and surplus bytes behind the answer are not in it."""
    payload: SpooledBytes
    """The entity body: transfer coding removed, content coding kept."""
    head_length: int = 0
    """Bytes of `response` up to and with the blank line; 0 when no whole head came."""
    status: int | None = None
    headers: Headers = field(factory=Headers, converter=Headers)
    """Field names and values as received, decoded as latin-1, white space around values stripped."""
    ip: str | None = None
    port: int | None = None
    protocol: str = "http/1.1"
    """In the words of WARC-Protocol: `http/1.1`, `http/1.0`, `http/0.9`."""
    tls: Tls | None = None
    truncated: Truncated | None = None
    problem: str | None = None
    """Why the answer is malformed, or None."""
    interim: tuple[bytes, ...] = ()
    """Bytes before the answer that are no part of it: heads of 1xx answers, line ends before its status line."""

    @property
    def elapsed_ms(self) -> int:
        """Milliseconds from `started` to `ended`."""
        return round((self.ended - self.started).total_seconds() * 1000)


@frozen(kw_only=True)
class Lookup:
    """One name resolved: what was asked, when, and the addresses that came."""

    host: str
    date: datetime
    """When it was asked."""
    addresses: tuple[str, ...]
    """In the order in which they are tried. The system's resolver tells neither how long they hold nor where it has them from."""


def is_whole_answer(status: int | None) -> bool:
    """Return True for a status that announces the whole of a resource."""
    return status is not None and 200 <= status < 300 and status not in (206, 226)

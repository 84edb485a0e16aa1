"""TLS with peers that are older, stricter or not to be believed: who is reached, and which words a failure has."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from crawler.errors import FetchFailed
from crawler.http.address_guard import parse_connect_to
from crawler.http.client import Client
from crawler.http.options import Limits
from crawler.http.tls import TlsContexts
from crawler.http.tls_errors import failure_of

Change = Callable[[ssl.SSLContext], None]


def old(context: ssl.SSLContext) -> None:
    """As many a server of ten years ago: TLS 1.2 with a cipher that Python's own list leaves out."""
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ECDHE-ECDSA-AES128-SHA")


def asks_for_ours(context: ssl.SSLContext) -> None:
    context.verify_mode = ssl.CERT_REQUIRED


def nameless(context: ssl.SSLContext) -> None:
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("AECDH-AES128-SHA:@SECLEVEL=0")  # nobody's key


class Peer:
    """A TLS server of blocking sockets: its alerts go out before it closes, as those of real servers do."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context, self._listening = context, socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                plain, _ = self._listening.accept()
                with suppress(OSError), self._context.wrap_socket(plain, server_side=True, do_handshake_on_connect=False) as peer:
                    try:
                        peer.do_handshake()
                    except ssl.SSLError:
                        # What has come meanwhile and is not read would make the system reset the connection, alert and all.
                        peer.shutdown(socket.SHUT_WR)
                        time.sleep(0.1)
                        continue
                    peer.recv(65536)
                    peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood")

    def close(self) -> None:
        self._listening.close()


async def fetch(certificate, change: Change, *, host: str = "news.example", trusted: bool = True) -> bytes:  # type: ignore[no-untyped-def]
    """The body that a fetch brings, verified."""
    context = certificate.context()
    change(context)
    server = Peer(context)
    client = Client(
        limits=Limits(connect=2, idle=1, total=4), trust=TlsContexts(ca_file=certificate.path if trusted else None),
        connect_to=parse_connect_to(f"*:*=127.0.0.1:{server.port}"),
    )  # fmt: skip
    try:
        exchange = await client.fetch(f"https://{host}/", max_bytes=100)
    finally:
        await client.close()
        server.close()
    assert exchange.tls is not None
    assert exchange.tls.verified
    return exchange.payload.read()


async def test_an_old_server_with_a_good_certificate_is_reached(certificate) -> None:  # type: ignore[no-untyped-def]
    assert await fetch(certificate, old) == b"good"


@pytest.mark.parametrize(
    ("change", "more", "words"),
    [
        (asks_for_ours, {}, "the server asks for a client certificate (alert certificate required)"),
        (nameless, {}, "handshake failure"),
        (lambda context: None, {"trusted": False}, "news.example: certificate: self-signed certificate"),
        (lambda context: None, {"host": "other.example"}, "certificate is not valid for 'other.example'"),
    ],
)
async def test_a_failure_says_what_was_wrong(certificate, change: Change, more: dict[str, bool | str], words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(FetchFailed) as caught:
        await fetch(certificate, change, **more)  # type: ignore[arg-type]
    assert (caught.value.reason, caught.value.exchange) == ("tls", None)
    assert words in caught.value.detail
    assert "ssl.c" not in caught.value.detail


def test_words_without_a_reason_of_openssls_own() -> None:
    error = ssl.SSLError(1, "[SSL] tlsv1 alert no application protocol (_ssl.c:1006)")
    assert failure_of(error) == "the server speaks only HTTP/2 (no application protocol in common)"

"""TLS with peers that are older, stricter or not to be believed: who is reached, and which words a failure has."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from crawler.errors import FetchFailed, SetupError
from crawler.http.address_guard import parse_connect_to
from crawler.http.client import Client
from crawler.http.options import Limits
from crawler.http.tls import TlsContexts, check_name, weakness_of
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


NAME = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])


def signed(key: Any, digest: Any, signer: Any = None) -> bytes:
    """A certificate in DER for a key, signed by itself or another key."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder().subject_name(NAME).issuer_name(NAME).public_key(key.public_key())
        .serial_number(7).not_valid_before(start).not_valid_after(start + timedelta(days=9))
    )  # fmt: skip
    return made.sign(signer or key, digest).public_bytes(Encoding.DER)


EC = ec.generate_private_key(ec.SECP256R1())
EDWARDS = ed25519.Ed25519PrivateKey.generate()
SHORT = rsa.generate_private_key(public_exponent=65537, key_size=1024)
LONG = rsa.generate_private_key(public_exponent=65537, key_size=2048)
STRONG = signed(EC, hashes.SHA256())


@pytest.mark.parametrize(
    ("chain", "words"),
    [
        ([], ""),
        ([STRONG], ""),
        ([STRONG, STRONG, STRONG], ""),
        ([signed(EDWARDS, None)], ""),
        ([signed(LONG, hashes.SHA256())], ""),
        ([signed(LONG, hashes.SHA384()), signed(EC, hashes.SHA512())], ""),
        ([signed(SHORT, hashes.SHA256())], "EE certificate key too weak"),
        ([STRONG, signed(SHORT, hashes.SHA256())], "CA certificate key too weak"),
        ([signed(SHORT, hashes.SHA256()), signed(SHORT, hashes.SHA256())], "EE certificate key too weak"),
        ([signed(ec.generate_private_key(ec.SECP192R1()), hashes.SHA256())], "EE certificate key too weak"),
        ([signed(ec.generate_private_key(ec.SECP224R1()), hashes.SHA256())], ""),
    ],
)
def test_a_chain_is_as_weak_as_openssl_finds_it(chain: list[bytes], words: str) -> None:
    assert weakness_of(chain) == words


@pytest.mark.parametrize("der", [b"", b"\x30\x03", b"no certificate", STRONG[:-40]])
def test_a_certificate_that_cannot_be_read_counts_as_weak(der: bytes) -> None:
    assert weakness_of([STRONG, der]).startswith("certificate cannot be read: ")


class Shaken(ssl.SSLObject):
    """A finished handshake with these names in the certificate."""

    names: tuple[tuple[str, str], ...] = ()

    def __new__(cls, *names: str) -> Shaken:
        return object.__new__(cls)

    def __init__(self, *names: str) -> None:
        self.names = tuple(("DNS", name) for name in names)

    def getpeercert(self, binary_form: bool = False) -> Any:  # type: ignore[override]
        return {"subjectAltName": (*self.names, ("IP Address", "192.0.2.1"))} if self.names else None


@pytest.mark.parametrize(
    ("host", "names"),
    [
        ("a_b.example.org", ["a_b.example.org"]),
        ("a_b.example.org", ["A_B.Example.ORG"]),
        ("a_b.example.org", ["*.example.org"]),
        ("a_b.example.org", ["other.example", "*.example.org"]),
    ],
)
def test_a_host_is_named_by_its_certificate(host: str, names: list[str]) -> None:
    check_name(Shaken(*names), host)


@pytest.mark.parametrize(
    ("host", "names"),
    [
        ("a_b.example.org", []),
        ("a_b.example.org", ["example.org"]),
        ("a_b.example.org", ["*.org"]),
        ("a_b.example.org", ["*"]),
        ("a_b.c.example.org", ["*.example.org"]),
        ("a_b.org", ["*.org"]),
        (".example.org", ["*.example.org"]),
        ("192.0.2.1", ["other.example"]),
    ],
)
def test_a_host_that_its_certificate_does_not_name_is_refused(host: str, names: list[str]) -> None:
    with pytest.raises(ssl.SSLCertVerificationError) as caught:
        check_name(Shaken(*names), host)
    assert caught.value.verify_message == f"Hostname mismatch, certificate is not valid for '{host}'."
    assert failure_of(caught.value).startswith("certificate: ")


@pytest.mark.parametrize("content", [None, b"", b"no PEM at all\n"])
def test_a_file_of_anchors_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "anchors.pem"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SetupError, match=r"ARCHIVE_CA_FILE: .*anchors\.pem: .*; name a PEM file of certificates"):
        TlsContexts(ca_file=file).strict("a.example")

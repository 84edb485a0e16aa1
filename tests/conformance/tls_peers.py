"""Certificates and TLS servers of many kinds, for the conformance cases of the wire."""

from __future__ import annotations

import datetime
import socket
import ssl
import struct
import threading
import time
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID

HOST = "www.news.example"
PAGE = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood"
DAY = datetime.timedelta(days=1)


class Certificate:
    """A certificate and its key, signed by another one or by itself."""

    def __init__(
        self, name: str, signer: Certificate | None = None, *, key: Any = None, names: Sequence[x509.GeneralName] = (),
        anchor: bool = False, days: tuple[int, int] = (-1, 2), pss: bool = False,
    ) -> None:  # fmt: skip
        now = datetime.datetime.now(datetime.UTC)
        self.key, self.subject = key or ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.signer = signer
        builder = (
            x509.CertificateBuilder()
            .subject_name(self.subject)
            .issuer_name((signer or self).subject)
            .public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + days[0] * DAY)
            .not_valid_after(now + days[1] * DAY)
            .add_extension(x509.BasicConstraints(anchor, None), True)
        )
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName(list(names)), False)
        with_key = (signer or self).key
        digest = hashes.SHA256() if isinstance(with_key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) else None
        more: dict[str, Any] = {"rsa_padding": padding.PSS(padding.MGF1(hashes.SHA256()), 32)} if pss else {}
        self.pem = builder.sign(with_key, digest, **more).public_bytes(serialization.Encoding.PEM)

    @property
    def both(self) -> bytes:
        """Key and certificate, PEM."""
        private = self.key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        return private + self.pem


def dns(*names: str) -> list[x509.GeneralName]:
    """Names for a certificate."""
    return [x509.DNSName(name) for name in names]


def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    """A key of the old kind."""
    return rsa.generate_private_key(65537, bits)


def context_of(folder: Path, leaf: Certificate, *chain: Certificate) -> ssl.SSLContext:
    """For a server that shows a certificate and what it says is above it."""
    path = folder / f"{id(leaf)}-{len(chain)}.pem"
    path.write_bytes(leaf.both + b"".join(one.pem for one in chain))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("DEFAULT:@SECLEVEL=0")  # so that it may be a weak one
    context.load_cert_chain(path)
    return context


def version(context: ssl.SSLContext, lowest: str, highest: str, ciphers: str = "DEFAULT:@SECLEVEL=0") -> None:
    """Have a server speak these versions only."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.set_ciphers(ciphers)
        context.minimum_version, context.maximum_version = ssl.TLSVersion[lowest], ssl.TLSVersion[highest]


class Peer:
    """A server of blocking sockets, whose alerts go out before it closes; counts who came."""

    def __init__(self, serve: Callable[[socket.socket], None]) -> None:
        self._listening, self._one = socket.create_server(("127.0.0.1", 0)), serve
        self.port, self.dials = self._listening.getsockname()[1], 0
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                plain, _ = self._listening.accept()
                self.dials += 1
                threading.Thread(target=self._answer, args=(plain,), daemon=True).start()

    def _answer(self, plain: socket.socket) -> None:
        with suppress(OSError), plain:
            self._one(plain)

    def close(self) -> None:
        """Take no more."""
        self._listening.close()


def over_tls(context: ssl.SSLContext) -> Callable[[socket.socket], None]:
    """A page after a handshake."""

    def serve(plain: socket.socket) -> None:
        with context.wrap_socket(plain, server_side=True, do_handshake_on_connect=False) as peer:
            try:
                peer.do_handshake()
                peer.recv(65536)
                peer.sendall(PAGE)
            except ssl.SSLError:
                # What has come meanwhile and is not read would make the system reset the connection, alert and all.
                peer.shutdown(socket.SHUT_WR)
                time.sleep(0.1)

    return serve


def says(data: bytes, *, reset: bool = False) -> Callable[[socket.socket], None]:
    """Some bytes in answer to the first that come, and the end."""

    def serve(plain: socket.socket) -> None:
        plain.recv(65536)
        plain.sendall(data)
        if reset:
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return serve


def alert(number: int) -> bytes:
    """A fatal alert as a record of TLS 1.2."""
    return bytes([21, 3, 3, 0, 2, 2, number])

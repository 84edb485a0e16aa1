"""Hosts of site files played on loopback: one TLS server for all, and the settings that lead a crawl there."""

from __future__ import annotations

import datetime
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Answer = Callable[[str, str], tuple[bytes, str] | None]
"""Host and path to a body and its media type; None for an address that is not there."""


@contextmanager
def played(hosts: Sequence[str], answer: Answer, folder: Path) -> Iterator[list[str]]:
    """Play hosts over TLS; yields the options of a command that lead there."""

    class Desk(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body, kind = answer(self.headers["Host"].partition(":")[0], self.path) or (b"", "text/html; charset=utf-8")
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(hosts, folder))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    values = {
        "ARCHIVE_CONNECT_TO": f"*:*=127.0.0.1:{server.server_address[1]}", "ARCHIVE_CA_FILE": folder / "certificate.pem",
        "ARCHIVE_MIN_FREE_BYTES": 0, "ARCHIVE_RESERVE_BYTES": 0, "DOWNLOAD_DELAY": 0,
    }  # fmt: skip
    try:
        yield [word for name, value in values.items() for word in ("-s", f"{name}={value}")]
    finally:
        server.shutdown()
        server.server_close()


def certificate(hosts: Sequence[str], folder: Path) -> Path:
    """A throw-away certificate for hosts, with its key."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hosts[0])])
    today, names = datetime.datetime.now(datetime.UTC), x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
    builder = builder.not_valid_before(today - datetime.timedelta(days=1)).not_valid_after(today + datetime.timedelta(days=1))
    pem = builder.add_extension(names, False).sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "certificate.pem").write_bytes(pem)
    (folder / "both.pem").write_bytes(private + pem)
    return folder / "both.pem"

"""Servers and certificates for the tests of the wire."""

from __future__ import annotations

import datetime
import ipaddress
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from fault_server import FaultServer, fault_server

NOW = datetime.datetime.now(datetime.UTC)


class Certificate:
    """A throw-away certificate: its own anchor."""

    def __init__(self, folder: Path, name: str, *, expired: bool = False) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        end = NOW - datetime.timedelta(days=1) if expired else NOW + datetime.timedelta(days=1)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(key.public_key())
            .serial_number(0xABCDEF)
            .not_valid_before(NOW - datetime.timedelta(days=2))
            .not_valid_after(end)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
            .sign(key, hashes.SHA256())
        )
        self.der = certificate.public_bytes(serialization.Encoding.DER)
        self.path = folder / f"{name}-{expired}.pem"
        self.path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        self._both = folder / f"{name}-{expired}-key.pem"
        self._both.write_bytes(private + self.path.read_bytes())

    def context(self) -> ssl.SSLContext:
        """For a server that shows it."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._both)
        return context


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """For news.example."""
    return Certificate(tmp_path_factory.mktemp("tls"), "news.example")


@pytest.fixture(scope="session")
def expired(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """For news.example, until yesterday."""
    return Certificate(tmp_path_factory.mktemp("tls"), "news.example", expired=True)


@pytest.fixture
async def server() -> AsyncIterator[FaultServer]:
    """Plays scenes over plain HTTP."""
    async with fault_server() as running:
        yield running


@pytest.fixture
async def tls_server(certificate: Certificate) -> AsyncIterator[FaultServer]:
    """Plays scenes over TLS."""
    async with fault_server(certificate.context()) as running:
        yield running

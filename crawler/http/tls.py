"""TLS contexts with and without verification, and the facts of a finished handshake."""

from __future__ import annotations

import hashlib
import ssl
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519

from crawler.errors import SetupError
from crawler.http.tls_errors import Session
from crawler.items import Tls

Mode = Literal["verify", "record"]

_STRENGTH = 112
"""Bits of security that OpenSSL's level 2 asks of keys and signatures in a verified chain: RSA of 2048 bits, SHA-224."""
_DEMANDS = "DEFAULT:@SECLEVEL=2"
_NONE = "DEFAULT:@SECLEVEL=0"
_LEGACY_SERVER_CONNECT = 0x4
"""OpenSSL's SSL_OP_LEGACY_SERVER_CONNECT, which `ssl` names since Python 3.12: servers without RFC 5746."""


class TlsContexts:
    """The TLS contexts of a client.

    Args:
        ca_file: PEM file of trust anchors beside the system's.
        mode: `verify`: a bad certificate is a failed fetch; `record`: connect again unverified, and mark the capture.
    Raises:
        SetupError: The file holds no certificates, or the mode is unknown.
    """

    def __init__(self, *, ca_file: Path | None = None, mode: str = "verify") -> None:
        if mode not in ("verify", "record"):
            raise SetupError(f"ARCHIVE_TLS: {mode!r}; write verify or record")
        self.records, self._ca_file = mode == "record", ca_file
        if ca_file is not None:
            self.strict("")  # refuse the file now; the system's anchors, which take long, are loaded for the first https address

    def strict(self, host: str) -> ssl.SSLContext:
        """The verifying context."""
        return _verifying(self._ca_file, named=_is_plain(host), old=False)

    def old(self, host: str) -> ssl.SSLContext:
        """The verifying context for old servers: TLS 1.0, weak keys; only for `record`."""
        return _verifying(self._ca_file, named=_is_plain(host), old=True)

    @property
    def lax(self) -> ssl.SSLContext:
        """The context without verification, otherwise as `old`; only for `record`."""
        return _unverified()


def _is_plain(host: str) -> bool:
    """True if OpenSSL matches a host with wildcards: no underscore in its first label."""
    return "_" not in host.partition(".")[0]


@lru_cache(maxsize=8)
def _verifying(ca_file: Path | None, *, named: bool, old: bool) -> ssl.SSLContext:
    """A verifying context; cached, since loading the system's anchors is slow.

    Args:
        named: The name is verified with the rest; else `check_name` is to be asked.
    """
    context = ssl.create_default_context()
    context.check_hostname = named
    # OpenSSL's list, as browsers and curl have it: Python's own leaves out what many an older server with a good certificate speaks.
    context.set_ciphers(_DEMANDS)
    # As curl: an anchor need not be a root, and Python 3.13 asks certificates for more than RFC 5280's readers do.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    _offer(context)
    if old:
        _allow_old(context)
    if ca_file is not None:
        try:
            context.load_verify_locations(cafile=ca_file)
        except OSError as error:
            raise SetupError(f"ARCHIVE_CA_FILE: {ca_file}: {error.strerror or error}; name a PEM file of certificates") from None
    return context


@lru_cache(maxsize=1)
def _unverified() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    _offer(context)
    _allow_old(context)
    return context


def _offer(context: ssl.SSLContext) -> None:
    context.set_alpn_protocols(["http/1.1"])
    context.sslobject_class = Session


def _allow_old(context: ssl.SSLContext) -> None:
    context.set_ciphers(_NONE)
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.options |= _LEGACY_SERVER_CONNECT


def tls_of(handshake: ssl.SSLObject, *, verified: bool, reason: str = "") -> Tls:
    """The facts of a finished handshake.

    Args:
        reason: Why the certificate is not verified.
    """
    cipher = handshake.cipher()
    der = handshake.getpeercert(binary_form=True)
    return Tls(
        version=handshake.version() or "",
        cipher=cipher[0] if cipher else "",
        verified=verified,
        reason=reason,
        **(certificate_facts(der) if der else {}),
    )


def check_name(handshake: ssl.SSLObject, host: str) -> None:
    """Verify the host name by the certificate's DNS names, wildcard in the first label included.

    Raises:
        ssl.SSLCertVerificationError: The certificate is for others.
    """
    told: Any = handshake.getpeercert() or {}
    names = {name.lower() for kind, name in told.get("subjectAltName", ()) if kind == "DNS"}
    label, dot, rest = host.partition(".")
    if host in names or (label and dot and "." in rest and f"*.{rest}" in names):
        return
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_message = f"Hostname mismatch, certificate is not valid for '{host}'."
    raise error


def verified_chain(handshake: ssl.SSLObject) -> list[bytes]:
    """The certificates of a verified handshake in DER, the server's first, the anchor last."""
    public = getattr(handshake, "get_verified_chain", None)  # since Python 3.13
    if public is not None:
        return list(public())
    session: Any = getattr(handshake, "_sslobj")  # noqa: B009 - before, only the session inside has it
    return [ssl.PEM_cert_to_DER_cert(certificate.public_bytes()) for certificate in session.get_verified_chain()]


def weakness_of(chain: Sequence[bytes]) -> str:
    """Weakness for which OpenSSL's default level rejects a verified chain; else empty.

    Args:
        chain: As `verified_chain` gives it.
    """
    try:
        for at, der in enumerate(chain):
            certificate = x509.load_der_x509_certificate(der)
            if _bits_of(certificate.public_key()) < _STRENGTH:
                return "CA certificate key too weak" if at else "EE certificate key too weak"
            signed = certificate.signature_hash_algorithm
            if at < len(chain) - 1 and signed is not None and signed.digest_size * 4 < _STRENGTH:
                return "CA signature digest algorithm too weak"
    except (ValueError, UnsupportedAlgorithm) as error:
        return f"certificate cannot be read: {error}"
    return ""


def _bits_of(key: object) -> int:
    """Bits of security of a public key, as NIST SP 800-57 and OpenSSL count them."""
    size = int(getattr(key, "key_size", 256))
    if isinstance(key, ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey | ed448.Ed448PublicKey):
        return size // 2
    return _STRENGTH if size >= 2048 else 80


@lru_cache(maxsize=256)
def certificate_facts(der: bytes) -> dict[str, Any]:
    """Subject, issuer, serial, validity and SHA-256 of a certificate.

    Serial in hex, validity in ISO 8601; of one that cannot be read only the SHA-256.
    """
    facts = {"sha256": hashlib.sha256(der).hexdigest()}
    try:
        certificate = x509.load_der_x509_certificate(der)
        return facts | {
            "subject": certificate.subject.rfc4514_string(),
            "issuer": certificate.issuer.rfc4514_string(),
            "serial": f"{certificate.serial_number:x}",
            "not_before": certificate.not_valid_before_utc.isoformat(),
            "not_after": certificate.not_valid_after_utc.isoformat(),
        }
    except ValueError:
        return facts

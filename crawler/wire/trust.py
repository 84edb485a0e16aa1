"""TLS: whom to believe, what to do where we cannot, and what the handshake told."""

from __future__ import annotations

import hashlib
import re
import ssl
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from cryptography import x509

from crawler.errors import SetupError
from crawler.items import Tls

Mode = Literal["verify", "record"]

_PLACE = re.compile(r"^\[[^\]]*\]\s*|\s*\(_ssl\.c:\d+\)$")
"""What Python puts around OpenSSL's words: the library's name and a place in its own source."""


class Trust:
    """The two TLS contexts of a client.

    Args:
        ca_file: PEM file of trust anchors beside the system's.
        mode: `verify`: a bad certificate is a failed fetch; `record`: asked again unverified, and marked so.
    Raises:
        SetupError: The file is none, or the mode is no word.
    """

    def __init__(self, *, ca_file: Path | None = None, mode: str = "verify") -> None:
        if mode not in ("verify", "record"):
            raise SetupError(f"ARCHIVE_TLS: {mode!r}; write verify or record")
        self.records = mode == "record"
        self.strict = _strict(ca_file)
        self.lax = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.lax.set_alpn_protocols(["http/1.1"])
        self.lax.check_hostname = False
        self.lax.verify_mode = ssl.CERT_NONE
        # Weak keys are the peer's business where nothing is verified anyway.
        self.lax.set_ciphers("DEFAULT:@SECLEVEL=0")


@lru_cache(maxsize=8)
def _strict(ca_file: Path | None) -> ssl.SSLContext:
    """The verifying context; kept, because reading the system's anchors takes longer than many a fetch."""
    context = ssl.create_default_context()
    # OpenSSL's list, as browsers and curl have it: Python's own leaves out what many an older server with a good certificate speaks.
    context.set_ciphers("DEFAULT:@SECLEVEL=2")
    context.set_alpn_protocols(["http/1.1"])
    if ca_file is not None:
        try:
            context.load_verify_locations(cafile=ca_file)
        except OSError as error:
            raise SetupError(f"ARCHIVE_CA_FILE: {ca_file}: {error.strerror or error}; name a PEM file of certificates") from None
    return context


def tls_of(handshake: ssl.SSLObject, *, verified: bool) -> Tls:
    """What a finished handshake told."""
    cipher = handshake.cipher()
    der = handshake.getpeercert(binary_form=True)
    return Tls(
        version=handshake.version() or "",
        cipher=cipher[0] if cipher else "",
        verified=verified,
        **(certificate_facts(der) if der else {}),
    )


@lru_cache(maxsize=256)
def certificate_facts(der: bytes) -> dict[str, Any]:
    """Subject, issuer, serial (hex), validity (ISO 8601) and SHA-256 of a certificate; only the last where it cannot be read."""
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


def failure_of(error: ssl.SSLError) -> str:
    """A handshake's failure in one line."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"certificate: {error.verify_message}"
    text = getattr(error, "reason", None) or _PLACE.sub("", str(error))
    return text.replace("_", " ").lower()

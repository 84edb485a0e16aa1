"""Failed TLS handshakes: OpenSSL's reasons in plain words, and remedies."""

from __future__ import annotations

import re
import ssl
from typing import Literal

Remedy = Literal["trust", "age"]
"""Demand to drop in a second attempt: certificate verification, or version and strength."""

_PLACE = re.compile(r"^\[[^\]]*\]\s*|\s*\(\w+\.c:\d+\)$")
"""What Python puts around OpenSSL's words: the library's name, and a place in a source file."""
_ALERT = re.compile(r"^(?:(?:sslv3|tlsv1|tlsv13|ssl/tls) alert |tlsv1 )")
"""How OpenSSL's names of alerts begin; the version in them is that in which the alert was defined."""
_ABOUT_OURS = (
    "certificate required", "bad certificate", "no certificate", "unsupported certificate", "certificate unknown", "unknown ca",
)  # fmt: skip
"""Alerts about the client's certificate. This client never has one."""
ENDED = "the server ended the connection"
_ASKS = "the server asks for a client certificate"
_ALERTS = {
    "no application protocol": "the server speaks only HTTP/2 (no application protocol in common)",
    "protocol version": "the server speaks no TLS version that is offered (alert protocol version)",
    "unrecognized name": "the server has no host of that name (alert unrecognized name)",
    "handshake failure": "the server refuses the handshake: no cipher, curve or signature in common (alert handshake failure)",
}
_FAULTS = {
    "wrong version number": "the server does not speak TLS (wrong version number)",
    "http request": "the server does not speak TLS (http request)",
    "unsupported protocol": "the server speaks no TLS version that is offered (unsupported protocol)",
    "unexpected eof while reading": ENDED,
}
_OLD_ALERTS = ("protocol version", "insufficient security", "handshake failure")
_OLD_FAULTS = (
    "unsupported protocol", "dh key too small", "unsafe legacy renegotiation disabled", "wrong signature type", "wrong curve",
    "legacy sigalg disallowed or unsupported",
)  # fmt: skip
"""What a server that was never brought up to date meets at the demands of today."""


class Session(ssl.SSLObject):
    """A TLS session that marks the errors of its handshake."""

    def do_handshake(self) -> None:
        """Shake hands; an error gets the attribute `answered`: a cipher had been chosen."""
        try:
            super().do_handshake()
        except ssl.SSLError as error:
            error.answered = self.cipher() is not None  # type: ignore[attr-defined]
            raise


def failure_of(error: ssl.SSLError, *, after: bool = False) -> str:
    """A failure of TLS in one line of plain words.

    Args:
        after: The handshake was complete on this side: in TLS 1.3 a server looks at the client's certificate later.
    """
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"certificate: {error.verify_message}"
    if isinstance(error, ssl.SSLZeroReturnError):
        return ENDED
    alert, words = _told(error)
    if not alert:
        return _FAULTS.get(words, words)
    if words in _ABOUT_OURS or (words == "handshake failure" and (after or _answered(error))):
        return f"{_ASKS} (alert {words})"
    return _ALERTS.get(words, f"alert {words} from the server")


def remedy_of(error: ssl.SSLError) -> Remedy | None:
    """The demand to drop for the handshake to succeed, or None."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return "trust"
    alert, words = _told(error)
    if alert and _answered(error):
        return None
    return "age" if words in (_OLD_ALERTS if alert else _OLD_FAULTS) else None


def _told(error: ssl.SSLError) -> tuple[bool, str]:
    """True if a failure is the server's alert, and OpenSSL's words in lower case."""
    reason = error.reason if isinstance(getattr(error, "reason", None), str) else None
    # A reason's own name has underscores for blanks; a text has them only in names that must stay as they are.
    words = reason.replace("_", " ").lower() if reason else _PLACE.sub("", _PLACE.sub("", error.strerror or str(error)))
    found = _ALERT.match(words)
    return (True, words[found.end() :]) if found else (False, words)


def _answered(error: ssl.SSLError) -> bool:
    return bool(getattr(error, "answered", False))

"""OpenSSL's reasons in plain words, and the demand to drop: every row of the tables, in the forms that Python gives them."""

from __future__ import annotations

import ssl

import pytest

from crawler.http.tls_errors import ENDED, failure_of, remedy_of

ASKS = "the server asks for a client certificate"
NO_TLS = "the server does not speak TLS"
NO_VERSION = "the server speaks no TLS version that is offered"


def error(words: str, *, reason: str | None = None, answered: bool | None = None) -> ssl.SSLError:
    made = ssl.SSLError(1, words)
    made.reason = reason  # type: ignore[assignment]
    if answered is not None:
        made.answered = answered  # type: ignore[attr-defined]
    return made


def unverified(message: str) -> ssl.SSLCertVerificationError:
    made = ssl.SSLCertVerificationError(1, "certificate verify failed")
    made.verify_message = message
    return made


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("WRONG_VERSION_NUMBER", f"{NO_TLS} (wrong version number)"),
        ("HTTP_REQUEST", f"{NO_TLS} (http request)"),
        ("UNSUPPORTED_PROTOCOL", f"{NO_VERSION} (unsupported protocol)"),
        ("UNEXPECTED_EOF_WHILE_READING", ENDED),
        ("DH_KEY_TOO_SMALL", "dh key too small"),
        ("SOMETHING_NEW", "something new"),
        ("TLSV1_ALERT_PROTOCOL_VERSION", f"{NO_VERSION} (alert protocol version)"),
        (
            "SSLV3_ALERT_HANDSHAKE_FAILURE",
            "the server refuses the handshake: no cipher, curve or signature in common (alert handshake failure)",
        ),
        ("TLSV1_ALERT_NO_APPLICATION_PROTOCOL", "the server speaks only HTTP/2 (no application protocol in common)"),
        ("TLSV1_UNRECOGNIZED_NAME", "the server has no host of that name (alert unrecognized name)"),
        ("TLSV13_ALERT_CERTIFICATE_REQUIRED", f"{ASKS} (alert certificate required)"),
        ("SSLV3_ALERT_BAD_CERTIFICATE", f"{ASKS} (alert bad certificate)"),
        ("SSLV3_ALERT_NO_CERTIFICATE", f"{ASKS} (alert no certificate)"),
        ("SSLV3_ALERT_UNSUPPORTED_CERTIFICATE", f"{ASKS} (alert unsupported certificate)"),
        ("SSLV3_ALERT_CERTIFICATE_UNKNOWN", f"{ASKS} (alert certificate unknown)"),
        ("TLSV1_ALERT_UNKNOWN_CA", f"{ASKS} (alert unknown ca)"),
        ("TLSV1_ALERT_INTERNAL_ERROR", "alert internal error from the server"),
        ("TLSV1_ALERT_ACCESS_DENIED", "alert access denied from the server"),
    ],
)
def test_a_reason_is_told_in_plain_words(reason: str, words: str) -> None:
    assert failure_of(error("not looked at", reason=reason)) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[SSL] unexpected eof while reading (_ssl.c:1006)", ENDED),
        ("[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1007)", f"{NO_TLS} (wrong version number)"),
        ("[SSL] ssl/tls alert handshake failure (_ssl.c:1000)", "the server refuses the handshake: no cipher, curve or signature in common (alert handshake failure)"),
        ("[SSL] tlsv1 unrecognized name (_ssl.c:1)", "the server has no host of that name (alert unrecognized name)"),
        ("something without a frame", "something without a frame"),
    ],
)  # fmt: skip
def test_without_a_reason_the_text_is_read(text: str, words: str) -> None:
    assert failure_of(error(text)) == words


@pytest.mark.parametrize(
    "message", ["self-signed certificate", "certificate has expired", "Hostname mismatch, certificate is not valid for 'a'."]
)
def test_an_unverified_certificate_is_told_by_its_message(message: str) -> None:
    assert failure_of(unverified(message)) == f"certificate: {message}"
    assert remedy_of(unverified(message)) == "trust"


def test_a_closed_session_is_an_end() -> None:
    assert failure_of(ssl.SSLZeroReturnError(6, "TLS/SSL connection has been closed (EOF)")) == ENDED


@pytest.mark.parametrize(("after", "answered"), [(True, None), (False, True), (True, True)])
def test_a_refusal_after_the_server_had_answered_is_about_our_certificate(after: bool, answered: bool | None) -> None:
    refused = error("", reason="SSLV3_ALERT_HANDSHAKE_FAILURE", answered=answered)
    assert failure_of(refused, after=after) == f"{ASKS} (alert handshake failure)"


@pytest.mark.parametrize(
    ("reason", "answered", "remedy"),
    [
        ("TLSV1_ALERT_PROTOCOL_VERSION", None, "age"),
        ("TLSV1_ALERT_INSUFFICIENT_SECURITY", None, "age"),
        ("SSLV3_ALERT_HANDSHAKE_FAILURE", False, "age"),
        ("SSLV3_ALERT_HANDSHAKE_FAILURE", True, None),
        ("TLSV1_ALERT_PROTOCOL_VERSION", True, None),
        ("TLSV1_ALERT_INTERNAL_ERROR", None, None),
        ("TLSV13_ALERT_CERTIFICATE_REQUIRED", None, None),
        ("UNSUPPORTED_PROTOCOL", None, "age"),
        ("DH_KEY_TOO_SMALL", None, "age"),
        ("DH_KEY_TOO_SMALL", True, "age"),
        ("UNSAFE_LEGACY_RENEGOTIATION_DISABLED", None, "age"),
        ("WRONG_SIGNATURE_TYPE", None, "age"),
        ("WRONG_CURVE", None, "age"),
        ("LEGACY_SIGALG_DISALLOWED_OR_UNSUPPORTED", None, "age"),
        ("WRONG_VERSION_NUMBER", None, None),
        ("UNEXPECTED_EOF_WHILE_READING", None, None),
    ],
)
def test_the_demand_to_drop(reason: str, answered: bool | None, remedy: str | None) -> None:
    assert remedy_of(error("", reason=reason, answered=answered)) == remedy

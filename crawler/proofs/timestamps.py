"""RFC 3161 timestamps of roots: asked of an authority, kept beside the root, checked."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler import __version__
from crawler.errors import Damaged, NotFetched, SetupError
from crawler.proofs.manifest import write_whole
from crawler.proofs.roots import numbers_of, place_of
from crawler.proofs.set_order import with_sorted_certificates

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

MAX_ANSWER_BYTES = 256 * 1024
_NEEDED = "timestamps need the extra `proof`: python3 -m pip --python .venv/bin/python install -e '.[proof]'"


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object, **more: object) -> None:
        """Follow none: a post would become a GET, to another address."""


def stamp(collection: Path, number: int, url: str, *, seconds: float) -> datetime:
    """Have a root timestamped, and keep request and answer beside it.

    To be called under the collection's lock. The answer is held against the root and the nonce; who signed it is for `check_timestamp`.

    Args:
        url: Of the authority: HTTP or HTTPS, RFC 3161 section 3.4.
        seconds: For each wait on the socket.
    Returns:
        The time that the authority states.
    Raises:
        SetupError: The extra `proof` is not installed.
        NotFetched: The authority did not answer, or not with a timestamp of this root.
        OSError: It could not be written.
    """
    try:
        from rfc3161_client import HashAlgorithm, TimestampRequestBuilder, decode_timestamp_response
    except ImportError as error:
        raise SetupError(_NEEDED) from error
    import hashlib

    text = place_of(collection, number, ".txt").read_bytes()
    request = TimestampRequestBuilder().data(text).hash_algorithm(HashAlgorithm.SHA256).cert_request(cert_request=True).nonce().build()
    answer = _post(url, request.as_bytes(), seconds)
    host = urlsplit(url).hostname
    try:
        response = decode_timestamp_response(with_sorted_certificates(answer))
        granted = response.status in (0, 1)
        told = response.tst_info if granted else None
    except ValueError as error:
        raise NotFetched(f"timestamp authority {host}: its answer is no timestamp: {error}") from error
    if told is None:
        why = "; ".join(response.status_string or ())
        raise NotFetched(f"timestamp authority {host}: refused, status {response.status} {why}".rstrip())
    if told.message_imprint.message != hashlib.sha256(text).digest() or told.nonce != request.nonce:
        raise NotFetched(f"timestamp authority {host}: the timestamp is of something else")
    write_whole(place_of(collection, number, ".tsq"), request.as_bytes())
    write_whole(place_of(collection, number, ".tsr"), answer)
    stamped: datetime = told.gen_time
    return stamped


def check_timestamp(collection: Path, number: int, roots: Sequence[Certificate]) -> datetime:
    """Check the timestamp of a root.

    Its signature, the signer's certificate up to one of those trusted, and that it is of this root.

    Args:
        roots: Certificates that are trusted.
    Returns:
        The time that the authority states.
    Raises:
        Damaged: It is not a good timestamp of this root.
        SetupError: The extra `proof` is not installed.
        OSError: A file is missing or cannot be read.
    """
    try:
        from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response
    except ImportError as error:
        raise SetupError(_NEEDED) from error
    place = place_of(collection, number, ".tsr")
    builder = VerifierBuilder()
    for one in dict.fromkeys(roots):
        builder = builder.add_root_certificate(one)
    try:
        response = decode_timestamp_response(with_sorted_certificates(place.read_bytes()))
        builder.build().verify_message(response, place_of(collection, number, ".txt").read_bytes())
        stamped: datetime = response.tst_info.gen_time
    except (ValueError, VerificationError) as error:
        raise Damaged(place, 0, f"no good timestamp of this root: {error}") from error
    return stamped


def unstamped(collection: Path) -> list[int]:
    """Roots without a timestamp."""
    return [number for number in numbers_of(collection) if not place_of(collection, number, ".tsr").exists()]


def trusted(file: Path) -> list[Certificate]:
    """The certificates of a PEM file.

    Raises:
        SetupError: It cannot be read, or holds none.
    """
    from cryptography.x509 import load_pem_x509_certificates

    try:
        return load_pem_x509_certificates(file.read_bytes())
    except (OSError, ValueError) as error:
        raise SetupError(f"ARCHIVE_TSA_CA_FILE={file}: {getattr(error, 'strerror', None) or 'no certificates in PEM'}") from error


def _post(url: str, body: bytes, seconds: float) -> bytes:
    head = {"Content-Type": "application/timestamp-query", "User-Agent": f"news-archive-crawler/{__version__}"}
    host = urlsplit(url).hostname
    try:
        request = urllib.request.Request(url, data=body, headers=head, method="POST")
        with urllib.request.build_opener(_NoRedirects).open(request, timeout=seconds) as answer:
            told: bytes = answer.read(MAX_ANSWER_BYTES + 1)
    except urllib.error.HTTPError as error:
        error.close()
        raise NotFetched(f"timestamp authority {host}: status {error.code}") from error
    except urllib.error.URLError as error:
        raise NotFetched(f"timestamp authority {host}: {error.reason}") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NotFetched(f"timestamp authority {host}: {type(error).__name__} {error}".rstrip()) from error
    if len(told) > MAX_ANSWER_BYTES:
        raise NotFetched(f"timestamp authority {host}: answered more than {MAX_ANSWER_BYTES} bytes")
    return told

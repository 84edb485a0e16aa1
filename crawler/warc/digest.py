"""Digests of blocks and payloads, in the words of WARC-Block-Digest and WARC-Payload-Digest."""

from __future__ import annotations

import hashlib
import re
from base64 import b32decode, b32encode, b64decode
from binascii import unhexlify
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache, lru_cache

from crawler.errors import BrokenChunking
from crawler.warc.entity import Entity as Entity

_PAIRS = [a + b for a in "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" for b in "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"]
_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
# Each character of base32 as the figure of its value; any other, and lower case, as none.
_FIGURES = bytes(b"0123456789abcdefghijklmnopqrstuv"[_ALPHABET.index(c)] if c in _ALPHABET else ord("!") for c in range(256))
_CANONICAL = re.compile(r"sha1:[A-Z2-7]{32}", re.ASCII)
_OTHER_LABELS = {"sha": "sha1", "sha2256": "sha256", "sha2384": "sha384", "sha2512": "sha512"}
_URL_ALPHABET = str.maketrans("-_", "+/")
_SIZED_BY_CALLER = ("shake128", "shake256")


def digest_of(chunks: Iterable[bytes]) -> str:
    """Digest pieces of bytes by SHA-1.

    Returns:
        "sha1:" and 32 base32 characters, upper case.

    >>> digest_of([b"h", b"i"])
    'sha1:YIVV7ELYGQTASQUNN5I3FRNPJQF542SC'
    """
    sha1 = hashlib.sha1(usedforsecurity=False)
    for chunk in chunks:
        sha1.update(chunk)
    return label_sha1(sha1.digest())


def digests(algorithms: Iterable[str], chunks: Iterable[bytes]) -> list[str]:
    """Digest pieces of bytes by several algorithms, in the form of `canonical_digest`.

    >>> digests(["md5"], [b"h", b"i"])
    ['md5:49f68a5c8493ec2c0bf489821c21fc3b']
    """
    hashes = {name: hashlib.new(name, usedforsecurity=False) for name in algorithms}
    for chunk in chunks:
        for one in hashes.values():
            one.update(chunk)
    return [str(canonical_digest(f"{name}:{one.hexdigest()}")) for name, one in hashes.items()]


def label_sha1(digest: bytes) -> str:
    """The written form of 20 digest bytes."""
    return "sha1:" + base32(digest)


def base32(digest: bytes) -> str:
    """Digest bytes in base32, upper case.

    As the standard library writes them, in a third of its time.

    >>> base32(b"12345")
    'GEZDGNBV'
    """
    if len(digest) % 5:
        return b32encode(digest).decode("ascii").rstrip("=")
    number = int.from_bytes(digest)
    return "".join([_PAIRS[number >> shift & 1023] for shift in range(len(digest) * 8 - 10, -1, -10)])


def same_digest(written: str, digest: bytes) -> bool:
    """True if a digest written in base32, base64 or hexadecimal has these bytes.

    >>> same_digest("GEZDGNBV", b"12345"), same_digest("3132333435", b"12345"), same_digest("MTIzNDU=", b"12345")
    (True, True, True)
    """
    if len(written) * 5 == len(digest) * 8 and written.isascii():
        # As it is nearly always written; as a number it is compared in a third of the time that writing it takes.
        figures = written.encode().translate(_FIGURES)
        if not figures.count(b"!"):
            return int(figures, 32) == int.from_bytes(digest)
    return digest in _decodings(written.strip().rstrip("="), len(digest))


def digest_bytes(written: str, size: int) -> bytes | None:
    """The bytes of a digest's written value, or None if it has another size.

    Args:
        written: Base32 or hexadecimal of either case, or base64 (also its URL alphabet); padding may be left out.
        size: Bytes of the digest; for those of 16 bytes and more the three encodings differ in length.
    """
    return next(_decodings(written.strip().rstrip("="), size), None)


def _decodings(value: str, size: int) -> Iterator[bytes]:
    for length, decode in ((2 * size, unhexlify), (-(-8 * size // 5), _unbase32), (-(-4 * size // 3), _unbase64)):
        # Of a single byte the lengths do not tell them apart.
        if len(value) == length and (size > 1 or decode is not _unbase64):
            with suppress(ValueError):
                yield decode(value)


def _unbase32(value: str) -> bytes:
    return b32decode(value.upper() + "=" * (-len(value) % 8))


def _unbase64(value: str) -> bytes:
    return b64decode(value.translate(_URL_ALPHABET) + "=" * (-len(value) % 4), validate=True)


@lru_cache(maxsize=64)
def algorithm_of(label: str) -> str | None:
    """The `hashlib` name of a digest's label in any case and spelling, or None.

    >>> algorithm_of("SHA-256"), algorithm_of("sha1"), algorithm_of("blake3")
    ('sha256', 'sha1', None)
    """
    word = "".join(c for c in label.lower() if c.isalnum())
    return _algorithms().get(_OTHER_LABELS.get(word, word))


@cache
def _algorithms() -> dict[str, str]:
    names = sorted(hashlib.algorithms_available, key=lambda name: name in hashlib.algorithms_guaranteed)
    known = {"".join(c for c in name.lower() if c.isalnum()): name for name in names}
    return {word: name for word, name in known.items() if word not in _SIZED_BY_CALLER}


def split_digest(written: str | None) -> tuple[str, str]:
    """Split a labelled digest, without `urn:`; the label is empty if there is none."""
    text = (written or "").strip()
    label, colon, value = (text[4:] if text[:4].lower() == "urn:" else text).partition(":")
    return (label.strip(), value.strip()) if colon else ("", label.strip())


def canonical_digest(written: str | None) -> str | None:
    """The canonical form of a labelled digest, for comparison between writers.

    Returns:
        `sha1:` and upper-case base32; for every other algorithm its lower-case name without hyphens and lower-case hexadecimal. If
        the algorithm is not known, or the value has not its size, the label in lower case and the value as written. None for none.

    >>> canonical_digest("SHA-1:60af156eb9a4d6fc7cf37dbdf7cd1d2a8b2ae6d0"), canonical_digest("md5:Tg5mGHnJk7JPI2dXbcLbtA==")
    ('sha1:MCXRK3VZUTLPY7HTPW67PTI5FKFSVZWQ', 'md5:4e0e661879c993b24f2367576dc2dbb4')
    """
    if written is None or _CANONICAL.fullmatch(written):
        return written
    label, value = split_digest(written)
    if not value:
        return None
    name = algorithm_of(label)
    found = digest_bytes(value, hashlib.new(name, usedforsecurity=False).digest_size) if name else None
    if name is None or found is None:
        return f"{label.lower()}:{value}" if label else value
    return label_sha1(found) if name == "sha1" else f"{name.replace('_', '-')}:{found.hex()}"


def payload_digest(response: bytes) -> str:
    r"""Digest the payload of one response block, as WARC-Payload-Digest wants it.

    The payload is the entity body: transfer coding (chunked) removed, content coding (gzip) kept.

    Args:
        response: One whole block: status line, header lines, blank line, body as received.
    Returns:
        "sha1:" and 32 base32 characters, upper case.
    Raises:
        BrokenChunking: The chunk sizes do not add up; carries the byte offset within the body.
    Source: WARC 1.1, WARC-Payload-Digest; iipc/warc-specifications#22.

    >>> payload_digest(b"HTTP/1.1 200 OK\r\n\r\nhi")
    'sha1:YIVV7ELYGQTASQUNN5I3FRNPJQF542SC'
    """
    entity = Entity()
    digest = digest_of([entity.feed(response)])
    if (problem := entity.finish()) is not None:
        raise BrokenChunking(entity.consumed, problem)
    return digest


def mime_of(content_type: str | None) -> str | None:
    """The media type of a Content-Type value, lower case, without parameters.

    >>> mime_of("Text/HTML; charset=utf-8")
    'text/html'
    """
    words = (content_type or "").replace(";", " ; ").split()
    return words[0].lower() if words and words[0] != ";" else None

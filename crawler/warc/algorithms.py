"""Digest algorithms of records and the fields that name them: ARCHIVE_DIGEST.

WARC 1.1 section 5.1 forbids to repeat a field but those it names, among which are no digests (jwarc refuses such a record), and lets
extensions define new ones, which readers pass over. So a second digest has a field of its own name.
Source: the annotated WARC 1.1 of the IIPC for labels and encodings (iipc/warc-specifications#80, #48).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Literal

from attrs import frozen

from crawler.warc.digest import digest_of, label_sha1

Algorithm = Literal["sha1", "sha256", "both"]
What = Literal["Block", "Payload"]

SECOND = "-SHA256"
"""Suffix of the field of a second digest: `WARC-Payload-Digest-SHA256`."""


@frozen(kw_only=True)
class Digests:
    """Digests of some bytes: SHA-1, the key of the index, and perhaps SHA-256."""

    sha1: str
    """`sha1:` and 32 base32 characters, upper case."""
    sha256: str | None = None
    """`sha256:` and 64 hexadecimal characters, lower case."""


def measure(chunks: Iterable[bytes], algorithm: Algorithm) -> Digests:
    """Digest pieces of bytes by the algorithms of a setting."""
    if algorithm == "sha1":
        return Digests(sha1=digest_of(chunks))
    sha1, sha256 = hashlib.sha1(usedforsecurity=False), hashlib.sha256()
    for chunk in chunks:
        sha1.update(chunk)
        sha256.update(chunk)
    return Digests(sha1=label_sha1(sha1.digest()), sha256=f"sha256:{sha256.hexdigest()}")


def fields(what: What, digests: Digests, algorithm: Algorithm) -> list[tuple[str, str]]:
    """Named fields for digests; SHA-1 alone if no other is known.

    >>> fields("Block", Digests(sha1="sha1:A", sha256="sha256:b"), "both")
    [('WARC-Block-Digest', 'sha1:A'), ('WARC-Block-Digest-SHA256', 'sha256:b')]
    """
    name = f"WARC-{what}-Digest"
    if digests.sha256 is None or algorithm == "sha1":
        return [(name, digests.sha1)]
    if algorithm == "sha256":
        return [(name, digests.sha256)]
    return [(name, digests.sha1), (name + SECOND, digests.sha256)]

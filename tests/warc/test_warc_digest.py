"""Digests as different writers spell them come to one form."""

from __future__ import annotations

import base64
import hashlib

import pytest

from crawler.warc.digest import algorithm_of, canonical_digest, digest_bytes

LABELS = {"sha1": ["sha1", "SHA-1", "sha_1", "Sha1", "urn:sha1"], "sha256": ["sha256", "sha-256", "SHA_256", "sha2-256"],
          "md5": ["md5", "MD-5"], "sha512": ["SHA-512"]}  # fmt: skip


@pytest.mark.parametrize("name", LABELS)
def test_every_label_and_encoding_of_a_digest_is_one(name: str) -> None:
    raw = hashlib.new(name, b"page").digest()
    values = [raw.hex(), raw.hex().upper(), *(f(raw).decode() for f in (base64.b32encode, base64.b64encode, base64.urlsafe_b64encode))]
    values += [value.rstrip("=") for value in values] + [base64.b32encode(raw).decode().lower()]
    found = {canonical_digest(f"{label}:{value}") for label in LABELS[name] for value in values}
    assert found == {"sha1:" + base64.b32encode(raw).decode() if name == "sha1" else f"{name}:{raw.hex()}"}
    assert all(digest_bytes(value, len(raw)) == raw for value in values)


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        (None, None), ("", None), ("sha1:", None), ("Blake3:AbC=", "blake3:AbC="), ("sha1:short", "sha1:short"),
        ("GEZDGNBV", "GEZDGNBV"), (" SHA1: q2sdtnaj3wwp5yzsuwm7uf2r4bt2tvf2 ", "sha1:Q2SDTNAJ3WWP5YZSUWM7UF2R4BT2TVF2"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_kept_as_written(written: str | None, canonical: str | None) -> None:
    assert canonical_digest(written) == canonical


def test_unknown_algorithms_are_told_from_known_ones() -> None:
    assert [algorithm_of(label) for label in ("SHA-384", "sha3-256", "blake2b", "blake3", "", "shake_128", "crc32")] == [
        "sha384", "sha3_256", "blake2b", None, None, None, None,
    ]  # fmt: skip

"""Gzip members of blocks in memory: whatever the block, the member inflates to it; random bytes are stored."""

from __future__ import annotations

import gzip
import random
import zlib
from collections.abc import Callable
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.warc.gzip_members import deflate, members

HEAD, TAIL = b"WARC/1.1\r\nWARC-Type: response\r\n\r\n", b"\r\n\r\n"
HTTP = b"HTTP/1.1 200 OK\r\n" + b"Content-Encoding: gzip\r\n" * 12 + b"\r\n"


def mixed(size: int) -> bytes:
    """Text whose ends are random."""
    some = random.Random(size).randbytes(size // 4)
    return some + b"<p>hello</p>" * (size // 24) + some


KINDS: dict[str, Callable[[int], bytes]] = {
    "random": lambda size: random.Random(size).randbytes(size), "text": lambda size: (b"<p>hello</p>" * size)[:size], "mixed": mixed,
}  # fmt: skip


@pytest.mark.parametrize("size", [0, 1, 1024, 1025, 0xFFFF - len(TAIL), 0xFFFF, 0x10000, 2 * 0xFFFF, 2 * 0xFFFF - len(TAIL), 700_000])
@pytest.mark.parametrize("kind", KINDS)
def test_a_member_inflates_to_what_it_was_made_of(kind: str, size: int) -> None:
    body = KINDS[kind](size)
    for text in (0, len(HTTP)):
        member = deflate(HEAD, HTTP + body, TAIL, text=text)
        assert isinstance(member, bytes)
        assert gzip.decompress(member) == HEAD + HTTP + body + TAIL
        (found,) = members(BytesIO(member))
        assert (found.length, found.size, found.fault) == (len(member), len(HEAD + HTTP + body + TAIL), None)


@given(st.binary(max_size=200), st.binary(max_size=4000), st.integers(0, 300), st.binary(max_size=8))
def test_any_block_inflates_to_itself(head: bytes, block: bytes, text: int, tail: bytes) -> None:
    member = deflate(head, block, tail, text=min(text, len(block)))
    assert isinstance(member, bytes)
    assert gzip.decompress(member) == head + block + tail


def test_a_coded_body_is_stored_and_a_text_is_not() -> None:
    coded = gzip.compress(random.Random(1).randbytes(30_000))
    member = deflate(HEAD, HTTP + coded, TAIL, text=len(HTTP))
    assert isinstance(member, bytes)
    assert coded in member
    assert len(member) < len(coded) + len(zlib.compress(HEAD + HTTP)) + 40
    text = deflate(HEAD, HTTP + KINDS["text"](30_000), TAIL, text=len(HTTP))
    assert len(text) < 1000
    # Random at its ends only.
    assert len(deflate(HEAD, HTTP + mixed(40_000), TAIL, text=len(HTTP))) < 22_000

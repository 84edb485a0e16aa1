"""Stored response blocks: the record's own length says where the body ends, whatever the head says."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.warc.stored_entity import StoredEntity

PAGE = b"<html><p>It was time, said the mayor.</p></html>"
CHUNKS = b"5\r\n" + PAGE[:5] + b"\r\n%X;x=y\r\n" % len(PAGE[5:]) + PAGE[5:] + b"\r\n0\r\nX: t\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

CASES: dict[str, tuple[bytes, int | None, bytes, str]] = {
    "as the wire": (b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(PAGE) + PAGE, 200, PAGE, ""),
    "chunked": (CHUNKED + CHUNKS, 200, PAGE, ""),
    "chunked and cut": (CHUNKED + CHUNKS[:-40], 200, PAGE[:-27], ""),
    "chunked and cut in a trailer": (CHUNKED + CHUNKS[:-6], 200, PAGE, ""),
    "chunked said": (CHUNKED + PAGE, 200, PAGE, "head says chunked, body is not"),
    "chunked said, a number first": (CHUNKED + b"2026\nwas a year", 200, b"2026\nwas a year", "head says chunked, body is not"),
    "chunked said, a number as of chunks first": (CHUNKED + b"20\r\nwas a year of " + PAGE, 200, b"20\r\nwas a year of " + PAGE, "body is not"),
    "chunked said, nothing there": (CHUNKED, 200, b"", ""),
    "chunked said, one letter": (CHUNKED + b"z", 200, b"z", "body is not"),
    "no chunk at all": (CHUNKED + b"0\r\n\r\n", 200, b"", ""),
    "a page behind no chunk": (CHUNKED + b"0\r\n\r\n" + PAGE, 200, PAGE, "ends before the stored body"),
    "trailers behind the end": (CHUNKED + b"5\r\n" + PAGE[:5] + b"\r\n0\r\n\r\nX: t\r\nY: u\r\n\r\n", 200, PAGE[:5], "ends before the stored body"),
    "framing that breaks": (CHUNKED + b"5\r\n" + PAGE[:5] + b"\r\n" + PAGE[5:], 200, PAGE, "ends before the stored body"),
    "length too short": (b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n" + PAGE, 200, PAGE, "Content-Length 7 of 48 stored bytes"),
    "length nought": (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" + PAGE, 200, PAGE, "Content-Length 0 of 48"),
    "length too long": (b"HTTP/1.1 200 OK\r\nContent-Length: 700\r\n\r\n" + PAGE, 200, PAGE, "Content-Length 700 of 48"),
    "length no number": (b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n" + PAGE, 200, PAGE, ""),
    "HTTP/2": (b"HTTP/2 200\r\ncontent-type: text/html\r\n\r\n" + PAGE, 200, PAGE, ""),
    "HTTP/3": (b"HTTP/3 404 Gone\r\n\r\n" + PAGE, 404, PAGE, ""),
    "h2 spelt out": (b"HTTP/2.0 200 OK\r\n\r\n" + PAGE, 200, PAGE, ""),
    "no version": (b"HTTP 200 OK\r\n\r\n" + PAGE, 200, PAGE, ""),
    "lower case": (b"http/1.1 301 moved\r\n\r\n", 301, b"", ""),
    "no reason": (b"HTTP/1.0 204\r\n\r\n", 204, b"", ""),
    "LF only": (b"HTTP/1.1 200 OK\nA: b\n\n" + PAGE, 200, PAGE, ""),
    "status nought": (b"HTTP/1.1 0 No Content\r\nA: b\r\n\r\n", None, b"", "status line 'HTTP/1.1 0 No Content'"),
    "no status": (b"HTTP/1.1 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE, None, PAGE, "status line 'HTTP/1.1 OK'"),
    "a page about HTTP": (b"HTTP/1.1 is a protocol\nand this is a text\n\n" + PAGE, None, b"HTTP/1.1 is a protocol\nand this is a text\n\n" + PAGE, "no HTTP head"),
    "a size line without end": (CHUNKED + b"2\r\nab\r\n2;" + b"x" * 5000, 200, b"ab2;" + b"x" * 5000, "chunk framing ends before"),
    "a size with many zeros": (CHUNKED + b"%030x\r\nab\r\n0\r\n\r\n" % 2, 200, b"ab", ""),
    "radio": (b"ICY 200 OK\r\nicy-name: x\r\n\r\n" + PAGE, 200, PAGE, ""),
    "interim heads": (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\n\r\n" + PAGE, 200, PAGE, "2 interim"),
    "blank lines first": (b"\r\n\r\nHTTP/1.1 200 OK\r\n\r\n" + PAGE, 200, PAGE, ""),
    "no blank line": (b"HTTP/1.1 302 Found\r\nLocation: /x", 302, b"", ""),
    "no head": (PAGE, None, PAGE, "no HTTP head"),
    "no head, many lines": (PAGE + b"\r\n\r\n" + PAGE, None, PAGE + b"\r\n\r\n" + PAGE, "no HTTP head"),
    "no status line": (b"Content-Type: text/html\r\nServer: x\r\n\r\n" + PAGE, None, PAGE, "no status line"),
    "a body with 304": (b"HTTP/1.1 304 Not Modified\r\n\r\n" + PAGE, 304, PAGE, ""),
    "empty": (b"", None, b"", "no HTTP head"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_whole_body_is_read_and_the_oddity_noted(name: str) -> None:
    block, status, body, note = CASES[name]
    for step in (1, 7, len(block) or 1):
        entity = StoredEntity()
        got = b"".join(entity.feed(block[at : at + step]) for at in range(0, len(block), step)) + entity.rest()
        assert (entity.status, got) == (status, body), step
        notes = "; ".join(entity.notes(len(block)))
        assert note in notes if note else not notes, step


@pytest.mark.parametrize(
    ("head", "method", "note"), [(b"HTTP/1.1 200 OK", "HEAD", ""), (b"HTTP/1.1 304 X", "GET", ""), (b"HTTP/1.1 200 OK", "GET", "Content")]
)
def test_an_answer_without_a_body_by_nature_is_not_odd(head: bytes, method: str, note: str) -> None:
    entity = StoredEntity()
    block = head + b"\r\nContent-Length: 648\r\n\r\n"
    assert entity.feed(block) + entity.rest() == b""
    assert note in "".join(entity.notes(len(block), method=method))
    assert bool(note) == bool(entity.notes(len(block), method=method))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=80), st.sampled_from([b"", CHUNKED, b"HTTP/1.1 200 OK\r\n\r\n", CHUNKED + b"5\r\n"]), st.integers(1, 30))
def test_pieces_do_not_matter(data: bytes, head: bytes, step: int) -> None:
    block, whole, bits = head + data, StoredEntity(), StoredEntity()
    expected = whole.feed(block) + whole.rest()
    assert b"".join(bits.feed(block[at : at + step]) for at in range(0, len(block), step)) + bits.rest() == expected
    assert (bits.head, bits.chunked) == (whole.head, whole.chunked)

"""Heads and body framing: whatever the bytes, nothing is lost, nothing is read twice, and pieces do not matter."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warc_makers import entity_body

from crawler.http import http1
from crawler.http.chunked import Dechunker
from crawler.http.http1 import head_end, parse_head, response_framing

EXAMPLES = settings(max_examples=150, deadline=None)
SOUP = st.lists(
    st.sampled_from(
        [b"0", b"5", b"a", b"\r\n", b"\n", b"\r", b";x", b"hello", b"0\r\n\r\n", b"5\r\nhello\r\n", b"-1", b" ", b"\0", b"T: 1\r\n"]
    ),
    max_size=20,
).map(b"".join)


def chunked(parts: list[bytes]) -> bytes:
    return b"".join(b"%x;e\r\n%b\r\n" % (len(part), part) for part in parts if part) + b"0\r\nT: 1\r\n\r\n"


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    at = sorted({cut % (len(data) + 1) for cut in cuts} | {0, len(data)})
    return [data[a:b] for a, b in pairwise(at)]


@given(st.lists(st.binary(max_size=40), max_size=6), st.binary(max_size=10), st.lists(st.integers(0, 999), max_size=8))
@EXAMPLES
def test_dechunking_does_not_depend_on_the_pieces(parts: list[bytes], behind: bytes, cuts: list[int]) -> None:
    body = chunked(parts)
    dechunker = Dechunker()
    out = b"".join([dechunker.feed(piece) for piece in pieces(body + behind, cuts)])
    assert (out, dechunker.done, dechunker.problem) == (b"".join(parts), True, None)
    assert (dechunker.consumed, dechunker.rest) == (len(body), behind)


@given(SOUP, st.lists(st.integers(0, 999), max_size=8))
@EXAMPLES
def test_dechunking_soup(soup: bytes, cuts: list[int]) -> None:
    whole, bits = Dechunker(), Dechunker()
    out = whole.feed(soup)
    assert b"".join([bits.feed(piece) for piece in pieces(soup, cuts)]) == out
    assert (bits.done, bits.problem, bits.odd) == (whole.done, whole.problem, whole.odd)
    if whole.done or whole.problem:
        assert soup[whole.consumed :] == whole.rest == bits.rest
    again = Dechunker()
    assert again.feed(soup[: whole.consumed]) == out


@given(st.lists(st.binary(min_size=1, max_size=30), min_size=1, max_size=5), st.integers(0, 60), st.lists(st.integers(0, 999), max_size=5))
@EXAMPLES
def test_dechunking_stops_at_its_budget(parts: list[bytes], budget: int, cuts: list[int]) -> None:
    entity = b"".join(parts)
    dechunker = Dechunker(max_bytes=budget)
    body = chunked(parts)
    out = b"".join([dechunker.feed(piece) for piece in pieces(body, cuts)])
    assert out == entity[:budget]
    assert dechunker.over == (len(entity) > budget)
    assert dechunker.done == (len(entity) <= budget)
    assert body[dechunker.consumed :] == dechunker.rest


@pytest.mark.parametrize(
    ("body", "problem", "limited"),
    [
        (b"zz\r\n", "chunk size", False),
        (b"-1\r\n", "chunk size", False),
        (b"+5\r\nhello", "chunk size", False),
        (b"0x5\r\nhello", "chunk size", False),
        (b"11111111111111111\r\n", "chunk size", False),
        (b"\r\n", "chunk size", False),
        (b"2\r\nhello\r\n", "chunk longer than its size", False),
        (b"2\r\nhel", "chunk longer than its size", False),
        (b"2\r\nhi\rx", "chunk longer than its size", False),
        (b"5;" + b"x" * 5000, "chunk framing line over 4096 bytes", True),
        (b"5;" + b"x" * 5000 + b"\r\n", "chunk framing line over 4096 bytes", True),
        (b"0\r\n" + b"T: 1\r\n" * 70_000, "trailers over their limit", True),
        (b"0\r\n" + b"T" * 300_000, "trailers over their limit", True),
    ],
)
def test_broken_chunks(body: bytes, problem: str, limited: bool) -> None:
    dechunker = Dechunker()
    dechunker.feed(body)
    assert (dechunker.problem, dechunker.limited, dechunker.done) == (problem, limited, False)
    assert body[dechunker.consumed :] == dechunker.rest
    assert bool(dechunker.within_limit) == limited


@pytest.mark.parametrize("body", [b"5\nhello\n0\n\n", b" 5 \r\nhello\r\n0\r\n\r\n", b"%020x\r\nhello\r\n00\r\n\r\n" % 5])
def test_sloppy_chunks_that_have_one_meaning(body: bytes) -> None:
    dechunker = Dechunker()
    assert dechunker.feed(body) == b"hello"
    assert dechunker.done


@given(st.binary(max_size=200).map(b"HTTP/1.1 200 OK\r\n".__add__), st.binary(max_size=20))
@EXAMPLES
def test_any_head_parses(head: bytes, body: bytes) -> None:
    parsed = parse_head(head)
    framing, length, _ = response_framing(parsed, "GET")
    assert parsed.status in (200, None)
    assert (framing == "length") or length == 0
    assert all(name.encode("latin-1").strip(b" \t") and "\n" not in name + value for name, value in parsed.fields)
    out, _ = entity_body(parsed, body)
    assert len(out) <= len(body)


@given(st.lists(st.tuples(st.from_regex(r"[A-Za-z-]{1,8}", fullmatch=True), st.from_regex(r"[!-~]{0,8}", fullmatch=True)), max_size=5))
@EXAMPLES
def test_fields_come_back_as_sent(fields: list[tuple[str, str]]) -> None:
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields)
    data = f"HTTP/1.0 404 Not Here\r\n{lines}\r\n".encode()
    head = parse_head(data)
    assert (head.version, head.status, head.reason, head.problem) == ("1.0", 404, "Not Here", None)
    assert head.fields == tuple(fields)
    assert head_end(data + b"\r\n\r\n") == len(data)


@given(st.binary(max_size=60), st.lists(st.integers(0, 999), max_size=5))
@EXAMPLES
def test_head_end_looked_for_in_steps(tail: bytes, cuts: list[int]) -> None:
    data = b"HTTP/1.1 200 OK\r\nA: b\r" + tail
    buffer, looked, found = b"", 0, -1
    for piece in pieces(data, cuts):
        buffer += piece
        found = head_end(buffer, looked)
        if found >= 0:
            break
        looked = max(0, len(buffer) - 3)
    assert found == head_end(data)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("Content-Length: 5", ("length", 5, None)),
        ("Content-Length: 5\r\ncontent-length: 5, 05", ("length", 5, "Content-Length more than once")),
        ("Content-Length: 5,", ("length", 5, "Content-Length more than once")),
        ("Content-Length: 00000000000000000000005", ("length", 5, None)),
        ("Content-Length: 000", ("length", 0, None)),
        ("Content-Length: 5\r\nContent-Length: 6", ("close", 0, "Content-Lengths that differ")),
        ("Content-Length: ", ("close", 0, "Content-Length ''")),
        ("Content-Length: 5\xa0", ("close", 0, "Content-Length '5\\xa0'")),
        ("Content-Length: 0x5", ("close", 0, "Content-Length '0x5'")),
        ("Content-Length: 99999999999999999999", ("close", 0, "Content-Length '99999999999999999999'")),
        ("Transfer-Encoding: Chunked", ("chunked", 0, None)),
        ("Transfer-Encoding: chunked\r\nContent-Length: 5", ("chunked", 0, "both Content-Length and Transfer-Encoding")),
        ("Transfer-Encoding: gzip, chunked", ("chunked", 0, "transfer coding gzip, chunked")),
        ("Transfer-Encoding: chunked\r\nTransfer-Encoding: x", ("close", 0, "transfer coding chunked, x")),
        ("Transfer-Encoding: chunked\xa0", ("close", 0, "transfer coding chunked\xa0")),
        (
            "Transfer-Encoding: identity\r\nContent-Length: 5",
            ("length", 5, "transfer coding identity; both Content-Length and Transfer-Encoding"),
        ),
        ("Transfer-Encoding: chunked, chunked", ("chunked", 0, "transfer coding chunked, chunked")),
        ("Transfer-Encoding: , chunked", ("chunked", 0, "empty element in Transfer-Encoding")),
        ("Transfer-Encoding:", ("close", 0, None)),
        ("X: 1", ("close", 0, None)),
    ],
)
def test_framing(fields: str, expected: tuple[str, int, str | None]) -> None:
    head = parse_head(f"HTTP/1.1 200 OK\r\n{fields}\r\n\r\n".encode("latin-1"))
    assert response_framing(head, "GET") == expected
    assert response_framing(head, "HEAD") == ("none", 0, expected[2])


@pytest.mark.parametrize(
    ("head", "problem"),
    [
        (b"HTTP/1.1 200 OK\nA: b\n\n", "bare LF"),
        (b"HTTP/1.1 200 a\rb: c\r\n\r\n", "control character in the head"),
        (b"HTTP/1.1 200 OK\r\nA: \0\r\n\r\n", "control character in the head"),
        (b"HTTP/1.1 200 OK\r\nA:\tb\r\n\r\n", None),
        (b"HTTP/1.1 20 OK\r\n\r\n", "status line"),
        (b"HTTP/1.1 200\r\n\r\n", "no blank behind the status code"),
        (b"HTTP/1.1 200 \r\n\r\n", None),
        (b"HTTP/1.2 200 OK\r\n\r\n", "HTTP version 1.2"),
        (b"HTTP/1.1 999 No\r\n\r\n", "status outside 100 to 599"),
        (b"HTTP/1.1 200 \xe9\t \r\nA-b!#$%&'*+.^_`|~9:\r\nB: \xff \t\r\n\r\n", None),
        (b"HTTP/1.1 200 OK\r\nA\xe9: b\r\n\r\n", "header name that is no token"),
        (b"HTTP/1.1 200 OK\r\nA (b) : c\r\n\r\n", "white space around a header name; header name that is no token"),
    ],
)
def test_head_problems(head: bytes, problem: str | None) -> None:
    assert parse_head(head).problem == problem


@pytest.mark.parametrize(
    ("line", "status", "version"),
    [
        ("HTTP/1.1\t404 No", 404, "1.1"),
        ("HTTP/1.1  404", 404, "1.1"),
        ("http/1.1 404 No", 404, "1.1"),
        ("HTTP/2 404", 404, "2"),
        ("HTTP/1.1 404No", 404, "1.1"),
        ("HTTP/01.01 404 No", 404, "1.1"),
        ("HTTP 404 No", 404, ""),
        ("HTTP/1.1\v404 No", 404, "1.1"),
        ("HTTP/1.1 4040", None, ""),
        ("HTTP/1.1404 No", None, ""),
        ("HTTP/1.1 No 404", None, ""),
        ("HTTPS/1.1 404 No", None, ""),
    ],
)
def test_status_lines_that_clients_take_are_taken_and_told(line: str, status: int | None, version: str) -> None:
    head = parse_head(f"{line}\r\nA: b\r\n\r\n".encode())
    assert (head.status, head.version) == (status, version)
    assert "status line" in (head.problem or "")


def test_what_is_folded_behind_a_line_that_is_no_field_joins_none() -> None:
    head = parse_head(b"HTTP/1.1 200 OK\r\n x\r\nA: b\r\n c\r\njunk\r\n d\r\n\r\n")
    assert head.fields == (("A", "b c"),)
    assert head.problem == "folded header line; header line without a colon"


@pytest.mark.parametrize(
    ("body", "odd"),
    [
        (b"5\nhello\n0\n\n", ["bare LF in chunk framing"]),
        (b"5\r\nhello\r\n0\r\n\n", ["bare LF in chunk framing"]),
        (b"5 \r\nhello\r\n0\r\n\r\n", ["blank in a chunk size line"]),
        (b"\t5\r\nhello\r\n0\r\n\r\n", ["blank in a chunk size line"]),
        (b"5 ; a = b\r\nhello\r\n0\r\n\r\n", ["blank in a chunk size line"]),
        (b"5;\r\nhello\r\n0\r\n\r\n", ["chunk extension"]),
        (b"5;a;\r\nhello\r\n0\r\n\r\n", ["chunk extension"]),
        (b"5;a=\r\nhello\r\n0\r\n\r\n", ["chunk extension"]),
        (b"5;=a\r\nhello\r\n0\r\n\r\n", ["chunk extension"]),
        (b"5;a b\r\nhello\r\n0\r\n\r\n", ["chunk extension"]),
        (b"5;a \r\nhello\r\n0\r\n\r\n", ["chunk extension"]),
        (b"5;a\r\r\nhello\r\n0\r\n\r\n", ["chunk extension"]),
        (b'5;a="b\r\nhello\r\n0\r\n\r\n', ["chunk extension"]),
        (b'5;a="\\\x01"\r\nhello\r\n0\r\n\r\n', ["chunk extension"]),
        (b'5;a="b; c \\" =";d=e;f\r\nhello\r\n0;g\r\nT: \xe9\r\nU:\r\n\r\n', []),
        (b"00000000000000000000005\r\nhello\r\n0000\r\n\r\n", []),
        (b"5\r\nhello\r\n0\r\nT: \0\r\n\r\n", ["control character in a trailer"]),
        (b"5\r\nhello\r\n0\r\nHTTP/1.1 304 Not Modified\r\n\r\n", ["trailer line without a colon"]),
        (b"5\r\nhello\r\n0\r\nA B: c\r\n d\r\n\r\n", ["trailer name that is no token", "folded trailer line"]),
        (b"5\r\nhello\r\n0\r\nContent-Length: 5\r\n\r\n", ["trailer content-length"]),
    ],
)
def test_chunk_framing_that_has_one_meaning_is_told_where_no_grammar_allows_it(body: bytes, odd: list[str]) -> None:
    for step in (1, 2, len(body)):
        dechunker = Dechunker()
        assert b"".join(dechunker.feed(body[at : at + step]) for at in range(0, len(body), step)) == b"hello"
        assert (dechunker.done, dechunker.problem, list(dechunker.odd)) == (True, None, odd)


@pytest.mark.parametrize("body", [b"<html>", b"\r\n5\r\n", b"5x\r\nhello", b"5 5\r\n", b"", b"5", b"5;" + b"x" * 5000])
def test_a_body_chunked_in_name_only(body: bytes) -> None:
    dechunker = Dechunker()
    dechunker.feed(body)
    assert dechunker.unframed == (body[:2] not in (b"", b"5", b"5;"))


NAMES = st.text("aB1-!~^", min_size=1, max_size=6).map(str.encode)
VALUES = st.text("aZ \t,;:=\"\x80\x85\xa0\xff", max_size=12).map(lambda text: text.encode("latin-1"))
STATUS_LINES = st.builds(
    lambda version, status, reason: b"HTTP/1.%d %d %b" % (version, status, reason), st.integers(0, 1), st.integers(100, 599), VALUES
)


@given(STATUS_LINES, st.lists(st.tuples(NAMES, VALUES), max_size=8), st.booleans(), st.booleans())
@EXAMPLES
def test_a_head_without_fault_is_parsed_as_any_other(line: bytes, fields: list[tuple[bytes, bytes]], whole: bool, stored: bool) -> None:
    data = b"\r\n".join([line, *(b"%b:%b" % field for field in fields), b"\r\n" if whole else b""])
    quick = parse_head(data, stored=stored)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(http1, "_VALID_HEAD", re.compile(rb"(?!)"))
        assert parse_head(data, stored=stored) == quick
    assert http1._VALID_HEAD.fullmatch(data)
    assert quick.problem is None
    assert len(quick.fields) == len(fields)

"""Answers of HTTP/1.1: invalid input is told, valid input is not, and what is kept depends on the bytes alone."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from hypothesis import given, settings
from hypothesis import strategies as st
from segments import SMALL, Peer, answers, ask, read, same, single
from warcio.archiveiterator import ArchiveIterator

from crawler.archive_files.digest_check import check_digests
from crawler.archive_files.reader import cdxj_lines, payload_at
from crawler.http.options import Limits
from crawler.items import LeasedRequest, Target
from crawler.warc.entity import Entity
from crawler.warc.records import records
from crawler.warc.writer import WarcWriter

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
CODED = CHUNKED.replace(b"chunked", b"chunked, gzip") + b"2\r\nab\r\n0\r\n\r\n"
TEXT = b"<html>" + b"x" * 6000 + b"</html>"


def fields(*lines: bytes) -> bytes:
    return OK.replace(b"OK\r\n", b"OK\r\n" + b"".join(line + b"\r\n" for line in lines))


def status_line(line: bytes) -> bytes:
    return OK.replace(b"HTTP/1.1 200 OK", line)


def chunks(body: bytes, *, more: bytes = b"") -> bytes:
    return CHUNKED.replace(b"\r\n\r\n", b"\r\n" + more + b"\r\n") + body


VALID = [
    OK, status_line(b"HTTP/1.1 200 "), status_line(b"HTTP/1.1 200 \xe9t\xe9\t!"), status_line(b"HTTP/1.0 200 OK"),
    status_line(b"HTTP/1.1 404 No"), status_line(b"HTTP/1.1 599 X"), fields(b"A:", b"B:c", b"C: \t d\xff \t", b"!#$%&'*+.^_`|~9: x"),
    OK.replace(b": 2", b": 0000000000000000000000002"), fields(b"Set-Cookie: a", b"Set-Cookie: b"),
    b"HTTP/1.1 200 OK\r\n\r\nab", b"HTTP/1.0 200 OK\r\n\r\nab",
    chunks(b"2\r\nab\r\n0\r\n\r\n"), chunks(b"%020x\r\nab\r\n000\r\n\r\n" % 2), chunks(b"2;a\r\nab\r\n0;b=c\r\nT: 1\r\nU:\r\n\r\n"),
    chunks(b'2;a="x; y \\" =";b=c\r\nab\r\n0\r\n\r\n'), CHUNKED.replace(b": c", b": C") + b"1\r\na\r\n1\r\nb\r\n0\r\n\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + OK,
]  # fmt: skip

TOLD = {
    "status 007": status_line(b"HTTP/1.1 007 OK"),
    "status 000": status_line(b"HTTP/1.1 000 OK"),
    "status 099": status_line(b"HTTP/1.1 099 OK"),
    "status 600": status_line(b"HTTP/1.1 600 OK"),
    "tab in the status line": status_line(b"HTTP/1.1\t200 OK"),
    "tab behind the status": status_line(b"HTTP/1.1 200\tOK"),
    "two blanks": status_line(b"HTTP/1.1  200 OK"),
    "no blank behind the status": status_line(b"HTTP/1.1 200"),
    "no blank before the reason": status_line(b"HTTP/1.1 200OK"),
    "version in small letters": status_line(b"http/1.1 200 OK"),
    "version without a dot": status_line(b"HTTP/2 200"),
    "no version": status_line(b"HTTP 200 OK"),
    "unknown version": status_line(b"HTTP/1.7 200 OK"),
    "control character in the reason": status_line(b"HTTP/1.1 200 O\x07K"),
    "blank inside a name": fields(b"Bad Name: x"),
    "name of signs": fields(b"{}: x"),
    "name of another alphabet": fields("é: x".encode()),
    "blank before the colon": fields(b"A : x"),
    "no name": fields(b": x"),
    "no colon": fields(b"junk"),
    "folded line": fields(b"A: b", b" c"),
    "blank before the first name": fields(b" A: b"),
    "NUL in a value": fields(b"A: \0"),
    "DEL in a value": fields(b"A: \x7f"),
    "CR in a value": fields(b"A: b\rc"),
    "bare LF in the head": OK.replace(b"\r\n", b"\n"),
    "one bare LF": OK.replace(b"OK\r\n", b"OK\n"),
    "blank line first": b"\r\n" + OK,
    "two lengths alike": fields(b"Content-Length: 2"),
    "lengths in a list": OK.replace(b": 2", b": 2, 2"),
    "length with a sign": OK.replace(b": 2", b": +2"),
    "length and chunked": chunks(b"2\r\nab\r\n0\r\n\r\n", more=b"Content-Length: 9\r\n"),
    "chunked twice": chunks(b"2\r\nab\r\n0\r\n\r\n", more=b"Transfer-Encoding: chunked\r\n"),
    "unknown coding before chunked": CHUNKED.replace(b": c", b": x, c") + b"2\r\nab\r\n0\r\n\r\n",
    "identity": fields(b"Transfer-Encoding: identity"),
    "chunked in HTTP/1.0": CHUNKED.replace(b"1.1", b"1.0") + b"2\r\nab\r\n0\r\n\r\n",
    "bare LF in chunk lines": chunks(b"2\nab\n0\n\n"),
    "bare LF behind a chunk": chunks(b"2\r\nab\n0\r\n\r\n"),
    "bare LF behind the last chunk": chunks(b"2\r\nab\r\n0\r\n\n"),
    "blank behind a size": chunks(b"2 \r\nab\r\n0\r\n\r\n"),
    "blank before a size": chunks(b" 2\r\nab\r\n0\r\n\r\n"),
    "tab behind the last size": chunks(b"2\r\nab\r\n0\t\r\n\r\n"),
    "blanks in an extension": chunks(b"2 ; a = b\r\nab\r\n0\r\n\r\n"),
    "empty extension": chunks(b"2;\r\nab\r\n0\r\n\r\n"),
    "extension without a name": chunks(b"2;=x\r\nab\r\n0\r\n\r\n"),
    "extension without a value": chunks(b"2;x=\r\nab\r\n0\r\n\r\n"),
    "control character in an extension": chunks(b"2;x\x01\r\nab\r\n0\r\n\r\n"),
    "quotes left open in an extension": chunks(b'2;x="y\r\nab\r\n0\r\n\r\n'),
    "NUL in a trailer": chunks(b"2\r\nab\r\n0\r\nT: \0\r\n\r\n"),
    "trailer without a colon": chunks(b"2\r\nab\r\n0\r\nHTTP/1.1 304 Not Modified\r\n\r\n"),
    "trailer name that is no token": chunks(b"2\r\nab\r\n0\r\nA B: c\r\n\r\n"),
    "folded trailer": chunks(b"2\r\nab\r\n0\r\nA: b\r\n c\r\n\r\n"),
    "a length in a trailer": chunks(b"2\r\nab\r\n0\r\nContent-Length: 2\r\n\r\n"),
    "interim answer with bare LF": b"HTTP/1.1 103 Early Hints\nLink: </a>\n\n" + OK,
    "interim answer of another version": b"HTTP/1.2 103 Early Hints\r\n\r\n" + OK,
    "interim answer with a length": b"HTTP/1.1 103 Early Hints\r\nContent-Length: 0\r\n\r\n" + OK,
    "surplus": OK + b"\r\n",
}
"""Taken all the same: as browsers and curl take them."""

MALFORMED = {
    "no HTTP": b"<html>old</html>",
    "another protocol's name": b"HTTPS/1.1 200 OK\r\n\r\nab",
    "status of two digits": status_line(b"HTTP/1.1 20 OK"),
    "status of four digits": status_line(b"HTTP/1.1 2000 OK"),
    "chunked in name only, one long line": CHUNKED + TEXT,
    "chunked in name only, lines": CHUNKED + b"<p>a</p>\r\n<p>b</p>\r\n",
    "chunked in name only, a line end first": CHUNKED + b"\r\n2\r\nab\r\n0\r\n\r\n",
    "bad size": CHUNKED + b"2\r\nab\r\nZZ\r\n2\r\ncd\r\n0\r\n\r\n",
    "words behind a size": CHUNKED + b"2\r\nab\r\n2 x\r\ncd\r\n0\r\n\r\n",
    "negative size": CHUNKED + b"2\r\nab\r\n-1\r\n",
    "size with 0x": CHUNKED + b"2\r\nab\r\n0x2\r\ncd\r\n0\r\n\r\n",
    "size over 64 bits": CHUNKED + b"2\r\nab\r\n" + b"f" * 17 + b"\r\nmore",
    "chunk longer than its size": CHUNKED + b"2\r\nabc\r\n0\r\n\r\n",
    "chunk shorter than its size": CHUNKED + b"4\r\nab\r\n0\r\n\r\n",
    "101": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n\0foreign\r\n\r\n",
}


@pytest.mark.parametrize("raw", VALID)
def test_valid_answers_bear_no_mark(raw: bytes) -> None:
    found = read(raw)
    assert (found["reason"], found["problem"], found["payload"]) == (None, None, b"ab")


@pytest.mark.parametrize("name", TOLD)
def test_invalid_answers_that_have_one_meaning_are_taken_and_told(name: str) -> None:
    found = read(TOLD[name])
    assert (found["reason"], found["payload"]) == (None, b"ab")
    assert found["problem"]


@pytest.mark.parametrize("name", MALFORMED)
def test_what_follows_a_fault_is_kept_until_the_peer_stops(name: str) -> None:
    raw = MALFORMED[name]
    whole = read(raw)
    assert (whole["reason"], bool(whole["problem"]), whole["kept"]) == ("malformed", True, False)
    if b"Content-Length: 2" not in raw:
        assert whole["response"] == raw
    at = raw.index(b"\r\n\r\n") + 4 if b"\r\n\r\n" in raw else len(raw) // 2
    for pieces in ([raw[:at], raw[at:]], single(raw), [raw[:at][:-1], raw[:at][-1:], raw[at:]]):
        assert same(read(*pieces)) == same(whole)
    held = read(*single(raw), hold=True)
    assert (held["response"], held["payload"], held["problem"]) == (whole["response"], whole["payload"], whole["problem"])


@pytest.mark.parametrize(
    ("raw", "payload", "truncated"),
    [
        (CHUNKED + TEXT, TEXT, "disconnect"),
        (CHUNKED + b"2\r\nab\r\nZZ\r\nmore", b"ab", "disconnect"),
        (b"HTTP/1.1 101 X\r\n\r\nforeign", b"", None),
        (b"<html>old</html>", b"<html>old</html>", None),
    ],
)
def test_the_payload_of_a_malformed_answer(raw: bytes, payload: bytes, truncated: str | None) -> None:
    found = read(raw)
    assert (found["payload"], found["truncated"], found["reason"]) == (payload, truncated, "malformed")


def test_a_connection_is_kept_behind_faults_that_leave_no_doubt_where_the_answer_ends() -> None:
    assert [read(raw, hold=True)["kept"] for raw in (OK, status_line(b"HTTP/1.1 200"), status_line(b"HTTP/1.1 999 No"))] == [True] * 3
    assert not any(read(raw, hold=True)["kept"] for raw in (TOLD["name of signs"], TOLD["blank behind a size"], TOLD["NUL in a trailer"]))


@pytest.mark.parametrize("count", [9, 120])
def test_interim_answers_are_limited_by_bytes_not_by_number(count: int) -> None:
    interim = b"HTTP/1.1 102 Processing\r\n\r\n"
    found = read(*[interim] * count, OK)
    assert (found["reason"], found["payload"], found["interim"]) == (None, b"ab", (interim,) * count)
    few = Limits(head_bytes=len(interim) * count - 1)
    assert read(*[interim] * count, OK, limits=few)["reason"] == "limit"


async def test_interim_answers_are_limited_by_time() -> None:
    class Endless(Peer):
        async def receive(self, until: float) -> bytes:
            return b"HTTP/1.1 102 Processing\r\n\r\n"

    exchange, reason, _ = await ask(Endless([], hold=True), limits=Limits(total=0.02, head_bytes=2**40))
    assert reason == "timeout"
    assert exchange is not None
    assert exchange.truncated == "time"


@pytest.mark.parametrize("raw", [b"HTTP/1.1 200 OK\r\nA: " + b"x" * 300_000 + b"\r\n\r\nab", b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 50_000])
def test_a_head_over_its_limit_is_cut_at_one_place(raw: bytes) -> None:
    step = 7000
    whole, pieces = read(raw), read(*[raw[at : at + step] for at in range(0, len(raw), step)])
    assert same(whole) == same(pieces)
    assert (whole["reason"], whole["response"]) == ("limit", raw[: 256 * 1024])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        (CHUNKED + b"2\r\nab\r\n2;" + b"x" * 9000, len(CHUNKED) + 7 + 4098),
        (CHUNKED + b"2\r\nab\r\n2;" + b"x" * 9000 + b"\r\ncd\r\n0\r\n\r\n", len(CHUNKED) + 7 + 4098),
        (CHUNKED + b"2\r\nab\r\n0\r\n" + b"T: 1\r\n" * 60_000, len(CHUNKED) + 10 + 256 * 1024),
        (CHUNKED + b"1;abcdefgh\r\na\r\n" * 300_000, None),
    ],
)
def test_chunk_framing_over_a_limit_is_cut_at_one_place(raw: bytes, kept: int | None) -> None:
    found = [read(*[raw[at : at + step] for at in range(0, len(raw), step)]) for step in (len(raw), 4097, 65_536)]
    assert found[0]["reason"] == "limit"
    assert [same(other) for other in found[1:]] == [same(found[0])] * 2
    assert kept is None or found[0]["response"] == raw[:kept]


@pytest.mark.slow
@given(answers(), st.booleans(), st.lists(st.integers(0, 9999), max_size=6))
@settings(max_examples=80, deadline=None)
def test_what_is_kept_and_said_depends_on_the_bytes_not_on_the_pieces(raw: bytes, hold: bool, places: list[int]) -> None:
    whole = same(read(raw, hold=hold, limits=SMALL, max_bytes=40))
    at = sorted({place % (len(raw) + 1) for place in places} | {0, len(raw)})
    cuts = [[raw[a:b] for a, b in pairwise(at)], single(raw)]
    cuts += [[raw[:one], raw[one:]] for one in range(1, len(raw), 1 + len(raw) // 40)]
    for pieces in cuts:
        assert same(read(*pieces, hold=hold, limits=SMALL, max_bytes=40)) == whole, pieces


@given(answers())
@settings(max_examples=150, deadline=None)
def test_what_is_read_from_the_block_is_what_came_over_the_wire(raw: bytes) -> None:
    found = read(raw)
    if found["status"] not in (None, 101):
        for step in (1, 7, len(raw)):
            entity, block = Entity(), found["response"]
            assert b"".join(entity.feed(block[at : at + step]) for at in range(0, len(block), step)) == found["payload"]


def test_every_answer_comes_back_out_of_a_warc(tmp_path: Path) -> None:
    made = WarcWriter(folder=tmp_path, indexes=tmp_path, quarantine=tmp_path, prefix="x", hostname="here", software="test/1", lines_of=cdxj_lines)
    rows = {}
    for raw in [*VALID, *TOLD.values(), *MALFORMED.values(), CODED]:
        exchange = read(raw)["exchange"]
        rows[made.write_exchange(exchange, LeasedRequest(target=Target(key="k", url=exchange.url, site="x", role="page"))).record_id] = exchange
    made.close()
    (path,) = tmp_path.glob("*.warc.gz")
    found = list(records(path))
    assert [fault for record in found for fault in check_digests(record, wire=True).faults] == []
    responses = [record for record in found if record.type == "response"]
    assert len(responses) == len(rows)
    for record in responses:
        exchange = rows[record.record_id]
        assert record.block() == exchange.response.read()
        assert bool(record.fields.first("warc-payload-digest")) == (exchange.status not in (None, 101))
        if record.fields.first("warc-payload-digest"):
            assert payload_at(path, record.offset)[1] == exchange.payload.read()
    with path.open("rb") as stream:
        assert sum(record.rec_type == "response" for record in ArchiveIterator(stream)) == len(rows)
    with path.open("rb") as stream:
        assert all(record.verify_block_digest() for record in FastIterator(stream, parse_http=False))

"""What was written is read back the same, from our files and from others', and bad files never do more than say so."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import zlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warc_makers import PAGE, START, TLS, URL, chunked, exchange, lease, response, writer

from crawler.archive_files.reader import archived, cdxj_lines, payload_at, record_at, records
from crawler.errors import BrokenChunking, Damaged, NotAWarc
from crawler.items import Capture, Exchange, Failure, LeasedRequest, Target
from crawler.urls import surt
from crawler.warc.digest import Entity, digest_of, payload_digest
from crawler.warc.fetch_metadata import failure_of
from crawler.warc.headers import _folded_fields, read_fields

LATER = START + timedelta(days=1)


def write(folder: Path, *pairs: tuple[Exchange, LeasedRequest, dict[str, Any]], **options: Any) -> tuple[list[Capture], Path]:
    w = writer(folder, **options)
    captures: list[Capture] = []
    for one, errand, more in pairs:
        original = captures[more.pop("original")] if "original" in more else None
        captures.append(w.write_exchange(one, errand, original=original, **more))
    done = w.close()
    assert done is not None
    return captures, done.path


EVERY_KIND: list[tuple[Exchange, LeasedRequest, dict[str, Any]]] = [
    (exchange(), lease(found_on="https://www.presstv.co.uk/rss.xml", language="en", depth=2, hops=1, attempt=3), {}),
    (exchange(), lease(), {"original": 0}),
    (exchange(b'HTTP/1.1 304 Not Modified\r\netag: "e1"\r\n\r\n'), lease(validates="urn:uuid:1"), {"original": 0}),
    (exchange(b"HTTP/1.1 304 Not Modified\r\n\r\n"), lease(), {}),
    (exchange(chunked(), tls=TLS), lease(), {}),
    (exchange(chunked()[:-30], truncated="disconnect", problem="chunked body cut off"), lease(), {"reason": "disconnect", "detail": "é\n"}),
    (exchange(response(b"", status="302 Found"), method="HEAD", request=b"HEAD / HTTP/1.1\r\n\r\n"), lease(role="seed", story=None), {}),
    (exchange(b"garbage", problem="no HTTP", protocol="http/0.9"), lease(), {"reason": "malformed"}),
    (exchange(b"HTTP/1.1 200 OK\r\nCont", truncated="time"), lease(), {"reason": "timeout", "detail": ""}),
    (exchange(b"HTTP/1.1 2000 What\r\nA: b\r\n\r\nx", problem="status line"), lease(role="requisite", key="k"), {}),
    (exchange(b"\r\nHTTP/1.0 404 \r\n\r\nno", protocol="http/1.0", ip=None), lease(key=' "odd key" '), {}),
    (exchange(url="https://a.example/\u2028é", interim=(b"HTTP/1.1 103 Early\r\n\r\n",)), lease(url="https://a.example/\u2028é"), {}),
]


@pytest.mark.parametrize("chunked_digest", ["spec", "omit"])
@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "both"])
def test_every_capture_and_lease_is_read_back_equal(tmp_path: Path, chunked_digest: str, algorithm: str) -> None:
    pairs = [(one, errand, dict(more)) for one, errand, more in EVERY_KIND]
    captures, path = write(tmp_path, *pairs, chunked_digest=chunked_digest, algorithm=algorithm)
    found = list(archived(path))
    assert [item.capture for item in found] == captures
    for item, (one, errand, more) in zip(found, EVERY_KIND, strict=True):
        assert item.capture is not None
        assert item.lease == evolve(errand, target=errand.target.at(one.url))
        assert item.headers == one.headers
        assert item.payload() == (None if item.capture.revisit_of else one.payload.read())
        reason = more.get("reason")
        expected = failure_of(item.capture, reason=reason, detail=more.get("detail", ""), received=len(one.response)) if reason else None
        assert item.failure == expected


def test_failures_without_a_byte_are_read_back_equal(tmp_path: Path) -> None:
    failures = [
        Failure(
            target=Target(url=URL, site="s", role="story", key="s/1", story="s/1"), date=START, reason="dns", detail="no such host",
            attempt=2,
        ),
        Failure(
            target=Target(url="http://bad url/\udc80", site="s", role="page", key="k", found_on=URL), date=LATER, reason="bad-url",
            elapsed_ms=0,
        ),
    ]
    w = writer(tmp_path)
    for failure in failures:
        w.write_failure(failure)
    done = w.close()
    assert done is not None
    found = list(archived(done.path))
    assert [item.failure for item in found] == failures
    assert [item.capture for item in found] == [None, None]
    assert [item.lease.key for item in found] == ["s/1", "k"]
    assert not list(cdxj_lines(done.path))


def test_request_validators_come_back_in_the_lease(tmp_path: Path) -> None:
    one = exchange(request=b'GET / HTTP/1.1\r\nIf-None-Match: "e"\r\nIf-Modified-Since: Tue\r\n\r\n')
    _, path = write(tmp_path, (one, lease(), {}))
    assert [(i.lease.etag, i.lease.last_modified) for i in archived(path)] == [('"e"', "Tue")]


def test_a_payload_is_found_by_its_place(tmp_path: Path) -> None:
    (first, second, revisit), path = write(
        tmp_path, (exchange(chunked()), lease(), {}), (exchange(), lease(), {}), (exchange(), lease(), {"original": 1})
    )
    assert payload_at(path, first.offset)[1] == PAGE
    headers, body = payload_at(path, second.offset, limit=7)
    assert (dict(headers)["Content-Type"], body) == ("Text/HTML; charset=utf-8", PAGE[:7])
    with pytest.raises(Damaged, match="a revisit record"):
        payload_at(path, revisit.offset)
    with pytest.raises(Damaged, match="ends here"):
        record_at(path, path.stat().st_size)
    with pytest.raises(Damaged, match=f"offset {first.offset + 1}"):
        record_at(path, first.offset + 1)


# -- files of others


def foreign(kind: str, record_id: str, block: bytes, *lines: str, version: str = "1.0") -> bytes:
    head = [f"WARC/{version}", f"WARC-Type: {kind}", f"WARC-Record-ID: <urn:x:{record_id}>", "WARC-Date: 2020-01-02T03:04:05Z", *lines]
    return "\r\n".join([*head, f"Content-Length: {len(block)}", "", ""]).encode() + block + b"\r\n\r\n"


HTTP = "Content-Type: application/http; msgtype="
WGET = [
    foreign("warcinfo", "0", b"software: Wget/1.21\r\n"),
    foreign("request", "1", b"GET /a HTTP/1.1\r\n\r\n", HTTP + "request", "WARC-Target-URI: <http://a.example/a>"),
    foreign("response", "2", chunked(), HTTP + "response", "WARC-Target-URI: <http://a.example/a>", "WARC-Concurrent-To: <urn:x:1>",
            "WARC-Payload-Digest: sha1:" + "A" * 32),
    foreign("resource", "3", b"log", "WARC-Target-URI: metadata://gnu.org/wget.log"),
]  # fmt: skip
HERITRIX = [
    foreign("warcinfo", "0", b"software: Heritrix\r\n"),
    foreign("response", "d", b"20200102030405\n", "WARC-Target-URI: dns:a.example", "Content-Type: text/dns"),
    foreign("response", "1", response(b"x"), HTTP + "response", "WARC-Target-URI: http://a.example/1"),
    foreign("request", "2", b"HEAD /1 HTTP/1.0\r\n\r\n", HTTP + "request", "WARC-Concurrent-To: <urn:x:1>"),
    foreign("metadata", "3", b"via: http://a.example/\r\nfetchTimeMs: 12\r\n", "WARC-Concurrent-To: <urn:x:1>"),
    foreign("revisit", "4", response(b""), HTTP + "response", "WARC-Target-URI: http://a.example/2",
            "WARC-Refers-To-Target-URI: http://a.example/1", "WARC-Refers-To-Date: 2020-01-02T03:04:05Z"),
]  # fmt: skip


@pytest.mark.parametrize("compressed", [True, False])
def test_foreign_files_are_read_with_the_callers_defaults(tmp_path: Path, compressed: bool) -> None:
    path = tmp_path / "foreign.warc"
    for parts in (WGET, HERITRIX):
        path.write_bytes(b"".join(gzip.compress(part) if compressed else part for part in parts))
        assert len(list(records(path))) == len(parts)
        found = list(archived(path, site="web"))
        captures = [item.capture for item in found if item.capture]
        assert {(c.role, c.site, c.key) for c in captures} == {("page", "web", c.url) for c in captures}
        assert not any(item.ours for item in found)
        if parts is WGET:
            assert [(c.url, c.payload_digest, c.method) for c in captures] == [("http://a.example/a", digest_of([PAGE]), "GET")]
        else:
            assert [(c.url, c.method, c.found_on, c.elapsed_ms) for c in captures] == [
                ("http://a.example/1", "HEAD", "http://a.example/", 12),
                ("http://a.example/2", "GET", None, None),
            ]
            assert (found[1].refers_to, found[1].payload()) == ("http://a.example/1", None)
        assert payload_at(path, captures[0].offset)[1] == found[0].payload()


def test_heads_with_folded_lines_and_bare_line_feeds_are_read(tmp_path: Path) -> None:
    path = tmp_path / "odd.warc"
    path.write_bytes(b"WARC/1.0\nWARC-Type: resource\nWARC-Record-ID:<urn:x:1>\nWARC-Filename: a\n b\nContent-Length: 2\n\nhi\n\n")
    (record,) = records(path)
    assert (record.record_id, record.fields.first("warc-filename"), record.block()) == ("urn:x:1", "a b", b"hi")


# -- bad files


GOOD = gzip.compress(WGET[0]) + gzip.compress(WGET[1])
BAD: dict[str, tuple[bytes, type[Damaged], str]] = {
    "empty": (b"", NotAWarc, "empty"),
    "text": (b"hello\n", NotAWarc, "neither gzip"),
    "gzipped-text": (gzip.compress(b"hello"), NotAWarc, "does not begin"),
    "gzip-magic-only": (b"\x1f\x8b\x08", NotAWarc, "ends within"),
    "cut": (GOOD[:-9], Damaged, f"offset {len(gzip.compress(WGET[0]))}: the file ends within"),
    "cut-in-checksum": (GOOD[:-3], Damaged, "ends within"),
    "flipped-checksum": (GOOD[:-6] + b"\0\0" + GOOD[-4:], Damaged, "checksum"),
    "zeros-behind": (GOOD + b"\0" * 100, Damaged, f"offset {len(GOOD)}"),
    "two-in-one-member": (gzip.compress(WGET[0] + WGET[1]), Damaged, "one member must hold one record"),
    "length-too-long": (gzip.compress(WGET[0].replace(b"Length: 2", b"Length: 9")), Damaged, "shorter"),
    "length-huge": (gzip.compress(b"WARC/1.0\r\nContent-Length: 999999999999999999\r\n\r\nx"), Damaged, "shorter"),
    "length-missing": (gzip.compress(b"WARC/1.0\r\nA: b\r\n\r\nx"), Damaged, "none"),
    "length-negative": (b"WARC/1.0\r\nContent-Length: -1\r\n\r\nx", Damaged, "Content-Length"),
    "head-without-end": (b"WARC/1.0\r\n" + b"A: b\r\n" * 100_000, Damaged, "no record head"),
    "head-huge": (gzip.compress(b"WARC/1.0\r\nA: " + b"b" * 5_000_000 + b"\r\n\r\n"), Damaged, "no record head"),
    "plain-cut": (WGET[0] + WGET[1][:-20], Damaged, "ends within"),
    "bomb": (gzip.compress(b"WARC/1.0\r\nContent-Length: 1\r\n\r\n" + bytes(20_000_000)), Damaged, "goes on"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_files_are_named_with_their_offset(tmp_path: Path, name: str) -> None:
    data, error, what = BAD[name]
    path = tmp_path / f"{name}.warc.gz"
    path.write_bytes(data)
    with pytest.raises(error, match=what) as raised:
        list(records(path))
    assert raised.type is error
    with pytest.raises(error):
        list(archived(path))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300), st.sampled_from(["", "plain", "gzip", "deflate", "block"]), st.integers(0, 700))
def test_arbitrary_bytes_are_damaged_or_no_warc(tmp_path: Path, data: bytes, wrap: str, at: int) -> None:
    if wrap == "plain":
        data = b"WARC/1.1\r\n" + data
    elif wrap == "gzip":
        data = gzip.compress(b"WARC/1.1\r\n" + data)
    elif wrap == "deflate":
        data = b"\x1f\x8b\x08\0\0\0\0\0\0\0" + zlib.compress(data)[2:-4]
    elif wrap == "block":
        data = WGET[0] + WGET[2][: at % 400] + data + WGET[2][at % 400 :]
    path = tmp_path / "x.warc.gz"
    path.write_bytes(data)
    offset = 0
    try:
        for item in archived(path, site="x"):
            item.payload()
        for record in records(path):
            b"".join(record.chunks())
    except Damaged as error:
        offset = error.offset
    assert 0 <= offset <= len(data)


# -- digests


def test_the_payload_of_a_chunked_response_is_its_entity() -> None:
    assert payload_digest(chunked()) == payload_digest(response()) == digest_of([PAGE])
    with pytest.raises(BrokenChunking) as raised:
        payload_digest(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\nzz\r\n")
    assert raised.value.offset == 7


@given(st.integers(1, 60))
@settings(max_examples=30, deadline=None)
def test_an_entity_does_not_depend_on_how_it_comes(step: int) -> None:
    raw, entity = b"\r\n" + chunked(), Entity()
    assert b"".join(entity.feed(raw[at : at + step]) for at in range(0, len(raw), step)) == PAGE
    assert (entity.status, entity.finish()) == (200, None)


# -- CDXJ


def test_cdxj_is_what_cdxj_indexer_makes(tmp_path: Path) -> None:
    indexer = Path(sys.executable).with_name("cdxj-indexer")
    if not indexer.exists():
        pytest.skip("cdxj-indexer is not installed beside this Python: it comes with the extra `test`")
    urls = ["http://presstv.ir", "http://www2.presstv.ir:80//A//b/?z=1&a=2", "https://fr.presstv.ir/d%C3%A9tail/%2541?q=%20x",
            "https://user@a.example:8443/a|b/", "http://127.0.0.1/x?b&a=1&a-b=2"]  # fmt: skip
    pages = [(exchange(url=url, started=LATER + timedelta(days=n)), lease(), {}) for n, url in enumerate(urls)]
    html = response(head=b"HTTP/1.1 404 Nope\r\nContent-Type: text/html;x\r\n\r\n")
    _, path = write(tmp_path, (exchange(html), lease(), {}), (exchange(html, started=LATER), lease(), {"original": 0}), *pages)
    theirs = subprocess.run([indexer, "--sort", path], capture_output=True, text=True, check=True).stdout
    ours = (tmp_path / "indexes" / path.name.replace(".warc.gz", ".cdxj")).read_text()

    def parsed(text: str) -> list[tuple[str, str, dict[str, str]]]:
        rows = [line.split(" ", 2) for line in text.splitlines()]
        return [(key, stamp, {**(found := json.loads(rest)), "mime": found["mime"].lower()}) for key, stamp, rest in rows]

    assert parsed(ours) == parsed(theirs)
    assert ours.splitlines() == sorted(cdxj_lines(path), key=str.encode)


@pytest.mark.parametrize("url", ["", "\x00", "http://[", "\udc80", "dns:x", "https://a.example/ \u2028\udc80 x"])
def test_a_key_is_one_printable_word(url: str) -> None:
    assert surt(url).isascii()
    assert len(surt(url).split()) == 1
    assert surt(url).isprintable()


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=' \t\r\n:ab-é"', max_size=40))
def test_plain_heads_and_odd_ones_are_read_alike(text: str) -> None:
    for whole in (f"A: b\r\n{text}", text):
        assert read_fields(whole.encode()) == _folded_fields(whole)

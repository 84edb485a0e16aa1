"""Captures of records that other writers made: types, dates, ids, digests, heads."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path

import pytest
from foreign_warcs import record
from warc_makers import chunked, warc_file, warc_record

from crawler.archive_files.reader import Archived, Fault, archived, cdxj_lines, payload_at, revisit_head
from crawler.errors import Damaged
from crawler.items import Omissions
from crawler.warc.digest import digest_of

PAGE = b"<html><h1>Harbour opens again</h1><p>It was time, said the mayor.</p></html>"
HTTP = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE


def read(path: Path, *records: bytes) -> tuple[list[Archived], list[Fault], Omissions]:
    faults: list[Fault] = []
    passed = Omissions()
    found = list(archived(warc_file(path / "x.warc.gz", *records), faults=faults, passed=passed))
    return found, faults, passed


FORMS: dict[str, tuple[bytes, int | None, str | None]] = {
    "response": (warc_record("response", HTTP), 200, "text/html"),
    "type in capitals": (warc_record("response", HTTP, "WARC-Type: RESPONSE"), 200, "text/html"),
    "version in small letters": (warc_record("response", HTTP, version="warc/1.0"), 200, "text/html"),
    "version 0.18": (warc_record("response", HTTP, version="WARC/0.18"), 200, "text/html"),
    "no content type": (warc_record("response", HTTP, "Content-Type:"), 200, "text/html"),
    "another content type": (warc_record("response", HTTP, "Content-Type: text/html"), 200, "text/html"),
    "HTTP/2": (warc_record("response", HTTP.replace(b"HTTP/1.1 200 OK", b"HTTP/2 200")), 200, "text/html"),
    "no head": (warc_record("response", PAGE), 200, None),
    "a page as response": (warc_record("response", PAGE, "Content-Type: text/html"), 200, "text/html"),
    "resource": (warc_record("resource", PAGE, "Content-Type: text/html; charset=utf-8"), 200, "text/html"),
    "resource of ftp": (warc_record("resource", PAGE, "Content-Type: text/html", "WARC-Target-URI: FTP://a.example/x"), 200, "text/html"),
    "resource in HTTP": (warc_record("resource", HTTP, "Content-Type: application/http"), 200, "text/html"),
    "conversion": (warc_record("conversion", PAGE, "Content-Type: text/plain"), 200, "text/plain"),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_a_page_is_a_capture_whatever_record_holds_it(tmp_path: Path, name: str) -> None:
    record, status, mime = FORMS[name]
    (found,), faults, passed = read(tmp_path, record)
    capture = found.capture
    assert capture is not None
    assert (capture.status, capture.mime, found.payload()) == (status, mime, PAGE)
    assert payload_at(tmp_path / "x.warc.gz", capture.offset) == (found.headers, PAGE)
    assert (capture.payload_digest, capture.record_type) == (
        digest_of([PAGE]),
        name.split()[0] if name[:3] in ("res", "con") else "response",
    )
    assert (faults, len(passed)) == ([], 0)


def test_records_that_hold_no_page_are_counted_by_type(tmp_path: Path) -> None:
    records = [
        warc_record("warcinfo", b"software: x\r\n", n=0),
        warc_record("resource", PAGE, "WARC-Target-URI: urn:thumbnail:http://a.example/", n=1),
        warc_record("conversion", b"\x89PNG", "Content-Type: image/png", n=2),
        warc_record("response", b"20200102\n", "WARC-Target-URI: dns:a.example", "Content-Type: text/dns", n=3),
        warc_record("continuation", b"more", n=4),
        warc_record("continuation", b"more", n=5),
        warc_record("request", b"GET / HTTP/1.1\r\n\r\n", n=6),
        warc_record("metadata", b"a: b\r\n", "Content-Type: application/warc-fields", n=7),
        warc_record("request", b"GET / HTTP/1.1\r\n\r\n", "WARC-Target-URI: http://a.example/9", n=8),
        warc_record("response", HTTP, n=9),
    ]
    found, faults, passed = read(tmp_path, *records)
    assert ([entry.capture.url for entry in found if entry.capture], faults) == (["http://a.example/9"], [])
    assert {omission.reason: omission.count for omission in passed} == {
        "WARC record of type continuation": 2, "WARC record of type request": 1, "WARC record of type metadata": 1,
        "WARC record of type resource that is not of the web": 1, "WARC record of type response that is not of the web": 1,
        "WARC record of type conversion without text": 1,
    }  # fmt: skip
    assert all(omission.example.startswith("x.warc.gz offset ") and not omission.incomplete for omission in passed)


@pytest.mark.parametrize(
    ("written", "date", "note"),
    [
        ("2016", "2016-01-01T00:00:00", ""),
        ("2016-09", "2016-09-01T00:00:00", ""),
        ("2016-09-10T11:12Z", "2016-09-10T11:12:00", ""),
        ("2016-09-10T11:12:13.123456789+02:00", "2016-09-10T09:12:13.123456", ""),
        ("20160910111213", "2016-09-10T11:12:13", ""),
        ("Sat, 10 Sep 2016 11:12:13 GMT", "2016-09-10T11:12:13", ""),
        ("2008-10-294T05:21:46-0700", "2015-05-05T05:05:05", "date from HTTP Date, WARC-Date '2008-10-294T"),
        ("", "2015-05-05T05:05:05", "date from HTTP Date, WARC-Date '(none)'"),
    ],
)
def test_dates_of_any_precision_and_what_stands_in(tmp_path: Path, written: str, date: str, note: str) -> None:
    block = HTTP.replace(b"\r\n\r\n", b"\r\nDate: Tue, 05 May 2015 05:05:05 GMT\r\n\r\n", 1)
    (found,), _, _ = read(tmp_path, warc_record("response", block, f"WARC-Date: {written}"))
    assert found.capture is not None
    assert found.capture.date.isoformat() == date + "+00:00"
    assert found.capture.problem == ("; ".join(found.notes) or None)
    assert note in "".join(found.notes) if note else found.notes == ()


def test_the_date_of_the_warcinfo_stands_in_last(tmp_path: Path) -> None:
    info = warc_record("warcinfo", b"software: x\r\n", "WARC-Date: 2014-02-03T04:05:06Z", n=0)
    (found,), _, _ = read(tmp_path, info, warc_record("response", HTTP, "WARC-Date: never"))
    assert found.capture is not None
    assert (found.capture.date.year, found.notes) == (2014, ("date from warcinfo, WARC-Date 'never'",))
    found_none, faults, _ = read(tmp_path, warc_record("response", HTTP, "WARC-Date: never"))
    assert (found_none, [fault.what for fault in faults]) == ([], ["WARC-Date 'never'"])
    with pytest.raises(Damaged, match="never"):
        list(archived(tmp_path / "x.warc.gz"))


def test_records_that_share_or_lack_an_id_are_each_handed_out(tmp_path: Path) -> None:
    same = [warc_record("response", HTTP, f"WARC-Target-URI: http://a.example/{n}") for n in (1, 2)]
    none = [warc_record("response", HTTP, f"WARC-Target-URI: http://a.example/{n}", n=None) for n in (3, 4)]
    found, _, _ = read(tmp_path, *same, *none)
    captures = [entry.capture for entry in found if entry.capture]
    assert [capture.url[-1] for capture in captures] == ["1", "2", "3", "4"]
    assert captures[0].record_id == captures[1].record_id
    assert len({capture.record_id for capture in captures}) == 3
    again, _, _ = read(tmp_path, none[1])
    assert [entry.capture.record_id for entry in again if entry.capture] == [captures[3].record_id]
    assert captures[3].record_id.startswith("urn:uuid:")


def test_a_revisit_says_what_it_refers_to_in_whatever_words(tmp_path: Path) -> None:
    sha256 = hashlib.sha256(PAGE)
    original = warc_record("response", HTTP, f"WARC-Payload-Digest: sha-256:{base64.b32encode(sha256.digest()).decode()}", n=1)
    lines = [
        f"WARC-Payload-Digest: SHA256:{sha256.hexdigest()}",
        "WARC-Refers-To-Target-URI: <http://a.example/1>",
        "WARC-Refers-To-Date: 2020-01-02T03:04:05Z",
    ]
    revisit = warc_record("revisit", HTTP[: -len(PAGE)], "Content-Type: application/http", *lines, n=2)
    headless = warc_record("revisit", b"", *lines, n=3)
    (first, second, third), _, _ = read(tmp_path, original, revisit, headless)
    assert first.capture is not None
    assert second.capture is not None
    assert third.capture is not None
    assert first.digests == (digest_of([PAGE]), f"sha256:{sha256.hexdigest()}")
    assert second.capture.payload_digest == third.capture.payload_digest == first.digests[1]
    assert (second.capture.refers_to_url, second.capture.refers_to_date) == ("http://a.example/1", first.capture.date)
    assert [(c.capture.record_type, c.capture.status, c.payload()) for c in (second, third) if c.capture] == [
        ("revisit", 200, None),
        ("revisit", None, None),
    ]
    path = tmp_path / "x.warc.gz"
    assert revisit_head(path, second.capture.offset) == (200, (("Content-Type", "text/html"),))
    assert revisit_head(path, third.capture.offset) == (None, ())
    with pytest.raises(Damaged, match="a revisit record"):
        payload_at(path, second.capture.offset)


def test_a_digest_over_the_chunk_framing_names_the_payload_too(tmp_path: Path) -> None:
    block = chunked(PAGE)
    framed = digest_of([block[block.index(b"\r\n\r\n") + 4 :]])
    (found,), _, _ = read(tmp_path, warc_record("response", block, "WARC-Payload-Digest: " + framed.lower()))
    assert found.digests == (digest_of([PAGE]), framed)


def test_a_large_body_is_read_whole_past_its_length(tmp_path: Path) -> None:
    body = PAGE * 40_000
    block = b"HTTP/1.1 200 OK\r\nContent-Length: 300\r\nTransfer-Encoding: identity\r\n\r\n" + body
    (found,), _, _ = read(tmp_path, warc_record("response", block))
    assert found.payload() == body
    assert found.capture is not None
    assert found.capture.payload_digest == digest_of([body])
    assert found.notes == (f"Content-Length 300 of {len(body)} stored bytes",)


def test_cdxj_lines_tell_every_revisit_and_no_status_of_a_bare_page(tmp_path: Path) -> None:
    revisits = [
        warc_record("revisit", HTTP[: -len(PAGE)], "Content-Type: application/http", "WARC-Refers-To-Target-URI: http://a.example/1", n=2),
        warc_record("revisit", b"", n=3),
        warc_record("resource", PAGE, "Content-Type: text/html", n=4),
    ]
    found = [json.loads(line.split(" ", 2)[2]) for line in cdxj_lines(warc_file(tmp_path / "x.warc.gz", *revisits))]
    assert [(one["mime"], one.get("status")) for one in found] == [("warc/revisit", "200"), ("warc/revisit", None), ("text/html", None)]


@pytest.mark.parametrize(("block", "status"), [(b"HTTP/1.1 0 No Content\r\nA: b\r\n\r\n", None), (b"HTTP/1.1 OK\r\nA: b\r\n\r\n<p>hi", 200)])
def test_a_status_line_that_tells_no_status_is_no_part_of_the_page(tmp_path: Path, block: bytes, status: int | None) -> None:
    (tmp_path / "x.warc").write_bytes(record(block, "/x"))
    (entry,) = archived(tmp_path / "x.warc")
    assert entry.capture is not None
    assert (entry.capture.status, entry.payload()) == (status, block.partition(b"\r\n\r\n")[2])
    assert "status line" in (entry.capture.problem or "")

"""A part of a collection as one WARC: every record as it was, revisits made whole, what is missing or damaged named."""

from __future__ import annotations

import asyncio
import io
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from exchange_makers import HEAD, START, exchange, lease
from fastwarc.warc import ArchiveIterator as FastIterator
from fastwarc.warc import WarcRecordType
from foreign_warcs import NOT_MODIFIED, SAME, answer, record, revisit, sha1, story, uid, write
from small_collections import change, recorded, twelve, warc_of
from targets import made
from warcio.archiveiterator import ArchiveIterator

from crawler.archive_files.verify import verify_file
from crawler.collection.collection import Collection
from crawler.index.index import Index
from crawler.items import Failure, SpooledBytes
from crawler.maintenance.reindex import rebuild
from crawler.processing.parse_again import Readers
from crawler.subsets.outcome import Outcome, tell_nobody
from crawler.subsets.selection import Selection
from crawler.subsets.warc_subset import write_warc
from crawler.workers.pool import InThisProcess, JobLimits

BODY = story("the crane")
CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"


def subset(collection: Path, *stories: str, since: datetime | None = None) -> tuple[Path, Outcome]:
    """The part of a collection, written to a file; every digest and member in it is right."""
    file, outcome = collection.parent / "part.warc.gz", Outcome()
    selection = Selection(stories=stories or None, since=since)
    with Index.open(collection / "index.db", readonly=True) as index, file.open("wb") as out:
        write_warc(out, index, selection, outcome, tell_nobody, collection=collection, name=file.name, folder=file.parent)
    return file, outcome


def records(file: Path, kind: str | None = None) -> list[Any]:
    """Records as warcio reads them: (type, id, head fields, block)."""
    found = []
    with file.open("rb") as stream:
        for one in ArchiveIterator(stream, no_record_parse=True):
            block = one.content_stream().read()
            if kind in (None, one.rec_type):
                found.append((one.rec_type, one.rec_headers.get_header("WARC-Record-ID"), dict(one.rec_headers.headers), block))
    return found


def sound(file: Path, *, framed: bool = False) -> None:
    """No reader finds a fault: ours, FastWARC and warcio, which take the framing of a chunked body for a part of its payload."""
    assert [fault for fault in verify_file(file).faults if not fault.unusual] == []
    for one in FastIterator(io.BytesIO(file.read_bytes()), parse_http=False):
        assert not one.headers.get("WARC-Block-Digest") or one.verify_block_digest()
    for one in FastIterator(io.BytesIO(file.read_bytes()), record_types=WarcRecordType.response):
        assert framed or not one.headers.get("WARC-Payload-Digest") or one.verify_payload_digest()
    with file.open("rb") as stream:
        for found in ArchiveIterator(stream, check_digests=True):
            found.content_stream().read()
            assert found.digest_checker.passed is not False or framed


def test_every_record_is_as_it_was(tmp_path: Path) -> None:
    path = twelve(tmp_path / "twelve")
    file, outcome = subset(path, "demo/3", "demo/7")
    before, after = records(warc_of(path)), records(file)
    assert [one[0] for one in after] == ["warcinfo", "warcinfo", *(["request", "metadata", "response"] * 2)]
    assert all(one in before for one in after[1:])
    assert b"stories demo/3, demo/7; 2 captures" in after[0][3]
    assert dict(outcome.counts) == {"captures": 2, "records": 8}
    assert outcome.exit_code == 0
    sound(file)
    members = warc_of(path).read_bytes()
    with Index.open(path / "index.db", readonly=True) as index:
        (one,) = index.captures(story_id="demo/3")
    assert members[one.offset : one.offset + one.length] in file.read_bytes()


@pytest.mark.parametrize("framed", [False, True])
def test_a_revisit_is_made_whole_where_its_original_stays_outside(tmp_path: Path, framed: bool) -> None:
    head = CHUNKED if framed else HEAD
    wire = b"%x\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n" % (5, BODY[:5], len(BODY) - 5, BODY[5:]) if framed else BODY
    more = {"payload": SpooledBytes(BODY), "response": SpooledBytes(head + wire), "head_length": len(head)}
    path = recorded(tmp_path / "two", [(exchange(n, BODY, **more), lease(n)) for n in range(2)])
    assert [one[0] for one in records(warc_of(path))].count("revisit") == 1
    file, outcome = subset(path, "demo/1")
    request, metadata, response = records(file)[2:]
    assert (response[0], outcome.counts["revisits made whole"]) == ("response", 1)
    assert response[3] == head + (b"%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY) if framed else BODY)
    assert "WARC-Profile" not in response[2]
    assert not [name for name in response[2] if name.startswith(("WARC-Refers", "WARC-Truncated"))]
    assert response[2]["WARC-Payload-Digest"] == sha1(BODY)
    assert response[2]["WARC-Concurrent-To"] == request[1]
    assert request[2]["WARC-Concurrent-To"] == metadata[2]["WARC-Concurrent-To"] == response[1]
    old = records(warc_of(path), "revisit")[0]
    assert f"wholeOf: {old[1][1:-1]}\r\n".encode() in metadata[3]
    assert f"payloadFrom: {old[2]['WARC-Refers-To'][1:-1]} ".encode() in metadata[3]
    assert not {response[1], request[1], metadata[1]} & {one[1] for one in records(warc_of(path))}
    sound(file, framed=framed)
    both, _ = subset(path, "demo/0", "demo/1")
    assert [one[0] for one in records(both)].count("revisit") == 1


def test_what_a_304_stands_for_comes_along(tmp_path: Path) -> None:
    path = recorded(tmp_path / "two", [(exchange(0, BODY), lease(0))])
    with Index.open(path / "index.db", readonly=True) as index:
        (first,) = index.captures()
    head = b"HTTP/1.1 304 Not Modified\r\n\r\n"
    unchanged = exchange(0, b"", response=SpooledBytes(head), head_length=len(head), status=304, headers=(), started=START + timedelta(days=1))
    recorded(path, [(unchanged, lease(0, validates=first.record_id))])
    file, outcome = subset(path, since=START + timedelta(hours=1))
    assert [one[0] for one in records(file) if one[0] in ("response", "revisit")] == ["revisit", "response"]
    assert outcome.notes == ["1 capture came along that were not selected: an answer 304 (not modified) stands for them"]
    sound(file)


def test_failed_attempts_are_written_anew(tmp_path: Path) -> None:
    path = twelve(tmp_path / "twelve")
    target = lease(3).target
    with closing(Collection.open(path)) as collection:
        failure = made(Failure, {"url": target.url, "site": "demo", "role": "story", "story": "demo/3", "key": "demo/3", "date": START,
                                 "reason": "timeout", "detail": "no answer", "attempt": 2, "bytes": 0, "elapsed_ms": 9})  # fmt: skip
        asyncio.run(collection.fail(failure))
    file, outcome = subset(path, "demo/3")
    assert outcome.counts["failed attempts"] == 1
    assert b"reason: timeout\r\ndetail: no answer\r\n" in records(file)[-1][3]
    sound(file)


def foreign(path: Path, name: str, *parts: bytes, plain: bool = False) -> Path:
    """A collection of a file of another crawler, indexed."""
    file = path / "archive" / name
    if plain:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"".join(parts))
    else:
        write(file, *parts)
    (path / "quarantine").mkdir(exist_ok=True)
    with closing(Readers(workers=InThisProcess(JobLimits(workers=0)))) as readers:
        rebuild(path, readers)
    return path


DIGEST = f"WARC-Payload-Digest: {sha1(BODY)}"
REQUEST = record(b"GET /b HTTP/1.1\r\n\r\n", "/b", f"WARC-Concurrent-To: <{uid(2)}>", n=3, kind="request", content="application/http; msgtype=request")


@pytest.mark.parametrize("plain", [False, True])
def test_files_of_other_crawlers(tmp_path: Path, plain: bool) -> None:
    """A request behind its answer, no metadata, no warcinfo; uncompressed too."""
    parts = [record(answer(BODY), "/a", DIGEST, n=1), revisit(2, "/b", SAME, DIGEST), REQUEST, record(answer(b"x"), "/c", n=4)]
    path = foreign(tmp_path / "other", "a.warc" if plain else "a.warc.gz", *parts, plain=plain)
    file, outcome = subset(path, since=datetime(2024, 3, 2, tzinfo=UTC))
    kinds = [one[0] for one in records(file)]
    assert kinds == ["warcinfo", "request", "metadata", "response"]
    assert records(file)[-1][3] == b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + BODY
    assert outcome.exit_code == 0
    sound(file)
    everything, _ = subset(path)
    assert [one[0] for one in records(everything)] == ["warcinfo", "response", "revisit", "request", "response"]
    assert [one[3] for one in records(everything)[1:3]] == [answer(BODY), b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"]


def test_a_revisit_without_a_head_and_one_without_an_original(tmp_path: Path) -> None:
    parts = [
        record(answer(BODY), "/a", DIGEST, n=1), revisit(2, "/b", SAME, DIGEST, head=b""),
        revisit(3, "/c", SAME, f"WARC-Payload-Digest: {sha1(b'nowhere')}"), revisit(4, "/d", NOT_MODIFIED, head=b"HTTP/1.1 304 Not Modified\r\n\r\n"),
    ]  # fmt: skip
    path = foreign(tmp_path / "other", "a.warc.gz", *parts)
    file, outcome = subset(path, since=datetime(2024, 3, 2, tzinfo=UTC))
    assert [one[3] for one in records(file, "response")] == [answer(BODY)]
    assert [one[0] for one in records(file)].count("revisit") == 2
    assert outcome.exit_code == 10
    assert {one.url.rpartition("/")[2] for one in outcome.left_out} == {"c", "d"}
    assert "in no file" in outcome.left_out[0].what


def test_what_is_damaged_missing_or_lost_is_named_and_the_rest_is_there(tmp_path: Path) -> None:
    path = twelve(tmp_path / "twelve")
    with Index.open(path / "index.db", readonly=True) as index:
        shots = list(index.captures())
    with warc_of(path).open("r+b") as file:
        file.seek(shots[4].offset + shots[4].length // 2)
        file.write(b"\0\0\0\0")
    change(path, "UPDATE captures SET warc = 'gone.warc.gz' WHERE id = 2", "UPDATE captures SET state = 'lost' WHERE id = 3",
           "UPDATE captures SET record_id = 'urn:uuid:other' WHERE id = 6")  # fmt: skip
    part, outcome = subset(path)
    assert outcome.exit_code == 13
    assert outcome.counts["captures"] == 8
    told = {one.url.rpartition("/")[2]: one for one in outcome.left_out}
    assert set(told) == {"1", "2", "4", "5"}
    assert told["4"].damaged
    assert (told["4"].file, told["4"].offset) == (warc_of(path).name, shots[4].offset)
    assert "not there" in told["1"].what
    assert "lost" in told["2"].what
    assert "another capture" in told["5"].what
    sound(part)


def test_an_original_with_another_payload_than_the_revisit_names(tmp_path: Path) -> None:
    path = recorded(tmp_path / "two", [(exchange(n, BODY), lease(n)) for n in range(2)])
    change(path, "UPDATE captures SET payload_digest = 'sha1:" + "A" * 32 + "' WHERE record_type = 'revisit'")
    file, outcome = subset(path, "demo/1")
    assert outcome.exit_code == 13
    assert [one[0] for one in records(file)].count("revisit") == 1


def test_a_body_larger_than_memory_should_hold(tmp_path: Path) -> None:
    large = bytes(range(256)) * 20_000
    path = recorded(tmp_path / "two", [(exchange(n, large), lease(n)) for n in range(2)])
    file, _ = subset(path, "demo/1")
    assert records(file, "response")[0][3] == HEAD + large
    sound(file)


def test_what_a_page_needs_comes_along(tmp_path: Path) -> None:
    """A style that was fetched for another story, and the font that it names."""
    page = b"<html><head><link rel=stylesheet href='/look.css'></head><body><p>hello</body></html>"
    css, font = {"url": "https://a.example/look.css", "role": "requisite", "key": "css"}, {"url": "https://a.example/a.woff2", "role": "requisite", "key": "font"}
    pairs = [
        (exchange(1, page), lease(1)), (exchange(2, page + b" "), lease(2)),
        (exchange(3, b"@font-face{font-family:x;src:url(a.woff2)}", url=css["url"], headers=(("Content-Type", "text/css"),),
                  response=SpooledBytes(HEAD.replace(b"text/html", b"text/css") + b"@font-face{font-family:x;src:url(a.woff2)}"),
                  head_length=len(HEAD) - 1), lease(1, **css)),
        (exchange(4, b"wOF2", url=font["url"], headers=(("Content-Type", "font/woff2"),)), lease(1, **font)),
    ]  # fmt: skip
    path = recorded(tmp_path / "styled", pairs)
    file, outcome = subset(path, "demo/2")
    assert [one[2]["WARC-Target-URI"].rpartition("/")[2] for one in records(file, "response")] == ["2", "look.css", "a.woff2"]
    assert outcome.counts["captures"] == 3
    assert outcome.notes == ["2 captures came along that were not selected: pages that were need them (styles, scripts, fonts, pictures)"]
    sound(file)

"""Commands of a proof sheet, typed into a shell: each prints what the sheet says."""

from __future__ import annotations

import asyncio
import gzip
import shutil
import subprocess
from hashlib import sha1, sha256
from pathlib import Path

import pytest
from exchange_makers import START, exchange, lease
from targets import made

from crawler.collection.collection import Collection
from crawler.collection.layout import find_warc, refer
from crawler.evidence.hand_checks import file_check, record_checks
from crawler.evidence.records import exchange_records, facts_of, raw_head
from crawler.index.index import Index
from crawler.items import Capture, SpooledBytes
from crawler.warc.records import record_at

TOOLS = ("dd", "gunzip", "openssl", "base32", "sha256sum", "perl", "bash")
pytestmark = pytest.mark.skipif(not all(map(shutil.which, TOOLS)), reason="a standard tool is missing here")


def typed(path: Path, command: str) -> str:
    """What a command prints, in a collection's folder."""
    done = subprocess.run(["bash", "-c", f"set -o pipefail; {command}"], cwd=path, capture_output=True, check=True)
    return done.stdout.decode("latin-1").strip()


def held(path: Path, capture: Capture, *, steps: tuple[str, ...]) -> None:
    """Type every command for a capture, and compare."""
    file = find_warc(path, capture.warc)
    shown = str(file.relative_to(path)) if file.is_relative_to(path) else str(file)
    with Index.open(path / "index.db", readonly=True) as index:
        found = exchange_records(index, path, capture)
    checks = record_checks(next(one for one in found if one.offset == capture.offset), shown, payload_digest=capture.payload_digest)
    assert tuple(one.step for one in checks) == steps
    for one in [*checks, file_check(shown, sha256(file.read_bytes()).hexdigest())]:
        told = typed(path, one.command)
        if one.step == "file":
            assert told.split()[0] == one.expected
        elif one.expected is not None:
            assert told == one.expected
        elif one.step == "head":
            assert told.startswith("WARC/1.")
            assert "WARC-Record-ID" in told


BODY = b"a page of some length, " * 50
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
CHUNKED = HEAD + b"7;x=y\r\n" + BODY[:7] + b"\r\n" + b"%X\r\n" % (len(BODY) - 7) + BODY[7:] + b"\r\n0\r\n\r\n"


async def _recorded(collection: Collection) -> list[Capture]:
    values = {"response": SpooledBytes(CHUNKED), "payload": SpooledBytes(BODY), "head_length": len(HEAD)}
    values["headers"] = (("Content-Type", "text/html"), ("Transfer-Encoding", "chunked"))  # type: ignore[assignment]
    cut = {**values, "response": SpooledBytes(HEAD + b"%X\r\n" % len(BODY) + BODY[:500]), "payload": SpooledBytes(BODY[:500]), "truncated": "disconnect"}
    return [
        await collection.record(exchange(1, b"<p>plain"), lease(1)),
        await collection.record(exchange(2, **values), lease(2)),
        await collection.record(exchange(3, b"<p>plain"), lease(3)),
        await collection.record(exchange(4, **cut), lease(4), reason="disconnect"),
    ]


@pytest.mark.parametrize("sealed", [True, False])
def test_commands_print_the_digests_of_records(tmp_path: Path, sealed: bool) -> None:
    path = tmp_path / "it's a collection"
    collection = Collection.open(path)
    plain, chunked, again, cut = asyncio.run(_recorded(collection))
    if sealed:
        collection.close()
    assert again.revisit_of == plain.record_id
    held(path, plain, steps=("cut", "head", "block", "payload"))
    held(path, chunked, steps=("cut", "head", "block", "payload"))
    held(path, cut, steps=("cut", "head", "block", "payload"))
    held(path, again, steps=("cut", "head", "block"))
    if not sealed:
        collection.close()


def test_request_and_facts_are_found_before_their_answer(tmp_path: Path) -> None:
    collection = Collection.open(tmp_path / "a")
    captures = asyncio.run(_recorded(collection))
    collection.close()
    with Index.open(tmp_path / "a" / "index.db", readonly=True) as index:
        for capture in captures:
            found = exchange_records(index, tmp_path / "a", capture)
            assert [one.type for one in found] == ["request", "metadata", capture.record_type]
            assert found[0].http_head is not None
            assert found[0].http_head.startswith("GET / HTTP/1.1")
            assert found[1].text is not None
            assert "role: story" in found[1].text
            for one in found:
                assert one.block_digest == one.measured_block
                assert one.payload_digest in (None, one.measured_payload, capture.payload_digest)


def record(kind: str, block: bytes, *more: str) -> bytes:
    """One record of another writer."""
    head = ["WARC/1.0", f"WARC-Type: {kind}", "WARC-Date: 2026-11-24T12:00:00Z", f"Content-Length: {len(block)}", *more]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


@pytest.mark.parametrize("zipped", [True, False])
def test_a_file_that_lies_elsewhere_is_named_whole(tmp_path: Path, zipped: bool) -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nhello"
    target = "WARC-Target-URI: http://a.example/"
    pieces = [
        record("response", answer, target, "WARC-Record-ID: <urn:uuid:2>", "Content-Type: application/http; msgtype=response"),
        record("request", b"GET / HTTP/1.0\r\n\r\n", target, "WARC-Record-ID: <urn:uuid:3>", "WARC-Concurrent-To: <urn:uuid:2>", "Content-Type: application/http; msgtype=request"),
        record("metadata", b"x: y\r\n", target, "WARC-Record-ID: <urn:uuid:4>", "WARC-Concurrent-To: <urn:uuid:2>"),
        record("metadata", b"x: y\r\n", target, "WARC-Record-ID: <urn:uuid:5>", "WARC-Concurrent-To: <urn:uuid:9>"),
    ]
    members = [gzip.compress(one) for one in pieces] if zipped else pieces
    file = tmp_path / ("their's.warc.gz" if zipped else "their's.warc")
    file.write_bytes(b"".join(members))
    path = tmp_path / "a"
    Collection.open(path).close()
    refer(path, file.name, file)
    import base64

    values = {
        "record_id": "urn:uuid:2", "url": "http://a.example/", "host": "a.example", "site": "web", "date": START, "role": "page", "key": "k", "status": 200,
        "warc": file.name, "offset": 0, "length": len(members[0]), "payload_digest": f"sha1:{base64.b32encode(sha1(b'hello').digest()).decode()}",
    }  # fmt: skip
    capture = made(Capture, values)
    with Index.open(path / "index.db") as index, index.atomic():
        index.add_capture(capture)
    held(path, capture, steps=("cut", "head", "block", "payload"))
    with Index.open(path / "index.db", readonly=True) as index:
        assert [one.record_id for one in exchange_records(index, path, capture)] == ["urn:uuid:2", "urn:uuid:3", "urn:uuid:4"]


def test_a_long_head_is_cut_where_it_is_shown_and_whole_where_it_counts(tmp_path: Path) -> None:
    file = tmp_path / "x.warc.gz"
    block = b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: %s\r\n" % (n, b"y" * 100) for n in range(900)) + b"\r\nhello"
    file.write_bytes(gzip.compress(record("response", block, "WARC-Target-URI: http://a.example/", "WARC-Record-ID: <urn:uuid:2>", "Content-Type: application/http")))
    one = record_at(file, 0)
    facts = facts_of(one)
    assert facts.cut
    assert facts.http_head is not None
    assert len(facts.http_head) < 30_000
    assert facts.http_head_length == len(block) - 5
    assert raw_head(one).endswith(b"\r\n\r\n")

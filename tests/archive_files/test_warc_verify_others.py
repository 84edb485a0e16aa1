"""Files of others: damage is a fault, a custom of their makers a note."""

from __future__ import annotations

import base64
import gzip
import hashlib
from pathlib import Path

import pytest
from warc_makers import chunked, warc_file, warc_record, zst

from crawler.archive_files.verify import FileReport, Ledger, verify_file

BODY = b"<html><p>It was time, said the mayor.</p></html>"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
HTTP = HEAD + b"\r\n" + BODY
CHUNKED = chunked(BODY)
FRAMED = CHUNKED[CHUNKED.index(b"\r\n\r\n") + 4 :]
INFO = warc_record("warcinfo", b"software: x\r\n", n=99)


def digest(data: bytes, label: str = "sha1", how: str = "base32") -> str:
    raw = hashlib.new("".join(c for c in label.lower() if c.isalnum()), data).digest()
    return f"{label}:{raw.hex() if how == 'hex' else getattr(base64, {'base32': 'b32encode', 'base64': 'b64encode'}[how])(raw).decode()}"


def check(path: Path, *records: bytes, strict: bool = False) -> FileReport:
    return verify_file(warc_file(path / "x.warc", *records, compressed=False), strict=strict)


PAIR = "WARC-Concurrent-To: <urn:uuid:00000000-0000-4000-8000-%012d>"
CUSTOMS: dict[str, list[bytes]] = {
    "no warcinfo": [warc_record("response", HTTP)],
    "a concurrent record elsewhere": [INFO, warc_record("response", HTTP, PAIR % 77)],
    "a response without request": [INFO, warc_record("request", b"GET / HTTP/1.1\r\n\r\n", n=1), warc_record("response", HTTP, n=2)],
    "dates a second apart": [
        INFO, warc_record("request", b"GET / HTTP/1.1\r\n\r\n", "WARC-Date: 2020-01-02T03:04:06Z", PAIR % 2, n=1), warc_record("response", HTTP, n=2),
    ],
    "no record id": [INFO, warc_record("response", HTTP, n=None)],
    "no date": [INFO, warc_record("response", HTTP, "WARC-Date:")],
    "a date nobody can read": [INFO, warc_record("response", HTTP, "WARC-Date: 2008-10-294T05:21:46-0700")],
    "an unknown algorithm": [INFO, warc_record("response", HTTP, "WARC-Block-Digest: blake3:abc")],
    "a block digest without a value": [INFO, warc_record("response", HTTP, "WARC-Block-Digest: sha256:")],
    "a payload digest without a value": [INFO, warc_record("response", HTTP, "WARC-Payload-Digest: blake3: ")],
    "no algorithm": [INFO, warc_record("response", HTTP, "WARC-Payload-Digest: ABCDEFGH")],
}  # fmt: skip


@pytest.mark.parametrize("name", CUSTOMS)
def test_customs_of_other_makers_are_notes_and_faults_when_strict(tmp_path: Path, name: str) -> None:
    report = check(tmp_path, *CUSTOMS[name])
    assert (report.faults, len(report.notes)) == ([], 1)
    strict = check(tmp_path, *CUSTOMS[name], strict=True)
    assert ([fault.unusual for fault in strict.faults], strict.notes) == ([True], [])


@pytest.mark.parametrize("label", ["sha1", "SHA-1", "sha-256", "sha_256", "SHA512", "md5", "sha384"])
@pytest.mark.parametrize("how", ["base32", "base64", "hex"])
@pytest.mark.parametrize("kind", ["response", "resource", "request", "metadata"])
def test_payload_digests_of_every_kind_of_record_are_checked(tmp_path: Path, label: str, how: str, kind: str) -> None:
    block = {"response": HTTP, "request": b"POST / HTTP/1.1\r\n\r\n" + BODY}.get(kind, BODY)
    record = warc_record(kind, block, f"WARC-Payload-Digest: {digest(BODY, label, how)}", f"WARC-Block-Digest: {digest(block, label, how)}")
    report = check(tmp_path, INFO, record)
    assert (report.faults, report.notes) == ([], [])
    report = check(tmp_path, INFO, record.replace(b"the mayor", b"the major"))
    assert [fault.what.split(" does")[0] for fault in report.faults] == ["the block", "the payload"]


@pytest.mark.parametrize(
    ("block", "body", "note"),
    [
        (CHUNKED, BODY, ""),
        (CHUNKED, FRAMED, "chunk framing"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + BODY, BODY, ""),
        (HEAD + b"Content-Length: 9\r\n\r\n" + BODY, BODY, ""),
        (HEAD + b"Content-Length: 9\r\n\r\n" + BODY, BODY[:9], "as its HTTP head delimits it"),
        (HEAD + b"Content-Encoding: gzip\r\n\r\n" + BODY, BODY, ""),
        (HEAD + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(BODY), BODY, "content coding taken off"),
        (b"HTTP/2 200\r\n\r\n" + BODY, BODY, ""),
        (BODY, BODY, ""),
        (HTTP, HTTP, "the whole block"),
    ],
)
def test_a_digest_of_any_body_the_maker_may_have_meant_is_accepted(tmp_path: Path, block: bytes, body: bytes, note: str) -> None:
    report = check(tmp_path, INFO, warc_record("response", block, f"WARC-Payload-Digest: {digest(body)}"))
    assert (report.faults, len(report.notes)) == ([], bool(note))
    assert note in "".join(report.notes)
    report = check(tmp_path, INFO, warc_record("response", block, f"WARC-Payload-Digest: {digest(body + b'x')}"))
    assert len(report.faults) == 1


@pytest.mark.parametrize("head", [b"", b"Content-Length: 0\r\n", b"Content-Encoding: gzip\r\n"], ids=["plain", "length 0", "gzip said"])
@pytest.mark.parametrize("label", ["sha1", "sha256"])
def test_the_digest_of_nothing_is_not_that_of_a_body(tmp_path: Path, label: str, head: bytes) -> None:
    block = HEAD + head + b"\r\n" + BODY
    report = check(tmp_path, INFO, warc_record("response", block, f"WARC-Payload-Digest: {digest(b'', label, 'hex')}"))
    assert [fault.what.partition(f" {label}:")[0] for fault in report.faults] == ["the payload does not have its digest"]


def test_the_digest_of_a_request_may_be_of_its_block(tmp_path: Path) -> None:
    block = b"GET / HTTP/1.1\r\n\r\n"
    report = check(tmp_path, INFO, warc_record("request", block, f"WARC-Payload-Digest: {digest(block)}"))
    assert (report.faults, len(report.notes)) == ([], 1)


def test_the_digest_of_a_revisit_or_of_a_segment_is_of_what_lies_elsewhere(tmp_path: Path) -> None:
    line = f"WARC-Payload-Digest: {digest(BODY)}"
    revisit = warc_record("revisit", HEAD + b"\r\n", line, "Content-Type: application/http", n=2)
    assert (check(tmp_path, INFO, revisit).faults, check(tmp_path, INFO, revisit).notes) == ([], [])
    report = check(tmp_path, INFO, warc_record("response", HTTP[:-9], line, "WARC-Segment-Number: 1"))
    assert (report.faults, len(report.notes)) == ([], 1)


def test_a_record_repeated_or_no_capture_may_share_an_id(tmp_path: Path) -> None:
    again = warc_record("response", HTTP, "WARC-Block-Digest: " + digest(HTTP, "md5"))
    beside = [warc_record("resource", BODY + b"x" * n, "WARC-Target-URI: metadata://gnu.org/x", n=7) for n in (1, 2)]
    report = check(tmp_path, INFO, warc_record("response", HTTP), again, *beside)
    assert (report.faults, [note[:22] for note in report.notes]) == ([], ["2 record ids used twic"])


def test_one_id_for_two_captures_is_a_fault_in_any_file(tmp_path: Path) -> None:
    report = check(tmp_path, INFO, warc_record("response", HTTP), warc_record("response", HTTP, "WARC-Target-URI: http://a.example/2"))
    assert [fault.what.partition(" 8000")[0].split("-")[0] for fault in report.faults] == ["record id urn:uuid:00000000"]
    assert len(report.places) == 2


def test_records_of_a_file_in_one_gzip_member_are_checked(tmp_path: Path) -> None:
    good = warc_record("response", HTTP, f"WARC-Payload-Digest: {digest(BODY)}", n=1)
    path = tmp_path / "x.warc.gz"
    path.write_bytes(gzip.compress(INFO + good))
    report = verify_file(path)
    assert (report.faults, report.records, len(report.notes)) == ([], 2, 1)
    assert report.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    path.write_bytes(gzip.compress(INFO + good.replace(b"mayor", b"major")))
    assert [
        (fault.offset, "payload" in fault.what, f"offset {len(INFO)} when unpacked" in fault.what) for fault in verify_file(path).faults
    ] == [(0, True, True)]
    path.write_bytes(gzip.compress(INFO + good) + b"rubbish")
    assert [(fault.length, fault.offset > 0) for fault in verify_file(path).faults] == [(7, True)]


def test_zstd_and_arc_files_are_checked(tmp_path: Path) -> None:
    good = warc_record("response", HTTP, f"WARC-Payload-Digest: {digest(BODY)}", n=1)
    path = tmp_path / "x.warc.zst"
    path.write_bytes(zst(INFO, good))
    assert (verify_file(path).faults, verify_file(path).records) == ([], 2)
    path.write_bytes(zst(INFO, good.replace(b"mayor", b"major")))
    assert [fault.offset for fault in verify_file(path).faults] == [len(zst(INFO))]
    lines = [
        b"filedesc://x.arc 0.0.0.0 20080101000000 text/plain 2\nhi\n",
        b"http://a.example/ 192.0.2.1 20080101000000 text/html %d\n%s\n" % (len(HTTP), HTTP),
    ]
    path = tmp_path / "x.arc.gz"
    path.write_bytes(b"".join(map(gzip.compress, lines)))
    report = verify_file(path)
    assert (report.faults, report.records, ["no digests" in note for note in report.notes]) == ([], 2, [True])
    whole = gzip.compress(lines[0]) + gzip.compress(lines[1])[:-5]
    path.write_bytes(whole)
    assert {fault.offset for fault in verify_file(path).faults} == {len(gzip.compress(lines[0]))}


def test_revisits_of_a_revisit_are_told_apart_from_ids_used_twice(tmp_path: Path) -> None:
    line = "WARC-Refers-To: <urn:uuid:00000000-0000-4000-8000-000000000002>"
    revisits = [warc_record("revisit", HEAD + b"\r\n", line, "Content-Type: application/http", n=n) for n in (2, 3)]
    ledger = Ledger()
    verify_file(warc_file(tmp_path / "x.warc.gz", INFO, *revisits), ledger=ledger)
    assert len(ledger.faults()) == 2
    verify_file(warc_file(tmp_path / "y.warc.gz", INFO, warc_record("response", HTTP, n=2)), ledger=ledger)
    assert ledger.faults() == []

"""Every kind of damage is found, at its offset, and nothing sound is blamed."""

from __future__ import annotations

import base64
import gzip
import hashlib
import zlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warc_makers import START, chunked, exchange, lease, response, writer

from crawler.archive_files.reader import records
from crawler.archive_files.verify import Ledger, verify_file
from crawler.items import Capture
from crawler.warc.digest import same_digest
from crawler.warc.gzip_members import members


def make(folder: Path, count: int = 3) -> tuple[Path, list[Capture]]:
    w = writer(folder)
    captures = [w.write_exchange(exchange(chunked()), lease()) for _ in range(count)]
    done = w.close()
    assert done is not None
    return done.path, captures


def rewrite(path: Path, n: int, old: bytes, new: bytes) -> int:
    """Replace bytes inside the n-th member, its checksum made good again; its offset."""
    with path.open("rb") as file:
        found = list(members(file))
    assert old in found[n].data
    parts = [gzip.compress(m.data.replace(old, new) if i == n else m.data, mtime=0) for i, m in enumerate(found)]
    path.write_bytes(b"".join(parts))
    return sum(map(len, parts[:n]))


def test_a_sound_file_is_counted_and_not_blamed(tmp_path: Path) -> None:
    path, captures = make(tmp_path)
    reached: list[int] = []
    report = verify_file(path, reached.append)
    assert (report.members, report.records, report.bytes) == (10, 10, path.stat().st_size)
    assert (report.faults, report.notes) == ([], [])
    assert reached[-1] == report.bytes
    assert {(p.record_id, at, p.length, p.digest) for at, p in report.places.items()} == {
        (c.record_id, c.offset, c.length, c.payload_digest) for c in captures
    }


def test_a_flipped_byte_is_found_at_its_member_and_the_rest_is_read(tmp_path: Path) -> None:
    path, captures = make(tmp_path)
    whole = path.read_bytes()
    second = captures[1]
    member = slice(second.offset, second.offset + second.length)
    says_nothing = 0
    for at in range(member.start, member.stop, 17):
        flipped = whole[:at] + bytes([whole[at] ^ 0x20]) + whole[at + 1 :]
        path.write_bytes(flipped)
        report = verify_file(path)
        # Not every bit of a member says something: its time may be anything, and so may what fills the last byte of a deflated stream.
        if inflated(flipped[member]) == inflated(whole[member]):
            says_nothing += 1
            continue
        assert [f.offset for f in report.faults] == [second.offset], at
        assert report.records == 9
    assert says_nothing <= 2


def inflated(member: bytes) -> bytes | None:
    """What a gzip member holds; None if it is damaged."""
    try:
        return gzip.decompress(member)
    except (OSError, EOFError, zlib.error):
        return None


@pytest.mark.parametrize(
    ("member", "old", "new", "what"),
    [
        (3, b"\x1f\x8b\x08", b"\x1f\x8b\x09", "the block does not have its digest"),
        (3, b"WARC-Payload-Digest: sha1:", b"WARC-Payload-Digest: sha1:A", "the payload does not have its digest"),
        (3, b"WARC-Date: 2026", b"WARC-Date: 2025", "of the same capture"),
        (3, b"WARC-Date: 2026", b"WARC-Date: when", "WARC-Date 'when"),
        (3, b"WARC-Type: ", b"WARC-Tip: ", "no WARC-Type"),
        (1, b"WARC-Type: request", b"WARC-Type: resource", "no request beside"),
        (2, b"WARC-Concurrent-To: <urn:uuid:", b"WARC-Concurrent-To: <urn:uuid:x", "which is not in this file"),
        (3, b"Content-Length: ", b"Content-Length: 9", "shorter than its Content-Length"),
        (3, b"Content-Length: ", b"Content-Longth: ", "Content-Length '(none)'"),
        (0, b"WARC-Type: warcinfo", b"WARC-Type: metadata", "not with warcinfo"),
    ],
)
def test_what_a_checksum_cannot_tell_is_found_too(tmp_path: Path, member: int, old: bytes, new: bytes, what: str) -> None:
    path, _ = make(tmp_path, 2)
    rewrite(path, member, old, new)
    faults = verify_file(path).faults
    offsets = {r.offset for r in records(path)} if "Content-L" not in what else {f.offset for f in faults}
    assert any(what in f.what for f in faults), faults
    assert {f.offset for f in faults} <= offsets


def test_a_record_id_twice_is_a_fault(tmp_path: Path) -> None:
    path, captures = make(tmp_path, 1)
    data = path.read_bytes()
    path.write_bytes(data + data[captures[0].offset :])
    assert [(f.offset, "a second time" in f.what) for f in verify_file(path).faults] == [(len(data), True)]


@pytest.mark.parametrize("data", [b"", b"text\n", gzip.compress(b"text"), b"\x1f\x8b\x08", b"\x1f\x8b"])
def test_what_is_no_warc_is_one_fault(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.warc.gz"
    path.write_bytes(data)
    assert [(f.offset, "no WARC" in f.what) for f in verify_file(path).faults] == [(0, True)]


def test_a_cut_file_is_a_fault_at_every_place(tmp_path: Path) -> None:
    path, captures = make(tmp_path, 2)
    whole = path.read_bytes()
    for at in range(captures[1].offset + 1, len(whole), 7):
        path.write_bytes(whole[:at])
        assert captures[1].offset in [f.offset for f in verify_file(path).faults]


def test_a_digest_over_the_chunk_framing_is_noted_not_blamed(tmp_path: Path) -> None:
    path, _ = make(tmp_path, 1)
    data = next(r for r in records(path) if r.type == "response")
    body = chunked()
    framed = base64.b32encode(hashlib.sha1(body[body.index(b"\r\n\r\n") + 4 :]).digest())
    rewrite(path, 3, (data.fields.first("warc-payload-digest") or "").encode(), b"sha1:" + framed)
    report = verify_file(path)
    assert report.faults == []
    assert ["chunk framing" in note for note in report.notes] == [True]


@pytest.mark.parametrize(
    "head", [b"Transfer-Encoding: chunked", b"Content-Length: 0", b"Content-Length: 5"], ids=["chunked in name only", "length 0", "shorter"]
)
def test_in_our_files_the_wire_says_what_the_payload_is(tmp_path: Path, head: bytes) -> None:
    w = writer(tmp_path)
    raw = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + head + b"\r\n\r\n<p>no chunk at all</p>"
    w.write_exchange(exchange(raw), lease())
    w.close()
    (path,) = (tmp_path / "archive").iterdir()
    report = verify_file(path)
    assert (report.ours, report.faults, report.notes) == (True, [], [])


def test_other_algorithms_and_spellings_are_checked(tmp_path: Path) -> None:
    path, _ = make(tmp_path, 1)
    record = next(r for r in records(path) if r.type == "response")
    old = (record.fields.first("warc-block-digest") or "").encode()
    rewrite(path, 3, old, b"sha256:" + b"0" * 64)
    assert ["block" in f.what for f in verify_file(path).faults] == [True]
    rewrite(path, 3, b"sha256:" + b"0" * 64, b"blake3:unknown")
    assert verify_file(path).faults == []


def test_revisits_must_refer_to_a_response_among_the_files(tmp_path: Path) -> None:
    w = writer(tmp_path, max_bytes=1)
    page = response(b"x" * 100)
    first = w.write_exchange(exchange(page), lease())
    w.write_exchange(exchange(page, started=START + timedelta(hours=1)), lease(), original=first)
    w.close()
    one, two = sorted((tmp_path / "archive").iterdir())
    for files, count in (((one, two), 0), ((two, one), 0), ((two,), 1)):
        ledger = Ledger()
        assert not [f for file in files for f in verify_file(file, ledger=ledger).faults]
        assert len(ledger.unresolved()) == count
        assert not ledger.faults()
    with two.open("rb") as file:
        assert b"WARC-Type: revisit" in list(members(file))[3].data
    rewrite(one, 3, b"WARC-Type: response", b"WARC-Type: revisit")
    ledger = Ledger()
    for file_ in (one, two):
        verify_file(file_, ledger=ledger)
    assert ["a revisit itself" in f.what for f in ledger.faults()] == [True]


@pytest.mark.parametrize("how", ["sound", "cut", "flipped", "garbage between", "garbage behind", "no WARC", "not compressed", "large"])
def test_the_whole_file_is_digested_whatever_is_in_it(tmp_path: Path, how: str) -> None:
    path, captures = make(tmp_path)
    data, second = bytearray(path.read_bytes()), captures[1]
    if how == "cut":
        del data[second.offset + 9 :]
    elif how == "flipped":
        data[second.offset + 90] ^= 1
    elif how == "garbage between":
        data[second.offset : second.offset] = b"\x1f\x8b\x08garbage" * 200_000
    elif how == "garbage behind":
        data += bytes(1000)
    elif how == "no WARC":
        data = bytearray(b"text" * 1000)
    elif how == "not compressed":
        data = bytearray(gzip.decompress(data))
    elif how == "large":
        with path.open("rb") as file:
            more = [m.data for m in members(file)][1].replace(b"Content-Length: ", b"Content-Length: 9999999\r\nX: ")
        data += gzip.compress(more + bytes(9_999_999 - 100), 1)
    path.write_bytes(data)
    report = verify_file(path)
    assert report.sha256 == hashlib.sha256(data).hexdigest()
    assert bool(report.faults) == (how not in ("sound", "not compressed"))


@given(st.binary(min_size=1, max_size=40), st.integers(0, 255), st.sampled_from([str.upper, str.lower, str.title]))
def test_a_digest_is_told_from_any_other(digest: bytes, flip: int, case: Callable[[str], str]) -> None:
    other = bytes([digest[0] ^ flip, *digest[1:]])
    for written in (base64.b32encode(other).decode(), base64.b32encode(other).decode().rstrip("="), other.hex()):
        assert same_digest(case(written), digest) == (other == digest)
        assert not same_digest(written[:-1] + "_", digest)
        assert not same_digest(written[:-1] + "é", digest)

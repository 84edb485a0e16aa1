"""Files with bad lengths, empty members and garbage: every record that can be read is, and what lies between is told."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from warc_makers import warc_file, warc_record

from crawler.errors import NotAWarc
from crawler.warc.records import Fault, Record, record_at, scan

BLOCK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>It was time, said the mayor.</p>"
FIRST, SECOND, THIRD = (warc_record("response", BLOCK, n=n) for n in (1, 2, 3))
EMPTY = gzip.compress(b"")


def off(record: bytes, count: int) -> bytes:
    """A record whose Content-Length is wrong by so many bytes."""
    return record.replace(b"Content-Length: %d" % len(BLOCK), b"Content-Length: %d" % (len(BLOCK) + count))


def walk(path: Path) -> tuple[list[Record], list[Fault]]:
    found = list(scan(path))
    return [one for one in found if isinstance(one, Record)], [one for one in found if isinstance(one, Fault)]


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize("count", [-30, -3, -1, 1, 3, 5, 60, 300, 700])
def test_a_wrong_length_costs_no_record(tmp_path: Path, count: int, compressed: bool) -> None:
    path = warc_file(tmp_path / "x.warc", FIRST, off(SECOND, count), THIRD, compressed=compressed)
    records, faults = walk(path)
    assert [one.target_uri[-1] for one in records] == ["1", "2", "3"]
    assert faults
    assert all(records[1].offset <= fault.offset < records[2].offset for fault in faults)
    assert records[1].block() == BLOCK[: min(0, count) or None]
    assert b"".join(record_at(path, records[1].offset).chunks()) == records[1].block()
    assert all("Content-Length" in fault.what or "no record head" in fault.what for fault in faults)


def test_a_large_record_is_cut_where_the_next_one_begins(tmp_path: Path) -> None:
    block = BLOCK + b"x" * 3_000_000
    large = warc_record("response", block).replace(b"Content-Length: %d" % len(block), b"Content-Length: %d" % (len(block) + 100))
    records, faults = walk(warc_file(tmp_path / "x.warc", large, SECOND, compressed=False))
    assert [(one.block_length, sum(map(len, one.chunks()))) for one in records] == [(len(block), len(block)), (len(BLOCK), len(BLOCK))]
    assert len(faults) == 1


@pytest.mark.parametrize("garbage", [b"garbage", b"\r\n\r\nWARC/what\r\n", b"x" * 2_000_000, b"WARC/1.0\r\nWARC-Type: response\r\n\r\n"])
def test_garbage_between_records_is_one_fault_with_its_length(tmp_path: Path, garbage: bytes) -> None:
    path = warc_file(tmp_path / "x.warc", FIRST, garbage, b"\r\n", SECOND, compressed=False)
    records, faults = walk(path)
    assert [one.target_uri[-1] for one in records] == ["1", "2"]
    blank = len(garbage) - len(garbage.lstrip(b"\r\n"))
    assert [(fault.offset, fault.length) for fault in faults] == [(len(FIRST) + blank, len(garbage) - blank + 2)]


def test_a_record_within_a_record_is_no_record(tmp_path: Path) -> None:
    inner = warc_record("resource", FIRST + SECOND, n=7)
    records, faults = walk(warc_file(tmp_path / "x.warc", inner, THIRD, compressed=False))
    assert ([one.target_uri[-1] for one in records], faults) == (["7", "3"], [])


@pytest.mark.parametrize("line_end", [b"\r\n\r\n", b"\n\n", b"\r\n", b"\n", b"", b"\r\n" * 7])
def test_any_number_of_line_ends_may_lie_between_plain_records(tmp_path: Path, line_end: bytes) -> None:
    path = warc_file(tmp_path / "x.warc", *(warc_record("response", BLOCK, n=n, end=line_end) for n in (1, 2)), compressed=False)
    records, faults = walk(path)
    assert ([one.block() for one in records], faults) == ([BLOCK, BLOCK], [])


@pytest.mark.parametrize("order", ["e12", "1e2", "12e", "ee1ee2ee"])
def test_empty_gzip_members_are_passed_over_anywhere(tmp_path: Path, order: str) -> None:
    members = {"e": EMPTY, "1": gzip.compress(FIRST), "2": gzip.compress(SECOND)}
    path = tmp_path / "x.warc.gz"
    path.write_bytes(b"".join(members[one] for one in order))
    records, faults = walk(path)
    assert ([one.target_uri[-1] for one in records], faults) == (["1", "2"], [])
    path.write_bytes(EMPTY * 3)
    with pytest.raises(NotAWarc, match="empty"):
        walk(path)


@pytest.mark.parametrize(
    "bad",
    [
        gzip.compress(SECOND)[:-30],
        b"\x1f\x8b\x08garbage",
        b"\0" * 500,
        gzip.compress(SECOND)[:60] + b"\xff" * 9 + gzip.compress(SECOND)[60:],
    ],
)
def test_behind_a_bad_gzip_member_the_next_is_read(tmp_path: Path, bad: bytes) -> None:
    path = tmp_path / "x.warc.gz"
    parts = gzip.compress(FIRST), bad, gzip.compress(THIRD)
    path.write_bytes(b"".join(parts))
    records, faults = walk(path)
    assert [one.target_uri[-1] for one in records] == ["1", "3"]
    assert [(fault.offset, fault.length) for fault in faults] == [(len(parts[0]), len(bad))]


def test_a_broken_first_member_is_told_and_what_is_behind_it_read(tmp_path: Path) -> None:
    path = tmp_path / "x.warc.gz"
    path.write_bytes(b"\x1f\x8b\x08broken" + gzip.compress(SECOND))
    records, faults = walk(path)
    assert ([one.target_uri[-1] for one in records], [(fault.offset, fault.length) for fault in faults]) == (["2"], [(0, 9)])
    path.write_bytes(b"\x1f\x8b\x08broken")
    with pytest.raises(NotAWarc, match="no WARC: "):
        walk(path)


def test_heads_of_any_version_case_and_line_end(tmp_path: Path) -> None:
    odd = [
        warc_record("Response", BLOCK, version="WARC/0.17"),
        warc_record("response", BLOCK, version="warc/0.18 ").replace(b"WARC-Type:", b"warc-type :", 1),
        warc_record("response", BLOCK).replace(b"\r\nWARC-Date: ", b"\r\nWARC-Date:\r\n  ", 1),
        warc_record("response", b"", end=b"").replace(b"\r\n", b"\n").replace(b"Content-Length: 0", b"Content-Length: %d" % len(BLOCK)) + BLOCK + b"\n\n",
    ]  # fmt: skip
    odd.append(warc_record("response", BLOCK).replace(b"\r\n", b"\r\r\n", 7).replace(b"\r\n\r\nHTTP", b"\r\r\n\r\r\nHTTP"))
    for compressed in (True, False):
        records, faults = walk(warc_file(tmp_path / "x.warc", *odd, compressed=compressed))
        assert faults == []
        assert {(one.type, one.block(), one.date is None) for one in records} == {("response", BLOCK, False)}
        assert len(records) == 5

"""Gzip and deflate streams in memory: several members, limits, damage."""

import gzip
import zlib

import pytest

from crawler.parsers.encoding.inflate import decompressor, gunzip

TEXT = b"".join(b"%d lines of a page\n" % n for n in range(5000))
FILE = gzip.compress(TEXT, mtime=0)


def test_members_are_one_file() -> None:
    assert gunzip(FILE + gzip.compress(b"more", mtime=0) + b"\0\0", 10**6) == (TEXT + b"more", None)


def test_many_members_are_read() -> None:
    assert gunzip(gzip.compress(b"a", mtime=0) * 300, 10**6) == (b"a" * 300, None)
    assert gunzip(gzip.compress(b"a", mtime=0) * 3, 10**6, max_members=2) == (b"aa", "over 2 members")


def test_a_limit_is_passed_by_one_byte() -> None:
    assert gunzip(FILE, 10) == (TEXT[:11], None)


def test_bytes_behind_the_end_are_told() -> None:
    assert gunzip(FILE + b"junk", 10**6) == (TEXT, "bytes behind the end")


def test_a_cut_file_gives_its_beginning() -> None:
    found, problem = gunzip(FILE[:-3000], 10**6)
    assert (problem, TEXT.startswith(found), len(found) > 30_000) == ("cut off", True, True)


def test_damage_leaves_the_bytes_before_it() -> None:
    file = bytearray(FILE)
    file[len(file) * 2 // 3] ^= 0x55
    found, problem = gunzip(bytes(file), 10**6)
    assert (problem or "").startswith("damaged: ")
    assert len(found) > 40_000
    assert found[:40_000] == TEXT[:40_000]


@pytest.mark.parametrize(("coding", "data"), [("gzip", FILE), ("deflate", zlib.compress(TEXT)), ("deflate", zlib.compress(TEXT)[2:-4])])
def test_a_coding_is_taken_off(coding: str, data: bytes) -> None:
    inflater = decompressor(coding, data)
    assert inflater is not None
    assert inflater.decompress(data) == TEXT


def test_other_codings_have_no_decompressor() -> None:
    assert decompressor("br", b"") is None

"""Gzip and deflate streams in memory: several members, limits, damage."""

import gzip
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.parsers.encoding.inflate import decompressor, gunzip, gunzipped_at_once, inflated

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


def by_zlib(data: bytes, limit: int) -> bytes | None:
    """The bytes of one whole member as zlib inflates it; None for anything else."""
    out = bytearray()
    damage, end = inflated(zlib.decompressobj(31), data, out, limit + 1)
    return bytes(out) if damage is None and end == len(data) and len(out) <= limit else None


BODIES = st.binary(max_size=300) | st.builds(lambda piece, times: piece * times, st.binary(max_size=40), st.integers(0, 400))


@pytest.mark.parametrize("flag", [0x20, 0x40, 0x80])
def test_reserved_flags_are_left_to_zlib_which_refuses_them(flag: int) -> None:
    data = bytearray(FILE)
    data[3] |= flag
    assert gunzipped_at_once(bytes(data), 10**6) is by_zlib(bytes(data), 10**6) is None


@settings(max_examples=600)
@given(body=BODIES, level=st.integers(0, 9), limit=st.sampled_from([0, 1, 100, 10**6]), name=st.booleans(), change=st.data())
def test_what_is_inflated_at_once_is_what_zlib_makes_of_it(body: bytes, level: int, limit: int, name: bool, change: st.DataObject) -> None:
    data = bytearray(gzip.compress(body, level, mtime=0))
    if name:
        data[3] |= 8
        data[10:10] = b"name\0"
    for _ in range(change.draw(st.integers(0, 2))):
        data[change.draw(st.integers(0, len(data) - 1))] ^= change.draw(st.integers(1, 255))
    whole = bytes(data[: change.draw(st.sampled_from([len(data), len(data), len(data) - 1, 0]))] + change.draw(st.sampled_from([b"", b"", b"x"])))
    found = gunzipped_at_once(whole, limit)
    assert found is None or found == by_zlib(whole, limit)
    if bytes(data) == whole and not name and found is None:
        assert by_zlib(whole, limit) is None or whole != gzip.compress(body, level, mtime=0)

"""Bytes beyond memory: the same from a file as from memory, also where the file takes less than it is given."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import spooled as spool
from crawler.spooled import Slice, SpooledBytes


def test_tail_of_spooled_bytes_read_by_many() -> None:
    whole = SpooledBytes(spool_bytes=100)
    for _ in range(500):
        whole.write(b"0123456789")
    tail = Slice(whole, 7)
    assert (len(tail), tail.spooled, tail.read(1, 4)) == (4993, True, b"8901")
    with ThreadPoolExecutor(4) as threads:
        everything = list(threads.map(lambda _: b"".join(tail.chunks(size=13)), range(8)))
    assert set(everything) == {(b"0123456789" * 500)[7:]}
    with pytest.raises(TypeError):
        tail.write(b"x")


def test_short_writes(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    class Short(io.FileIO):
        def write(self, data) -> int:
            return super().write(bytes(data[:3]))

    monkeypatch.setattr(spool.tempfile, "TemporaryFile", lambda **_: Short(tmp_path / "short", "w+"))
    held = SpooledBytes(spool_bytes=4)
    held.write(b"hello, ")
    held.write(b"world")
    assert held.read() == b"hello, world"
    held.close()


@given(pieces=st.lists(st.binary(max_size=40), max_size=12), limit=st.integers(0, 200), start=st.integers(0, 300), length=st.none() | st.integers(0, 300), size=st.integers(1, 50))
def test_from_memory_and_from_a_file_the_same_bytes_are_read(pieces: list[bytes], limit: int, start: int, length: int | None, size: int) -> None:
    whole = b"".join(pieces)
    held = SpooledBytes(spool_bytes=limit)
    for piece in pieces:
        held.write(piece)
    try:
        assert held.spooled == (len(whole) > limit)
        assert len(held) == len(whole)
        assert held.read() == whole
        assert held.read(start, length) == (whole[start:] if length is None else whole[start : start + length])
        chunks = list(held.chunks(start, size))
        assert b"".join(chunks) == whole[start:]
        assert all(0 < len(chunk) <= size for chunk in chunks)
        behind = Slice(held, start)
        assert (len(behind), behind.spooled) == (len(whole[start:]), held.spooled)
        assert behind.read(2, 5) == whole[start:][2:7]
        assert b"".join(Slice(behind, 1).chunks()) == whole[start:][1:]
    finally:
        held.close()


def test_what_is_shown_tells_where_the_bytes_lie() -> None:
    small, large = SpooledBytes(b"abc"), SpooledBytes(spool_bytes=2)
    large.write(b"abcd")
    assert repr(small) == "<SpooledBytes 3 in memory>"
    assert repr(large) == "<SpooledBytes 4 spooled>"
    assert repr(Slice(large, 1)) == "<Slice 3 of <SpooledBytes 4 spooled>>"
    large.close()


def test_a_slice_closes_nothing_and_a_closed_whole_holds_nothing() -> None:
    whole = SpooledBytes(b"abcd")
    Slice(whole, 2).close()
    assert whole.read() == b"abcd"
    whole.close()
    assert whole.read() == b""


def test_the_file_lies_in_the_folder_that_was_named(tmp_path) -> None:
    held = SpooledBytes(spool_bytes=1, folder=tmp_path / "missing")
    with pytest.raises(FileNotFoundError):
        held.write(b"ab")
    held = SpooledBytes(spool_bytes=1, folder=tmp_path)
    held.write(b"ab")
    assert held.read() == b"ab"
    assert list(tmp_path.iterdir()) == [], "unlinked: a killed process leaves nothing"
    held.close()

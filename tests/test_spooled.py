"""Bytes beyond memory: the same from a file as from memory, also where the file takes less than it is given."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor

import pytest

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

"""Objects of a store read as files are: by range, whole, in bounded memory, with errors that name the address."""

from __future__ import annotations

import io
import os
import pickle
import random
from pathlib import Path

import pytest
from s3_store import SECRET, Spoiled, Store

from crawler.errors import SetupError, Unreachable
from crawler.storage import reading
from crawler.storage.opening import opened
from crawler.storage.store_path import StorePath, is_address, place_of, store_path


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_WAIT_SECONDS", 0.0)
    monkeypatch.setattr("crawler.storage.client.ATTEMPTS", 1)


def test_any_range_of_an_object_reads_as_of_a_file(store: Store, tmp_path: Path) -> None:
    data = random.Random(1).randbytes(3_000_000)
    address, file = store.put("a/b.warc.gz", data), tmp_path / "b"
    file.write_bytes(data)
    chance = random.Random(2)
    with opened(address) as there, opened(file) as here:
        for _ in range(200):
            at, size = chance.randrange(-10, 3_100_000), chance.choice((0, 1, 100, 70_000, 2_000_000, -1))
            whence = chance.choice((io.SEEK_SET, io.SEEK_END)) if at < 0 else io.SEEK_SET
            if at < 0 and whence == io.SEEK_SET:
                at = 0
            assert there.seek(at, whence) == here.seek(at, whence)
            assert there.read(size) == here.read(size)
            assert there.tell() == here.tell()
    assert place_of(address).stat().st_size == len(data)
    with opened(address) as there:
        buffer = bytearray(10)
        assert there.readinto(buffer) == 10
        assert buffer == data[:10]


def test_reading_along_asks_seldom_and_keeps_little(spoiled: Store) -> None:
    data = os.urandom(12_000_000)
    address = spoiled.put("long", data)
    with opened(address) as file:
        got = b"".join(iter(lambda: file.read(65536), b""))
    assert got == data
    gets = [one for one in spoiled.requests if one[0] == "GET"]
    assert len(gets) < 12, "pieces grow"
    assert reading._recent._bytes <= reading.KEPT_BYTES
    spoiled.requests.clear()
    with opened(address) as file:
        file.seek(11_900_000)
        assert file.read(5) == data[11_900_000:11_900_005]
    assert not spoiled.requests, "what was read just now is kept"


def test_what_comes_short_or_is_refused_for_now_is_asked_for_again(spoiled: Store) -> None:
    data = os.urandom(300_000)
    address, count = spoiled.put("a", data), 0

    def every_other(method: str, path: str, headers: dict[str, str]) -> Spoiled | None:
        nonlocal count
        count += method == "GET"
        return None if method != "GET" else {1: Spoiled(cut_answer=True), 2: Spoiled(status=503), 3: Spoiled(lose_answer=True)}.get(count)

    spoiled.spoil = every_other
    with opened(address) as file:
        assert file.read(-1) == data
    assert count == 4


def test_a_store_that_does_not_answer_is_unreachable_and_named(spoiled: Store) -> None:
    address = spoiled.put("a", b"x" * 1000)
    spoiled.spoil = lambda method, path, headers: Spoiled(status=503)
    with pytest.raises(Unreachable, match="s3://news/a: cannot be reached: the store answers 503"):
        opened(address)
    spoiled.spoil = lambda method, path, headers: Spoiled(cut_answer=True) if method == "GET" else None
    with pytest.raises(Unreachable, match="s3://news/a"), opened(address) as file:
        file.read(-1)


def test_refusals_and_absence_are_told_apart(spoiled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FileNotFoundError, match="no such object"):
        opened("s3://news/none")
    assert not store_path("s3://news/none").exists()
    spoiled.spoil = lambda method, path, headers: Spoiled(status=403)
    with pytest.raises(SetupError, match="s3://news/a: the store refuses: 403") as found:
        store_path("s3://news/a").exists()
    assert SECRET not in str(found.value)
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("HOME", "/nonexistent")
    from crawler.storage import client

    client._client.cache_clear()
    with pytest.raises(SetupError, match="s3://news/a: no credentials"):
        opened("s3://news/a")


def test_an_object_that_changes_under_a_reader_is_noticed(store: Store) -> None:
    address = store.put("a", b"1" * 1_000_000)
    with opened(address) as file:
        assert file.read(10) == b"1" * 10
        store.put("a", b"2" * 1_000_000)
        file.seek(900_000)
        with pytest.raises(SetupError, match="written anew while it was read"):
            file.read(10)


def test_addresses_are_paths_with_names(store: Store) -> None:
    where = store_path("s3://news/x/archive/a.warc.gz")
    assert isinstance(where, StorePath)
    assert where.suffix == ".gz"
    assert where == place_of("s3://news/x/archive/a.warc.gz")
    assert pickle.loads(pickle.dumps(where)) == where
    assert {where: 1}[store_path(str(where))] == 1
    assert str(where.with_name("b")) == "s3://news/x/archive/b"
    assert where.resolve() is where
    assert not where.is_dir()
    assert not where.is_fifo()
    assert not where.is_relative_to(Path("/"))
    assert not is_address(Path("/a/s3:/b"))
    for bad in ("s3://", "s3:///a", "s3://news//a", "s3://news/a/../b", "s3://news/./a", "s3://b ucket/a"):
        with pytest.raises(SetupError, match="BUCKET/KEY is meant"):
            store_path(bad)
    with pytest.raises(OSError, match="only read"):
        where.open("wb")


def test_a_prefix_is_listed_beyond_one_page(store: Store) -> None:
    for number in range(3):
        store.put(f"p/archive/{number}", b"x")
    store.put("p/archived", b"x")
    assert [one.name for one in store_path("s3://news/p/archive/").listed()] == ["0", "1", "2"]
    assert len(list(store_path("s3://news").listed())) == 4

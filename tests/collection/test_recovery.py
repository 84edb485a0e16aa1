"""What a crash or a hand left of a collection, brought into order at the next start: every kind of rest, made by hand in this process."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path
from typing import Any

import pytest
from small_collections import change, twelve, warc_of

from crawler.archive_files.reader import archived
from crawler.collection.collection import Collection
from crawler.collection.recovery import lost_behind_the_end
from crawler.index.index import Index


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    """A collection of twelve captures in one sealed file."""
    return twelve(tmp_path / "archives" / "demo")


def states(path: Path) -> list[tuple[Any, ...]]:
    with Index.open(path / "index.db", readonly=True) as index:
        return [tuple(row) for row in index.query("SELECT record_id, state, warc, offset, length FROM captures ORDER BY offset")]


def reopen(path: Path) -> Collection:
    collection = Collection.open(path)
    collection.close()
    return collection


def unseal(path: Path) -> None:
    """As a kill leaves it: under its open name, and without its row."""
    file = warc_of(path)
    file.rename(file.with_name(f"{file.name}.open"))
    change(path, "DELETE FROM warcs")
    for listed in (path / "indexes").glob("*.cdxj"):
        listed.unlink()


def test_a_sound_collection_is_left_alone(sound: Path) -> None:
    before, data = states(sound), warc_of(sound).read_bytes()
    assert list(reopen(sound).recovered) == []
    assert states(sound) == before
    assert warc_of(sound).read_bytes() == data
    assert not (sound / "quarantine").exists() or not list((sound / "quarantine").iterdir())


def test_a_file_left_open_is_sealed_listed_and_digested(sound: Path) -> None:
    before, data = states(sound), warc_of(sound).read_bytes()
    unseal(sound)
    (file,) = reopen(sound).recovered
    assert file.sealed
    assert states(sound) == before
    assert warc_of(sound).name.endswith(".warc.gz")
    with Index.open(sound / "index.db", readonly=True) as index:
        (row,) = index.warcs()
    assert row["sha256"] == hashlib.sha256(data).hexdigest()
    (listed,) = (sound / "indexes").glob("*.cdxj")
    assert len(listed.read_text().splitlines()) == 12


@pytest.mark.parametrize("lost", [1, 5, 12])
def test_captures_without_a_row_get_it_back(sound: Path, lost: int) -> None:
    before = states(sound)
    unseal(sound)
    change(sound, f"DELETE FROM captures WHERE offset IN (SELECT offset FROM captures ORDER BY offset DESC LIMIT {lost})")
    (file,) = reopen(sound).recovered
    assert len(file.entries) >= lost
    assert states(sound) == before


def test_a_sealed_file_whose_row_was_never_committed_is_looked_through_again(sound: Path) -> None:
    before = states(sound)
    change(sound, "DELETE FROM warcs", "DELETE FROM captures WHERE offset > 5000")
    assert len(states(sound)) < 12
    (file,) = reopen(sound).recovered
    assert file.name == warc_of(sound).name
    assert states(sound) == before
    assert list(reopen(sound).recovered) == [], "once is enough"


@pytest.mark.parametrize(
    "tail",
    [
        b"",
        b"half a gzip member",
        gzip.compress(b"no record at all"),
        gzip.compress(b"WARC/1.1\r\nWARC-Type: response\r\n")[:-9],
        b"\0" * 4096,
    ],
    ids=["nothing", "garbage", "no record", "half a head", "zeros"],
)
def test_a_torn_tail_goes_into_the_quarantine_and_nothing_else(sound: Path, tail: bytes) -> None:
    before, data = states(sound), warc_of(sound).read_bytes()
    unseal(sound)
    with warc_of(sound).open("ab") as file:
        file.write(tail)
    reopen(sound)
    assert warc_of(sound).read_bytes() == data
    kept = [one for one in (sound / "quarantine").iterdir() if one.is_file()] if (sound / "quarantine").exists() else []
    assert b"".join(one.read_bytes() for one in kept) == tail
    assert states(sound) == before


@pytest.mark.parametrize("cut", [1, 300, 2000])
def test_captures_that_a_cut_file_no_longer_holds_are_lost_and_queued_again(sound: Path, cut: int) -> None:
    unseal(sound)
    file = warc_of(sound)
    file.write_bytes(file.read_bytes()[:-cut])
    reopen(sound)
    told = [row[1] for row in states(sound)]
    held = [entry for entry in archived(warc_of(sound)) if entry.capture is not None]
    assert told.count("ok") == len(held) < 12
    assert told == ["ok"] * len(held) + ["lost"] * (12 - len(held))


def test_captures_behind_the_end_of_a_sealed_file_are_lost(sound: Path) -> None:
    file = warc_of(sound)
    file.write_bytes(file.read_bytes()[:-1500])
    with Index.open(sound / "index.db") as index:
        count = lost_behind_the_end(index, sound)
        assert count > 0
        assert index.query("SELECT count(*) FROM captures WHERE state = 'lost'")[0][0] == count
        assert lost_behind_the_end(index, sound) == 0


def test_a_file_that_is_not_there_is_left_alone_for_it_may_be_put_back(sound: Path, tmp_path: Path) -> None:
    warc_of(sound).rename(tmp_path / "elsewhere.warc.gz")
    with Index.open(sound / "index.db") as index:
        assert lost_behind_the_end(index, sound) == 0
    assert {row[1] for row in states(sound)} == {"ok"}


def test_an_index_made_beside_older_files_takes_all_of_them_in(sound: Path) -> None:
    before = states(sound)
    for file in sound.glob("index.db*"):
        file.unlink()
    reopen(sound)
    assert states(sound) == before


def test_a_file_of_another_program_beside_ours_is_no_damage(sound: Path) -> None:
    other = sound / "archive" / "other.warc.gz"
    other.write_bytes(
        gzip.compress(
            b"WARC/1.0\r\nWARC-Type: warcinfo\r\nWARC-Record-ID: <urn:uuid:9>\r\nWARC-Date: 2024-01-01T00:00:00Z\r\nContent-Length: 0\r\n\r\n\r\n\r\n"
        )
    )
    before = states(sound)
    reopen(sound)
    assert states(sound) == before
    assert other.exists()


def test_a_file_that_is_no_warc_is_left_where_it_lies(sound: Path) -> None:
    (sound / "archive" / "notes.warc.gz").write_bytes(b"not a warc at all")
    reopen(sound)
    assert (sound / "archive" / "notes.warc.gz").read_bytes() == b"not a warc at all"
    assert len(states(sound)) == 12

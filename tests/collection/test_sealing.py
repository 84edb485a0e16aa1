"""A recovered file gets its CDXJ and digest beside the crawl, at this start or the next."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import pytest

from crawler.collection.collection import Collection
from crawler.collection.sealing import Sealing
from crawler.index.index import Index

sys.path.insert(0, str(Path(__file__).parents[1] / "durability"))

from newsroom import write


@pytest.fixture
def crashed(tmp_path: Path) -> Path:
    """A collection whose writer was killed: six captures or more in an open file."""
    write(tmp_path / "demo", 60, fault="acknowledge:after=kill@9", max_bytes=10**9).communicate(timeout=60)
    return tmp_path / "demo"


def sealed(path: Path) -> tuple[Path, str | None, list[str]]:
    """The one WARC, the digest noted of it, and the lines of its CDXJ."""
    (file,) = (path / "archive").glob("*.warc.gz")
    with Index.open(path / "index.db", readonly=True) as index:
        (row,) = index.warcs()
        assert index.counts()["captures"] >= 6
    lists = [place.read_text().splitlines() for place in (path / "indexes").glob("*.cdxj")]
    return file, row["sha256"] and str(row["sha256"]), [line for lines in lists for line in lines]


def test_a_recovered_file_is_listed_and_digested(crashed: Path) -> None:
    Collection.open(crashed).close()
    file, digest, lines = sealed(crashed)
    assert digest == hashlib.sha256(file.read_bytes()).hexdigest()
    with Index.open(crashed / "index.db", readonly=True) as index:
        assert len(lines) == index.counts()["captures"]
    assert lines == sorted(lines)


def test_what_it_did_not_come_to_is_done_at_the_next_start(crashed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Sealing, "_run", lambda self: None)
        Collection.open(crashed).close()
    assert sealed(crashed)[1:] == (None, [])
    Collection.open(crashed).close()
    file, digest, lines = sealed(crashed)
    assert digest == hashlib.sha256(file.read_bytes()).hexdigest()
    assert lines


def test_a_file_that_is_not_there_any_more_stops_nothing(crashed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Sealing, "_digest", lambda self, file: None)
        Collection.open(crashed).close()
    file, _, _ = sealed(crashed)
    file.rename(crashed / "elsewhere")
    Collection.open(crashed).close()
    (crashed / "elsewhere").rename(file)
    Collection.open(crashed).close()
    assert sealed(crashed)[1] == hashlib.sha256(file.read_bytes()).hexdigest()


def sealing_of(path: Path, *names: str) -> dict[str, str]:
    """What a sealing of these files notes."""
    noted: dict[str, str] = {}
    sealing = Sealing(path, names, note=noted.__setitem__)
    sealing.start()
    sealing.close()
    return noted


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A collection with an index and no capture."""
    Collection.open(tmp_path / "demo").close()
    (tmp_path / "demo" / "archive").mkdir(exist_ok=True)
    (tmp_path / "demo" / "indexes").mkdir(exist_ok=True)
    return tmp_path / "demo"


def put(archive: Path, *names: str) -> None:
    """Put empty files there, listed already, so that only their digest is left to do."""
    for name in names:
        (archive / "archive" / name).write_bytes(b"")
        (archive / "indexes" / name.replace(".warc.gz", ".cdxj")).write_text("kept\n")


def test_of_no_file_nothing_is_noted(archive: Path) -> None:
    assert sealing_of(archive) == {}


def test_a_missing_file_is_warned_of_and_the_others_are_done(archive: Path, caplog: pytest.LogCaptureFixture) -> None:
    put(archive, "b.warc.gz")
    assert sealing_of(archive, "a.warc.gz", "b.warc.gz") == {"b.warc.gz": hashlib.sha256(b"").hexdigest()}
    (line,) = [record.getMessage() for record in caplog.records if "sealing" in record.name]
    assert line.startswith("sealing-unfinished warc=a.warc.gz error=")


def test_a_fault_of_the_note_keeps_no_other_file_waiting(archive: Path, caplog: pytest.LogCaptureFixture) -> None:
    noted: list[str] = []

    def note(name: str, sha256: str) -> None:
        if name == "a.warc.gz":
            raise RuntimeError("the index is locked")
        noted.append(name)

    put(archive, "a.warc.gz", "b.warc.gz")
    sealing = Sealing(archive, ["a.warc.gz", "b.warc.gz"], note=note)
    sealing.start()
    sealing.close()
    assert noted == ["b.warc.gz"]
    (record,) = [record for record in caplog.records if record.exc_info]
    assert record.getMessage() == "sealing-unfinished warc=a.warc.gz"


def test_a_sealing_told_to_stop_begins_no_other_file(archive: Path) -> None:
    put(archive, "a.warc.gz", "b.warc.gz")
    noted: list[str] = []

    def note(name: str, sha256: str) -> None:
        noted.append(name)
        sealing._stopping.set()

    sealing = Sealing(archive, ["a.warc.gz", "b.warc.gz"], note=note)
    sealing.start()
    sealing.close()
    assert noted == ["a.warc.gz"]


def test_a_cdxj_that_was_written_is_kept_when_the_index_knows_no_capture(archive: Path) -> None:
    put(archive, "a.warc.gz")
    sealing_of(archive, "a.warc.gz")
    assert (archive / "indexes" / "a.cdxj").read_text() == "kept\n"

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

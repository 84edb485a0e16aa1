"""What is read in several statements is of one moment, while another process writes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from index_makers import BEGIN, article, capture

from crawler.index.index import Index
from crawler.items import Failure


@pytest.fixture
def read(tmp_path: Path) -> Iterator[Index]:
    """A reader before whose every statement a writer commits one more version, sighting and failure."""
    numbers = count(1)
    with Index.open(tmp_path / "index.db") as written:

        def write(statement: str = "") -> None:
            n = next(numbers)
            with written.atomic():
                written.add_capture(capture(n))
                written.file_article(capture(n), article(f"Headline {n}"))
                written.add_failure(Failure(target=capture(n).target, date=BEGIN + timedelta(seconds=n), reason="dns"))

        write()
        with Index.open(tmp_path / "index.db", readonly=True) as reader:
            reader.conn.set_trace_callback(write)
            yield reader
            reader.conn.set_trace_callback(None)


def test_an_index_that_is_written_has_no_faults(read: Index) -> None:
    for _ in range(3):
        assert read.integrity() == []


def test_figures_are_of_one_moment(read: Index) -> None:
    with read.snapshot():
        told = read.stats()
    assert told["captures"] == told["versions"] == told["failures"]["dns"]  # type: ignore[index]


def test_versions_and_sightings_are_of_one_moment(read: Index) -> None:
    with read.snapshot():
        assert [one.n for one in read.versions("harbour/1000")] == [one.n for one in read.sightings("harbour/1000")]


def test_without_a_snapshot_they_are_not(read: Index) -> None:
    assert len(read.versions("harbour/1000")) < len(read.sightings("harbour/1000"))


def test_behind_a_snapshot_the_index_moves_on(read: Index) -> None:
    with read.snapshot(), read.snapshot():
        before = read.stats()["captures"]
        assert read.stats()["captures"] == before
    assert read.stats()["captures"] > before  # type: ignore[operator]

"""`scrapy export --zipnum`: the captures of several collections in one index."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from exchange_makers import exchange, lease
from small_collections import change, recorded, warc_of
from typed_commands import Typed

from crawler.index.index import Index
from crawler.interchange.capture_index import cdxj_line
from crawler.zipnum.blocks import INDEX


@pytest.fixture
def shards(tmp_path: Path) -> list[Path]:
    return [recorded(tmp_path / name, [(exchange(n, b"<p>%d" % n), lease(n)) for n in numbers]) for name, numbers in (("w1", range(5)), ("w2", range(5, 9)))]


def lines_in(folder: Path) -> list[bytes]:
    return b"".join(gzip.decompress(part.read_bytes()) for part in sorted(folder.glob("cdx-*.gz"))).splitlines(keepends=True)


def captures_of(shards: list[Path]) -> list[bytes]:
    found = []
    for path in shards:
        with Index.open(path / "index.db", readonly=True) as index:
            found += [cdxj_line(capture) for capture in index.captures()]
    return sorted(found)


def test_two_collections_in_one(typed: Typed, shards: list[Path], tmp_path: Path) -> None:
    place = tmp_path / "zipnum"
    answer = typed("export", *map(str, shards), str(place), "--zipnum", "--json")
    assert answer.code == 0, answer.err
    assert json.loads(answer.out)["counts"] == {"captures": 9, "blocks": 1}
    assert lines_in(place) == captures_of(shards)
    assert (place / INDEX).read_bytes().startswith(captures_of(shards)[0].partition(b" {")[0] + b"\tcdx-00000.gz\t0\t")
    paths = dict(row.split("\t") for row in (place / "warcs.paths").read_text().splitlines())
    assert {name: Path(where) for name, where in paths.items()} == {warc_of(path).name: warc_of(path) for path in shards}


def test_a_file_without_its_cdxj_and_a_range_of_dates_come_from_the_index(typed: Typed, shards: list[Path], tmp_path: Path) -> None:
    wanted = captures_of(shards)
    for listed in (shards[0] / "indexes").iterdir():
        listed.unlink()
    assert typed("export", *map(str, shards), str(tmp_path / "all"), "--zipnum").code == 0
    assert lines_in(tmp_path / "all") == wanted
    assert typed("export", *map(str, shards), str(tmp_path / "since"), "--zipnum", "--since", "2000-01-01").code == 0
    assert lines_in(tmp_path / "since") == wanted
    nothing = typed("export", *map(str, shards), str(tmp_path / "none"), "--zipnum", "--until", "2000-01-01")
    assert nothing.code == 10
    assert not (tmp_path / "none").exists()


def test_what_is_lost_is_told(typed: Typed, shards: list[Path], tmp_path: Path) -> None:
    change(shards[1], "UPDATE captures SET state = 'lost' WHERE id = 1")
    answer = typed("export", *map(str, shards), str(tmp_path / "out"), "--zipnum")
    assert answer.code == 10
    assert "the record is lost" in answer.out


def test_two_files_of_one_name_are_told(typed: Typed, shards: list[Path], tmp_path: Path) -> None:
    change(shards[1], f"UPDATE warcs SET name = '{warc_of(shards[0]).name}'")
    answer = typed("export", *map(str, shards), str(tmp_path / "out"), "--zipnum")
    assert answer.code == 10
    assert "two WARCs have this name" in answer.out


def test_stories_are_refused_and_an_earlier_one_is_replaced_with_force(typed: Typed, shards: list[Path], tmp_path: Path) -> None:
    assert typed("export", str(shards[0]), str(tmp_path / "out"), "--zipnum", "--story", "1").code == 2
    assert typed("export", str(shards[0]), str(tmp_path / "out"), "--zipnum").code == 0
    assert typed("export", str(shards[0]), str(tmp_path / "out"), "--zipnum").code == 1
    assert typed("export", *map(str, shards), str(tmp_path / "out"), "--zipnum", "--force").code == 0
    assert lines_in(tmp_path / "out") == captures_of(shards)

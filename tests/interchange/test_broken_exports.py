"""Exports that are killed, interrupted, or meet a full disk leave nothing that looks whole; crawls go on meanwhile."""

from __future__ import annotations

import asyncio
import resource
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from exchange_makers import exchange, lease
from small_collections import twelve
from stands import ROOT, Scrapy
from wacz_makers import exported

from crawler.collection.collection import Collection
from crawler.index.index import Index
from crawler.interchange.export import Asked, export

KILLED = """
import os, signal, sys
from pathlib import Path
from crawler.index.index import Index
from crawler.interchange.export import Asked, export
collection, form, place = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
with Index.open(collection / "index.db", readonly=True) as index, index.snapshot():
    export(Asked(collection=collection, format=form, place=place), index, lambda *_: os.kill(os.getpid(), signal.SIGKILL))
"""


@pytest.mark.parametrize("form", ["wacz", "warc", "cdxj", "parquet", "bag"])
def test_a_killed_export_leaves_nothing_that_looks_whole(tmp_path: Path, form: str) -> None:
    path, folder = twelve(tmp_path / "twelve"), tmp_path / "out"
    folder.mkdir()
    done = subprocess.run([sys.executable, "-c", KILLED, str(path), form, str(folder / "x")], cwd=ROOT, check=False, timeout=60)
    assert done.returncode == -9
    assert [file.suffix for file in folder.iterdir()] == [".part"]
    assert exported(path, form, folder / "x").exit_code == 0


@pytest.mark.parametrize("form", ["wacz", "warc", "parquet"])
def test_an_interrupted_one_leaves_nothing(tmp_path: Path, form: str) -> None:
    path, folder = twelve(tmp_path / "twelve"), tmp_path / "out"
    folder.mkdir()

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with Index.open(path / "index.db", readonly=True) as index, pytest.raises(KeyboardInterrupt):
        export(Asked(collection=path, format=form, place=str(folder / "x")), index, interrupt)
    assert not list(folder.iterdir())


def test_a_full_disk(demo_copy: Callable[[Path], Scrapy], tmp_path: Path) -> None:
    scrapy = demo_copy(tmp_path / "archives")
    few = {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (120_000, 120_000))}
    with scrapy.start("export", "demo", "--wacz", str(tmp_path / "a.wacz"), **few) as process:
        _, err = process.communicate(timeout=60)
    assert process.returncode == 12
    assert err.startswith(f"export: {tmp_path / 'a.wacz'}: cannot write: ")
    assert not list(tmp_path.glob("a.wacz*"))
    with Path("/dev/full").open("wb") as full, scrapy.start("export", "demo", "--jsonl", "-", stdout=full) as process:
        _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (12, "export: standard output: cannot write: No space left on device\n")


def test_standard_output_holds_the_export_alone(demo_copy: Callable[[Path], Scrapy], tmp_path: Path) -> None:
    scrapy = demo_copy(tmp_path / "archives")
    with scrapy.start("export", "demo", "--cdxj", "-") as process:
        out, err = process.communicate(timeout=60)
    lines = out.splitlines()
    assert lines == sorted(lines)
    assert f"{len(lines)} captures in standard output" in err
    listed = sorted(line for file in (scrapy.archives / "demo" / "indexes").glob("*.cdxj") for line in file.read_text().splitlines())
    assert lines == listed


def test_a_crawl_goes_on_while_its_collection_is_exported(tmp_path: Path) -> None:
    """The export is of the moment at which it began."""
    path, place = tmp_path / "open", tmp_path / "x.cdxj"
    with closing(Collection.open(path)) as collection:
        for n in range(3):
            asyncio.run(collection.record(exchange(n), lease(n)))
        with Index.open(path / "index.db", readonly=True) as index, index.snapshot():
            index.query("SELECT count(*) FROM captures")
            for n in range(3, 9):
                asyncio.run(collection.record(exchange(n), lease(n)))
            outcome = export(Asked(collection=path, format="cdxj", place=str(place)), index)
            package = export(Asked(collection=path, format="wacz", place=str(tmp_path / "x.wacz")), index)
    assert outcome.counts["captures"] == package.counts["captures"] == 3
    assert len(place.read_text().splitlines()) == 3

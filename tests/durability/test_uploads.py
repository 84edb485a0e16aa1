"""Crawls with a store: killed at every step of an upload, the store away, and no secret in anything written."""

from __future__ import annotations

import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from newsroom import Newspaper
from s3_store import KEY_ID, SECRET, Spoiled, Store

from crawler.failpoints import POINTS

IN_AN_UPLOAD = [point for point in POINTS if point.startswith("upload")]
SHELF = ("-s", "ARCHIVE_STORE=s3://news/shelf")
AWAY = ("-s", "ARCHIVE_KEEP_LOCAL=0", "-s", "ARCHIVE_WARC_MAX_BYTES=20000")


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Newspaper]:
    newspaper = Newspaper(tmp_path, pages=12, size=20_000)
    yield newspaper
    newspaper.close()


def warcs(path: Path) -> list[tuple[str, str, str | None]]:
    with closing(sqlite3.connect(path / "index.db")) as db:
        return db.execute("SELECT name, coalesce(safety, 'written'), address FROM warcs ORDER BY name").fetchall()


def ended(paper: Newspaper, *words: str, fault: str = "", code: int | None = 0) -> str:
    crawl = paper.crawl(*SHELF, *words, fault=fault)
    out, err = crawl.communicate(timeout=120)
    assert code is None or crawl.returncode == code, out + err
    return out + err


def all_there(paper: Newspaper, store: Store) -> None:
    """Every WARC of the collection is in the store, whole, and none is half of one."""
    found = warcs(paper.collection)
    assert found
    for name, safety, address in found:
        assert (safety, address) == ("verified", f"s3://news/shelf/paper/archive/{name}")
        store.get(f"shelf/paper/archive/{name}")
    assert paper.held() == paper.wanted()


def test_a_crawl_leaves_its_warcs_in_the_store_alone(paper: Newspaper, store: Store) -> None:
    ended(paper, *AWAY)
    all_there(paper, store)
    assert len(warcs(paper.collection)) > 1
    assert not list((paper.collection / "archive").glob("*.warc.gz"))
    assert "shelf/paper/proofs/chain.txt" in store.keys()  # noqa: SIM118
    ended(paper, "-a", "recheck=yes", *AWAY)
    all_there(paper, store)


@pytest.mark.parametrize("point", IN_AN_UPLOAD)
def test_killed_at_every_step_of_an_upload(paper: Newspaper, store: Store, point: str) -> None:
    ended(paper, *AWAY, fault=f"{point}=kill", code=-signal.SIGKILL)
    ended(paper, *AWAY)
    all_there(paper, store)
    assert not list((paper.collection / "archive").glob("*.warc.gz"))


def test_a_store_that_is_away_ends_a_crawl_with_its_own_code_and_the_next_makes_up_for_it(paper: Newspaper, spoiled: Store) -> None:
    spoiled.spoil = lambda method, path, headers: Spoiled(status=503)
    said = ended(paper, *AWAY, "-s", "ARCHIVE_FRONTIER_WAIT=1", code=15)
    assert "sealed WARCs are in the store" in said
    assert "(exit code 15)" in said
    assert {safety for _, safety, _ in warcs(paper.collection)} == {"written"}
    assert len(list((paper.collection / "archive").glob("*.warc.gz"))) == len(warcs(paper.collection))
    spoiled.spoil = lambda method, path, headers: None
    ended(paper, *AWAY)
    all_there(paper, spoiled)


def test_no_secret_is_in_anything_that_is_written(paper: Newspaper, spoiled: Store) -> None:
    said = ended(paper, "-L", "DEBUG", "-s", "LOG_FILE=" + str(paper.folder / "crawl.log"), "--report-json", str(paper.folder / "report.json"))
    spoiled.spoil = lambda method, path, headers: Spoiled(status=403) if method == "PUT" else None
    said += ended(paper, "-a", "recheck=yes", "-L", "DEBUG", "-s", "LOG_FILE=" + str(paper.folder / "crawl.log"), code=None)
    written = b"".join(file.read_bytes() for file in sorted(paper.folder.rglob("*")) if file.is_file()) + said.encode()
    import gzip

    for file in (paper.collection / "archive").glob("*.warc.gz"):
        written += gzip.decompress(file.read_bytes())
    assert SECRET.encode() not in written
    assert KEY_ID.encode() not in written
    assert b"s3://news/shelf" in written

"""Replays as a user runs them: one bad file never stops the others, nothing is doubled, and reindex makes the same index."""

from __future__ import annotations

import gzip
import hashlib
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from foreign_warcs import SAME, answer, record, revisit, sha1, story, write
from stands import Scrapy

ORIGINAL = story("the pilot")
TABLES = {
    "captures": "record_id, url, date, status, mime, role, key, story_id, record_type, payload_digest, warc, offset, length, revisit_of, written_id, written_digest,"
    " state, read_state",
    "stories": "*",
    "sightings": "(SELECT record_id FROM captures WHERE id = capture_id), (SELECT text_digest FROM versions WHERE id = version_id), host, date",
    "failures": "url, date, reason, detail, attempt, bytes, (SELECT record_id FROM captures WHERE id = capture_id)",
    "links": "(SELECT record_id FROM captures WHERE id = capture_id), position, url, text",
    "warcs": "*",
}


def facts(path: Path, *, without: str = "") -> dict[str, list[tuple[Any, ...]]]:
    """All rows that a rebuild makes, but for row numbers."""
    with closing(sqlite3.connect(path / "index.db")) as db:
        return {
            name: sorted(map(tuple, db.execute(f"SELECT {columns} FROM {name}")), key=repr) for name, columns in TABLES.items() if name != without
        }


def collect(folder: Path) -> None:
    """Files of many kinds: two of one name, odd names, an ARC with a bad end, what is no archive, and revisits before their originals."""
    quay = hashlib.sha256(story("the quay")).hexdigest()
    write(
        folder / "a" / "crawl.warc.gz",
        revisit(9, "/again", SAME, f"WARC-Payload-Digest: {sha1(ORIGINAL)}"),
        revisit(10, "/pier", SAME, f"WARC-Payload-Digest: sha256:{quay}"),
    )
    write(folder / "b" / "crawl.warc.gz", record(answer(story("the quay")), "/quay", n=2))
    write(folder / "b" / "UPPER.WARC.GZ", record(answer(story("the mole")), "/mole", n=3))
    write(folder / "c" / "noext", record(answer(ORIGINAL), "/pilot", f"WARC-Payload-Digest: {sha1(ORIGINAL)}", n=4))
    write(folder / "c" / "same.warc.gz", *[record(answer(story(f"buoy {n}")), f"/buoy/{n}", n=5) for n in (1, 2)])
    write(folder / "c" / "astray.warc.gz", revisit(8, "/lost", SAME, f"WARC-Payload-Digest: md5:{hashlib.md5(b'gone').hexdigest()}"))
    (folder / "b" / "bad.warc.gz").write_bytes(gzip.compress(b"this is no archive"))
    (folder / "notes.txt").write_text("where all this came from")


def test_a_folder_of_all_kinds(scrapy: Scrapy, tmp_path: Path) -> None:
    folder = tmp_path / "hand over"
    collect(folder)
    done = scrapy("crawl", "replay", "-a", f"warcs={folder}", "-a", "collection=x", exits=10)
    for told in ("bad.warc.gz", "1 x file in a folder that is no web archive", "1 x revisit whose original is in no file", "1 x input file not taken"):
        assert told in done.stdout
    path = scrapy.archives / "x"
    before = facts(path)
    assert len(before["captures"]) == 8
    assert len(before["sightings"]) == 7
    assert [row[2] for row in before["failures"]] == ["no-original"]
    assert len(before["warcs"]) == 6
    assert all(row[3] and row[4] for row in before["warcs"])
    assert len(list((path / "indexes").glob("*.cdxj"))) == 6

    assert "NOT stories could be read" in scrapy("reindex", "x", exits=10).stdout
    assert facts(path) == before
    done = scrapy("crawl", "replay", "-a", f"warcs={folder}", "-a", "collection=x", exits=10)
    assert "8 x record held already" in done.stdout
    assert facts(path) == before
    write(tmp_path / "late.warc.gz", record(answer(b"gone"), "/gone", f"WARC-Payload-Digest: {sha1(b'gone')}", n=7))
    scrapy("crawl", "replay", "-a", f"warcs={tmp_path}/late.warc.gz", "-a", "collection=x")
    after = facts(path)
    assert after["failures"] == []
    scrapy("reindex", "x")
    assert facts(path) == after


def test_files_that_are_referred_to(scrapy: Scrapy, tmp_path: Path) -> None:
    for n, name in enumerate(("a", "b")):
        write(tmp_path / name / "crawl.warc.gz", record(answer(story(f"ship {name}")), f"/{name}", n=n))
    scrapy("crawl", "replay", "-a", f"warcs={tmp_path}/[ab]/crawl.warc.gz", "-a", "collection=x", "-a", "copy=no")
    path = scrapy.archives / "x"
    before = facts(path)
    assert [len(before[name]) for name in ("captures", "stories", "warcs")] == [2, 2, 2]
    scrapy("verify", "x")
    scrapy("reindex", "x")
    assert facts(path) == before
    (tmp_path / "b" / "crawl.warc.gz").rename(tmp_path / "moved")
    assert "the old index is kept" in scrapy("reindex", "x", exits=1).stderr
    assert facts(path) == before


def test_the_demos_own_files_give_the_live_index_but_for_runs(demo_copy: Callable[[Path], Scrapy], tmp_path: Path) -> None:
    scrapy = demo_copy(tmp_path / "archives")
    live = scrapy.archives / "demo"
    scrapy("crawl", "replay", "-a", f"warcs={live}/archive", "-a", "collection=copy", "-a", "copy=yes")
    assert facts(scrapy.archives / "copy", without="warcs") == facts(live, without="warcs")
    lines = [file.read_text() for file in (live / "indexes").glob("*.cdxj")]
    assert [file.read_text() for file in (scrapy.archives / "copy" / "indexes").glob("*.cdxj")] == lines
    with closing(sqlite3.connect(scrapy.archives / "copy" / "index.db")) as db:
        assert "omitted" in json.loads(db.execute("SELECT stats FROM runs").fetchone()[0])


def test_an_address_is_a_usage_error(scrapy: Scrapy) -> None:
    done = scrapy("crawl", "replay", "-a", "warcs=https://bucket.example/crawl.warc.gz", "-a", "collection=x", exits=2)
    assert "download" in done.stderr

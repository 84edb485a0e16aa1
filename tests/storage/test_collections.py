"""Collections whose WARCs lie in a store are read as those on a disk."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from foreign_warcs import SAME, answer, record, revisit, sha1, story, uid, write
from s3_store import Store
from small_collections import warc_of
from stands import Scrapy
from typed_commands import Typed, typed

from crawler.collection.layout import find_warc, lying, path_inside, refer_stored, warc_files
from crawler.collection.reader import CollectionReader

__all__ = ["typed"]
LARGE = b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n"


def moved(path: Path, store: Store) -> str:
    """Move the one WARC of a collection into the store, by hand."""
    file = warc_of(path)
    address = store.put(f"shelf/{path.name}/archive/{file.name}", file.read_bytes())
    refer_stored(path, {file.name: address}, own=True)
    file.unlink()
    return address


@pytest.fixture
def collection(tmp_path: Path, store: Store, typed: Typed) -> Path:
    """Stories, a picture of two megabytes, a revisit, read into an index; the WARC is in the store alone."""
    path = tmp_path / "twelve"
    (path / "quarantine").mkdir(parents=True)
    pages = [record(answer(story(f"ship {n}")), f"/{n}", n=n) for n in range(1, 12)]
    same = revisit(20, "/1", SAME, f"WARC-Payload-Digest: {sha1(story('ship 1'))}", f"WARC-Refers-To: <{uid(1)}>")
    large = record(answer(random.Random(1).randbytes(2_000_000), LARGE), "/large.bin", n=21)
    write(path / "archive" / "a.warc.gz", *pages, same, large)
    assert typed("reindex", "twelve").code == 0
    moved(path, store)
    return path


def test_the_file_of_a_name_is_found_where_it_lies(collection: Path) -> None:
    (file,) = warc_files(collection)
    assert str(file.path) == f"s3://news/shelf/twelve/archive/{file.name}"
    assert file.own
    assert find_warc(collection, file.name) == file.path == lying(collection, f"archive/{file.name}") == lying(collection, str(file.path))
    assert path_inside(collection, file.path) == f"archive/{file.name}"
    refer_stored(collection, {file.name: "s3://news/another"}, own=True)
    assert len(warc_files(collection)) == 1
    (collection / "elsewhere.txt").write_text((collection / "elsewhere.txt").read_text() + '{"name": "ha')
    refer_stored(collection, {"b.warc.gz": "s3://news/b.warc.gz"}, own=False)
    assert [one.name for one in warc_files(collection)] == sorted([file.name, "b.warc.gz"]), "a line that a power cut left half is passed over"


def rows(path: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path / "index.db")) as db:
        return [
            *db.execute("SELECT record_id, url, warc, offset, length, payload_digest FROM captures ORDER BY record_id"),
            *db.execute("SELECT name, path, bytes, sealed, sha256 FROM warcs"),
            *db.execute("SELECT story_id, n, text_digest FROM versions ORDER BY 1, 2"),
        ]


def test_every_command_reads_it(collection: Path, typed: Typed, tmp_path: Path) -> None:
    before = rows(collection)
    done = typed("verify", "twelve", "--json")
    assert done.code == 0, done.out + done.err
    assert "s3://news/shelf/twelve/archive/" in done.out
    assert typed("reindex", "twelve").code == 0
    assert rows(collection) == before
    assert typed("reindex", "twelve", "--unread").code == 0
    assert typed("repair", "twelve").code == 0
    for form, place in (("--warc", "out.warc.gz"), ("--wacz", "out.wacz"), ("--bag", "out"), ("--cdxj", "out.cdxj")):
        done = typed("export", "twelve", form, str(tmp_path / place))
        assert done.code == 0, done.out + done.err
    assert typed("verify", str(tmp_path / "out.warc.gz")).code == 0
    assert typed("verify", str(tmp_path / "out.wacz")).code == 0
    done = typed("maintain", "twelve")
    assert done.code == 0, done.out + done.err
    assert typed("verify", "twelve", "--deep").code == 0
    with CollectionReader(collection) as reader:
        assert {len(reader.payload(one)) for one in reader.captures()} >= {2_000_000, len(story("ship 1"))}


def test_a_damaged_object_is_found(collection: Path, store: Store, typed: Typed) -> None:
    (file,) = warc_files(collection)
    data = bytearray(store.get(file.path.key))  # type: ignore[attr-defined]
    data[len(data) // 2] ^= 1
    store.put(file.path.key, bytes(data))  # type: ignore[attr-defined]
    done = typed("verify", "twelve")
    assert done.code == 13
    assert "s3://news/shelf/twelve/archive/" in done.out + done.err


def test_a_store_that_is_away_is_no_damage(collection: Path, typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9")
    monkeypatch.setattr("crawler.storage.reading._WAIT_SECONDS", 0.0)
    monkeypatch.setattr("crawler.storage.client.ATTEMPTS", 1)
    from crawler.storage import client, reading

    client._client.cache_clear()
    reading._known.clear()
    before = rows(collection)
    for words in (("verify", "twelve"), ("reindex", "twelve")):
        done = typed(*words)
        assert done.code == 15, done.out + done.err
        assert "127.0.0.1:9" in done.err
        assert len(done.err.splitlines()) < 4
    assert rows(collection) == before


def test_warcs_of_others_are_replayed_from_a_store(store: Store, typed: Typed, tmp_path: Path) -> None:
    write(tmp_path / "made" / "a.warc.gz", record(answer(story("ship a")), "/a", n=1))
    store.put("others/2026/a.warc.gz", (tmp_path / "made" / "a.warc.gz").read_bytes())
    store.put("others/2026/index.cdxj", b"not a WARC")
    scrapy = Scrapy(tmp_path / "archives")
    done = scrapy("crawl", "replay", "-a", "warcs=s3://news/others", "-a", "collection=referred", "-a", "copy=no")
    assert done.returncode in (0, 10), done.stderr
    done = scrapy("crawl", "replay", "-a", "warcs=s3://news/others/2026/a.warc.gz", "-a", "collection=copied")
    assert done.returncode == 0, done.stderr
    for name in ("referred", "copied"):
        with CollectionReader(tmp_path / "archives" / name) as reader:
            assert len(list(reader.latest())) == 1
        assert typed("verify", name, archives=tmp_path / "archives").code == 0

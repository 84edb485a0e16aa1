"""Shards whose WARCs other programs wrote, are still being written, lie in a store, or were indexed by an earlier version."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from pathlib import Path

import pytest
from foreign_warcs import HOST, NOT_MODIFIED, SAME, answer, record, revisit, sha1, story, uid, write
from gathered_collections import assert_as_reindexed, count, rows_of
from old_indexes import made_old
from s3_store import Store
from stands import Scrapy
from typed_commands import Typed, typed

from crawler.collection.collection import Collection
from crawler.collection.layout import refer_stored, warc_files
from crawler.index.index import Index
from crawler.index.stories import know_story

__all__ = ["typed"]
PIER, BOAT = story("the old pier"), story("a boat")
LATER, FAR = "2024-03-02T12:00:00Z", "2024-03-05T09:00:00Z"
GONE = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
UNCHANGED = b"HTTP/1.1 304 Not Modified\r\n\r\n"


def digest(body: bytes) -> str:
    return f"WARC-Payload-Digest: {sha1(body)}"


def originals(folder: Path) -> None:
    """What the other shard's revisits name."""
    write(folder / "b.warc.gz", record(answer(PIER), "/pier", digest(PIER), n=1), record(answer(BOAT), "/boat", n=2), record(GONE, "/gone", n=3))


def revisits(folder: Path) -> None:
    """Revisits whose originals lie in the other shard, are revisits themselves, or are nowhere."""
    write(
        folder / "a.warc.gz", revisit(11, "/pier", SAME, f"WARC-Refers-To: <{uid(1)}>", digest(PIER)),
        revisit(12, "/boat-again", SAME, f"WARC-Refers-To-Target-URI: {HOST}/boat", "WARC-Refers-To-Date: 2024-03-01T12:00:00Z"),
        revisit(13, "/pier-by-digest", SAME, digest(PIER), date=FAR), revisit(14, "/boat", NOT_MODIFIED, head=UNCHANGED),
        revisit(15, "/nowhere", SAME, digest(b"never seen"), date=FAR), revisit(16, "/chain", SAME, f"WARC-Refers-To: <{uid(11)}>", date=FAR),
    )  # fmt: skip


def gathered(typed: Typed, tmp_path: Path, *names: str, into: str = "all") -> dict[str, object]:
    """Gather, hold it against a rebuild, gather once more; what the first call printed."""
    done = typed("gather", *names, "--into", into, "--json")
    assert done.code == 0, done.out + done.err
    assert_as_reindexed(tmp_path / into)
    once = rows_of(tmp_path / into)
    again = json.loads(typed("gather", *names, "--into", into, "--json").out)
    assert (again["captures"], again["warcs"]) == (0, 0)
    assert rows_of(tmp_path / into) == once
    return json.loads(done.out)  # type: ignore[no-any-return]


def indexed(typed: Typed, *names: str) -> None:
    for name in names:
        assert typed("reindex", name).code in (0, 10)


@pytest.fixture
def shards(tmp_path: Path, typed: Typed) -> Path:
    """`w1` with the originals, `w2` with the revisits."""
    originals(tmp_path / "w1" / "archive")
    revisits(tmp_path / "w2" / "archive")
    indexed(typed, "w1", "w2")
    return tmp_path


@pytest.mark.parametrize("order", [("w1", "w2"), ("w2", "w1")])
def test_revisits_find_their_originals_in_another_shard(shards: Path, typed: Typed, order: tuple[str, str]) -> None:
    done = gathered(typed, shards, *order)
    assert done["read"] == 5, "by id, place, digest and chain, and the one whose original is nowhere"
    (shards / "one" / "archive").mkdir(parents=True)
    for name in order:
        for file in (shards / name / "archive").iterdir():
            shutil.copy(file, shards / "one" / "archive")
    indexed(typed, "one")
    assert rows_of(shards / "all") == rows_of(shards / "one")
    assert count(shards / "all", "failures") >= 1, "the original of one is nowhere"


def test_the_shard_of_the_originals_comes_later(shards: Path, typed: Typed) -> None:
    gathered(typed, shards, "w2")
    gathered(typed, shards, "w1", "w2")
    gathered(typed, shards, "w1", "w2", into="anew")
    assert rows_of(shards / "all") == rows_of(shards / "anew")


def test_ids_used_twice_files_held_twice_and_two_files_of_one_name(tmp_path: Path, typed: Typed) -> None:
    first, second = (tmp_path / name / "archive" for name in ("w1", "w2"))
    for folder in (first, second):
        write(folder / "same.warc.gz", record(answer(PIER), "/pier", n=1), record(answer(story("x")), "/no-id", n=None))
    write(first / "a.warc.gz", record(answer(BOAT), "/boat", n=2), record(answer(story("y")), "/y", n=3))
    write(second / "a.warc.gz", record(answer(story("another boat")), "/boat", n=2, date=LATER), record(answer(PIER), "/pier", n=4, date=FAR))
    write(second / "c.warc.gz", record(answer(story("y")), "/y", n=3), revisit(5, "/boat-by-id", SAME, f"WARC-Refers-To: <{uid(2)}>", date=FAR))
    indexed(typed, "w1", "w2")
    gathered(typed, tmp_path, "w1", "w2")
    gathered(typed, tmp_path, "w2", "w1", into="reversed")
    for name in ("all", "reversed"):
        assert len(warc_files(tmp_path / name)) == 4, "the file that both hold counts once, the two of one name are both there"
        assert count(tmp_path / name, "captures") == 7, "a record that two files hold is one capture"


def test_replayed_shards_are_gathered_too(tmp_path: Path, typed: Typed, scrapy: Scrapy) -> None:
    originals(tmp_path / "made")
    revisits(tmp_path / "made")
    scrapy.archives = tmp_path
    for name, file in (("w1", "b"), ("w2", "a")):
        files = f"warcs={tmp_path}/made/{file}.warc.gz"
        scrapy("crawl", "replay", "-a", files, "-a", f"collection={name}", exits=None)
    gathered(typed, tmp_path, "w1", "w2")


def test_what_is_still_being_written_waits(shards: Path, typed: Typed) -> None:
    open_file = "later.warc.gz"
    write(shards / "w1" / "archive" / open_file, record(answer(story("a late page")), "/late", n=30, date=FAR))
    indexed(typed, "w1")
    with Index.open(shards / "w1" / "index.db") as index, index.atomic():
        index.conn.execute("UPDATE warcs SET sealed = NULL WHERE name = ?", [open_file])
    with closing(Collection.hold(shards / "w1")):
        done = typed("gather", "w1", "w2", "--into", "all")
    assert done.code == 0
    assert "1 capture in WARCs that are still being written: gather again" in done.out
    assert_as_reindexed(shards / "all")
    with Index.open(shards / "w1" / "index.db") as index, index.atomic():
        index.conn.execute("UPDATE warcs SET sealed = ? WHERE name = ?", [FAR, open_file])
    topped = json.loads(typed("gather", "w1", "w2", "--into", "all", "--json").out)
    assert (topped["captures"], topped["waiting"], topped["anew"]) == (1, 0, False)
    assert_as_reindexed(shards / "all")


def test_a_shard_of_an_earlier_version_is_brought_up_to_date_unless_it_is_in_use(shards: Path, typed: Typed) -> None:
    file = shards / "w1" / "index.db"
    file.rename(shards / "new.db")
    made_old(shards / "new.db", file)
    before = file.read_bytes()
    with closing(Collection.hold(shards / "w1")):
        done = typed("gather", "w1", "w2", "--into", "all")
    assert done.code == 1
    assert "stop its worker and gather again" in done.err
    assert file.read_bytes() == before
    assert not (shards / "all" / "index.db").exists()
    gathered(typed, shards, "w1", "w2")


def stored(path: Path, store: Store) -> None:
    """Move the WARCs of a collection into the store, by hand."""
    files = {one.name: one.path for one in warc_files(path)}
    refer_stored(path, {name: store.put(f"{path.name}/{name}", file.read_bytes()) for name, file in files.items()}, own=True)
    for file in files.values():
        file.unlink()


@pytest.mark.parametrize("more", [(), ("--copy",)])
def test_warcs_in_a_store_stay_there(shards: Path, typed: Typed, store: Store, more: tuple[str, ...]) -> None:
    for name in ("w1", "w2"):
        stored(shards / name, store)
    done = typed("gather", "w1", "w2", "--into", "all", *more)
    assert done.code == 0, done.out + done.err
    assert_as_reindexed(shards / "all")
    assert sorted(str(one.path) for one in warc_files(shards / "all")) == ["s3://news/w1/b.warc.gz", "s3://news/w2/a.warc.gz"]
    done = typed("verify", "all")
    assert done.code == 0, done.out + done.err


def test_a_story_that_one_shard_knows_by_name_and_another_as_gone(shards: Path, typed: Typed) -> None:
    story_id = f"web/{HOST}/gone"
    with Index.open(shards / "w1" / "index.db") as index, index.atomic():
        (capture,) = [one for one in index.captures(warc="b.warc.gz") if one.url == f"{HOST}/gone"]
        assert capture.story == story_id
        index.deny(capture, "gone")
        index.conn.execute("DELETE FROM stories WHERE id = ?", [story_id])
    with Index.open(shards / "w2" / "index.db") as index, index.atomic():
        know_story(index.conn, story_id)  # as a page leaves it that was asked for, read in part, and gave way
    for number, order in enumerate((("w1", "w2"), ("w2", "w1"))):
        assert typed("gather", *order, "--into", f"all{number}").code == 0
        with Index.open(shards / f"all{number}" / "index.db", readonly=True) as index:
            assert [tuple(row) for row in index.query("SELECT state FROM stories WHERE id = ?", [story_id])] == [("gone",)]


def test_parts_of_a_reading_are_refused_with_what_to_do(shards: Path, typed: Typed) -> None:
    assert typed("reread", "w1", "--out", str(shards / "parts"), "--workers", "1").code == 0
    done = typed("gather", str(shards / "parts"), "w2", "--into", "all")
    assert done.code == 1
    assert len(done.err.strip().splitlines()) == 1
    assert "no collection: `scrapy crawl replay -a warcs=WARCS -a copy=no" in done.err
    assert not (shards / "all").exists()

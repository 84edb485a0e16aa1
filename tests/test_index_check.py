"""`verify` finds an index that differs from what its WARCs say: each table is spoilt, and the row, the capture and its place are told."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from drawn_site import PICTURE
from played import Said, crawl, said, sent_on
from rebuild_invariants import made_anew
from stands import Scrapy

from crawler import index_check
from crawler.collection import Collection
from crawler.commands._fixity import verify_collection
from crawler.errors import CollectionLocked
from crawler.index.compare import TABLES, Comparison
from crawler.index.sample import together
from crawler.index.store import Index
from crawler.index_check import Checked, check_sample, check_whole
from crawler.reread import DEMO_SITES, Readers
from crawler.workers import Effort, InThisProcess

HOST = "http://www.courier.example"


def story(number: int, words: str) -> Said:
    url = f"{HOST}/2024/02/20/{number}/"
    html = (
        f"<html lang=en><head><title>{words}</title><link rel=canonical href='{url}'></head><body><article class=story data-number={number}>"
        f"<h1 class=headline>{words}</h1><div class=dateline><span class=byline>By Ada Quill</span></div><div class=body><p>{words} of old. " * 1
        + "Long ago. " * 40 + f"</p><figure><img src='http://pictures.courier.example/pictures/{number}.jpg'><figcaption>The quay at {words}."
        " Photo: Ida Loewe</figcaption></figure></div></article><a href='/2024/02/20/1001/'>More</a></body></html>"
    )  # fmt: skip
    return said(url, body=html.encode(), role="story", fields=(("ETag", f'"{len(words)}"'),))


ANSWERS = [
    story(1001, "Harbour"), story(1002, "Bridge"), said("http://pictures.courier.example/pictures/1001.jpg", "image/jpeg", PICTURE, role="requisite"),
    story(1001, "Harbour, mended"), said(f"{HOST}/2024/02/20/1003/", status=404, body=b"<p>gone", role="story"), story(1002, "Bridge"),
    said(f"{HOST}/2024/02/20/1004/", status=0, reason="dns", role="story"), sent_on(f"{HOST}/2024/02/20/1005/", "/", role="story"),
    said(f"{HOST}/section/sea", role="section"), said(f"{HOST}/2024/02/20/1006/", body=b"<p>cut", reason="disconnect", role="story", truncated="disconnect"),
]  # fmt: skip
A_VERSION = "id = (SELECT min(id) FROM versions)"
SPOILT = [
    ("captures", "UPDATE captures SET status = 404 WHERE status = 200 AND role = 'story'", "status is 404 in the index, 200 by the WARCs"),
    ("captures", "UPDATE captures SET mime = 'text/plain' WHERE role = 'section'", "mime is 'text/plain' in the index"),
    ("captures", "UPDATE captures SET role = 'page' WHERE role = 'section'", "role is 'page' in the index"),
    ("captures", "UPDATE captures SET read_state = 'not-a-story' WHERE read_state = 'read'", "read_state is 'not-a-story' in the index"),
    ("captures", "UPDATE captures SET elapsed_ms = 1 WHERE role = 'section'", "elapsed_ms is 1 in the index, 40 by the WARCs"),
    ("captures", "UPDATE captures SET revisit_of = record_id WHERE revisit_of IS NOT NULL", "revisit_of is 'urn:"),
    ("stories", "UPDATE stories SET state = 'moved' WHERE id = 'courier/1003'", "state is 'moved' in the index, 'gone' by the WARCs"),
    ("stories", "UPDATE stories SET state = 'gone' WHERE id = 'courier/1001'", "state is 'gone' in the index, 'live' by the WARCs"),
    ("stories", "DELETE FROM stories WHERE id = 'courier/1003'", "is missing from the index"),
    ("stories", "INSERT INTO stories (id, site) VALUES ('courier/7', 'courier')", "is in the index, and no WARC gives it"),
    ("versions", f"UPDATE versions SET headline = 'Another' WHERE {A_VERSION}", "headline is 'Another' in the index, 'Harbour' by the WARCs"),
    ("versions", f"UPDATE versions SET blocks = '[]' WHERE {A_VERSION}", "blocks is '[]' in the index"),
    ("versions", f"DELETE FROM versions WHERE {A_VERSION}", "is missing from the index"),
    ("versions", f"UPDATE versions SET text_digest = 'sha256:0' WHERE {A_VERSION}", "is in the index, and no WARC gives it"),
    ("sightings", "UPDATE sightings SET version_id = (SELECT max(id) FROM versions)", "version_id is 'courier/"),
    ("sightings", "DELETE FROM sightings", "is missing from the index"),
    ("images", "UPDATE images SET caption = 'Another' WHERE n = 0", "caption is 'Another' in the index"),
    ("images", "UPDATE images SET file_byline = 'Nobody' WHERE file_byline = 'Ida Loewe'", "file_byline is 'Nobody' in the index"),
    ("images", "UPDATE images SET capture_id = NULL WHERE capture_id IS NOT NULL", "capture_id is None in the index"),
    ("images", "DELETE FROM images WHERE caption LIKE '%mended%'", "is missing from the index"),
    ("imprints", "DELETE FROM imprints", "is missing from the index"),
    ("failures", "DELETE FROM failures WHERE reason = 'status'", "is missing from the index"),
    ("failures", "UPDATE failures SET detail = 'another' WHERE reason = 'status'", "detail is 'another' in the index"),
    ("failures", "UPDATE failures SET date = '2020-01-01T00:00:00.000000Z' WHERE capture_id IS NULL", "is in the index, and no WARC gives it"),
    ("links", "DELETE FROM links WHERE position = 0", "is missing from the index"),
    ("links", "UPDATE links SET url = 'http://x.example/'", "url is 'http://x.example/' in the index"),
    ("frontier", "UPDATE frontier SET etag = '\"other\"' WHERE etag IS NOT NULL", "etag is '\"other\"' in the index"),
]  # fmt: skip


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collection of stories with an edit, pictures, a page that is gone, a redirect, cut and missing answers; its queue is restored."""
    path = crawl(tmp_path_factory.mktemp("check") / "courier", ANSWERS, site="courier")
    with made_anew(path, path / "index.db", {}) as fresh, closing(sqlite3.connect(path / "index.db")) as db:
        db.execute("ATTACH ? AS fresh", [str(fresh)])
        db.execute("INSERT INTO frontier SELECT * FROM fresh.frontier")
        db.commit()
    return path


@pytest.fixture(scope="module")
def fresh(sound: Path) -> Iterator[Path]:
    with made_anew(sound, sound / "index.db", {}) as file:
        yield file


@pytest.fixture
def copy(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sound, tmp_path / "courier"))


def spoil(path: Path, sql: str) -> Path:
    with closing(sqlite3.connect(path / "index.db")) as db:
        assert db.execute(sql).rowcount, "nothing was spoilt"
        db.commit()
    return path


def readers() -> Readers:
    return Readers(workers=InThisProcess(Effort(workers=0)), folders=(str(DEMO_SITES),))


def sampled(path: Path, monkeypatch: pytest.MonkeyPatch, draws: int = 40) -> Checked:
    monkeypatch.setattr(index_check, "LEAST", draws)
    return check_sample(path, readers(), chance=random.Random(1))


def test_a_sound_index_is_what_its_warcs_say(sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, some = check_whole(sound, readers()), sampled(sound, monkeypatch)
    assert (whole.faults, whole.captures) == ((), 9)
    assert (some.faults, some.captures) == ((), 9)


@pytest.mark.parametrize(("table", "sql", "what"), SPOILT, ids=lambda value: value[:70])
def test_a_table_that_is_spoilt_is_told(copy: Path, fresh: Path, table: str, sql: str, what: str) -> None:
    comparison = Comparison.of(spoil(copy, sql) / "index.db", fresh)
    with closing(comparison.conn):
        found = [one for one in comparison.differences() if one.table == table]
    assert any(what in one.what for one in found), found


def test_every_table_that_is_compared_is_spoilt_once() -> None:
    assert {table for table, _, _ in SPOILT} == {table.name for table in TABLES}


SAMPLED = [one for one in SPOILT if one[1][:11] != "INSERT INTO" and "capture_id IS NULL" not in one[1] and "FROM stories" not in one[1]]


@pytest.mark.parametrize(("table", "sql", "what"), SAMPLED[::3], ids=lambda value: value[:70])
def test_a_sample_that_meets_it_tells_it(copy: Path, monkeypatch: pytest.MonkeyPatch, table: str, sql: str, what: str) -> None:
    assert any(f"table {table}, " in one and what in one for one in sampled(spoil(copy, sql), monkeypatch).faults)


def test_a_fault_names_the_row_its_capture_and_its_place(copy: Path) -> None:
    spoil(copy, f"UPDATE versions SET headline = 'Another' WHERE {A_VERSION}")
    (warc,) = (copy / "archive").iterdir()
    (told,) = check_whole(copy, readers()).faults
    with Index.open(copy / "index.db", readonly=True) as index:
        first = next(capture for capture in index.captures() if capture.story_id == "courier/1001")
    assert told.startswith("table versions, courier/1001 sha256:")
    assert f", capture {first.record_id} at {warc.name} offset {first.offset}: headline is 'Another'" in told


@pytest.mark.parametrize("sql", [
    "DELETE FROM failures WHERE capture_id IS NULL",
    "UPDATE failures SET reason = 'connect' WHERE capture_id IS NULL",
    "INSERT INTO failures (url, host, site, role, key, date, reason, attempt, bytes) VALUES ('http://x/', 'x', 'web', 'page', 'x', '2026', 'dns', 1, 0)",
])  # fmt: skip
def test_attempts_of_which_no_byte_came_are_always_compared(copy: Path, sql: str) -> None:
    assert any("failures" in what or "has no row" in what for what in _verified(spoil(copy, sql)))


def _verified(path: Path, *, deep: bool = False) -> list[str]:
    reports = verify_collection(path, lambda _: lambda _: None, readers=readers(), deep=deep)
    return [fault.what for report in reports for fault in report.faults]


def test_what_an_earlier_version_read_otherwise_is_no_damage(copy: Path) -> None:
    spoil(copy, "UPDATE versions SET headline = 'As read once', reader_version = '0.0.1'")
    spoil(copy, "UPDATE captures SET cut_at = NULL WHERE cut_at IS NOT NULL")
    found = check_whole(copy, readers())
    assert found.faults == ()
    assert found.older >= 3
    spoil(copy, "UPDATE captures SET status = 404 WHERE role = 'section'")
    assert ["status is 404" in one for one in check_whole(copy, readers()).faults] == [True]


def test_what_is_not_read_yet_is_no_damage(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spoil(copy, "UPDATE captures SET read_state = 'unread' WHERE role = 'section'")
    assert check_whole(copy, readers()).faults == ()
    assert sampled(copy, monkeypatch).faults == ()


def test_what_a_lost_capture_showed_is_kept_and_blamed_on_nobody(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spoil(copy, "UPDATE captures SET state = 'lost' WHERE story_id = 'courier/1002'")
    spoil(copy, "UPDATE versions SET headline = 'Nowhere' WHERE story_id = 'courier/1002'")
    assert {one.split(",")[0] for one in check_whole(copy, readers()).faults} <= {"table captures", "table sightings", "table links"}
    assert sampled(copy, monkeypatch).faults == ()


def test_a_deep_check_waits_for_nobody_who_writes(copy: Path) -> None:
    with closing(Collection.hold(copy)):
        assert _verified(copy) == []
        with pytest.raises(CollectionLocked):
            _verified(copy, deep=True)


def test_a_process_that_holds_more_than_a_page_may_take_reads_all_the_same(sound: Path) -> None:
    few = Readers(workers=InThisProcess(Effort(workers=0, memory=1)), folders=(str(DEMO_SITES),))
    assert check_whole(sound, few).faults == ()


def test_together_is_all_that_a_story_follows_from(sound: Path) -> None:
    with Index.open(sound / "index.db", readonly=True) as index:
        found = together(index, f"{HOST}/2024/02/20/1001/")
    assert found is not None
    assert found.stories == {"courier/1001"}
    assert sorted(capture.role for capture in found.captures.values()) == ["requisite", "story", "story"]


def test_the_command_tells_it_with_exit_code_13(copy: Path, scrapy: Scrapy) -> None:
    words = (str(copy), "-s", f"ARCHIVE_SITES={DEMO_SITES}")
    assert "9 captures read again and compared with the index" in scrapy("verify", *words, "--deep").stdout
    assert "compared with the index" in scrapy("verify", *words).stdout
    spoil(copy, "UPDATE stories SET state = 'moved' WHERE id = 'courier/1003'")
    document = json.loads(scrapy("verify", *words, "--deep", "--json", exits=13).stdout)
    (fault,) = document["files"][-1]["faults"]
    assert fault["what"] == "table stories, courier/1003: state is 'moved' in the index, 'gone' by the WARCs"
    assert fault["advice"] == "`scrapy reindex` makes the index anew from the WARCs"
    (warc,) = (copy / "archive").iterdir()
    assert "name a collection" in scrapy("verify", str(warc), "--deep", exits=2).stderr

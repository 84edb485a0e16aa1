"""The index keeps what it is given, and refuses what it cannot read."""

from __future__ import annotations

import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from index_makers import BEGIN, article, capture, file_all
from targets import made

from crawler.errors import SetupError, WriteFailed
from crawler.index.index import Index
from crawler.index.rows import clean, iso, moment, printed_date
from crawler.items import Block, Failure, Image, Link


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return Index.open(tmp_path / "index.db")


def failure(**changes: object) -> Failure:
    values = {"url": "https://b.example/1", "site": "harbour", "role": "story", "key": "k", "date": BEGIN, "reason": "tls"}
    return made(Failure, {**values, **changes})


def test_a_capture_comes_back_as_it_was(index: Index) -> None:
    shot = capture(1, tls='{"version":"TLSv1.3"}', etag='W/"x"', truncated="length", via="https://web.example/", elapsed_ms=7)
    with index.atomic():
        index.add_capture(shot)
        index.add_capture(evolve(shot, warc="other.warc.gz"))
    assert index.capture(shot.record_id) == shot
    assert index.counts()["captures"] == 1
    assert index.capture("urn:uuid:none") is None


def test_a_lost_capture_that_is_found_again_gets_its_new_place(index: Index) -> None:
    with index.atomic():
        index.add_capture(capture(1, payload_digest="sha1:A"))
        index.mark_lost(capture(1).record_id)
    assert (list(index.captures()), index.capture_of_payload("sha1:A")) == ([], None)
    with index.atomic():
        index.add_capture(capture(1, payload_digest="sha1:A", warc="new.warc.gz"))
    assert [c.warc for c in index.captures()] == ["new.warc.gz"]


def test_a_revisit_refers_to_the_earliest_whole_capture(index: Index) -> None:
    with index.atomic():
        index.add_capture(capture(5, payload_digest="sha1:A"))
        index.add_capture(capture(3, payload_digest="sha1:A"))
        index.add_capture(capture(2, payload_digest="sha1:A", truncated="time"))
        index.add_capture(capture(1, payload_digest="sha1:A", revisit_of="urn:uuid:0"))
    found = index.capture_of_payload("sha1:A")
    assert found == capture(3, payload_digest="sha1:A")


def test_captures_by_date_and_column(index: Index) -> None:
    with index.atomic():
        for n in (4, 1, 3, 2):
            index.add_capture(capture(n, role="requisite" if n == 3 else "story"))
        index.set_read_state(capture(2).record_id, "read")
    assert [c.offset for c in index.captures(story_id="harbour/1000")] == [1000, 2000, 3000, 4000]
    assert [c.offset for c in index.unread()] == [1000, 3000, 4000]
    assert [c.offset for c in index.captures(truncated=None, role="requisite")] == [3000]


def test_captures_may_be_changed_while_they_are_walked(index: Index) -> None:
    with index.atomic():
        for n in range(1200):
            index.add_capture(capture(n))
    with index.atomic():
        for shot in index.unread():
            index.set_read_state(shot.record_id, "read")
    assert index.query("SELECT DISTINCT read_state FROM captures")[0][0] == "read"


def test_links_and_failures_filed_twice_are_there_once(index: Index) -> None:
    with index.atomic():
        index.add_capture(capture(1))
        for _ in range(2):
            index.add_links(capture(1).record_id, [Link(url="https://a.example/1", text="one"), Link(url="https://a.example/2")])
            index.add_failure(failure(record_id=capture(1).record_id, detail="expired"))
            index.add_failure(failure(attempt=2))
    assert [tuple(r) for r in index.query("SELECT position, url, text FROM links")] == [
        (0, "https://a.example/1", "one"), (1, "https://a.example/2", ""),
    ]  # fmt: skip
    assert [tuple(r) for r in index.query("SELECT attempt, host, detail, capture_id IS NULL FROM failures")] == [
        (1, "b.example", "expired", 0), (2, "b.example", "", 1),
    ]  # fmt: skip


def test_what_was_read_needs_its_capture_first(index: Index) -> None:
    with pytest.raises(ValueError, match="add the capture"), index.atomic():
        index.add_links("urn:uuid:unknown", [])
    with pytest.raises(ValueError, match="add the capture"), index.atomic():
        index.file_article(capture(1), article())
    assert not index.conn.in_transaction


def test_runs_mirrors_and_warcs(index: Index) -> None:
    with index.atomic():
        run = index.start_run("harbour", {"mirrors": "a,b"}, BEGIN)
        index.add_capture(capture(1), run_id=run)
        index.end_run(run, ended=BEGIN + timedelta(minutes=3), exit_code=0, reason="finished", stats={"b": 2, "a": 1, "at": BEGIN})
        index.save_mirror("harbour", "a.example", state="well", since=BEGIN)
        index.save_mirror("harbour", "a.example", state="resting", failures=3)
        index.add_warc("w.warc.gz", "archive/w.warc.gz", bytes=1, sealed=None, sha256=None)
        index.add_warc("w.warc.gz", "archive/w.warc.gz", bytes=2, sealed=BEGIN, sha256="00")
    row = index.query("SELECT * FROM runs")[0]
    assert (row["started"], row["exit_code"], row["arguments"]) == ("2026-03-01T08:30:15.250001Z", 0, '{"mirrors":"a,b"}')
    assert row["stats"].startswith('{"a":1,"at":')
    mirror = index.mirrors("harbour")[0]
    assert (mirror["state"], mirror["since"], mirror["failures"]) == ("resting", iso(BEGIN), 3)
    assert [(w["bytes"], w["sha256"]) for w in index.warcs()] == [(2, "00")]


def test_a_transaction_is_whole_or_not_at_all(index: Index) -> None:
    def half_done(n: int) -> None:
        with index.atomic():
            index.add_capture(capture(n))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half_done(1)
    with index.atomic():
        index.add_capture(capture(2))
        with pytest.raises(RuntimeError):
            half_done(3)
    assert [c.offset for c in index.captures()] == [2000]


def test_a_reader_reads_while_the_writer_holds_a_transaction(index: Index) -> None:
    file_all(index, (capture(1), article()))
    with Index.open(index.path, readonly=True) as reader, index.atomic():
        index.add_capture(capture(2))
        assert index.counts()["captures"] == 2
        assert reader.counts()["captures"] == 1
        with pytest.raises(sqlite3.OperationalError):
            reader.add_capture(capture(3))


def test_one_thread_a_connection(index: Index) -> None:
    with ThreadPoolExecutor(1) as other, pytest.raises(sqlite3.ProgrammingError, match="thread"):
        other.submit(file_all, index, (capture(1), article())).result()
    assert index.counts()["versions"] == 0


def test_durable_settings(index: Index) -> None:
    pragmas = [index.query(f"PRAGMA {name}")[0][0] for name in ("journal_mode", "synchronous", "foreign_keys")]
    assert pragmas == ["wal", 2, 1]


@pytest.mark.parametrize("readonly", [True, False])
@pytest.mark.parametrize("damage", ["text", "torn", "stranger", "directory", "newer"])
def test_an_unreadable_index_is_a_set_up_error(tmp_path: Path, damage: str, readonly: bool) -> None:
    path = tmp_path / "index.db"
    if damage == "directory":
        path.mkdir()
    else:
        with Index.open(path) as index:
            file_all(index, (capture(1), article()))
    if damage == "text":
        path.write_bytes(b"no database at all, but some text" * 100)
    elif damage == "torn":
        path.write_bytes(path.read_bytes()[:20_000] + os.urandom(500))
    elif damage == "stranger":
        path.unlink()
        sqlite3.connect(path).execute("CREATE TABLE recipes (name)").connection.close()
    elif damage == "newer":
        sqlite3.connect(path, isolation_level=None).execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('crawler', 'm999_later', '')"
        )
    with pytest.raises(SetupError, match=r"index\.db: .*(reindex|update|move)"):
        Index.open(path, readonly=readonly).stats()


@pytest.mark.parametrize("content", [None, b""])
def test_reading_makes_no_index(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "index.db"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SetupError, match="reindex"):
        Index.open(path, readonly=True)
    assert [p.stat().st_size for p in tmp_path.iterdir()] == ([] if content is None else [0])


def test_reading_leaves_the_file_alone(index: Index) -> None:
    file_all(index, (capture(1), article()))
    index.close()
    before = index.path.read_bytes()
    with Index.open(index.path, readonly=True) as reader:
        assert reader.stats()["versions"] == 1
        assert reader.integrity() == []
    assert index.path.read_bytes() == before


def test_integrity_tells_what_is_wrong(index: Index) -> None:
    file_all(index, (capture(1), article()))
    assert index.integrity() == []
    index.conn.execute("PRAGMA foreign_keys = OFF")
    index.conn.execute("UPDATE versions SET headline = 'forged'")
    index.conn.execute("INSERT INTO links VALUES (99, 0, 'https://a.example/', '')")
    index.conn.execute("INSERT INTO images (version_id, n, url, key) VALUES (1, 7, 'u', 'k')")
    problems = " | ".join(index.integrity())
    assert "versions_fts: differs from table versions | " in problems
    assert "refers to a row of captures" in problems
    assert "images, row 2: no full text" in problems


@settings(max_examples=60, deadline=None)
@given(st.datetimes(min_value=datetime(1, 1, 3), max_value=datetime(9999, 12, 29)), st.integers(-840, 840))  # noqa: DTZ001
def test_times_come_back_and_sort(naive: datetime, minutes: int) -> None:
    when = naive.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    assert moment(iso(when)) == when
    assert (iso(when) < iso(BEGIN)) == (when < BEGIN)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        iso(datetime(2026, 1, 1))  # noqa: DTZ001


def test_printed_dates() -> None:
    dates = ["2016-04-07T06:43:00+04:30", "2016-04-07", "2016-04-07T06:43:00", "0001-01-01T00:00:00+14:00", "soon\x00", None]
    assert [printed_date(d) for d in dates] == ["2016-04-07T02:13:00.000000Z", *dates[1:4], "soon\ufffd", None]


HOSTILE = ["\ud800 lone", "\x00 nul \x00", "9" * 5000, "\ud83d\ude00 pair", "'; DROP TABLE versions; --", "\u202e bidi", '"\\"', "🛳️" * 50]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_kept_and_breaks_nothing(index: Index, text: str) -> None:
    number = "7" * 40
    read = article(
        text, text, deck=text, authors=(text,), tags=(text, text), read_by={text: text}, breadcrumb=(Link(url=text, text=text),),
        images=(Image(url=text, caption=text, credit=text, alt=text, raw=text),), story=f"harbour/{number}", published=text,
    )  # fmt: skip
    shot = capture(1, etag=text, problem=text)
    file_all(index, (shot, read))
    with index.atomic():
        index.add_links(shot.record_id, [Link(url=text, text=text)])
        index.add_failure(failure(detail=text))
        index.save_mirror("harbour", "a.example", state="well", successes=10**30)
    version = index.versions(f"harbour/{number}")[0]
    assert version.article.headline == clean(text)
    assert version.article.body == "\n".join(b.text or "" for b in version.article.blocks if b.kind == "paragraph")
    assert version.article.images[0].caption == clean(text)
    assert index.integrity() == []


def test_an_article_comes_back_as_it_was(index: Index) -> None:
    read = article(
        headline_alternatives=("Ferry",), authors=("Ada Berg", "Ünal Öz"), modified="2026-03-02", published_raw="1 March", section="City",
        breadcrumb=(Link(url="https://a.example/city", text="City"),), tags=("sea",), videos=("https://a.example/v.mp4",),
        alternates=("b.example",), related=(Link(url="https://a.example/2", text="Two"),), canonical_url="https://a.example/1",
        read_by={"headline": "css"}, problems=("zone-assumed",), url=capture(1).url,
        blocks=(Block(kind="heading", text="One"), Block(kind="picture", image=0), Block(kind="related", text="See")),
    )  # fmt: skip
    file_all(index, (capture(1), read))
    version = index.versions("harbour/1000")[0]
    assert version.article == read
    assert (version.n, version.first_seen, version.last_seen) == (1, capture(1).date, capture(1).date)


def test_a_full_disk_is_sqlites_own_error(index: Index) -> None:
    index.conn.execute(f"PRAGMA max_page_count = {index.query('PRAGMA page_count')[0][0] + 1}")
    with pytest.raises(sqlite3.OperationalError, match="full"):
        file_all(index, (capture(1), article(body="word " * 50_000)))
    assert (index.counts()["captures"], index.conn.in_transaction) == (0, False)


def test_what_is_only_read_is_left_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "index.db"
    with Index.open(path) as index, index.atomic():
        index.add_capture(capture(1))
    before = path.read_bytes(), path.stat().st_mtime_ns
    for _ in range(2):
        with Index.open(path, readonly=True) as index:
            assert index.counts()["captures"] == 1
        assert [file.name for file in tmp_path.iterdir()] == ["index.db"]
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


def test_a_reader_leaves_the_log_to_who_writes(tmp_path: Path) -> None:
    path = tmp_path / "index.db"
    Index.open(path).close()
    reader = Index.open(path, readonly=True)
    with Index.open(path) as writer:
        for n in (1, 2):
            with writer.atomic():
                writer.add_capture(capture(n))
            reader.close()
        with Index.open(path, readonly=True) as another:
            assert another.counts()["captures"] == 2
    with Index.open(path, readonly=True) as index:
        assert index.counts()["captures"] == 2


def test_a_reader_in_a_folder_that_is_read_only_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "index.db"
    Index.open(path).close()
    with monkeypatch.context() as patch:
        patch.setattr(os, "access", lambda *asked: False)
        with Index.open(path, readonly=True) as index:
            assert index.counts()["captures"] == 0
            assert [file.name for file in tmp_path.iterdir()] == ["index.db"]
    assert [file.name for file in tmp_path.iterdir()] == ["index.db"]


def test_a_full_disk_is_no_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "index.db"
    Index.open(path).close()

    def failing(*given: object, **named: object) -> sqlite3.Connection:
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMSIZE
        raise error

    free = 0
    monkeypatch.setattr(sqlite3, "connect", failing)
    monkeypatch.setattr("crawler.index.connection.shutil.disk_usage", lambda folder: SimpleNamespace(free=free))
    with pytest.raises(WriteFailed, match="the disk is full"):
        Index.open(path, readonly=True)
    free = 10**9
    with pytest.raises(SetupError, match="repair"):
        Index.open(path, readonly=True)

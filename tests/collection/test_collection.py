"""The collection: nothing is acknowledged before it is on disk, one writer at a time, and what a crash left is taken in."""

import asyncio
import errno
import fcntl
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from exchange_makers import START, exchange, lease
from outcomes import made

from crawler.archive_files.reader import archived, records
from crawler.collection.collection import Collection, WriterOptions
from crawler.disk.disk_space import DiskSpace
from crawler.errors import CollectionLocked, SetupError, WriteFailed
from crawler.index.index import Index
from crawler.items import Capture, Failure, Lookup, Target


async def test_a_capture_is_in_warc_and_index_when_it_is_acknowledged(tmp_path: Path) -> None:
    collection = Collection.open(tmp_path / "demo")
    captures = await asyncio.gather(*(collection.record(exchange(n, f"<p>{n}".encode()), lease(n)) for n in range(40)))
    open_file = next((tmp_path / "demo" / "archive").glob("*.open"))
    held = [entry.capture for entry in archived(open_file)]
    assert sorted(held, key=lambda c: c.date) == sorted(captures, key=lambda c: c.date)
    with Index.open(tmp_path / "demo" / "index.db", readonly=True) as index:
        assert list(index.captures()) == sorted(captures, key=lambda c: c.date)
    collection.close()
    assert not list((tmp_path / "demo" / "archive").glob("*.open"))
    assert len(next((tmp_path / "demo" / "indexes").glob("*.cdxj")).read_text().splitlines()) == 40


async def test_the_same_payload_again_is_a_revisit_also_within_one_batch(tmp_path: Path) -> None:
    collection = Collection.open(tmp_path / "demo")
    first, second = await asyncio.gather(collection.record(exchange(1), lease(1)), collection.record(exchange(2), lease(2)))
    third = await collection.record(exchange(3), lease(3))
    cut = await collection.record(exchange(4, truncated="disconnect"), lease(4), reason="disconnect", detail="cut")
    assert first.revisit_of is None
    assert second.revisit_of == third.revisit_of == first.record_id
    assert cut.revisit_of is None
    with Index.open(tmp_path / "demo" / "index.db", readonly=True) as index:
        assert [row["reason"] for row in index.query("SELECT reason FROM failures")] == ["disconnect"]
    collection.close()


async def test_a_failure_leaves_a_row_and_a_record(tmp_path: Path) -> None:
    collection = Collection.open(tmp_path / "demo")
    failure = Failure(
        target=Target(url="https://a.example/1", site="demo", role="story", key="demo/1"),
        date=START,
        reason="dns",
        detail="no such host\r\nX: y",
    )
    await collection.fail(failure)
    collection.close()
    warc = next((tmp_path / "demo" / "archive").glob("*.warc.gz"))
    entries = [entry for entry in archived(warc) if entry.failure is not None]
    assert [(e.capture, e.failure and e.failure.reason) for e in entries] == [(None, "dns")]
    with Index.open(tmp_path / "demo" / "index.db", readonly=True) as index:
        assert [row["url"] for row in index.query("SELECT url FROM failures")] == ["https://a.example/1"]


def test_a_second_writer_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "demo"
    collection = Collection.open(path)
    script = f"from crawler.collection.collection import Collection; from pathlib import Path; Collection.open(Path({str(path)!r}))"
    second = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=Path(__file__).parents[2], check=False)
    assert "CollectionLocked" in second.stderr
    assert "process" in second.stderr
    collection.close()
    Collection.open(path).close()


def test_a_lock_left_by_a_dead_process_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "demo"
    path.mkdir()
    (path / "archive.lock").write_text("process 1 since long ago")
    Collection.open(path).close()
    with (path / "archive.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        with pytest.raises(CollectionLocked):
            Collection.open(path)


async def test_what_a_crash_left_is_sealed_and_indexed(tmp_path: Path) -> None:
    path = tmp_path / "demo"
    collection = Collection.open(path)
    kept = await collection.record(exchange(1), lease(1))
    await collection.record(exchange(2, b"two"), lease(2))
    warc = next((path / "archive").glob("*.open"))
    torn = warc.read_bytes()
    collection.close()
    sealed = next((path / "archive").glob("*.warc.gz"))
    sealed.unlink()
    sealed.with_name(sealed.name + ".open").write_bytes(torn[:-20])
    for file in path.glob("index.db*"):
        file.unlink()
    again = Collection.open(path)
    assert [file.name for file in again.recovered] == [sealed.name]
    with again.reader() as index:
        assert [c.record_id for c in index.captures()] == [kept.record_id]
    again.close()
    assert list((path / "quarantine").iterdir())


class Disk:
    """A disk that is as full as a test says, for whoever asks how much is free and for whoever comes to a fault point."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, point: str = "", times: int = 10**9) -> None:
        self.free, self._point, self._left = 0, point, times
        monkeypatch.setattr("crawler.disk.disk_space.shutil.disk_usage", lambda path: type("U", (), {"free": self.free})())
        monkeypatch.setattr("crawler.warc.output_file.failpoint", self._at)
        monkeypatch.setattr("crawler.collection.writer_thread.failpoint", self._at)

    def _at(self, point: str) -> None:
        if point == self._point and self.free < 10_000_000 and self._left:
            self._left -= 1
            raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("point", ["append:before", "append:middle", "append:after", "create:before", "create:middle", "commit:middle"])
async def test_a_full_disk_is_waited_for_and_nothing_is_acknowledged_or_written_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, point: str
) -> None:
    disk = Disk(monkeypatch, point)
    collection = Collection.open(tmp_path / "demo", options=WriterOptions(disk_wait=30))
    collection.resolved([Lookup(host="a.example", date=START, addresses=("127.0.0.1",))])
    waiting = [asyncio.ensure_future(collection.record(exchange(n, b"%d" % n), lease(n))) for n in range(8)]
    while not collection.disk.pauses:  # noqa: ASYNC110 - it is the writer's thread that counts
        await asyncio.sleep(0.01)
    assert not collection.disk.enough()
    await asyncio.sleep(0.2)
    assert not any(job.done() for job in waiting)
    with collection.reader() as index:
        assert list(index.captures()) == []
    disk.free = 10**9
    captures = await asyncio.gather(*waiting)
    collection.close()
    assert collection.broken is None
    assert not list((tmp_path / "demo" / "archive").glob("*.open"))
    (file,) = (tmp_path / "demo" / "archive").glob("*.warc.gz")
    assert sorted(entry.capture.record_id for entry in archived(file) if entry.capture) == sorted(c.record_id for c in captures)
    assert [record.type for record in records(file)].count("resource") == 1
    assert [r.message.split()[0] for r in caplog.records if "disk-" in r.message] == ["disk-low", "disk-room"]


async def test_a_disk_that_stays_full_stops_everything_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = Disk(monkeypatch, "append:middle")
    disk.free = 10**9
    collection = Collection.open(tmp_path / "demo", options=WriterOptions(reserve_bytes=1024, disk_wait=0.1))
    await collection.record(exchange(1), lease(1))
    disk.free = 0
    with pytest.raises(WriteFailed, match="No space left"):
        await collection.record(exchange(2, b"two"), lease(2))
    with pytest.raises(WriteFailed):
        await collection.record(exchange(3, b"three"), lease(3))
    collection.close()
    assert len(list(archived(next((tmp_path / "demo" / "archive").glob("*.warc.gz"))))) == 1


async def test_nobody_waits_for_room_once_the_crawl_is_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Disk(monkeypatch, "append:middle")
    collection = Collection.open(tmp_path / "demo", options=WriterOptions(disk_wait=3600))
    waiting = asyncio.ensure_future(collection.record(exchange(1), lease(1)))
    await asyncio.sleep(0.1)
    collection.disk.stop_waiting()
    with pytest.raises(WriteFailed, match="No space left"):
        await asyncio.wait_for(waiting, 5)
    collection.close()


async def test_a_failed_sync_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Disk(monkeypatch, "sync:before", times=1)
    collection = Collection.open(tmp_path / "demo", options=WriterOptions(disk_wait=3600))
    with pytest.raises(WriteFailed, match="No space left"):
        await asyncio.wait_for(collection.record(exchange(1), lease(1)), 5)
    collection.close()
    assert list((tmp_path / "demo" / "archive").glob("*.open")), "what it holds is not known to be on disk"


def test_room_is_wanted_back_with_a_tenth_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk, now = Disk(monkeypatch), [0.0]
    room = DiskSpace(tmp_path, least=1000, patience=60, clock=lambda: now[0])
    for free, enough in ((1000, True), (999, False), (1099, False), (1100, True), (1000, True), (0, False)):
        disk.free = free
        assert room.enough() == enough, free
    assert room.pauses == 2
    assert room.out_of_patience() is None
    now[0] = 60.0
    assert "only 0 B free" in str(room.out_of_patience())


async def test_one_job_that_cannot_be_committed_does_not_take_the_others_with_it(tmp_path: Path) -> None:
    collection = Collection.open(tmp_path / "demo")
    capture = await collection.record(exchange(1), lease(1))

    def wrong(db: sqlite3.Connection) -> None:
        db.execute("INSERT INTO captures (record_id) VALUES (?)", (capture.record_id,))

    committed: list[bool] = []
    collection.change(wrong, lambda: committed.append(True))
    other = await collection.record(exchange(2, b"two"), lease(2))
    assert isinstance(other, Capture)
    assert not committed
    assert await collection.file(made(lease(2), other)) is None
    collection.close()


def test_a_place_that_cannot_be_written_is_a_set_up_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a directory")
    with pytest.raises(SetupError, match="cannot write there"):
        Collection.open(tmp_path / "file" / "demo")
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "index.db").write_bytes(b"this is no database" * 100)
    with pytest.raises(SetupError, match="index"):
        Collection.open(tmp_path / "demo")


async def test_each_failed_attempt_is_one_line_of_the_log_and_counted_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "crawler.collection.collection")
    collection, counted = Collection.open(tmp_path / "demo"), []
    collection.on_failure = lambda reason, host: counted.append((reason, host))
    cut = await collection.record(exchange(1, truncated="disconnect"), lease(1, attempt=2), reason="disconnect", detail="cut\noff")
    await collection.file(made(lease(1), cut, reason="disconnect", noted=True, read_state="unreadable"))
    missing = await collection.record(exchange(2, b"none"), lease(2))
    await collection.file(made(lease(2), missing, reason="status", detail="404", answer=True))
    await collection.file(made(lease(3), None, reason="limit", detail="nobody wrote it down"))
    await collection.fail(
        Failure(
            target=Target(url="https://b.example/robots.txt", site="demo", role="robots", key="r"),
            date=START,
            reason="tls",
            detail="expired",
        )
    )
    await collection.fail(
        Failure(
            target=Target(url="https://b.example/4", site="demo", role="story", key="4"),
            date=START,
            reason="robots",
            detail="disallowed",
        )
    )
    good = await collection.record(exchange(5, b"good"), lease(5))
    await collection.file(made(lease(5), good))
    with collection.reader() as index:
        rows = [(row["reason"], row["host"]) for row in index.query("SELECT reason, host FROM failures ORDER BY id")]
    collection.close()
    lines = [record.message for record in caplog.records if record.name == "crawler.collection.collection"]
    assert (
        counted
        == rows
        == [("disconnect", "a.example"), ("status", "a.example"), ("limit", "a.example"), ("tls", "b.example"), ("robots", "b.example")]
    )
    assert len(lines) == len(rows)
    assert lines[0] == r"failed reason=disconnect host=a.example attempt=2 role=story detail='cut\noff' url=https://a.example/1"
    assert lines[3] == "failed reason=tls host=b.example attempt=1 role=robots detail='expired' url=https://b.example/robots.txt"
    assert lines[4].startswith("refused reason=robots")

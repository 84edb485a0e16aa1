"""The writer thread: one connection, one thread; whatever happens in it, nobody waits for ever; what cannot be sealed is told."""

from __future__ import annotations

import asyncio
import errno
import logging
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from exchange_makers import exchange, lease
from runs import opened_run
from scrapy.settings import Settings

from crawler import settings as ours
from crawler.collection.collection import Collection, WriterOptions
from crawler.collection.jobs import Change
from crawler.collection.sealing import Sealing
from crawler.crawl.opening import finish_run
from crawler.disk.disk_space import DiskSpace
from crawler.errors import WriteFailed
from crawler.index.index import Index
from crawler.items import Capture
from crawler.sites.known import WEB
from crawler.spiders.arguments import parse_arguments


def within(seconds: float, call: Callable[[], object]) -> object:
    """What a call that might wait for ever gives or raises; fails where it takes too long."""
    ended: list[object] = []

    def run() -> None:
        try:
            ended.append(call())
        except Exception as error:  # noqa: BLE001 - looked at by the test
            ended.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    assert ended, "still waiting"
    return ended[0]


def raiser(error: BaseException) -> Callable[..., Any]:
    def fail(*arguments: object, **more: object) -> Any:
        raise error

    return fail


class OutOfTheBlue(BaseException):
    """Not even an Exception."""


@pytest.mark.parametrize("step", ["sync", "write_exchange", "commit", "acknowledge"])
@pytest.mark.parametrize("error", [TypeError("unforeseen"), OutOfTheBlue("unforeseen")], ids=["TypeError", "BaseException"])
async def test_nobody_waits_for_a_thread_that_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, step: str, error: BaseException
) -> None:
    collection = Collection.open(tmp_path / "demo")
    await collection.record(exchange(1, b"one"), lease(1))
    if step in ("sync", "write_exchange"):
        monkeypatch.setattr(collection._thread._writer, step, raiser(error))
    else:
        monkeypatch.setattr(collection._thread, {"commit": "_commit", "acknowledge": "_with_room"}[step], raiser(error))
    told = await asyncio.wait_for(
        asyncio.gather(*(collection.record(exchange(n, b"%d" % n), lease(n)) for n in (2, 3)), return_exceptions=True), 5
    )
    assert all(isinstance(one, TypeError if step == "write_exchange" and isinstance(error, TypeError) else WriteFailed) for one in told)
    if step == "write_exchange" and isinstance(error, TypeError):
        assert collection.broken is None, "one record that cannot be made stops nobody else's"
    else:
        assert "unforeseen" in str(collection.broken)
        assert isinstance(within(5, lambda: collection.now(lambda index: None)), WriteFailed)
        with pytest.raises(WriteFailed):
            await asyncio.wait_for(collection.record(exchange(4), lease(4)), 5)
        assert [r for r in caplog.records if "writer-fault" in r.message and r.exc_info], "the traceback is in the log"
    within(10, collection.close)


def test_a_caller_that_cannot_be_told_costs_nobody_else_the_answer(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    collection = Collection.open(tmp_path / "demo")

    async def leave() -> None:
        collection.change(lambda db: time.sleep(0.2), lambda: None)

    loop = asyncio.new_event_loop()
    loop.run_until_complete(leave())
    loop.close()
    assert within(5, lambda: collection.now(lambda index: 7)) == 7
    job = Change(lambda index: None)
    job.future.add_done_callback(raiser(ValueError("no loop there")))
    collection._thread.submit(job)
    assert within(5, lambda: collection.now(lambda index: 8)) == 8
    collection.close()
    assert "no loop there" in caplog.text


def test_a_closed_collection_refuses_and_closes_again(tmp_path: Path) -> None:
    collection = Collection.open(tmp_path / "demo")
    within(10, collection.close)
    assert "closed" in str(within(5, lambda: collection.now(lambda index: None)))
    assert isinstance(within(5, collection.seal), WriteFailed)
    within(5, collection.close)
    assert isinstance(within(5, lambda: asyncio.run(collection.record(exchange(1), lease(1)))), WriteFailed)


async def test_the_index_is_the_thread_s_own(tmp_path: Path) -> None:
    collection = Collection.open(tmp_path / "demo")
    assert not [name for name in vars(collection) if isinstance(vars(collection)[name], Index)], "nobody else can reach it"
    with pytest.raises(sqlite3.ProgrammingError, match="thread"):
        collection._thread._index.query("SELECT 1")
    capture = await collection.record(exchange(1), lease(1))
    with collection.reader() as index:
        assert [c.record_id for c in index.captures()] == [capture.record_id]
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            index.set_read_state(capture.record_id, "read")
    collection.close()


async def test_what_rides_along_is_committed_with_the_next_batch_and_brings_none_about(tmp_path: Path) -> None:
    collection = Collection.open(tmp_path / "demo")
    for state in ("well", "seized"):
        collection.commit_along("mirrors", lambda index, state=state: index.save_mirror(site="demo", host="a.example", state=state))  # type: ignore[misc]
    await asyncio.sleep(0.1)
    with collection.reader() as index:
        assert index.mirrors("demo") == []
    await collection.record(exchange(1), lease(1))
    with collection.reader() as index:
        assert [row["state"] for row in index.mirrors("demo")] == ["seized"]
    collection.close()


def test_room_may_be_asked_from_two_threads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`out_of_patience` in the writer's thread, while the event loop's `enough` finds room again."""
    room = DiskSpace(tmp_path, least=10, patience=0.0)

    def between() -> float:
        room._since = None
        return 1.0

    room._since = 0.5
    room._clock = between
    assert room.out_of_patience() is not None
    monkeypatch.setattr("crawler.disk.disk_space.shutil.disk_usage", raiser(FileNotFoundError("unmounted")))
    assert (room.free, room.enough()) == (0, False)


@pytest.mark.parametrize("error", [sqlite3.OperationalError("database is locked"), KeyError("x"), OSError(errno.EIO, "bad disk")])
def test_a_file_that_cannot_be_finished_keeps_no_other_from_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    noted: list[str] = []
    monkeypatch.setattr(Sealing, "_write_cdxj", lambda self, warc: raiser(error)() if warc == "a" else None)
    monkeypatch.setattr(Sealing, "_digest", lambda self, file: "f00")
    sealing = Sealing(tmp_path, ["a", "b"], note=lambda warc, sha256: noted.append(warc))
    sealing.start()
    sealing.close()
    assert noted == ["b"]
    assert [r.message for r in caplog.records if r.levelno >= logging.WARNING and "warc=a" in r.message]


class Newsroom:
    """A run that is opened and ended without a crawl between."""

    def __init__(self, path: Path) -> None:
        knobs = Settings({name: value for name, value in vars(ours).items() if name.isupper()})
        knobs.update({"ARCHIVE_MIN_FREE_BYTES": 0, "ARCHIVE_RESERVE_BYTES": 0})
        self.path = path
        self.run = opened_run(knobs, site=WEB, path=path, arguments=parse_arguments({}, ()), texts={})

    def ends(self) -> tuple[int, int | None, str]:
        """Exit code of the report and of the row in `runs`, and the report's words."""
        report = finish_run(self.run, finish_reason="finished", began=time.monotonic())
        with Index.open(self.path / "index.db", readonly=True) as index:
            (row,) = index.query("SELECT exit_code, reason FROM runs")
        told = " ".join([report.reason, *(f"{check.name}: {check.detail}" for check in report.checks if not check.passed)])
        return report.exit_code, row["exit_code"], told


@pytest.mark.parametrize(
    ("point", "number"),
    [("seal:before", errno.EIO), ("seal:listed", errno.ENOSPC), ("sync:before", errno.EIO), ("seal:renamed", errno.EIO)],
)
async def test_what_cannot_be_sealed_is_told_by_exit_code_report_and_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, point: str, number: int
) -> None:
    newsroom = Newsroom(tmp_path / "demo")
    await newsroom.run.collection.record(exchange(1), lease(1), run_id=newsroom.run.id)

    def at(here: str) -> None:
        if here == point:
            raise OSError(number, "no luck")

    monkeypatch.setattr("crawler.warc.writer.failpoint", at)
    monkeypatch.setattr("crawler.warc.output_file.failpoint", at)
    code, row, told = newsroom.ends()
    assert (code, row) == (12, 12)
    assert "no luck" in told
    assert "everything on disk" in told


async def test_a_run_that_is_sealed_is_told_as_it_was(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path / "demo")
    await newsroom.run.collection.record(exchange(1), lease(1), run_id=newsroom.run.id)
    newsroom.run.stats.captures = 1
    assert newsroom.ends()[:2] == (0, 0)
    (file,) = (tmp_path / "demo" / "archive").iterdir()
    with Index.open(tmp_path / "demo" / "index.db", readonly=True) as index:
        assert [row["name"] for row in index.warcs()] == [file.name]


async def test_an_index_that_cannot_be_written_at_the_end_is_told_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    newsroom = Newsroom(tmp_path / "demo")
    assert isinstance(await newsroom.run.collection.record(exchange(1), lease(1)), Capture)
    monkeypatch.setattr(Index, "end_run", raiser(sqlite3.OperationalError("disk I/O error")))
    code, row, told = newsroom.ends()
    assert (code, row) == (12, None)
    assert "disk I/O error" in told


async def test_a_collection_opened_under_a_full_disk_leaves_the_lock(tmp_path: Path) -> None:
    with pytest.raises(WriteFailed, match="MIN_FREE"):
        Collection.open(tmp_path / "demo", options=WriterOptions(min_free_bytes=2**62))
    Collection.open(tmp_path / "demo").close()


async def test_a_file_that_cannot_be_sealed_takes_nothing_else_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    collection = Collection.open(tmp_path / "demo")
    await collection.record(exchange(1), lease(1))
    monkeypatch.setattr(collection._thread._writer, "seal", raiser(OSError(errno.EIO, "no luck")))
    collection.change(lambda db: time.sleep(0.2), lambda: None)
    collection.change(lambda db: db.execute("UPDATE captures SET read_state = 'read'") and None, lambda: None)
    with pytest.raises(WriteFailed, match="no luck"):
        collection.seal()
    with collection.reader() as index:
        assert [row["read_state"] for row in index.query("SELECT read_state FROM captures")] == ["read"]
    collection.close()

"""Fixity of a collection in this process: what is told of files that are open, gone, unreadable or in use, and how `repair` and `reindex` answer it."""

from __future__ import annotations

import asyncio
import fcntl
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from exchange_makers import exchange, lease
from small_collections import twelve, warc_of

from crawler.collection.collection import Collection
from crawler.collection.layout import WarcFile, lock
from crawler.errors import SetupError
from crawler.items import Failure
from crawler.maintenance import verify, verify_rows
from crawler.maintenance.verify import verify_collection
from crawler.processing.parse_again import Readers
from crawler.workers.pool import InThisProcess, JobLimits


def begin(path: Path) -> Callable[[int], None]:
    return lambda offset: None


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    """A collection of twelve captures in one sealed file."""
    return twelve(tmp_path / "demo")


def faults(path: Path, **more: Any) -> dict[str, list[str]]:
    """Faults by file name; files without one are left out."""
    return {report.path.name: [fault.what for fault in report.faults] for report in verify_collection(path, begin, **more) if report.faults}


def notes(path: Path, **more: Any) -> list[str]:
    return [note for report in verify_collection(path, begin, **more) for note in report.notes]


def change(path: Path, *sql: str) -> None:
    with closing(sqlite3.connect(path / "index.db")) as db, db:
        for one in sql:
            db.execute(one)


def test_a_sound_collection_has_no_fault(demo: Path) -> None:
    assert faults(demo) == {}
    readers = Readers(workers=InThisProcess(JobLimits(workers=0)))
    assert any("read again and compared with the index" in note for note in notes(demo, readers=readers))


def test_a_byte_that_changed_is_found_in_the_file_and_in_its_digest(demo: Path) -> None:
    file = warc_of(demo)
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0xFF
    file.write_bytes(data)
    assert file.name in faults(demo)


def test_a_row_without_a_record_and_a_record_without_a_row_are_told(demo: Path) -> None:
    change(
        demo,
        "UPDATE captures SET payload_digest = 'sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' WHERE offset = (SELECT max(offset) FROM captures)",
    )
    assert faults(demo)
    change(demo, "DELETE FROM captures WHERE offset = (SELECT max(offset) FROM captures)")
    assert faults(demo)


def test_a_file_that_a_crash_left_open_is_a_fault_and_one_being_written_a_note(demo: Path) -> None:
    file = warc_of(demo)
    left = file.rename(file.with_name(f"{file.name}.open"))
    change(demo, "DELETE FROM warcs")
    assert any("left open by a crash" in what for what in faults(demo)[left.name])
    held = os.open(left, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    try:
        assert left.name not in faults(demo)
        assert "being written: what is behind its last whole record was left out" in notes(demo)
    finally:
        os.close(held)


def test_a_collection_in_use_is_not_compared_word_by_word(demo: Path) -> None:
    held = lock(demo)
    try:
        told = notes(demo, readers=Readers(workers=InThisProcess(JobLimits(workers=0))))
        assert "in use or read only: its full text was not compared word by word" in told
        assert "in use: no capture was read again" in told
    finally:
        held.close()


@pytest.mark.parametrize("spoil", [b"", b"no database" * 1000])
def test_an_index_that_cannot_be_read_is_a_fault_and_the_files_are_checked_all_the_same(demo: Path, spoil: bytes) -> None:
    for file in demo.glob("index.db*"):
        file.unlink()
    (demo / "index.db").write_bytes(spoil)
    reports = verify_collection(demo, begin)
    assert [report.records > 0 for report in reports if report.path.name != "index.db"] == [True]
    assert any(report.faults for report in reports if report.path.name == "index.db")


def test_a_file_that_cannot_be_read_is_a_set_up_error(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: Any, **more: Any) -> Any:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(verify, "verify_file", fail)
    with pytest.raises(SetupError, match="cannot be read: Input/output error"):
        verify_collection(demo, begin)

    def gone(*arguments: Any, **more: Any) -> Any:
        raise FileNotFoundError(2, "No such file or directory")

    monkeypatch.setattr(verify, "verify_file", gone)
    with pytest.raises(SetupError, match="is not there any more"):
        verify_collection(demo, begin)


def test_every_record_is_counted(demo: Path) -> None:
    (report,) = [report for report in verify_collection(demo, begin) if report.path.name != "index.db"]
    assert report.records == 1 + 12 * 3, "a warcinfo; request, metadata and response of each"


def crawled_on(path: Path) -> None:
    """A whole run: three captures and a failed attempt in a file of their own, sealed."""

    async def fill() -> None:
        for n in range(20, 23):
            await collection.record(exchange(n, b"<p>page %d" % n), lease(n))
        await collection.fail(Failure(target=lease(30).target, date=datetime(2026, 11, 24, tzinfo=UTC), reason="dns"))

    with closing(Collection.open(path)) as collection:
        asyncio.run(fill())


def test_a_run_that_begins_and_ends_while_it_is_verified_is_not_blamed(demo: Path) -> None:
    runs = iter([crawled_on])

    def crawl_first(_: Path) -> Callable[[int], None]:
        for run in runs:
            run(demo)
        return lambda offset: None

    assert [fault.what for report in verify_collection(demo, crawl_first) for fault in report.faults] == []
    assert faults(demo) == {}


def test_a_file_that_is_renamed_while_the_folder_is_read_is_not_missed(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = verify_rows.warc_files
    lists: list[list[WarcFile]] = [[], whole(demo)]
    monkeypatch.setattr(verify_rows, "warc_files", lambda path: lists.pop(0))
    assert faults(demo) == {}
    monkeypatch.setattr(verify_rows, "warc_files", lambda path: [])
    assert [what for what in faults(demo)["index.db"] if "which is not there" in what]

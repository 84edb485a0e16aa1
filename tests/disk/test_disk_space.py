"""Room on the disk: when to pause, when to go on, when to give up, and the words in which it is told."""

from __future__ import annotations

import errno
import sqlite3
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from crawler.disk import disk_space
from crawler.disk.disk_space import DiskSpace, check_space, make_reserve
from crawler.disk.write_errors import closed, is_disk_full, is_fatal, write_failed
from crawler.errors import WriteFailed

MIB = 1024**2


class Disk:
    """A disk with so many bytes free, and a clock."""

    def __init__(self) -> None:
        self.free: int | OSError = 100 * MIB
        self.now = 0.0
        self.looks = 0

    def usage(self, path: Path) -> SimpleNamespace:
        self.looks += 1
        if isinstance(self.free, OSError):
            raise self.free
        return SimpleNamespace(free=self.free)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    one = Disk()
    monkeypatch.setattr(disk_space.shutil, "disk_usage", one.usage)
    return one


@pytest.fixture
def space(disk: Disk) -> DiskSpace:
    return DiskSpace(Path("/archives"), least=10 * MIB, patience=30, clock=lambda: disk.now)


def test_a_pause_ends_when_a_tenth_more_than_the_least_is_free(disk: Disk, space: DiskSpace, caplog: pytest.LogCaptureFixture) -> None:
    seen = []
    for free in (10, 9.9, 10, 10.9, 11, 10, 9):
        disk.free = int(free * MIB)
        seen.append(space.enough())
    assert seen == [True, False, False, False, True, True, False]
    assert space.pauses == 2
    assert "disk-low path=/archives free=9.9 MiB wanted=11.0 MiB wait=30s" in caplog.text
    assert "disk-room path=/archives free=11.0 MiB" in caplog.text


def test_after_a_write_without_room_a_mib_more_than_now_is_wanted(disk: Disk, space: DiskSpace) -> None:
    disk.free = 50 * MIB
    space.note_full()
    assert not space.enough()
    disk.free = 51 * MIB
    assert space.enough()
    disk.free = 5 * MIB
    space.note_full()
    disk.free = 6 * MIB
    assert not space.enough(), "never less than the least"


def test_a_disk_with_plenty_is_looked_at_now_and_then(disk: Disk, space: DiskSpace) -> None:
    disk.free = 1000 * MIB
    for tenth in range(10):
        disk.now = tenth / 8
        for _ in range(20):
            assert space.enough()
    assert disk.looks == 10
    disk.free = 0
    assert space.enough(), "as it was a moment ago"
    space.note_full()
    assert not space.enough(), "a failed write counts at once"
    disk.free = 1000 * MIB
    assert space.enough()
    disk.free, disk.now = 5 * MIB, disk.now + 0.1
    assert not space.enough()


def test_patience_runs_out_and_says_what_is_wanted(disk: Disk, space: DiskSpace) -> None:
    assert space.out_of_patience() is None
    disk.free = MIB
    space.enough()
    disk.now = 29.9
    assert space.out_of_patience() is None
    disk.now = 30
    error = space.out_of_patience()
    assert error is not None
    assert str(error) == "/archives: cannot write: only 1.0 MiB free, 11.0 MiB wanted, waited 30 s"
    assert space.wait() is False


def test_a_disk_that_does_not_answer_has_no_room(disk: Disk, space: DiskSpace, caplog: pytest.LogCaptureFixture) -> None:
    disk.free = OSError(errno.ENODEV, "No such device")
    assert space.free == 0
    assert not space.enough()
    assert "disk-gone path=/archives error=[Errno 19] No such device" in caplog.text


def test_who_waits_is_woken_at_the_end_of_the_crawl(disk: Disk, space: DiskSpace) -> None:
    disk.free = 0
    ended: list[bool] = []
    thread = threading.Thread(target=lambda: ended.append(space.wait()))
    thread.start()
    space.stop_waiting()
    thread.join(10)
    assert ended == [False]


def test_who_waits_goes_on_when_there_is_room(disk: Disk, space: DiskSpace, monkeypatch: pytest.MonkeyPatch) -> None:
    disk.free = 0
    monkeypatch.setattr(disk_space, "CHECK_SECONDS", 0.0)
    looked = 0
    usage = disk.usage

    def look(path: Path) -> SimpleNamespace:
        nonlocal looked
        looked += 1
        disk.free = 100 * MIB if looked > 3 else 0
        return usage(path)

    monkeypatch.setattr(disk_space.shutil, "disk_usage", look)
    assert space.wait() is True


def test_too_little_room_at_the_start_is_told_with_the_setting(disk: Disk) -> None:
    check_space(Path("/archives"), 100 * MIB)
    with pytest.raises(WriteFailed) as caught:
        check_space(Path("/archives"), 101 * MIB)
    assert str(caught.value) == "/archives: cannot write: only 100 MiB free, ARCHIVE_MIN_FREE_BYTES asks for 101 MiB"


def test_a_reserve_is_allocated_or_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_reserve(tmp_path / "none", 0)
    assert not (tmp_path / "none").exists()
    make_reserve(tmp_path / "reserve", 5000)
    assert (tmp_path / "reserve").stat().st_size == 5000

    def full(fd: int, at: int, size: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(disk_space.os, "posix_fallocate", full)
    with pytest.raises(WriteFailed, match="No space left on device"):
        make_reserve(tmp_path / "other", 5000)
    assert not (tmp_path / "other").exists()


def sqlite_error(kind: type[sqlite3.Error], code: int, text: str) -> sqlite3.Error:
    error = kind(text)
    error.sqlite_errorcode = code
    return error


FULL = sqlite_error(sqlite3.OperationalError, sqlite3.SQLITE_FULL, "database or disk is full")
BUSY = sqlite_error(sqlite3.OperationalError, sqlite3.SQLITE_BUSY, "database is locked")
CORRUPT = sqlite_error(sqlite3.DatabaseError, sqlite3.SQLITE_CORRUPT, "database disk image is malformed")
CONSTRAINT = sqlite_error(sqlite3.IntegrityError, sqlite3.SQLITE_CONSTRAINT, "UNIQUE constraint failed")
PATH = Path("/archives/demo")


@pytest.mark.parametrize(
    ("error", "full", "fatal"),
    [
        (OSError(errno.ENOSPC, "x"), True, True), (OSError(errno.EDQUOT, "x"), True, True), (OSError(errno.EIO, "x"), False, True), (FULL, True, True), (BUSY, False, True),
        (CORRUPT, False, True), (CONSTRAINT, False, False), (ValueError("x"), False, False), (WriteFailed(PATH, OSError(errno.ENOSPC, "x")), True, True),
        (WriteFailed(PATH, OSError(errno.EIO, "x")), False, True), (KeyError("x"), False, False),
    ],
)  # fmt: skip
def test_errors_of_the_disk_and_errors_of_one_job(error: Exception, full: bool, fatal: bool) -> None:
    assert (is_disk_full(error), is_fatal(error)) == (full, fatal)


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (OSError(errno.EIO, "Input/output error"), f"{PATH}: cannot write: Input/output error"),
        (CORRUPT, f"{PATH}/index.db: cannot write: database disk image is malformed; `scrapy repair {PATH}` makes it anew from the WARCs"),
        (BUSY, f"{PATH}: cannot write: database is locked"),
        (KeyError("key"), f"{PATH}: cannot write: a fault of ours: KeyError: 'key'; see the log"),
    ],
)
def test_what_every_caller_is_told_once_writing_has_failed(error: Exception, text: str) -> None:
    told = write_failed(PATH, error)
    assert isinstance(told, WriteFailed)
    assert str(told) == text


def test_an_error_that_says_it_all_is_told_as_it_is() -> None:
    error = WriteFailed(PATH, OSError(errno.ENOSPC, "No space left on device"))
    assert write_failed(PATH, error) is error
    assert str(closed(PATH)) == f"{PATH}: cannot write: the collection is closed"

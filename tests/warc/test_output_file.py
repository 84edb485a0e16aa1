"""The file that is written: whole records or none, a name that is never taken from another, and errors that stay."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from crawler.errors import WriteFailed
from crawler.items import SpooledBytes
from crawler.warc import output_file
from crawler.warc.output_file import OpenFile, new_file, seal_name, set_aside, write_file

NAME = "demo-20261124120000000-00001-host.warc.gz"


@pytest.fixture
def file(tmp_path: Path) -> OpenFile:
    return OpenFile(tmp_path, NAME)


def failing(number: int, times: int = 1) -> Callable[..., int]:
    """A system call that fails so many times."""
    left = [times]
    real = os.write

    def call(*arguments: object) -> int:
        if left[0] > 0:
            left[0] -= 1
            raise OSError(number, os.strerror(number))
        return real(*arguments)  # type: ignore[arg-type]

    return call


def test_what_is_appended_is_there_digested_and_sealed(file: OpenFile, tmp_path: Path) -> None:
    spooled = SpooledBytes(spool_bytes=4)
    spooled.write(b"a large member")
    file.append([b"first", spooled])
    file.append([b"second"])
    assert file.path.name == f"{NAME}.open"
    assert (file.good_offset, file.usable) == (25, True)
    assert file.sha256 == hashlib.sha256(b"firsta large membersecond").hexdigest()
    final = file.seal()
    assert final == tmp_path / NAME
    assert final.read_bytes() == b"firsta large membersecond"
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


def test_the_lock_is_held_until_it_is_released(file: OpenFile) -> None:
    with file.path.open("ab") as other:
        with pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        file.release()
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    file.release()
    assert file.path.exists(), "under its name it is found again at the next start"


@pytest.mark.parametrize("taken", [NAME, f"{NAME}.open"])
def test_a_name_that_is_taken_is_not_taken_again(tmp_path: Path, taken: str) -> None:
    (tmp_path / taken).write_bytes(b"another's")
    with pytest.raises(FileExistsError):
        OpenFile(tmp_path, NAME)
    assert (tmp_path / taken).read_bytes() == b"another's"


def test_a_file_that_cannot_be_made_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(fd: int, how: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(output_file.fcntl, "flock", fail)
    with pytest.raises(WriteFailed, match="No locks available"):
        OpenFile(tmp_path, NAME)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(WriteFailed, match="No such file or directory"):
        OpenFile(tmp_path / "nosuch", NAME)


def test_a_group_that_does_not_fit_is_taken_back_whole(file: OpenFile, monkeypatch: pytest.MonkeyPatch) -> None:
    file.append([b"good"])
    before = file.sha256

    def members() -> object:
        yield b"half of a group"
        monkeypatch.setattr(output_file.os, "write", failing(errno.ENOSPC))
        yield b"that does not fit"

    with pytest.raises(WriteFailed, match="No space left on device"):
        file.append(members())  # type: ignore[arg-type]
    assert (file.path.read_bytes(), file.good_offset, file.sha256, file.usable) == (b"good", 4, before, True)
    file.append([b"goes on"])
    assert file.path.read_bytes() == b"goodgoes on"


def test_a_file_that_cannot_be_cut_back_is_used_no_more(file: OpenFile, monkeypatch: pytest.MonkeyPatch) -> None:
    file.append([b"good"])
    monkeypatch.setattr(output_file.os, "write", failing(errno.EIO))
    monkeypatch.setattr(output_file.os, "ftruncate", failing(errno.EROFS))
    with pytest.raises(WriteFailed, match="Input/output error"):
        file.append([b"bad"])
    assert not file.usable
    for use in (lambda: file.append([b"more"]), file.sync, file.seal):
        with pytest.raises(WriteFailed, match="Read-only file system"):
            use()


def test_a_failed_sync_is_final(file: OpenFile, monkeypatch: pytest.MonkeyPatch) -> None:
    file.append([b"good"])
    monkeypatch.setattr(output_file.os, "fdatasync", failing(errno.EIO))
    with pytest.raises(WriteFailed):
        file.sync()
    monkeypatch.undo()
    with pytest.raises(WriteFailed, match="Input/output error"):
        file.sync()
    assert not file.usable


def test_sealing_replaces_nothing(file: OpenFile, tmp_path: Path) -> None:
    file.append([b"mine"])
    (tmp_path / NAME).write_bytes(b"another's")
    with pytest.raises(WriteFailed, match="there is already a file of the final name"):
        file.seal()
    assert (tmp_path / NAME).read_bytes() == b"another's"
    assert file.path.read_bytes() == b"mine"


def test_a_rename_replaces_nothing(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"a")
    (tmp_path / "b").write_bytes(b"b")
    with pytest.raises(FileExistsError):
        seal_name(tmp_path / "a", tmp_path / "b")
    seal_name(tmp_path / "a", tmp_path / "c")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b", "c"]


def test_the_quarantine_keeps_every_file_under_a_name_of_its_own(tmp_path: Path) -> None:
    places = []
    for n in range(3):
        (tmp_path / "x.warc.gz").write_bytes(b"%d" % n)
        places.append(set_aside(tmp_path / "x.warc.gz", tmp_path / "quarantine"))
    assert [place.name for place in places] == ["x.warc.gz", "x.warc.gz.1", "x.warc.gz.2"]
    assert [place.read_bytes() for place in places] == [b"0", b"1", b"2"]


def test_a_small_file_is_there_whole_or_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "indexes" / "x.cdxj"
    write_file(path, [b"one\n", b"two\n"])
    assert path.read_bytes() == b"one\ntwo\n"
    monkeypatch.setattr(output_file.os, "fsync", failing(errno.EIO))
    with pytest.raises(WriteFailed):
        write_file(path, [b"three\n"])
    assert path.read_bytes() == b"one\ntwo\n"


def test_names_count_on_from_those_that_are_there(tmp_path: Path) -> None:
    now = datetime(2026, 11, 24, 14, 5, 6, 78_900, tzinfo=timezone(timedelta(hours=2)))
    first = new_file(tmp_path / "archive", "demo", "host", now)
    assert first.name == "demo-20261124120506078-00001-host.warc.gz"
    first.append([b"x"])
    first.seal()
    (tmp_path / "archive" / "demo-20250101000000000-00041-other.warc.gz").touch()
    (tmp_path / "archive" / "demonstration-20250101000000000-00099-other.warc.gz").touch()
    assert new_file(tmp_path / "archive", "demo", "host", now.astimezone(UTC)).name == "demo-20261124120506078-00042-host.warc.gz"


def test_a_name_that_somebody_takes_meanwhile_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    real = OpenFile.__init__

    def init(self: OpenFile, folder: Path, name: str) -> None:
        if "-00001-" in name:
            raise FileExistsError(name)
        real(self, folder, name)

    monkeypatch.setattr(OpenFile, "__init__", init)
    assert "-00002-" in new_file(tmp_path, "demo", "host", now).name

"""A WARC file while it is written: locked, appended to, sealed by a rename."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from crawler.errors import WriteFailed
from crawler.failpoints import failpoint
from crawler.items import SpooledBytes
from crawler.warc.headers import write_timestamp

OPEN_SUFFIX = ".open"
_SERIAL = re.compile(r"-\d{17}-(\d{5,})-[^/]*\.warc\.gz(?:\.open)?$", re.ASCII)


class OpenFile:
    """One `NAME.warc.gz.open` with its kernel lock held.

    Raises:
        WriteFailed: From every method that writes; bytes before `good_offset` stay whole.
        FileExistsError: From the constructor, if the name is taken.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self.path = folder / f"{name}{OPEN_SUFFIX}"
        self.good_offset = 0
        """Bytes of whole records, all of them appended by us."""
        self._sha256 = hashlib.sha256()
        self._failed: OSError | None = None
        if (folder / name).exists():
            raise FileExistsError(name)
        self._fd = -1
        try:
            failpoint("create:before")
            self._fd = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            failpoint("create:middle")
            sync_folder(folder)
            failpoint("create:after")
        except FileExistsError:
            raise
        except OSError as error:
            if self._fd >= 0:
                # Nothing was written to it yet.
                self.path.unlink(missing_ok=True)
                self.release()
            raise WriteFailed(self.path, error) from error

    @property
    def usable(self) -> bool:
        """True if the file may still be appended to and sealed."""
        return self._failed is None

    @property
    def sha256(self) -> str:
        """Of the good bytes, lower-case hex."""
        return self._sha256.hexdigest()

    def append(self, members: Iterable[bytes | SpooledBytes]) -> None:
        """Append whole members, all of them or none."""
        self._check()
        sha256, size = self._sha256.copy(), 0
        try:
            failpoint("append:before")
            for member in members:
                for chunk in member.chunks() if isinstance(member, SpooledBytes) else (member,):
                    self._write(chunk)
                    sha256.update(chunk)
                    size += len(chunk)
                    failpoint("append:middle")
            failpoint("append:after")
        except OSError as error:
            self._roll_back()
            raise WriteFailed(self.path, error) from error
        self._sha256 = sha256
        self.good_offset += size

    def _write(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(self._fd, view) :]

    def _roll_back(self) -> None:
        try:
            os.ftruncate(self._fd, self.good_offset)
            os.lseek(self._fd, self.good_offset, os.SEEK_SET)
        except OSError as error:
            self._failed = error

    def sync(self) -> None:
        """Bring everything appended to disk; a failure is final.

        The kernel may forget the pages it could not write.
        """
        self._check()
        try:
            failpoint("sync:before")
            os.fdatasync(self._fd)
            failpoint("sync:after")
        except OSError as error:
            self._failed = error
            raise WriteFailed(self.path, error) from error

    def _check(self) -> None:
        if self._failed is not None:
            raise WriteFailed(self.path, self._failed)

    def seal(self) -> Path:
        """Sync, rename to the final name and close; returns the final path."""
        self.sync()
        final = self.path.with_name(self.name)
        try:
            seal_name(self.path, final)
            failpoint("seal:renamed")
        except OSError as error:
            raise WriteFailed(self.path, error) from error
        self.release()
        return final

    def release(self) -> None:
        """Close the file under its `.open` name, for recovery at the next start."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def seal_name(path: Path, final: Path) -> None:
    """Rename without replacing a file, and bring the rename to disk."""
    if final.exists():
        raise FileExistsError(17, "there is already a file of the final name", str(final))
    path.rename(final)
    sync_folder(final.parent)


def set_aside(path: Path, quarantine: Path) -> Path:
    """Move a file into the quarantine under a free name; returns its new path."""
    quarantine.mkdir(parents=True, exist_ok=True)
    place, n = quarantine / path.name, 0
    while place.exists():
        n += 1
        place = quarantine / f"{path.name}.{n}"
    path.rename(place)
    sync_folder(quarantine)
    sync_folder(path.parent)
    return place


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to disk."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def write_file(path: Path, chunks: Iterable[bytes]) -> None:
    """Write a small file atomically: draft, rename, both brought to disk."""
    draft = path.with_name(f"{path.name}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with draft.open("wb") as file:
            for chunk in chunks:
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise WriteFailed(path, error) from error


def new_file(folder: Path, prefix: str, host: str, now: datetime) -> OpenFile:
    """Open the next file `PREFIX-YYYYMMDDhhmmssmmm-SERIAL-HOST.warc.gz`, with the next free serial."""
    folder.mkdir(parents=True, exist_ok=True)
    taken = (_SERIAL.search(path.name) for path in folder.iterdir() if path.name.startswith(f"{prefix}-"))
    serial = 1 + max((int(found[1]) for found in taken if found), default=0)
    stamp = f"{write_timestamp(now)}{now.microsecond // 1000:03d}"
    while True:
        try:
            return OpenFile(folder, f"{prefix}-{stamp}-{serial:05d}-{host}.warc.gz")
        except FileExistsError:
            serial += 1

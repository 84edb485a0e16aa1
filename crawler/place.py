"""The place on disk of a collection: its lock, its layout, its WARCs, how much room is left."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from crawler.errors import CollectionLocked, WriteFailed

FOLDERS = ("archive", "indexes", "quarantine")
ELSEWHERE = "elsewhere.txt"
"""In a collection: paths of WARCs that belong to it but lie elsewhere, one a line."""
PYWB_CONFIG = """\
# `wayback` serves this directory in place: run it here.
collections_root: .
archive_paths: archive
index_paths: indexes
"""


def lock(path: Path) -> IO[str]:
    """Take the collection's lock; the kernel lets go of it when the process dies.

    Raises:
        CollectionLocked: Another process holds it; says which.
    """
    file = (path / "archive.lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.seek(0)
        holder = file.read(200).strip()
        file.close()
        if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
            raise CollectionLocked(path, holder) from error
        raise
    file.truncate(0)
    file.write(f"process {os.getpid()} since {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}")
    file.flush()
    return file


def lay_out(path: Path, name: str) -> None:
    """Write what pywb needs to serve the directory in place, where it is not there yet."""
    for file, text in ((path.parent / "config.yaml", PYWB_CONFIG), (path / "metadata.yaml", f"title: {name}\n")):
        if not file.exists():
            file.write_text(text)


def check_space(path: Path, least: int) -> None:
    """See that as many bytes are free as must stay free.

    Raises:
        WriteFailed: They are not.
    """
    free = shutil.disk_usage(path).free
    if free < least:
        what = f"only {free // 2**20} MiB free, ARCHIVE_MIN_FREE_BYTES asks for {least // 2**20} MiB"
        raise WriteFailed(path, OSError(errno.ENOSPC, what))


def make_reserve(file: Path, size: int) -> None:
    """Bytes that are let go of when the disk is full, so that the WARC can still be sealed.

    Raises:
        WriteFailed: There is no room for them.
    """
    if not size:
        return
    try:
        with file.open("wb") as reserve:
            os.posix_fallocate(reserve.fileno(), 0, size)
    except OSError as error:
        file.unlink(missing_ok=True)
        raise WriteFailed(file, error) from error


def warcs_of(path: Path) -> list[Path]:
    """Every WARC of a collection, those that lie elsewhere too, by name."""
    own = [*(path / "archive").glob("*.warc.gz"), *(path / "archive").glob("*.warc"), *(path / "archive").glob("*.warc.gz.open")]
    listed = path / ELSEWHERE
    others = [Path(line) for line in listed.read_text().splitlines() if line.strip()] if listed.exists() else []
    return sorted([*own, *others], key=lambda file: file.name)


def find_warc(path: Path, name: str) -> Path:
    """Where a WARC of a collection lies, sealed or still open or elsewhere."""
    for file in (path / "archive" / name, path / "archive" / f"{name}.open"):
        if file.exists():
            return file
    return next((file for file in warcs_of(path) if file.name == name), path / "archive" / name)

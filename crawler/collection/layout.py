"""The place on disk of a collection: its lock, its layout, its WARCs, how much room is left."""

from __future__ import annotations

import errno
import fcntl
import json
import logging
import os
import re
import resource
import shutil
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import IO

from attrs import frozen

from crawler.errors import CollectionLocked, SetupError, WriteFailed
from crawler.formatting import size

logger = logging.getLogger(__name__)

LOOK_SECONDS = 0.5
"""Seconds between two looks at a disk that is full."""
_MORE = 1024 * 1024
_FILES_WANTED = 4096
_FILES_KEPT = 40
"""What Python, Scrapy, the index, the WARC, the readers and connections that wait have open."""
_FILES_A_FETCH = 2
"""Its socket, and its body where that is large."""
_FEW = 16
FOLDERS = ("archive", "indexes", "quarantine")
ELSEWHERE = "elsewhere.txt"
"""In a collection: the WARCs that belong to it but lie elsewhere, one a line: the path, or a JSON object of `name` and `path`."""
_WARC_NAME = re.compile(r"\.warc(?:\.gz(?:\.open)?)?$", re.IGNORECASE)
REFERRED = "elsewhere"
"""In a collection: a link to each of them under its name in the index, by which pywb finds them."""
_OLD_PYWB_CONFIG = """\
# `wayback` serves this directory in place: run it here.
collections_root: .
archive_paths: archive
index_paths: indexes
"""
PYWB_CONFIG = """\
# `wayback` serves this directory in place: run it here.
collections_root: .
archive_paths:
- archive
- elsewhere
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


def make_folders(path: Path) -> None:
    """Make a collection's folders, and ARCHIVE_DIR itself where it is new; but nothing above it: that may be a disk that is not mounted.

    Raises:
        SetupError: What should hold ARCHIVE_DIR is not there.
    """
    above = path.parent.parent
    if not above.exists():
        raise SetupError(f"{above}: no such directory; make it (is a disk not mounted?), or name another place in ARCHIVE_DIR")
    for folder in FOLDERS:
        (path / folder).mkdir(parents=True, exist_ok=True)


def lay_out(path: Path, name: str) -> None:
    """Write what pywb needs to serve the directory in place, where it is not there yet."""
    for file, text in ((path.parent / "config.yaml", PYWB_CONFIG), (path / "metadata.yaml", f"title: {json.dumps(name)}\n")):
        if not file.exists() or file.read_text(errors="replace") == _OLD_PYWB_CONFIG:
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


def fetches_at_once() -> int:
    """How many fetches this process has files for: its limit is raised as far as it may be, and some are kept for all the rest."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES_WANTED if hard == resource.RLIM_INFINITY else min(hard, _FILES_WANTED)
    if soft < wanted:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = max(1, (soft - _FILES_KEPT) // _FILES_A_FETCH)
    if most < _FEW:
        logger.warning("files-limit limit=%d fetches_at_once=%d", soft, most)
    return most


class Room:
    """Whether the disk has room for more, and since when it has none: asked before each fetch, and waited for by the writer.

    May be asked from any thread: the event loop and the writer both do.

    Args:
        least: Bytes that must stay free before anything more is asked for; to go on, a tenth more must be.
        patience: Seconds to wait for room before giving up.
    """

    def __init__(self, path: Path, *, least: int, patience: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._path, self._least, self._patience, self._clock = path, least, patience, clock
        self._lock = threading.Lock()
        self._since: float | None = None
        self._wanted = least
        self._hurried = threading.Event()
        self.pauses = 0
        """How often there was none."""

    @property
    def free(self) -> int:
        """Bytes free on the disk; 0 where the disk cannot be asked any more."""
        try:
            return shutil.disk_usage(self._path).free
        except OSError as error:
            logger.warning("disk-gone path=%s error=%s", self._path, error)
            return 0

    def enough(self) -> bool:
        """Whether more may be asked for; a change is told in the log."""
        free = self.free
        with self._lock:
            if self._since is None and free < self._least:
                self._pause(free, self._least + self._least // 10)
            elif self._since is not None and free >= self._wanted:
                logger.warning("disk-room path=%s free=%s", self._path, size(free))
                self._since = None
            return self._since is None

    def full(self) -> None:
        """A write found no room: until there is at least a MiB more than now, nothing is asked for."""
        free = self.free
        with self._lock:
            self._pause(free, max(free + _MORE, self._least))

    def _pause(self, free: int, wanted: int) -> None:
        self._wanted = wanted
        if self._since is None:
            self._since, self.pauses = self._clock(), self.pauses + 1
            what = "disk-low path=%s free=%s wanted=%s wait=%gs"
            logger.warning(what, self._path, size(free), size(wanted), self._patience)

    def wait(self) -> bool:
        """Wait for room, in the writer's thread; False when patience has come to an end."""
        while not self.enough():
            if self.over() or self._hurried.wait(LOOK_SECONDS):
                return False
        return True

    def over(self) -> WriteFailed | None:
        """What to stop with where there has been no room for longer than may be waited."""
        with self._lock:
            since, wanted = self._since, self._wanted
        if since is None or self._clock() - since < self._patience:
            return None
        what = f"only {size(self.free)} free, {size(wanted)} wanted, waited {self._patience:g} s"
        return WriteFailed(self._path, OSError(errno.ENOSPC, what))

    def hurry(self) -> None:
        """Have nobody wait any more: the crawl is at its end."""
        self._hurried.set()


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


@frozen(kw_only=True)
class WarcFile:
    """A WARC of a collection."""

    name: str
    """As in `captures.warc`: unique in the collection, without `.open`."""
    path: Path


def warc_files(path: Path) -> list[WarcFile]:
    """Every WARC of a collection, those that lie elsewhere too, by name."""
    archive = path / "archive"
    found = [file for file in archive.iterdir() if _WARC_NAME.search(file.name)] if archive.is_dir() else []
    own = [WarcFile(name=file.name.removesuffix(".open"), path=file) for file in found]
    return sorted([*own, *elsewhere(path)], key=lambda file: file.name)


def elsewhere(path: Path) -> list[WarcFile]:
    """The WARCs that a collection refers to."""
    listed = path / ELSEWHERE
    if not listed.exists():
        return []
    state = listed.stat()
    return list(_elsewhere(listed, state.st_mtime_ns, state.st_size))


@lru_cache(maxsize=8)
def _elsewhere(listed: Path, changed: int, size: int) -> tuple[WarcFile, ...]:
    return tuple(_listed(line) for line in listed.read_text(errors="surrogateescape").splitlines() if line.strip())


def _listed(line: str) -> WarcFile:
    if not line.startswith("{"):
        return WarcFile(name=Path(line).name, path=Path(line))
    values = json.loads(line)
    return WarcFile(name=values["name"], path=Path(values["path"]))


def refer(path: Path, name: str, file: Path) -> None:
    """Note in a collection a WARC that lies elsewhere, under a name of its own."""
    folder = path / REFERRED
    folder.mkdir(exist_ok=True)
    with suppress(FileExistsError):
        (folder / name).symlink_to(file)
    plain = name == file.name and str(file).isprintable() and str(file).startswith("/")
    with (path / ELSEWHERE).open("a", errors="surrogateescape") as out:
        out.write((str(file) if plain else json.dumps({"name": name, "path": str(file)})) + "\n")


def find_warc(path: Path, name: str) -> Path:
    """Where a WARC of a collection lies, sealed or still open or elsewhere."""
    for file in (path / "archive" / name, path / "archive" / f"{name}.open"):
        if file.exists():
            return file
    return next((file.path for file in elsewhere(path) if file.name == name), path / "archive" / name)

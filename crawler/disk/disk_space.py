"""Free disk space of a collection: pause, wait, and a reserve for sealing."""

from __future__ import annotations

import errno
import logging
import os
import shutil
import threading
import time
from collections.abc import Callable
from math import inf
from pathlib import Path

from crawler.errors import WriteFailed
from crawler.formatting import size

logger = logging.getLogger(__name__)

CHECK_SECONDS = 0.5
"""Seconds between two checks of a disk that is full."""
LOOK_SECONDS = 0.1
"""Seconds between two looks at a disk that has plenty."""
PLENTY = 256 * 1024 * 1024
"""Bytes above the least that no crawl writes between two looks."""
_MORE = 1024 * 1024
"""Bytes that must become free after a write found no room."""


class DiskSpace:
    """Tell if the disk has room for more, and since when it has none.

    Thread-safe: the event loop asks before each fetch, the writer waits for room.

    Args:
        least: Bytes that must stay free; to go on after a pause, a tenth more must be.
        patience: Seconds to wait for room before giving up.
    """

    def __init__(self, path: Path, *, least: int, patience: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._path, self._least, self._patience, self._clock = path, least, patience, clock
        self._lock = threading.Lock()
        self._since: float | None = None
        self._wanted = least
        self._plenty_until = -inf
        self._ending = threading.Event()
        self.pauses = 0
        """Number of times that there was no room."""

    @property
    def free(self) -> int:
        """Bytes free on the disk; 0 if the disk does not answer any more."""
        try:
            return shutil.disk_usage(self._path).free
        except OSError as error:
            logger.warning("disk-gone path=%s error=%s", self._path, error)
            return 0

    def enough(self) -> bool:
        """Test if there is room for more; a change is logged.

        Asked twice a request: a disk that had plenty a moment ago is not looked at again.
        """
        if (now := self._clock()) < self._plenty_until:
            return True
        free = self.free
        with self._lock:
            if self._since is None and free >= self._least + PLENTY:
                self._plenty_until = now + LOOK_SECONDS
            if self._since is None and free < self._least:
                self._pause(free, self._least + self._least // 10)
            elif self._since is not None and free >= self._wanted:
                logger.warning("disk-room path=%s free=%s", self._path, size(free))
                self._since = None
            return self._since is None

    def note_full(self) -> None:
        """Pause after a failed write, until a MiB more is free than now."""
        free = self.free
        with self._lock:
            self._pause(free, max(free + _MORE, self._least))

    def _pause(self, free: int, wanted: int) -> None:
        self._wanted, self._plenty_until = wanted, -inf
        if self._since is None:
            self._since, self.pauses = self._clock(), self.pauses + 1
            what = "disk-low path=%s free=%s wanted=%s wait=%gs"
            logger.warning(what, self._path, size(free), size(wanted), self._patience)

    def wait(self) -> bool:
        """Wait for room, in the writer thread; False if patience or the crawl ends."""
        while not self.enough():
            if self.out_of_patience() or self._ending.wait(CHECK_SECONDS):
                return False
        return True

    def out_of_patience(self) -> WriteFailed | None:
        """The error to stop with, if there has been no room for longer than `patience`."""
        with self._lock:
            since, wanted = self._since, self._wanted
        if since is None or self._clock() - since < self._patience:
            return None
        what = f"only {size(self.free)} free, {size(wanted)} wanted, waited {self._patience:g} s"
        return WriteFailed(self._path, OSError(errno.ENOSPC, what))

    def stop_waiting(self) -> None:
        """End all waits: the crawl is at its end."""
        self._ending.set()


def check_space(path: Path, least: int) -> None:
    """Check that as many bytes are free as must stay free.

    Raises:
        WriteFailed: They are not.
    """
    free = shutil.disk_usage(path).free
    if free < least:
        what = f"only {free // 2**20} MiB free, ARCHIVE_MIN_FREE_BYTES asks for {least // 2**20} MiB"
        raise WriteFailed(path, OSError(errno.ENOSPC, what))


def make_reserve(file: Path, size: int) -> None:
    """Allocate a file that is deleted on a full disk, to seal the WARC.

    Raises:
        WriteFailed: There is no room for it.
    """
    if not size:
        return
    try:
        with file.open("wb") as reserve:
            os.posix_fallocate(reserve.fileno(), 0, size)
    except OSError as error:
        file.unlink(missing_ok=True)
        raise WriteFailed(file, error) from error

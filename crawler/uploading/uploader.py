"""Thread that uploads the WARCs of an open collection as they are sealed."""

from __future__ import annotations

import logging
import threading
import time
from typing import Any, Protocol

from crawler.collection.collection import Collection
from crawler.errors import ArchiveError, SetupError, Usage
from crawler.interrupts import join
from crawler.storage.putting import MOST_BYTES
from crawler.uploading.upload import Told, Upload, gravest

logger = logging.getLogger(__name__)

FIRST_WAIT, MOST_WAIT = 1.0, 60.0
"""Seconds between two attempts at a store that is away."""
_LOOK_SECONDS = 0.2


class SettingsLike(Protocol):
    """Scrapy's settings, as far as they matter here."""

    def get(self, name: str, default: Any = None) -> Any:
        """One setting."""

    def getint(self, name: str, default: int = 0) -> int:
        """One setting as a whole number."""

    def getbool(self, name: str, default: bool = False) -> bool:
        """One setting as yes or no."""


class Uploader:
    """Uploads sealed WARCs in a thread of its own.

    Args:
        store: `s3://BUCKET/PREFIX`.
        keep_local: Whether the local copy stays once the object has been read back.
        told: Called in the thread at each step, with name, `stored` or `verified`, and address.
    """

    def __init__(self, collection: Collection, *, store: str, keep_local: bool = True, told: Told | None = None) -> None:
        self._upload = Upload(collection, store, keep_local=keep_local, told=told or (lambda name, safety, address: None))
        self._wake, self._stopping, self._idle = threading.Event(), threading.Event(), threading.Event()
        self._ending = False
        self._problem: ArchiveError | None = None
        self._left = 0
        self._thread = threading.Thread(target=self._run, name=f"upload of {collection.path.name}", daemon=True)

    @property
    def waiting(self) -> int:
        """WARCs that were not uploaded when it was last looked."""
        return self._left + len(self._upload.faults)

    def start(self) -> None:
        """Start the thread: what earlier runs left goes first."""
        self._thread.start()
        self.sealed()

    def sealed(self) -> None:
        """Tell that a WARC has been sealed; returns at once."""
        self._idle.clear()
        self._wake.set()

    def flush(self, seconds: float) -> None:
        """Wait until all that is sealed is uploaded.

        To be called when the collection is sealed and nobody reads it any more.

        Raises:
            Unreachable: The store was away, or too slow, for so long.
            SetupError: The store refuses.
            Damaged: A WARC, or what is in the store, is not what it should be.
            WriteFailed: The index could not be written.
        """
        self._ending, until = True, time.monotonic() + seconds
        self.sealed()
        while not self._idle.wait(_LOOK_SECONDS) and time.monotonic() < until and self._thread.is_alive():
            if isinstance(self._problem, SetupError):
                break  # waiting mends nothing
        if error := gravest(self._upload, self._problem, self._left if self._idle.is_set() else max(1, self._left)):
            raise error

    def settled(self, seconds: float) -> ArchiveError | None:
        """As `flush`; returns the error."""
        try:
            self.flush(seconds)
        except ArchiveError as error:
            return error
        return None

    def close(self) -> None:
        """End the thread after the request that it waits for; closing again does nothing."""
        self._stopping.set()
        self._wake.set()
        if self._thread.is_alive():
            join(self._thread)

    # -- in the thread

    def _run(self) -> None:
        wait = 0.0
        while not self._stopping.is_set():
            if self._wake.wait(wait or None) or wait:
                self._wake.clear()
            if self._stopping.is_set():
                return
            wait = min(MOST_WAIT, max(FIRST_WAIT, 2 * wait)) if not self._round() else (FIRST_WAIT if self._left else 0.0)

    def _round(self) -> bool:
        """Upload what waits; False if it must be tried again."""
        try:
            for _ in self._upload.some(at_once=self._ending):
                if self._stopping.is_set():
                    return True
            self._upload.beside()
            self._left, self._problem = len(self._upload.waiting()), None
        except ArchiveError as error:
            if type(error) is not type(self._problem):
                logger.warning("upload-waits error=%s", error)
            self._problem = error
            self._count()
            return False
        except Exception as error:
            logger.exception("upload-waits")
            self._problem = SetupError(f"upload to {self._upload.folder}: {type(error).__name__}: {error}")
            return False
        if not self._left and not self._wake.is_set():
            self._idle.set()
        return True

    def _count(self) -> None:
        try:
            self._left = len(self._upload.waiting())
        except ArchiveError as error:
            logger.warning("upload-uncounted error=%s", error)


def check_settings(settings: SettingsLike) -> None:
    """Refuse settings with which no WARC could be uploaded.

    Raises:
        Usage: ARCHIVE_WARC_MAX_BYTES is more than one PUT takes.
    """
    most, spare = settings.getint("ARCHIVE_WARC_MAX_BYTES"), settings.getint("ARCHIVE_MAX_MEDIA_BYTES")
    if settings.get("ARCHIVE_STORE") and most + spare > MOST_BYTES:
        raise Usage(
            f"ARCHIVE_WARC_MAX_BYTES={most}: with ARCHIVE_STORE a file, with one more record of up to ARCHIVE_MAX_MEDIA_BYTES={spare},"
            f" must not be larger than the {MOST_BYTES} bytes of one PUT"
        )


def uploader_of(settings: SettingsLike, collection: Collection, *, told: Told | None = None) -> Uploader | None:
    """Start the uploader of an open collection; None without ARCHIVE_STORE.

    Raises:
        SetupError: ARCHIVE_STORE is no address, or boto3 is not installed.
    """
    store = settings.get("ARCHIVE_STORE")
    if not store:
        return None
    from crawler.storage.client import client

    client()
    uploader = Uploader(collection, store=str(store), keep_local=settings.getbool("ARCHIVE_KEEP_LOCAL", True), told=told)
    before = collection.on_sealed

    def sealed() -> None:
        before()
        uploader.sealed()

    collection.on_sealed = sealed
    uploader.start()
    return uploader

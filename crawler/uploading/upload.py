"""Upload of one collection's sealed WARCs, step by step: written, stored, verified."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Protocol, TypeVar

from attrs import define, field, frozen

from crawler import clock
from crawler.collection.collection import Collection
from crawler.collection.layout import refer_stored
from crawler.errors import ArchiveError, Damaged, SetupError, Unreachable
from crawler.failpoints import failpoint
from crawler.index.index import Index
from crawler.index.rows import iso
from crawler.storage.putting import MOST_BYTES, put_once, put_over, read_back, sums_of
from crawler.storage.store_path import StorePath, store_path
from crawler.uploading.beside import put_beside
from crawler.warc import cdxj
from crawler.warc.output_file import sync_folder

logger = logging.getLogger(__name__)
T = TypeVar("T")

Told = Callable[[str, str, str], None]
"""Told of each step: the WARC's name, `stored` or `verified`, its address."""
READERS_SECONDS = 60.0
"""For which a local copy stays after it was verified, while others may be about to read it."""
_WAITING = (
    "SELECT name, bytes, sha256, coalesce(safety, 'written') AS safety FROM warcs WHERE sealed IS NOT NULL AND sha256 IS NOT NULL"
    " AND path = 'archive/' || name ORDER BY sealed, name"
)


class Held(Protocol):
    """The part of a collection that an upload needs."""

    @property
    def path(self) -> Path:
        """Its folder."""

    def now(self, change: Callable[[Index], T]) -> T:
        """Change the index."""


@frozen
class AtRest:
    """A collection at rest; its lock is taken for each change."""

    path: Path

    def now(self, change: Callable[[Index], T]) -> T:
        """Change the index, under the collection's lock.

        Raises:
            CollectionLocked: A crawl is writing.
        """
        with closing(Collection.hold(self.path)), Index.open(self.path / "index.db") as index, index.atomic():
            return change(index)


@frozen(kw_only=True)
class Waiting:
    """A sealed WARC with which the upload is not done."""

    name: str
    bytes: int
    sha256: str
    safety: str


@define
class Upload:
    """Upload of one collection.

    Args:
        collection: Open for writing, or `AtRest`.
        store: `s3://BUCKET/PREFIX`; the collection's objects lie below its folder's name.
        keep_local: Keep the local copies.
    """

    collection: Held
    store: StorePath = field(converter=store_path)
    keep_local: bool = field(default=True, kw_only=True)
    told: Told = field(default=lambda name, safety, address: None, kw_only=True)
    faults: dict[str, Damaged] = field(factory=dict, init=False)
    """WARCs that are not uploaded before somebody has looked, by name."""
    done: int = field(default=0, init=False)
    bytes: int = field(default=0, init=False)
    _leaving: dict[str, float] = field(factory=dict, init=False)
    """When this process verified them, by the monotonic clock."""
    _beside: dict[str, str] = field(factory=dict, init=False)

    @property
    def folder(self) -> StorePath:
        """The address below which the collection's objects lie."""
        return store_path(f"{self.store}/{self.collection.path.name}")

    def address_of(self, name: str) -> StorePath:
        """The address of a WARC."""
        return store_path(f"{self.folder}/archive/{name}")

    def waiting(self) -> list[Waiting]:
        """List the WARCs not done with, but for those with faults.

        Raises:
            SetupError: The index cannot be read.
        """
        archive = self.collection.path / "archive"
        with Index.open(self.collection.path / "index.db", readonly=True) as index:
            rows = [
                Waiting(name=row["name"], bytes=row["bytes"] or 0, sha256=row["sha256"], safety=row["safety"])
                for row in index.query(_WAITING)
            ]
        here = (one for one in rows if one.name not in self.faults)
        return [
            one for one in here
            if (one.safety != "verified" and ((archive / one.name).exists() or one.safety == "stored"))
            or (not self.keep_local and (archive / one.name).exists())
        ]  # fmt: skip

    def some(self, *, at_once: bool = False) -> Iterator[Waiting]:
        """Upload what waits; yields each WARC with which nothing more is to be done.

        Args:
            at_once: Nobody reads the collection any more: local copies may go now.
        Raises:
            SetupError, Unreachable: Of the store; what was done counts.
            WriteFailed, CollectionLocked: Of the collection.
        """
        for one in self.waiting():
            try:
                self._take(one, at_once=at_once)
            except Damaged as error:
                logger.error("upload-fault warc=%s error=%s", one.name, error)
                self.faults[one.name] = error
                continue
            if one.name not in self._leaving:
                yield one

    def beside(self) -> None:
        """Put what changes with time: manifest, chain, roots, metadata, lists of pages.

        Raises:
            SetupError, Unreachable: Of the store.
        """
        put_beside(self.collection.path, self.folder, self._beside)

    # -- one WARC

    def _take(self, one: Waiting, *, at_once: bool) -> None:
        file, address = self.collection.path / "archive" / one.name, self.address_of(one.name)
        if one.name not in self._leaving:
            self._send(one, file, address)
            self._verify(one, address)
            self._list(one.name)
            self.done, self.bytes = self.done + 1, self.bytes + one.bytes
        if self.keep_local or not file.exists():
            self._leaving.pop(one.name, None)
            return
        refer_stored(self.collection.path, {one.name: str(address)}, own=True)
        failpoint("upload:referred")
        since = self._leaving.setdefault(one.name, time.monotonic())
        if at_once or time.monotonic() - since >= READERS_SECONDS:
            file.unlink(missing_ok=True)
            sync_folder(file.parent)
            self._leaving.pop(one.name)
            logger.info("local-removed warc=%s address=%s", one.name, address)

    def _send(self, one: Waiting, file: Path, address: StorePath) -> None:
        """Have the file in the store."""
        if not file.exists():
            return
        if one.bytes > MOST_BYTES:
            raise Damaged(file, 0, f"{one.bytes} bytes: one PUT takes {MOST_BYTES} at most; it stays here (docs/storage.md)")
        if one.safety == "written":
            # What goes to the store stays there: so it is looked at before.
            found = sums_of(file)
            if found.sha256 != one.sha256:
                raise Damaged(file, 0, f"has changed since it was sealed: its SHA-256 is {found.sha256}, not {one.sha256}; not uploaded")
            began = time.monotonic()
            fresh = put_once(file, address, found)
            seconds = time.monotonic() - began
            logger.info("stored warc=%s bytes=%d seconds=%.1f there-before=%s", one.name, one.bytes, seconds, not fresh)
            failpoint("upload:stored")
            self._note(one.name, "stored", address)

    def _verify(self, one: Waiting, address: StorePath) -> None:
        """Read the object back and compare it with the SHA-256 of table `warcs`."""
        found = ""
        for _ in range(2):  # what was spoilt on the way comes right the second time
            try:
                found = read_back(address)
            except FileNotFoundError as error:
                self._note(one.name, "written", None)
                raise Unreachable(str(address), "it is not there any more: put again at the next turn") from error
            if found == one.sha256:
                if one.safety != "verified":
                    self._note(one.name, "verified", address)
                failpoint("upload:verified")
                return
            logger.warning("read-back-differs warc=%s sha256=%s wanted=%s", one.name, found, one.sha256)
        raise Damaged(address, 0, f"reads back otherwise than it was sealed: SHA-256 {found}, not {one.sha256}; the local copy stays")

    def _list(self, name: str) -> None:
        """Put the CDXJ of a WARC, which can be made anew."""
        lines = cdxj.place(self.collection.path / "indexes", name)
        if lines.exists():
            put_over(lines, store_path(f"{self.folder}/indexes/{lines.name}"))

    def _note(self, name: str, safety: str, address: StorePath | None) -> None:
        """Write a word into table `warcs`, and tell it."""
        where, when = (str(address), iso(clock.now())) if address is not None else (None, None)
        self.collection.now(lambda index: index.set_safety(name, safety, address=where, stored=when))
        if address is not None:
            self.told(name, safety, str(address))


def gravest(upload: Upload, problem: ArchiveError | None, left: int) -> ArchiveError | None:
    """The error that tells what was not uploaded; None if nothing is left.

    Args:
        problem: With the store or the collection, if any.
        left: WARCs that wait.
    """
    if upload.faults:
        first = next(iter(upload.faults.values()))
        more = f" (and {len(upload.faults) - 1} more)" if len(upload.faults) > 1 else ""
        return Damaged(first.path, first.offset, f"{first.what}{more}")
    if problem is None and not left:
        return None
    if isinstance(problem, SetupError):
        return problem
    if problem is not None and not isinstance(problem, Unreachable):
        return problem
    what = problem.what if problem is not None else "it is slow"
    return Unreachable(str(upload.folder), f"{what}; {left} sealed WARCs wait here, and go up with the next run or `scrapy maintain`")

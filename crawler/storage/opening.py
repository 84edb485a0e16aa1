"""`opened`: a file on a disk or in a store, for reading from any offset."""

from __future__ import annotations

import hashlib
from abc import abstractmethod
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from crawler.storage.store_path import place_of


class Readable(Protocol):
    """The part of a binary file that walking through it needs."""

    def seek(self, offset: int, whence: int = ..., /) -> int:
        """Go to an offset."""

    def read(self, size: int, /) -> bytes:
        """The next bytes."""


class OpenFile(BinaryIO):
    """A binary file that is open for reading, as far as types go."""

    @abstractmethod
    def __enter__(self) -> OpenFile: ...

    @abstractmethod
    def readinto(self, buffer: bytearray | memoryview, /) -> int:
        """Read into a buffer; return the number of bytes."""


def opened(where: str | Path) -> AbstractContextManager[OpenFile]:
    """Open a local path or `s3://BUCKET/KEY` for reading.

    A `StorePath` opens itself, so that a WARC's place is a `Path` everywhere.

    Raises:
        OSError: It is not there, or cannot be read.
        SetupError: The store refuses, or is not what it should be.
        Unreachable: The store does not answer.
    """
    return cast("OpenFile", place_of(where).open("rb"))


def sha256_of(file: Path) -> str:
    """SHA-256 of a whole file, lower-case hex."""
    with opened(file) as source:
        return hashlib.file_digest(source, "sha256").hexdigest()

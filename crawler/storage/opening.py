"""`opened`: a file on a disk or in a store, for reading from any offset."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol


class Readable(Protocol):
    """The part of a binary file that walking through it needs."""

    def seek(self, offset: int, whence: int = ..., /) -> int:
        """Go to an offset."""

    def read(self, size: int, /) -> bytes:
        """The next bytes."""


def opened(where: str | Path) -> AbstractContextManager[Readable]:
    """Open a local path for reading."""
    return Path(where).open("rb")

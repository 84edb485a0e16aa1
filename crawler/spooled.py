"""Byte strings kept in memory up to a limit and in a temporary file beyond."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

SPOOL_BYTES = 1024 * 1024
CHUNK_BYTES = 64 * 1024


class SpooledBytes:
    """Bytes kept in memory up to 1 MiB, in an unlinked temporary file beyond.

    Written by one owner, then only read, by any number of readers in any thread.

    >>> b = SpooledBytes(b"head ")
    >>> b.write(b"body"); len(b), b.read()
    (9, b'head body')
    """

    def __init__(self, data: bytes = b"", *, spool_bytes: int = SPOOL_BYTES, folder: Path | None = None) -> None:
        self._parts: list[bytes] = [data] if data else []
        self._file: IO[bytes] | None = None
        self._size = len(data)
        self._spool_bytes = spool_bytes
        self._folder = folder

    def __len__(self) -> int:
        return self._size

    def __repr__(self) -> str:
        return f"<SpooledBytes {self._size} {'spooled' if self.spooled else 'in memory'}>"

    @property
    def spooled(self) -> bool:
        """True if the bytes lie in a file; reading all may be costly."""
        return self._file is not None

    def write(self, data: bytes) -> None:
        """Append; moves everything to a file when the limit is passed."""
        self._size += len(data)
        if self._file is None and self._size > self._spool_bytes:
            # Unbuffered, so that another thread that reads sees what was written.
            self._file = tempfile.TemporaryFile(buffering=0, dir=self._folder)  # noqa: SIM115 - closed by close()
            for part in self._parts:
                self._append(part)
            self._parts = []
        if self._file is not None:
            self._append(data)
        else:
            self._parts.append(data)

    def _append(self, data: bytes) -> None:
        assert self._file is not None
        rest = memoryview(data)
        while rest:
            # An unbuffered file may take less than it is given.
            rest = rest[self._file.write(rest) :]

    def chunks(self, start: int = 0, size: int = CHUNK_BYTES) -> Iterator[bytes]:
        """The bytes from `start` on, in pieces of at most `size`."""
        if self._file is None:
            data = self.read()
            for at in range(start, len(data), size):
                yield data[at : at + size]
            return
        at = start
        while at < self._size:
            piece = os.pread(self._file.fileno(), size, at)
            if not piece:
                return
            at += len(piece)
            yield piece

    def read(self, start: int = 0, length: int | None = None) -> bytes:
        """All bytes, or `length` of them from `start`."""
        if self._file is None:
            # Taken once: another thread may join or drop them meanwhile.
            parts = self._parts
            if len(parts) > 1:
                self._parts = parts = [b"".join(parts)]
            data = parts[0] if parts else b""
            return data[start : None if length is None else start + length] if start or length is not None else data
        out = bytearray()
        want = self._size - start if length is None else min(length, self._size - start)
        while len(out) < want and (piece := os.pread(self._file.fileno(), want - len(out), start + len(out))):
            out += piece
        return bytes(out)

    def close(self) -> None:
        """Close the temporary file, if there is one."""
        if self._file is not None:
            self._file.close()
        self._parts = []


class Slice(SpooledBytes):
    """A view of other spooled bytes from `start` on, without a copy."""

    def __init__(self, whole: SpooledBytes, start: int) -> None:
        super().__init__()
        self._whole, self._start = whole, start

    def __len__(self) -> int:
        return max(len(self._whole) - self._start, 0)

    def __repr__(self) -> str:
        return f"<Slice {len(self)} of {self._whole!r}>"

    @property
    def spooled(self) -> bool:
        """True if the bytes lie in a file."""
        return self._whole.spooled

    def write(self, data: bytes) -> None:
        """Refuse: only the whole can be written.

        Raises:
            TypeError: Always.
        """
        raise TypeError("a Slice is read only: write to the whole")

    def chunks(self, start: int = 0, size: int = CHUNK_BYTES) -> Iterator[bytes]:
        """The bytes from `start` of the slice on, in pieces of at most `size`."""
        return self._whole.chunks(self._start + start, size)

    def read(self, start: int = 0, length: int | None = None) -> bytes:
        """All bytes of the slice, or `length` of them from `start`."""
        return self._whole.read(self._start + start, length)

    def close(self) -> None:
        """Do nothing: the owner closes the whole."""

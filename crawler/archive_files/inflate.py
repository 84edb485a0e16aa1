"""Unpack a compressed file into a temporary file, member by member; note damage."""

from __future__ import annotations

import errno
import shutil
import tempfile
from bisect import bisect_right
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from attrs import Factory, define

from crawler.archive_files.arc import ARC_HEAD
from crawler.archive_files.formats import Kind
from crawler.archive_files.zstd import Piece, decoded
from crawler.storage.opening import opened
from crawler.warc.gzip_members import Window, inflate, next_member
from crawler.warc.records import Fault

_ROOM_BYTES = 256 * 1024 * 1024
_LOOK_EVERY_BYTES = 64 * 1024 * 1024


@define
class Unpacked:
    """A compressed file, unpacked."""

    path: Path
    """Of the plain bytes; the file itself if it was not packed."""
    seams: list[int] = Factory(list)
    """Offset in the plain bytes of each gzip member or zstd frame."""
    offsets: list[int] = Factory(list)
    """Offset of the same in the packed file."""
    faults: list[Fault] = Factory(list)
    """Damage, by its offset in the packed file."""

    def packed(self, at: int) -> int:
        """The offset in the packed file of the member in which a plain offset lies."""
        found = bisect_right(self.seams, at)
        return self.offsets[found - 1] if found else at


@contextmanager
def unpacked(file: Path, kind: Kind, *, folder: Path | None = None) -> Iterator[Unpacked]:
    """Unpack a file for the duration of the context.

    Args:
        folder: For the temporary file; None for the system's.
    Raises:
        OSError: It cannot be read, or there is no room.
    """
    if not kind.endswith((".gz", ".zst")):
        yield Unpacked(path=file)
        return
    with tempfile.NamedTemporaryFile(dir=folder, prefix="unpacked-") as plain, opened(file) as source:
        out = Unpacked(path=Path(plain.name))
        begins = _begins_arc if kind.startswith("arc") else _begins_warc
        pieces = _inflated(source, begins) if kind.endswith(".gz") else decoded(source)
        size, looked = 0, 0
        for piece in pieces:
            if piece.fault:
                out.faults.append(Fault(path=file, offset=piece.offset, what=piece.fault, length=piece.length))
            if piece.data and (not out.offsets or out.offsets[-1] != piece.offset):
                out.seams.append(size)
                out.offsets.append(piece.offset)
            plain.write(piece.data)
            size += len(piece.data)
            if size >= looked:
                _see_room(Path(plain.name).parent)
                looked = size + _LOOK_EVERY_BYTES
        plain.flush()
        yield out


def _see_room(folder: Path) -> None:
    if shutil.disk_usage(folder).free < _ROOM_BYTES:
        raise OSError(errno.ENOSPC, f"no room in {folder} to unpack it")


def _inflated(source: IO[bytes], begins: Callable[[bytes], bool]) -> Iterator[Piece]:
    """The bytes of every gzip member; of a damaged one up to the damage."""
    window = Window(source, 0)
    while window.take(1):
        window.give_back(1)
        at = window.at
        try:
            for data in inflate(window):
                yield Piece(at, data)
        except ValueError as error:
            following = next_member(source, at + 1, begins)
            window.seek(following)
            yield Piece(at, fault=str(error), length=following - at)


def _begins_warc(start: bytes) -> bool:
    return start[:5].upper() == b"WARC/"


def _begins_arc(start: bytes) -> bool:
    return ARC_HEAD.match(start) is not None

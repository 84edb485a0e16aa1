"""Merkle tree over the records of one WARC, each byte in one leaf."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from attrs import frozen

from crawler.errors import Damaged, NotAWarc
from crawler.proofs.merkle import Step, leaf_of_range, merkle_root, proof_path
from crawler.storage.opening import opened
from crawler.warc.gzip_members import GZIP_MAGIC, members
from crawler.warc.records import Fault, scan

Reached = Callable[[int], None]
"""Called with the offset reached."""


@frozen(kw_only=True)
class RecordTree:
    """The leaves of one file: where they begin, and their hashes."""

    path: Path
    sha256: str
    """Of the whole file, lower-case hex."""
    size: int
    """In bytes."""
    offsets: tuple[int, ...]
    leaves: tuple[bytes, ...]

    @property
    def root(self) -> bytes:
        """The root over all leaves."""
        return merkle_root(self.leaves)

    def leaf_at(self, offset: int) -> int:
        """Number of the leaf that holds the byte at an offset."""
        return bisect_right(self.offsets, offset) - 1

    def range_of(self, at: int) -> tuple[int, int]:
        """Offset and length of a leaf, in bytes."""
        end = self.offsets[at + 1] if at + 1 < len(self.offsets) else self.size
        return self.offsets[at], end - self.offsets[at]

    def path_of(self, at: int) -> list[Step]:
        """Steps from a leaf to the root."""
        return proof_path(self.leaves, at)


def record_tree(path: Path, reached: Reached | None = None) -> RecordTree:
    """Hash the records of a WARC.

    A leaf is a gzip member, or a record where the file is not compressed.
    What lies between two records belongs to the first; a file that is no WARC is one leaf. So each byte lies in one leaf, and damage
    changes no place.

    Raises:
        OSError: It cannot be read.
        Damaged: It changed while it was read.
    """
    with opened(path) as file:
        size = file.seek(0, 2)
        file.seek(0)
        offsets = [0]
        for offset in _places(path, file):
            if offset:
                offsets.append(offset)
            if reached:
                reached(offset)
        ends = [*offsets[1:], size]
        try:
            leaves = tuple(leaf_of_range(file, offset, end - offset) for offset, end in zip(offsets, ends, strict=True))
        except (EOFError, ValueError) as error:
            raise Damaged(path, size, "it became shorter while it was read") from error
        file.seek(0)
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return RecordTree(path=path, sha256=sha256, size=size, offsets=tuple(offsets), leaves=leaves)


def _places(path: Path, file: BinaryIO) -> Iterator[int]:
    """Offsets at which leaves begin, in order."""
    if file.read(len(GZIP_MAGIC)) == GZIP_MAGIC:
        yield from (member.offset for member in members(file))
        return
    try:
        # A fault of length 0 follows its record, at a place within it.
        yield from sorted({found.offset for found in scan(path) if not isinstance(found, Fault) or found.length})
    except NotAWarc:
        return  # one leaf


def path_text(steps: Sequence[Step]) -> list[list[str]]:
    """Steps as JSON holds them: side and hash in hex."""
    return [[side, sibling.hex()] for side, sibling in steps]

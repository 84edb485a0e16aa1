"""Merkle trees over SHA-256, as certificate transparency builds them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import BinaryIO, Literal

Side = Literal["left", "right"]
Step = tuple[Side, bytes]
"""One step from a leaf towards the root: on which side the sibling stands, and its hash."""

_LEAF, _NODE = b"\x00", b"\x01"
_READ_BYTES = 1024 * 1024


def leaf_hash(data: bytes) -> bytes:
    """Hash one leaf: SHA-256 of a zero byte and the data.

    Source: RFC 6962, section 2.1.

    >>> leaf_hash(b"").hex()[:16]
    '6e340b9cffb37a98'
    """
    return hashlib.sha256(_LEAF + data).digest()


def leaf_of_range(file: BinaryIO, offset: int, length: int) -> bytes:
    """Hash bytes of a file as one leaf, without holding them.

    Raises:
        EOFError: The file ends before.
    """
    digest = hashlib.sha256(_LEAF)
    file.seek(offset)
    while length:
        piece = file.read(min(length, _READ_BYTES))
        if not piece:
            raise EOFError(offset)
        digest.update(piece)
        length -= len(piece)
    return digest.digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two nodes: SHA-256 of a one byte, the left hash and the right hash."""
    return hashlib.sha256(_NODE + left + right).digest()


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """Root over leaf hashes; SHA-256 of nothing if there are none.

    >>> merkle_root([leaf_hash(b""), leaf_hash(b"\\x00")]).hex()[:16]
    'fac54203e7cc696c'
    """
    if not leaves:
        return hashlib.sha256(b"").digest()
    level = list(leaves)
    while len(level) > 1:
        level = _above(level)
    return level[0]


def proof_path(leaves: Sequence[bytes], at: int) -> list[Step]:
    """Steps from a leaf to the root.

    Args:
        at: Which leaf, from 0.
    """
    steps: list[Step] = []
    level = list(leaves)
    while len(level) > 1:
        sibling = at ^ 1
        if sibling < len(level):  # the last of an odd level goes up as it is
            steps.append(("left" if sibling < at else "right", level[sibling]))
        level, at = _above(level), at // 2
    return steps


def climb(leaf: bytes, steps: Sequence[Step]) -> bytes:
    """Root that a leaf and its steps lead to."""
    for side, sibling in steps:
        leaf = node_hash(sibling, leaf) if side == "left" else node_hash(leaf, sibling)
    return leaf


def _above(level: list[bytes]) -> list[bytes]:
    """The next level; the tree is that of RFC 6962, which splits from above."""
    paired = [node_hash(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
    return paired + level[len(level) & ~1 :]

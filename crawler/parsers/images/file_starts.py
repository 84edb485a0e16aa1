"""Kinds of picture files by their first bytes, and where each may name its maker."""

from __future__ import annotations

MIB = 1024 * 1024
JPEG, PNG, RIFF = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF"
GZIP = b"\x1f\x8b"


def bytes_needed(start: bytes) -> int:
    """Number of bytes of a file that may name its maker.

    A JPEG names it before its pixels, the others also behind them.
    """
    if start.startswith(JPEG):
        return MIB
    return 4 * MIB if start.startswith((PNG, RIFF, GZIP)) else 0

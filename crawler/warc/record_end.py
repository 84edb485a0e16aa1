"""Ends of blocks and starts of records, in files whose lengths may be wrong."""

from __future__ import annotations

import re

from crawler.warc.gzip_members import Readable
from crawler.warc.headers import RECORD_END

LINE_ENDS = b"\r\n"
VERSION_START = re.compile(rb"WARC/\d", re.IGNORECASE)
LOOK_BYTES = 16
"""Enough for the line ends or the version at the beginning of a record."""

_NEXT_HEAD = re.compile(rb"\n(WARC/\d{1,3}\.\d{1,3}[ \t]*\r?\n[!-9;-~]{1,60}[ \t]*:)", re.IGNORECASE)
_HEAD_LINES_BYTES = 128
_SEARCH_BYTES = 1024 * 1024


def block_end(file: Readable, start: int, declared: int, end: int) -> tuple[int, int, str]:
    """End of a block, start of the next record, and the fault of the length.

    If the declared length leads to no record, one that begins within it shows that it is too long.

    Args:
        start: Offset of the block.
        declared: Its Content-Length.
        end: Size of the file.
    """
    stop = start + declared
    behind = skip_line_ends(file, stop) if stop <= end else stop
    if behind == end or (behind < end and _begins_head(file, behind)):
        extra = 0
        if declared >= len(RECORD_END) and 0 < behind - stop < len(RECORD_END):
            file.seek(stop - len(RECORD_END))
            around = file.read(len(RECORD_END) + behind - stop)
            extra = swallowed(around[: len(RECORD_END)], around[len(RECORD_END) :])
        return stop - extra, behind, f"Content-Length {declared} is {extra} bytes too long" if extra else ""
    found = next_head(file, start, min(stop, end))
    if found >= min(stop, end):
        return stop, behind, ""
    file.seek(max(start, found - len(RECORD_END)))
    actual = start + max(0, found - start - len(RECORD_END)) + without_end(file.read(min(len(RECORD_END), found - start)))
    return actual, found, f"Content-Length {declared}, but the next record begins {found - start} bytes behind this one's head"


def swallowed(block: bytes, behind: bytes) -> int:
    """Bytes of the record's end inside a block, if a line end is cut."""
    return next((n for n in (1, 3) if behind == RECORD_END[n:] and block.endswith(RECORD_END[:n])), 0)


def without_end(data: bytes) -> int:
    """Length of a block followed by the end of its record."""
    return len(data) - (len(RECORD_END) if data.endswith(RECORD_END) else 0)


def skip_line_ends(file: Readable, at: int) -> int:
    """The offset behind any line ends at an offset."""
    file.seek(at)
    while ends := file.read(LOOK_BYTES):
        rest = ends.lstrip(LINE_ENDS)
        at += len(ends) - len(rest)
        if rest:
            break
    return at


def _begins_head(file: Readable, at: int) -> bool:
    file.seek(at)
    return bool(VERSION_START.match(file.read(LOOK_BYTES)))


def next_head(file: Readable, start: int, end: int) -> int:
    """The offset of the next line that may begin a record's head, or `end`."""
    return next_match(file, _NEXT_HEAD, start, end, width=_HEAD_LINES_BYTES)


def next_match(file: Readable, pattern: re.Pattern[bytes], start: int, end: int, *, width: int) -> int:
    """The offset from `start` on of a pattern's first group, or `end`.

    Args:
        pattern: Begins with a line feed.
        width: Bytes of the longest match.
    """
    at = max(0, start - 1)
    while at < end:
        file.seek(at)
        block = file.read(min(_SEARCH_BYTES, end - at + width))
        if found := pattern.search(block):
            return min(at + found.start(1), end)
        if len(block) <= width:
            break
        at += len(block) - width
    return end

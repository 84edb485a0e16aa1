"""Read ARC files, versions 1 and 2: records by their URL-record line.

Source: the ARC file format of the Internet Archive (1996).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from attrs import frozen

from crawler.warc.digest import mime_of
from crawler.warc.gzip_members import Readable
from crawler.warc.headers import read_date, uri_of_bytes
from crawler.warc.record import Fault
from crawler.warc.record_end import next_match, skip_line_ends

MAX_LINE_BYTES = 64 * 1024

_IP = rb"(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f.]*:[0-9A-Fa-f:.%]*|-|)"
_LINE = rb"([A-Za-z][A-Za-z0-9+.-]{0,20}:[^\r\n]*?) (" + _IP + rb") (\d{4,17}|-) ([^\r\n]*?)[ ]*(\d{1,18})[ \t]*\r?\n"
ARC_HEAD = re.compile(rb"[\r\n]{0,16}(?:[Ff][Ii][Ll][Ee][Dd][Ee][Ss][Cc]://|" + _LINE + rb")")
"""The beginning of a file: its description, whatever its line says, or a URL-record line."""
_HEAD = re.compile(_LINE)
# Where a record is known to begin: four words behind the address, whatever they are.
_LOOSE_HEAD = re.compile(rb"([A-Za-z][A-Za-z0-9+.-]{0,20}:[^\n]*) ([^ \n]+) ([^ \n]+) ([^ \r\n]*) (\d{1,18})[ \t]*\r?\n")
_ADDRESS = re.compile(_IP)
_DATE = re.compile(r"\d{4,14}", re.ASCII)
_NEXT_HEAD = re.compile(rb"\n(" + _LINE + rb")")
_SCHEMES = (b"http://", b"https://", b"ftp://", b"dns:", b"whois:", b"gopher://", b"metadata:", b"filedesc:")
_SCHEME_BYTES = 10


@frozen(kw_only=True)
class ArcRecord:
    """One record of an ARC file."""

    offset: int
    """Of the URL-record line, in the inflated file."""
    line: bytes
    """The URL-record line, without its end."""
    block_offset: int
    block_length: int
    url: str
    """Bytes that are not printable ASCII percent-encoded."""
    ip: str | None
    date: datetime | None
    mime: str | None
    torn: bool = False
    """The file ends within it: the block is the part that is there."""

    @property
    def is_filedesc(self) -> bool:
        """True if it describes the file itself."""
        return self.url.lower().startswith("filedesc:")

    @property
    def printable_line(self) -> str:
        """The URL-record line as one header value."""
        return uri_of_bytes(self.line, blanks=True)


def walk_arc(path: Path, file: Readable, seams: Sequence[int] = ()) -> Iterator[ArcRecord | Fault]:
    """Walk through an inflated ARC file; a Fault reaches to the next URL-record line.

    Args:
        path: The file that faults name.
        seams: Offsets at which gzip members began, in order: if the length of a record leads to no other, the next begins there.
    """
    end = file.seek(0, 2)
    at = skip_line_ends(file, 0)
    while at < end:
        found = _head(file, at)
        if found is None:
            following = next_match(file, _NEXT_HEAD, at + 1, end, width=MAX_LINE_BYTES)
            yield Fault(path=path, offset=at, what="no ARC record head here", length=following - at)
            at = following
            continue
        declared, start = int(found[5]), at + found.end()
        stop, behind, what = _block_end(file, start, declared, end, seams)
        torn = stop > end
        if start < end or not torn:
            yield ArcRecord(
                offset=at, line=found[0].rstrip(b"\r\n"), block_offset=start, block_length=min(stop, end) - start,
                url=uri_of_bytes(found[1]), ip=_address(found[2], found[3]),
                date=_date(found[3], found[2]), mime=_mime(found[4]), torn=torn,
            )  # fmt: skip
        if torn:
            yield Fault(path=path, offset=at, what=f"the file ends within this record of {declared} bytes", length=end - at)
            return
        if what:
            yield Fault(path=path, offset=at, what=what)
        at = behind


def _block_end(file: Readable, start: int, declared: int, end: int, seams: Sequence[int]) -> tuple[int, int, str]:
    """End of a block, start of the next record, and the fault of its length."""
    stop = start + declared
    behind = skip_line_ends(file, stop) if stop <= end else stop
    if behind == end or (behind < end and _head(file, behind)):
        if extra := _swallowed(file, behind, start) if behind == stop else 0:
            return stop - extra, stop - extra, f"length {declared} is {extra} bytes too long"
        return stop, behind, ""
    limit = min(stop, end)
    after = bisect_right(seams, start)
    seam = seams[after] if after < len(seams) else end
    found = seam if seam < limit and _head(file, seam) else next_match(file, _NEXT_HEAD, start, limit, width=MAX_LINE_BYTES)
    if found >= limit:
        return stop, behind, ""
    file.seek(found - 1)
    actual = found - (found > start and file.read(1) == b"\n")
    return actual, found, f"length {declared}, but the next record begins {found - start} bytes behind this one's line"


def _swallowed(file: Readable, at: int, start: int) -> int:
    """Count letters of the next record's address at a block's end: `htt` before `p://`."""
    file.seek(at)
    rest = file.read(_SCHEME_BYTES)
    width = min(_SCHEME_BYTES, at - start)
    if rest.startswith(_SCHEMES):
        return 0
    file.seek(at - width)
    before = file.read(width)
    return next((n for n in range(1, width + 1) if (before[-n:] + rest).startswith(_SCHEMES)), 0)


def _head(file: Readable, at: int) -> re.Match[bytes] | None:
    file.seek(at)
    start = file.read(MAX_LINE_BYTES)
    return _HEAD.match(start) or _LOOSE_HEAD.match(start)


def _address(*words: bytes) -> str | None:
    """The IP address among two words; some writers put the date first."""
    found = next((word for word in words if _ADDRESS.fullmatch(word)), b"")
    return None if found in (b"", b"-", b"0.0.0.0") else found.decode("ascii")


def _date(*words: bytes) -> datetime | None:
    """The date among two words; the first 14 digits of a longer one."""
    found = (_DATE.match(word.decode("latin-1")) for word in words if not _ADDRESS.fullmatch(word))
    return next((read_date(match[0]) for match in found if match), None)


def _mime(rest: bytes) -> str | None:
    """The media type among the fields between date and length.

    In version 1 it is all of them, in version 2 the first.
    """
    return mime_of(rest.decode("latin-1"))

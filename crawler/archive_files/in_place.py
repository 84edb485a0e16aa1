"""Test if a file can be read by offset, or must be converted first."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from crawler.archive_files.formats import Kind, kind_of
from crawler.archive_files.inflate import unpacked
from crawler.errors import NotAWarc
from crawler.warc.record import Fault, Record
from crawler.warc.records import scan

IN_PLACE: tuple[Kind, ...] = ("warc", "warc.gz")
CONVERTIBLE: tuple[Kind, ...] = ("warc.gz", "warc.zst", "arc", "arc.gz", "arc.zst")

_FIRST_RECORDS = 3


def unreadable(file: Path) -> str | None:
    """Reason to convert a file before it can be read by offset, or None.

    Raises:
        SetupError: It is no web archive file at all, or cannot be opened.
    """
    kind = kind_of(file)
    if kind not in CONVERTIBLE and kind not in IN_PLACE:
        return f"{file}: a {kind} file: the WARCs in it must be taken out"
    if kind not in IN_PLACE:
        return f"{file}: a {kind} file must be converted to be read by offset"
    if kind == "warc.gz" and several_in_one_member(file):
        return f"{file}: several records lie in one gzip member, so that none can be found by its offset"
    return None


def several_in_one_member(file: Path) -> bool:
    """True if a gzip member among the first holds several records."""
    try:
        for number, found in enumerate(scan(file)):
            if isinstance(found, Fault) and found.length:
                return "one member must hold one record" in found.what or _member_of_several(file)
            if number >= _FIRST_RECORDS:
                break
    except NotAWarc:
        return _member_of_several(file)
    return False


def _member_of_several(file: Path) -> bool:
    """True if a gzip member of a damaged file holds several records."""
    with unpacked(file, "warc.gz") as plain:
        try:
            counts = Counter(plain.packed(one.offset) for one in scan(plain.path, torn=True) if isinstance(one, Record))
        except NotAWarc:
            return False
    return any(count > 1 for count in counts.values())

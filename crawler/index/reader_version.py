"""Version of the readers: fingerprint of the code that decides what is read and filed.

Two readings under one version are equal; under another version the same bytes may be read otherwise, and no index is damaged by that.
"""

from __future__ import annotations

import hashlib
import sys
from functools import cache
from importlib import metadata
from pathlib import Path

from crawler import __version__

GIVEN_UP = "given up"
"""In place of a version: the reading met a limit of time, memory or nesting, or a fault, which may depend on the machine."""
SOURCES = (
    "parsers", "requisites", "urls", "warc", "archive_files", "index", "processing/cookies.py", "sites/site.py", "http/http1.py",
    "spooled.py", "errors.py", "items", "parsers/limits.py", "formatting.py", "http/chunked.py", "processing/redirects.py",
    "processing/interpret.py", "processing/interpret_lists.py", "processing/parse_failures.py", "processing/received.py",
    "processing/truncated.py", "processing/left_unread.py", "processing/archived.py", "scope", "timeline", "coverage/announcements.py",
    "crawl/cut_answers.py", "collection/ingest.py", "collection/revisits.py",
    "maintenance/fill_index.py", "maintenance/repeats.py", "maintenance/index_file.py", "maintenance/reread.py",
    "processing/parse_again.py", "collection/foreign_records.py", "collection/parse_tasks.py",
)  # fmt: skip
"""Files and folders of this package by which captures are told from records, read and filed."""
LIBRARIES = ("lxml", "parsel", "cssselect", "w3lib", "trafilatura", "idna")
_HOUSE = Path(__file__).parents[1]
_HEX = 8


@cache
def reader_version(site_file: Path | None = None, limits: object | None = None) -> str:
    """Name the readers of a capture, as `captures.reader_version` holds it: `0.2.0+1a2b3c4d`.

    Args:
        site_file: The file of the capture's site; None if it is of no known site.
        limits: How much of a capture is read (`ReadLimits`); None for the default.
    Returns:
        The version of this software and 8 hex characters of SHA-256; the version alone if no source can be read.
    """
    base = _of_package()
    if base is None:
        return __version__
    digest = hashlib.sha256(base)
    if limits is not None and limits != type(limits)():
        digest.update(repr(limits).encode())
    if site_file is not None:
        digest.update(_of_site(site_file))
    return f"{__version__}+{digest.hexdigest()[:_HEX]}"


@cache
def _of_package() -> bytes | None:
    """Digest of our sources and of library versions; None if a source is missing."""
    digest = hashlib.sha256(repr((sys.version_info[:2], *map(_installed, LIBRARIES))).encode())
    try:
        for name in SOURCES:
            place = _HOUSE / name
            for file in sorted(place.rglob("*.py")) if place.suffix != ".py" else [place]:
                digest.update(f"\n{file.relative_to(_HOUSE).as_posix()}\n".encode() + file.read_bytes())
    except OSError:
        return None
    return digest.digest()


def _installed(library: str) -> str:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return ""


@cache
def _of_site(file: Path) -> bytes:
    """Digest of a site file, and of the underscore files beside it."""
    digest = hashlib.sha256()
    for one in (file, *sorted(file.parent.glob("_*.py"))):
        try:
            digest.update(one.read_bytes())
        except OSError:
            digest.update(b"unreadable")
    return digest.digest()

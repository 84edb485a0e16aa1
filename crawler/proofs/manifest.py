"""Manifest of the sealed WARCs: `manifest-sha256.txt`, as `sha256sum --check` reads it."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

MANIFEST = "manifest-sha256.txt"
_LINE = re.compile(r"(\\?)([0-9a-f]{64}) [ *](.+)")
_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r"}


def manifest_line(path: str, sha256: str) -> str:
    """One line of the manifest, without its end.

    Names with a backslash or a line end are escaped as coreutils does.

    >>> manifest_line("archive/a.warc.gz", "0" * 64) == "0" * 64 + "  archive/a.warc.gz"
    True
    """
    escaped = re.sub(r"[\\\n\r]", lambda found: _ESCAPES[found[0]], path)
    return f"{chr(92) if escaped != path else ''}{sha256}  {escaped}"


def read_manifest(collection: Path) -> dict[str, str]:
    """SHA-256 by path; empty without a manifest. A cut-off last line is passed over."""
    try:
        text = (collection / MANIFEST).read_text(errors="surrogateescape")
    except FileNotFoundError:
        return {}
    held = {}
    for line in text.split("\n"):
        if found := _LINE.fullmatch(line):
            held[_unescaped(found[3]) if found[1] else found[3]] = found[2]
    return held


def write_manifest(collection: Path, digests: Mapping[str, str]) -> bool:
    """Write the manifest anew where it says anything else; tell whether it did.

    Args:
        digests: SHA-256 by path: relative ones begin at the collection.
    Raises:
        OSError: It cannot be written; the one before stands.
    """
    if read_manifest(collection) == digests:
        return False
    text = "".join(f"{manifest_line(path, sha256)}\n" for path, sha256 in sorted(digests.items()))
    write_whole(collection / MANIFEST, text.encode(errors="surrogateescape"))
    return True


def write_whole(place: Path, data: bytes) -> None:
    """Replace a file so that a crash leaves the old one or the new one."""
    part = place.with_name(f".{place.name}.part")
    try:
        with part.open("wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        part.replace(place)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def _unescaped(path: str) -> str:
    return re.sub(r"\\([\\nr])", lambda found: {"\\": "\\", "n": "\n", "r": "\r"}[found[1]], path)

"""ZIP package with digests and sizes of its entries (Frictionless data package)."""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from crawler import clock
from crawler.interchange.output import DigestedOutput

_LARGE_BYTES = 1 << 31
_TIMESTAMP = 0x5455
"""Header ID of an extra field with the time of change, as Info-ZIP writes it."""
_ODD = re.compile(r"[^a-z0-9._-]+")


class Package:
    """A ZIP file that is written, entry by entry."""

    def __init__(self, out: BinaryIO) -> None:
        self._zip = zipfile.ZipFile(out, "w", allowZip64=True)
        self._now = clock.now().timetuple()[:6]
        self._extra = struct.pack("<HHBI", _TIMESTAMP, 5, 1, int(clock.now().timestamp()) & 0xFFFFFFFF)
        """Also for ReplayWeb.page: of an entry that has none in the directory, it takes it that it has none before its data either."""
        self.resources: list[dict[str, Any]] = []
        """Entries in the form of a data package."""

    @contextmanager
    def entry(self, path: str, *, stored: bool = True, size: int | None = None) -> Iterator[DigestedOutput]:
        """Begin a file; it is whole when the block ends.

        Args:
            stored: As it is; else deflated.
            size: How many bytes it will have, if known.
        """
        info = zipfile.ZipInfo(path, self._now)
        info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        info.extra = self._extra
        with self._zip.open(info, "w", force_zip64=size is None or size >= _LARGE_BYTES) as out:
            entry = DigestedOutput(out)
            yield entry
        name = self._free_name(path)
        self.resources.append({"name": name, "path": path, "hash": f"sha256:{entry.sha256}", "bytes": entry.size})

    def add(self, path: str, pieces: Iterable[bytes], *, stored: bool = False) -> None:
        """Write a small file, or one that is made piece by piece."""
        with self.entry(path, stored=stored, size=None if stored else 0) as entry:
            for piece in pieces:
                entry.write(piece)

    def add_unlisted(self, path: str, data: bytes) -> None:
        """Write a file that describes the others."""
        info = zipfile.ZipInfo(path, self._now)
        info.external_attr = 0o644 << 16
        self._zip.writestr(info, data, zipfile.ZIP_DEFLATED)

    def __enter__(self) -> Package:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Write the directory of the ZIP file; after an error nothing more."""
        if kind is not None:
            self._zip.fp = None  # else it would be closed once more when it is collected
        self._zip.close()

    def _free_name(self, path: str) -> str:
        """A free resource name of the characters that a data package allows."""
        name = _ODD.sub("-", path.rpartition("/")[2].lower()).strip("-") or "file"
        taken = {resource["name"] for resource in self.resources}
        number, free = 1, name
        while free in taken:
            number += 1
            free = f"{number}-{name}"
        return free

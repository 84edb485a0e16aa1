"""Background thread: write the CDXJ and SHA-256 of recovered WARC files."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from crawler.errors import ArchiveError
from crawler.failpoints import failpoint
from crawler.index.index import Index
from crawler.interrupts import join
from crawler.warc import cdxj

logger = logging.getLogger(__name__)

_READ_BYTES = 1024 * 1024
_PATIENCE_SECONDS = 5.0


def recovered_without_digest(index: Index) -> list[str]:
    """The names of recovered files without a SHA-256, of this start or an earlier one."""
    return [row[0] for row in index.query("SELECT name FROM warcs WHERE sealed IS NOT NULL AND sha256 IS NULL ORDER BY name")]


def cdxj_lines(warc: Path) -> Iterable[str]:
    """Make the CDXJ lines of a WARC from the file itself."""
    from crawler.archive_files import reader  # needed for few files

    return reader.cdxj_lines(warc)


class Sealing:
    """Complete recovered files in a thread of its own; the next start does the rest.

    Args:
        path: Of the collection.
        note: Called in that thread with the name and the SHA-256 of each file that is done.
    """

    def __init__(self, path: Path, warcs: Sequence[str], *, note: Callable[[str, str], None]) -> None:
        self._path, self._warcs, self._note = path, warcs, note
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"sealing of {path.name}", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def close(self) -> None:
        """Wait for the thread a few seconds, then stop it."""
        self._thread.join(_PATIENCE_SECONDS)
        self._stopping.set()
        join(self._thread)

    def _run(self) -> None:
        for warc in self._warcs:
            if self._stopping.is_set():
                return
            try:
                self._write_cdxj(warc)
                sha256 = self._digest(self._path / "archive" / warc)
                if sha256:
                    self._note(warc, sha256)
            except (ArchiveError, OSError) as error:
                logger.warning("sealing-unfinished warc=%s error=%s", warc, error)
            except Exception:
                # A locked index, a fault of ours: this file waits for the next start, the others do not.
                logger.exception("sealing-unfinished warc=%s", warc)

    def _write_cdxj(self, warc: str) -> None:
        """Write the CDXJ of a file from the index, or from the file itself.

        A file that another program wrote has no rows before a replay.
        """
        indexes = self._path / "indexes"
        with Index.open(self._path / "index.db", readonly=True) as index:
            lines = [cdxj.line(capture) for capture in index.captures(warc=warc)]
        if lines or not cdxj.place(indexes, warc).exists():
            cdxj.write(indexes, warc, lines or cdxj_lines(self._path / "archive" / warc))
        failpoint("recover:listed")

    def _digest(self, file: Path) -> str | None:
        """SHA-256 of a file, or None if the thread is to stop."""
        sha256 = hashlib.sha256()
        with file.open("rb") as source:
            while piece := source.read(_READ_BYTES):
                if self._stopping.is_set():
                    return None
                sha256.update(piece)
        return sha256.hexdigest()

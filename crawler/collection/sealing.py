"""The last of mending, done beside the crawl: a mended file's CDXJ and digest, which take longer the larger the file is."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from crawler.archive_files.reader import cdxj_lines
from crawler.collection.interrupts import join
from crawler.errors import ArchiveError
from crawler.failpoints import failpoint
from crawler.index.index import Index
from crawler.warc import cdxj

logger = logging.getLogger(__name__)

_READ_BYTES = 1024 * 1024
_PATIENCE_SECONDS = 5.0


def unfinished(index: Index) -> list[str]:
    """The names of files that were mended, at this start or an earlier one, and have no digest yet."""
    return [row[0] for row in index.query("SELECT name FROM warcs WHERE sealed IS NOT NULL AND sha256 IS NULL ORDER BY name")]


class Finisher:
    """Finishes files in a thread of its own; what it does not come to is left to the next start.

    Args:
        path: Of the collection.
        note: Called in that thread with the name and the SHA-256 of each file that is done.
    """

    def __init__(self, path: Path, warcs: Sequence[str], *, note: Callable[[str, str], None]) -> None:
        self._path, self._note = path, note
        self._halted = threading.Event()
        self._thread = threading.Thread(target=self._work, args=(warcs,), name=f"finisher of {path.name}", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Wait for it a few seconds, then have it stop."""
        self._thread.join(_PATIENCE_SECONDS)
        self._halted.set()
        join(self._thread)

    def _work(self, warcs: Sequence[str]) -> None:
        for warc in warcs:
            if self._halted.is_set():
                return
            try:
                self._list(warc)
                sha256 = self._digest(self._path / "archive" / warc)
                if sha256:
                    self._note(warc, sha256)
            except (ArchiveError, OSError) as error:
                logger.warning("mended-unfinished warc=%s error=%s", warc, error)
            except Exception:
                # A locked index, a fault of ours: this file waits for the next start, the others do not.
                logger.exception("mended-unfinished warc=%s", warc)

    def _list(self, warc: str) -> None:
        """Write its CDXJ from the index; from itself where it has no rows, since what another program wrote has none before a replay."""
        indexes = self._path / "indexes"
        with Index.open(self._path / "index.db", readonly=True) as index:
            lines = [cdxj.line(capture) for capture in index.captures(warc=warc)]
        if lines or not cdxj.place(indexes, warc).exists():
            cdxj.write(indexes, warc, lines or cdxj_lines(self._path / "archive" / warc))
        failpoint("recover:listed")

    def _digest(self, file: Path) -> str | None:
        """Its SHA-256, or None where it is to be left."""
        sha256 = hashlib.sha256()
        with file.open("rb") as source:
            while piece := source.read(_READ_BYTES):
                if self._halted.is_set():
                    return None
                sha256.update(piece)
        return sha256.hexdigest()

"""Sort more lines than memory should hold: runs on disk, merged."""

from __future__ import annotations

import heapq
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO

_RUN_BYTES = 32 * 1024 * 1024
_LINE_BYTES = 100
"""Of memory beside the text of each line held."""


class SortedLines:
    """Lines, each ending in a newline, that come back sorted by bytes.

    Args:
        folder: Where runs are written when there are too many lines for memory.
        run_bytes: Memory for lines before a run is written.
    """

    def __init__(self, folder: Path, *, run_bytes: int = _RUN_BYTES) -> None:
        self._folder, self._run_bytes = folder, run_bytes
        self._held: list[bytes] = []
        self._size = 0
        self._runs: list[IO[bytes]] = []
        self._files = ExitStack()

    def __enter__(self) -> SortedLines:
        return self

    def __exit__(self, *exc: object) -> None:
        self._files.close()

    def add(self, line: bytes) -> None:
        """Add a line."""
        self._held.append(line)
        self._size += len(line) + _LINE_BYTES
        if self._size >= self._run_bytes:
            self._spill()

    def __iter__(self) -> Iterator[bytes]:
        """All lines, sorted; may be asked for again."""
        self._held.sort()
        for run in self._runs:
            run.seek(0)
        return heapq.merge(*self._runs, self._held)

    def _spill(self) -> None:
        self._held.sort()
        # Nameless: gone whatever becomes of this process.
        run = self._files.enter_context(tempfile.TemporaryFile(dir=self._folder))  # noqa: SIM115 - closed with the others
        run.writelines(self._held)
        self._runs.append(run)
        self._held, self._size = [], 0

"""A bar for each file that is read from end to end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from crawler.terminal.progress import BYTES, Progress


class FileBars:
    """Bars of one file after the other."""

    def __init__(self) -> None:
        self._now: Progress | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def begin(self, path: Path) -> Callable[[int], None]:
        """Begin a file; the returned function takes the offset reached in it."""
        self.close()
        self._now = Progress(path.stat().st_size if path.exists() else None, BYTES)
        self._now.note = path.name
        return self._now.reach

    def close(self) -> None:
        """Wipe the bar."""
        if self._now is not None:
            self._now.close()

"""Progress in one line on stderr, on a terminal only."""

from __future__ import annotations

import sys
import time

from crawler.formatting import one_line

_EVERY_SECONDS = 0.1


class StatusLine:
    """One line of progress."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()
        self._drawn = 0.0

    @property
    def due(self) -> bool:
        """Tell whether a line would be drawn now: at most ten times a second."""
        return self._shown and time.monotonic() - self._drawn >= _EVERY_SECONDS

    def draw(self, text: str) -> None:
        """Draw a text over the last one, if one is due."""
        if self.due:
            self._drawn = time.monotonic()
            self._write(one_line(text))

    def wipe(self) -> None:
        """Wipe the line."""
        if self._shown:
            self._write("")

    def _write(self, text: str) -> None:
        sys.stderr.write(f"\r{text}\x1b[K")
        sys.stderr.flush()

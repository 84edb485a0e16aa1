"""Progress on stderr: one line on a terminal, elsewhere plain lines."""

from __future__ import annotations

import sys
import time

from crawler.formatting import one_line

_EVERY_SECONDS = 0.1
_PLAIN_SECONDS = 30.0
"""Between two lines where no terminal is: a log is read afterwards."""
_BAR = 24


def bar(share: float) -> str:
    """Draw a share of the whole.

    >>> bar(0.25)
    '[######..................]  25 %'
    """
    share = min(max(share, 0.0), 1.0)
    done = int(share * _BAR)
    return f"[{'#' * done}{'.' * (_BAR - done)}] {int(share * 100):3d} %"


def duration(seconds: float) -> str:
    """Format a time span by its two largest units.

    >>> duration(59.6), duration(3700), duration(200_000)
    ('1 min 0 s', '1 h 1 min', '2 d 7 h')
    """
    left, parts = round(seconds), list[str]()
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60), ("s", 1)):
        if left >= length or parts or unit == "s":
            parts.append(f"{left // length} {unit}")
            left %= length
    return " ".join(parts[:2])


class StatusLine:
    """One line of progress on a terminal."""

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


class ProgressLine(StatusLine):
    """Progress of long work in steps: count, share, rate and time left."""

    def __init__(self) -> None:
        super().__init__()
        self._step: tuple[str, float, int, float] | None = None
        self._told = time.monotonic()

    def tell(self, what: str, count: int, share: float) -> None:
        """Tell how far a step is.

        Args:
            what: Names the step: what is counted.
            share: Of the whole step.
        """
        now = time.monotonic()
        if self._step is None or self._step[0] != what:
            self._step = (what, now, count, share)
        if self.due:
            self.draw(f"{bar(share)}  {self._text(count, share, now)}")
        elif not self._shown and now - self._told >= _PLAIN_SECONDS:
            self._told = now
            print(one_line(f"{int(share * 100)} %: {self._text(count, share, now)}"), file=sys.stderr, flush=True)

    def _text(self, count: int, share: float, now: float) -> str:
        assert self._step is not None
        what, began, first, beginning = self._step
        seconds, text = now - began, f"{count:,} {what}"
        if seconds < 1 or count <= first or share <= beginning:
            return text
        # What an earlier run had done says nothing of the speed of this one.
        left = seconds * (1 - share) / (share - beginning)
        return f"{text}, {(count - first) / seconds:,.0f} a second, {duration(left)} left"

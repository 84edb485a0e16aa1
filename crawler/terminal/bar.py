"""One redrawn line on a terminal, with log lines above it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from crawler.terminal.screen import columns, has_colours

if TYPE_CHECKING:
    from tqdm.std import tqdm

_WIDTH = 20
_LEAST = 60
"""Columns below which the bar gives its room to the text."""


def fitted(parts: Sequence[str], room: int) -> str:
    """Join as many parts with commas as fit, the first ones first.

    Where not even the first fits, it is cut.

    >>> fitted(["1 story", "2 captures", "a long name"], 20)
    '1 story, 2 captures'
    """
    text = ""
    for part in parts:
        longer = f"{text}, {part}" if text else part
        if len(longer) <= room:
            text = longer
        elif not text:
            text = part[:room]
    return text


class Bar:
    """A bar that tqdm draws."""

    def __init__(self) -> None:
        self._bar = _made()

    def draw(self, share: float | None, parts: Sequence[str]) -> None:
        """Draw a share of the whole (None: not known) and text over the last ones."""
        bar, width = self._bar, columns()
        if share is None:
            bar.bar_format, beside = "{desc}", 0
        elif width >= _LEAST:
            bar.bar_format, beside = "{percentage:3.0f} % |{bar:" + str(_WIDTH) + "}| {desc}", _WIDTH + 9
        else:
            bar.bar_format, beside = "{percentage:3.0f} % {desc}", 6
        bar.ncols, bar.n = width, share or 0.0
        bar.set_description_str(fitted(parts, max(width - beside, 1)), refresh=False)
        bar.refresh()

    def close(self) -> None:
        """Wipe the line."""
        self._bar.close()


def _made() -> tqdm[Any]:
    from threading import RLock

    from tqdm.std import tqdm

    tqdm.monitor_interval = 0  # no thread beside ours
    tqdm.set_lock(RLock())  # its own one is of processes, and costs a semaphore
    colour = "green" if has_colours(sys.stderr) else None
    bar = tqdm(total=1.0, file=sys.stderr, leave=False, colour=colour, mininterval=0, delay=1e-9)
    bar.delay = 0  # with one it draws nothing yet when it is made, and would not wipe itself
    return bar


@contextmanager
def above_bars() -> Iterator[None]:
    """Wipe the bars while a block writes lines to stderr."""
    loaded = sys.modules.get("tqdm.std")
    if loaded is None or not loaded.tqdm._instances:
        yield
        return
    with loaded.tqdm.external_write_mode(file=sys.stderr):
        yield

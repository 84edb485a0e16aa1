"""One log line for each fact, above the progress bar."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable

from crawler.formatting import one_line
from crawler.terminal.bar import above_bars

_SCRAPYS = ("addons", "crawler", "middleware", "statscollectors", "utils.log", "extensions.feedexport")
"""Loggers of Scrapy whose messages go over several lines."""
_OPENINGS = ("Enabled ", "Overridden settings:", "Versions:", "Scrapy ")
"""What they say before anything is done: the same in every run, and so for DEBUG."""


class SafeLines(logging.Formatter):
    """Formatter that makes one line of any record: no quoted text can forge another."""

    def format(self, record: logging.LogRecord) -> str:
        """One record, its traceback too."""
        return one_line(super().format(record))


class _OnOneLine(logging.Filter):
    """Puts a message of Scrapy's on one line; openings get the level DEBUG."""

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        if "\n" in text:
            record.msg, record.args = " ".join(text.split()), ()
        if text.startswith(_OPENINGS) and record.levelno == logging.INFO:
            record.levelno, record.levelname = logging.DEBUG, "DEBUG"
        return True


def shorten_scrapys() -> None:
    """Have Scrapy log one line for each fact; before it logs anything."""
    for name in _SCRAPYS:
        logger = logging.getLogger(f"scrapy.{name}")
        if not any(isinstance(one, _OnOneLine) for one in logger.filters):
            logger.addFilter(_OnOneLine())


def keep_lines_whole() -> None:
    """Put every root handler under `SafeLines`, those of stderr above the bar.

    To be called again whenever Scrapy has made its handler anew.
    """
    for handler in logging.root.handlers:
        old = handler.formatter
        if isinstance(old, SafeLines):
            continue
        handler.setFormatter(SafeLines(old._fmt if old else None, old.datefmt if old else None))
        if getattr(handler, "stream", None) is sys.stderr:
            handler.emit = _above(handler.emit)  # type: ignore[method-assign,assignment]


def _above(emit: Callable[[logging.LogRecord], None]) -> Callable[[logging.LogRecord], None]:
    def emit_above(record: logging.LogRecord) -> None:
        with above_bars():
            emit(record)

    return emit_above

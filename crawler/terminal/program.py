"""The name under which the program was called."""

from __future__ import annotations

import sys
from pathlib import Path

ENTRY_POINT = "news-archive"
NAMES = ("scrapy", ENTRY_POINT)
SHELLS = ("bash", "zsh", "fish")
"""Those that `completion` writes scripts for."""


def program() -> str:
    """Return the word that commands are typed behind here: `scrapy`, or our own entry point."""
    name = Path(sys.argv[0]).stem
    return name if name in NAMES else "scrapy"


def as_typed(text: str) -> str:
    """Name commands in a text as they are typed here: "`scrapy list`" may be "`news-archive list`"."""
    return text if program() == "scrapy" else text.replace("`scrapy ", f"`{program()} ").replace("`scrapy`", f"`{program()}`")

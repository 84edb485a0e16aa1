"""Abilities of an output: lines drawn over, colours, columns."""

from __future__ import annotations

import os
import shutil
from typing import Final, Literal, TextIO

Mood = Literal["good", "odd", "bad", "quiet", "strong"]
Choice = Literal["auto", "always", "never"]
_CODES: Final[dict[Mood, str]] = {"good": "32", "odd": "33", "bad": "31", "quiet": "2", "strong": "1"}
"""Of SGR (ECMA-48 8.3.117): colours of the terminal's own palette, so that they fit any background."""
_CHOSEN: dict[str, Choice] = {"colour": "auto"}


def choose(colour: Choice) -> None:
    """Set what `--color` says, for this process."""
    _CHOSEN["colour"] = colour


def is_live(stream: TextIO) -> bool:
    """Tell whether a line can be drawn over: no dumb terminal, no CI."""
    return stream.isatty() and os.environ.get("TERM") != "dumb" and not os.environ.get("CI")


def has_colours(stream: TextIO) -> bool:
    """Tell whether text may be coloured; `NO_COLOR` (no-color.org) forbids it unless `--color=always` asks for it."""
    if _CHOSEN["colour"] != "auto":
        return _CHOSEN["colour"] == "always"
    return is_live(stream) and not os.environ.get("NO_COLOR")


def painted(text: str, mood: Mood, stream: TextIO) -> str:
    """Colour a text for a stream; as it is where there are no colours."""
    return f"\x1b[{_CODES[mood]}m{text}\x1b[0m" if text and has_colours(stream) else text


def columns() -> int:
    """Return the columns of the terminal that may be written to without a wrap."""
    return max(shutil.get_terminal_size().columns - 1, 1)

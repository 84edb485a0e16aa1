"""Runs of text that a reader sees as one, and their split into stretches."""

from __future__ import annotations

import re

from attrs import define, field
from lxml import etree

BLANKS = re.compile(r"[\s\u00a0\u200b-\u200d\u2060\ufeff]+")
ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff"
"""Characters that count as blanks here, and not in Python."""
BREAK = "\0"
"""Stands for a shown line break while a run is collected: no text of a tree holds it."""
_STRETCH = re.compile(f"{BREAK}{{2,}}")


def squeeze(text: str) -> str:
    """Runs of white space (NBSP and zero-width too) become one blank; ends are trimmed.

    >>> squeeze("  a \\u00a0 b ")
    'a b'
    """
    if text.isascii() or not ("\u200b" in text or "\u200c" in text or "\u200d" in text or "\u2060" in text or "\ufeff" in text):
        return " ".join(text.split())
    return BLANKS.sub(" ", text).strip()


@define
class TextRun:
    """Text between two block boundaries, with its links."""

    parts: list[str] = field(factory=list)
    """Text as it stands, and `BREAK` for each line break that is shown."""
    links: list[tuple[str, str]] = field(factory=list)
    """Address as written and text of each link."""
    linked: int = 0
    """Characters inside links, blanks at the ends of each part left out; likewise `strong` and `total`."""
    strong: int = 0
    total: int = 0
    box: etree._Element | None = None
    """The block element in which it begins."""

    def clear(self) -> None:
        """Begin anew."""
        self.parts.clear()
        self.links.clear()
        self.linked = self.strong = self.total = 0
        self.box = None

    def stretches(self) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
        """The texts between doubled line breaks, each with its links."""
        whole = self.parts[0] if len(self.parts) == 1 else "".join(self.parts)
        if BREAK not in whole:
            text = squeeze(whole)
            return [(text, tuple(self.links))] if text else []
        lines = [squeeze(line) for line in whole.split(BREAK)]
        texts = (text for stretch in _STRETCH.split(BREAK.join(lines)) if (text := stretch.replace(BREAK, "\n").strip()))
        return [(text, tuple(link for link in self.links if link[1] in text.replace("\n", " "))) for text in texts]

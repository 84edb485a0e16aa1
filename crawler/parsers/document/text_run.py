"""Runs of text that a reader sees as one, and their split into stretches."""

from __future__ import annotations

import re
from collections.abc import Iterator

from attrs import define, field
from lxml import etree

BLANKS = re.compile(r"[\s\u00a0\u200b-\u200d\u2060\ufeff]+")
_STRETCH, _LINE_END = re.compile(r"\n(?: ?\n)+"), re.compile(r" *\n *")


def squeeze(text: str) -> str:
    """Runs of white space (NBSP and zero-width too) become one blank; ends are trimmed.

    >>> squeeze("  a \\u00a0 b ")
    'a b'
    """
    return BLANKS.sub(" ", text).strip()


@define
class TextRun:
    """Text between two block boundaries, with its links."""

    parts: list[str] = field(factory=list)
    links: list[tuple[str, str]] = field(factory=list)
    """Address as written and text of each link."""
    linked: int = 0
    """Characters inside links, blanks at the ends of each part left out; likewise `strong` and `total`."""
    strong: int = 0
    total: int = 0
    box: etree._Element | None = None
    """The block element in which it begins."""

    def add(self, text: str, squeezed: str, *, linked: bool, strong: bool) -> None:
        """Add one text node, and how it is shown."""
        size = len(text.strip())
        self.total += size
        self.linked += size if linked else 0
        self.strong += size if strong else 0
        self.parts.append(squeezed)

    def share(self, characters: int) -> float:
        """The share of the run that so many characters are."""
        return min(1.0, characters / self.total)

    def stretches(self) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
        """The texts between doubled line breaks, each with its links."""
        if not self.total:
            return
        whole, links = "".join(self.parts), tuple(self.links)
        several = "\n" in whole
        for stretch in _STRETCH.split(_LINE_END.sub("\n", whole)) if several else (whole,):
            text = "\n".join(squeeze(line) for line in stretch.split("\n")).strip()
            if text:
                yield text, tuple(link for link in links if link[1] in text.replace("\n", " ")) if several else links

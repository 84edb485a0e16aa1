"""Runs of text that a reader sees as one, and their split into stretches."""

from __future__ import annotations

import re
from unicodedata import category

from attrs import define, field
from lxml import etree

_NO_SIGNS = {ord(sign): None for sign in "\u00ad\ufeff"}
"""Soft hyphens, which stand where a line may be broken, and byte order marks that came along with a copied text."""
_NO_ENDS = "\u200b\u2060"
"""Zero-width space and word joiner: they part or join what stands on both sides, and at an end nothing does."""
_FOLDED = {
    **dict.fromkeys(map(ord, "\u180e\u200b\u200c\u200d\u2060"), " "),
    **dict.fromkeys(map(ord, "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"), None),
}
BREAK = "\0"
"""Stands for a shown line break while a run is collected: no text of a tree holds it."""
MAX_UNSEEN = 1000
"""Signs after which a text is taken to show something."""
_STRETCH = re.compile(f"{BREAK}{{2,}}")


def squeeze(text: str) -> str:
    """Runs of white space (NBSP too) become one blank; ends are trimmed.

    Soft hyphens and byte order marks go. All other signs stay, seen or not: joiners make letters and emoji what they are.

    >>> squeeze("  a \\u00a0 b ")
    'a b'
    """
    line = " ".join(text.split())
    # Of what is left, only signs that take no place are no printable ones.
    return line if line.isprintable() else _squeezed(line)


def _squeezed(line: str) -> str:
    """Take out the signs that are no text; empty if nothing is shown."""
    line = " ".join(line.translate(_NO_SIGNS).split()).strip(_NO_ENDS + " ")
    return line if any(sign != " " and category(sign) != "Cf" for sign in line[:MAX_UNSEEN]) else ""


def folded(text: str) -> str:
    """Turn joiners into blanks and drop marks of direction, for matching words.

    Texts are written with and without these; a rule that looks for a wording need not know of them.

    >>> folded("به\\u200cروز\\u200f")
    'به روز'
    """
    if text.isprintable():
        return text
    return " ".join(text.translate(_FOLDED).split())


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

"""Text with what does not count of it evened out."""

from __future__ import annotations

import unicodedata

_ODD = {
    **dict.fromkeys(map(ord, "\u180e\u200b\u200c\u200d\u2060\ufeff"), " "),
    **dict.fromkeys(map(ord, "\u00ad\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"), None),
}
"""Zero-width characters are blanks, soft hyphens and direction marks are nothing."""


def even_text(text: str | None) -> str:
    """A text with its white space and invisible characters evened out: what counts of it."""
    text = text or ""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).translate(_ODD)
    return " ".join(text.split())

"""Folding of credits and agencies, so that what differs in print only counts as one."""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = re.compile(r"[\u00ad\u034f\u061c\u0640\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff]")
"""Joiners, direction marks, soft hyphens, variation selectors, and the stroke that stretches Arabic words."""
_ALIKE = str.maketrans({
    "ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "ı": "i", "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "“": '"', "”": '"', "„": '"',
    "«": '"', "»": '"', "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-",
})  # fmt: skip
"""Letters that Arabic and Persian keyboards write differently, a Turkish one, quotation marks and dashes."""
_AROUND = re.compile(r"\s*([/|·•,;:])\s*")
_ENDS = " \t.,;:!?-/|·•*_'\"،؛。、…"


def fold_credit(printed: str) -> str:
    """Fold a credit: case, white space, Unicode forms, punctuation at its ends.

    >>> fold_credit(" File  Photo. ") == fold_credit("file photo")
    True
    """
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", printed)).casefold()
    # The capital of the Turkish i has its dot in a character of its own then.
    text = unicodedata.normalize("NFKC", text.replace("i\u0307", "i")).translate(_ALIKE)
    text = " ".join(_AROUND.sub(r"\1", text).split())
    return text.strip(_ENDS) or text

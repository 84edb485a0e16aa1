"""Fold text to the words that search compares, in any script.

Case, accents, points, forms of letters and digits do not matter. What is written without spaces becomes pairs of letters that overlap, so
that any part of it is found; docs/search.md tells the rules.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

from crawler.fulltext.letters import RARE_UNSPACED, UNSPACED, alike

ZWNJ = "\u200c"
UNSPACED_RUN = re.compile(f"[{UNSPACED}{RARE_UNSPACED}]+")
_UNSPACED, _RARE = re.compile(f"[{UNSPACED}]"), re.compile(f"[{RARE_UNSPACED}]")
_ARABIC = "\u0620-\u06ff"
_JOINED = re.compile(f"[{_ARABIC}]+(?:{ZWNJ}+[{_ARABIC}]+)+")
_LAST_HAMZA = re.compile(f"(?<=[{_ARABIC}])ء(?![{_ARABIC}])")
_NASAL = re.compile("[ङञणनम]्(?=[क-ह])")


def folded(text: str) -> str:
    """Fold a text for the full-text tables, whose tokenizer cuts it into words.

    >>> folded("Ça coûte 5 €"), folded("Straße"), folded("北京市")
    ('ca coute 5 €', 'strasse', ' 北京 京市 市 ')
    """
    if text.isascii():
        return text.lower()
    text = letters_folded(text)
    if ZWNJ in text:
        text = _apart(text)
    return UNSPACED_RUN.sub(_pairs, text) if _UNSPACED.search(text) or _RARE.search(text) else text


def letters_folded(text: str) -> str:
    """Fold the letters of a text, and leave apart or together what is."""
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKC", text).casefold()
    if text.isascii():
        return text
    letters, which = alike()
    text = which.sub(lambda found: letters[found[0]], text)
    if "ء" in text:
        # Persian writes words of Arabic without it.
        text = _LAST_HAMZA.sub("", text)
    if "\u094d" in text:
        # Hindi writes the same nasal with a letter or with a dot.
        text = _NASAL.sub("ं", text)
    return text


def _apart(text: str) -> str:
    """Put parts joined by a non-joiner apart, and joined at the end of the text."""
    joined = [found[0].replace(ZWNJ, "") for found in _JOINED.finditer(text)]
    text = _JOINED.sub(lambda found: found[0].replace(ZWNJ, " "), text).replace(ZWNJ, "")
    return f"{text} {' '.join(joined)}" if joined else text


def _pairs(found: re.Match[str]) -> str:
    run = found[0]
    # The last letter stands alone, too: whoever looks for one letter finds all words that begin with it.
    return f" {' '.join(map(''.join, pairwise(run)))} {run[-1]} " if len(run) > 1 else f" {run} "

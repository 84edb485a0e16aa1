"""Letters that search takes for one another, by script."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

_ALIKE = {
    # Latin: what has no decomposition. Text is in lower case here, and in compatibility form.
    "ı": "i", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ŧ": "t", "æ": "ae", "œ": "oe", "þ": "th", "ŋ": "n", "ʼ": "'", "ʻ": "'",
    "ʹ": "'",
    # Cyrillic: й, ї and ў stay letters of their own.
    "ё": "е", "ѐ": "е", "ѝ": "и",
    # Arabic and Persian: forms of yeh, kaf, alef, heh, and letters that carry a hamza.
    "ي": "ی", "ى": "ی", "ې": "ی", "ۍ": "ی", "ئ": "ی", "ؤ": "و", "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ك": "ک", "ڪ": "ک", "ة": "ه",
    "ۀ": "ه", "ە": "ه", "ہ": "ه", "ھ": "ه", "ۂ": "ه", "ۃ": "ه",
    # Hebrew: letters at the end of a word, and the marks of numbers and abbreviations.
    "ך": "כ", "ם": "מ", "ן": "נ", "ף": "פ", "ץ": "צ", "׳": "'", "״": '"',
    # Indic: letters with a nukta that have a code of their own, and chandrabindu.
    "ऩ": "न", "ऱ": "र", "ऴ": "ळ", "ँ": "ं", "ઁ": "ં",
}  # fmt: skip
_DROPPED = (
    # Combining marks of Latin, Greek and Cyrillic.
    (0x0300, 0x036F), (0x0483, 0x0489), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE20, 0xFE2F),
    # Points of Hebrew; harakat, tatweel and marks of recitation of Arabic.
    (0x0591, 0x05BD), (0x05BF, 0x05BF), (0x05C1, 0x05C2), (0x05C4, 0x05C5), (0x05C7, 0x05C7),
    (0x0610, 0x061A), (0x0640, 0x0640), (0x064B, 0x065F), (0x0670, 0x0670), (0x06D6, 0x06DC), (0x06DF, 0x06E4), (0x06E7, 0x06E8),
    (0x06EA, 0x06ED), (0x08D3, 0x08FF),
    # Nuktas.
    (0x093C, 0x093C), (0x09BC, 0x09BC), (0x0A3C, 0x0A3C), (0x0ABC, 0x0ABC), (0x0B3C, 0x0B3C), (0x0CBC, 0x0CBC),
    # What has no shape: soft hyphens, joiners, marks of direction, variants.
    (0x00AD, 0x00AD), (0x061C, 0x061C), (0x180B, 0x180E), (0x200B, 0x200B), (0x200D, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F),
    (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF),
)  # fmt: skip
_DECOMPOSED = ((0x00C0, 0x024F), (0x0370, 0x03FF), (0x1E00, 0x1FFF))
"""Latin and Greek letters that may have marks."""
_DIGITS = (
    0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x17E0,
    0x1810,
)  # fmt: skip
"""The zeros of other digits."""

UNSPACED = (
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ece\u0edc-\u0edf\u1000-\u103f\u1050-\u109d\u1780-\u17d3\u17d7\u17dc\u1950-\u19da\u1a20-\u1a7f"
    "\u1100-\u11ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u318e\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97c\uac00-\ud7fb\uf900-\ufaff"
)
RARE_UNSPACED = "\U00020000-\U0003fffd"
"""Letters of scripts without spaces between words, or, as Hangul, with endings joined to them: members of a set of a pattern.

The rare ones apart: a set with letters beyond U+FFFF is slow.
"""


def _alike() -> Iterator[tuple[str, str]]:
    for first, last in _DECOMPOSED:
        for code in range(first, last + 1):
            bare = "".join(c for c in unicodedata.normalize("NFD", chr(code)) if not unicodedata.combining(c))
            if bare != chr(code):
                yield chr(code), bare
    for zero in _DIGITS:
        yield from ((chr(zero + value), str(value)) for value in range(10))
    for first, last in _DROPPED:
        yield from ((chr(code), "") for code in range(first, last + 1))
    yield from _ALIKE.items()


@cache
def alike() -> tuple[dict[str, str], re.Pattern[str]]:
    """Letters with those they are taken for, and a fast pattern of them."""
    letters = dict(_alike())
    return letters, re.compile(f"[{''.join(map(re.escape, sorted(letters)))}]")

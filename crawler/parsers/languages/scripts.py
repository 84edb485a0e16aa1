"""Scripts that are not Latin, and letters that one language has alone.

Source: blocks of the Unicode Character Database.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter

_BLOCKS = (
    (0x0370, 0x03FF, "el"), (0x0400, 0x052F, "cyrillic"), (0x0530, 0x058F, "hy"), (0x0590, 0x05FF, "he"), (0x0600, 0x06FF, "arabic"),
    (0x0750, 0x077F, "arabic"), (0x0780, 0x07BF, "dv"), (0x07C0, 0x07FF, "nqo"), (0x0900, 0x097F, "devanagari"), (0x0980, 0x09FF, "bn"),
    (0x0A00, 0x0A7F, "pa"), (0x0A80, 0x0AFF, "gu"), (0x0B00, 0x0B7F, "or"), (0x0B80, 0x0BFF, "ta"), (0x0C00, 0x0C7F, "te"),
    (0x0C80, 0x0CFF, "kn"), (0x0D00, 0x0D7F, "ml"), (0x0D80, 0x0DFF, "si"), (0x0E00, 0x0E7F, "th"), (0x0E80, 0x0EFF, "lo"),
    (0x0F00, 0x0FFF, "bo"), (0x1000, 0x109F, "my"), (0x10A0, 0x10FF, "ka"), (0x1100, 0x11FF, "ko"), (0x1200, 0x139F, "ethiopic"),
    (0x1780, 0x17FF, "km"), (0x1800, 0x18AF, "mn"), (0x1F00, 0x1FFF, "el"), (0x2D30, 0x2D7F, "zgh"), (0x3040, 0x30FF, "kana"),
    (0x3105, 0x312F, "zh"), (0x3400, 0x9FFF, "han"), (0xAC00, 0xD7AF, "ko"), (0xFB50, 0xFDFF, "arabic"), (0xFE70, 0xFEFC, "arabic"),
    (0x20000, 0x3FFFF, "han"),
)  # fmt: skip
_STARTS = [start for start, _, _ in _BLOCKS]
FIRST = chr(_STARTS[0])
"""The first sign of all these scripts."""
WEIGHT = {"han": 3, "kana": 2, "ko": 2}
"""Letters of the Latin script that say as much as one sign."""
MANY = 0.012
"""Share of the signs of a script that must be letters of a language's own."""
KANA = 0.05
"""The same of kana among Chinese characters."""

_OWN = {
    "cyrillic": (
        ("sr", "ђћ"), ("mk", "ѓќѕѐѝ"), ("sr", "љњџ"), ("tg", "ӣӯҷ"), ("kk", "ғқұ"), ("be", "ў"), ("uk", "їєґ"), ("uk", "і"), ("tt", "әҗ"),
        ("ky", "ң"), ("mn", "өү"), ("sr", "ј"),
    ),
    "arabic": (
        ("ug", "ۈۋې"), ("ckb", "ڕڵۆێە"), ("ur", "ٹڈڑںےھہ"), ("sd", "ڄڃٻٿڀٺ"), ("ps", "ټډړښځڼې"), ("fa", "پچژگکی"),
    ),
    "devanagari": (("mr", "ळ"),),
    "bn": (("as", "ৰৱ"),),
    "ethiopic": (("ti", "ቐኸ"),),
    "he": (("yi", "װױײ"),),
}  # fmt: skip
"""Letters of languages, the surer ones first. A language is told where so many of the script's letters are its own."""
_ELSE = {"cyrillic": "ru", "arabic": "ar", "devanagari": "hi", "ethiopic": "am"}
_RUSSIAN = "ыэё"


def language_by_script(text: str) -> tuple[str | None, int]:
    """The language of a text's main script, and its size in letters.

    Returns:
        None for a text of Latin letters.
    """
    signs = Counter(text)
    counts: Counter[str] = Counter()
    for sign, times in signs.items():
        if sign >= FIRST and (name := _script_of(sign)):
            counts[name] += times
    if not counts:
        return None, 0
    latin = sum(times for sign, times in signs.items() if sign < FIRST and sign.isalpha())
    cjk = counts["han"] + counts["kana"]
    sizes = {name: count * WEIGHT.get(name, 1) for name, count in counts.items() if name not in ("han", "kana")}
    sizes["cjk"] = counts["han"] * WEIGHT["han"] + counts["kana"] * WEIGHT["kana"]
    script = max(sizes, key=sizes.__getitem__)
    if sizes[script] <= latin:
        return None, 0
    if script == "cjk":
        return ("ja" if counts["kana"] > KANA * cjk else "zh"), sizes[script]
    return _of_letters(script, signs, counts[script]), sizes[script]


def _script_of(sign: str) -> str | None:
    code = ord(sign)
    start, end, name = _BLOCKS[bisect_right(_STARTS, code) - 1]
    return name if start <= code <= end else None


def _of_letters(script: str, signs: Counter[str], size: int) -> str:
    """The language among those of a script, by letters that it has alone."""
    for language, own in _OWN.get(script, ()):
        letters = {*own, *own.upper()}
        if sum(signs[letter] for letter in letters) > MANY * size:
            return language
    if script == "cyrillic" and size > 60 and signs["ъ"] > MANY / 2 * size and not any(signs[letter] for letter in _RUSSIAN):
        return "bg"
    return _ELSE.get(script, script)

"""Makes `crawler/parsers/date_words/cldr_months.py` and `cldr_days.py` from the CLDR data that babel ships.

python tests/parsers/dates/cldr_tables.py months > crawler/parsers/date_words/cldr_months.py
"""

from __future__ import annotations

import re
import sys
import textwrap
import unicodedata
from collections.abc import Iterator, Sequence

import babel
from babel import Locale

LANGUAGES = [
    "af",
    "am",
    "ar",
    "as",
    "az",
    "be",
    "bg",
    "bn",
    "bs",
    "ca",
    "ckb",
    "cs",
    "cy",
    "da",
    "de",
    "el",
    "en",
    "es",
    "et",
    "eu",
    "fa",
    "fi",
    "fil",
    "fo",
    "fr",
    "fy",
    "ga",
    "gd",
    "gl",
    "gu",
    "ha",
    "he",
    "hi",
    "hr",
    "hu",
    "hy",
    "id",
    "is",
    "it",
    "ka",
    "kk",
    "km",
    "kn",
    "ky",
    "lb",
    "lo",
    "lt",
    "lv",
    "mg",
    "mi",
    "mk",
    "ml",
    "mn",
    "mr",
    "ms",
    "mt",
    "my",
    "nb",
    "ne",
    "nl",
    "nn",
    "om",
    "or",
    "pa",
    "pl",
    "ps",
    "pt",
    "rm",
    "ro",
    "ru",
    "rw",
    "sd",
    "sk",
    "sl",
    "so",
    "sq",
    "sr",
    "sr_Latn",
    "sv",
    "sw",
    "ta",
    "te",
    "tg",
    "th",
    "tk",
    "to",
    "tr",
    "tt",
    "ug",
    "uk",
    "ur",
    "uz",
    "uz_Cyrl",
    "vi",
    "xh",
    "yo",
    "zu",
]
"""Those of CLDR with papers of their own. Not `ti` (its names are those of the Ethiopic calendar) nor `si` (those of full moons)."""
_NONE = re.compile(r"m\d\d|\d+")
_TEXT = {
    "months": ("Names of the months in CLDR, by language.", "month", "January"),
    "days": ("Names of the days of the week in CLDR, by language.", "day", "Monday"),
}


def _names(values: Sequence[str]) -> str:
    """Different names of one month or day, in the form of the table."""
    folded = (unicodedata.normalize("NFC", value).strip().casefold().replace("\u0307", "").rstrip(".").strip() for value in values)
    return "/".join(name.replace(" ", "_") for name in dict.fromkeys(folded) if name and not _NONE.fullmatch(name)) or "-"


def rows(what: str) -> Iterator[tuple[str, list[str]]]:
    """The rows of one table: a language, and the names of each month or day."""
    keys, widths = (range(1, 13), ("wide", "abbreviated")) if what == "months" else (range(7), ("wide", "abbreviated", "short"))
    for language in LANGUAGES:
        told = getattr(Locale.parse(language), what)
        found = [[told[way][width].get(key, "") for way in ("format", "stand-alone") for width in widths] for key in keys]
        yield language, [_names([value for value in values if value]) for values in found]


def module(what: str) -> str:
    """The source of one module."""
    first, one, begin = _TEXT[what]
    lines = [
        f'"""{first}', "",
        f"Source: Unicode CLDR as babel {babel.__version__} ships it (Unicode License v3), written by `tests/parsers/dates/cldr_tables.py {what}`.",
        '"""', "", "from __future__ import annotations", "", 'ROWS = """',
    ]  # fmt: skip
    for language, names in rows(what):
        lines += textwrap.wrap(f"{language} {' '.join(names)}", 138, break_on_hyphens=False, break_long_words=False, subsequent_indent=" ")
    return "\n".join([*lines, '"""', f'"""A language, then the names of each {one}, case-folded, beginning with {begin}."""', ""])


if __name__ == "__main__":
    sys.stdout.write(module(sys.argv[1]))

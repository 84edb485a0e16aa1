"""Months and days of the week by their printed names, in any language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache

from crawler.parsers.date_words import cldr_days, cldr_months
from crawler.parsers.date_words.calendar_names import GREGORIAN, TABLES
from crawler.parsers.dates.month_names import MONTHS

Month = tuple[int, str]
"""Its number, and its calendar."""

_ARABIC = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ې": "ي", "ۍ": "ي", "ک": "ك", "ڪ": "ك", "ہ": "ه", "ة": "ه"}
)
_DROPPED = str.maketrans(dict.fromkeys("\u0307\u0640\u200b\u200c\u200d\u00ad\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0670॰׳"))
PARTS = re.compile(r"\d+|[^\s\d!-/:-@\[-`{-~·•–—|…«»“”„‘’‚،؛。、「」（）]+")
"""Words and figures; signs that stand on letters (vowels of India, tones) are part of a word."""


def key(word: str) -> str:
    """A word as names are compared: case, dots and spellings of one letter fall away."""
    folded = word.casefold()
    if folded.isascii():
        return folded
    return unicodedata.normalize("NFC", folded.translate(_DROPPED)).translate(_ARABIC)


def keys(name: str) -> tuple[str, ...]:
    """The parts of a printed name, as they are compared."""
    return tuple(key(part).lstrip("0") if part.isdecimal() else key(part) for part in PARTS.findall(name.replace("_", " ")))


class Names:
    """Months by name."""

    def __init__(self) -> None:
        self.single: dict[str, dict[str, Month]] = {}
        """By key, then by language; `""` where the language does not matter."""
        self.multiple: dict[str, list[tuple[tuple[str, ...], Month]]] = {}
        """Names of several parts, by the first."""
        for name, number in MONTHS.items():
            self._add("", name, (number, GREGORIAN))
        for calendar, text in TABLES[:1]:
            self._add_rows(text, calendar)
        self._add_rows(cldr_months.ROWS, GREGORIAN)
        for calendar, text in TABLES[1:]:
            self._add_rows(text, calendar)
        self._add_without_accents()

    def _add_rows(self, text: str, calendar: str) -> None:
        for language, row in rows_of(text):
            for number, names in enumerate(row, 1):
                for name in names:
                    self._add(language, name, (number, calendar))

    def _add(self, language: str, name: str, month: Month) -> None:
        parts = keys(name)
        if len(parts) == 1:
            known = self.single.setdefault(parts[0], {})
            known.setdefault(language, month)
            known.setdefault("", month)
        elif parts and (parts, month) not in (found := self.multiple.setdefault(parts[0], [])):
            found.append((parts, month))
            found.sort(key=lambda one: -len(one[0]))

    def _add_without_accents(self) -> None:
        """Names as they are printed where accents are not: `fevrier`."""
        for name, months in [*self.single.items()]:
            if not name.isascii() and name[0] < "\u0400":
                bare = "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))
                self.single.setdefault(bare, {"": months[""]})

    def at(self, parts: Sequence[str], start: int, language: str) -> tuple[Month, int] | None:
        """The month named from one part on, and the number of parts of its name."""
        first = parts[start]
        for name, month in self.multiple.get(first, ()):
            if tuple(parts[start : start + len(name)]) == name:
                return month, len(name)
        found = self.single.get(first)
        if found is None or ((not language or language not in found) and _is_weekday_beside_month(parts, start)):
            return None
        return found.get(language) or found[""], 1


def _is_weekday_beside_month(parts: Sequence[str], start: int) -> bool:
    """Tell whether a month's name is a weekday beside another.

    `Sat Mar 13`: `sat` is September in Hausa.
    """
    if parts[start] in MONTHS or parts[start] not in weekday_names():
        return False
    return any(part in MONTHS for part in (*parts[max(0, start - 2) : start], *parts[start + 1 : start + 3]))


def rows_of(text: str) -> Iterator[tuple[str, list[list[str]]]]:
    """The rows of a table: a language, and the names of each month or day."""
    for row in text.replace("\n ", " ").strip().splitlines():
        language, *names = row.split()
        yield language.partition("_")[0], [[] if name == "-" else name.split("/") for name in names]


@cache
def month_names() -> Names:
    """The names of months, made at the first use."""
    return Names()


@cache
def weekday_names() -> dict[str, int]:
    """Days of the week by each part of their names, Monday as 0.

    A part that two days share is -1.
    """
    found: dict[str, int] = {}
    for _, row in rows_of(cldr_days.ROWS):
        for number, names in enumerate(row):
            for part in (part for name in names for part in keys(name)):
                if len(part) > 1 and not part.isdecimal():
                    found[part] = number if found.get(part, number) == number else -1
    return found

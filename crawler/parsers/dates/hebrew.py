"""Dates of the Hebrew calendar, in letters: `ב' באדר ב' תשפ"ד`."""

from __future__ import annotations

import re
from datetime import date, timedelta

from crawler.parsers.patterns import later

_EPOCH = -1373427
"""Days from 1 January of year 1 back to the calendar's first day."""
_VALUES = dict(zip("אבגדהוזחטיכלמנסעפצקרשת", (*range(1, 11), *range(20, 101, 10), 200, 300, 400), strict=True)) | {
    "ך": 20, "ם": 40, "ן": 50, "ף": 80, "ץ": 90,
}  # fmt: skip
_MONTHS = {
    "תשרי": 7, "חשוון": 8, "חשון": 8, "מרחשוון": 8, "מרחשון": 8, "כסלו": 9, "כסליו": 9,
    "טבת": 10, "שבט": 11, "אדר": 12, "ניסן": 1, "אייר": 2,
    "סיוון": 3, "סיון": 3, "תמוז": 4, "אב": 5, "אלול": 6,
}  # fmt: skip
_QUOTE = "[\"'׳״’”]"
DATE = later(
    rf"(?<![א-ת])(?P<d>[א-ל]{_QUOTE}?[א-ט]?){_QUOTE}?\s+ב?(?P<m>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})"
    rf"(?:\s+(?P<ab>[אב]){_QUOTE})?,?\s+"
    rf"(?:ה{_QUOTE})?(?P<y>ת[א-ת]{{1,2}}{_QUOTE}[א-ת])(?![א-ת])"
)


def hebrew_day(found: re.Match[str]) -> date:
    """The Gregorian date of a match of `DATE`.

    Raises:
        ValueError: There is no such day.
    """
    year, day, month = 5000 + _value(found["y"]), _value(found["d"]), _MONTHS[found["m"]]
    if month == 12 and found["ab"] == "ב" and _is_leap(year):
        month = 13
    if not 1 <= day <= _length(month, _new_year(year + 1) - _new_year(year), year):
        raise ValueError("no such day")
    return date(1, 1, 1) + timedelta(_first_of_month(year, month) + day - 2)


def _value(letters: str) -> int:
    return sum(_VALUES.get(letter, 0) for letter in letters)


def _is_leap(year: int) -> bool:
    return (7 * year + 1) % 19 < 7


def _new_year(year: int) -> int:
    """The first of Tishri, in days from the first of January of year 1 on."""
    before, at, after = (_elapsed(year + n) for n in (-1, 0, 1))
    # Put off lest a year be too long or too short.
    return _EPOCH + at + (2 if after - at == 356 else 1 if at - before == 382 else 0)


def _elapsed(year: int) -> int:
    """Days from the calendar's first to a new year, before it is put off."""
    months = (235 * year - 234) // 19
    day = 29 * months + (12084 + 13753 * months) // 25920
    return day + (3 * (day + 1) % 7 < 3)


def _first_of_month(year: int, month: int) -> int:
    """The first of a month (Nisan is 1), in the days of `_new_year`."""
    length = _new_year(year + 1) - _new_year(year)
    last = 13 if _is_leap(year) else 12
    order = [*range(7, last + 1), *range(1, 7)]
    at = _new_year(year)
    for one in order:
        if one == month:
            return at
        at += _length(one, length, year)
    raise ValueError("no such month")


def _length(month: int, year_length: int, year: int) -> int:
    if month in (2, 4, 6, 10, 13) or (month == 12 and not _is_leap(year)):
        return 29
    if month == 8:
        return 30 if year_length % 10 == 5 else 29
    if month == 9:
        return 29 if year_length % 10 == 3 else 30
    return 30

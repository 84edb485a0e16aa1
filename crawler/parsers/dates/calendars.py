"""Days of other calendars than the Gregorian one.

The arithmetic was held against jdatetime, persiantools and convertdate for every day from 1900 to 2100 (docs/decisions). The months of
the Umm al-Qura calendar follow no rule: `hijridate` has their table, and is loaded where a page prints such a date.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from crawler.parsers.date_words.calendar_names import BUDDHIST, ETHIOPIC, GREGORIAN, HIJRI, JALALI, SAKA

_JALALI_BREAKS = (-61, 9, 38, 199, 426, 686, 756, 818, 1111, 1181, 1210, 1635, 2060, 2097, 2192, 2262, 2324, 2394, 2456, 3178)
"""Years at which the rhythm of leap years changes. Source: Borkowski, The Persian calendar for 3000 years."""
_ERAS = {
    "令和": (2018, date(2019, 5, 1)), "平成": (1988, date(1989, 1, 8)), "昭和": (1925, date(1926, 12, 25)),
    "大正": (1911, date(1912, 7, 30)), "明治": (1867, date(1868, 10, 23)), "民國": (1911, date(1912, 1, 1)),
    "民国": (1911, date(1912, 1, 1)),
}  # fmt: skip
"""The year before the first of an era, and its first day. Source: the Japanese cabinet's orders; the Republic of China's own count."""
ERA_LETTERS = {"R": "令和", "H": "平成", "S": "昭和", "T": "大正", "M": "明治"}
PLAUSIBLE = {
    GREGORIAN: range(1900, 2100), JALALI: range(1280, 1480), HIJRI: range(1343, 1501), ETHIOPIC: range(1893, 2093), SAKA: range(1822, 2022),
    BUDDHIST: range(2443, 2643),
}  # fmt: skip
"""The years of each calendar that a page can mean."""


def day_of(calendar: str, year: int, month: int, day: int) -> date:
    """The Gregorian date of a day in a calendar.

    Raises:
        ValueError: There is no such day, or its year is not plausible.
    """
    if year not in PLAUSIBLE[calendar]:
        raise ValueError(f"year {year} in the {calendar} calendar")
    return _CALENDARS[calendar](year, month, day)


def day_of_era(era: str, year: int, month: int, day: int) -> date:
    """The Gregorian date of a day in an era's year.

    Raises:
        ValueError: There is no such day in it.
    """
    before, first = _ERAS[era]
    found = date(before + year, month, day)
    if year < 1 or found < first:
        raise ValueError(f"no such day in {era}")
    return found


def _jalali(year: int, month: int, day: int) -> date:
    if not (1 <= month <= 12 and 1 <= day <= (31 if month < 7 else 30)):
        raise ValueError("no such day")
    found = _first_of_jalali(year) + timedelta(31 * (month - 1) - max(0, month - 7) + day - 1)
    if found >= _first_of_jalali(year + 1):
        raise ValueError("no such day")
    return found


def _first_of_jalali(year: int) -> date:
    """The first of Farvardin."""
    leaps, before = -14, _JALALI_BREAKS[0]
    jump = 0
    for at in _JALALI_BREAKS[1:]:
        jump = at - before
        if year < at:
            break
        leaps += jump // 33 * 8 + jump % 33 // 4
        before = at
    n = year - before
    leaps += n // 33 * 8 + (n % 33 + 3) // 4 + (jump % 33 == 4 and jump - n == 4)
    gregorian = year + 621
    return date(gregorian, 3, 1) + timedelta(20 + leaps - (gregorian // 4 - (gregorian // 100 + 1) * 3 // 4 - 150) - 1)


def _hijri(year: int, month: int, day: int) -> date:
    from hijridate import Hijri  # loaded for pages that print such a date

    try:
        found = Hijri(year, month, day).to_gregorian()
    except OverflowError as error:
        raise ValueError(str(error)) from error
    return date(found.year, found.month, found.day)


def _ethiopic(year: int, month: int, day: int) -> date:
    if not (1 <= month <= 13 and 1 <= day <= (30 if month < 13 else 5 + (year % 4 == 3))):
        raise ValueError("no such day")
    return date(8, 8, 27) + timedelta(365 * (year - 1) + year // 4 + 30 * (month - 1) + day - 1)


def _saka(year: int, month: int, day: int) -> date:
    """A day of the Indian national calendar."""
    is_leap = (date(year + 79, 1, 1) - date(year + 78, 1, 1)).days == 366
    lengths = [30 + is_leap, *[31] * 5, *[30] * 6]
    if not (1 <= month <= 12 and 1 <= day <= lengths[month - 1]):
        raise ValueError("no such day")
    return date(year + 78, 3, 22 - is_leap) + timedelta(sum(lengths[: month - 1]) + day - 1)


def _buddhist(year: int, month: int, day: int) -> date:
    return date(year - 543, month, day)


_CALENDARS: dict[str, Callable[[int, int, int], date]] = {
    GREGORIAN: date, JALALI: _jalali, HIJRI: _hijri, ETHIOPIC: _ethiopic, SAKA: _saka, BUDDHIST: _buddhist,
}  # fmt: skip

"""Days that a line prints in figures: 12.3.24, 3/12/2024, 2024-03-12, 113年3月12日, R6.3.12."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from attrs import frozen

from crawler.parsers.date_words.calendar_names import BUDDHIST, GREGORIAN, HIJRI, JALALI
from crawler.parsers.dates.calendars import ERA_LETTERS, PLAUSIBLE, day_of, day_of_era
from crawler.parsers.dates.locale import YEAR_FIRST, Locale
from crawler.parsers.patterns import later

_FIGURES = re.compile(
    r"(?<![\d.,/+-])(?<!\d:)(?:(?<!\w)(?P<era>[RHSTM])\s?)?(?P<a>\d{1,4})(?:(?P<sep>[./-])|\s(?P<wide>[/-])\s|(?P<dot>\.)\s)(?P<b>\d{1,2})"
    r"(?:(?P=sep)|\s(?P=wide)\s|(?P=dot)\s)(?P<c>\d{4}|\d{1,2})(?!\d)(?![./-]\d)"
)
_EASTERN = later(
    r"(?P<era>令和|平成|昭和|大正|明治|(?:中華)?民國|(?:中华)?民国)?\s*(?<!\d)(?P<y>\d{1,4}|元)\s*[年년]\s*(?P<m>\d{1,2})\s*[月월]\s*(?P<d>\d{1,2})\s*[日일号號]?"
)
_JALALI_LANGUAGES = ("fa", "ps", "ckb", "ku", "azb", "glk", "mzn", "lrc")
_JALALI_COUNTRIES = ("IR", "AF")
_LAST_JALALI = 1420
"""A later year of four figures on a page in Persian is one of the Hijri calendar."""
_SHORT_BUDDHIST = range(50, 90)


@frozen(kw_only=True)
class Day:
    """A day that a line prints."""

    start: int
    end: int
    day: date
    calendar: str = GREGORIAN
    other: date | None = None
    """The day it is if its figures are read in the other order."""
    is_month_first: bool = False
    """Whether `day` is what they mean with the month first."""


def days_in_figures(line: str, locale: Locale) -> Iterator[Day]:
    """The days in figures, in order; what is no day is passed over."""
    for found in _FIGURES.finditer(line):
        try:
            told = _day(found, locale)
        except ValueError:
            continue
        if told is not None:
            yield told
    if not line.isascii():
        yield from _eastern_days(line, locale)


def _day(found: re.Match[str], locale: Locale) -> Day | None:
    """The day of a match.

    Raises:
        ValueError: There is no such day.
    """
    a, b, c = found["a"], int(found["b"]), found["c"]
    at: dict[str, Any] = {"start": found.start(), "end": found.end()}
    if found["era"]:
        return Day(day=day_of_era(ERA_LETTERS[found["era"]], int(a), b, int(c)), **at) if len(a) < 3 and len(c) < 3 else None
    if len(a) > 2:
        calendar = _calendar(int(a), locale) if len(c) < 3 else None
        if calendar == "minguo":
            return Day(day=day_of_era("民國", int(a), b, int(c)), **at)
        return Day(day=day_of(calendar, int(a), b, int(c)), calendar=calendar, **at) if calendar else None
    if len(c) == 4:
        calendar = _calendar(int(c), locale)
        return _ordered(int(c), calendar, int(a), b, found, locale) if calendar and calendar != "minguo" else None
    if len(a) != 2 and len(c) != 2:
        return None
    return _short(a, b, c, found, locale)


def _calendar(year: int, locale: Locale) -> str | None:
    """The calendar that a year of three or four figures belongs to."""
    if year in PLAUSIBLE[GREGORIAN]:
        return GREGORIAN
    if year in PLAUSIBLE[BUDDHIST]:
        return BUDDHIST
    if 80 <= year < 200:
        return "minguo" if locale.country == "TW" or (locale.language == "zh" and locale.country in ("", "HK")) else None
    if locale.language in _JALALI_LANGUAGES or locale.country in _JALALI_COUNTRIES:
        return JALALI if year in PLAUSIBLE[JALALI] and year <= _LAST_JALALI else HIJRI if year in PLAUSIBLE[HIJRI] else None
    return HIJRI if locale.language in ("ar", "ur") and 1400 <= year <= 1500 else None


def _short(a: str, b: int, c: str, found: re.Match[str], locale: Locale) -> Day | None:
    """A day whose year has two figures."""
    at: dict[str, Any] = {"start": found.start(), "end": found.end()}
    if len(c) != 2 or (locale.language in YEAR_FIRST and len(a) == 2 and b <= 12):
        return Day(day=date(_century(int(a)), b, int(c)), **at) if locale.language in YEAR_FIRST else None
    if found["sep"] is None and found["dot"] is None:
        return None
    year = int(c)
    if locale.language == "th" and year in _SHORT_BUDDHIST:
        return _ordered(2500 + year, BUDDHIST, int(a), b, found, locale)
    return _ordered(_century(year), GREGORIAN, int(a), b, found, locale)


def _century(year: int) -> int:
    return year + (1900 if year >= 90 else 2000)


def _is_dotted(found: re.Match[str]) -> bool:
    return found["sep"] == "." or found["dot"] is not None


def _is_american(locale: Locale) -> bool:
    """Tell whether a page names the month first even between dots."""
    return locale.month_first if locale.month_first is not None else locale.country == "US"


def _ordered(year: int, calendar: str, first: int, second: int, found: re.Match[str], locale: Locale) -> Day:
    """A day whose year stands last: day or month first.

    Raises:
        ValueError: It is none in either order.
    """
    at: dict[str, Any] = {"start": found.start(), "end": found.end(), "calendar": calendar}
    if (_is_dotted(found) and not _is_american(locale)) or calendar in (JALALI, HIJRI):
        return Day(day=day_of(calendar, year, second, first), **at)
    slash = (found["sep"] or found["wide"]) == "/"
    month_first = locale.writes_month_first if slash or locale.month_first is not None else locale.country == "US"
    if first > 12 or second > 12 or first == second:
        month, day = (second, first) if first > 12 or first == second else (first, second)
        return Day(day=day_of(calendar, year, month, day), **at)
    one, two = day_of(calendar, year, second, first), day_of(calendar, year, first, second)
    return Day(day=two, other=one, is_month_first=True, **at) if month_first else Day(day=one, other=two, **at)


def _eastern_days(line: str, locale: Locale) -> Iterator[Day]:
    """The days that Chinese, Japanese and Korean print with signs for year, month and day."""
    for found in _EASTERN.finditer(line):
        year = 1 if found["y"] == "元" else int(found["y"])
        month, day, era = int(found["m"]), int(found["d"]), found["era"]
        at: dict[str, Any] = {"start": found.start("era") if era else found.start("y"), "end": found.end()}
        try:
            if era:
                yield Day(day=day_of_era(era[-2:], year, month, day), **at)
            elif year > 999:
                yield Day(day=day_of(GREGORIAN, year, month, day), **at)
            elif len(found["y"]) == 2 and (locale.language == "ko" or locale.country == "CN"):
                yield Day(day=date(_century(year), month, day), **at)
            elif locale.country == "TW" and year > 80:
                yield Day(day=day_of_era("民國", year, month, day), **at)
        except ValueError:
            continue

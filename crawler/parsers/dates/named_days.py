"""Days with the name of a month, in the order of any language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from attrs import frozen

from crawler.parsers.date_words.calendar_names import BUDDHIST, GREGORIAN, JALALI
from crawler.parsers.date_words.small_words import FILLERS, PREFIXES, SUFFIXES
from crawler.parsers.dates.calendars import PLAUSIBLE, day_of
from crawler.parsers.dates.figures import Day
from crawler.parsers.dates.locale import Locale
from crawler.parsers.dates.names import PARTS, Month, key, month_names, weekday_names

MAX_PARTS = 80
MAX_BETWEEN = 3
"""Small words between the parts of a date."""
_BETWEEN = re.compile(r"[\s.,/'’`(){}\[\]ʼ–—-]*")
_TIGHT = re.compile(r"[\s.,/'’-]{0,2}")
_NO_YEAR = re.compile(r"[:.]\d|\s?[%°h:]|[^\W\d_]")
_CLOCK = re.compile(r"\d{1,2}\s?:\s?\d\d(?::\d\d)?")
_FILLERS = frozenset(map(key, FILLERS.split()))


@frozen(kw_only=True)
class _Figure:
    """A number beside the name of a month."""

    value: int
    figures: int
    start: int
    end: int
    part: int


_Pair = tuple[_Figure | None, _Figure | None]


class _Parts:
    """A line taken apart into words and figures."""

    def __init__(self, line: str) -> None:
        self.line = line
        self.spans = [found.span() for found in PARTS.finditer(line)][:MAX_PARTS]
        self.texts = [line[start:end] for start, end in self.spans]
        self.keys = [text.lstrip("0") if text.isdecimal() else key(text) for text in self.texts]
        clocks = [found.span() for found in _CLOCK.finditer(line)]
        self.in_clock = [any(start < last and first < end for first, last in clocks) for start, end in self.spans]

    def gap(self, left: int) -> str:
        """The signs between a part and the next one."""
        return self.line[self.spans[left][1] : self.spans[left + 1][0]]


def named_days(line: str, locale: Locale) -> Iterator[Day]:
    """The days with names of months, in order."""
    parts = _Parts(line)
    at, end = 0, 0
    while at < len(parts.texts):
        month = _month_at(parts, at, locale)
        if month is None:
            at += 1
            continue
        (number, calendar), width = month
        found = _day_around(parts, at, width, number, calendar, locale)
        if found is not None and found.start >= end:
            yield found
            end = found.end
        at += width


def _month_at(parts: _Parts, at: int, locale: Locale) -> tuple[Month, int] | None:
    """The month named from a part on, and the number of parts of its name."""
    names = month_names()
    text = parts.keys[at]
    if parts.texts[at].isdecimal():
        return _numbered_month(parts, at)
    if (found := names.at(parts.keys, at, locale.language)) is not None:
        return found
    if text.isascii():
        return None
    for prefix in PREFIXES:
        if text.startswith(prefix) and (known := names.single.get(text[len(prefix) :])):
            return known.get(locale.language) or known[""], 1
    for suffix in SUFFIXES:
        if text.endswith(suffix) and (known := names.single.get(text[: -len(suffix)])):
            return known.get(locale.language) or known[""], 1
    return None


def _numbered_month(parts: _Parts, at: int) -> tuple[Month, int] | None:
    """`3 сарын`, `03-р сарын`: months that Mongolian counts."""
    if not 1 <= int(parts.texts[at]) <= 12 or len(parts.texts[at]) > 2:
        return None
    for width in (2, 3):
        rest = parts.keys[at + 1 : at + width]
        if len(rest) == width - 1 and rest[-1] in ("сарын", "сар") and (width == 2 or rest[0] in ("р", "дугаар", "дүгээр")):
            return (int(parts.texts[at]), GREGORIAN), width
    return None


def _figures(parts: _Parts, at: int, step: int) -> Iterator[_Figure]:
    """The numbers from a part on in one direction, with small words between."""
    between = 0
    n = at
    while 0 <= n < len(parts.texts) and between <= MAX_BETWEEN:
        gap = parts.gap(n) if step < 0 else parts.gap(n - 1)
        if _BETWEEN.fullmatch(gap) is None or parts.in_clock[n]:
            return
        text = parts.texts[n]
        if text.isdecimal():
            yield _Figure(value=int(text), figures=len(text), start=parts.spans[n][0], end=parts.spans[n][1], part=n)
            between = 0
        elif not _is_small(parts, n):
            return
        else:
            between += 1
        n += step


def _is_small(parts: _Parts, n: int) -> bool:
    """Tell whether a word may stand in a date.

    Small words, days of the week, the end of a number (`12th`), the month once more (`آذار/مارس`).
    """
    text = parts.keys[n]
    ends_number = n > 0 and parts.texts[n - 1].isdecimal() and len(text) <= 4 and parts.gap(n - 1) in ("", "-", "'", ".") and text.isalpha()
    slashed = (n > 0 and parts.gap(n - 1).strip() == "/") or (n + 1 < len(parts.texts) and parts.gap(n).strip() == "/")
    return (
        text in _FILLERS
        or ends_number
        or text in weekday_names()
        or (slashed and text in month_names().single)
        or text.startswith(PREFIXES)
    )


def _day_around(parts: _Parts, at: int, width: int, month: int, calendar: str, locale: Locale) -> Day | None:
    """The day made by the numbers around the name of a month."""
    left = _first_two(_figures(parts, at - 1, -1))
    right = _first_two(_figures(parts, at + width, 1))
    first, last = parts.spans[at][0], parts.spans[at + width - 1][1]
    for day, year in _orders(left, right):
        if day is not None and year is not None and day.figures <= 2 and year.figures == 4:
            made = _made(calendar, year.value, month, day.value)
            if made is not None:
                return Day(
                    start=min(first, day.start, year.start), end=max(last, day.end, year.end), day=made[0], calendar=made[1],
                )  # fmt: skip
    return _short_year(parts, at, width, (month, calendar), locale, left, right)


def _first_two(figures: Iterator[_Figure]) -> _Pair:
    return next(figures, None), next(figures, None)


def _orders(left: _Pair, right: _Pair) -> Iterator[_Pair]:
    """Day and year around a month, in the orders of languages, the commonest first."""
    yield left[0], right[0]
    yield right[0], right[1]
    yield right[0], left[0]
    yield left[0], left[1]
    yield right[1], right[0]


def _short_year(parts: _Parts, at: int, width: int, month: Month, locale: Locale, left: _Pair, right: _Pair) -> Day | None:
    """A day whose year has two figures: `12 Mar 24`, `Mar 12, '24`, `12 มี.ค. 67`."""
    first, last = parts.spans[at][0], parts.spans[at + width - 1][1]
    day, year = (left[0], right[0]) if left[0] is not None else right
    if day is None or year is None or day.figures > 2 or year.figures != 2:
        return None
    tight = _TIGHT.fullmatch(parts.line[last : year.start]) is not None and day.part == at - 1
    if not (tight or parts.line[year.start - 1] in "'’") or _NO_YEAR.match(parts.line, year.end):
        return None
    if (full := _full_year(year.value, month[1], locale)) is None:
        return None
    made = _made(full[1], full[0], month[0], day.value)
    return None if made is None else Day(start=min(first, day.start), end=max(last, year.end, day.end), day=made[0], calendar=made[1])


def _full_year(year: int, calendar: str, locale: Locale) -> tuple[int, str] | None:
    """A year of two figures in full, and its calendar."""
    if calendar == JALALI:
        return year + (1300 if year >= 50 else 1400), calendar
    if calendar != GREGORIAN:
        return None
    if locale.language == "th" and year >= 50:
        return year + 2500, BUDDHIST
    return year + (1900 if year >= 90 else 2000), calendar


def _made(calendar: str, year: int, month: int, day: int) -> tuple[date, str] | None:
    """The day, and its calendar: a year of the Buddhist count tells that."""
    if calendar == GREGORIAN and year in PLAUSIBLE[BUDDHIST]:
        calendar = BUDDHIST
    try:
        return day_of(calendar, year, month, day), calendar
    except ValueError:
        return None

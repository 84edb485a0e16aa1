"""Dates of feeds and sitemaps into instants: RFC 822, ISO 8601, and their variants."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crawler.parsers.date_words.zone_words import PLACES, ZONES
from crawler.parsers.dates.line import DIGITS
from crawler.parsers.dates.month_names import MONTHS
from crawler.parsers.dates.zone_names import zone_of

MAX_TEXT = 100
AFTER_NOON = ("午後", "下午", "오후")
_SIGNS = {0x2212: "-", 0x2010: "-", 0x2011: "-", 0x2013: "-", 0xFF1A: ":", 0xA0: " ", 0x202F: " ", 0x60C: ",", 0x200E: "", 0x200F: ""}

_CLOCK = re.compile(
    r"(?<![\d:.+-])(?P<H>\d{1,2})(?::|[hH時时시点](?=\s?\d))\s?(?P<M>\d{1,2})(?:(?::|\s?[分분]\s?)(?P<S>\d{1,2})(?:[.,]\d{1,9}|:\d{3})?)?"
    r"[分분秒초]?(?![\d:])\s*(?P<ap>[AaPp]\.?\s?[Mm]\b\.?)?"
    r"|(?<![\d:.+-])(?P<h>1[0-2]|0?[1-9])\s?(?P<half>[AaPp]\.?[Mm]\b\.?)"
)
_ISO = re.compile(
    r"(?P<y>\d{4})(?:-?W(?P<w>\d\d)(?:-?(?P<wd>[1-7]))?|-(?P<n>\d{3})(?!\d)|-(?P<m>\d{1,2})(?:-(?P<d>\d{1,2}))?|(?P<cm>\d\d)(?P<cd>\d\d))?"
    r"(?P<rest>$|[T\s,;+Z].*|-\d\d:?\d\d)", re.IGNORECASE,
)  # fmt: skip
_COMPACT = re.compile(r"(\d{8})[T\s]?(\d\d)(\d\d)(\d\d)?(?:[.,]\d+)?(?!\d)(.*)", re.IGNORECASE)
_EPOCH = re.compile(r"(1\d{9})(?:\d{3})?(?:\.\d+)?")
_OFFSET = re.compile(r"(?<!\d)([+-])\s?(\d{1,2})(?::?(\d\d))?(?::?00)?(?!\d)")
_HALF = re.compile(r"(午前|午後|上午|下午|오전|오후)\s*(\d{1,2})")
_PLACE = re.compile(r"(?<=\d) (?:Africa|America|Antarctica|Asia|Atlantic|Australia|Europe|Indian|Pacific|Etc)/[A-Za-z_/+-]{2,40}\d{0,2}$")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_KOREAN = re.compile(r"[년월일]|오전|오후")
_ZONE_BEHIND = re.compile(r"(?:[+-]\d\d:?\d\d|[A-Za-z])\s*$")
_AT = re.compile(r"\bat\b", re.IGNORECASE)
_EAST = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]?")
_NUMBERS = re.compile(r"(?<![\d/.-])(\d{1,4})\s?([/.-])\s?(\d{1,2})\s?\2\s?(\d{1,4})(?!\d|[/.-]\d)")
_TOKEN = re.compile(r"[^\W\d_]+|\d+|\0")
_BRACKETS = re.compile(r"\([^()]*\)?|\[[^\[\]]*\]?")
_ZONED = re.compile(r"\d:\d\d(?:[:.]\d+)*\s*(?:[ap]\.?m\b\.?\s*)?(?:(?![ap]m\b)[a-z]{1,5}\b|[+-]\d)", re.IGNORECASE)
"""A time and its zone: what stands in brackets behind them is a comment."""
_WORDS = """on um à om kl klo uhr ore alle às h hr hrs hour hours hora horas o of the de del le el den der st nd rd th er г года р ч time
monday tuesday wednesday thursday friday saturday sunday mon tue tues wed weds thu thur thurs fri sat sun"""
_FILLERS = frozenset(_WORDS.split())
_MAIL = re.compile(
    r"(?:[A-Z][a-z]{2}, )?(\d{1,2}) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) ((?:19|20)\d\d) ([01]\d|2[0-3]):([0-5]\d):([0-5]\d) "
    r"(GMT|UTC|Z|[+-](?:0\d|1[0-3])[0-5]\d)"
)
_IN_DATE = frozenset({"t", *MONTHS})
_USUAL = re.compile(r"(?:19|20)\d\d-\d\d-\d\d(?:T(?:[01]\d|2[0-3]):\d\d(?::\d\d)?(?:\.\d{1,6})?(?P<z>Z|[+-](?:0\d|1[0-3]):[0-5]\d)?)?")
_MAX_OFFSET = 14 * 60


def when(text: str | None) -> datetime | None:
    """A list's date as aware UTC; None if its instant cannot be known.

    A date without a zone is taken for UTC, one without a time for its first moment, `2014-06` for the first of the month. A zone whose name
    is not known, `03/04/2014` and the like make a date that cannot be known.

    >>> when("Sat, 15 Aug 2026 21:39:28 +0330").isoformat()
    '2026-08-15T18:09:28+00:00'
    >>> when("Fri, 05 Jan 2018 10:00 PM ET").isoformat()
    '2018-01-06T03:00:00+00:00'
    """
    if not text or not (text := text.strip()):
        return None
    try:
        usual = _USUAL.fullmatch(text)
        if usual:
            time = datetime.fromisoformat(text)
            return time.astimezone(UTC) if usual["z"] else time.replace(tzinfo=UTC)
        if mail := _MAIL.fullmatch(text):
            zone = UTC if mail[7].isalpha() else datetime.strptime(mail[7], "%z").tzinfo
            day = (int(mail[3]), MONTHS[mail[2].lower()], int(mail[1]))
            return datetime(*day, int(mail[4]), int(mail[5]), int(mail[6]), tzinfo=zone).astimezone(UTC)
        return _read(text[:MAX_TEXT])
    except (ValueError, OverflowError, OSError, ZoneInfoNotFoundError):
        return None


def _read(text: str) -> datetime | None:
    """Read a date in one of the less usual forms."""
    text = re.sub(r"\s+", " ", text.replace("\0", " ").translate(DIGITS).translate(_SIGNS)).strip()
    if place := _PLACE.search(text):
        told = _read(text[: place.start()])
        return told.replace(tzinfo=ZoneInfo(place[0].strip())).astimezone(UTC) if told else None
    if found := _EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(found[1]), UTC)
    if _KOREAN.search(text) and not _ZONE_BEHIND.search(text):
        # One country writes so, and it has one zone.
        text += " KST"
    text = _HALF.sub(_of_whole_day, text)
    if found := _COMPACT.fullmatch(text):
        return _instant(date.fromisoformat(found[1]), f"{found[2]}:{found[3]}:{found[4] or '00'} {found[5]}")
    found = _ISO.fullmatch(text)
    if found and (found["rest"] == "" or found.end("y") < found.start("rest")):
        return _instant(_iso_day(found), found["rest"].lstrip("Tt"))
    return _worded(text)


def _of_whole_day(half: re.Match[str]) -> str:
    """The hour of the day for an hour of a half day."""
    return f" {int(half[2]) % 12 + (12 if half[1] in AFTER_NOON else 0)}"


def _iso_day(found: re.Match[str]) -> date:
    """The first day of what ISO 8601 names: a year, month, week or day."""
    year = _plausible(int(found["y"]))
    if found["w"]:
        return date.fromisocalendar(year, int(found["w"]), int(found["wd"] or 1))
    if found["n"]:
        return datetime.strptime(f"{year}{found['n']}", "%Y%j").date()  # noqa: DTZ007 - a day
    return date(year, int(found["m"] or found["cm"] or 1), int(found["d"] or found["cd"] or 1))


def _worded(text: str) -> datetime | None:
    """A date with a month's name, or in figures of one possible order."""
    if _ZONED.search(_BRACKETS.sub(" ", text)):
        text = _BRACKETS.sub(" ", text)
    clock = _CLOCK.search(text)
    # The time is taken out, lest its figures be taken for the year: `Jan 5 10:00:00 2018`.
    before, behind = (_AT.sub(" ", text[: clock.start()]), text[clock.end() :]) if clock else (text, "")
    told = clock[0] if clock else ""
    for pattern, day_of in ((_EAST, _eastern), (_NUMBERS, _figures)):
        if found := pattern.search(before):
            return _instant(day_of(found, before), f"{told} {before[found.end() :]} {behind}")
        if found := pattern.search(behind):
            return _instant(day_of(found, ""), f"{told} {behind[: found.start()]} {behind[found.end() :]}")
    offset = _OFFSET.search(behind)
    if offset:
        behind = f"{behind[: offset.start()]} {behind[offset.end() :]}"
    day, left = _named(f"{before} {'' if offset is None else ' '}{behind}")
    return _instant(day, f"{told} {offset[0] if offset else ''} {left}")


def _eastern(found: re.Match[str], _: str) -> date:
    """The day of a Chinese, Japanese or Korean date."""
    return date(_plausible(int(found[1])), int(found[2]), int(found[3]))


def _figures(found: re.Match[str], before: str) -> date:
    """A day in figures.

    Raises:
        ValueError: It may be two (`03/04/2014`) and no day of the week tells them apart.
    """
    first, sign, second, third = found[1], found[2], int(found[3]), found[4]
    if len(first) == 4 and len(third) < 3:
        return date(_plausible(int(first)), second, int(third))
    day, year = int(first), _plausible(int(third))
    if sign == "." or day > 12 or day == second:
        return date(year, second, day)
    if second > 12:
        return date(year, day, second)
    weekday = before.strip().lower()[:3]
    both = [one for one in (date(year, second, day), date(year, day, second)) if weekday == _WEEKDAYS[one.weekday()]]
    if len(both) != 1:
        raise ValueError(f"day or month first: {found[0]}")
    return both[0]


def _named(text: str) -> tuple[date, str]:
    """The day of a text with a month's name, and the other words."""
    tokens = _TOKEN.findall(text)
    months = [n for n, token in enumerate(tokens) if token.casefold() in MONTHS]
    numbers = [n for n, token in enumerate(tokens) if token.isdecimal()]
    if not months or not 1 <= len(numbers) <= 2:
        raise ValueError(f"no date: {text}")
    # The first of two is a day of the week: `Mar, 05 Jan 2018` is a Tuesday in Italian.
    at = months[-1]
    figures = [tokens[n] for n in numbers]
    if len(figures) == 1:
        if len(figures[0]) != 4:
            raise ValueError(f"no year: {text}")
        day, year = 1, int(figures[0])
    else:
        day_first = len(figures[0]) < 3
        day, year = (int(figures[0]), _year(figures[1])) if day_first else (int(figures[1]), _year(figures[0]))
    left = [token for token in tokens[min(at, numbers[0]) + 1 :] if not token.isdecimal() and token.casefold() not in _IN_DATE]
    return date(_plausible(year), MONTHS[tokens[at].casefold()], day), " ".join(left)


def _year(figures: str) -> int:
    """A year by RFC 2822 4.3 where it has less than four figures."""
    year = int(figures)
    return year if len(figures) > 3 else year + (1900 if len(figures) == 3 or year >= 50 else 2000)


def _plausible(year: int) -> int:
    """A year between 1800 and 2199."""
    if not 1800 <= year <= 2199:
        raise ValueError(f"no year: {year}")
    return year


def _instant(day: date, rest: str) -> datetime:
    """The instant of a day's time and zone; a ValueError where something else stands there."""
    clock = _CLOCK.search(rest)
    hour, minute, second, next_day = _clock(clock) if clock else (0, 0, 0, False)
    rest = f"{_AT.sub(' ', rest[: clock.start()])} {rest[clock.end() :]}" if clock else rest
    time = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=_zone(rest))
    return (time + timedelta(days=next_day)).astimezone(UTC)


def _clock(found: re.Match[str]) -> tuple[int, int, int, bool]:
    """Hour, minute, second, and whether they are the next day's: `24:00`."""
    hour, minute, second = int(found["H"] or found["h"]), int(found["M"] or 0), int(found["S"] or 0)
    half = (found["ap"] or found["half"] or "").lower()[:1]
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    if (hour, minute, second) == (24, 0, 0):
        return 0, 0, 0, True
    # A leap second, which no clock here has.
    return hour, minute, min(second, 59) if second == 60 else second, False


def _zone(rest: str) -> tzinfo:
    """The zone behind a date; UTC if there is none.

    Raises:
        ValueError: It is not known.
    """
    outside = _BRACKETS.sub(" ", rest)
    offset = _OFFSET.search(outside)
    if offset:
        outside = f"{outside[: offset.start()]} {outside[offset.end() :]}"
    words = _words(outside) or ([] if offset else _words(rest))
    if unknown := [word for word in words if word not in ZONES and word not in PLACES]:
        raise ValueError(f"not known: {unknown[0]}")
    if offset:
        return _zone_of_offset(offset)
    if not words:
        return UTC
    return zone_of(PLACES[words[0]]) if words[0] in PLACES else timezone(timedelta(minutes=ZONES[words[0]]))


def _words(text: str) -> list[str]:
    """The words of a text that may name a zone."""
    return [word for word in _TOKEN.findall(text.casefold()) if word not in _FILLERS]


def _zone_of_offset(offset: re.Match[str]) -> timezone:
    """The zone of `+0330`; a ValueError if it is none."""
    hours, minutes = int(offset[2]), int(offset[3] or 0)
    if 60 * hours + minutes > _MAX_OFFSET or minutes > 59:
        raise ValueError(f"no zone: {offset[0]}")
    return timezone(timedelta(minutes=(60 * hours + minutes) * (-1 if offset[1] == "-" else 1)))

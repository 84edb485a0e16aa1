"""Hours of the day at which hosts may be asked: ARCHIVE_HOURS."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from attrs import frozen

from crawler.errors import SetupError

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WINDOW = re.compile(
    r"(?:(?P<first>[A-Za-z]{3})(?:-(?P<last>[A-Za-z]{3}))?\s+)?"
    r"(?P<begin>\d{1,2}:\d{2})\s*-\s*(?P<end>\d{1,2}:\d{2})(?:\s+(?P<zone>\S+))?"
)
_DAY_MINUTES = 24 * 60
OF_SITE = "site"


@frozen(kw_only=True)
class Window:
    """Hours of some days of the week, by the clocks of a zone."""

    days: frozenset[int]
    """Days of the week on which it begins, Monday 0."""
    begin: int
    """Minutes since midnight."""
    end: int
    """Minutes since midnight, up to 1440; not above `begin`: of the next day."""
    zone: ZoneInfo

    def holds(self, when: datetime) -> bool:
        """Tell whether the clocks of the zone show a time within it."""
        local = when.astimezone(self.zone)
        minute, day = local.hour * 60 + local.minute, local.weekday()
        if self.begin < self.end:
            return day in self.days and self.begin <= minute < self.end
        return (day in self.days and minute >= self.begin) or ((day - 1) % 7 in self.days and minute < self.end)

    def beginnings(self, after: datetime) -> Iterator[datetime]:
        """Yield the next times at which it begins, UTC."""
        today = after.astimezone(self.zone).date()
        for ahead in range(9):
            day = today + timedelta(days=ahead)
            if day.weekday() in self.days:
                begins = datetime.combine(day, time(self.begin // 60, self.begin % 60), self.zone).astimezone(UTC)
                # Of a time that the clocks leave out when summer begins: the moment at which they are put forward.
                while self.holds(begins - timedelta(minutes=1)) and begins.minute:
                    begins -= timedelta(minutes=1)
                if begins > after:
                    yield begins


@frozen(kw_only=True)
class Hours:
    """Windows of time in which hosts may be asked; none: at any time."""

    text: str = ""
    """ARCHIVE_HOURS as it is set."""
    windows: tuple[Window, ...] = ()

    def open(self, now: datetime) -> bool:
        """Tell whether hosts may be asked at a time."""
        return not self.windows or any(window.holds(now) for window in self.windows)

    def opens(self, now: datetime) -> datetime | None:
        """Return when hosts may be asked again, UTC; None for never in a week."""
        times = (begins for window in self.windows for begins in window.beginnings(now))
        return min((begins for begins in times if self.open(begins)), default=None)


def read_hours(text: str, site_zone: str = "UTC") -> Hours:
    """Read ARCHIVE_HOURS: `[DAY[-DAY]] HH:MM-HH:MM [ZONE],...`.

    Args:
        site_zone: IANA name of the zone that `site`, or no zone, stands for.
    Raises:
        SetupError: A window of it means nothing.

    >>> read_hours("22:00-06:00 Europe/Berlin").open(datetime(2026, 11, 28, 23, 30, tzinfo=UTC))
    True
    """
    return Hours(text=text.strip(), windows=tuple(_window(piece.strip(), site_zone) for piece in text.split(",") if piece.strip()))


def _window(text: str, site_zone: str) -> Window:
    found = _WINDOW.fullmatch(text)
    if found is None:
        raise SetupError(f"ARCHIVE_HOURS: {text!r}; write [DAY[-DAY]] HH:MM-HH:MM [ZONE], as in `22:00-06:00 Europe/Berlin`")
    begin, end = _minutes(found["begin"], text, most=_DAY_MINUTES - 1), _minutes(found["end"], text, most=_DAY_MINUTES)
    if begin == end:
        raise SetupError(f"ARCHIVE_HOURS: {text!r}: no time lies between; a whole day is 00:00-24:00")
    zone = found["zone"] or OF_SITE
    try:
        named = ZoneInfo(site_zone if zone == OF_SITE else zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SetupError(f"ARCHIVE_HOURS: {zone!r} is no zone; write a name such as Europe/Berlin, UTC or `site`") from error
    return Window(days=_days(found["first"], found["last"], text), begin=begin, end=end, zone=named)


def _minutes(text: str, whole: str, *, most: int) -> int:
    hours, minutes = map(int, text.split(":"))
    if minutes > 59 or (found := hours * 60 + minutes) > most:
        raise SetupError(f"ARCHIVE_HOURS: {whole!r}: {text} is no time of the day")
    return found


def _days(first: str | None, last: str | None, whole: str) -> frozenset[int]:
    if first is None:
        return frozenset(range(7))
    for name in (first, last):
        if name is not None and name.lower() not in _DAYS:
            raise SetupError(f"ARCHIVE_HOURS: {whole!r}: {name} is no day; days are Mon, Tue, Wed, Thu, Fri, Sat, Sun")
    begin, end = _DAYS.index(first.lower()), _DAYS.index((last or first).lower())
    return frozenset((begin + n) % 7 for n in range((end - begin) % 7 + 1))

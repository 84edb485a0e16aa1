"""Addresses of mementos: archive, 14-digit timestamp, modifier, and the original's address."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, datetime
from typing import Self

from attrs import evolve, frozen

RAW = "id_"
"""Modifier by which Wayback Machine, OpenWayback and pywb serve a memento as it came."""
FIRST_YEAR = 1991
"""No page is older than the web."""

_FORM = re.compile(
    r"(?P<prefix>https?://[^/?#]+/(?:[^?#]*?/)??)(?P<timestamp>\d{4,14})(?P<modifier>[a-z]{2}_)?/(?P<original>(?:https?:/|[^/:?#]+\.)[^\s]+)",
    re.IGNORECASE,
)
_SCHEME = re.compile(r"(https?):/{1,2}(?=[^/])", re.IGNORECASE)


@frozen(kw_only=True)
class MementoAddress:
    """The parts of a memento's address (URI-M)."""

    prefix: str
    """All before the timestamp: `https://web.archive.org/web/`."""
    timestamp: str
    """4 to 14 digits, UTC."""
    modifier: str = ""
    """`id_` (raw), `mp_`, `if_`, `im_` ..., or empty."""
    original: str
    """The address of what was archived (URI-R)."""

    @classmethod
    def of(cls, url: str) -> Self | None:
        """Take an address apart; None if it has another form.

        >>> MementoAddress.of("https://web.archive.org/web/20190203040506id_/http://a.example/x").original
        'http://a.example/x'
        """
        found = _FORM.fullmatch(url)
        if found is None:
            return None
        original = found["original"]
        scheme = _SCHEME.match(original)
        original = f"{scheme[1].lower()}://{original[scheme.end() :]}" if scheme else f"http://{original}"
        modifier = (found["modifier"] or "").lower()
        return cls(prefix=found["prefix"], timestamp=found["timestamp"], modifier=modifier, original=original)

    @property
    def url(self) -> str:
        """The whole address."""
        return f"{self.prefix}{self.timestamp}{self.modifier}/{self.original}"

    @property
    def date(self) -> datetime | None:
        """The time that the timestamp tells; None if it is none."""
        return date_of_timestamp(self.timestamp)

    @property
    def is_raw(self) -> bool:
        """True if the page is asked for as it came."""
        return self.modifier == RAW

    def raw(self) -> Self:
        """The address of the same memento as it came."""
        return evolve(self, modifier=RAW)


def date_of_timestamp(digits: str) -> datetime | None:
    """The time that 4 to 14 digits tell; None if they tell none.

    >>> date_of_timestamp("20190203040506").isoformat(), date_of_timestamp("2019").isoformat()
    ('2019-02-03T04:05:06+00:00', '2019-01-01T00:00:00+00:00')
    """
    if not (digits.isascii() and digits.isdecimal() and 4 <= len(digits) <= 14):
        return None
    whole = digits + "00000101000000"[len(digits) :]
    year, month, day, hour, minute, second = (int(whole[:4]), *(int(whole[at : at + 2]) for at in range(4, 14, 2)))
    if year < FIRST_YEAR or not 1 <= month <= 12:
        return None
    # Archives pad with what is no day (20190231) and no time (99): the nearest that there is.
    day = min(max(day, 1), monthrange(year, month)[1])
    return datetime(year, month, day, min(hour, 23), min(minute, 59), min(second, 59), tzinfo=UTC)


def timestamp_of(when: datetime) -> str:
    """The 14 digits of a time.

    >>> timestamp_of(datetime(2019, 2, 3, 4, 5, 6, tzinfo=UTC))
    '20190203040506'
    """
    return when.astimezone(UTC).strftime("%Y%m%d%H%M%S").zfill(14)

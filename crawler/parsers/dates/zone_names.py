"""Time zones by the names that pages print, and by country."""

from __future__ import annotations

import re
from datetime import UTC, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from attrs import frozen

from crawler.parsers.date_words.zone_words import BY_COUNTRY, COUNTRY_OF_LANGUAGE, MORE_PLACES, MORE_ZONES, PHRASES, PLACES, ZONES
from crawler.parsers.patterns import later

_PHRASE_ROWS = [row.split(" ", 1) for row in PHRASES.strip().splitlines()]
_PHRASE = later("|".join(f"(?P<p{n}>{phrase})" for n, (_, phrase) in enumerate(_PHRASE_ROWS)), re.IGNORECASE)
_OFFSET = re.compile(r"(?:gmt|utc|ut)?([+-])(\d\d?):?(\d\d)?")
MAX_OFFSET = 14 * 60


@frozen
class Zone:
    """A zone that a page names."""

    info: tzinfo
    is_sure: bool = True
    """False where the name means others too and nothing on the page says which."""


def zone_of(name: str) -> timezone | ZoneInfo:
    """The zone of an IANA name; UTC where it is unknown."""
    try:
        return UTC if name in ("UTC", "GMT") else ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def named_zone(text: str, country: str = "", language: str = "") -> Zone | None:
    """The zone of a name or an offset; None if it is unknown.

    Args:
        country: Of the page, as ISO 3166 writes it; `IST` is India's, Israel's or Ireland's by it.

    >>> named_zone("GMT+5:30").info
    datetime.timezone(datetime.timedelta(seconds=19800))
    """
    name = text.casefold().replace(" ", "").strip("()[].,")
    if (found := _OFFSET.fullmatch(name)) is not None:
        minutes = int(found[2]) * 60 + int(found[3] or 0)
        return Zone(_fixed(-minutes if found[1] == "-" else minutes)) if minutes <= MAX_OFFSET else None
    if name in BY_COUNTRY:
        return _by_country(name, country or COUNTRY_OF_LANGUAGE.get(language, ""))
    place = MORE_PLACES.get(name) or PLACES.get(name)
    if place is not None:
        return Zone(zone_of(place))
    minutes_known = ZONES.get(name, MORE_ZONES.get(name))
    return None if minutes_known is None else Zone(_fixed(minutes_known))


def _by_country(name: str, country: str) -> Zone | None:
    """The zone of a name that several countries use.

    Where the page's country is none of them it is the first one's, and not sure.
    """
    meanings = BY_COUNTRY[name]
    meant = meanings.get(country, next(iter(meanings.values())))
    return Zone(zone_of(meant) if isinstance(meant, str) else _fixed(meant), country in meanings)


def worded_zone(text: str) -> tuple[Zone, int] | None:
    """The zone that a text begins with in words (`Moscow time`), and its length."""
    found = _PHRASE.match(text)
    if found is None or found.lastgroup is None:
        return None
    return Zone(zone_of(_PHRASE_ROWS[int(found.lastgroup[1:])][0])), found.end()


def _fixed(minutes: int) -> timezone:
    return timezone(timedelta(minutes=minutes)) if minutes else UTC

"""Printed and machine-readable dates into moments."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from crawler.parsers.dates.labels import update_in
from crawler.parsers.dates.locale import ANYWHERE, Locale
from crawler.parsers.dates.moments import LATER_THAN_CAPTURE as LATER_THAN_CAPTURE
from crawler.parsers.dates.moments import ZONE_ASSUMED as ZONE_ASSUMED
from crawler.parsers.dates.moments import Moment as Moment
from crawler.parsers.dates.month_names import MONTHS
from crawler.parsers.dates.names import PARTS, key, weekday_names
from crawler.parsers.dates.printed import printed_in, rest_of
from crawler.parsers.dates.zone_names import zone_of as zone_of
from crawler.parsers.document.text_run import folded, squeeze

SLACK = timedelta(days=1)
MAX_DATE_LINE = 160
MAX_OTHER_WORDS = 2
_EPOCH = re.compile(r"\s*(?:/Date\()?(1\d{9}|[1-9]\d{8})(\d{3})?(?:\.\d+)?(?:[+-]\d{4})?(?:\)/)?\s*")
_AMERICAN = Locale(country="US", language="en", month_first=True)


def moment(text: str, *, us_order: bool = False, locale: Locale = ANYWHERE) -> Moment | None:
    """The first date in a text, with its time and zone where printed.

    Args:
        us_order: `3/9/2026` means March 9 even where the text does not show it.
        locale: Language and country of the page, where they are known.

    >>> moment("Mon Sep 23, 2019 09:34PM").time
    datetime.datetime(2019, 9, 23, 21, 34)
    """
    if (epoch := _EPOCH.fullmatch(text)) is not None:
        time = datetime.fromtimestamp(int(epoch[1]), UTC)
        return Moment(day=time.date(), time=time)
    found = printed_in(text, _AMERICAN if us_order else locale)
    return found[0].moment if found else None


def published_and_updated(text: str) -> tuple[str, str | None]:
    """Take a date line apart at its `Updated:` or `Last Update:` part.

    >>> published_and_updated("Mon Sep 23, 2019 09:34PM [Updated: Tue Sep 24, 2019 02:35AM ]")
    ('Mon Sep 23, 2019 09:34PM', 'Tue Sep 24, 2019 02:35AM')
    """
    line = folded(squeeze(text))
    found = update_in(line)
    if not found:
        return line, None
    before, after = _LAST.sub("", line[: found.start()]).strip(" [(|-–—"), _ON.sub("", line[found.end() :]).strip(" ])|-–—")
    return (before, after or None) if before else ("", after or None)


_LAST = re.compile(r"\b(?:last|zuletzt|dernière|última|ultima|son)\s*$", re.IGNORECASE)
_ON = re.compile(r"^[^\W\d_]*(?:\s+(?:on|le|am|el|il|em|at|op|den))?\s*:?\s*", re.IGNORECASE)


def only_a_date(text: str, locale: Locale = ANYWHERE) -> bool:
    """Tell whether a line is a date line: a date, and hardly anything beside it."""
    line = squeeze(text)
    if len(line) > MAX_DATE_LINE or not printed_in(line, locale):
        return False
    return len(other_words(line, locale)) <= MAX_OTHER_WORDS


def other_words(line: str, locale: Locale = ANYWHERE) -> list[str]:
    """The words of a line beside its dates and their labels."""
    words = [part for part in PARTS.findall(rest_of(line, locale)) if not part.isdecimal()]
    return [w for w in words if not (w.casefold() in MONTHS or _DATE_WORD.fullmatch(w) or key(w) in weekday_names() or _is_label(w))]


def _is_label(word: str) -> bool:
    found = update_in(word)
    return found is not None and found.start() == 0


_DATE_WORD = re.compile(
    r"[ap]m|gmt|utc|c?e[sd]?t|[pms][sd]t|irst|msk|[tz]|(?:mon|tue|wed|thu|fri|sat|sun)\w*|last|updated?|"
    r"published?|posted|date|on|at|by|publié|mis|mise|jour|le|à"
    r"|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|de|of|st|nd|rd|th|er|time|modified|heure|h",
    re.IGNORECASE,
)


def bounded(iso: str, captured: datetime) -> bool:
    """Tell whether a time is at most a day later than the capture."""
    try:
        if len(iso) == 10:
            return date.fromisoformat(iso) <= (captured + SLACK).date()
        return datetime.fromisoformat(iso) <= captured + SLACK
    except (ValueError, TypeError, OverflowError):
        return False

"""Times that a page tells by the time since: `3 hours ago`, `vor 2 Stunden`, `gestern`.

The words are CLDR's, as babel ships them; it is loaded for pages that print no other time.
They mean nothing without the time of the capture.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, cast
from zoneinfo import ZoneInfo

from crawler.parsers.dates.line import plain
from crawler.parsers.dates.moments import Moment
from crawler.parsers.dates.names import key
from crawler.parsers.document.text_run import squeeze

RELATIVE = "relative-date"
MAX_LINE = 60
_UNITS = {"minute": 60, "hour": 3600, "day": 86400, "week": 7 * 86400}
_WIDTHS = ("", "-short", "-narrow")
_MORE: dict[str, dict[str, tuple[str, ...]]] = {
    "ar": {
        "minute": ("منذ {0} دقيقة", "منذ {0} دقائق"), "hour": ("منذ {0} ساعة", "منذ {0} ساعات"),
        "day": ("منذ {0} يوم", "منذ {0} يوما", "منذ {0} أيام"), "week": ("منذ {0} أسبوع", "منذ {0} أسابيع"),
    },
    "fa": {"minute": ("{0} دقیقه قبل",), "hour": ("{0} ساعت قبل",), "day": ("{0} روز قبل",)},
    "nl": {"hour": ("{0} uur terug",), "day": ("{0} dagen terug",)},
    "pt": {"minute": ("{0} minutos atrás",), "hour": ("{0} horas atrás", "{0} hora atrás"), "day": ("{0} dias atrás",)},
    "en": {"minute": ("{0} mins ago",), "hour": ("{0} hrs ago",)},
    "vi": {"hour": ("{0} tiếng trước",)},
}  # fmt: skip
"""Wordings that CLDR has not; from pages of papers."""


def relative_moment(line: str, language: str, captured: datetime, zone: str) -> Moment | None:
    """The moment that a line tells by the time since; None if it tells none.

    Minutes and hours since the capture make a time, days a day.
    """
    text = " ".join(key(part) for part in squeeze(plain(line)).split())
    if not 2 < len(text) <= MAX_LINE or not language:
        return None
    since = _since(text, language)
    if since is None:
        return None
    here = captured.astimezone(ZoneInfo(zone)) if zone != "UTC" else captured
    then = here - timedelta(seconds=since[0])
    return Moment(day=then.date(), time=then.replace(second=0, microsecond=0) if since[1] else None)


def _since(text: str, language: str) -> tuple[int, bool] | None:
    """Seconds before the capture, and whether they tell the minute."""
    for pattern, seconds, is_exact in _patterns(language):
        if (found := pattern.search(text)) is not None:
            count = int(found["n"]) if "n" in pattern.groupindex else 1
            return count * seconds, is_exact
    return None


@lru_cache(maxsize=8)
def _patterns(language: str) -> tuple[tuple[re.Pattern[str], int, bool], ...]:
    """Patterns of a language, each with the seconds it stands for."""
    from babel.localedata import LocaleDataDict, exists, load  # loaded for pages that print no other time

    if not exists(language):
        return ()
    fields = LocaleDataDict(cast("dict[str | int | None, Any]", load(language)))["date_fields"]
    out: list[tuple[re.Pattern[str], int, bool]] = []
    for unit, seconds in _UNITS.items():
        for width in _WIDTHS:
            told = fields.get(f"{unit}{width}", {})
            more = _MORE.get(language, {}).get(unit, ())
            for wording in dict.fromkeys([*told.get("past", {}).values(), *more]):
                if "{0}" in wording:
                    out.append((_pattern(wording), seconds, seconds < _UNITS["day"]))
            if unit == "day":
                out += [(_pattern(word), -86400 * days, False) for days, word in told.get("relative", {}).items() if days <= 0]
    return tuple(out)


def _pattern(wording: str) -> re.Pattern[str]:
    words = " ".join(key(part) for part in plain(wording.replace("{0}", "0")).split())
    text = re.escape(words).replace("0", r"(?P<n>\d{1,3})", 1).replace(r"\ ", r"\s?")
    return re.compile(rf"(?<!\w){text}(?!\w)")

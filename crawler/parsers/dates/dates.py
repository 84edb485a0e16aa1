"""Printed dates into ISO 8601 with zone, by expressions of our own."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from attrs import frozen

from crawler.parsers.dates.month_names import MONTHS
from crawler.parsers.document.segments import folded, squeeze
from crawler.parsers.patterns import later

ZONE_ASSUMED = "zone-assumed"
LATER_THAN_CAPTURE = "date-later-than-capture"
SLACK = timedelta(days=1)
KEPT = 256
"""Lines whose dates are remembered: several rules ask for the same ones, some pages print one date at every story."""

_ZONES = {
    "gmt": 0, "utc": 0, "z": 0, "ut": 0, "wet": 0, "bst": 60, "west": 60, "cet": 60, "mez": 60, "cest": 120, "mesz": 120, "eet": 120,
    "eest": 180, "msk": 180, "irst": 210, "irdt": 270, "ist": 330, "jst": 540, "kst": 540, "est": -300, "edt": -240, "et": -300,
    "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420, "aest": 600, "aedt": 660, "sast": 120,
}  # fmt: skip
_ISO = re.compile(
    r"(?P<y>(?:19|20)\d\d)-?(?P<m>0[1-9]|1[0-2])-?(?P<d>0[1-9]|[12]\d|3[01])"
    r"(?:(?:T|\s+|\s*,\s*)(?P<H>[01]?\d|"
    r"2[0-3]):?(?P<M>[0-5]\d)(?::?(?P<S>[0-5]\d)(?:[.,]\d+)?)?\s*(?P<ap>[AaPp]\.?[Mm]\.?)?\s*(?P<z>Z|"
    r"[+-]\d\d:?\d\d(?!\d)|[+-]\d\d(?!\d)|[A-Za-z]{2,4}\b)?)?"
)
_WORD = r"[^\W\d_]+"
_CLOCK = (
    r"(?P<H>[01]?\d|"
    r"2[0-3])\s?[:.hH時时시]\s?(?P<M>[0-5]\d)(?:[:.](?P<S>[0-5]\d))?[分분]?\s*(?P<ap>[AaPp]\.?\s?[Mm]\b\.?)?(?:\s*Uhr)?\s*(?:\(?(?P<z>[+-]\d\d:?\d\d|"
    r"(?:GMT|UTC)\s?[+-]\d\d?(?::?\d\d)?|[A-Z]{2,4})\b\)?)?"
)
_CLOCK_12 = r"(?P<H>1[0-2]|0?[1-9])\s*(?P<ap>[AaPp]\.?\s?[Mm]\b\.?)(?P<M>)(?P<S>)(?:\s*(?P<z>[A-Z]{2,4})\b)?"
_JOIN = (
    r"(?:[\s,.|·•@–—-]|at\b|um\b|à\b|a (?:las|les)\b|às\b|kl\.?|klo\b|klockan\b|alle ore\b|ore\b|alle\b|om\b|ob\b|godz\.?|pukul\b|saat\b"
    r"|в\b|о\b)*"
)
_DAY_FIRST = (
    rf"(?<!\d)(?P<d>[0-3]?\d)(?:st|nd|rd|th|er|\.|º|°)?\s*(?:de\s+|of\s+)?(?P<mon>{_WORD})\.?,?\s+(?:de\s+|del\s+)?(?P<y>(?:19|20)\d\d)"
)
_MONTH_FIRST = rf"(?P<mon>{_WORD})\.?\s+(?P<d>[0-3]?\d)(?:st|nd|rd|th)?,?\s+(?P<y>(?:19|20)\d\d)"
_SLASHED = r"(?<![\d/])(?P<a>\d{1,2})(?P<sep>[/.])(?P<b>\d{1,2})(?P=sep)(?P<y>(?:19|20)\d\d)(?!\d)"
_YEAR_FIRST = r"(?P<y>(?:19|20)\d\d)\s*(?:[/.]|年|년)\s*(?P<m>\d{1,2})\s*(?:[/.]|月|월)\s*(?P<d>\d{1,2})\s*(?:日|일)?"
_WORD_MIDST = rf"(?P<y>(?:19|20)\d\d)\.?\s+(?:m\.\s+)?(?P<mon>{_WORD})\s+(?P<d>[0-3]?\d)\b(?:\.|\s*d\.)?"
_GADA = rf"(?P<y>(?:19|20)\d\d)\.\s+gada\s+(?P<d>[0-3]?\d)\.\s+(?P<mon>{_WORD})"
_TAIL = rf"(?!\d)(?:{_JOIN}(?:{_CLOCK}))?"
_CTIME = re.compile(
    rf"(?P<mon>{_WORD})\.?\s+(?P<d>[0-3]?\d)\s+(?P<H>[01]?\d|2[0-3]):(?P<M>[0-5]\d):(?P<S>[0-5]\d)(?P<ap>)\s+"
    r"(?:(?P<z>[A-Z]{1,4}|[+-]\d{4})\s+)?(?P<y>(?:19|20)\d\d)(?!\d)"
)
_HALF = re.compile(r"(?P<half>午前|午後|上午|下午|오전|오후)\s*(?P<H>1[0-2]|0?\d)(?=\s?[:時时시])")
AFTER_NOON = ("午後", "下午", "오후")
_US_ZONE = re.compile(r"[ECMP][SD]?T", re.IGNORECASE)
DIGITS = {first + n: str(n) for first in (0x660, 0x6F0, 0x966, 0x9E6, 0xFF10) for n in range(10)}
_FORMS = tuple(later(form + _TAIL) for form in (_MONTH_FIRST, _DAY_FIRST, _SLASHED, _YEAR_FIRST, _WORD_MIDST, _GADA))
_FORMS_12 = tuple(later(form + rf"(?!\d){_JOIN}{_CLOCK_12}") for form in (_MONTH_FIRST, _DAY_FIRST))
_TIME_FIRST = tuple(later(rf"(?<!\d){_CLOCK}{_JOIN}(?:{_WORD}\.?,?\s+)?{form}") for form in (_MONTH_FIRST, _DAY_FIRST))
_YEAR = re.compile(r"(?:19|20)\d\d")
"""Part of every form of a date."""
_UPDATED = re.compile(
    r"\[?\s*(?:last\s+)?(?:updated?|modified|mis à jour|mise à jour|dernière mise à jour|aktualisiert|"
    r"actualizado|atualizado|aggiornato)\b(?:\s+(?:on|le|am|el|il|em))?\s*:?\s*",
    re.IGNORECASE,
)


@frozen(kw_only=True)
class Moment:
    """A printed time: aware, a local time without zone, or a bare day."""

    day: date
    time: datetime | None = None
    """Aware if the zone was printed, else naive; None for a bare day."""

    def iso(self, zone: str) -> tuple[str, bool]:
        """ISO 8601, the given zone where none was printed; and whether it was assumed."""
        if self.time is None:
            return self.day.isoformat(), False
        if self.time.tzinfo is not None:
            return self.time.isoformat(), False
        return self.time.replace(tzinfo=zone_of(zone)).isoformat(), True


def zone_of(name: str) -> timezone | ZoneInfo:
    """The zone of an IANA name; UTC where it is unknown."""
    try:
        return UTC if name in ("UTC", "GMT") else ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def moment(text: str, *, us_order: bool = False) -> Moment | None:
    """The first date in a text, with its time and zone where printed.

    Args:
        us_order: `3/9/2026` means March 9 even where the text does not show it.

    >>> moment("Mon Sep 23, 2019 09:34PM").time
    datetime.datetime(2019, 9, 23, 21, 34)
    """
    return _moment(folded(squeeze(text[:800]))[:400], us_order)


@lru_cache(maxsize=KEPT)
def _moment(line: str, us_order: bool) -> Moment | None:
    if not line.isascii():
        line = _HALF.sub(_whole_day, line.translate(DIGITS))
    if _YEAR.search(line) is None:
        return None
    if (found := _CTIME.search(line)) and (pair := _month_day(found, us_order)):
        return _made(found, *pair)
    if found := _ISO.search(line):
        return _made(found, int(found["m"]), int(found["d"]))
    matches: list[tuple[int, int, re.Match[str]]] = []
    for rank, form in enumerate((*_TIME_FIRST, *_FORMS_12, *_FORMS)):
        for match in form.finditer(line):
            if _month_day(match, us_order):
                start = match.start("y") if rank >= len(_TIME_FIRST) else match.start("y") - 1
                matches.append((start, rank, match))
                break
    if not matches:
        return None
    at = min(start for start, _, _ in matches)
    best = min((m for m in matches if m[0] <= at + 1), key=lambda m: (m[2]["H"] is None, m[1]))[2]
    pair = _month_day(best, us_order)
    return _made(best, *pair) if pair else None


def _whole_day(found: re.Match[str]) -> str:
    """An hour behind a word for morning or afternoon, as the hour of the day."""
    return f" {int(found['H']) % 12 + (12 if found['half'] in AFTER_NOON else 0)}"


def _month_day(found: re.Match[str], us_order: bool) -> tuple[int, int] | None:
    """Month and day of a match, or None."""
    groups = found.groupdict()
    if "mon" in groups:
        month = MONTHS.get(groups["mon"].casefold().rstrip("."))
        return (month, int(groups["d"])) if month else None
    if "m" in groups:
        return int(groups["m"]), int(groups["d"])
    a, b = int(groups["a"]), int(groups["b"])
    american = us_order or (groups["sep"] == "/" and _US_ZONE.fullmatch(groups.get("z") or "") is not None and a <= 12)
    if american or (b > 12 and groups["sep"] == "/"):
        return (a, b) if a <= 12 else (b, a)
    return b, a


def _made(found: re.Match[str], month: int, day: int) -> Moment | None:
    """Make a moment of a match; None if there is no such day."""
    try:
        the_day = date(int(found["y"]), month, day)
    except ValueError:
        return None
    if found["H"] is None:
        return Moment(day=the_day)
    hour, half = int(found["H"]), (found["ap"] or "").lower()[:1]
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    time = datetime(the_day.year, month, day, hour, int(found["M"] or 0), int(found["S"] or 0))  # noqa: DTZ001 - zone follows
    zone = _offset(found["z"])
    return Moment(day=the_day, time=time.replace(tzinfo=zone) if zone else time)


def _offset(text: str | None) -> timezone | None:
    """The zone of a name or an offset; None if it is unknown."""
    if not text:
        return None
    name = text.lower().replace(" ", "")
    if name in _ZONES:
        return UTC if not _ZONES[name] else timezone(timedelta(minutes=_ZONES[name]))
    found = re.fullmatch(r"(?:gmt|utc)?([+-])(\d\d?):?(\d\d)?", name)
    if not found:
        return None
    minutes = int(found[2]) * 60 + int(found[3] or 0)
    if minutes > 14 * 60:
        return None
    return timezone(timedelta(minutes=-minutes if found[1] == "-" else minutes)) if minutes else UTC


def published_and_updated(text: str) -> tuple[str, str | None]:
    """Take a date line apart at its `Updated:` or `Last Update:` part.

    >>> published_and_updated("Mon Sep 23, 2019 09:34PM [Updated: Tue Sep 24, 2019 02:35AM ]")
    ('Mon Sep 23, 2019 09:34PM', 'Tue Sep 24, 2019 02:35AM')
    """
    line = folded(squeeze(text))
    found = _UPDATED.search(line)
    if not found:
        return line, None
    before, after = line[: found.start()].strip(" [(|-–—"), line[found.end() :].strip(" ])|-–—")
    return (before, after or None) if before else ("", after or None)


def only_a_date(text: str) -> bool:
    """Tell whether a line is a date line: a date, and hardly anything beside it."""
    line = folded(squeeze(text))
    if len(line) > 160 or moment(line) is None:
        return False
    rest = re.sub(r"\d+|[^\w\s]", " ", line)
    left = [w for w in rest.split() if w.casefold() not in MONTHS and not _DATE_WORD.fullmatch(w)]
    return len(left) <= 2


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

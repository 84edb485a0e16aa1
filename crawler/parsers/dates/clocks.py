"""Times of the day in a line, with their zones: `18h20`, `6.20 p.m.`, `下午6:20`, `kl. 18.20`, `8 Uhr`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from datetime import tzinfo
from typing import Any

from attrs import frozen

from crawler.parsers.date_words.small_words import AFTERNOON, HALF_DAYS, MORNING, NIGHT, UNITS
from crawler.parsers.dates.locale import Locale
from crawler.parsers.dates.zone_names import named_zone, worded_zone
from crawler.parsers.patterns import later

_HALF = "|".join(f"(?P<{{place}}_{name}>{words})" for name, words in HALF_DAYS.items())
_BEFORE, _BEHIND = _HALF.replace("{place}", "before"), _HALF.replace("{place}", "behind")
_ASCII_BEHIND = r"(?P<behind_am>a\.?\s?m\b\.?)|(?P<behind_pm>p\.?\s?m\b\.?)|(?P<behind_night>(?!))"
_ASCII_BEFORE = r"(?P<before_am>(?!))|(?P<before_pm>(?!))|(?P<before_night>(?!))"
_PATTERN = (
    r"(?<![\d.,:/+-])(?:(?:{before})\s?,?\s?)?"
    r"(?:(?P<H>[01]?\d|2[0-4])(?:\s?(?P<mark>[:٫]|時|时|點|点|시|გ)\s?|(?P<weak>[.hHч]|\s[hH]\s|\s?giờ\s?))(?P<M>[0-5]\d)(?![\d/])(?!\.\d)"
    r"(?:\s?[:.]\s?(?P<S>[0-5]\d)(?!\d)(?:[.,]\d{{1,9}})?)?\s?(?:min\b|mn\b|分|분)?(?:\s?\d\d?[秒초])?"
    r"|(?P<whole>[01]?\d|2[0-4])(?=\s?(?:{units})|\s?(?:{behind_only})))"
    r"(?:\s?(?:{behind}))?(?:\s?{units})?(?:\s?(?P<half_late>[ap]\.?m\b\.?))?"
)
__PLAIN_UNITS = r"(?:uhr\b|uur\b|hrs?\b\.?|h\b|horas?\b|heures?\b|ore\b)"


def _clock(before: str, behind: str, units: str) -> re.Pattern[str]:
    only = re.sub(r"\?P<\w+>", "?:", behind)
    return later(_PATTERN.format(before=before, behind=behind, behind_only=only, units=units), re.IGNORECASE)


_ASCII = _clock(_ASCII_BEFORE, _ASCII_BEHIND, __PLAIN_UNITS)
_ANY = _clock(_BEFORE, _BEHIND, UNITS)
_KL = later(
    r"(?:\bkl\b\.?|\bklo\b|\bklokken\b|ساعت|الساعة|\bpukul\b|\bjam\b|\bora\b|\bώρα\b|\bob\b|\bв\b|\bо\b)\s(?P<whole>[01]?\d|"
    r"2[0-3])(?![\d:.,/])"
)
_NOON = later(r"\b(?:12\s)?(?P<noon>noon|midday)\b|\b(?P<midnight>midnight)\b", re.IGNORECASE)
_ZONE = re.compile(
    r"\s{0,2}[,(\[]?\s?(?P<z>(?:GMT|UTC|UT)\s?[+-]\s?\d{1,2}(?::?\d\d)?|[+-]\d\d:?\d\d(?![\d:])|[+-]\d\d(?![\d:/.-])|Z\b"
    r"|[A-Z]{2,5}\s?/\s?[A-Z]{2,5}\b|[A-Z]{2,5}\b|[Мм][Сс][Кк]\b)(?:[+-]\d\d:?\d\d\b)?"
)
_GMT_OFFSET = re.compile(r"\s?GMT([+-]\d{4})\b")
_LETTERS = re.compile(r"[^\W\d_]")


@frozen(kw_only=True)
class Clock:
    """A printed time of the day, and its zone if that is printed."""

    start: int
    end: int
    hour: int
    minute: int = 0
    second: int = 0
    zone: tzinfo | None = None
    zone_is_sure: bool = True
    zone_name: str = ""
    """As printed."""
    is_weak: bool = False
    """Whether it may be another number: `18.20`."""


def clocks_in(line: str, start: int, end: int, locale: Locale) -> list[Clock]:
    """The times of the day in a part of a line, in order."""
    pattern = _ASCII if line.isascii() and locale.language in ("", "en", "fr", "es", "it", "pt", "nl") else _ANY
    found = [_made(one, line, locale) for one in pattern.finditer(line, start, end)]
    if not found:
        found = [_made(one, line, locale) for one in _KL.finditer(line, start, end)] + [
            _noon(one, line, locale) for one in _NOON.finditer(line, start, end)
        ]
    return [one for one in found if one is not None]


def _made(found: re.Match[str], line: str, locale: Locale) -> Clock | None:
    """The time of a match; None if there is none."""
    groups = found.groupdict()
    whole = groups.get("whole")
    halves = _halves(groups)
    hour = _whole_day(int(whole or groups["H"]), halves)
    if hour > 23:
        return None
    is_weak = groups.get("weak") == "." and not halves
    return _zoned(found, line, locale, (hour, int(groups.get("M") or 0), int(groups.get("S") or 0)), is_weak=is_weak)


def _halves(groups: Mapping[str, str | None]) -> set[str]:
    """The half days that the words beside a time name."""
    late = (groups.get("half_late") or "").lower()[:1]
    halves = {name for name in HALF_DAYS for place in ("before", "behind") if groups.get(f"{place}_{name}")}
    return halves | ({MORNING if late == "a" else AFTERNOON} if late else set())


def _whole_day(hour: int, halves: Set[str]) -> int:
    """The hour of the day for an hour of a half day."""
    if hour == 12 and (MORNING in halves or NIGHT in halves):
        return 0
    return hour + 12 if (AFTERNOON in halves and hour < 12) or (NIGHT in halves and 6 <= hour < 12) else hour


def _noon(found: re.Match[str], line: str, locale: Locale) -> Clock:
    return _zoned(found, line, locale, (12 if found["noon"] else 0, 0, 0), is_weak=False)


def _zoned(found: re.Match[str], line: str, locale: Locale, time: tuple[int, int, int], *, is_weak: bool) -> Clock:
    """A time with the zone behind it."""
    at: dict[str, Any] = {"start": found.start(), "hour": time[0], "minute": time[1], "second": time[2]}
    if (offset := _GMT_OFFSET.match(line, found.end())) is not None and (zone := named_zone(offset[1])) is not None:
        return Clock(end=offset.end(), zone=zone.info, **at)
    rest = line[found.end() : found.end() + 60]
    skipped = len(rest) - len(rest.lstrip(" ,(["))
    if (worded := worded_zone(rest[skipped:])) is not None:
        return Clock(end=found.end() + skipped + worded[1], zone=worded[0].info, **at)
    if (told := _ZONE.match(line, found.end())) is not None and (
        zone := named_zone(told["z"], locale.country, locale.language)
    ) is not None:
        return Clock(end=told.end(), zone=zone.info, zone_is_sure=zone.is_sure, zone_name=told["z"], **at)
    return Clock(end=found.end(), is_weak=is_weak, **at)

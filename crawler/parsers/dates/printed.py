"""Dates of a line, each with its time, its zone and its label."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache

from attrs import evolve, frozen

from crawler.parsers.date_words.calendar_names import ETHIOPIC, GREGORIAN, HIJRI, JALALI
from crawler.parsers.date_words.small_words import AT
from crawler.parsers.dates import hebrew
from crawler.parsers.dates.clocks import Clock, clocks_in
from crawler.parsers.dates.figures import Day, days_in_figures
from crawler.parsers.dates.labels import OTHER, first_label, kind_of, label_of
from crawler.parsers.dates.line import plain
from crawler.parsers.dates.locale import Locale
from crawler.parsers.dates.moments import CALENDARS_DISAGREE, ORDER_ASSUMED, ZONE_AMBIGUOUS, Moment
from crawler.parsers.dates.named_days import named_days
from crawler.parsers.dates.names import PARTS, key, weekday_names
from crawler.parsers.document.text_run import squeeze

MAX_LINE = 400
KEPT = 512
"""Lines whose dates are remembered: several rules ask for the same ones, some pages print one date at every story."""
_MAYBE = re.compile(r"\d[^\d]{1,40}\d|\d{8}|[令平昭]|ת[א-ת]{1,2}[\"'״׳]")
_CTIME = re.compile(
    r"(?P<day>[^\W\d_]{3}\s{1,2}[0-3]?\d)\s(?P<time>[0-2]?\d:[0-5]\d:[0-5]\d)\s(?P<zone>(?:[A-Z]{1,4}|[+-]\d{4})\s)?(?P<y>(?:19|20)\d\d)(?!\d)"
)
_COMPACT = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?:T?(?P<H>[01]\d|2[0-3])(?P<M>[0-5]\d)(?P<S>[0-5]\d)?)?(?!\d)"
)
_AMERICAN_ZONE = re.compile(r"[ECMP][SD]?T")
_PREFERRED = (GREGORIAN, JALALI, ETHIOPIC, HIJRI)
_TWIN_DAYS = 2
"""Days by which dates in two calendars may differ: months begin by what is seen of the moon."""
_MAX_GAP = 40
_GAP_WORDS = 4
_GAP = re.compile(r"[\s,.|·•@–—\-/()\[\]:;›>~]*")
_AT = frozenset(map(key, AT.split()))


@frozen(kw_only=True)
class Printed:
    """A date that a line prints."""

    start: int
    end: int
    moment: Moment
    label: str = ""
    """What it is the date of, as `labels` tells it; empty if nothing beside it does."""


@lru_cache(maxsize=KEPT)
def printed_in(text: str, locale: Locale) -> tuple[Printed, ...]:
    """The dates of a line, in order."""
    line = squeeze(plain(text[: 2 * MAX_LINE]))[:MAX_LINE]
    if _MAYBE.search(line) is None:
        return ()
    line = _COMPACT.sub(_parted, line)
    line = _CTIME.sub(lambda found: f"{found['day']} {found['y']} {found['time']} {found['zone'] or ''}", line)
    if not (days := _days(line, locale)):
        return ()
    out: list[Printed] = []
    end = 0
    for n, (day, problem) in enumerate(days):
        after = days[n + 1][0].start if n + 1 < len(days) else len(line)
        clock = _clock_of(line, end, day, after, locale, has_next=n + 1 < len(days))
        start = min(day.start, clock.start) if clock else day.start
        moment = _moment(day, clock, _weekday(line, end, day, after), problem, locale)
        label = label_of(line[end:start])
        end = max(day.end, clock.end) if clock else day.end
        out.append(Printed(start=start, end=end, moment=moment, label=label))
    return tuple(_with_updates(_labelled_behind(out, line), line, locale))


def rest_of(text: str, locale: Locale) -> str:
    """The words of a line beside its dates."""
    line = squeeze(plain(text[: 2 * MAX_LINE]))[:MAX_LINE]
    for one in reversed(printed_in(text, locale)):
        line = f"{line[: one.start]} {line[one.end :]}"
    return line


def _days(line: str, locale: Locale) -> list[tuple[Day, str]]:
    """The days of a line, those in two calendars as one, and doubts about each."""
    found = [*days_in_figures(line, locale), *named_days(line, locale)]
    if not line.isascii():
        found += _hebrew_days(line)
    out: list[tuple[Day, str]] = []
    for day in sorted(found, key=lambda one: (one.start, -one.end)):
        if out and day.start < out[-1][0].end:
            continue
        if out and _are_twins(line, out[-1][0], day):
            out[-1] = _joined(out[-1][0], day)
        else:
            out.append((day, ""))
    return out


def _parted(found: re.Match[str]) -> str:
    """A date without signs between its parts, with them."""
    time = f" {found['H']}:{found['M']}:{found['S'] or '00'} " if found["H"] else ""
    return f"{found['y']}-{found['m']}-{found['d']}{time}"


def _hebrew_days(line: str) -> Iterator[Day]:
    for found in hebrew.DATE.finditer(line):
        try:
            yield Day(start=found.start(), end=found.end(), day=hebrew.hebrew_day(found), calendar="hebrew")
        except ValueError:
            continue


def _are_twins(line: str, first: Day, second: Day) -> bool:
    """Tell whether two dates beside one another are one day in two calendars."""
    gap = line[first.end : second.start]
    return (
        first.calendar != second.calendar
        and len(gap) <= _MAX_GAP
        and len(PARTS.findall(gap)) <= 3
        and ":" not in gap
        and first_label(gap) is None
    )


def _joined(first: Day, second: Day) -> tuple[Day, str]:
    """One day of two; the Gregorian one is believed."""
    rank = {calendar: n for n, calendar in enumerate(_PREFERRED)}
    chosen = min((first, second), key=lambda one: rank.get(one.calendar, len(rank)))
    differ = abs((first.day - second.day).days)
    other = first if chosen is second else second
    if chosen.other is not None and other.day == chosen.other:
        chosen, differ = evolve(chosen, day=chosen.other), 0
    return evolve(
        chosen, start=first.start, end=second.end, other=None if differ == 0 else chosen.other
    ), CALENDARS_DISAGREE if differ > _TWIN_DAYS else ""


def _clock_of(line: str, begin: int, day: Day, after: int, locale: Locale, *, has_next: bool) -> Clock | None:
    """The time of the day beside a day: behind it, or before it."""
    behind = next(iter(clocks_in(line, day.end, min(after, day.end + 3 * _MAX_GAP), locale)), None)
    if behind is not None and not _joins(line[day.end : behind.start], behind):
        behind = None
    if behind is not None and not has_next:
        return behind
    before = next(reversed(clocks_in(line, max(begin, day.start - 2 * _MAX_GAP), day.start, locale)), None)
    if before is not None and not _joins(line[before.end : day.start], before):
        before = None
    return behind if before is None else before


def _joins(gap: str, clock: Clock) -> bool:
    """Tell whether nothing but small words stands between a day and a time."""
    if len(gap) > _MAX_GAP or any(sign.isdecimal() for sign in gap):
        return False
    words = [key(part) for part in PARTS.findall(gap)]
    if clock.is_weak and any(word not in _AT and word not in weekday_names() for word in words):
        return False
    return len(words) <= _GAP_WORDS and (not words or first_label(gap) is None)


def _weekday(line: str, begin: int, day: Day, after: int) -> int | None:
    """The day of the week that is printed beside a day."""
    before, behind = line[max(begin, day.start - 30) : day.start], line[day.end : min(after, day.end + 20)]
    for parts in (PARTS.findall(before)[-2:], PARTS.findall(behind)[:1]):
        for part in reversed(parts):
            if (found := weekday_names().get(key(part), -1)) >= 0:
                return found
    return None


def _moment(day: Day, clock: Clock | None, weekday: int | None, problem: str, locale: Locale) -> Moment:
    """The moment of a day and a time."""
    meant, other = day.day, day.other
    problems = [problem] if problem else []
    if other is not None:
        fits = [one for one in (meant, other) if one.weekday() == weekday]
        if len(fits) == 1:
            meant, other = fits[0], None
        elif clock is not None and not locale.country and _AMERICAN_ZONE.fullmatch(clock.zone_name):
            meant, other = (meant if day.is_month_first else other), None
        elif locale.month_first is not None:
            other = None
        else:
            problems.append(ORDER_ASSUMED)
    if clock is None:
        return Moment(day=meant, other=other, problems=tuple(problems))
    time = datetime(meant.year, meant.month, meant.day, clock.hour, clock.minute, min(clock.second, 59), tzinfo=clock.zone)
    if not clock.zone_is_sure:
        problems.append(ZONE_AMBIGUOUS)
    return Moment(day=meant, time=time, other=other, problems=tuple(problems))


def _labelled_behind(found: Sequence[Printed], line: str) -> list[Printed]:
    """The dates with the labels behind them, where the line prints them there: `2024年3月12日 公開 2024年3月13日 更新`."""
    ends = [one.start for one in found[1:]] + [len(line)]
    tails = [line[one.end : end] for one, end in zip(found, ends, strict=True)]
    last = first_label(tails[-1])
    if found[0].label or last is None or _GAP.fullmatch(tails[-1][: last.start()].replace("に", "").replace(" 기사", "")) is None:
        return [*found]
    if kind_of(last) == OTHER or any(sign.isdecimal() for sign in tails[-1][last.end() :]):
        return [*found]
    return [evolve(one, label=label_of(tail)) for one, tail in zip(found, tails, strict=True)]


def _with_updates(found: Sequence[Printed], line: str, locale: Locale) -> Iterator[Printed]:
    """The dates, and a labelled time of the last one's day behind it: `12 March 2024, updated 18:20`."""
    yield from found
    last = found[-1]
    told = first_label(line[last.end :])
    if told is None:
        return
    begin = last.end + told.end()
    clock = next(iter(clocks_in(line, begin, min(len(line), begin + _MAX_GAP), locale)), None)
    if clock is not None and not clock.is_weak and _joins(line[begin : clock.start], clock):
        day = last.moment.day
        time = datetime(day.year, day.month, day.day, clock.hour, clock.minute, min(clock.second, 59), tzinfo=clock.zone)
        moment = Moment(day=day, time=time, other=last.moment.other, problems=last.moment.problems)
        yield Printed(start=clock.start, end=clock.end, moment=moment, label=kind_of(told))

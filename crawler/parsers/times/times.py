"""Find the times of publication and of the last change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from attrs import evolve, frozen

from crawler.parsers.dates.country_zones import zone_of_country
from crawler.parsers.dates.dates import bounded, moment
from crawler.parsers.dates.labels import FIRST, MODIFIED, PUBLISHED, STATUS
from crawler.parsers.dates.locale import Locale
from crawler.parsers.dates.moments import LATER_THAN_CAPTURE, ZONE_ASSUMED, Moment
from crawler.parsers.dates.zone_names import zone_of
from crawler.parsers.document.rules import Trace
from crawler.parsers.generic.candidates import Candidates
from crawler.parsers.times.machine_times import machine_times
from crawler.parsers.times.others import Others
from crawler.parsers.times.page_locale import page_locale, with_order
from crawler.parsers.times.page_times import PageTimes
from crawler.parsers.times.relative import RELATIVE, relative_moment
from crawler.parsers.times.told import DAY, EXACT, LOCAL, WEAK, Told

_ADDRESS = re.compile(r"/((?:19|20)\d\d)[/-]?(\d\d)[/-]?(\d\d)(?:/|[-_]|\b)")
NEAR_LABEL = 6
"""Segments by which a labelled date may stand behind one without a label, and still be believed before it."""
RELATIVE_LINES = 8
"""Segments behind the headline that are looked at for the time since."""


@frozen(kw_only=True)
class Time:
    """A time as one candidate tells it."""

    iso: str | None = None
    by: str = ""
    exact: int = DAY
    problems: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    """The day alone, as told and in the page's zone."""


@frozen(kw_only=True)
class Times:
    """The times of a page, and its date line as printed."""

    published: Time
    modified: Time
    raw: str | None = None


@frozen(kw_only=True)
class _Said:
    """All that a page tells of its times."""

    locale: Locale
    shown: tuple[Told, ...] = ()
    published: tuple[Told, ...]
    modified: tuple[Told, ...]
    last: tuple[Told, ...] = ()
    """What is believed where nothing else tells a day: the line of the place, the address."""
    raw: str | None
    is_settled: bool = False
    """Whether machine words tell both so well that nothing printed is asked."""


@frozen(kw_only=True)
class Reading:
    """A page and the facts that its times are read with."""

    page: Candidates
    at: int
    """Place of the headline in the flow, -1 if it is not printed."""
    places: Sequence[int]
    """Places of the body."""
    zone: str
    """IANA name of the zone of times without one."""
    captured: datetime
    language: str | None = None
    """Of the host; a hint."""
    trace: Trace | None = None


def times_of(reading: Reading) -> Times:
    """Find both times of a page; none is later than the capture."""
    reading, said = _all_said(reading)
    published_by, modified_by = _sorted_out(said.shown)
    published = _best((*said.published, *published_by, *said.last), reading)
    modified = _best((*said.modified, *modified_by), reading)
    first = _best((one for one in published_by if one.label in (PUBLISHED, FIRST)), reading)
    printed = _best(modified_by, reading)
    if not said.is_settled and _is_update(published, first, modified, printed):
        published = first
    if modified.iso is not None and modified.iso == published.iso:
        modified = _later(printed, published) or modified
    if published.iso is None and LATER_THAN_CAPTURE not in published.problems:
        published = _by_time_since(reading, said.locale.language) or published
    if reading.trace is not None:
        _note(reading.trace, PUBLISHED, published, (*said.published, *published_by, *said.last))
        _note(reading.trace, MODIFIED, modified, (*said.modified, *modified_by))
    return Times(published=published, modified=modified, raw=said.raw)


def _all_said(reading: Reading) -> tuple[Reading, _Said]:
    """All that a page tells of its times, by its country and order of figures."""
    locale = page_locale(reading.page, reading.language)
    zone = zone_of_country(locale.country) if reading.zone == "UTC" else None
    reading = evolve(reading, zone=zone or reading.zone)
    said = _said(reading, locale)
    if any(one.moment is not None and one.moment.other for one in (*said.shown, *said.published, *said.modified)):
        said = _said(reading, with_order(locale, reading.page))
    return reading, said


def _said(reading: Reading, locale: Locale) -> _Said:
    """All that a page tells of its times."""
    others = Others(reading.page, reading.at)
    shown = PageTimes(reading.page, reading.at, reading.places, locale, others)
    published, modified = (tuple(machine_times(reading.page, which, locale, others)) for which in (PUBLISHED, MODIFIED))
    raw = next((one.line for one in shown.near_lines()), None)
    is_settled = _is_settled(published, modified, reading)
    if is_settled and reading.trace is None:
        return _Said(locale=locale, published=published, modified=modified, raw=raw, is_settled=True)
    last = (shown.dateline(reading.places), _of_address(reading.page.page.url))
    return _Said(
        locale=locale, shown=tuple(shown.told()), published=published, modified=modified,
        last=tuple(one for one in last if one is not None), raw=raw, is_settled=is_settled,
    )  # fmt: skip


def _is_settled(published: Sequence[Told], modified: Sequence[Told], reading: Reading) -> bool:
    """Test for exact times of both kinds in machine words, that differ."""
    if not published or not modified or published[0].moment == modified[0].moment:
        return False
    firsts = (_read(published[0], reading), _read(modified[0], reading))
    return all(one is not None and one.iso is not None and one.exact == EXACT for one in firsts)


def _sorted_out(told: Sequence[Told]) -> tuple[list[Told], list[Told]]:
    """The times that may be of publication, and those of the last change."""
    published = _published(told)
    modified = [one for one in told if one.label == MODIFIED]
    doubtful = [one for one in told if one.label in (STATUS, WEAK) and one.moment is not None]
    if any(one.moment is not None for one in published):
        days = {one.moment for one in published}
        return published, modified + [one for one in doubtful if one.moment not in days]
    return published + doubtful, modified


def _published(told: Sequence[Told]) -> list[Told]:
    """The times of publication: labelled ones first, if not far behind the others."""
    bare = [one for one in told if not one.label]
    labelled = [one for one in told if one.label == PUBLISHED]
    begin = next((one.place for one in bare if one.place is not None and one.moment is not None), None)
    order = {PUBLISHED: 0, "": 1, FIRST: 3}
    ranks = [(2 if one in labelled and _is_far(one, begin) else order[one.label], one) for one in told if one.label in order]
    return [one for _, one in sorted(ranks, key=lambda ranked: ranked[0])]


def _is_far(one: Told, begin: int | None) -> bool:
    """Test for a date far behind the first one without a label."""
    return begin is not None and one.place is not None and one.place > begin + NEAR_LABEL


def _best(told: Iterable[Told], reading: Reading) -> Time:
    """The first time told, or a later one that tells the same day more exactly."""
    best: Time | None = None
    problems: dict[str, None] = {}
    for one in told:
        found = _read(one, reading)
        if found is not None and found.iso is None:
            problems[LATER_THAN_CAPTURE] = None
        elif found is not None and (best is None or _is_better(found, best)):
            best = found
        if best is not None and best.exact == EXACT:
            break
    if best is None:
        return Time(problems=tuple(problems))
    return evolve(best, problems=tuple(dict.fromkeys([*problems, *best.problems])))


def _read(told: Told, reading: Reading) -> Time | None:
    """Read a time; without `iso` if later than the capture, None if none."""
    value = told.moment
    if value is None:
        return None
    if value.other is not None and not bounded(value.iso(reading.zone)[0], reading.captured):
        value = _swapped(value)
    iso, assumed = value.iso(reading.zone)
    problems = (*((ZONE_ASSUMED,) if assumed else ()), *value.problems)
    days = [value.day.isoformat()]
    if value.time is not None and value.time.tzinfo is not None:
        days.append(value.time.astimezone(zone_of(reading.zone)).date().isoformat())
    exact = told.exactness
    if told.by != "printed" and value.time is not None and (value.time.hour, value.time.minute, value.time.second) == (0, 0, 0):
        exact = DAY  # what had no time of the day, written as if it had
    return Time(iso=iso if bounded(iso, reading.captured) else None, by=told.by, exact=exact, problems=problems, days=tuple(days))


def _swapped(value: Moment) -> Moment:
    """A moment with day and month in the other order, which the capture proves."""
    assert value.other is not None
    time = value.time and value.time.replace(year=value.other.year, month=value.other.month, day=value.other.day)
    return Moment(day=value.other, time=time)


def _is_better(found: Time, best: Time) -> bool:
    """Tell whether a later candidate names the same day more exactly."""
    return found.exact > best.exact and bool(set(found.days) & set(best.days))


def _is_update(published: Time, first: Time, machine: Time, printed: Time) -> bool:
    """Tell whether machine words call the last change the publication.

    An earlier day is printed as that of publication.
    """
    if published.iso is None or first.iso is None or not min(first.days) < min(published.days):
        return False
    return machine.iso == published.iso or bool(set(printed.days) & set(published.days))


def _later(found: Time, than: Time) -> Time | None:
    """A time if it is behind another one."""
    if found.iso is None or than.iso is None or found.exact == DAY or than.exact == DAY:
        return found if found.iso is not None and than.iso is not None and found.iso[:10] > than.iso[:10] else None
    return found if datetime.fromisoformat(found.iso) > datetime.fromisoformat(than.iso) else None


def _of_address(url: str) -> Told | None:
    found = _ADDRESS.search(url)
    text = "-".join(found.groups()) if found else ""
    return Told(by="address", text=text, moment=moment(text)) if found else None


def _by_time_since(reading: Reading, language: str) -> Time | None:
    """The time of publication by the time since, given that of the capture."""
    page, at = reading.page, reading.at
    if not page.page.is_capture or at < 0:
        return None
    for segment in page.segments[at + 1 : at + 1 + RELATIVE_LINES]:
        if segment.text and (found := relative_moment(segment.line, language, reading.captured, reading.zone)) is not None:
            return Time(iso=found.iso(reading.zone)[0], by="time since", exact=LOCAL if found.time else DAY, problems=(RELATIVE,))
    return None


def _note(trace: Trace, which: str, best: Time, told: Sequence[Told]) -> None:
    """Note all candidates; those that are no time are silent."""
    said = [(one.by, one.text) for one in told if one.moment is not None]
    heard = {by for by, _ in said}
    trace.note(which, best.by if best.iso else None, said, [one.by for one in told if one.by not in heard])

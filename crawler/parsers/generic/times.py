"""Find the times of publication and of the last change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from attrs import evolve, frozen

from crawler.parsers.dates.dates import LATER_THAN_CAPTURE, ZONE_ASSUMED, bounded, moment
from crawler.parsers.document.rules import Trace
from crawler.parsers.generic.candidates import Candidate, Candidates

DAY, LOCAL, EXACT = range(3)
"""How exact a time is: a bare day, a time without zone, a time with its zone."""


@frozen(kw_only=True)
class Time:
    """A time as one candidate tells it."""

    iso: str | None = None
    by: str = ""
    exact: int = DAY
    problems: tuple[str, ...] = ()

    @property
    def day(self) -> str:
        """The day alone."""
        return (self.iso or "")[:10]


def best_time(page: Candidates, which: str, at: int, zone: str, captured: datetime, trace: Trace | None = None) -> Time:
    """Find the best time: exact before local before a bare day.

    None is later than the capture.

    Args:
        which: `published` or `modified`.
        at: Place of the headline in the flow, -1 if it is not printed.
        zone: IANA name of the zone of times without one.
    """
    best: Time | None = None
    problems: dict[str, None] = {}
    for by, text in page.times(which, at):
        found = _read(by, text, zone, captured)
        if found is not None and found.iso is None:
            problems[LATER_THAN_CAPTURE] = None
        elif found is not None and (best is None or _is_better(found, best)):
            best = found
        if best is not None and best.exact == EXACT:
            break
    if trace is not None:
        _note(trace, which, best, [*page.times(which, at)])
    if best is not None and best.exact == LOCAL:
        problems[ZONE_ASSUMED] = None
    return evolve(best or Time(), problems=tuple(problems))


def _note(trace: Trace, which: str, best: Time | None, told: Sequence[Candidate]) -> None:
    """Note all candidates; those that are no time are silent."""
    times = [by for by, text in told if moment(text) is not None]
    said = [one for one in told if one[0] in times]
    trace.note(which, best.by if best else None, said, [by for by, _ in told if by not in times])


def _is_better(found: Time, best: Time) -> bool:
    """Tell whether a later candidate names the same day more exactly."""
    return found.exact > best.exact and found.day == best.day


def _read(by: str, text: str, zone: str, captured: datetime) -> Time | None:
    """Read a time; without `iso` if later than the capture, None if none."""
    value = moment(text)
    if value is None:
        return None
    iso, assumed = value.iso(zone)
    exact = DAY if value.time is None else LOCAL if assumed else EXACT
    return Time(iso=iso if bounded(iso, captured) else None, by=by, exact=exact)


def printed_date(page: Candidates, at: int) -> str | None:
    """The printed date line nearest to the headline, as printed."""
    return next((segment.line for segment in page.near_dates(at)), None)

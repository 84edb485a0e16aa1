"""Moments: printed times, and the doubts about them."""

from __future__ import annotations

from datetime import date, datetime

from attrs import frozen

from crawler.parsers.dates.zone_names import zone_of

ZONE_ASSUMED = "zone-assumed"
ZONE_AMBIGUOUS = "zone-ambiguous"
ORDER_ASSUMED = "day-month-order-assumed"
CALENDARS_DISAGREE = "calendars-disagree"
LATER_THAN_CAPTURE = "date-later-than-capture"


@frozen(kw_only=True)
class Moment:
    """A printed time: aware, a local time without zone, or a bare day."""

    day: date
    time: datetime | None = None
    """Aware if the zone was printed, else naive; None for a bare day."""
    other: date | None = None
    """The day it is too, if its figures are read in the other order and nothing decides."""
    problems: tuple[str, ...] = ()

    def iso(self, zone: str) -> tuple[str, bool]:
        """ISO 8601, the given zone where none was printed; and whether it was assumed."""
        if self.time is None:
            return self.day.isoformat(), False
        if self.time.tzinfo is not None:
            return self.time.isoformat(), False
        return self.time.replace(tzinfo=zone_of(zone)).isoformat(), True

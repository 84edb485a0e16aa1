"""Requests a day that a schedule of rechecks costs, for a site that runs evenly."""

from __future__ import annotations

import math
from collections.abc import Iterator

from attrs import frozen

from crawler.rechecks.schedule import Schedule


@frozen(kw_only=True)
class Load:
    """Work of one age class."""

    age: str
    stories: float
    every: float
    """Hours."""

    @property
    def requests(self) -> float:
        """Requests a day."""
        return self.stories * 24 / self.every


def work_a_day(schedule: Schedule, *, new: float, known: float) -> Iterator[Load]:
    """Yield the work of each age class.

    Args:
        new: New stories a day.
        known: All known stories.
    """
    youngest = 0.0
    for rate in schedule.rates():
        oldest = known if math.isinf(rate.age.below) else min(known, new * rate.age.below / 24)
        yield Load(age=rate.age.name, stories=max(0.0, oldest - youngest), every=rate.interval)
        youngest = max(youngest, oldest)

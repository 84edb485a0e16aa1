"""Schedule of rechecks: an interval by age, moved by how often stories change, within bounds."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import field, frozen

from crawler.rechecks.estimator import BIAS, Checks

LONGEST = 365 * 24.0
"""Hours after which every known story is asked for again, at most."""
AIM = 0.1
"""Changes that a check is to find on average: an interval is right if one check in ten or so finds a new version."""
PRIOR = 20.0
"""Checks for which the interval by age alone counts: so many are needed before what was seen weighs as much."""
OWN_PRIOR = 1.0
"""Changes by which one story must differ from the others of its age before it is taken for another kind."""
NOTHING: Mapping[float, Checks] = {}


@frozen(kw_only=True)
class AgeClass:
    """Stories up to an age, and the interval that they have without any experience."""

    below: float
    """Hours; the last class has none (infinite)."""
    base: float
    """Hours."""

    @property
    def name(self) -> str:
        """The age in words, for tables."""
        return "older" if math.isinf(self.below) else f"up to {self.below:g} h"


@frozen(kw_only=True)
class Rate:
    """Rate of change of one age class, and the interval in force."""

    age: AgeClass
    checks: int
    changes: int
    rate: float
    """Changes an hour and story, the interval by age alone counted as `PRIOR` checks."""
    interval: float
    """Hours, for a story like the others."""


@frozen(kw_only=True)
class Schedule:
    """Interval between two requests for a story.

    Args:
        hours: Age and interval in hours, youngest first (ARCHIVE_RECHECK_HOURS).
        fastest, slowest: Bounds, as factors of the interval (ARCHIVE_RECHECK_FASTEST, ARCHIVE_RECHECK_SLOWEST).
        seen: Checks of stories of the site, by the bound of their age class.
    """

    hours: Sequence[tuple[float, float]] = ((24, 3), (168, 24), (720, 168), (8760, 1440))
    fastest: float = 0.25
    slowest: float = 2.0
    seen: Mapping[float, Checks] = NOTHING
    classes: tuple[AgeClass, ...] = field(init=False, eq=False)
    """The age classes, youngest first; the last one holds all older stories."""
    _rates: dict[float, Rate] = field(factory=dict, init=False, eq=False)

    @classes.default
    def _classes(self) -> tuple[AgeClass, ...]:
        return (*(AgeClass(below=below, base=every) for below, every in self.hours), AgeClass(below=math.inf, base=LONGEST))

    def class_of(self, age: float) -> AgeClass:
        """Choose the class of an age in hours."""
        for one in self.classes:
            if age <= one.below:
                return one
        return self.classes[-1]

    def rate_of(self, age: AgeClass) -> Rate:
        """Estimate how often stories of a class change, and their interval."""
        if age.below not in self._rates:
            self._rates[age.below] = self._estimated(age)
        return self._rates[age.below]

    def rates(self) -> Iterator[Rate]:
        """Yield what is known of each class, youngest first."""
        return map(self.rate_of, self.classes)

    def _estimated(self, age: AgeClass) -> Rate:
        seen = self.seen.get(age.below) or Checks()
        if not age.base:
            return Rate(age=age, checks=round(seen.checks), changes=round(seen.changes), rate=0.0, interval=0.0)
        # So many of the prior's checks found a change that, alone, they give the interval by age: the inverse of the estimator.
        changed = (PRIOR + BIAS) * -math.expm1(-AIM)
        pooled = seen.plus([(age.base, True, changed), (age.base, False, PRIOR - changed)])
        rate = pooled.rate()
        return Rate(
            age=age, checks=round(seen.checks), changes=round(seen.changes), rate=rate, interval=self._bounded(AIM / rate, age.base)
        )  # fmt: skip

    def _bounded(self, hours: float, base: float) -> float:
        return min(max(hours, base * self.fastest), base * self.slowest, max(LONGEST, base * self.fastest))

    def activity(self, checks: Iterable[tuple[float, float, bool]]) -> float:
        """Factor by which a story changes more often than others of its age.

        Found changes over those expected of its last checks, each with `OWN_PRIOR` added: the mean of a Gamma posterior, shrunk to 1.

        Args:
            checks: Age at the check, hours since the one before, and whether it found a change.
        """
        found, expected = OWN_PRIOR, OWN_PRIOR
        for age, hours, changed in checks:
            found += changed
            expected += -math.expm1(-self.rate_of(self.class_of(age)).rate * max(hours, 0.0))
        return found / expected

    def interval(self, age: float, activity: float = 1.0) -> float:
        """Hours until a story of an age in hours is asked for again."""
        one = self.class_of(age)
        if not one.base:
            return 0.0
        return self._bounded(AIM / (activity * self.rate_of(one).rate), one.base)

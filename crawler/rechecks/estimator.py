"""Estimator of how often stories change, from checks at irregular intervals.

A check is a sighting of a story after its first one; it found a change if it is the first sighting of a new version: a new text, not a
changed byte. Changes are taken for a Poisson process: after t hours a check finds one with probability 1 - exp(-rate * t), however many
there were. Source: J. Cho and H. Garcia-Molina, "Estimating frequency of change", ACM Transactions on Internet Technology 3(3), 2003.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Iterable

from attrs import define, field

BUCKETS = 4
"""Lengths of interval that are told apart between a number of hours and its double."""
BIAS = 0.5
"""Unchanged checks of mean length that are added, as the paper does, so that few checks do not overstate the rate."""
_STEPS = 80


@define
class Checks:
    """Counts of checks by the length of their interval; bounded, however many there are."""

    _changed: dict[int, list[float]] = field(factory=dict, init=False)
    """By bucket, the number of checks and the sum of their hours."""
    changes: float = field(default=0.0, init=False)
    checks: float = field(default=0.0, init=False)
    hours: float = field(default=0.0, init=False)
    """Sum of all intervals."""
    _quiet: float = field(default=0.0, init=False)
    """Sum of the intervals without a change."""

    def add(self, hours: float, changed: bool, *, weight: float = 1.0) -> None:
        """Count a check after so many hours; a weight counts it so many times."""
        if hours <= 0 or weight <= 0:
            return
        self.checks += weight
        self.hours += weight * hours
        if not changed:
            self._quiet += weight * hours
            return
        self.changes += weight
        of_length = self._changed.setdefault(math.floor(BUCKETS * math.log2(hours)), [0.0, 0.0])
        of_length[0] += weight
        of_length[1] += weight * hours

    def plus(self, more: Iterable[tuple[float, bool, float]]) -> Checks:
        """Add checks (hours, changed, weight) to a copy."""
        other = copy.deepcopy(self)
        for hours, changed, weight in more:
            other.add(hours, changed, weight=weight)
        return other

    def rate(self) -> float:
        """Changes an hour, by maximum likelihood, its bias reduced; 0 without any change.

        Solves sum over checks with a change of t / (exp(rate * t) - 1) = sum over the others of t + BIAS * mean t. Without the last term
        it is the paper's estimator for irregular intervals; with equal ones it is its bias-reduced -log((n - x + 0.5) / (n + 0.5)) / t.

        >>> checks = Checks()
        >>> for changed in (True, False, False, False):
        ...     checks.add(24, changed)
        >>> round(checks.rate() * 24, 6) == round(-math.log((4 - 1 + 0.5) / (4 + 0.5)), 6)
        True
        """
        if not self.changes:
            return 0.0
        target = self._quiet + BIAS * self.hours / self.checks
        low, high = 1e-12, 1e6
        for _ in range(_STEPS):
            middle = math.sqrt(low * high)
            low, high = (middle, high) if self._hours_before(middle) > target else (low, middle)
        return math.sqrt(low * high)

    def _hours_before(self, rate: float) -> float:
        """Hours that the intervals with a change lasted before it, as the likelihood weighs them."""
        return sum(count * mean / math.expm1(min(rate * mean, 700.0)) for count, mean in self._lengths())

    def _lengths(self) -> list[tuple[float, float]]:
        return [(count, hours / count) for count, hours in self._changed.values()]

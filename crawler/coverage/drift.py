"""Drift: stories of a site that are read otherwise than in its earlier runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from attrs import field, frozen

EARLIER_RUNS = 20
MIN_BEFORE = 5
"""Stories of earlier runs below which nothing is compared."""
MIN_NOW = 3
SLACK = 0.05
"""Shares differ by as much from day to day: who writes, and about what."""


@frozen(kw_only=True)
class Reckoning:
    """Counts of how the stories of one run, or of several, were read."""

    stories: int = 0
    counts: Mapping[str, int] = field(factory=dict)
    """Events and the number of stories they happened to: `template modern`, `deck missing`, `deck not by its first reader`, ..."""


@frozen(kw_only=True)
class Drift:
    """One thing that happens more often than it used to."""

    what: str
    now: int
    stories: int
    before: int
    earlier: int

    def __str__(self) -> str:
        return f"{self.what}: {self.now} of {self.stories} stories, {self.before} of {self.earlier} in earlier runs"


def reckoned(stats: Iterable[Mapping[str, Any]]) -> Reckoning:
    """Add up the `stats` of runs that counted how their stories were read."""
    stories, counts = 0, Counter[str]()
    for one in stats:
        if "missing_fields" not in one:
            continue
        stories += sum(one["templates"].values())
        counts.update({f"template {name}": count for name, count in one["templates"].items() if name != "generic"})
        counts.update({f"{name} missing": count for name, count in one["missing_fields"].items()})
        for name, count in one["fallback_fields"].items():
            counts["read by the generic reader" if name == "whole page" else f"{name} not by its first reader"] += count
        for problem, count in one["problems"].items():
            counts[problem] += count
    return Reckoning(stories=stories, counts=counts)


def drift(now: Reckoning, before: Reckoning) -> tuple[Drift, ...]:
    """Find what happens to more than twice the share of stories than before."""
    if before.stories < MIN_BEFORE:
        return ()
    found = (
        Drift(what=what, now=count, stories=now.stories, before=before.counts.get(what, 0), earlier=before.stories)
        for what, count in now.counts.items()
        if count >= MIN_NOW
    )
    grown = (one for one in found if one.now / max(1, one.stories) > 2 * one.before / one.earlier + SLACK)
    return tuple(sorted(grown, key=lambda one: (-one.now, one.what)))

"""The estimator finds the rate of Poisson edits, and the schedule moves within its bounds."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.rechecks.estimator import Checks
from crawler.rechecks.schedule import AIM, LONGEST, Schedule


def watched(rate: float, hours: list[float], seed: int) -> Checks:
    """Checks of a story that is edited at random, so often an hour."""
    draw, checks = random.Random(seed), Checks()
    for length in hours:
        checks.add(length, draw.random() < -math.expm1(-rate * length))
    return checks


@pytest.mark.parametrize("rate", [0.002, 0.02, 0.2])
def test_the_estimate_converges_to_the_rate_of_the_edits(rate: float) -> None:
    draw = random.Random(3)
    hours = [draw.choice([1.0, 3.0, 5.0, 24.0]) for _ in range(20_000)]
    assert watched(rate, hours, 7).rate() == pytest.approx(rate, rel=0.1)


@given(st.integers(1, 60), st.integers(0, 60), st.floats(0.2, 2000))
def test_with_equal_intervals_it_is_the_bias_reduced_estimator(checks: int, changes: int, hours: float) -> None:
    changes = min(changes, checks)
    made = Checks()
    for n in range(checks):
        made.add(hours, n < changes)
    assert made.rate() * hours == pytest.approx(-math.log((checks - changes + 0.5) / (checks + 0.5)), rel=1e-4, abs=1e-9)


CHECKS = st.lists(st.tuples(st.floats(0.2, 4000), st.booleans()), max_size=40)


@given(CHECKS, st.floats(0, 20_000), st.lists(st.tuples(st.floats(0, 9000), st.floats(0.2, 500), st.booleans()), max_size=8))
def test_intervals_stay_within_their_bounds(seen: list[tuple[float, bool]], age: float, own: list[tuple[float, float, bool]]) -> None:
    counted = Checks()
    for hours, changed in seen:
        counted.add(hours, changed)
    schedule = Schedule(seen={24: counted, math.inf: counted})
    one, interval = schedule.class_of(age), schedule.interval(age, schedule.activity(own))
    assert one.base * 0.25 <= interval * (1 + 1e-9)
    assert interval <= min(one.base * 2, LONGEST) * (1 + 1e-9)


def test_without_experience_the_age_alone_counts() -> None:
    assert [round(rate.interval, 6) for rate in Schedule().rates()] == [3, 24, 168, 1440, 8760]
    assert [one.name for one in Schedule().classes] == ["up to 24 h", "up to 168 h", "up to 720 h", "up to 8760 h", "older"]
    fixed = Schedule(fastest=1, slowest=1, seen={24: watched(5.0, [3.0] * 100, 1)})
    assert fixed.interval(1, 9.0) == 3


def test_a_site_that_edits_often_is_asked_often_and_one_that_never_does_is_not() -> None:
    busy, quiet = (Schedule(seen={24: watched(rate, [3.0] * 300, 5)}) for rate in (0.5, 0.0))
    assert (busy.interval(1), quiet.interval(1)) == (0.75, 6)
    assert (busy.interval(100), quiet.interval(100)) == (pytest.approx(24), pytest.approx(24)), "each age class for itself"
    steady = Schedule(seen={24: watched(AIM / 3, [3.0] * 4000, 5)})
    assert steady.interval(1) == pytest.approx(3, rel=0.2)


def test_changes_shorten_the_interval_of_a_story_and_unchanged_answers_lengthen_it() -> None:
    schedule = Schedule()
    after = [schedule.interval(2, schedule.activity([(1, 3, True)] * n)) for n in range(4)]
    assert after == sorted(after, reverse=True)
    assert after[3] < 1.5
    quiet = [schedule.interval(2, schedule.activity([(1, 3, False)] * n)) for n in range(4)]
    assert quiet == sorted(quiet)
    assert 3 < quiet[3] <= 6


def test_a_class_without_an_interval_is_due_at_once() -> None:
    schedule = Schedule(hours=((24, 0),))
    assert (schedule.interval(1), schedule.interval(25)) == (0, pytest.approx(8760))

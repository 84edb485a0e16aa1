"""Requests of several runs to one host take turns, whatever the runs see of each other."""

from __future__ import annotations

import pytest

from crawler.pacing import crowd as module
from crawler.pacing.crowd import Crowd


def test_turns_are_a_delay_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(module, "monotonic", lambda: now)
    crowd = Crowd()
    assert [crowd.turn("a", 2.0), crowd.turn("a", 2.0), crowd.turn("b", 2.0), crowd.turn("a", 1.0)] == [0.0, 2.0, 0.0, 4.0]
    now = 106.0
    assert [crowd.turn("a", 2.0), crowd.turn("a", 2.0)] == [0.0, 2.0]


def test_turns_of_the_past_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(module, "monotonic", lambda: now)
    monkeypatch.setattr(module, "MANY_HOSTS", 3)
    crowd = Crowd()
    for host in "abcd":
        crowd.turn(host, 2.0)
    now = 101.0
    crowd.turn("e", 2.0)
    now = 102.5
    crowd.turn("f", 2.0)
    assert set(crowd._turns) == {"e", "f"}


def test_a_request_that_leaves_late_puts_off_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    crowd, now = Crowd(), 10.0
    monkeypatch.setattr(module, "monotonic", lambda: now)
    assert crowd.turn("a", 2.0) == 0.0
    now = 11.5  # the loop stood still
    crowd.sent("a", 2.0)
    assert crowd.turn("a", 2.0) == 2.0

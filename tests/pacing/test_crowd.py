"""Runs of one process that come and go keep a host's delay together; only those that asked it are looked at."""

from __future__ import annotations

from time import monotonic
from types import SimpleNamespace
from typing import Any

import pytest

from crawler.pacing.crowd import Crowd
from crawler.pacing.delays import DelayPolicy, Delays
from crawler.pacing.pace import Pace


def slot(delay: float, sent: float) -> Any:
    one = SimpleNamespace(delay=delay, lastseen=sent, jitter=0.0, concurrency=1, queue=())
    one.free_transfer_slots, one.ready_at = lambda: 1, lambda: one.lastseen + one.delay
    return one


def joined(crowd: Crowd, **slots: Any) -> Pace:
    pace = Pace(delay=10.0, slots=slots)
    crowd.join(pace)
    return pace


def test_a_host_is_left_alone_after_the_run_that_asked_it_has_ended() -> None:
    crowd = Crowd()
    first = joined(crowd, a=slot(10.0, monotonic() - 4.0))
    first.lease("a")
    first._leased["a"] = monotonic() - 5.0
    crowd.leave(first)
    later = joined(crowd)
    assert later.wait("a", 0) == pytest.approx(6.0, abs=0.5)
    assert later.wait("b", 0) is None
    crowd._left["a"] = monotonic() - 0.1
    assert later.wait("a", 0) is None
    assert not crowd._left, "what is over is forgotten"


def test_a_request_that_was_handed_out_and_maybe_sent_counts_from_the_end_of_its_run() -> None:
    crowd = Crowd()
    for slots in ({}, {"a": slot(10.0, monotonic() - 60.0)}):
        first = joined(crowd, **slots)
        first.lease("a")
        crowd.leave(first)
        assert joined(crowd).wait("a", 0) == pytest.approx(10.0, abs=0.5)


def test_a_run_looks_only_at_those_that_have_asked_its_host(monkeypatch: pytest.MonkeyPatch) -> None:
    crowd = Crowd()
    others = [joined(crowd) for _ in range(200)]
    for n, other in enumerate(others):
        other.lease(f"h{n}.example")
    monkeypatch.setattr(Pace, "rest", lambda *_: pytest.fail("looked at"))
    assert joined(crowd).wait("mine.example", 0) is None
    for other in others:
        crowd.leave(other)
    assert not crowd._paces


def test_delays_of_hosts_that_nobody_asks_any_more_are_forgotten_but_penalties_stay() -> None:
    crowd = Crowd(delays=Delays(policy=DelayPolicy(floor=1.0)))
    one, other = joined(crowd), joined(crowd)
    for pace in (one, other):
        pace.slots = {"a": slot(1.0, 0.0), "b": slot(1.0, 0.0)}
        for host in pace.slots:
            pace.watch(pace.slots, host)
    crowd.delays.answered("a", 0.5)
    crowd.delays.overloaded("b", "429")
    assert [dict(pace.slots or {})["b"].delay for pace in (one, other)] == [2.0, 2.0]
    crowd.leave(one)
    assert set(crowd.delays._hosts) == {"a", "b"}
    crowd.leave(other)
    assert set(crowd.delays._hosts) == {"b"}
    assert crowd.delays.slowed()["b"]["signs"] == {"overload in an earlier run": 1}

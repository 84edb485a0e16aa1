"""One module tells the time of day, and a test may tell another one."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

from crawler.clock import now, steady, told_by

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)


def test_another_clock_tells_the_time_to_all_threads_and_not_a_moment_longer() -> None:
    told = []
    with told_by(lambda: NOON):
        thread = threading.Thread(target=lambda: told.append(now()))
        thread.start()
        thread.join()
        assert [now(), *told] == [NOON, NOON]
    assert now().tzinfo is UTC
    assert abs(now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_a_steady_clock_stands_still_while_the_time_is_set_back() -> None:
    times = iter([NOON, NOON - timedelta(hours=1), NOON, NOON + timedelta(seconds=1)])
    with told_by(lambda: next(times)):
        clock = steady()
        assert [clock(), clock(), clock()] == [NOON, NOON, NOON + timedelta(seconds=1)]

"""Signals, second writers, clocks: a crawl that is stopped says so, and goes on where it was."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from newsroom import Newspaper, judge

from crawler.index.store import Index
from crawler.start import steady


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[Newspaper]:
    """A paper whose page 3 takes half a minute."""
    newspaper = Newspaper(tmp_path, pages=12, delay=-1)
    yield newspaper
    newspaper.close()


def wait_for(newspaper: Newspaper, page: str, crawl: subprocess.Popen[str]) -> None:
    for _ in range(200):
        if page in newspaper.asked():
            return
        assert crawl.poll() is None, crawl.communicate()
        time.sleep(0.05)
    raise AssertionError(f"{page} was never asked for")


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_slow_server_does_not_hold_a_stop(slow: Newspaper, how: signal.Signals) -> None:
    crawl = slow.crawl("-s", "ARCHIVE_SHUTDOWN_SECONDS=1.5")
    wait_for(slow, "/p/3", crawl)
    time.sleep(0.3)
    began = time.monotonic()
    crawl.send_signal(how)
    out, err = crawl.communicate(timeout=30)
    assert crawl.returncode == 14, out + err
    assert 1 < time.monotonic() - began < 5
    assert "STOPPED" in out
    assert "Traceback" not in err, err
    assert judge(slow.collection, again=False) == []
    assert slow.held() < slow.wanted()


def test_what_is_in_flight_is_finished(tmp_path: Path) -> None:
    newspaper = Newspaper(tmp_path, pages=12, delay=1.0)
    try:
        crawl = newspaper.crawl()
        wait_for(newspaper, "/p/3", crawl)
        crawl.send_signal(signal.SIGTERM)
        out, err = crawl.communicate(timeout=30)
        assert crawl.returncode == 14, out + err
        assert set(newspaper.asked()) == newspaper.held()
        asked = len(newspaper.asked())
        crawl = newspaper.crawl()
        out, err = crawl.communicate(timeout=60)
        assert crawl.returncode == 0, out + err
        assert newspaper.held() == newspaper.wanted()
        assert len(newspaper.asked()) == asked + len(newspaper.wanted()) - asked + 1, "each page once, the seed by each run"
    finally:
        newspaper.close()


def test_the_second_signal_is_immediate_and_recoverable(slow: Newspaper) -> None:
    crawl = slow.crawl()
    wait_for(slow, "/p/3", crawl)
    crawl.send_signal(signal.SIGTERM)
    time.sleep(0.5)
    assert crawl.poll() is None
    began = time.monotonic()
    crawl.send_signal(signal.SIGTERM)
    out, err = crawl.communicate(timeout=30)
    assert time.monotonic() - began < 3
    assert crawl.returncode == 14, out + err
    assert judge(slow.collection) == []


def test_a_second_writer_is_told_at_once_and_a_dead_one_holds_nothing(slow: Newspaper) -> None:
    first = slow.crawl()
    try:
        wait_for(slow, "/p/3", first)
        began = time.monotonic()
        second = slow.crawl()
        _, err = second.communicate(timeout=30)
        took = time.monotonic() - began
        assert second.returncode == 11
        assert f"in use by process {first.pid} since 2" in err
        assert took < 4, "a second of it is Python's and Scrapy's start"
    finally:
        first.kill()
        first.communicate()
    third = slow.crawl("-s", "ARCHIVE_SHUTDOWN_SECONDS=0.5")
    time.sleep(2)
    third.terminate()
    _, err = third.communicate(timeout=30)
    assert third.returncode == 14, err


def test_a_clock_that_is_set_back_stands_still() -> None:
    times = iter([0, 10, 5, 5, 11])
    start = datetime(2026, 11, 24, tzinfo=UTC)
    clock = steady(lambda: start + timedelta(seconds=next(times)))
    assert [(clock() - start).seconds for _ in range(4)] == [10, 10, 10, 11]


def test_a_clock_that_steps_back_an_hour_between_crawls_and_during_one(tmp_path: Path) -> None:
    newspaper = Newspaper(tmp_path, pages=60)
    try:
        # Ahead by an hour, and killed; then right; then an hour ahead again, and right from the two hundredth look on.
        assert newspaper.kill(newspaper.crawl(clock=(3600, 10**9, 0)), 20)
        for clock in (None, (3600, 200, -3600)):
            crawl = newspaper.crawl(clock=clock)
            out, err = crawl.communicate(timeout=60)
            assert crawl.returncode == 0, out + err
            assert newspaper.held() == newspaper.wanted()
        assert judge(newspaper.collection, again=False) == []
        names = [file.name for file in (newspaper.collection / "archive").iterdir()]
        serials = sorted(int(name.split("-")[2]) for name in names)
        assert serials == list(range(1, len(names) + 1)), "each name has a serial of its own, whatever the clock says"
        with Index.open(newspaper.collection / "index.db", readonly=True) as index:
            rows = index.query("SELECT date, warc, offset FROM captures ORDER BY id")
        dates = [row["date"] for row in rows]
        assert dates != sorted(dates), "the clock did step back"
        places = [(int(str(row["warc"]).split("-")[2]), row["offset"]) for row in rows]
        assert places == sorted(places), "rows stand in the order in which they were written"
    finally:
        newspaper.close()

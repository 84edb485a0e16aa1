"""Signals, second writers, clocks: a crawl that is stopped says so, and goes on where it was."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from newsroom import ROOT, Newspaper, environment, judge

from crawler.clock import steady
from crawler.index.index import Index


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
    while f"process {third.pid} " not in (slow.collection / "archive.lock").read_text():
        assert third.poll() is None, third.communicate()
        time.sleep(0.05)
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


@pytest.fixture
def crashed(tmp_path: Path) -> Iterator[Newspaper]:
    """A paper with a collection whose crawl was killed."""
    newspaper = Newspaper(tmp_path, pages=40)
    assert newspaper.kill(newspaper.crawl(), 10)
    yield newspaper
    newspaper.close()


@pytest.mark.parametrize(
    ("point", "how"), [("recover:before", signal.SIGTERM), ("seal:before", signal.SIGTERM), ("seal:renamed", signal.SIGINT)]
)
def test_two_signals_end_it_with_14_also_while_it_is_opened_or_sealed(crashed: Newspaper, point: str, how: signal.Signals) -> None:
    crawl = crashed.crawl(
        "-s",
        "ARCHIVE_WARC_MAX_BYTES=1000000000",
        fault=f"{point}=hold",
        unchecked="ended at once, as by a kill: judged when it is opened again",
    )
    assert crawl.stderr is not None
    told = ""
    while f"held at {point}" not in told:
        told += crawl.stderr.readline()
        assert crawl.poll() is None, told
    began = time.monotonic()
    crawl.send_signal(how)
    if point == "recover:before":
        # What was to be mended is left as it was.
        crawl.wait(10)
    else:
        time.sleep(0.3)
        assert crawl.poll() is None, "what is being sealed is sealed"
        crawl.send_signal(how)
    out, err = crawl.communicate(timeout=30)
    assert crawl.returncode == 14, out + err
    assert time.monotonic() - began < 10
    assert "Traceback" not in err, err
    assert err.count("again to stop at once") == 1
    assert judge(crashed.collection) == []


def test_the_first_signal_says_once_what_is_finished(slow: Newspaper) -> None:
    crawl = slow.crawl("-s", "ARCHIVE_SHUTDOWN_SECONDS=0.5")
    wait_for(slow, "/p/3", crawl)
    crawl.send_signal(signal.SIGINT)
    _, err = crawl.communicate(timeout=30)
    assert crawl.returncode == 14
    assert [line for line in err.splitlines() if "again to stop" in line] == [
        line for line in err.splitlines() if line.startswith("SIGINT: finishing what is in flight (")
    ]
    assert err.count("again to stop at once") == 1


EARLY = {
    "while the commands are imported": "import sys\nclass Finder:\n    def find_spec(self, name, path=None, target=None):\n"
    "        if name == 'crawler.commands.crawl': os.kill(os.getpid(), signal.SIGTERM)\nsys.meta_path.insert(0, Finder())\n",
    "before Scrapy's process is made": "import crawler.commands.crawl as c\nbefore = c.Command.check\n"
    "def check(self, args, opts):\n    before(self, args, opts)\n    os.kill(os.getpid(), signal.SIGTERM)\nc.Command.check = check\n",
}


@pytest.mark.parametrize("when", EARLY)
def test_a_signal_before_anything_is_open(tmp_path: Path, when: str) -> None:
    code = (
        f"import os, signal, sys\nsys.argv = ['scrapy']\n{EARLY[when]}from scrapy.cmdline import execute\n"
        "execute(['scrapy', 'crawl', 'web', '-a', 'seeds=http://paper.example/'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(tmp_path), cwd=ROOT, capture_output=True, text=True, timeout=30, check=False
    )
    assert (done.returncode, done.stdout, "Traceback" in done.stderr) == (14, "", False)
    assert not list(tmp_path.iterdir())

"""Backfill by number: every number once, a few at a time, around a kill too; numbers of no story are remembered."""

from __future__ import annotations

import json
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stands import Scrapy

from crawler.backfill.day_search import DaySearch
from crawler.backfill.number_range import Anchor, NumberRange
from crawler.backfill.numbers import BATCH, LOW, NumberBackfill
from crawler.backfill.progress import Pacemeter, backfill_text, duration, progress_line
from crawler.errors import Usage
from crawler.items import BY_NUMBER, FrontierRequest, Mirror
from crawler.sites.site import Site
from crawler.spiders.arguments import parse_arguments

FIRST = date(2026, 1, 1)
SITE = Site(
    name="gazette", title="Gazette", language="en", mirrors=(Mirror("gazette.example", scheme="http"),),
    stories=(r"^/story/(?P<id>\d+)(?:[/?#]|$)",), numbered=((1000, FIRST), (1240, FIRST + timedelta(days=48))), story_page="/story/{number}",
)  # fmt: skip


class Queue:
    """A frontier that answers what was queued when it is told to."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.states: dict[str, str] = {}

    def rows(self, keys: Any) -> dict[str, Any]:
        return {key: SimpleNamespace(state=self.states[key]) for key in keys if key in self.states}

    def add(self, requests: Any) -> int:
        for request in list(requests):
            assert isinstance(request, FrontierRequest)
            assert (request.found_on, request.only_new, request.url) == (BY_NUMBER, True, f"http://gazette.example/story/{request.key[8:]}")
            self.asked.append(int(request.key.partition("/")[2]))
            self.states[request.key] = "queued"
        return 0

    def settle(self, count: int) -> None:
        for key in [key for key, state in self.states.items() if state == "queued"][:count]:
            self.states[key] = "done"

    @property
    def open(self) -> int:
        return sum(state == "queued" for state in self.states.values())


def backfill(queue: Queue, first: int, last: int, known: set[int] = frozenset(), **more: Any) -> NumberBackfill:  # type: ignore[assignment]
    marks = bytearray(int(number in known) for number in range(first, last + 1))
    return NumberBackfill(site=SITE, host="gazette.example", frontier=queue, span=NumberRange(first=first, last=last), known=marks, **more)


@given(st.integers(0, 400), st.sets(st.integers(1000, 1400)), st.lists(st.integers(1, 80), min_size=1, max_size=20))
def test_every_unknown_number_is_queued_once_and_few_at_a_time(count: int, known: set[int], steps: list[int]) -> None:
    queue, last = Queue(), 1000 + count - 1
    numbers, at = backfill(queue, 1000, last, known), 0
    while numbers.more() or queue.open:
        numbers.top_up()
        assert queue.open <= BATCH + LOW
        assert numbers.left() == len(set(range(1000, last + 1)) - known) - len(queue.asked) + queue.open
        queue.settle(steps[at % len(steps)])
        at += 1
    assert queue.asked == sorted(set(range(1000, last + 1)) - known, reverse=True)
    assert numbers.left() == 0
    assert not numbers.top_up()


def test_the_bounds_of_days_are_asked_for_before_the_numbers() -> None:
    queue, days = Queue(), dict[str, date]()
    every = {f"gazette/{number}": FIRST + timedelta(days=(number - 1000) // 5) for number in range(1000, 3001) if number % 3}
    low, high = (DaySearch(Anchor(1000, FIRST), Anchor(3000, FIRST + timedelta(days=400)), FIRST + timedelta(days=n)) for n in (100, 110))
    numbers = backfill(queue, 1001, 2999, low=low, high=high, day_of=days.get)
    while numbers.more() or queue.open:
        numbers.top_up()
        for key in [key for key, state in queue.states.items() if state == "queued"]:
            queue.states[key] = "done"
            if key in every:
                days[key] = every[key]
    assert numbers.probes < 60
    assert numbers.span.first > 1400
    assert numbers.span.last < 1700
    wanted = {number for number in range(1500, 1550) if number % 3}
    assert wanted <= set(queue.asked)
    assert max(Counter(queue.asked).values()) == 1
    assert len(queue.asked) < 350


def test_a_backfill_by_number_is_refused_where_no_address_is_known() -> None:
    names = ("backfill",)
    assert parse_arguments({"backfill": "numbers"}, names, site=SITE).backfill == {"numbers"}
    for lacking in ({"story_page": None}, {"numbered": ()}):
        from attrs import evolve

        with pytest.raises(Usage, match="no address is known that answers for a number alone"):
            parse_arguments({"backfill": "numbers"}, names, site=evolve(SITE, **lacking))


def test_every_site_that_has_addresses_by_number_knows_them_as_stories() -> None:
    from crawler.sites import load_sites

    having = [site for site in load_sites(()).values() if site.story_page]
    assert [site.name for site in having] == ["presstv"]
    for site in having:
        assert site.numbered
        assert site.story_id(site.story_address(site.mirrors[0].host, 123456)) == f"{site.name}/123456"
        assert not site.forbidden(site.story_address(site.mirrors[0].host, 123456))


def test_what_is_left_is_estimated_by_the_pace_of_the_last_minutes() -> None:
    pace = Pacemeter()
    assert pace.seconds_for(100, 0, 1000.0) is None
    assert pace.seconds_for(100, 50, 1050.0) == 100.0
    for n in range(1, 40):
        pace.seconds_for(100, 50 + n * 10, 1050.0 + n * 60)
    assert pace.seconds_for(10, 50 + 400, 1050.0 + 2400) == pytest.approx(60)
    assert [duration(seconds) for seconds in (20, 90, 3700, 7200, 100_000)] == [
        "less than a minute",
        "1 min",
        "1 h 1 min",
        "2 h",
        "1 d 3 h",
    ]
    assert progress_line(1, None) == "  1 address left"
    assert progress_line(40, 7200.0) == "  40 addresses left, about 2 h"
    assert list(backfill_text(None)) == []


# -- whole crawls


class Gazette:
    """A paper on loopback: of three numbers, two have a story; asked for by number it answers at once, or leads to the story's own address."""

    def __init__(self) -> None:
        self.asked = Counter[int]()
        self.paths: list[str] = []
        self.front = ""
        self.born = set[int]()
        gazette = self

        class Desk(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                gazette.paths.append(self.path)
                time.sleep(0.004)
                status, body, more = gazette.answer(self.path)
                self.send_response(status)
                for name, value in {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body)), **more}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, path: str) -> tuple[int, bytes, dict[str, str]]:
        found = re.fullmatch(r"/story/(\d+)(/told)?", path)
        if path == "/":
            return 200, f"<html><body><h1>Gazette</h1>{self.front}</body></html>".encode(), {}
        if not found:
            return 404, b"no such page", {}
        number = int(found[1])
        self.asked[number] += not found[2]
        if number % 3 == 0 and number not in self.born:
            if number % 2:
                return 302, b"", {"Location": "/"}
            return 404, b"<html><body><h1>Not found</h1></body></html>", {}
        if not found[2] and number % 5 == 0:
            return 301, b"", {"Location": f"/story/{number}/told"}
        day = FIRST + timedelta(days=(number - 1000) // 5)
        words = f"Sentence {number} says what the harbour saw on that day. " * 12
        text = f'<html><head><meta property="article:published_time" content="{day}T10:00:00Z"><title>Story {number}</title></head>'
        return 200, f"{text}<body><article><h1>Story {number} of the harbour</h1><p>{words}</p></article></body></html>".encode(), {}

    def words(self, folder: Path, **settings: Any) -> list[str]:
        """Settings that lead a crawl here, and a folder with the site's file."""
        folder.mkdir(exist_ok=True)
        text = (
            "from datetime import date\nfrom crawler.sites.site import Mirror, Section, Site\n"
            'SITE = Site(name="gazette", title="Gazette", language="en", mirrors=(Mirror("gazette.example", scheme="http"),),'
            ' stories=(r"^/story/(?P<id>\\d+)(?:[/?#]|$)",), numbered=((1000, date(2026, 1, 1)), (1240, date(2026, 2, 18))),'
            ' seeds=(Section("/"),), story_page="/story/{number}")\n'
        )
        (folder / "gazette.py").write_text(text)
        values = {
            "ARCHIVE_SITES": folder, "ARCHIVE_CONNECT_TO": f"*:*=127.0.0.1:{self.server.server_address[1]}", "DOWNLOAD_DELAY": 0,
            "ARCHIVE_MIN_FREE_BYTES": 0, "ARCHIVE_RESERVE_BYTES": 0, **settings,
        }  # fmt: skip
        return ["-a", "backfill=numbers", *(word for name, value in values.items() for word in ("-s", f"{name}={value}"))]


@pytest.fixture
def gazette() -> Iterator[Gazette]:
    paper = Gazette()
    yield paper
    paper.server.shutdown()
    paper.server.server_close()


def rows(scrapy: Scrapy, sql: str) -> list[tuple[Any, ...]]:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(scrapy.archives / "gazette" / "index.db")) as db:
        return db.execute(sql).fetchall()


def test_all_numbers_are_asked_for_once_though_the_crawl_is_killed(scrapy: Scrapy, gazette: Gazette, tmp_path: Path) -> None:
    words = gazette.words(tmp_path / "sites", CONCURRENT_REQUESTS_PER_DOMAIN=2)
    with scrapy.start("crawl", "gazette", *words, unchecked="killed") as process:
        while gazette.asked.total() < 90:
            time.sleep(0.01)
        process.kill()
        process.communicate(timeout=60)
    before = gazette.asked.total()
    assert before < 200
    report = tmp_path / "report.json"
    scrapy("crawl", "gazette", *words, "--report-json", str(report))
    every = range(1000, 1241)
    assert set(gazette.asked) == set(every), "nothing is skipped"
    assert sum(count - 1 for count in gazette.asked.values()) <= 4, "but for what was in flight nothing is asked for twice"
    stories = {number for number in every if number % 3}
    assert {int(number) for (number,) in rows(scrapy, "SELECT number FROM stories WHERE state = 'live'")} == stories
    assert rows(scrapy, "SELECT count(*) FROM stories WHERE state != 'live'") == [(0,)], "a number of no story is no story that is gone"
    assert rows(scrapy, "SELECT count(*) FROM failures") == [(0,)]
    told = json.loads(report.read_text())
    assert (told["verdict"], told["stats"]["backfill"]["left"]) == ("COMPLETE", 0)
    assert told["stats"]["backfill"]["numbers"] | {"stories": 0, "unused": 0} == {
        "first": 1000, "last": 1240, "stories": 0, "unused": 0, "probes": 0, "left": 0,
    }  # fmt: skip
    gazette.asked.clear()
    done = scrapy("crawl", "gazette", *words)
    assert not gazette.asked, "numbers of no story are remembered"
    assert "numbers: nothing left" in done.stdout


def test_an_index_made_anew_knows_what_was_asked_for(scrapy: Scrapy, gazette: Gazette, tmp_path: Path) -> None:
    words = gazette.words(tmp_path / "sites", ARCHIVE_RECHECK_HOURS="1000000:1000000")
    scrapy("crawl", "gazette", *words, "-a", "until=2026-01-02")
    asked = dict(gazette.asked)
    assert 1000 in asked
    assert max(asked) < 1200
    (scrapy.archives / "gazette" / "index.db").unlink()
    for more in ("-shm", "-wal"):
        (scrapy.archives / "gazette" / f"index.db{more}").unlink(missing_ok=True)
    gazette.asked.clear()
    scrapy("crawl", "gazette", *words, "-a", "until=2026-01-02")
    assert not [number for number in gazette.asked if number % 3 == 0], "of no story"
    assert rows(scrapy, "SELECT count(*) FROM frontier WHERE state = 'queued' AND found_on = 'about:numbers'") == [(0,)]


def test_a_number_of_no_story_is_asked_for_again_when_a_list_shows_it(scrapy: Scrapy, gazette: Gazette, tmp_path: Path) -> None:
    words = gazette.words(tmp_path / "sites")
    scrapy("crawl", "gazette", *words)
    assert rows(scrapy, "SELECT count(*) FROM stories WHERE number = 1200") == [(0,)]
    gazette.born.add(1200)
    gazette.front = '<p><a href="/story/1200">A story of the harbour that was written late</a></p>'
    gazette.asked.clear()
    scrapy("crawl", "gazette", *words)
    assert dict(gazette.asked) == {1200: 1}
    assert rows(scrapy, "SELECT count(*) FROM stories WHERE number = 1200") == [(1,)]


def test_days_are_found_by_asking_few_numbers(scrapy: Scrapy, gazette: Gazette, tmp_path: Path) -> None:
    words = gazette.words(tmp_path / "sites")
    scrapy("crawl", "gazette", *words, "-a", "since=2026-01-20", "-a", "until=2026-01-22")
    wanted = {number for number in range(1095, 1110) if number % 3}
    assert wanted <= set(gazette.asked)
    assert len(gazette.asked) < 160
    assert max(gazette.asked.values()) == 1


def test_a_budget_ends_a_backfill_for_the_day_and_tells_what_is_left(scrapy: Scrapy, gazette: Gazette, tmp_path: Path) -> None:
    words = gazette.words(tmp_path / "sites", ARCHIVE_HOST_REQUESTS_PER_DAY=30)
    done = scrapy("crawl", "gazette", *words)
    assert len(gazette.paths) == 30
    assert re.search(r"POSTPONED \(exit code 0\): 21\d addresses left for later", done.stdout)
    assert re.search(r"21\d addresses left, about", done.stdout)

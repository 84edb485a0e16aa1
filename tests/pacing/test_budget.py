"""Requests a day to a host: counted over runs, never exceeded, and what is beyond waits without making a run incomplete."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from runs import NOW, fixture_of_runs
from stands import Scrapy
from targets import made, page_request

from crawler.collection.ingest import add_capture
from crawler.crawl.run import Run
from crawler.errors import BudgetSpent
from crawler.items import Capture, Failure, Mirror
from crawler.pacing.budget import DailyBudget
from crawler.pacing.past import requests_of_day
from crawler.sites.known import WEB
from crawler.sites.site import Site

HOST = "a.example"
PAGES = 14
SITE = Site(
    name="paper", title="Paper", language="en", stories=(), seeds=(), mirrors=(Mirror(host="m0.example"), Mirror(host="m1.example"))
)

make = fixture_of_runs("web")


@given(st.integers(1, 30), st.lists(st.floats(0, 40), max_size=120))
def test_no_24_hours_see_more_requests_than_a_host_may_get(most: int, hours: list[float]) -> None:
    time, sent = [NOW], list[datetime]()
    budget = DailyBudget(most=most, clock=lambda: time[0])
    for at in sorted(hours):
        time[0] = NOW + timedelta(hours=at)
        budget.spent.clear()
        if not budget.closed(HOST):
            budget.take(HOST)
            sent.append(time[0])
    for n, when in enumerate(sent):
        assert sum(when - timedelta(hours=24) < other <= when for other in sent[: n + 1]) <= most


def test_a_host_has_had_its_requests_until_they_are_a_day_old() -> None:
    time = [NOW]
    budget = DailyBudget(most=3, clock=lambda: time[0])
    budget.begin([(HOST, "2026-11-23T13", 1), (HOST, "2026-11-23T10", 9)])
    assert budget.left(HOST) == 2, "the hours before yesterday noon are over"
    assert not budget.closed(HOST, in_flight=1)
    assert budget.closed(HOST, in_flight=2), "both are handed out"
    assert HOST not in budget.spent
    budget.take(HOST)
    budget.take(HOST)
    with pytest.raises(BudgetSpent, match="ARCHIVE_HOST_REQUESTS_PER_DAY=3"):
        budget.take(HOST)
    assert budget.spent == {HOST}
    assert budget.left("b.example") == 3
    time[0] = NOW + timedelta(hours=25)
    assert budget.left(HOST) == 3


def test_requests_of_earlier_runs_are_counted_from_the_index(make: Any) -> None:
    run: Run = make(WEB)

    def capture(n: int, age: float, **more: Any) -> Capture:
        date = NOW - timedelta(hours=age)
        values = {"record_id": f"urn:uuid:{n}", "url": f"https://{HOST}/{n}", "host": HOST, "date": date, "site": "web", "role": "page"}
        return made(Capture, {**values, "key": f"k{n}", "warc": "w", "offset": n, "length": 1, "status": 200, **more})

    def fill(index: Any) -> None:
        for n, age in enumerate([0.5, 0.6, 3.0, 23.5, 26.0]):
            add_capture(index, capture(n, age, role="robots" if n else "page"), run_id=run.id)
        for reason in ("timeout", "dns", "robots", "connect"):
            target = capture(0, 0).target
            index.add_failure(Failure(target=target, date=NOW - timedelta(hours=2), reason=reason, detail="", attempt=1), run_id=run.id)

    run.collection.now(fill)
    with run.collection.reader() as index:
        found = sorted(requests_of_day(index, NOW))
    assert found == [
        (HOST, "2026-11-23T12", 1), (HOST, "2026-11-24T09", 1), (HOST, "2026-11-24T10", 2), (HOST, "2026-11-24T11", 2),
    ]  # fmt: skip


def test_mirrors_that_have_had_their_requests_are_passed_over_for_others(make: Any) -> None:
    run: Run = make(SITE)
    run.dispatcher.pace.budget = budget = DailyBudget(most=2, clock=lambda: NOW)
    run.policy.health.closed = lambda: run.dispatcher.pace.closed_hosts
    run.frontier.add([page_request(n, "m0.example", site="paper", role="story", story=f"paper/{n}", language="en") for n in range(6)])
    asked = list[str]()
    while (lease := run.dispatcher.lease()) is not None:
        asked.append(lease.url.split("/")[2])
        budget.take(asked[-1])
        run.frontier.settle(lease.key, "done")
    assert asked == ["m0.example", "m0.example", "m1.example", "m1.example"]
    assert not run.dispatcher.pending(), "two stories wait for tomorrow"
    run.frontier.add([page_request(9, "m0.example", host="c.example")])
    assert run.dispatcher.lease() is not None


@pytest.fixture
def pages() -> Iterator[tuple[int, list[str]]]:
    """A host whose front page links fourteen pages, one of which leads on to another; its port, and what it was asked for."""
    asked = list[str]()

    class Desk(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            links = "".join(f'<a href="/p/{n}">page number {n}</a> ' for n in range(PAGES))
            body = f"<html><body><h1>A page of the paper</h1><p>{'Words of a text. ' * 30}</p>{links}</body></html>".encode()
            moved = self.path == "/p/1"
            self.send_response(302 if moved else 404 if self.path == "/robots.txt" else 200)
            if moved:
                self.send_header("Location", "/p/moved")
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1], asked
    server.shutdown()
    server.server_close()


def report_of(scrapy: Scrapy, port: int, path: Path, *, exits: int = 0, **settings: Any) -> dict[str, Any]:
    values = {
        "ARCHIVE_CONNECT_TO": f"*:*=127.0.0.1:{port}", "DOWNLOAD_DELAY": 0, "ARCHIVE_MIN_FREE_BYTES": 0, "ARCHIVE_RESERVE_BYTES": 0, **settings,
    }  # fmt: skip
    words = [word for name, value in values.items() for word in ("-s", f"{name}={value}")]
    scrapy("crawl", "web", "-a", "seeds=http://paper.example/", *words, "--report-json", str(path), exits=exits)
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def test_a_host_gets_so_many_requests_a_day_and_the_rest_waits(scrapy: Scrapy, pages: tuple[int, list[str]], tmp_path: Path) -> None:
    port, asked = pages
    report = report_of(scrapy, port, tmp_path / "1", ARCHIVE_HOST_REQUESTS_PER_DAY=5, CONCURRENT_REQUESTS_PER_DOMAIN=4)
    assert len(asked) == 5, "robots.txt and redirects count"
    assert (report["verdict"], report["exit_code"]) == ("POSTPONED", 0)
    assert "ARCHIVE_HOST_REQUESTS_PER_DAY=5 of paper.example" in report["reason"]
    assert report["stats"]["left"]["beyond"] > 0
    report = report_of(scrapy, port, tmp_path / "2", ARCHIVE_HOST_REQUESTS_PER_DAY=5)
    assert len(asked) == 5, "the same day"
    assert report["checks"][0] == report["checks"][0] | {"passed": True}
    assert "nothing was asked for" in report["checks"][0]["detail"]
    report = report_of(scrapy, port, tmp_path / "3", ARCHIVE_HOST_REQUESTS_PER_DAY=9)
    assert len(asked) == 9
    report = report_of(scrapy, port, tmp_path / "4")
    assert (report["verdict"], report["exit_code"]) == ("COMPLETE", 0)
    counts = Counter(asked)
    assert {path for path in counts if path.startswith("/p/")} == {f"/p/{n}" for n in range(PAGES)} | {"/p/moved"}
    assert max(count for path, count in counts.items() if path.startswith("/p/") and path != "/p/1") == 1, "nothing is asked for twice"


def test_outside_the_hours_nothing_is_asked_for(scrapy: Scrapy, pages: tuple[int, list[str]], tmp_path: Path) -> None:
    port, asked = pages
    now = datetime.now(UTC)
    later = f"{now + timedelta(hours=2):%H:%M}-{now + timedelta(hours=3):%H:%M} UTC"
    report = report_of(scrapy, port, tmp_path / "1", ARCHIVE_HOURS=later)
    assert asked == []
    assert (report["verdict"], report["exit_code"]) == ("POSTPONED", 0)
    assert f"outside ARCHIVE_HOURS={later}, which begin again at {now + timedelta(hours=2):%Y-%m-%d %H:%M} UTC" in report["reason"]
    report = report_of(
        scrapy, port, tmp_path / "2", ARCHIVE_HOURS=f"{later},{now - timedelta(hours=1):%H:%M}-{now + timedelta(hours=1):%H:%M} UTC"
    )
    assert (report["verdict"], len(asked)) == ("COMPLETE", PAGES + 3)

"""Crawls of hosts that are overloaded or slow: asked ever less often, nothing lost, told in the report, and remembered by the next run."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from stands import Scrapy

from crawler.crawl.report_text import _slowed

PAGES = 6


class Host:
    """A host of some pages that says 429 for a while, or takes its time."""

    def __init__(self) -> None:
        self.times: list[tuple[float, int]] = []
        """When it was asked for a page, and the status it gave."""
        self.storm = range(0)
        self.takes = 0.0
        host = self

        class Desk(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path == "/robots.txt":
                    self.send_error(404)
                    return
                status = 429 if len(host.times) in host.storm else 200
                host.times.append((time.monotonic(), status))
                time.sleep(host.takes)
                links = "".join(f'<a href="/p/{n}">page number {n}</a> ' for n in range(PAGES))
                body = f"<html><body><h1>A page</h1><p>{self.path} {'Words of a text. ' * 30}</p>{links}</body></html>".encode()
                self.send_response(status)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def waits(self) -> list[float]:
        return [later - sooner for (sooner, _), (later, _) in pairwise(self.times)]


@pytest.fixture
def host() -> Iterator[Host]:
    one = Host()
    yield one
    one.server.shutdown()
    one.server.server_close()


def crawled(scrapy: Scrapy, host: Host, path: Path, *more: str, **settings: Any) -> tuple[str, dict[str, Any]]:
    values = {
        "ARCHIVE_CONNECT_TO": f"*:*=127.0.0.1:{host.server.server_address[1]}", "ARCHIVE_MIN_FREE_BYTES": 0, "ARCHIVE_RESERVE_BYTES": 0,
        "DOWNLOAD_DELAY_JITTER": 0, "ARCHIVE_RETRY_DELAY": 0.1, **settings,
    }  # fmt: skip
    words = [word for name, value in values.items() for word in ("-s", f"{name}={value}")]
    done = scrapy("crawl", "web", "-a", "seeds=http://paper.example/", *more, *words, "--report-json", str(path))
    return done.stdout, json.loads(path.read_text())


def test_a_storm_of_429_is_answered_by_ever_longer_delays(scrapy: Scrapy, host: Host, tmp_path: Path) -> None:
    host.storm = range(2, 6)
    out, report = crawled(
        scrapy, host, tmp_path / "1", DOWNLOAD_DELAY=0.05, ARCHIVE_MAX_DELAY=0.8, ARCHIVE_ATTEMPTS=6, ARCHIVE_DELAY_FACTOR=0
    )
    assert report["verdict"] == "COMPLETE"
    assert [status for _, status in host.times].count(429) == 4, "nobody is asked once more for nothing"
    assert len(host.times) == PAGES + 1 + 4
    # Sent times are seen through a server's threads: a pair may come closer, the row of them may not.
    assert sum(host.waits[2:6]) >= (0.1 + 0.2 + 0.4 + 0.8) * 0.9
    assert host.waits[5] > host.waits[2]
    told = report["stats"]["slowed"]["paper.example"]
    assert (told["from"], told["to"], told["signs"]) == (0.05, 0.8, {"429": 4})
    assert told["now"] < 0.8
    assert "slowed down" in out
    assert "paper.example from 0.05 s to 0.8 s between requests" in out
    host.times.clear()
    host.storm = range(0)
    _, report = crawled(
        scrapy, host, tmp_path / "2", "-a", "recheck=yes", DOWNLOAD_DELAY=0.05, ARCHIVE_MAX_DELAY=0.8, ARCHIVE_DELAY_FACTOR=0
    )
    assert host.waits[0] >= 0.5, "the next run begins where that one was"


def test_a_slow_host_is_left_alone_for_a_multiple_of_its_answers(scrapy: Scrapy, host: Host, tmp_path: Path) -> None:
    host.takes = 0.15
    out, report = crawled(scrapy, host, tmp_path / "1", DOWNLOAD_DELAY=0.05, ARCHIVE_DELAY_FACTOR=3)
    assert report["verdict"] == "COMPLETE"
    assert host.waits[-1] >= 0.3, "robots.txt came at once, and counts ever less"
    slowed = report["stats"]["slowed"]["paper.example"]
    assert slowed["signs"] == {}
    assert "slowed down" not in out, "the person who set a short delay is not told of every host"
    assert slowed["to"] < 1, "or else it would be told"


def test_the_report_tells_of_slow_answers_where_the_delay_is_a_second_and_more() -> None:
    slow = {"from": 1.0, "to": 4.0, "now": 2.5, "signs": {}, "answers_in": 0.8}
    told = list(
        _slowed(
            {
                "slow.example": slow,
                "quick.example": slow | {"from": 0.05, "to": 0.4},
                "busy.example": slow | {"to": 0.4, "signs": {"429": 2}},
            }
        )
    )
    assert told == [
        "slow.example from 1 s to 4 s between requests, 2.5 s at the end (answers took 0.8 s)",
        "busy.example from 1 s to 0.4 s between requests (2 x 429)",
    ]

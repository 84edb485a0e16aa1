"""The mirrors' health outlives a kill: the next run knows which host is seized."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from stands import Scrapy

from crawler.demo import start
from crawler.demo.newspaper import SITES
from crawler.demo.server import SEIZED
from crawler.errors import SetupError
from crawler.index.index import Index


def states(path: Path) -> dict[str, str]:
    try:
        with Index.open(path / "index.db", readonly=True) as index:
            return {str(row["host"]): str(row["state"]) for row in index.mirrors("courier")}
    except SetupError:
        return {}


@pytest.mark.parametrize("pause", [0.1])
def test_a_run_after_a_kill_does_not_ask_the_seized_host_first(scrapy: Scrapy, pause: float) -> None:
    path = scrapy.archives / "courier"
    with start() as paper:
        settings = {"ARCHIVE_CONNECT_TO": paper.connect_to, "ARCHIVE_SITES": SITES, "DOWNLOAD_DELAY": pause, "ARCHIVE_MIN_FREE_BYTES": 0,
                    "ARCHIVE_RESERVE_BYTES": 0}  # fmt: skip
        words = [word for name, value in settings.items() for word in ("-s", f"{name}={value}")]
        crawl = scrapy.start("crawl", "courier", "-a", "requisites=none", *words, unchecked="killed")
        until = time.monotonic() + 60
        while states(path).get(SEIZED) != "seized":
            assert crawl.poll() is None, crawl.communicate()
            assert time.monotonic() < until, "its health was never saved"
            time.sleep(0.05)
        crawl.kill()
        crawl.communicate()
        with Index.open(path / "index.db") as index:
            assert [row["ended"] for row in index.query("SELECT ended FROM runs")] == [None]
        done = scrapy("crawl", "courier", "-a", "requisites=none", "-a", "max_stories=2", *words, exits=None)
    with Index.open(path / "index.db", readonly=True) as index:
        failures = index.query("SELECT reason, host, url FROM failures WHERE run_id = 2")
        asked = index.query("SELECT host, role FROM captures WHERE run_id = 2 AND role != 'robots' ORDER BY id")
    assert asked[0]["host"] != SEIZED
    lines = [line for line in done.stderr.splitlines() if re.search(r"INFO: (failed|refused) reason=", line)]
    told = sorted(tuple(re.search(r"reason=(\S+) host=(\S+) .*url=(\S+)$", line).groups()) for line in lines)  # type: ignore[union-attr]
    assert told == sorted((row["reason"], row["host"], row["url"]) for row in failures), "one line an attempt, whatever it was for"
    assert told
    for reason, host, _ in told:
        assert re.search(rf"failed attempts .*{reason} \([^)]*{host}", done.stdout), done.stdout
    assert {row["role"] for row in asked if row["host"] == SEIZED} <= {"feed"}, "feeds are asked for everywhere"

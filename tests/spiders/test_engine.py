"""The engine of one task a request tells the same as Scrapy's."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from exchange_makers import lease
from scrapy import Request

from crawler.extensions.unsettled import UnsettledExtension
from crawler.items import request_meta as keys
from crawler.spiders.engine import OneTaskEngine

EVENTS = Path(__file__).with_name("engine_events.py")


def crawl(engine: str, settings: dict[str, Any]) -> tuple[dict[str, list[str]], dict[str, Any], str]:
    """Events of each address in their order, stats, and errors in the log."""
    done = subprocess.run(
        [sys.executable, str(EVENTS), engine, json.dumps(settings)], capture_output=True, text=True, timeout=60, check=True
    )
    answer = json.loads(done.stdout)
    told: dict[str, list[str]] = defaultdict(list)
    for what, url in answer["told"]:
        told[url].append(what)
    errors = "\n".join(sorted(line.partition("[")[2] for line in done.stderr.splitlines() if "ERROR" in line or "CRITICAL" in line))
    return dict(told), answer["stats"], errors


def in_order(told: list[str]) -> list[str]:
    """Events of a request up to its callback in order, those of its items sorted.

    Scrapy's callback goes on while its items are processed; ours waits.
    """
    items = [what for what in told if what.startswith(("item", "spider_error"))]
    return [what for what in told if what not in items] + sorted(items)


@pytest.mark.slow
@pytest.mark.parametrize(
    "settings", [{}, {"DOWNLOAD_DELAY": 0.01}, {"CONCURRENT_REQUESTS_PER_DOMAIN": 1}], ids=lambda s: next(iter(s), "plain")
)
def test_it_tells_the_same_of_each_request(settings: dict[str, Any]) -> None:
    ours, scrapys = crawl("ours", settings), crawl("scrapys", settings)
    assert {url: in_order(told) for url, told in ours[0].items()} == {url: in_order(told) for url, told in scrapys[0].items()}
    assert ours[1] == scrapys[1]
    assert ours[2] == scrapys[2]
    assert "parsed" in ours[0]["http://a.example/sent-on/there"]
    assert "spider_error" in ours[0]["http://a.example/late"]
    assert len(ours[0]) > 13


async def test_a_fault_of_the_engine_is_told_so_that_the_request_is_settled(caplog: pytest.LogCaptureFixture) -> None:
    told: list[dict[str, Any]] = []
    removed: list[Request] = []
    engine: Any = object.__new__(OneTaskEngine)
    engine.spider, engine.signals = None, SimpleNamespace(send_catch_log=lambda **more: told.append(more))
    slot: Any = SimpleNamespace(remove_request=removed.append, nextcall=SimpleNamespace(schedule=lambda: None))

    async def broken(*arguments: object) -> None:
        raise ZeroDivisionError("of nothing")

    engine._fetched = broken
    request = Request("http://a.example/", meta={keys.LEASE: lease()})
    await engine._run_through(slot, request)
    assert removed == [request]
    assert "engine-fault url=http://a.example/" in caplog.text
    (one,) = told
    ended: list[Any] = []
    extension: Any = SimpleNamespace(_end=lambda *words: ended.append(words))
    UnsettledExtension.spider_failed(extension, one["failure"], one["response"])
    assert [(words[0].url, type(words[2])) for words in ended] == [(lease().url, ZeroDivisionError)]

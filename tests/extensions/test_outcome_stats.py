"""Counts of items: what is filed and not exported is no dropped item."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from scrapy.exceptions import DropItem
from scrapy.statscollectors import MemoryStatsCollector
from targets import made

from crawler.extensions.progress import _counts
from crawler.extensions.stats import OutcomeStats
from crawler.items import LeasedRequest
from crawler.pipelines import NotAnArticle


def stats_of() -> tuple[OutcomeStats, MemoryStatsCollector]:
    collector = MemoryStatsCollector(SimpleNamespace(settings=SimpleNamespace(getbool=lambda name: False)))  # type: ignore[arg-type]
    return OutcomeStats(collector), collector


def test_a_feed_is_filed_and_what_a_pipeline_refuses_is_dropped() -> None:
    extension, collector = stats_of()
    lease = made(LeasedRequest, {"key": "k", "url": "https://a.example/feed", "site": "demo", "role": "feed"})
    extension.item_dropped({}, None, NotAnArticle(lease))
    assert collector.get_stats() == {"filed_count/feed": 1}
    extension.item_dropped({}, None, DropItem("no"))
    assert collector.get_stats()["item_dropped_count"] == 1


def test_progress_tells_a_rate_and_failed_attempts_where_there_are_any() -> None:
    from collections import Counter

    def counts(**facts: Any) -> Any:
        return SimpleNamespace(**({"stories": Counter(), "captures": 0, "failures": Counter(), "bytes": 0} | facts))

    assert list(_counts([counts()], 0)) == ["0:00", "0 stories (0 new)", "0 captures", "0 B"]
    busy = counts(stories=Counter(new=1), captures=30, failures=Counter(dns=1))
    assert list(_counts([busy, busy], 60)) == ["1:00", "2 sites: 2 stories (2 new)", "60 captures", "1 a second", "0 B", "2 failed attempts"]

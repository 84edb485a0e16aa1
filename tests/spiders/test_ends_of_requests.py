"""Ends that come seldom: a request to an archive that fails unforeseen, a spider that could not start, sections that nobody can address."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
from exchange_makers import lease

from crawler.crawl.started import Started
from crawler.errors import FetchFailed, SetupError, Usage
from crawler.items import Mirror
from crawler.items import request_meta as keys
from crawler.memento.counts import ArchiveCounts
from crawler.memento.report_lines import judged
from crawler.sites.site import Site
from crawler.spiders import archives
from crawler.spiders.arguments import parse_arguments


@pytest.mark.parametrize(
    ("error", "reason"),
    [(FetchFailed("timeout", "no answer"), "timeout"), (SetupError("a fault of ours"), None), (KeyError("a bug"), None)],
)
def test_a_failed_request_to_an_archive_has_a_reason(error: Exception, reason: str | None) -> None:
    counted: list[str] = []
    stats = SimpleNamespace(count_attempt=lambda host, outcome: counted.append(host))
    lookups = cast(archives.ArchiveLookups, SimpleNamespace(_run=SimpleNamespace(stats=stats)))
    asked: Any = SimpleNamespace(url="https://archive.example/web/x", meta={keys.LEASE: lease()})
    ended = archives.ArchiveLookups._failed(lookups, asked, error)
    assert ended.capture is None
    assert ended.reason == (reason or ended.reason)
    assert ended.detail
    assert counted == ["archive.example"]


async def test_a_search_of_archives_that_breaks_fails_the_run() -> None:
    async def broken(wanted: object) -> None:
        raise KeyError("a bug")

    counts = ArchiveCounts()
    woken: list[object] = []
    search = SimpleNamespace(run=broken, counts=counts)
    run = SimpleNamespace(frontier=SimpleNamespace(unsaved=0), collection=SimpleNamespace(broken=None))
    crawler = SimpleNamespace(crawling=True, engine=SimpleNamespace(crawl=woken.append))
    lookups: Any = SimpleNamespace(_run=run, _search=search, _crawler=crawler, _wanted=list)
    await archives.ArchiveLookups._look(lookups)
    assert woken, "the crawl ends all the same"
    told = judged(counts)
    assert not told.passed, "nobody knows what was not looked for"
    assert "KeyError" in told.detail


def test_a_spider_that_could_not_start_says_so() -> None:
    nothing: Any = None
    assert Started(run=nothing, spider=nothing, texts={}, began=0.0, failed=True).finish_reason == "start_error"


def test_sections_that_nobody_can_address_are_a_usage_error() -> None:
    site = Site(name="demo", title="Demo", language="en", mirrors=(Mirror("a.example"),), stories=(r"^/(?P<id>\d+)$",))
    with pytest.raises(Usage, match="how a section of demo is addressed is not known"):
        parse_arguments({"sections": "7"}, ["sections"], site=site)

"""Ends that come seldom: a request to an archive that fails unforeseen, a spider that could not start, sections that nobody can address."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
from exchange_makers import lease

from crawler.errors import FetchFailed, SetupError, Usage
from crawler.items import Mirror
from crawler.items import request_meta as keys
from crawler.sites.site import Site
from crawler.spiders import archives
from crawler.spiders.arguments import parse_arguments
from crawler.spiders.crawling import _Started


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


def test_a_spider_that_could_not_start_says_so() -> None:
    nothing: Any = None
    assert _Started(run=nothing, spider=nothing, texts={}, began=0.0, failed=True).finish_reason == "start_error"


def test_sections_that_nobody_can_address_are_a_usage_error() -> None:
    site = Site(name="demo", title="Demo", language="en", mirrors=(Mirror("a.example"),), stories=(r"^/(?P<id>\d+)$",))
    with pytest.raises(Usage, match="how a section of demo is addressed is not known"):
        parse_arguments({"sections": "7"}, ["sections"], site=site)

"""Two workers crawl one site whose answers are drawn from a seed; their shards are gathered, and topped up once they have crawled again."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from drawn_site import DrawnSite, paths_of
from gathered_collections import assert_as_reindexed, rows_of
from stands import Scrapy

SEEDS = "seeds=http://a.example/feed.xml,http://a.example/p/0,http://b.example/p/0"


@pytest.fixture
def web(request: pytest.FixtureRequest) -> Iterator[DrawnSite]:
    site = DrawnSite(request.param, list(paths_of(6)))
    yield site
    site.close()


def words(site: DrawnSite) -> list[str]:
    values = {
        "DOWNLOAD_DELAY": 0, "ARCHIVE_RETRY_DELAY": 0.01, "ARCHIVE_MIN_FREE_BYTES": 0, "ARCHIVE_RESERVE_BYTES": 0, "ARCHIVE_IDLE_TIMEOUT": 2,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 4, "ARCHIVE_WARC_MAX_BYTES": 60_000, "ARCHIVE_CONNECT_TO": f"*:*=127.0.0.1:{site.port}",
    }  # fmt: skip
    return [word for name, value in values.items() for word in ("-s", f"{name}={value}")]


@pytest.mark.slow
@pytest.mark.parametrize("web", [9, 11], indirect=True)
def test_as_if_crawled_by_one(scrapy: Scrapy, web: DrawnSite) -> None:
    more = words(web)

    def crawled(name: str) -> None:
        site = ("crawl", "web", "-a", SEEDS, "-a", "requisites=all", "-a", "recheck=yes", "-s", f"ARCHIVE_COLLECTION={name}")
        scrapy(*site, *more, exits=None, unchecked="tests/crawl/test_drawn_site.py does it")

    crawled("w1")
    crawled("w2")
    scrapy("gather", "w1", "w2", "--into", "all")
    assert_as_reindexed(scrapy.archives / "all")
    crawled("w1")
    topped = json.loads(scrapy("gather", "w1", "w2", "--into", "all", "--json").stdout)
    assert topped["captures"]
    assert not topped["anew"]
    assert_as_reindexed(scrapy.archives / "all")
    scrapy("gather", "w2", "w1", "--into", "anew")
    assert rows_of(scrapy.archives / "anew") == rows_of(scrapy.archives / "all")

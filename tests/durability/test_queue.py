"""The queue lies on disk: what a crawl finds may be much, what it holds in memory is little. `full.py memory` measures more."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

from newsroom import Newspaper, peak

from crawler.collection.collection import Collection
from crawler.frontier.store import SqliteFrontier
from crawler.index.index import Index
from crawler.items import FrontierRequest, Target
from crawler.spiders.frontier_spider import AT_ONCE, MOST_UNSAVED, FrontierSpider

COUNT = 20_000


def test_a_crawl_of_a_sitemap_of_twenty_thousand_is_small(tmp_path: Path) -> None:
    newspaper = Newspaper(tmp_path, pages=COUNT + 1)
    most, out = peak(newspaper.crawl("-a", "max_pages=3", seed="/sitemap.xml"))
    newspaper.close()
    assert "COMPLETE" in out
    assert most <= 150, f"{most:.0f} MiB"
    with Index.open(newspaper.collection / "index.db", readonly=True) as index:
        assert index.counts()["frontier"] > COUNT


def test_few_rows_wait_in_memory_however_many_a_page_leads_to(tmp_path: Path) -> None:
    async def go() -> int:
        collection = Collection.open(tmp_path / "demo")
        frontier = SqliteFrontier(collection.path / "index.db", submit=collection.change, run_id=None, clock=lambda: datetime.now(UTC))
        most = 0

        def errands() -> object:
            nonlocal most
            for n in range(COUNT):
                most = max(most, frontier.unsaved)
                yield FrontierRequest(target=Target(key=f"demo/{n}", url=f"https://a.example/{n}", site="demo", role="page"))

        spider = SimpleNamespace(run=SimpleNamespace(frontier=frontier, collection=collection))
        await FrontierSpider.queue(spider, errands())  # type: ignore[arg-type]
        collection.now(lambda index: None)
        await asyncio.sleep(0)
        assert (frontier.count(), frontier.unsaved) == (COUNT, 0)
        frontier.close()
        collection.close()
        return most

    assert asyncio.run(go()) <= MOST_UNSAVED + AT_ONCE

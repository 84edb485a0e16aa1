"""The readers start beside the first request, where there is one."""

from __future__ import annotations

from pathlib import Path

import pytest
from runs import runs

from crawler.processing.parser_pool import ParserPool
from crawler.scope.crawl_scope import CrawlScope
from crawler.sites.known import WEB
from crawler.spiders.web import WebSpider


@pytest.mark.parametrize(("pending", "prepared"), [(True, 1), (False, 0)])
async def test_a_worker_is_started_when_there_is_something_to_ask_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pending: bool, prepared: int
) -> None:
    told: list[ParserPool] = []
    monkeypatch.setattr(ParserPool, "prepare", lambda pool: told.append(pool))
    with runs(tmp_path / "web") as make:
        spider = WebSpider(seeds="http://a.example/")
        spider.run, spider.scope = make(WEB), CrawlScope()
        monkeypatch.setattr(WebSpider, "seeds", lambda self: [])
        monkeypatch.setattr(WebSpider, "known_again", lambda self: iter(()))
        monkeypatch.setattr(type(spider.run.frontier), "pending", lambda self: pending)
        assert [one async for one in spider.start()] == []
    assert len(told) == prepared

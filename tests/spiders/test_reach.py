"""How far a run goes: each limit cuts where it should, counts what it left out, and lets ordinary addresses pass."""

from __future__ import annotations

import pytest

from crawler.limits import WebLimits
from crawler.spiders.reach import REMEMBERED, Reach

A = "https://a.example"


@pytest.mark.parametrize(
    ("url", "depth", "limit"),
    [
        (f"{A}/{'x/' * 3}{'/'.join(map(str, range(18)))}", 1, "path segments"),
        (f"{A}/a/b/a/b/a/b/a", 1, "repeated path segments"),
        (f"{A}/x", 101, "link depth"),
        (f"{A}/{'x' * 2100}", 1, "URL length"),
    ],
)
def test_growing_addresses_are_left_out(url: str, depth: int, limit: str) -> None:
    reach = Reach()
    assert not reach.page(url, depth)
    assert reach.hit == {limit: 1}


@pytest.mark.parametrize("url", [f"{A}/", f"{A}/2026/11/24/news/world/a-story", f"{A}/en/en/en/x", f"{A}/x?page=2"])
def test_ordinary_addresses_pass(url: str) -> None:
    assert Reach().page(url, 3)


def test_pages_are_counted_by_host_and_queries_by_path() -> None:
    reach = Reach(limits=WebLimits(pages_per_host=4, queries_per_path=2))
    assert [reach.page(f"{A}/calendar?d={n}", n) for n in range(3)] == [True, True, False]
    assert [reach.page(f"{A}/{n}", n) for n in range(3)] == [True, True, False]
    assert reach.page("https://b.example/calendar?d=9", 1)
    assert reach.hit == {"queries per path": 1, "pages per host": 1}


def test_sitemaps_have_a_depth_and_a_number() -> None:
    reach = Reach(limits=WebLimits(sitemaps=2, sitemap_depth=3))
    assert [reach.sitemap(depth) for depth in (4, 3, 1, 1)] == [False, True, True, False]
    assert reach.hit == {"sitemap depth": 1, "sitemap files": 1}


def test_a_page_under_a_second_address_leads_nowhere() -> None:
    reach = Reach()
    assert not reach.copy("https://a.example/1", "sha1:A")
    assert not reach.copy("https://a.example/1", "sha1:A")
    assert reach.copy("https://a.example/2", "sha1:A")
    assert not reach.copy("https://a.example/2", None)
    assert reach.hit == {"links of a page seen under another address": 1}
    assert not any(reach.copy(f"https://a.example/{n}", f"sha1:{n}") for n in range(REMEMBERED))
    assert not reach.copy("https://a.example/2", "sha1:A")  # forgotten

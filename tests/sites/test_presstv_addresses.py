"""Addresses of Press TV: every shape of every era names one story; what must not be asked for is known."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from crawler.discovery.site_discovery import SiteDiscovery
from crawler.frontier.crawl_arguments import CrawlArguments
from crawler.sites.presstv import SITE

SHAPES = (
    "https://www.presstv.ir/Detail/2016/04/07/459588/Iran-Russia",
    "https://www.presstv.co.uk/detail/2016/04/07/459588/iran-russia/",
    "http://presstv.com//Detail/2016/04/07/459588/x",
    "https://presstv.ir:443/Detail/2016/4/7/459588",
    "https://Www.PressTV.ir/DETAIL/2016/04/07/0459588/",
    "https://www.presstv.ir/doc/Detail/2016/04/07/459588/A-",
    "https://www.presstv.ir/Video/2016/04/07/459588/A----b,c",
    "https://www.presstv.com/Detail/2016/4/7/459588/Press%20TV%20News%20Headlines",
    "https://www.presstv.ir/Detail/2016/04/07/459588/Press-TV%E2%80%99s-%C2%A0x",
    "https://www.presstv.ir/Detail/2016/04/07/459588/Press-TV’s",
    "http://783093661.r.worldcdn.net/Detail/2016/04/07/459588/x",
    "http://350431105.r.worldcdn.net/Detail/2016/04/07/459588/x",
    "http://edition.presstv.ir/detail/2016/04/07/459588/x/",
    "http://www.presstv.ir/detail/459588.html",
    "http://www.presstv.com/detail/459588.htm?sectionid=351020101",
    "http://www.presstv.ir/detail.aspx?id=459588&sectionid=351020403",
    "http://www.presstv.ir/Detail.aspx?sectionid=351020403&ID=459588",
    "https://www.presstv.ir/Detail/2016/04/07/459588?utm_source=x",
)


@pytest.mark.parametrize("url", SHAPES)
def test_one_story_whatever_the_shape(url: str) -> None:
    assert SITE.story_id(url) == "presstv/459588"
    assert not SITE.forbidden(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://www.example.org/Detail/2016/04/07/459588/x",
        "https://www.presstv.ir/Section/10101",
        "https://www.presstv.ir/Detail/2016/04/07/12/x",
        "https://www.presstv.ir/detail.aspx?sectionid=351020403",
        "https://www.presstv.ir/Default/Embed/459588",
    ],
)
def test_no_story(url: str) -> None:
    assert SITE.story_id(url) is None


@pytest.mark.parametrize(
    "path",
    [
        "/Submission/ViewCounter/606960",
        "//submission/viewcounter/1",
        "/callback/Latest1?t=637048904627011912",
        "/callback.asmx/ContentsList?x=1",
        "/Default/Embed/606960",
        "/default/sms",
        "/Default/Search?q=iran",
        "/x?t=637048904627011912",
    ],
)
def test_never_asked_for(path: str) -> None:
    assert SITE.forbidden("https://www.presstv.co.uk" + path)


def test_never_hosts_and_ordinary_pages() -> None:
    assert SITE.forbidden("http://217.218.67.231/x.png")
    assert not SITE.forbidden("https://www.presstv.ir/rss.xml")
    assert not SITE.forbidden("https://www.presstv.ir/Section/101")


def test_sections_of_both_layouts() -> None:
    assert SITE.section("https://www.presstv.ir/Section/10101/3") == ("10101", 3)
    assert SITE.section("http://www.presstv.com/Default/Section/101") == ("101", 1)
    assert SITE.section("https://www.presstv.ir/doc/section/601") == ("601", 1)
    assert SITE.section("https://www.presstv.ir/Detail/2016/04/07/459588/x") is None


def asked_first(**limits: Any) -> list[str]:
    return [errand.url for errand in SiteDiscovery(site=SITE, arguments=CrawlArguments(**limits), today=date(2026, 9, 1)).seeds()]


def test_documentaries_are_asked_for_by_number_and_in_a_backfill() -> None:
    docs = [f"https://www.presstv.co.uk/doc/section/{n}" for n in range(601, 608)]
    assert not set(docs) & set(asked_first())
    assert set(docs) <= set(asked_first(backfill=frozenset({"sections"})))
    assert asked_first(sections=("603", "10101")) == [docs[2], "https://www.presstv.co.uk/Section/10101"]


def test_the_same_picture_on_every_host_and_in_every_size() -> None:
    uuid = "4813c3fa-fc3c-4f48-acac-1a9eb84930c2"
    for url in (
        f"https://cdn.presstv.com//photo/20190923/{uuid}.jpg",
        f"//cdn.presstv.ir/Photo/2019/9/23/{uuid}.s.jpg",
        f"http://217.218.67.233/photo/20190923/{uuid.upper()}.JPG?w=1",
    ):
        assert SITE.key_of_picture(url) == uuid


def test_seized_and_former_hosts_are_ours_but_not_asked() -> None:
    today = [m.host for m in SITE.mirrors_of(None, date(2026, 9, 1))]
    assert today[:2] == ["www.presstv.co.uk", "www.presstv.ir"]
    assert not {"www.presstv.com", "presstv.com", "edition.presstv.ir", "beta.presstv.com"} & set(today)
    assert "www.presstv.com" in [m.host for m in SITE.mirrors_of(None, date(2019, 1, 1))]
    assert SITE.mirrors_of("fr", date(2026, 9, 1))[0].host == "french.presstv.ir"

"""Spider arguments: what they mean, and that what means nothing is a usage error."""

from contextlib import closing
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from attrs import evolve
from foreign_warcs import answer, record, story, write

from crawler.collection.collection import Collection
from crawler.errors import Usage, WriteFailed
from crawler.frontier.crawl_arguments import CrawlArguments
from crawler.items import Mirror
from crawler.sites import load_sites
from crawler.sites.site import Site
from crawler.spiders.arguments import parse_arguments
from crawler.spiders.replay import ReplaySpider
from crawler.spiders.site import SiteSpider

SITE = Site(
    name="demo", title="Demo", language="en", mirrors=(Mirror(host="a.example"),), section_page="/{id}/{page}",
    stories=(r"^/(?P<y>\d{4})/(?P<m>\d\d)/(?P<d>\d\d)/(?P<id>\d+)$", r"^/(?P<id>\d+)$"),
)  # fmt: skip
UNDATED = evolve(SITE, stories=(r"^/(?P<id>\d+)$",), section_page=None)


def limits(**arguments: str):
    return parse_arguments(arguments, SiteSpider.argument_names, site=SITE)


def test_values_are_read() -> None:
    found = limits(
        since="2026-01-31", sections="1, 2,", max_stories="7", backfill="sitemap,sections", recheck="no", url="https://a.example/1"
    )
    assert found.since == date(2026, 1, 31)
    assert found.sections == ("1", "2")
    assert found.max_stories == 7
    assert found.backfill == {"sitemap", "sections"}
    assert found.recheck is False
    assert found.scoped
    assert limits().recheck is None
    assert not limits(backfill="no", _job="scrapyd").scoped


def test_addresses_may_hold_commas_and_names_of_any_script() -> None:
    found = limits(url="https://a.example/1,2,https://a.example/3, http://a.example/é")
    assert found.url == ("https://a.example/1,2", "https://a.example/3", "http://a.example/%C3%A9")
    assert parse_arguments({"seeds": "http://Новости.example/"}, ("seeds",)).seeds == ("http://xn--b1amnebsh.example/",)
    assert parse_arguments({"seeds": "http:Courier.example\\a"}, ("seeds",)).seeds == ("http://courier.example/a",)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"sections_": "1"}, "unknown spider argument"),
        ({"since": "yesterday"}, "is no date"),
        ({"max_stories": "-1"}, "no whole number"),
        ({"requisites": "some"}, "one of none, images, all"),
        ({"backfill": "feeds"}, "one of sitemap"),
        ({"backfill": "numbers"}, "not available for demo"),
        ({"backfill": "sitemap,numbers"}, "not available for demo"),
        ({"since": "2026-09-01", "until": "2026-01-01"}, "is after until"),
        ({"mirrors": "nosuch.example"}, "no mirror of demo; mirrors: a.example"),
        ({"mirrors": "a.example,a.exmaple"}, "a.exmaple"),
        ({"url": "ftp://a.example/1"}, "scheme ftp"),
        ({"url": "https://b.example/1"}, "no host of demo"),
        ({"story": "abc"}, "no story number"),
        ({"mirrors": ","}, "nothing named"),
        ({"url": ","}, "nothing named"),
        ({"url": "a.example/1"}, "no scheme"),
        ({"url": "https://ada@a.example/1"}, "user name in the address"),
        ({"url": "https://a*.example/1"}, r"host name with '\*'"),
        ({"url": "https://a.example:99999/1"}, "port '99999'"),
    ],
)
def test_nonsense_is_a_usage_error(arguments: dict[str, str], says: str) -> None:
    with pytest.raises(Usage, match=says):
        limits(**arguments)


@pytest.mark.parametrize("arguments", [{"since": "2026-01-01"}, {"until": "2026-01-01"}, {"since": "2026-01-01", "backfill": "sitemap"}])
def test_days_mean_nothing_on_a_site_whose_addresses_tell_none(arguments: dict[str, str]) -> None:
    for site in (UNDATED, load_sites()["abendblatt"]):
        with pytest.raises(Usage, match=f"the addresses of {site.name} tell no day"):
            parse_arguments(arguments, SiteSpider.argument_names, site=site)


def test_a_mirror_is_named_in_any_letter_case_and_one_day_is_a_range() -> None:
    assert limits(mirrors="A.Example").mirrors == ("a.example",)
    assert limits(since="2026-01-01", until="2026-01-01").scoped


def test_what_is_on_no_host_of_the_site_is_refused() -> None:
    with pytest.raises(Usage, match=r"url: https://b.example/1 is on no host of demo; hosts: a.example"):
        limits(url="https://b.example/1")


def test_a_replay_needs_files_and_a_collection() -> None:
    for arguments in ({}, {"warcs": "*.warc.gz"}, {"collection": "x"}):
        with pytest.raises(Usage, match="name the files and the collection"):
            ReplaySpider.check(CrawlArguments(**arguments))


async def test_a_replay_gives_up_on_a_disk_that_stays_full(tmp_path: Path) -> None:
    write(tmp_path / "a.warc.gz", record(answer(story("the quay")), "/quay"))
    spider = ReplaySpider(warcs=str(tmp_path / "a.warc.gz"), collection="x")
    with closing(Collection.open(tmp_path / "x")) as collection:
        spider.run = cast("Any", SimpleNamespace(collection=collection))
        await spider._room()
        collection.disk.note_full()
        with pytest.raises(WriteFailed, match=r"cannot write: only .* free, .* wanted, waited 0 s"):
            await spider._room()

"""Spider arguments: what they mean, and that what means nothing is a usage error."""

from datetime import date

import pytest
from attrs import evolve

from crawler.errors import Usage
from crawler.items import Mirror
from crawler.sites import load_sites
from crawler.sites.site import Site
from crawler.spiders.arguments import parse_arguments
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

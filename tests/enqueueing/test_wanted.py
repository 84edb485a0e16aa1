"""From words of a command line to crawls."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.enqueueing.placed import seconds_of
from crawler.enqueueing.wanted import Crawls, Wanted
from crawler.errors import UnknownSite, Usage
from crawler.sites import load_sites
from crawler.spiders.arguments import arguments_of_crawl

SITES = load_sites([])
PAGE = "https://www.presstv.ir/Detail/2026/11/29/1/x"


def crawls(*words: str, web: bool = False, **arguments: str) -> list[Wanted]:
    return Crawls(sites=SITES, texts=arguments, parse=arguments_of_crawl).wanted(words, web=web)


def test_sites_become_a_crawl_each_on_a_lane_of_their_name() -> None:
    assert [(one.site, one.lanes, dict(one.arguments)) for one in crawls("presstv, rt", "mehr", "rt", recheck="no")] == [
        (name, (name,), {"recheck": "no"}) for name in ("presstv", "rt", "mehr")
    ]
    assert [one.site for one in crawls("all")] == sorted(SITES) == [one.site for one in crawls("all", "presstv")][: len(SITES)]


def test_addresses_become_one_crawl_on_the_lanes_of_their_hosts() -> None:
    (one,) = crawls("https://B.example/x", "http://a.example:8080/,https://b.example/y", "https://b.example/x", scope="page", max_pages="5", _job="1")
    assert (one.site, one.lanes) == ("web", ("b.example", "a.example:8080"))
    assert one.arguments == {"scope": "page", "max_pages": "5", "seeds": "https://b.example/x http://a.example:8080/ https://b.example/y"}


def test_addresses_of_known_sites_are_crawled_as_theirs_unless_told_otherwise() -> None:
    site, web = crawls(PAGE, "https://b.example/", requisites="none")
    assert (site.site, site.lanes, site.arguments) == ("presstv", ("presstv",), {"requisites": "none", "url": PAGE})
    assert PAGE in site.note
    assert "--web" in site.note
    assert (web.site, web.lanes, web.note) == ("web", ("b.example",), "")
    (both,) = crawls(PAGE, "https://b.example/", web=True)
    assert (both.site, both.lanes, both.note) == ("web", ("presstv", "b.example"), "")


def test_web_takes_its_seeds_as_words_or_as_an_argument() -> None:
    assert crawls("web", seeds=PAGE) == crawls("web", PAGE) == crawls(PAGE, web=True)


def test_files_of_addresses_are_read_here_and_not_by_the_worker(tmp_path: Path) -> None:
    (tmp_path / "seeds.txt").write_text("# two\nhttps://b.example/\nhttps://a.example/x\n")
    (one,) = crawls(f"@{tmp_path}/seeds.txt")
    assert one.arguments == {"seeds": "https://b.example/ https://a.example/x"}
    (one,) = crawls("web", seeds=f"@{tmp_path}/seeds.txt")
    assert one.arguments == {"seeds": "https://b.example/ https://a.example/x"}
    (tmp_path / "pages.txt").write_text(PAGE)
    (one,) = crawls("presstv", url=f"@{tmp_path}/pages.txt")
    assert one.arguments == {"url": PAGE}


@pytest.mark.parametrize(("words", "arguments", "message"), [
    ((), {}, "name sites, `all`, or addresses"),
    ((",",), {}, "name sites, `all`, or addresses"),
    (("web",), {}, "web: name addresses"),
    (("nosuch",), {}, "no site named 'nosuch'"),
    (("www.presstv.ir",), {}, "addresses with their https://"),
    (("replay",), {}, "scrapy crawl replay"),
    (("presstv",), {"foo": "1"}, "unknown spider argument 'foo'"),
    (("presstv",), {"max_pages": "1"}, "unknown spider argument 'max_pages'"),
    (("presstv",), {"url": "https://elsewhere.example/"}, "is on no host of presstv"),
    (("presstv", "rt"), {"story": "1"}, "names a page of one site, and 2 are named"),
    (("presstv",), {"seeds": "https://a.example/"}, "name addresses as words"),
    ((PAGE,), {"scope": "page"}, "of the site presstv.*--web.*unknown spider argument 'scope'"),
    ((PAGE,), {"url": PAGE}, "url: name addresses as words"),
    (("https://a.example/",), {"scope": "everything"}, "one of host, domain, page"),
    (("https://a.example/",), {"max_pages": "many"}, "no whole number"),
    (("https://",), {}, "seeds"),
    (("ftp://a.example/",), {}, "seeds"),
    (("@/no/such/file",), {}, "cannot read"),
])  # fmt: skip
def test_words_that_mean_nothing_are_refused(words: tuple[str, ...], arguments: dict[str, str], message: str) -> None:
    with pytest.raises(Usage, match=message) as caught:
        crawls(*words, **arguments)
    assert "\n" not in str(caught.value)


def test_an_unknown_site_is_told_with_those_there_are() -> None:
    with pytest.raises(UnknownSite) as caught:
        crawls("presstw")
    assert "presstv" in caught.value.known


@pytest.mark.parametrize(("text", "seconds"), [("90s", 90), ("30m", 1800), (" 2 H ", 7200), ("1d", 86400), ("2w", 1209600)])
def test_time_spans_are_read(text: str, seconds: float) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "0m", "30", "m", "-5m", "1.5h", "5x", "9999999d", "1h30m"])
def test_other_time_spans_are_refused(text: str) -> None:
    with pytest.raises(Usage, match="--every"):
        seconds_of(text)

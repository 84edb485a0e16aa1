"""What a list or a story's page leads to on a site: by day, by language, from story to story; what is left out is counted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from outcomes import made
from targets import made as made_of

from crawler.discovery.site_discovery import SiteDiscovery
from crawler.frontier.crawl_arguments import CrawlArguments
from crawler.items import Article, Capture, FrontierRequest, LeasedRequest, Link, Outcome, Role, Target
from crawler.sites.presstv import SITE

TODAY = date(2026, 8, 16)
HOST = "https://www.presstv.ir"
NEW, OF_2016, OF_2012 = f"{HOST}/Detail/2026/08/15/774416/x", f"{HOST}/Detail/2016/04/07/459588/x", f"{HOST}/detail/2012/08/01/253888/x/"
BY_NUMBER, RECENT_NUMBER = f"{HOST}/detail/207430.html", f"{HOST}/detail/774500.html"
ALL = (NEW, OF_2016, OF_2012, BY_NUMBER)


def reading(role: Role, links: Iterable[str | Link], *, on: str = f"{HOST}/list", **lease: Any) -> Outcome:
    capture = Capture(
        target=Target(url=on, site="presstv", role=role, key="k"), record_id="urn:uuid:1", host="www.presstv.ir",
        date=datetime(2026, 8, 16, tzinfo=UTC), warc="w", offset=0, length=1, status=200,
    )  # fmt: skip
    found = tuple(one if isinstance(one, Link) else Link(url=one) for one in links)
    article = Article(url=on) if role == "story" else None
    return made(made_of(LeasedRequest, {"key": "k", "url": on, "site": "presstv", "role": role} | lease), capture, links=found, article=article)


def discovery(
    *, published: dict[str, date] | None = None, found_on: dict[str, str] | None = None, depth: int = 1, **limits: Any
) -> SiteDiscovery:
    return SiteDiscovery(
        site=SITE, arguments=CrawlArguments(**limits), today=TODAY, story_link_depth=depth, published=(published or {}).get,
        found_on=(found_on or {}).get,
    )


def urls(errands: Iterable[FrontierRequest]) -> list[str]:
    return [errand.url for errand in errands]


def left_out(one: SiteDiscovery) -> dict[str, int]:
    return {omission.reason: omission.count for omission in one.omitted}


@pytest.mark.parametrize("role", ["feed", "sitemap", "seed", "section"])
@pytest.mark.parametrize(
    ("limits", "wanted"),
    [
        ({"since": date(2026, 8, 1)}, [NEW]),
        ({"until": date(2015, 1, 1)}, [OF_2012, BY_NUMBER]),
        ({"since": date(2012, 1, 1), "until": date(2016, 4, 7)}, [OF_2016, OF_2012]),
        ({"since": date(2016, 4, 7), "until": date(2016, 4, 7)}, [OF_2016]),
        ({"since": date(2016, 4, 8), "until": date(2026, 8, 14)}, []),
    ],
)
def test_since_and_until_choose_by_the_day_and_count_the_rest(role: Role, limits: dict[str, date], wanted: list[str]) -> None:
    one = discovery(**limits)
    assert urls(one.found(reading(role, [*ALL, *ALL]))) == [*wanted, *wanted]
    assert left_out(one) == ({"story outside since= and until=": len(ALL) - len(wanted)} if len(wanted) < len(ALL) else {})


def test_where_the_address_names_no_day_the_index_tells_it_and_else_the_story_is_taken() -> None:
    since = {"since": date(2026, 8, 1)}
    assert urls(discovery(**since).found(reading("feed", [RECENT_NUMBER]))) == [RECENT_NUMBER]
    told = discovery(published={"presstv/774500": date(2026, 7, 1)}, **since)
    assert urls(told.found(reading("feed", [RECENT_NUMBER]))) == []
    for role, date_, taken in (("feed", "2026-07-01T10:00:00+00:00", 0), ("sitemap", "2026-07-01", 0), ("sitemap", "2026-08-10", 1)):
        found = discovery(**since).found(reading(role, [Link(url=RECENT_NUMBER, date=date_)]))  # type: ignore[arg-type]
        assert len(urls(found)) == taken, (role, date_)


def test_without_a_backfill_a_sitemap_gives_what_is_recent_and_the_rest_is_counted() -> None:
    one = discovery()
    changed = Link(url=OF_2016, date="2026-08-15T00:00:00+00:00")
    assert urls(one.found(reading("sitemap", [NEW, changed, OF_2012, BY_NUMBER, RECENT_NUMBER]))) == [NEW, OF_2016]
    assert left_out(one) == {
        "sitemap entry older than ARCHIVE_RECENT_DAYS, not in a backfill": 2,
        "sitemap entry without a date, not in a backfill": 1,
    }
    assert len(urls(discovery(backfill=frozenset({"sitemap"})).found(reading("sitemap", ALL)))) == len(ALL)


def test_links_of_a_story_are_followed_once_from_story_to_story() -> None:
    one = discovery()
    errands = list(
        one.found(reading("story", [NEW, OF_2016, f"{HOST}/Section/101", f"{HOST}/Default/Embed/459588"], on=NEW, story="presstv/774416"))
    )
    assert [(errand.key, errand.only_new, errand.found_on) for errand in errands] == [("presstv/459588", True, NEW)]
    assert not one.unfollowed
    assert urls(one.found(reading("story", [OF_2012], on=OF_2016, story="presstv/459588", found_on=NEW))) == []
    assert one.unfollowed == {"presstv/253888": OF_2012}


@pytest.mark.parametrize(("depth", "hops"), [(0, 0), (1, 1), (2, 2), (3, 3)])
def test_story_links_are_followed_as_deep_as_the_setting_says(depth: int, hops: int) -> None:
    found_on = {"presstv/1000": f"{HOST}/", "presstv/1001": f"{HOST}/detail/1000.html", "presstv/1002": f"{HOST}/detail/1001.html"}
    one = discovery(depth=depth, found_on=found_on)
    followed = 0
    for n in range(4):
        on = f"{HOST}/detail/{999 + n}.html" if n else f"{HOST}/"
        page = reading("story", [OF_2016], on=f"{HOST}/detail/{1000 + n}.html", story=f"presstv/{1000 + n}", found_on=on)
        followed += len(urls(one.found(page)))
    assert followed == hops


@pytest.mark.parametrize("named", [{"story": "774416"}, {"url": (NEW,)}, {"sections": ("101",)}])
def test_what_was_named_leads_to_no_other_story(named: dict[str, Any]) -> None:
    one = discovery(**named)
    assert urls(one.found(reading("story", [OF_2016], on=NEW, story="presstv/774416"))) == []
    assert one.unfollowed


def test_story_links_obey_since_and_until() -> None:
    one = discovery(since=date(2026, 1, 1))
    assert urls(one.found(reading("story", [OF_2016, NEW], on=f"{HOST}/detail/774500.html", story="presstv/774500"))) == [NEW]
    assert left_out(one) == {"story outside since= and until=": 1}


def test_a_section_front_is_asked_for_in_the_language_that_has_it() -> None:
    one = discovery(backfill=frozenset({"sections"}))
    french = "https://french.presstv.ir"
    links = [f"{french}/Section/101", f"{french}/Section/10101", f"{french}/Section/601", f"{french}/doc/section/602"]
    found = {
        errand.url.removeprefix(french): errand.language for errand in one.found(reading("seed", links, on=f"{french}/", language="fr"))
    }
    assert found == {"/Section/101": "en", "/Section/10101": "en", "/Section/601": "fr", "/doc/section/602": "en"}


def test_sitemaps_of_a_robots_txt_are_taken_for_hosts_of_the_site_only() -> None:
    named = [f"{HOST}/sitemap-news.xml", "https://files.example/sitemap.xml"]
    assert urls(discovery().sitemaps_named(HOST, named)) == named
    assert urls(discovery().sitemaps_named("https://other.example", named)) == []
    for narrowed in ({"story": "459588"}, {"url": (NEW,)}, {"sections": ("101",)}):
        assert urls(discovery(**narrowed).sitemaps_named(HOST, named)) == []


def test_sections_of_a_backfill_are_those_asked_for() -> None:
    pages = [f"{HOST}/Section/{number}/{page}" for number in ("101", "102") for page in (1, 2)]
    numbers = {SITE.section(url) for url in pages}
    assert len(numbers) == 4
    on = reading("section", pages, on=f"{HOST}/Section/101/1")
    assert urls(one for one in discovery(backfill=frozenset({"sections"})).found(on) if one) == [pages[0], pages[1], pages[2]]
    assert urls(one for one in discovery(backfill=frozenset({"sections"}), sections=("102",)).found(on) if one) == [pages[2]]
    assert urls(one for one in discovery().found(on) if one) == []

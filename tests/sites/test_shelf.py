"""The shelf: sites are found by looking; a broken file is told with its name."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from crawler.demo.newspaper import SITES as DEMO_SITES
from crawler.errors import SetupError
from crawler.sites import load_sites
from crawler.urls import path_of

GOOD = "from crawler.sites.site import Mirror, Site\n"
GOOD += "SITE = Site(name={name!r}, title='T', language='en', mirrors=(Mirror(host='a.example'),), stories=())\n"


def test_finds_ours_and_those_of_further_folders(tmp_path: Path) -> None:
    (tmp_path / "shelf_gazette.py").write_text(GOOD.format(name="gazette"))
    (tmp_path / "_notes.py").write_text("raise RuntimeError")
    assert {"presstv", "gazette"} <= set(load_sites([tmp_path]))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("1 +", "SyntaxError"),
        ("import no_such_library_anywhere", "no_such_library_anywhere"),
        ("X = 1", "holds no SITE"),
        (GOOD.format(name="presstv"), "already in"),
    ],
)
def test_a_broken_file_is_named_with_its_reason(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "shelf_broken.py").write_text(text)
    with pytest.raises(SetupError, match=told) as caught:
        load_sites([tmp_path])
    assert "shelf_broken.py" in str(caught.value)


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="no such folder"):
        load_sites([tmp_path / "nowhere"])


SITES = load_sites([DEMO_SITES])
EXAMPLES: dict[str, list[tuple[str, date | None]]] = {
    "presstv": [
        ("https://www.presstv.ir/Detail/2016/04/07/459588/Iran-Russia", date(2016, 4, 7)),
        ("http://www.presstv.com/detail/2012/08/01/253888/us-drone-strike-kills-25-in-somalia/", date(2012, 8, 1)),
        ("https://www.presstv.com/Detail/2019/1/23/586614/Press%20TV%20News%20Headlines", date(2019, 1, 23)),
        ("http://www.presstv.ir/Video/2015/10/04/431915/Max-Igan", date(2015, 10, 4)),
        ("https://www.presstv.ir/doc/Detail/2026/02/18/764305/Golden-Corridor-", date(2026, 2, 18)),
        ("http://presstv.com//Detail/2014/12/31/0390988", date(2014, 12, 31)),
        ("https://www.presstv.ir/Detail/2016/13/45/459588/no-such-day", None),
        ("http://www.presstv.ir/detail/207430.html", None),
        ("http://www.presstv.ir/detail.aspx?id=139946&sectionid=351020403", None),
    ],
    "abendblatt": [("https://www.abendblatt.de/hamburg/article229104247/Slug.html", None)],
    "rt": [
        ("https://swentr.site/russia/640512-foreign-journalists/?utm_source=rss", None),
        ("https://russian.rt.com/a/news/1321691-x", None),
    ],
    "sputnik": [
        ("https://sputnikglobe.com/20231203/bakers-of-three-towns--reports-1115353279.html", date(2023, 12, 3)),
        ("https://sputniknews.com/videoklub/201708045748463-oven", date(2017, 8, 4)),
    ],
    "irna": [("https://en.irna.ir/news/86270373/Old-lighthouse", None)],
    "mehr": [("https://www.mehrnews.com/news/6612001/%D8%A7%D9%81%D8%AA%D8%AA%D8%A7%D8%AD", None)],
    "tasnim": [
        ("https://www.tasnimnews.com/fa/news/1402/10/10/3014883/%D9%82%D8%A7%D9%84%DB%8C", date(2023, 12, 31)),
        ("https://www.tasnimnews.com/fa/news/1403/12/30/3278999/leap", date(2025, 3, 20)),
        ("https://www.tasnimnews.com/fa/news/1402/12/30/3054000/no-such-day", None),
        ("https://www.tasnimnews.com/ar/news/2015/08/12/827252/x", date(2015, 8, 12)),
    ],
    "meduza": [
        ("https://meduza.io/en/feature/2024/10/28/for-10-years-a-lighthouse", date(2024, 10, 28)),
        ("https://meduza.io/cards/chto-takoe-mayak", None),
    ],
    "novaya_europe": [("https://vpnovaya.eu/articles/2026/02/27/the-lighthouse-en", date(2026, 2, 27))],
    "hkfp": [("https://www.hongkongfp.com/2015/08/11/ferry-pier-clock/", date(2015, 8, 11))],
    "courier": [
        ("http://www.courier.example/2024/06/11/1014/harbour-crane", date(2024, 6, 11)),
        ("http://www.courier.example/story.cgi?id=1003", None),
    ],
}
"""Addresses of stories, at least one for each pattern, and the day that each names."""


@pytest.mark.parametrize("name", sorted(SITES))
def test_every_pattern_of_a_story_has_an_example_and_yields_its_day(name: str) -> None:
    site, used = SITES[name], set()
    for url, day in EXAMPLES[name]:
        assert site.story_id(url), url
        assert site.date_in(url) == day, url
        used.add(next(p for p in site.stories if re.search(p, path_of(url), re.IGNORECASE)))
    assert used == set(site.stories), "a pattern without an example above"
    assert site.dated == (name not in ("abendblatt", "rt", "mehr"))


@pytest.mark.parametrize("name", sorted(SITES))
def test_a_pattern_that_names_a_day_has_its_groups(name: str) -> None:
    for pattern in SITES[name].stories:
        if re.search(r"(20)?\\d(\\d|\{4\})", pattern.partition("(?P<id>")[0]):
            names = set(re.compile(pattern).groupindex)
            assert {"y", "m", "d"} <= names or {"jy", "jm", "jd"} <= names, pattern


@pytest.mark.parametrize(
    ("url", "story"),
    [
        ("https://www.rt.com/news/640506-cranes/", "rt/640506"),
        ("https://swentr.site/news/640506-other-slug/", "rt/640506"),
        ("https://russian.rt.com/russia/news/640506-kran", "rt/ru-640506"),
        ("https://en.mehrnews.com/news/242420/x", "mehr/en-242420"),
        ("https://www.mehrnews.com/news/242420/x", "mehr/242420"),
        ("https://en.irna.ir/news/86270373/x", "irna/86270373"),
        ("https://cg-entry.meduza.io/en/feature/2024/10/28/for-10-years", "meduza/for-10-years"),
        ("https://www.tasnimnews.com/fa/page/about", None),
    ],
)
def test_an_edition_that_counts_for_itself_has_stories_of_its_own(url: str, story: str | None) -> None:
    assert next(site for site in SITES.values() if site.owns(url)).story_id(url) == story


@pytest.mark.parametrize(
    ("url", "language"),
    [
        ("https://www.tasnimnews.com/en/news/2023/09/16/2956946/x", "en"),
        ("https://www.tasnimnews.com/fa/news/1402/10/10/3014883/x", "fa"),
        ("https://meduza.io/en/feature/2024/10/28/x", "en"),
        ("https://meduza.io/feature/2024/10/28/x", None),
        ("https://novayagazeta.eu/articles/2026/02/27/x-en-news", "en"),
        ("https://www.presstv.ir/Detail/2016/04/07/459588/en", None),
    ],
)
def test_a_path_may_tell_the_language(url: str, language: str | None) -> None:
    site = next(site for site in SITES.values() if site.owns(url))
    assert site.language_in(url) == language
    assert language is None or language in site.languages()


def test_a_site_of_slugs_is_known_as_such() -> None:
    assert {name for name, site in SITES.items() if not site.is_numbered} == {"meduza", "novaya_europe", "hkfp"}


def test_days_told_by_numbers_are_bounds(shared: Path) -> None:
    site = SITES["presstv"]
    rows = (shared / "samples" / "presstv" / "id_date_anchors.tsv").read_text().splitlines()[1:]
    for number, day, *_ in (row.split("\t") for row in rows):
        if day.startswith("("):
            continue
        earliest, latest = site.days_of(f"http://www.presstv.ir/detail/{number}.html")
        assert (earliest or date.min) <= date.fromisoformat(day) <= (latest or date.max), (number, earliest, latest)
    assert site.days_of("http://www.presstv.ir/detail/98000.html")[0] is None
    assert site.days_of("http://www.presstv.ir/detail/999999.html")[1] is None
    assert site.days_of("http://www.presstv.ir/detail/207430.html") == (date(2011, 9, 29), date(2011, 11, 30))


def test_a_site_file_of_the_first_version_is_loaded_and_told_what_to_import(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "gazette.py").write_text(
        "from __future__ import annotations\n"
        "from crawler.parsers.dates import moment\n"
        "from crawler.parsers.order import Order\n"
        "from crawler.parsers.ordered import Ordered\n"
        "from crawler.parsers.page import Page\n"
        "from crawler.parsers.readers import css, every, first, jsonld, links, meta, reader, xpath\n"
        "from crawler.parsers.structured import linked_data\n"
        "from crawler.parsers.videos import videos\n"
        "from crawler.sites._site import Feed, Mirror, Section, Site, Sitemap, Template\n"
        "SITE = Site(name='gazette', title='Gazette', language='en', mirrors=(Mirror('gazette.example'),), stories=())\n"
    )
    assert load_sites([tmp_path])["gazette"].title == "Gazette"
    (told,) = [record.getMessage() for record in caplog.records if "site-file-imports" in record.getMessage()]
    assert "gazette.py" in told
    assert "former=crawler.parsers.dates,crawler.parsers.order," in told
    assert "from crawler import" in told
    caplog.clear()
    (tmp_path / "gazette.py").write_text(
        "from crawler import Mirror, Site\nSITE = Site(name='gazette', title='G', language='en', mirrors=(Mirror('g.example'),), stories=())\n"
    )
    assert load_sites([tmp_path])["gazette"].title == "G"
    assert not caplog.records

"""Endpoints of web archives as settings name them, and what is refused."""

import pytest

from crawler.crawl.settings_check import check
from crawler.errors import SetupError
from crawler.memento.endpoints import parse_endpoints

A = "https://archive.example"
GOOD = {
    f"{A}/web/": ("memento", f"{A}/web/", f"{A}/web/", False),
    f"{A}/web": ("memento", f"{A}/web/", f"{A}/web/", False),
    f"memento+{A}/web/": ("memento", f"{A}/web/", f"{A}/web/", False),
    f"cdx+{A}/coll/cdx": ("cdx", f"{A}/coll/cdx", f"{A}/coll/", False),
    f"cdx+{A}/cdx/search/cdx": ("cdx", f"{A}/cdx/search/cdx", f"{A}/web/", False),
    f"cdx+{A}/index?|{A}/replay": ("cdx", f"{A}/index", f"{A}/replay/", False),
    f"timemap+{A}/map/": ("timemap", f"{A}/map/", None, False),
    f"timemap+{A}/map/|{A}/web": ("timemap", f"{A}/map/", f"{A}/web/", False),
    f"rewritten+timegate+{A}/gate/": ("timegate", f"{A}/gate/", None, True),
}


@pytest.mark.parametrize("text", GOOD)
def test_an_endpoint_says_its_kind_and_where_its_copies_are(text: str) -> None:
    (found,) = parse_endpoints(text)
    assert (found.kind, found.address, found.replay, found.rewritten) == GOOD[text]
    assert found.name == "archive.example"


def test_several_stand_behind_commas_or_blanks_or_in_a_list() -> None:
    one, two = f"{A}/web/", "cdx+https://b.example/c/cdx"
    assert [found.name for found in parse_endpoints(f"{one}, {two}")] == ["archive.example", "b.example"]
    assert parse_endpoints(f"{one} {two}") == parse_endpoints([one, two]) == parse_endpoints(f"{one},{two}")
    assert parse_endpoints(None) == parse_endpoints("") == ()


@pytest.mark.parametrize(
    "text", ["archive.example/web/", "ftp+https://a.example/", "cdx+https://a.example/list", "https://", f"{A}/web/|{A}/x/", "https://u@a.example/w/",
             f"cdx+timemap+{A}/x", f"cdx+{A}/cdx|ftp://a.example/"],
)  # fmt: skip
def test_what_is_no_endpoint_is_refused_before_a_crawl(text: str) -> None:
    with pytest.raises(SetupError, match="ARCHIVE_MEMENTO_ENDPOINTS"):
        parse_endpoints(text)


def test_a_setting_that_means_nothing_is_a_set_up_error() -> None:
    from scrapy.settings import Settings

    made = Settings()
    made.setmodule("crawler.settings")
    made.set("ARCHIVE_MEMENTO_ENDPOINTS", "cdx+https://a.example/list")
    with pytest.raises(SetupError, match="where its copies are served"):
        check(made)


def test_lists_are_asked_for_by_the_kind() -> None:
    url = "http://a.example/x?y=1&z"
    assert parse_endpoints(f"{A}/web/")[0].list_of(url) == f"{A}/web/timemap/link/{url}"
    assert parse_endpoints(f"timegate+{A}/web/")[0].list_of(url) == f"{A}/web/{url}"
    cdx = parse_endpoints(f"cdx+{A}/c/cdx")[0].list_of(url, prefix=True)
    assert cdx == f"{A}/c/cdx?url=http%3A%2F%2Fa.example%2Fx%3Fy%3D1%26z&matchType=prefix&output=json&limit=1000"

"""Search finds what is there, and no text that somebody types breaks it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from index_makers import article, capture, file_all

from crawler.errors import Usage
from crawler.index.index import Index
from crawler.items import Image
from crawler.search import answers
from crawler.search.answers import answer, search, stories_found
from crawler.search.hits import Hit
from crawler.search.marks import pieces
from crawler.search.query import read_query


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with Index.open(tmp_path_factory.mktemp("search") / "index.db") as index:
        file_all(
            index,
            (capture(1), evolve(article(), published="2016-05-04", section="Harbour", language="en")),
            (capture(2), evolve(article("Ferry stops", "No ferry today."), published="2016-05-04", section="Harbour", language="en")),
            (capture(3), evolve(article("Café Ünal opens", "Tea since dawn.", story="harbour/2", images=(
                Image(url="https://pics.example/c.jpg", caption="Guests at the bar", credit="Dock Photo", agency="Dock Photo"),
                Image(url="https://pics.example/d.jpg", caption="An empty street"),
            )), published="2019-09-23T10:00:00+03:30", section="Town", authors=("Ada Quill",), language="en-GB")),
            (capture(4), evolve(article("کشتی به بندر رسید", "متن فارسی", story="harbour/3", images=()), language="fa")),
            (capture(5), article("Night line", "COVID-19 closes the ferry pier. NOT NEAR it.", story="harbour/4", images=())),
        )  # fmt: skip
        with index.atomic():
            for n in (200, 300):
                missed = capture(n, story="harbour/4", key="harbour/4", status=404)
                index.add_capture(missed)
                index.deny(missed, "gone")
        yield index


def stories(hits: list[Hit]) -> set[str]:
    return {hit.story_id for hit in hits}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("ferry", {"harbour/1000", "harbour/4"}), ("FERRY -covid", {"harbour/1000"}), ("ferry -pier -today", set()),
        ("cafe unal", {"harbour/2"}), ("opens guests", {"harbour/2"}), ("dock photo", {"harbour/2"}), ('"photo dock"', set()),
        ('"ferry stops"', {"harbour/1000"}), ("“ferry stops”", {"harbour/1000"}), ("«ferry stops", {"harbour/1000"}),
        ('"ferry runs"', set()), ("بندر", {"harbour/3"}), ("كشتي", {"harbour/3"}), ("covid-19", {"harbour/4"}), ("NOT NEAR", {"harbour/4"}),
        ("-covid", {"harbour/4"}), ("headline:ferry", {"harbour/1000"}), ("headline:tea", set()), ("body:tea", {"harbour/2"}), ("fer*", {"harbour/1000", "harbour/4"}),
        ("?!", set()), ("ferry - pier", {"harbour/1000", "harbour/4"}), ("tea OR covid", {"harbour/2", "harbour/4"}),
        ("(tea OR covid) ferry", {"harbour/4"}), ("credit:dock", {"harbour/2"}), ("caption:dock", set()), ("caption:guests credit:dock", {"harbour/2"}),
        ('caption:"empty street"', {"harbour/2"}), ("author:quill", {"harbour/2"}), ("ada quill", {"harbour/2"}), ("agency:dock", {"harbour/2"}),
        ("section:harbour", {"harbour/1000"}), ("site:harbour section:town", {"harbour/2"}), ("lang:en", {"harbour/1000", "harbour/2", "harbour/4"}),
        ("lang:fa", {"harbour/3"}), ("since:2017 until:2020", {"harbour/2"}), ("until:2016-05-04", {"harbour/1000"}), ("until:2016-05-03", set()),
        ("year:2019", {"harbour/2"}), ("is:removed", {"harbour/4"}), ("is:edited", {"harbour/1000"}), ("is:live ferry", {"harbour/1000"}),
        ("ferry -is:removed", {"harbour/1000"}), ("ferry OR section:town", {"harbour/1000", "harbour/2", "harbour/4"}),
        ("section:town -tea", set()), ("is:pictured", {"harbour/1000", "harbour/2"}), ("is:superseded", {"harbour/1000"}),
        ("-(ferry tea) cafe", {"harbour/2"}), ("headline:(ferry OR night)", {"harbour/1000", "harbour/4"}), ("section:(town OR nowhere)", {"harbour/2"}), ("section:nowhere", set()),
        ("ferry (-covid OR -pier)", {"harbour/1000"}),
    ],
)  # fmt: skip
def test_queries(index: Index, query: str, found: set[str]) -> None:
    assert stories(search(index, query)) == found


def test_the_newest_version_is_found_and_an_earlier_one_only_if_wanted(index: Index) -> None:
    (hit,) = answer(index, "story runs OR ferry headline:stops").hits
    assert (hit.n, hit.versions, hit.superseded, hit.state) == (2, 2, False, "live")
    nothing = answer(index, "idle")
    assert (nothing.hits, nothing.total, nothing.superseded) == ((), 0, 1)
    both = answer(index, "ferry -covid", all_versions=True)
    assert sorted((one.n, one.superseded) for one in both.hits) == [(1, True), (2, False)]
    assert [one.n for one in answer(index, "is:superseded").hits] == [1]
    assert (stories_found(index, "idle"), stories_found(index, "?!")) == (["harbour/1000"], [])


def test_a_hit_says_where_and_what(index: Index) -> None:
    (hit,) = search(index, "guests tea")
    assert (hit.n, hit.headline, hit.canonical_url, hit.section) == (1, "Café Ünal opens", capture(3).url, "Town")
    assert pieces(hit.snippet, hit.snippet_marks)[0] == ("Tea", True)
    (caption,) = hit.captions
    assert (caption.caption, caption.credit, pieces(caption.caption or "", caption.caption_marks)[0]) == ("Guests at the bar", "Dock Photo", ("Guests", True))
    (hit,) = search(index, "headline:cafe")
    assert [part for part, match in pieces(hit.headline or "", hit.headline_marks) if match] == ["Café"]


def test_facets_and_total_count_what_was_found(index: Index) -> None:
    found = answer(index, "ferry OR tea OR متن", limit=1, facets=True)
    assert (len(found.hits), found.total, found.more) == (1, 4, False)
    counts = {facet.name: {value.value: value.count for value in facet.values} for facet in found.facets}
    assert counts["section"] == {"Harbour": 1, "Town": 1}
    assert (counts["site"], counts["agency"]) == ({"harbour": 4}, {"Dock Photo": 1})
    assert counts["year"] == {"2026": 2, "2019": 1, "2016": 1}
    for facet in found.facets:
        for value in facet.values:
            assert answer(index, value.narrowed).total == value.count, value


def test_pages_follow_one_another(index: Index) -> None:
    whole = [hit.story_id for hit in answer(index, "lang:en OR lang:fa", limit=10).hits]
    assert whole == [hit.story_id for n in range(4) for hit in answer(index, "lang:en OR lang:fa", limit=1, offset=n).hits]
    assert answer(index, "ferry", limit=5, offset=2).hits == ()
    by_date = [hit.published for hit in answer(index, "ferry OR tea", sort="date").hits]
    assert by_date == sorted(by_date, reverse=True)


def test_the_headline_weighs_most_and_the_newer_more(tmp_path: Path) -> None:
    with Index.open(tmp_path / "index.db") as index:
        for n, (headline, body, year) in enumerate([("Ferry", "x", 2000), ("Boat", "ferry y", 2026), ("Ferry", "z", 2026)], 1):
            made = evolve(article(headline, body, story=f"harbour/{n}", images=()), published=f"{year}-01-01")
            file_all(index, (capture(n, story=f"harbour/{n}", key=f"harbour/{n}"), made))
        assert [hit.story_id for hit in answer(index, "ferry").hits] == ["harbour/3", "harbour/1", "harbour/2"]
        scores = {hit.story_id: hit.score for hit in answer(index, "ferry", recency=0).hits}
        assert scores["harbour/1"] == scores["harbour/3"] > scores["harbour/2"]


@pytest.mark.parametrize("query", ["", "  ", "\x00\n\t", "\u3000"])
def test_a_blank_query_is_a_usage_error(index: Index, query: str) -> None:
    with pytest.raises(Usage):
        search(index, query)


@pytest.mark.parametrize("wrong", [{"limit": 0}, {"limit": 10**6}, {"offset": -1}, {"recency": -1.0}, {"sort": "size"}])
def test_a_number_out_of_range_is_a_usage_error(index: Index, wrong: dict[str, object]) -> None:
    with pytest.raises(Usage):
        answer(index, "ferry", **wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "query",
    ['"', '""', '"" ""', "'", "AND", "OR NOT", "NEAR(a b)", "a*", "^a", "-", "--", '-"', "{a}:b", "(", ")", "a AND", "\ud800", "a\x00b",
     "9" * 400, "x " * 5000, '"a b" -"c d"', "🛳", "\ufdd0", "%", "; DROP TABLE versions", "\u200d", "ё\u0301", "-" * 300, '"a' * 300,
     "(" * 500 + "a", "a OR " * 200, "-(" * 40 + "a", "since: is: lang:", 'section:"" a', "headline:*", "x" * 1_000_000, "versions_fts", "{headline} : a",
     "a NOT b", 'a"b"c', "section:'", "lang:%", "북 山 ท*", "-is:removed", "year:9999 OR a"],
)  # fmt: skip
def test_odd_queries(index: Index, query: str) -> None:
    found = answer(index, query, facets=True)
    assert len(found.hits) <= found.total


# The nightly promise is 10 000 queries: HYPOTHESIS_QUERIES=10000.
@pytest.mark.slow
@settings(max_examples=int(os.environ.get("HYPOTHESIS_QUERIES", "150")), deadline=None)
@given(st.one_of(st.text(max_size=60), st.text('ab"-*():^{}+ \x00NEAR', max_size=40), st.lists(st.sampled_from(
    ["ferry", "AND", "OR", "NOT", "NEAR", '"', "-", "(", ")", "*", ":", "photo", "\ud800", " ", "is:", "removed", "since:", "2016", "section:", "headline:", "북", "می‌خواهم"])).map("".join)))  # fmt: skip
def test_no_query_raises(index: Index, query: str) -> None:
    try:
        assert answer(index, query, facets=True).total <= 4
    except Usage:
        assert read_query("x" + query) is not None


def test_search_follows_what_changes(tmp_path: Path) -> None:
    with Index.open(tmp_path / "index.db") as index:
        file_all(index, (capture(1), article("Misread")), (capture(1), article("Sound")))
        assert (search(index, "misread"), stories(search(index, "sound"))) == ([], {"harbour/1000"})
        assert index.integrity() == []


def test_of_very_many_that_fit_those_filed_last_and_headlines_are_weighed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Index.open(tmp_path / "index.db") as index:
        for n in range(1, 10):
            made = article("Ferry" if n == 1 else "Boat", "The ferry " * n, story=f"harbour/{n}", images=())
            file_all(index, (capture(n, story=f"harbour/{n}", key=f"harbour/{n}"), made))
        plain = answer(index, "ferry", recency=0)
        monkeypatch.setattr(answers, "MAX_WEIGHED", 3)
        few = answer(index, "ferry", recency=0)
        assert few.hits[0].story_id == plain.hits[0].story_id == "harbour/1"
        assert {hit.story_id for hit in few.hits} == {hit.story_id for hit in plain.hits}
        assert few.notes == ("4 of 9 are weighed: those filed last, and those with the words in the headline",)
        monkeypatch.setattr(answers, "MAX_COUNTED", 5)
        assert (answer(index, "ferry").total, answer(index, "ferry").more) == (5, True)

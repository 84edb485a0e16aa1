"""Search finds what is there, and no text that somebody types breaks it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from index_makers import article, capture, file_all

from crawler.errors import Usage
from crawler.index.index import Index
from crawler.items import Image
from crawler.search import search as searching
from crawler.search.search import Hit, found, read_query, search


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with Index.open(tmp_path_factory.mktemp("search") / "index.db") as index:
        file_all(
            index,
            (capture(1), article()),
            (capture(2), article("Ferry stops", "No ferry today.")),
            (capture(3), article("Café Ünal opens", "Tea since dawn.", story="harbour/2", images=(
                Image(url="https://pics.example/c.jpg", caption="Guests at the bar", credit="Dock Photo"),
                Image(url="https://pics.example/d.jpg", caption="An empty street"),
            ))),
            (capture(4), article("کشتی به بندر رسید", "متن فارسی", story="harbour/3", images=())),
            (capture(5), article("Night line", "COVID-19 closes the ferry pier. NOT NEAR it.", story="harbour/4", images=())),
        )  # fmt: skip
        yield index


def stories(hits: list[Hit]) -> set[str]:
    return {hit.story_id for hit in hits}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("ferry", {"harbour/1000", "harbour/4"}),
        ("FERRY -covid", {"harbour/1000"}),
        ("ferry -pier -today", set()),
        ("cafe unal", {"harbour/2"}),
        ("opens guests", {"harbour/2"}),
        ("dock photo", {"harbour/2"}),
        ('"photo dock"', set()),
        ('"ferry runs"', {"harbour/1000"}),
        ("“ferry runs”", {"harbour/1000"}),
        ("«ferry runs", {"harbour/1000"}),
        ("بندر", {"harbour/3"}),
        ("covid-19", {"harbour/4"}),
        ("NOT NEAR", {"harbour/4"}),
        ("-covid", {"harbour/4"}),
        ("headline:ferry", set()),
        ("fer*", set()),
        ("?!", set()),
        ("ferry - pier", {"harbour/1000", "harbour/4"}),
    ],
)
def test_queries(index: Index, query: str, found: set[str]) -> None:
    assert stories(search(index, query)) == found


def test_a_hit_says_where_and_what(index: Index) -> None:
    (hit,) = search(index, "guests tea")
    assert (hit.n, hit.headline, hit.canonical_url) == (1, "Café Ünal opens", capture(3).url)
    assert "[Tea] since dawn" in hit.snippet or "[Guests] at the bar" in hit.snippet
    assert [(c.caption, c.credit) for c in hit.captions] == [("Guests at the bar", "Dock Photo")]


def test_a_story_is_found_once_and_the_headline_weighs_most(index: Index) -> None:
    hits = search(index, "ferry")
    assert [h.story_id for h in hits] == ["harbour/1000", "harbour/4"]
    assert hits[0].score > hits[1].score > 0
    assert len(search(index, "ferry", limit=1)) == 1


@pytest.mark.parametrize("query", ["", "  ", "\x00\n\t", "\u3000"])
def test_a_blank_query_is_a_usage_error(index: Index, query: str) -> None:
    with pytest.raises(Usage):
        search(index, query)


def test_a_limit_below_one_is_a_usage_error(index: Index) -> None:
    with pytest.raises(Usage):
        search(index, "ferry", limit=0)


@pytest.mark.parametrize(
    "query",
    ['"', '""', '"" ""', "'", "AND", "OR NOT", "NEAR(a b)", "a*", "^a", "-", "--", '-"', "{a}:b", "(", ")", "a AND", "\ud800", "a\x00b",
     "9" * 400, "x " * 5000, '"a b" -"c d"', "🛳", "\ufdd0", "%", "; DROP TABLE versions", "‍", "ё\u0301", "-" * 300, '"a' * 300],
)  # fmt: skip
def test_odd_queries(index: Index, query: str) -> None:
    assert isinstance(search(index, query), list)


# The nightly promise is 10 000 queries: HYPOTHESIS_QUERIES=10000.
@pytest.mark.slow
@settings(max_examples=int(os.environ.get("HYPOTHESIS_QUERIES", "150")), deadline=None)
@given(st.one_of(st.text(max_size=60), st.text('ab"-*():^{}+ \x00NEAR', max_size=40), st.lists(st.sampled_from(
    ["ferry", "AND", "OR", "NOT", "NEAR", '"', "-", "(", ")", "*", ":", "photo", "\ud800", " "])).map("".join)))  # fmt: skip
def test_no_query_raises(index: Index, query: str) -> None:
    try:
        search(index, query)
    except Usage:
        assert read_query("x" + query) is not None


def test_search_follows_what_changes(tmp_path: Path) -> None:
    with Index.open(tmp_path / "index.db") as index:
        file_all(index, (capture(1), article("Misread")), (capture(1), article("Sound")))
        assert (search(index, "misread"), stories(search(index, "sound"))) == ([], {"harbour/1000"})


def test_no_more_is_held_than_is_shown(tmp_path: Path) -> None:
    with Index.open(tmp_path / "index.db") as index:
        file_all(index, *((capture(n), article(f"The ferry {n}", "The pier.", story=f"harbour/{n}", images=())) for n in range(1, 30)))
        fetched = []
        index.rows, before = lambda *a: (fetched.append(1) or row for row in before(*a)), index.rows  # type: ignore[func-returns-value,method-assign]
        result = found(index, "the", 3)
        assert (len(result.hits), result.more, len(fetched)) == (3, True, 4 + 3), "one more than is shown, then each that is shown"
        assert (len(found(index, "the", 29).hits), found(index, "the", 29).more) == (29, False)
        assert (found(index, "the", 30).more, found(index, "?!").more) == (False, False)


def test_of_very_many_that_fit_those_filed_last_are_weighed(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(1, 9):
        file_all(index, (capture(n, story=f"harbour/{n}", key=f"harbour/{n}"), article("Ferry " * n, story=f"harbour/{n}")))
    monkeypatch.setattr(searching, "MAX_WEIGHED", 3)
    assert {hit.story_id for hit in found(index, "ferry", 20).hits} == {"harbour/6", "harbour/7", "harbour/8"}
    assert {hit.story_id for hit in found(index, "ferry -pier", 20).hits} == set(), "all have a caption at the pier"
    monkeypatch.undo()
    assert len(found(index, "ferry", 20).hits) == 8


def test_words_that_all_versions_have_do_not_weigh(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(1, 13):
        headline, body = ("Ferry" if n in (3, 7) else "Boat"), f"Ferry {'fog ' * n} today{' harbourmaster' * (n % 4 == 0)}."
        file_all(index, (capture(n, story=f"harbour/{n}", key=f"harbour/{n}"), article(headline, body, story=f"harbour/{n}", images=())))
    plain = {words: [hit.story_id for hit in search(index, words, 50)] for words in ("harbourmaster", "ferry harbourmaster", "ferry -fog")}
    monkeypatch.setattr(searching, "MAX_WEIGHED", 10)
    assert [hit.story_id for hit in search(index, "ferry", 4)] == ["harbour/7", "harbour/3", "harbour/12", "harbour/11"]
    assert [hit.story_id for hit in search(index, "ferry fog", 2)] == ["harbour/12", "harbour/11"], "none has both in its headline"
    told = {words: [hit.story_id for hit in search(index, words, 50)] for words in plain}
    assert told["harbourmaster"] == told["ferry harbourmaster"] == plain["harbourmaster"]
    assert set(told["ferry -fog"]) == set(plain["ferry -fog"])
    scores = [hit.score for hit in search(index, "ferry", 4)]
    assert scores == sorted(scores, reverse=True)
    with_more = found(index, "ferry", 3)
    assert (len(with_more.hits), with_more.more) == (3, True)


def test_a_story_of_very_many_versions_leaves_room_for_others(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "_VERSIONS_A_STORY", 1)
    for n in range(1, 10):
        file_all(index, (capture(n), article(f"Ferry ferry ferry {n}")))
    for n in (10, 11):
        file_all(index, (capture(n, story=f"harbour/{n}", key=f"harbour/{n}"), article("Ferry", story=f"harbour/{n}")))
    result = found(index, "ferry", 2)
    assert (len(result.hits), result.more, result.hits[0].story_id) == (2, True, "harbour/1000")

"""Single questions to the index: stories by whatever names them, last usable captures, figures, beginnings of known texts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from index_makers import BEGIN, article, capture, file_all

from crawler.index.beginnings import Text
from crawler.index.imports import PageListed, add_page_list, last_of_keys, last_usable, to_parse
from crawler.index.index import Index


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    with Index.open(tmp_path / "index.db") as opened:
        yield opened


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("harbour/1000", ["harbour/1000"]), ("1000", ["harbour/1000", "quay/1000"]), ("https://www.harbour.example/detail/1000?c=1", ["harbour/1000"]), ("  1000  ", ["harbour/1000", "quay/1000"]),
        ("https://www.harbour.example/canonical", ["harbour/1000"]), ("harbour/1001", []), ("https://www.harbour.example/detail/1000", []), ("", []), ("100", []), ("1000\x00", []),
    ],
)  # fmt: skip
def test_a_story_by_whatever_names_it(index: Index, words: str, found: list[str]) -> None:
    file_all(
        index,
        (capture(1), article(canonical_url="https://www.harbour.example/canonical")),
        (capture(2, key="quay/1000", story="quay/1000", site="quay", url="https://quay.example/1000"), article(story="quay/1000")),
    )
    assert index.find_story(words) == found


def test_a_story_that_nobody_filed_is_none(index: Index) -> None:
    assert index.story("harbour/1") is None
    assert index.versions("harbour/1") == []
    assert index.sightings("harbour/1") == []


def test_sightings_say_which_version_was_seen_where_and_when(index: Index) -> None:
    file_all(index, (capture(1), article()), (capture(2, host="b.example"), article()), (capture(3), article("Ferry stops")))
    assert [(one.n, one.host, one.record_id) for one in index.sightings("harbour/1000")] == [
        (1, "www.harbour.example", "urn:uuid:00000001"), (1, "b.example", "urn:uuid:00000002"), (2, "www.harbour.example", "urn:uuid:00000003"),
    ]  # fmt: skip
    story = index.story("harbour/1000")
    assert story is not None
    assert (story.versions, story.state, story.number, story.site) == (2, "live", 1000, "harbour")


@pytest.mark.parametrize(
    ("shots", "last"),
    [
        ([{}], 1), ([{}, {}], 2), ([{}, {"status": 404}], 1), ([{}, {"truncated": "length"}], 1), ([{"status": 500}], None), ([], None), ([{"key": "another"}], None),
    ],
)  # fmt: skip
def test_the_last_usable_capture_of_a_key(index: Index, shots: list[dict[str, object]], last: int | None) -> None:
    with index.atomic():
        for n, changes in enumerate(shots, 1):
            index.add_capture(capture(n, **changes))
    found = last_usable(index, "harbour/1000")
    assert (found.record_id if found else None) == (f"urn:uuid:{last:08d}" if last else None)


def test_last_answers_of_all_keys(index: Index) -> None:
    with index.atomic():
        for n, changes in enumerate(
            [{}, {"status": 404}, {"key": "b"}, {"key": "b", "status": 500}, {"key": "c", "status": 410}, {"key": "d", "role": "robots"}], 1
        ):
            index.add_capture(capture(n, **changes))
    told = {last.key: (last.record_id[-1], usable.record_id[-1] if usable else None) for last, usable in last_of_keys(index)}
    assert told == {"harbour/1000": ("2", "1"), "b": ("3", "3"), "c": ("5", None)}
    assert {last.key: usable for last, usable in last_of_keys(index, {"urn:uuid:00000003"})}["b"] is None


def test_what_is_to_be_read_of_a_file(index: Index) -> None:
    with index.atomic():
        index.add_capture(capture(1))
        index.add_capture(capture(2, warc="other.warc.gz"))
        index.add_capture(capture(3, role="requisite", key="p"))
        index.add_capture(capture(4, role="robots", key="r"))
    assert len(to_parse(index, "harbour-1.warc.gz")) == 3
    assert len(to_parse(index, "other.warc.gz")) == 1
    assert len(to_parse(index, "nosuch.warc.gz")) == 0


def test_a_list_of_pages_replaces_the_one_before(index: Index) -> None:
    pages = [
        PageListed(url="https://a/", title="A", date=datetime(2026, 1, 1, tzinfo=UTC)),
        PageListed(url="https://b/", title=None, date=None),
    ]
    with index.atomic():
        add_page_list(index, "week.wacz", pages)
        add_page_list(index, "other.wacz", pages[:1])
        add_page_list(index, "week.wacz", pages[1:])
    assert [tuple(row) for row in index.query("SELECT package, url, title, date FROM offered_pages ORDER BY package")] == [
        ("other.wacz", "https://a/", "A", "2026-01-01T00:00:00.000000Z"), ("week.wacz", "https://b/", None, None),
    ]  # fmt: skip


def test_figures(index: Index) -> None:
    file_all(index, (capture(1), article()), (capture(2), article("Ferry stops", template="other")))
    figures = index.stats()
    assert (figures["captures"], figures["stories"], figures["versions"]) == (2, 1, 2)
    assert figures["templates"] == {"other": 1, "plain": 1}
    assert (figures["failures"], figures["mirrors"], figures["runs"]) == ({}, [], [])
    counts = index.counts()
    assert (counts["captures"], counts["versions"], counts["stories"], counts["images"]) == (2, 2, 1, 2)
    assert index.integrity() == []
    assert BEGIN.tzinfo is UTC


BASE = {"headline": "Ferry runs", "deck": "After nine days.", "body": "One two three", "captions": "Pier", "credits": "Ada"}


@pytest.mark.parametrize(
    ("changes", "begins"),
    [
        ({}, True), ({"body": "One two"}, True), ({"body": ""}, True), ({"body": "One four"}, False), ({"body": "One two three four"}, False), ({"deck": ""}, True),
        ({"deck": "After"}, False), ({"headline": "Ferry"}, False), ({"headline": ""}, False), ({"captions": "", "credits": ""}, True), ({"captions": "Quay"}, False),
        ({"body": "One  two\u00a0"}, True),
    ],
)  # fmt: skip
def test_the_beginning_of_a_text(changes: dict[str, str], begins: bool) -> None:
    whole, part = Text.of(BASE), Text.of({**BASE, **changes})
    assert part.begins(whole) is begins
    if begins:
        assert whole.part(part.shown(whole)) == part


def test_all_of_a_text_is_shown_as_nothing() -> None:
    assert Text.of(BASE).shown(Text.of(BASE)) is None
    assert Text.of(BASE).part(None) == Text.of(BASE)
    assert Text.of({**BASE, "deck": None}).deck == ""

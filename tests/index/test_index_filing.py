"""Stories, versions, sightings and pictures come out the same, whatever the order of filing."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from index_makers import BEGIN, article, capture, file_all, rebuilt_rows

from crawler.index.index import Filed, Index
from crawler.items import Article, Capture, Failure, Image, Imprint, Target


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return Index.open(tmp_path / "index.db")


def picture(n: int, key: str = "a.jpg", **changes: Any) -> Capture:
    return capture(n, **{"role": "requisite", "key": key, "url": f"https://pics{n}.example/{key}", "mime": "image/jpeg", **changes})


def test_new_unchanged_changed(index: Index) -> None:
    with index.atomic():
        outcomes = []
        for n, read in enumerate((article(), article(tags=("sea",)), article("Ferry stops"), article())):
            index.add_capture(capture(n))
            outcomes.append(index.file_article(capture(n), read))
    assert [(f.n, f.outcome) for f in outcomes] == [(1, "new"), (1, "unchanged"), (2, "changed"), (1, "unchanged")]
    first, second = index.versions("harbour/1000")
    assert (first.first_seen, first.last_seen, first.article.tags) == (capture(0).date, capture(3).date, ())
    assert (second.first_seen, second.last_seen, second.article.headline) == (capture(2).date, capture(2).date, "Ferry stops")
    story = index.story("harbour/1000")
    assert story is not None
    assert (story.number, story.versions, story.state, story.last_seen) == (1000, 2, "live", capture(3).date)
    assert [(s.n, s.host) for s in index.sightings("harbour/1000")] == [(n, "www.harbour.example") for n in (1, 1, 2, 1)]


def test_filing_an_older_capture_renumbers(index: Index) -> None:
    file_all(index, (capture(5), article("Later")), (capture(2), article("Earlier")))
    assert [(v.n, v.article.headline) for v in index.versions("harbour/1000")] == [(1, "Earlier"), (2, "Later")]


def test_an_older_reading_of_the_same_text_gives_its_values(index: Index) -> None:
    file_all(index, (capture(5), article(tags=("late",))), (capture(2), article("Ferry  runs again", tags=("early",))))
    version = index.versions("harbour/1000")[0]
    assert (version.article.tags, version.article.headline, version.n) == (("early",), "Ferry  runs again", 1)
    assert index.integrity() == []


def test_reading_a_capture_again_replaces_its_reading(index: Index) -> None:
    file_all(index, (capture(1), article("Misread")), (capture(2), article("Misread")), (capture(1), article("Read well")))
    assert [(v.n, v.article.headline, v.first_seen) for v in index.versions("harbour/1000")] == [
        (1, "Read well", capture(1).date), (2, "Misread", capture(2).date),
    ]  # fmt: skip
    file_all(index, (capture(2), article("Read well", images=())), (capture(2), article("Read well")))
    assert [v.article.headline for v in index.versions("harbour/1000")] == ["Read well"]
    assert (index.counts()["images"], index.counts()["sightings"], index.integrity()) == (1, 2, [])


def test_sighting_again(index: Index) -> None:
    file_all(index, (capture(1), article()))
    with index.atomic():
        index.add_capture(capture(2, status=304, host="b.example", revisit_of=capture(1).record_id))
        index.add_capture(capture(3, status=304))
        seen = index.sight_again(capture(2, host="b.example"), capture(1).record_id)
        assert seen == Filed(story="harbour/1000", n=1, outcome="unchanged")
        assert index.sight_again(capture(3), capture(2).record_id) == seen
        assert index.sight_again(capture(3), "urn:uuid:unknown") is None
    assert index.versions("harbour/1000")[0].last_seen == capture(3).date
    assert index.query("SELECT hosts FROM latest")[0][0] == "b.example, www.harbour.example"


def deny(index: Index, shot: Capture, told: str) -> None:
    index.add_capture(shot)
    index.deny(shot, told)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_latest_word_on_a_story_stands(index: Index, order: tuple[int, ...]) -> None:
    steps = (
        lambda: deny(index, capture(2, confirms=True), "gone"),
        lambda: file_all(index, (capture(1), article())),
        lambda: deny(index, capture(0, confirms=True), "moved"),
    )
    with index.atomic():
        for step in order:
            steps[step]()
    story = index.story("harbour/1000")
    assert story is not None
    assert (story.state, story.first_seen, story.versions) == ("gone", capture(1).date, 1)


def test_a_story_that_was_only_missed(index: Index) -> None:
    with index.atomic():
        deny(index, capture(0, story="harbour/7"), "gone")
    story = index.story("harbour/7")
    assert story is not None
    assert (story.state, story.versions, story.first_seen) == ("gone", 0, None)


@pytest.mark.parametrize("bad", [{"status": 404}, {"truncated": "length"}, {"role": "story"}])
@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (2, 3, 0, 1), (1, 3, 2, 0)])
def test_a_caption_gets_the_earliest_good_picture(index: Index, order: tuple[int, ...], bad: dict[str, Any]) -> None:
    shots = [picture(3), picture(2), picture(1, **bad), None]
    with index.atomic():
        for shot in (shots[i] for i in order):
            if shot is None:
                index.add_capture(capture(9))
                index.file_article(capture(9), article())
            else:
                index.add_capture(shot)
                index.link_image(shot)
    row = index.query("SELECT caption, credit, warc, offset, picture_url FROM captions")[0]
    assert tuple(row) == ("The ferry at its pier", "Photo by Ada Berg", "harbour-1.warc.gz", 2000, "https://pics.example/a.jpg")
    with index.atomic():
        index.mark_lost(picture(2).record_id)
    assert index.query("SELECT offset FROM captions")[0][0] == 3000


def test_an_image_carries_what_its_archived_picture_says_and_nothing_else(index: Index) -> None:
    def said() -> list[tuple[object, ...]]:
        return [
            tuple(row) for row in index.query("SELECT credit, file_byline, file_credit, file_copyright FROM images ORDER BY version_id")
        ]

    with index.atomic():
        for n, byline in ((2, "Ada Berg"), (3, "Rosa Vidal")):
            index.add_capture(picture(n))
            index.link_image(picture(n))
            index.add_imprint(picture(n), Imprint(byline=byline, copyright=f"© {n}"))
            index.add_imprint(picture(n), Imprint(byline=byline, copyright=f"© {n}"))
    file_all(index, (capture(9), article()), (capture(10), article("Ferry runs once more")))
    assert said() == [("Photo by Ada Berg", "Ada Berg", None, "© 2")] * 2, "the page's own credit stays as printed"
    with index.atomic():
        index.mark_lost(picture(2).record_id)
    assert said() == [("Photo by Ada Berg", "Rosa Vidal", None, "© 3")] * 2
    with index.atomic():
        index.mark_lost(picture(3).record_id)
    assert said() == [("Photo by Ada Berg", None, None, None)] * 2


def test_a_repeated_picture_lies_where_its_bytes_do(index: Index) -> None:
    file_all(index, (capture(9), article()))
    with index.atomic():
        index.add_capture(picture(1, key="other.jpg"))
        index.add_capture(picture(2, revisit_of=picture(1).record_id))
        index.link_image(picture(2))
    assert tuple(index.query("SELECT offset, record_id FROM captions")[0]) == (1000, picture(1).record_id)


def test_a_page_of_no_known_story_is_a_story_by_its_address(index: Index) -> None:
    shot = capture(1, site="web", story=None, url="https://News.example:443//a/b?x=1#top")
    file_all(index, (shot, article(story=None)))
    assert index.find_story(shot.url) == ["web/https://news.example//a/b?x=1"]


def test_what_one_address_shows_again_is_no_sighting_of_another(index: Index) -> None:
    one = capture(1, site="web", story="web/http://a.example/1", url="http://a.example/1", key="http://a.example/1")
    other = capture(
        2, site="web", story="web/http://b.example/1", url="http://b.example/1", key="http://b.example/1", revisit_of=one.record_id
    )
    unchanged = capture(
        3,
        site="web",
        story="web/http://b.example/1",
        url="http://b.example/1",
        key="http://b.example/1",
        status=304,
        revisit_of=one.record_id,
    )
    file_all(index, (one, article(story=None)), (other, article(story=None)))
    with index.atomic():
        index.add_capture(unchanged)
        filed = index.sight_again(unchanged, one.record_id)
    assert filed is not None
    assert filed.story == "web/http://b.example/1"
    seen = index.query("SELECT v.story_id, count(*) FROM sightings s JOIN versions v ON v.id = s.version_id GROUP BY 1 ORDER BY 1")
    assert [tuple(row) for row in seen] == [("web/http://a.example/1", 1), ("web/http://b.example/1", 2)]


def test_finding_a_story_by_what_people_have_at_hand(index: Index) -> None:
    file_all(index, (capture(1), article(canonical_url="https://www.harbour.example/c")))
    for words in ("harbour/1000", " 1000 ", capture(1).url, "https://www.harbour.example/c"):
        assert index.find_story(words) == ["harbour/1000"], words
    assert index.find_story("10") == []


@st.composite
def filings(draw: st.DrawFn) -> list[tuple[Capture, Article]]:
    """Captures of two stories, some of one date, some showing one text in other white space."""
    texts = st.sampled_from(["One", "Two", "Two\u00a0", "Three"])
    made = []
    for n in range(draw(st.integers(2, 6))):
        story = draw(st.sampled_from(["harbour/1000", "harbour/2000"]))
        shot = capture(n, date=BEGIN + timedelta(hours=draw(st.integers(0, 3))), story=story, host=draw(st.sampled_from("ab")))
        pictures = tuple(Image(url=f"https://pics.example/{k}", key=k, caption=k) for k in draw(st.sampled_from(["", "p", "pq"])))
        section = draw(st.sampled_from([None, "City", "World"]))
        made.append((shot, article(draw(texts), story=story, images=pictures, section=section, tags=(str(n),), url=shot.url)))
    return made


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(filings(), st.lists(st.tuples(st.integers(0, 3), st.sampled_from("pq")), max_size=3), st.booleans(), st.data())
def test_any_order_of_filing_gives_equal_tables(
    filed: list[tuple[Capture, Article]], shots: list[tuple[int, str]], gone: bool, data: st.DataObject
) -> None:
    pictures = [picture(100 + i, key, date=BEGIN + timedelta(hours=hour)) for i, (hour, key) in enumerate(shots)]
    again = [(capture(50 + i, story=read.story, host="c"), shot.record_id, read) for i, (shot, read) in enumerate(filed[:2])]

    def file(number: int) -> None:
        if number < len(filed):
            shot, read = filed[number]
            fresh.add_capture(shot)
            fresh.file_article(shot, read)
        elif number < len(filed) + len(pictures):
            fresh.add_capture(pictures[number - len(filed)])
            fresh.link_image(pictures[number - len(filed)])
            if number % 2:
                fresh.add_imprint(pictures[number - len(filed)], Imprint(byline=f"Photographer {number}"))
        elif number < len(filed) + len(pictures) + len(again):
            shot, of, read = again[number - len(filed) - len(pictures)]
            fresh.add_capture(shot)
            # What was not yet filed is read by itself, as the crawl does.
            if fresh.sight_again(shot, of) is None:
                fresh.file_article(shot, evolve(read, url=shot.url))
        elif gone:
            deny(fresh, capture(90, date=BEGIN + timedelta(hours=2)), "gone")
            fresh.add_failure(
                Failure(
                    target=Target(url="https://a.example/", site="harbour", role="story", key="k"),
                    date=BEGIN,
                    reason="dns",
                )
            )

    count = len(filed) + len(pictures) + len(again) + 1
    tables = []
    for numbers in (sorted(range(count), key=lambda i: filed[i][0].date if i < len(filed) else BEGIN + timedelta(days=9)),
                    data.draw(st.permutations(range(count)))):  # fmt: skip
        with tempfile.TemporaryDirectory() as folder, Index.open(Path(folder) / "index.db") as fresh:
            with fresh.atomic():
                for number in numbers:
                    file(number)
            tables.append(rebuilt_rows(fresh))
            assert fresh.integrity() == []
    assert tables[0] == tables[1]
    assert tables[0]["sightings"]

"""Picture wall: pages and facets over the newest versions."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from index_makers import BEGIN, article, capture, file_all

from crawler.catalogue.story_lists import page_of_removals
from crawler.catalogue.wall import NONE, SHOWN_FACETS, Choice, count_pictures, facets, page_of_pictures
from crawler.index.index import Index
from crawler.items import Image

CREDITS = ("File photo", "file photo", "Photo by Ada Berg", None)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    """Twelve stories of a picture each, a year apart."""
    with Index.open(tmp_path / "index.db") as made:
        for n in range(12):
            shot = capture(n, story=f"harbour/{n}", key=f"harbour/{n}", url=f"https://www.harbour.example/detail/{n}")
            image = Image(url=f"https://pics.example/{n}.jpg", key=f"{n}.jpg", caption=f"Caption {n}", credit=CREDITS[n % 4], agency="Reuters" if n % 3 else None)
            read = article(f"Story {n}", story=f"harbour/{n}", url=shot.url, images=(image,), published=f"{2000 + n}-03-01", section="Sea" if n < 5 else None)
            file_all(made, (shot, read))
        yield made


def test_pictures_are_paged_from_the_newest_back(index: Index) -> None:
    seen, place = [], None
    while True:
        shown = page_of_pictures(index, Choice(), before=place, most=5)
        seen += [one.caption for one in shown.rows]
        place = shown.further
        if place is None:
            break
    assert seen == [f"Caption {n}" for n in reversed(range(12))]


def test_only_the_newest_version_hangs_on_the_wall(index: Index) -> None:
    shot = capture(50, story="harbour/3", key="harbour/3", url="https://www.harbour.example/detail/3")
    file_all(index, (shot, article("Story 3 again", story="harbour/3", images=(Image(url="https://pics.example/new.jpg", key="new.jpg", caption="New"),), published="2003-03-01")))
    captions = [one.caption for one in page_of_pictures(index, Choice(), before=None, most=50).rows]
    assert ("Caption 3" in captions, "New" in captions, count_pictures(index, Choice())) == (False, True, 12)


def test_credits_are_counted_folded(index: Index) -> None:
    by = {facet.name: facet for facet in facets(index, Choice())}
    assert [(one.label, one.count) for one in by["credit"].values] == [("File photo", 6), ("Photo by Ada Berg", 3), ("", 3)]
    assert by["credit"].values[-1].value == NONE
    assert [(one.value, one.count) for one in by["year"].values][:2] == [("2011", 1), ("2010", 1)]
    assert [(one.label, one.count) for one in by["section"].values] == [("", 7), ("Sea", 5)]


@pytest.mark.parametrize(
    ("choice", "count"),
    [
        (Choice(credit="file photo"), 6), (Choice(credit=NONE), 3), (Choice(agency="reuters"), 8), (Choice(agency=NONE), 4), (Choice(year="2003"), 1),
        (Choice(section="Sea"), 5), (Choice(section=NONE), 7), (Choice(credit="file photo", section="Sea"), 3), (Choice(credit="nobody"), 0), (Choice(year="1999"), 0),
    ],
)  # fmt: skip
def test_a_choice_has_the_pictures_that_are_counted(index: Index, choice: Choice, count: int) -> None:
    assert count_pictures(index, choice) == count
    assert len(page_of_pictures(index, choice, before=None, most=50).rows) == count
    for facet in facets(index, choice):
        for one in facet.values:
            assert count_pictures(index, Choice(**{**{n: getattr(choice, n) for n in ("credit", "agency", "year", "section")}, facet.name: one.value})) == one.count


def test_of_many_values_the_most_frequent_are_told(index: Index) -> None:
    for n in range(20):
        shot = capture(100 + n, story=f"harbour/{100 + n}", key=f"harbour/{100 + n}", url=f"https://www.harbour.example/detail/{100 + n}")
        file_all(index, (shot, article(f"S{n}", story=f"harbour/{100 + n}", images=(Image(url=f"https://p.example/{n}", key=f"{n}", credit=f"Maker {n}"),))))
    (credit, *_) = facets(index, Choice())
    assert (len(credit.values), credit.more, credit.values[0].label) == (SHOWN_FACETS, True, "File photo")


def test_removed_stories_are_paged_by_the_day_they_went(index: Index) -> None:
    for n in range(4):
        for at in (48, 96):
            shot = capture(
                1000 + n * 100 + at, story=f"harbour/{n}", key=f"harbour/{n}", url=f"https://www.harbour.example/detail/{n}", status=404,
                date=BEGIN + timedelta(hours=n + at), confirms=True,
            )  # fmt: skip
            with index.atomic():
                index.add_capture(shot)
                index.deny(shot, "gone")
    first = page_of_removals(index, before=None, most=3)
    rest = page_of_removals(index, before=first.further, most=3)
    assert [one.story_id for one in (*first.rows, *rest.rows)] == ["harbour/3", "harbour/2", "harbour/1", "harbour/0"]
    assert (first.rows[0].denials, first.rows[0].last_record, first.rows[0].missing_record) == (2, "urn:uuid:00000003", "urn:uuid:00001348")
    assert rest.further is None

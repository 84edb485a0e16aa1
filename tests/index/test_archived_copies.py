"""Copies from web archives in the index: dated as the archive says, ours beside it, and no word on the story's state."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path

import pytest
from index_makers import BEGIN, article, capture, file_all, rebuilt_rows

from crawler.index.imports import last_of_keys
from crawler.index.index import Index
from crawler.items import Capture

EARLY, LATE = datetime(2019, 5, 3, 4, 5, 6, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    with Index.open(tmp_path / "index.db") as index:
        yield index


def copy(n: int, when: datetime, **more: object) -> Capture:
    via = f"https://archive.example/web/{when:%Y%m%d%H%M%S}id_/https://www.harbour.example/detail/1000"
    return capture(
        n, via=via, memento_date=when, host="archive.example", key=f"memento:{via}", url="https://www.harbour.example/detail/1000", **more
    )


def test_a_copy_is_placed_by_the_archives_date_and_ours_stays_beside_it(index: Index) -> None:
    mine, theirs = (capture(1), article(body="The new text.")), (copy(2, EARLY), article(body="The old text."))
    file_all(index, mine, theirs)
    story = index.story("harbour/1000")
    assert story is not None
    assert [(v.n, v.article.body) for v in index.versions(story.id)] == [(1, "The old text."), (2, "The new text.")]
    assert story.first_seen == EARLY
    seen = index.sightings(story.id)
    assert [(s.host, s.date, s.captured, s.via is None) for s in seen] == [
        ("archive.example", EARLY, theirs[0].date, False), ("www.harbour.example", mine[0].date, mine[0].date, True),
    ]  # fmt: skip


@pytest.mark.parametrize("when", [EARLY, LATE])
def test_a_copy_says_nothing_of_the_storys_state(index: Index, when: datetime) -> None:
    file_all(index, (copy(2, when), article()))
    story = index.story("harbour/1000")
    assert story is not None
    assert (story.state, story.versions) == (None, 1)
    with index.atomic():
        index.add_capture(capture(9, status=404, date=BEGIN))
        index.deny(capture(9, status=404, date=BEGIN), "gone")
        index.add_capture(copy(3, LATE.replace(month=2)))
        index.file_article(copy(3, LATE.replace(month=2)), article(body="Another text."))
    gone = index.story("harbour/1000")
    assert gone is not None
    assert (gone.state, gone.versions) == ("gone", 2)


def test_the_rows_do_not_depend_on_the_order_of_filing(tmp_path: Path) -> None:
    filings = [
        (capture(1), article()), (copy(2, EARLY), article()), (copy(3, LATE), article(body="Another text.")),
        (capture(4), article(body="A third text.")),
    ]  # fmt: skip
    made = []
    for number, order in enumerate(permutations(filings)):
        with Index.open(tmp_path / f"{number}.db") as index:
            file_all(index, *order)
            made.append(rebuilt_rows(index))
    assert all(rows == made[0] for rows in made)
    story = next(row for row in made[0]["stories"])
    assert "live" in story


def test_a_copy_is_no_answer_to_a_request_of_the_frontier(index: Index) -> None:
    file_all(index, (copy(1, EARLY, etag='"theirs"'), article()))
    assert list(last_of_keys(index)) == []
    assert index.capture_of_payload("sha1:X") is None

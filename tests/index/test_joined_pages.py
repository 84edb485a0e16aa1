"""Articles on several pages: one story, one version, whatever the order of filing."""

from __future__ import annotations

import tempfile
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from index_makers import article, capture, rebuilt_rows

from crawler.index.article_pages import page_number
from crawler.index.index import Index
from crawler.items import Article, Block, Capture, Image
from crawler.items.joined_pages import PAGES_MISSING, joined_pages
from crawler.urls import page_key

FIRST = "https://www.blatt.example/bruecke"
STORY = f"web/{page_key(FIRST)}"


def shot(n: int, page: int = 1, **changes: Any) -> Capture:
    url = FIRST if page == 1 else f"{FIRST}?page={page}"
    return capture(n, url=url, site="web", role="page", key=page_key(url), story=STORY, host="www.blatt.example", **changes)


def text(page: int, word: str = "") -> Article:
    picture = Image(url=f"https://pics.example/{page}.jpg", key=f"{page}.jpg", caption=f"Picture {page}")
    blocks = (
        Block(kind="paragraph", text="The standfirst."),
        Block(kind="picture", image=0),
        Block(kind="paragraph", text=f"Page {page} {word}".strip()),
    )
    return article("The old bridge", story=STORY, url=FIRST, blocks=blocks, images=(picture,), authors=("Ada Moor",) if page == 2 else ())


Filing = tuple[Capture, Article, int]


def filed(index: Index, *filings: Filing) -> Index:
    with index.atomic():
        for one, read, further in filings:
            index.add_capture(one)
            index.set_read_state(one.record_id, "read")
            index.file_article(one, read, further=further)
    return index


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return Index.open(tmp_path / "index.db")


def bodies(index: Index) -> list[list[str]]:
    return [[block.text or f"picture {block.image}" for block in version.article.blocks] for version in index.versions(STORY)]


def test_pages_are_one_version_of_one_story(index: Index) -> None:
    filed(index, (shot(0), text(1), 2), (shot(1, 2), text(2), 2), (shot(2, 3), text(3), 2))
    assert bodies(index) == [["The standfirst.", "picture 0", "Page 1", "picture 1", "Page 2", "picture 2", "Page 3"]]
    version = index.versions(STORY)[0]
    assert (version.article.authors, version.article.problems, version.article.url) == (("Ada Moor",), (), FIRST)
    assert [image.caption for image in version.article.images] == ["Picture 1", "Picture 2", "Picture 3"]
    assert [(s.n, s.url) for s in index.sightings(STORY)] == [(1, FIRST), (1, f"{FIRST}?page=2"), (1, f"{FIRST}?page=3")]
    assert index.counts()["stories"] == 1
    assert index.integrity() == []
    assert [one.caption for one in index.versions(STORY)[0].article.images] == ["Picture 1", "Picture 2", "Picture 3"]


def test_missing_pages_are_told(index: Index) -> None:
    filed(index, (shot(0), text(1), 2), (shot(2, 3), text(3), 2))
    assert bodies(index) == [["The standfirst.", "picture 0", "Page 1"]]
    assert index.versions(STORY)[0].article.problems == (PAGES_MISSING,)
    filed(index, (shot(3, 2), text(2), 2))
    assert bodies(index)[0][-1] == "Page 3"
    assert index.versions(STORY)[0].article.problems == ()


FILINGS: list[Filing] = [
    (shot(0), text(1), 1),
    (shot(1, 2), text(2), 1),
    (shot(5), text(1, "edited"), 1),
    (shot(6, 2), text(2, "edited"), 1),
]


def test_the_order_of_filing_does_not_matter() -> None:
    seen = set()
    for order in permutations(FILINGS):
        with tempfile.TemporaryDirectory() as folder:
            rows = rebuilt_rows(filed(Index.open(Path(folder) / "index.db"), *order))
            rows.pop("captures")
            seen.add(repr(rows))
    assert len(seen) == 1


def test_each_first_page_goes_with_the_pages_captured_next(index: Index) -> None:
    filed(index, *FILINGS)
    assert [body[2::2] for body in bodies(index)] == [["Page 1", "Page 2"], ["Page 1 edited", "Page 2 edited"]]
    assert [s.n for s in index.sightings(STORY)] == [1, 1, 2, 2]


def test_the_same_again_is_the_same_version(index: Index) -> None:
    filed(index, *FILINGS[:2])
    with index.atomic():
        for one, of in ((shot(7, status=304), shot(0)), (shot(8, 2, status=304), shot(1, 2))):
            index.add_capture(one)
            index.set_read_state(one.record_id, "read")
            index.sight_again(one, of.record_id)
    assert (len(bodies(index)), [s.n for s in index.sightings(STORY)]) == (1, [1, 1, 1, 1])


def test_a_page_filed_again_and_forgotten_leaves_the_others(index: Index) -> None:
    filed(index, *FILINGS[:2], (shot(1, 2), text(2, "read better"), 1))
    assert bodies(index)[0][-1] == "Page 2 read better"
    (row,) = index.query("SELECT id FROM captures WHERE record_id = ?", [shot(1, 2).record_id])[0]
    with index.atomic():
        index.forget(row)
    assert bodies(index) == [["The standfirst.", "picture 0", "Page 1"]]
    filed(index, (shot(0), text(1), 0))
    assert bodies(index) == [["The standfirst.", "picture 0", "Page 1"]]
    assert index.versions(STORY)[0].article.problems == ()


def test_a_page_alone_is_shown_until_the_first_comes(index: Index) -> None:
    filed(index, FILINGS[1])
    assert bodies(index)[0][-1] == "Page 2"
    filed(index, FILINGS[0])
    assert [body[2::2] for body in bodies(index)] == [["Page 1", "Page 2"]]


@pytest.mark.parametrize(
    ("changes", "number"),
    [
        ({}, 1), ({"url": f"{FIRST}?page=2", "key": "x"}, 2), ({"url": f"{FIRST}?page=2", "story": f"web/{page_key(FIRST)}?page=2"}, 1),
        ({"url": "https://site.example/a-2.html", "key": "paper/17", "story": "paper/17", "site": "paper"}, 1),
        ({"url": "https://site.example/a-2.html", "key": "paper:/a-2.html", "story": "paper/17", "site": "paper", "role": "story"}, 2),
        # In WARCs of others every key is an address, and a slug may end in a number.
        ({"url": "https://site.example/17/a-2.html", "key": "https://site.example/17/a-2.html", "story": "paper/17", "site": "paper"}, 1),
        ({"story": None}, 1),
    ],
)  # fmt: skip
def test_the_number_of_a_capture_s_page(changes: dict[str, Any], number: int) -> None:
    one = shot(0)
    target = evolve(one.target, **changes)
    assert page_number(evolve(one, target=target)) == number


def test_joining_repeats_nothing() -> None:
    assert joined_pages(text(1), [text(1), text(1)], 2) == text(1)

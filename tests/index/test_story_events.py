"""Events of stories: what counts, with which captures, in any order of filing, and what is no event."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from index_makers import article, capture

from crawler.index.index import Index
from crawler.items import Article, Capture, Image

Filing = tuple[Capture, Article]
OTHER = "mirror.example"


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    with Index.open(tmp_path / "index.db") as made:
        yield made


def file(index: Index, *filings: Filing) -> None:
    for shot, read in filings:
        with index.atomic():
            index.add_capture(shot)
            index.file_article(shot, read)


def events(index: Index, columns: str = "kind") -> list[Any]:
    rows = index.query(f"SELECT {columns} FROM events ORDER BY date, id")
    return [row[0] for row in rows] if "," not in columns else [tuple(row) for row in rows]


def told(tmp_path: Path, filings: Sequence[Filing], columns: str = "kind, date, host, record_id, record_id_before") -> list[Any]:
    """Events of filings, checked to be the same in every order of filing."""
    found: list[Any] = []
    for n, order in enumerate(itertools.islice(itertools.permutations(filings), 24)):
        with Index.open(tmp_path / f"order-{n}.db") as index:
            file(index, *order)
            found.append(sorted(events(index, columns), key=repr) if n else events(index, columns))
    assert all(sorted(found[0], key=repr) == other for other in found[1:])
    return [one[0] for one in found[0]] if columns.startswith("kind,") else found[0]


def pictured(*keys: str, caption: str = "The ferry at its pier", credit: str = "Photo by Ada Berg", **changes: Any) -> Article:
    images = tuple(Image(url=f"https://pics.example/{key}", key=key, caption=caption, credit=credit) for key in keys)
    return article(images=images, **changes)


def test_one_text_is_published_once(tmp_path: Path) -> None:
    assert told(tmp_path, [(capture(n), article()) for n in (1, 2, 3)]) == ["published"]


def test_an_edit_is_told_with_both_captures_and_how_long_the_old_text_stood(index: Index) -> None:
    file(index, (capture(1), article()), (capture(2), article()), (capture(5), article(body="The ferry sank.")), (capture(6), article(body="The ferry sank.")))
    columns = "kind, date, record_id, record_id_before, offset, offset_before, version, version_before, not_before, not_after, stood_least, stood_most, headline"
    (published, edited) = events(index, columns)
    assert published[0] == "published"
    assert edited == (
        "edited", "2026-03-01T13:30:15.250001Z", "urn:uuid:00000005", "urn:uuid:00000002", 5000, 2000, 2, 1,
        "2026-03-01T10:30:15.250001Z", "2026-03-01T13:30:15.250001Z", 3600, 4 * 3600, "Ferry runs again",
    )  # fmt: skip


def test_a_headline_stands_through_edits_of_the_text(index: Index) -> None:
    file(index, (capture(1), article("A", "x")), (capture(3), article("A", "y")), (capture(4), article("A", "y")), (capture(6), article("B", "z")))
    found = {(kind, date[11:13]): (least, most) for kind, date, least, most in events(index, "kind, date, stood_least, stood_most")}
    assert found["edited", "11"] == (0, 2 * 3600)
    assert found["edited", "14"] == (3600, 3 * 3600)
    assert found["headline_changed", "14"] == (3 * 3600, 5 * 3600)


@pytest.mark.parametrize(
    ("edit", "kinds"),
    [
        (article("Ferry sinks"), ["headline_changed"]),
        (article(body="It sank."), ["edited"]),
        (article(deck="After ten days."), ["edited"]),
        (article("Ferry sinks", "It sank."), ["edited", "headline_changed"]),
        (pictured("a.jpg", caption="The ferry sinks"), ["caption_changed"]),
        (pictured("a.jpg", credit="Photo by Ben Quay"), ["credit_changed"]),
        (pictured("b.jpg"), ["picture_replaced"]),
        (pictured("a.jpg", "b.jpg"), ["picture_replaced"]),
        (pictured(), ["picture_replaced"]),
        (pictured("b.jpg", caption="The wreck", credit="Photo by Ben Quay", headline="Ferry sinks"), ["caption_changed", "credit_changed", "headline_changed", "picture_replaced"]),
        (article("  Ferry  runs\u00a0again"), []),
        (article(tags=["ships"], section="Sea", modified="2026-03-02T00:00:00.000000Z"), []),
    ],
)  # fmt: skip
def test_an_edit_is_what_it_consists_of(tmp_path: Path, edit: Article, kinds: list[str]) -> None:
    assert sorted(told(tmp_path, [(capture(1), article()), (capture(2), edit), (capture(3), edit)])) == sorted(["published", *kinds])


def test_a_revert_is_an_edit_in_time_order(tmp_path: Path) -> None:
    first, second = article(), article("Ferry stops")
    filings = [(capture(1), first), (capture(2), second), (capture(3), first), (capture(4), second)]
    assert told(tmp_path, filings) == ["published", "headline_changed", "headline_changed", "headline_changed"]


def test_a_lagging_mirror_is_no_revert(tmp_path: Path) -> None:
    first, second = article(), article("Ferry stops")
    lagging = capture(3, host=OTHER, url=f"https://{OTHER}/1000")
    filings = [(capture(1), first), (capture(2), second), (lagging, first), (capture(4), second)]
    assert told(tmp_path, filings) == ["published", "headline_changed"]


def test_a_mirror_that_had_the_newer_text_reverts(tmp_path: Path) -> None:
    first, second = article(), article("Ferry stops")
    there = [capture(n, host=OTHER, url=f"https://{OTHER}/1000") for n in (3, 4)]
    assert told(tmp_path, [(capture(1), first), (capture(2), second), (there[0], second), (there[1], first)]) == [
        "published", "headline_changed", "headline_changed",
    ]  # fmt: skip


def test_pictures_of_another_mirrors_layout_are_no_replacement(tmp_path: Path) -> None:
    there = [capture(n, host=OTHER, url=f"https://{OTHER}/1000") for n in (2, 4)]
    filings = [(capture(1), pictured("a.jpg")), (there[0], pictured("wide-a.jpg")), (capture(3), pictured("a.jpg")), (there[1], pictured("wide-a.jpg"))]
    assert told(tmp_path, filings) == ["published"]


@pytest.mark.parametrize(
    ("story", "before", "after", "moved"),
    [
        ("harbour/1000", "https://a.example/detail/1000/Ferry-runs", "https://a.example/detail/1000/Ferry-stops", False),
        ("harbour/1000", "https://a.example/detail/1000/x", "https://b.example/detail/1000/x", False),
        ("harbour/1000", "https://a.example/detail/1000/x", "https://a.example/story/2000", True),
        ("web/https://a.example/x", "https://a.example/x", "https://a.example/news/x", True),
        ("web/https://a.example/x", "http://www.a.example/x", "https://a.example/x/", False),
        ("web/https://a.example/x", "https://a.example/x", "https://b.example/x", True),
        ("web/https://a.example/x", None, "https://b.example/x", False),
        ("web/https://a.example/x", "https://b.example/x", None, False),
        ("web/https://a.example/x", "https://b.example/x", "javascript:void(0)", False),
        ("web/https://a.example/x", "https://b.example/x", "http://[::1/x", False),
    ],
)
def test_a_canonical_address_that_stands_elsewhere_has_moved(tmp_path: Path, story: str, before: str | None, after: str | None, moved: bool) -> None:
    shots = [capture(n, story=story, key=story, site=story.partition("/")[0]) for n in (1, 2, 3)]
    filings = [(shot, article(story=story, canonical_url=url)) for shot, url in zip(shots, (before, after, after), strict=True)]
    assert told(tmp_path, filings) == ["published", *["moved"] * moved]


def test_what_a_cut_page_lacks_is_no_change(tmp_path: Path) -> None:
    whole, part = pictured("a.jpg"), article(images=(), problems=["read-from-cut-answer"])
    filings = [(capture(1), whole), (capture(2, truncated="length", cut_at=900), part), (capture(3), whole)]
    assert told(tmp_path, filings) == ["published"]


def picture(n: int, digest: str, **changes: Any) -> Capture:
    values = {"role": "requisite", "key": "a.jpg", "url": "https://pics.example/a.jpg", "story": None, "payload_digest": digest, "mime": "image/jpeg"}
    return capture(n, **{**values, **changes})


def seen(index: Index, *pictures: Capture) -> None:
    for one in pictures:
        with index.atomic():
            index.add_capture(one)
            if one.role == "requisite":
                index.link_image(one)


def test_another_file_at_a_pictures_address_is_told_once(index: Index) -> None:
    file(index, (capture(1), article()))
    seen(index, picture(2, "sha1:A"), picture(3, "sha1:A"), picture(4, "sha1:B"), picture(5, "sha1:A"), picture(6, "sha1:B"))
    (published, replaced) = events(index, "kind, date, record_id, record_id_before, stood_least, stood_most")
    assert published[0] == "published"
    assert replaced == ("picture_replaced", "2026-03-01T12:30:15.250001Z", "urn:uuid:00000004", "urn:uuid:00000003", 3600, 7200)


@pytest.mark.parametrize("changes", [{"url": "https://pics.example/small/a.jpg"}, {"mime": "image/webp"}, {"truncated": "length", "cut_at": 9}, {"status": 404}])
def test_another_size_format_or_a_part_of_a_picture_is_no_replacement(index: Index, changes: dict[str, Any]) -> None:
    file(index, (capture(1), article()))
    seen(index, picture(2, "sha1:A"), picture(3, "sha1:B", **changes))
    assert events(index) == ["published"]


def test_events_follow_a_capture_that_is_read_anew(index: Index) -> None:
    file(index, (capture(1), article()), (capture(2), article("Ferry stops")))
    assert events(index) == ["published", "headline_changed"]
    file(index, (capture(2), article()))
    assert events(index) == ["published"]


def test_a_rolled_back_filing_leaves_no_event(index: Index) -> None:
    file(index, (capture(1), article()))
    with suppress(RuntimeError), index.atomic():
        index.add_capture(capture(2))
        index.file_article(capture(2), article("Ferry stops"))
        raise RuntimeError
    file(index, (capture(3), article()))
    assert events(index) == ["published"]

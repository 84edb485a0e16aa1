"""The gallery holds the pictures of newest versions, whatever is filed, edited or taken back, in any order."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from index_makers import article, capture, file_all

from crawler.index.index import Index
from crawler.items import Image


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    with Index.open(tmp_path / "index.db") as opened:
        yield opened


def picture(name: str, credit: str | None = "Ada Berg", agency: str | None = None) -> Image:
    return Image(url=f"https://pics.example/{name}.jpg", key=f"{name}.jpg", caption=f"The {name}", credit=credit, agency=agency)


def shown(index: Index) -> list[tuple[object, ...]]:
    return [tuple(row) for row in index.query("SELECT story_id, caption, credit, credit_key, agency_key, published FROM pictures ORDER BY 1, n")]


def test_it_shows_the_newest_version_only(index: Index) -> None:
    first = article("One", images=(picture("pier"), picture("boat", "Reuters/Jo Bell", "Reuters")))
    second = article("Two", images=(picture("pier", "ADA BERG."),))
    file_all(index, (capture(1), first))
    assert [row[1:5] for row in shown(index)] == [
        ("The pier", "Ada Berg", "ada berg", None),
        ("The boat", "Reuters/Jo Bell", "reuters/jo bell", "reuters"),
    ]
    file_all(index, (capture(2), second))
    assert [row[1:4] for row in shown(index)] == [("The pier", "ADA BERG.", "ada berg")]
    assert index.integrity() == []


def test_it_is_the_same_in_any_order_of_captures(tmp_path: Path) -> None:
    filings = [
        (capture(n, story=f"harbour/{n % 4}", key=f"harbour/{n % 4}"),
         article(f"Headline {n}", story=f"harbour/{n % 4}", published=f"2026-03-0{n % 7 + 1}T09:00:00.000000Z" if n % 3 else None,
                 images=tuple(picture(f"{n % 5}-{m}", random.Random(n + m).choice(["AFP", "afp.", None, "File photo"])) for m in range(n % 3))))
        for n in range(1, 25)
    ]  # fmt: skip
    seen = set()
    for seed in range(4):
        order = random.Random(seed).sample(filings, len(filings))
        with Index.open(tmp_path / f"{seed}.db") as index:
            file_all(index, *order)
            assert index.integrity() == []
            seen.add(repr((shown(index), [tuple(row) for row in index.query("SELECT * FROM pictures_by_credit")],
                           [tuple(row) for row in index.query("SELECT id, headline FROM stories ORDER BY 1")])))  # fmt: skip
    assert len(seen) == 1


def test_an_earlier_date_found_later_moves_it(index: Index) -> None:
    file_all(index, (capture(5), article(published=None)))
    assert shown(index)[0][5] == "2026-03-01T13:30:15.250001Z"
    file_all(index, (capture(2), article(published=None)))
    assert shown(index)[0][5] == "2026-03-01T10:30:15.250001Z"
    assert index.integrity() == []


def test_it_is_written_with_plain_sql_too(index: Index) -> None:
    file_all(index, (capture(1), article()))
    with sqlite3.connect(index.path) as plain:
        plain.execute("UPDATE images SET credit = 'Photo by Zoë' WHERE n = 0")
        assert plain.execute("SELECT credit, credit_key FROM pictures").fetchall() == [("Photo by Zoë", "photo by zoë")]
        plain.execute("INSERT INTO images (version_id, n, url, key, credit) VALUES (1, 1, 'https://pics.example/b.jpg', 'b.jpg', 'AFP')")
        assert plain.execute("SELECT credit_key FROM pictures ORDER BY n").fetchall() == [("photo by zoë",), ("afp",)]
        plain.execute("DELETE FROM images WHERE n = 0")
        assert plain.execute("SELECT credit_key FROM pictures").fetchall() == [("afp",)]
    plain.close()
    assert [one for one in index.integrity() if "gallery" in one or "credit_forms" in one] == []


def test_integrity_tells_what_the_gallery_has_otherwise(index: Index) -> None:
    file_all(index, (capture(1), article()))
    index.conn.execute("UPDATE gallery SET date = '2000'")
    index.conn.execute("UPDATE credit_forms SET folded = 'x'")
    assert index.integrity() == ["gallery, image 1: not as its version says", "credit_forms, row 1: folded otherwise"]
    index.conn.execute("DELETE FROM gallery")
    assert index.integrity()[0] == "gallery, image 1: not as its version says"


def test_the_form_printed_most_often_is_shown(index: Index) -> None:
    forms = ["file photo", "File photo", "File photo", "FILE PHOTO.", "Ada Berg"]
    for n, credit in enumerate(forms, 1):
        file_all(index, (capture(n, story=f"harbour/{n}"), article(f"{n}", story=f"harbour/{n}", images=(picture(str(n), credit),))))
    rows = index.query("SELECT credit, pictures, stories, forms FROM pictures_by_credit ORDER BY pictures DESC")
    assert [tuple(row) for row in rows] == [("File photo", 4, 4, 3), ("Ada Berg", 1, 1, 1)]

"""Versions and images packed over other columns and rows show the values they were given."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from index_makers import article, capture

from crawler.index.index import Index
from crawler.index.rows import article_values, as_json, bound
from crawler.items import Article, Image, Link
from crawler.schema import reader_names
from crawler.schema.packed_versions import packed_digest

TEXT = st.none() | st.text(max_size=8) | st.sampled_from(["", "a\nb", "\x00"])
IMAGES = st.lists(st.builds(Image, url=st.text(min_size=1, max_size=5), caption=TEXT, credit=TEXT), max_size=4)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    with Index.open(tmp_path / "index.db") as index:
        yield index


def filed(index: Index, read: Article, n: int = 1) -> sqlite3.Row:
    """File an article as a story of its own, and show the row."""
    shot = capture(n, story=None, key=f"k{n}", url=f"https://www.harbour.example/{n}")
    with index.atomic():
        index.add_capture(shot)
        index.file_article(shot, read)
    return index.query("SELECT v.* FROM versions v JOIN captures c ON c.id = v.capture_id WHERE c.record_id = ?", [shot.record_id])[0]


ADDRESSES = ["https://www.harbour.example/a", "https://www.harbour.example/", "http://other.example", "x\x04", ""]
NUMBERS = iter(range(1, 10**6))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    IMAGES,
    st.dictionaries(st.text(max_size=4), st.text(max_size=6) | st.sampled_from(["h1", 'a"b\\', "\x7f", "ü"]), max_size=4),
    st.sampled_from([None, "", "https://www.harbour.example/x", "canonical"]),
    st.lists(st.builds(Link, text=st.text(max_size=5) | st.just('"},{"text":"'), url=st.sampled_from(ADDRESSES)), max_size=4),
)
def test_a_version_shows_what_was_filed(
    index: Index, images: list[Image], read_by: dict[str, str], canonical: str | None, refs: list[Link]
) -> None:
    n = next(NUMBERS)
    address = f"https://www.harbour.example/{n}" if canonical == "canonical" else canonical
    read = article(
        story=None, images=tuple(images), read_by=read_by, canonical_url=address, breadcrumb=tuple(refs), related=tuple(refs[:1])
    )
    row = filed(index, read, n)
    assert {name: row[name] for name in article_values(read) if name != "blocks"} == {
        name: bound(value) for name, value in article_values(read).items() if name != "blocks"
    }
    assert row["first_seen"] == row["last_seen"]
    assert row["text_digest"].startswith("sha256:")
    assert index.full_text_faults() == []


def test_readers_are_named_once(index: Index) -> None:
    for n in range(1, 4):
        row = filed(index, article(story=None, read_by={"headline": "h1", "body": "boxes"}), n)
        assert row["read_by"] == as_json({"headline": "h1", "body": "boxes"})
    assert [tuple(row) for row in index.query("SELECT field, reader FROM reader_names ORDER BY 1")] == [
        ("body", "boxes"),
        ("headline", "h1"),
    ]
    assert [row[0] for row in index.query("SELECT DISTINCT length(read_by) FROM stored_versions")] == [2]


def test_a_name_without_a_character_is_written_out(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader_names, "_MOST", 1)
    assert filed(index, article(story=None, read_by={"a": "b"}), 1)["read_by"] == as_json({"a": "b"})
    assert filed(index, article(story=None, read_by={"a": "b", "c": "d"}), 2)["read_by"] == as_json({"a": "b", "c": "d"})
    assert len(index.query("SELECT 1 FROM reader_names")) == 1


def test_names_of_a_transaction_that_was_rolled_back_are_given_anew(index: Index) -> None:
    def fail() -> None:
        with index.atomic():
            index.add_capture(capture(1))
            index.file_article(capture(1), article(read_by={"a": "b"}))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert filed(index, article(story=None, read_by={"c": "d", "a": "b"}), 2)["read_by"] == as_json({"a": "b", "c": "d"})


def test_an_update_by_sql_leaves_the_other_columns_as_they_are(index: Index) -> None:
    before = dict(filed(index, article(story=None, read_by={"a": "b"}, canonical_url="k1")))
    index.conn.execute("UPDATE versions SET headline = 'Fog', last_seen = '2027'")
    after = dict(index.query("SELECT * FROM versions")[0])
    assert after == before | {"headline": "Fog", "last_seen": "2027"}
    packed = index.query("SELECT captions, typeof(text_digest), length(read_by) FROM stored_versions")[0]
    assert tuple(packed) == (None, "blob", 1)
    index.conn.execute("UPDATE versions SET captions = 'Another', read_by = '{}'")
    assert tuple(index.query("SELECT captions, read_by FROM versions")[0]) == ("Another", "{}")


def test_an_image_added_by_sql_is_found_by_its_key(index: Index) -> None:
    filed(index, article(story=None, images=()))
    index.conn.execute("INSERT INTO images (version_id, n, url, key) VALUES (1, 0, 'https://pics.example/a.jpg', 'a.jpg')")
    picture = capture(8, role="requisite", key="a.jpg", url="https://pics.example/a.jpg", story=None)
    with index.atomic():
        index.add_capture(picture)
        index.link_image(picture)
    assert index.query("SELECT c.record_id FROM images i JOIN captures c ON c.id = i.capture_id")[0][0] == picture.record_id


def test_a_digest_of_another_form_stays() -> None:
    digest = f"sha256:{'0a' * 32}"
    assert packed_digest(digest) == b"\x0a" * 32
    assert [packed_digest(other) for other in (digest.upper(), "0a0a", "sha256:0", "")] == [digest.upper(), "0a0a", "sha256:0", ""]

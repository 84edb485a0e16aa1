"""Nouns and rows: what goes into the index comes out the same, and what SQLite cannot hold is made so that it can."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from index_makers import article, capture, file_all

from crawler.index.index import Index
from crawler.index.rows import all_clean, article_values, as_json, bound, clean, image_values, iso, moment, printed_date
from crawler.items import Article, Block, Image, Link

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
MAYBE = st.none() | TEXT.filter(bool)
IMAGES = st.builds(Image, url=TEXT.filter(bool), key=TEXT.filter(bool), caption=MAYBE, credit=MAYBE, agency=MAYBE, alt=MAYBE, raw=MAYBE)
BLOCKS = st.builds(Block, kind=st.sampled_from(["paragraph", "heading", "quote", "list", "related"]), text=TEXT)
LINKS = st.builds(Link, url=TEXT, text=TEXT)
ARTICLES = st.builds(
    Article, url=st.just("https://www.harbour.example/detail/1000?c=1"), story=st.just("harbour/1000"), template=TEXT.filter(bool), headline=MAYBE, deck=MAYBE,
    headline_alternatives=st.lists(TEXT, max_size=2).map(tuple), blocks=st.lists(BLOCKS, max_size=4).map(tuple), images=st.lists(IMAGES, max_size=3).map(tuple),
    authors=st.lists(TEXT, max_size=3).map(tuple), published_raw=MAYBE, section=MAYBE, breadcrumb=st.lists(LINKS, max_size=2).map(tuple), language=MAYBE,
    tags=st.lists(TEXT, max_size=2).map(tuple), videos=st.lists(TEXT, max_size=2).map(tuple), alternates=st.lists(TEXT, max_size=2).map(tuple),
    related=st.lists(LINKS, max_size=2).map(tuple), canonical_url=MAYBE, read_by=st.dictionaries(TEXT, TEXT, max_size=2), problems=st.lists(TEXT, max_size=2).map(tuple),
)  # fmt: skip


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(read=ARTICLES)
def test_an_article_of_any_fields_comes_back_as_it_was(tmp_path: Path, read: Article) -> None:
    (tmp_path / "index.db").unlink(missing_ok=True)
    with Index.open(tmp_path / "index.db") as index:
        file_all(index, (capture(1), read))
        (version,) = index.versions("harbour/1000")
        assert version.article == read
        assert version.n == 1


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("plain", "plain"), ("", ""), ("ünïcode 北京 😀", "ünïcode 北京 😀"), ("a\x00b", "a\ufffdb"), ("\x00", "\ufffd"), ("\ud800", "\ufffd"), ("a\udc00b", "a\ufffdb"),
        ("\ud83d\ude00", "😀"), ("\ud83d x \ude00", "\ufffd x \ufffd"), ("tab\tand\nline", "tab\tand\nline"), ("\ufffe\uffff", "\ufffe\uffff"),
    ],
)  # fmt: skip
def test_clean(text: str, kept: str) -> None:
    assert clean(text) == kept


@given(st.text(st.characters(), max_size=40))
def test_whatever_is_cleaned_can_be_stored_and_is_clean(text: str) -> None:
    kept = clean(text)
    kept.encode()
    assert "\x00" not in kept
    assert clean(kept) == kept


@given(st.lists(st.text(st.characters(exclude_categories=())), max_size=6))
def test_many_texts_are_cleaned_as_each_is(texts: list[str]) -> None:
    assert all_clean(texts) == [clean(text) for text in texts]


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (None, None), (1.5, 1.5), (b"\x00\xff", b"\x00\xff"), ("a\x00", "a\ufffd"), (7, 7), (True, 1), (2**63 - 1, 2**63 - 1), (2**63, str(2**63)), (-(2**63), -(2**63)),
        (-(2**63) - 1, str(-(2**63) - 1)), (datetime(2026, 3, 1, tzinfo=UTC), "2026-03-01T00:00:00.000000Z"), ([], "[]"), ({"b": 1, "a": [None]}, '{"a":[null],"b":1}'),
        (("x", "y"), '["x","y"]'), (["\ud800"], '["\ufffd"]'),
    ],
)  # fmt: skip
def test_values_as_sqlite_takes_them(value: object, kept: object) -> None:
    assert bound(value) == kept
    assert type(bound(value)) is type(kept)


@given(st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30)), st.integers(-14 * 60, 14 * 60))  # noqa: DTZ001
def test_moments_come_back_in_utc_and_their_texts_sort_as_they_do(time: datetime, minutes: int) -> None:
    aware = time.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    text = iso(aware)
    assert moment(text) == aware
    assert text.endswith("Z")
    assert len(text) == 27
    assert (iso(aware + timedelta(microseconds=1)) > text) is True


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match=r"2026-03-01T08:00:00: a time without a zone"):
        iso(datetime(2026, 3, 1, 8))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (None, None), ("2019-09-23", "2019-09-23"), ("2019-09-23T10:00:00+03:30", "2019-09-23T06:30:00.000000Z"), ("2019-09-23T10:00:00", "2019-09-23T10:00:00"),
        ("2019-09-23T10:00:00Z", "2019-09-23T10:00:00.000000Z"), ("yesterday", "yesterday"), ("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00+14:00"), ("a\x00", "a\ufffd"),
    ],
)  # fmt: skip
def test_printed_dates(text: str | None, kept: str | None) -> None:
    assert printed_date(text) == kept


def test_json_is_compact_sorted_and_says_what_it_does_not_know() -> None:
    assert as_json({"b": "ä", "a": {"d": 1, "c": 2}}) == '{"a":{"c":2,"d":1},"b":"ä"}'
    assert as_json({"path": Path("x/y")}) == '{"path":"x/y"}'


def test_captions_and_credits_are_columns_of_their_own() -> None:
    images = (Image(url="a", caption="One", credit="Ada"), Image(url="b", caption=None, credit="Ben"), Image(url="c", caption="Three"))
    values = article_values(article(images=images))
    assert (values["captions"], values["credits"]) == ("One\nThree", "Ada\nBen")
    assert values["body"] == "The ferry runs again.\nIt had been idle."


def test_a_picture_without_a_key_is_known_by_its_address() -> None:
    assert image_values(Image(url="https://p.example/a.jpg"), 3) == {
        "n": 3, "url": "https://p.example/a.jpg", "key": "https://p.example/a.jpg", "caption": None, "credit": None, "agency": None, "alt": None, "raw": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    "changes",
    [
        {}, {"status": None, "mime": None}, {"revisit_of": "urn:uuid:0", "record_type": "revisit", "refers_to_url": "http://x/", "refers_to_date": datetime(2026, 1, 1, tzinfo=UTC)},
        {"truncated": "disconnect", "problem": "cut off", "cut_at": 12}, {"ip": "2001:db8::1", "protocol": "http/1.0", "tls": "TLSv1.3", "elapsed_ms": 15},
        {"via": "https://web.archive.example/x", "etag": '"e"', "last_modified": "Sun, 01 Mar 2026 08:00:00 GMT", "attempt": 3}, {"language": "fr", "found_on": "https://a/"},
        {"payload_digest": "sha1:AAAA", "block_digest": "sha256:BBBB", "written_id": "<urn:x>", "written_digest": "md5:x"},
    ],
)  # fmt: skip
def test_a_capture_of_any_kind_comes_back_as_it_was(tmp_path: Path, changes: dict[str, Any]) -> None:
    shot = capture(1, **changes)
    with Index.open(tmp_path / "index.db") as index:
        with index.atomic():
            index.add_capture(shot)
        assert list(index.captures()) == [shot]


def test_what_is_stored_of_an_article_is_what_the_schema_says_it_is(tmp_path: Path) -> None:
    with Index.open(tmp_path / "index.db") as index:
        file_all(index, (capture(1), article(tags=("a", "b"), videos=("https://v.example/f.mp4",), related=(Link(url="u", text="t"),))))
        (row,) = index.query("SELECT * FROM versions")
        assert json.loads(row["tags"]) == ["a", "b"]
        assert json.loads(row["videos"]) == [{"url": "https://v.example/f.mp4"}]
        assert json.loads(row["related"]) == [{"text": "t", "url": "u"}]
        assert json.loads(row["blocks"])[0] == {"image": None, "kind": "paragraph", "text": "The ferry runs again."}

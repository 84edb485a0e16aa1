"""Commands that read a collection which an earlier version wrote."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from index_makers import article, capture
from old_indexes import made_old

from crawler.collection.collection import Collection
from crawler.index.index import Index

WORDS = [("stats", "web"), ("search", "ferry", "-c", "web"), ("versions", "harbour/1000", "-c", "web")]


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    path = tmp_path / "web"
    (path / "archive").mkdir(parents=True)
    with Index.open(tmp_path / "new.db") as index, index.atomic():
        index.add_capture(capture(1))
        index.file_article(capture(1), article("Ferry runs"))
    made_old(tmp_path / "new.db", path / "index.db")
    return path


@pytest.mark.parametrize("words", WORDS)
def test_it_is_brought_up_to_date_and_read(typed: Callable[..., Any], collection: Path, words: tuple[str, ...]) -> None:
    answer = typed(*words)
    assert (answer.code, answer.err) == (0, "")
    assert answer.out
    with Index.open(collection / "index.db", readonly=True) as index:
        assert index.integrity() == []


@pytest.mark.parametrize("words", WORDS)
def test_in_use_it_is_left_and_the_error_says_what_to_do(typed: Callable[..., Any], collection: Path, words: tuple[str, ...]) -> None:
    before = (collection / "index.db").read_bytes()
    with closing(Collection.hold(collection)):
        answer = typed(*words)
    assert answer.code == 1
    assert "made by an older version" in answer.err
    assert (collection / "index.db").read_bytes() == before

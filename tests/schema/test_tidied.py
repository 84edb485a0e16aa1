"""The end of a run leaves a small full text in one piece, and writes nothing where nothing is to be done."""

from __future__ import annotations

from pathlib import Path

import pytest
from index_makers import article, capture

from crawler.index.index import Index
from crawler.schema import shrink
from crawler.search.answers import search


def pieces(index: Index) -> int:
    return int(index.query("SELECT count(DISTINCT segid) FROM versions_fts_idx")[0][0])


def filled(index: Index) -> None:
    for n in range(1, 6):
        with index.atomic():
            shot = capture(n, story=f"harbour/{n}", key=f"harbour/{n}")
            index.add_capture(shot)
            index.file_article(shot, article(f"Ferry {n}", story=f"harbour/{n}"))


def test_a_small_full_text_is_merged_once(tmp_path: Path) -> None:
    with Index.open(tmp_path / "index.db") as index:
        filled(index)
        assert pieces(index) > 1
        index.tidy()
        assert pieces(index) == 1
        before = index.conn.total_changes
        index.tidy()
        assert (pieces(index), index.conn.total_changes) == (1, before)
        assert (len(search(index, "ferry")), index.full_text_faults()) == (5, [])


def test_of_a_large_one_a_part_is_merged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shrink, "_WHOLE_PAGES", 1)
    with Index.open(tmp_path / "index.db") as index:
        filled(index)
        index.tidy()
        assert (len(search(index, "ferry")), index.full_text_faults()) == (5, [])

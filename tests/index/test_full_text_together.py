"""Full text is written at the end of a transaction, all pages together, and is what row after row gives."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from index_makers import article, capture

from crawler.fulltext.checks import full_text_faults
from crawler.index.index import Index
from crawler.index.integrity import integrity
from crawler.items import Image


class GivenUp(Exception):
    """Rolls a transaction back."""


def words(index: Index, text: str) -> set[int]:
    return {row[0] for row in index.query("SELECT rowid FROM versions_fts WHERE versions_fts MATCH ?", [text])}


def test_a_transaction_writes_one_segment(tmp_path: Path) -> None:
    with Index.open(tmp_path / "index.db") as index:
        with index.atomic():
            for n in range(12):
                index.add_capture(capture(n))
                picture = Image(url=f"https://x.example/{n}.jpg", caption=f"pier{n}")
                index.file_article(capture(n), article(f"word{n}", body=f"words of page{n}", images=(picture,)))
        for table in ("versions_fts", "images_fts"):
            # Row by row there would be several, those merged that FTS5 has got round to.
            assert index.query(f"SELECT count(DISTINCT segid) FROM {table}_idx")[0][0] == 1
        assert not index.query("SELECT * FROM temp.unindexed")
        assert [len(words(index, f"page{n}")) for n in range(12)] == [1] * 12
        assert integrity(index.conn) + full_text_faults(index.conn) == []


def test_a_row_outside_a_transaction_is_indexed_at_once(tmp_path: Path) -> None:
    with Index.open(tmp_path / "index.db") as index:
        index.add_capture(capture(1))
        index.file_article(capture(1), article("a lighthouse"))
        assert words(index, "lighthouse")


_STEPS = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.sampled_from(["one", "two", "three"]),
        st.sampled_from(["file", "file", "file and give up", "end", "end and give up"]),
    ),
    max_size=25,
)


@settings(deadline=None, max_examples=60)
@given(steps=_STEPS)
def test_it_is_right_whatever_is_filed_replaced_and_rolled_back(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, str, str]]
) -> None:
    with Index.open(tmp_path_factory.mktemp("together") / "index.db") as index:
        with index.atomic():
            for n in range(4):
                index.add_capture(capture(n))
        for some in _transactions(steps):
            try:
                with index.atomic():
                    for n, text, what in some:
                        _file(index, n, text, give_up=what == "file and give up")
                    if some[-1][2] == "end and give up":
                        raise GivenUp
            except GivenUp:
                pass
            assert integrity(index.conn) + full_text_faults(index.conn) == []


def _transactions(steps: list[tuple[int, str, str]]) -> list[list[tuple[int, str, str]]]:
    found, some = [], []
    for step in steps:
        some.append(step)
        if step[2].startswith("end"):
            found.append(some)
            some = []
    return found + [some] * bool(some)


def _file(index: Index, n: int, text: str, *, give_up: bool) -> None:
    """File what a capture shows now, in a block of its own."""
    picture = Image(url=f"https://x.example/{text}.jpg", caption=f"the {text} ship")
    try:
        with index.atomic():
            index.file_article(capture(n), article(text, body=f"{text} ships", images=(picture,)))
            if give_up:
                raise GivenUp
    except GivenUp:
        pass

"""Typed queries taken apart: words, phrases, exclusions; whatever is typed, FTS5 gets something it can read."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import Usage
from crawler.search.search import MAX_QUERY_CHARACTERS, MAX_TERMS, Query, read_query


@pytest.mark.parametrize(
    ("text", "wanted", "unwanted"),
    [
        ("ferry", ("ferry",), ()), ("ferry pier", ("ferry", "pier"), ()), ("  ferry\tpier\n", ("ferry", "pier"), ()), ('"old ferry" pier', ("old ferry", "pier"), ()),
        ("ferry -pier", ("ferry",), ("pier",)), ('ferry -"old pier"', ("ferry",), ("old pier",)), ("-pier", ("pier",), ()), ('-"old pier" -x', ("old pier", "x"), ()),
        ("half-timbered", ("half-timbered",), ()), ("ferry - pier", ("ferry", "pier"), ()), ('"unclosed phrase', ("unclosed", "phrase"), ()), ('""', None, None), ("?!", None, None),
        ("“old ferry”", ("old ferry",), ()), ("«old ferry»", ("old ferry",), ()), ("„old ferry“", ("old ferry",), ()), ("AND OR NOT", ("AND", "OR", "NOT"), ()),
        ("headline:ferry", ("headline:ferry",), ()), ("fer*", ("fer*",), ()), ("北京", ("北京",), ()), ("a\x00b", ("a", "b"), ()), ("ferry ?? pier", ("ferry", "pier"), ()),
        ("1984", ("1984",), ()), ("(ferry)", ("(ferry)",), ()), ("\ue000", ("\ue000",), ()),
    ],
)  # fmt: skip
def test_a_query_taken_apart(text: str, wanted: tuple[str, ...] | None, unwanted: tuple[str, ...] | None) -> None:
    found = read_query(text)
    assert found == (None if wanted is None or unwanted is None else Query(wanted=wanted, unwanted=unwanted))


@pytest.mark.parametrize("text", ["", "   ", "\t\n", "\x00\x1f", "\u00a0"])
def test_a_blank_query_is_a_usage_error(text: str) -> None:
    with pytest.raises(Usage, match="an empty query: name at least one word to look for"):
        read_query(text)


def test_no_more_is_read_than_the_limits_say() -> None:
    many = read_query(" ".join(f"w{n}" for n in range(100)))
    assert many is not None
    assert len(many.wanted) == MAX_TERMS
    long = read_query("x" * 5000)
    assert long is not None
    assert long.wanted == ("x" * MAX_QUERY_CHARACTERS,)


@pytest.mark.parametrize(
    ("query", "all_", "any_"),
    [
        (Query(wanted=("a",)), '("a")', '"a"'),
        (Query(wanted=("a", "b c")), '("a" AND "b c")', '"a" OR "b c"'),
        (Query(wanted=("a",), unwanted=("b", "c")), '("a") NOT ("b" OR "c")', '"a"'),
        (Query(wanted=('say "x"',)), '("say ""x""")', '"say ""x"""'),
    ],
)
def test_what_fts5_reads(query: Query, all_: str, any_: str) -> None:
    assert (query.all, query.any) == (all_, any_)


@given(st.text(min_size=1, max_size=60))
def test_fts5_takes_whatever_was_typed(text: str) -> None:
    try:
        query = read_query(text)
    except Usage:
        return
    if query is None:
        return
    with sqlite3.connect(":memory:") as db:
        db.execute("CREATE VIRTUAL TABLE t USING fts5(a)")
        db.execute("SELECT * FROM t WHERE t MATCH ?", [query.all]).fetchall()
        db.execute("SELECT * FROM t WHERE t MATCH ?", [query.any]).fetchall()

"""Recall and precision of planted queries in each script, and the table of them in the documentation."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from index_makers import article, capture, file_all
from planted import PLANTED, SCRIPTS

from crawler.fulltext.fold import folded
from crawler.index.index import Index
from crawler.items import Image
from crawler.search.answers import answer
from crawler.search.marks import pieces

DOCS = Path(__file__).parents[2] / "docs" / "search.md"
PLAIN = "unicode61 remove_diacritics 2"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    texts = list(dict.fromkeys(text for one in PLANTED for text in (*one.found, *one.others)))
    with Index.open(tmp_path_factory.mktemp("scripts") / "index.db") as index:
        for n, text in enumerate(texts, 1):
            caption = Image(url=f"https://pics.example/{n}.jpg", caption=text)
            made = article(f"Text {n}", text, deck=None, images=(caption,), story=f"harbour/{n}")
            file_all(index, (capture(n, story=f"harbour/{n}", key=f"harbour/{n}"), made))
        assert index.full_text_faults() == []
    return Index.open(index.path, readonly=True)


def found_of(index: Index, query: str) -> set[str]:
    return {row[0] for hit in answer(index, query, limit=1000).hits for row in index.query("SELECT body FROM versions WHERE story_id = ?", [hit.story_id])}


@pytest.mark.parametrize("one", PLANTED, ids=[f"{one.script} {one.query}" for one in PLANTED])
def test_a_planted_query_finds_what_it_should(index: Index, one: object) -> None:
    assert one in PLANTED
    for query in (one.query, f"caption:{one.query}"):  # type: ignore[attr-defined]
        found = found_of(index, query)
        assert set(one.found) <= found  # type: ignore[attr-defined]
        assert not set(one.others) & found  # type: ignore[attr-defined]


@pytest.mark.parametrize("one", PLANTED, ids=[f"{one.script} {one.query}" for one in PLANTED])
def test_what_is_found_is_marked(index: Index, one: object) -> None:
    for hit in answer(index, one.query, limit=1000).hits:  # type: ignore[attr-defined]
        shown = [part for part, match in pieces(hit.snippet, hit.snippet_marks) if match]
        assert shown, (hit.snippet, one)


def test_the_table_of_the_documentation_is_what_is_measured(index: Index) -> None:
    rows = []
    for script in SCRIPTS:
        mine = [one for one in PLANTED if one.script == script]
        ours = measured({one.query: found_of(index, one.query) for one in mine}, script)
        plain, threes = ({one.query: searched(tokenizer, one.query) for one in mine} for tokenizer in (PLAIN, "trigram"))
        rows.append(f"| {script} | {len(mine)} | {ours} | {measured(plain, script)} | {measured(threes, script)} |")
    text = DOCS.read_text(encoding="utf-8")
    assert all(row in text for row in rows), "\n".join(rows)


def searched(tokenizer: str, query: str) -> set[str]:
    """What FTS5 finds by itself."""
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute(f"CREATE VIRTUAL TABLE t USING fts5(text, tokenize='{tokenizer}')")
        texts = dict.fromkeys(text for one in PLANTED for text in (*one.found, *one.others))
        db.executemany("INSERT INTO t VALUES (?)", [(text,) for text in texts])
        quoted = query.replace('"', '""')
        return {row[0] for row in db.execute("SELECT text FROM t WHERE t MATCH ?", [f'"{quoted}"'])}


def measured(found: dict[str, set[str]], script: str) -> str:
    """Recall and precision over the queries of a script."""
    wanted = got = right = 0
    for one in PLANTED:
        if one.script == script:
            hits = found[one.query] & {*one.found, *one.others}
            wanted, got, right = wanted + len(one.found), got + len(hits), right + len(hits & set(one.found))
    return f"{right / wanted:.2f} / {right / got:.2f}" if got else f"{right / wanted:.2f} / -"


def test_folding_twice_is_folding_once() -> None:
    for one in PLANTED:
        if one.script not in ("Han", "Kana", "Hangul", "Thai", "Khmer", "Lao"):
            for text in (one.query, *one.found):
                if "\u200c" not in text:
                    assert folded(folded(text)) == folded(text)

"""Typed queries as trees: any text is one, and what is not understood is said."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import Usage
from crawler.fulltext.tables import VERSIONS_FTS
from crawler.search.matching import Compiler, words_match
from crawler.search.query import MAX_QUERY_CHARACTERS, MAX_TERMS, All, Any, Filter, Node, Not, Words, read_query

A, B, C = Words("a"), Words("b"), Words("c")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a", A), ("  a\tb\n", All((A, B))), ('"old ferry" b', All((Words("old ferry"), B))), ("a -b", All((A, Not(B)))),
        ("a \u2212b", All((A, Not(B)))), ('a -"old b"', All((A, Not(Words("old b"))))), ("half-timbered", Words("half-timbered")),
        ("a - b", All((A, B))), ('"open phrase', All((Words("open"), Words("phrase")))), ('""', None), ("?!", None), ("(((", None),
        ("“old ferry”", Words("old ferry")), ("«old ferry»", Words("old ferry")), ("„old ferry“", Words("old ferry")),
        ("a OR b", Any((A, B))), ("a OR b c", Any((A, All((B, C))))), ("(a OR b) c", All((Any((A, B)), C))), ("a AND b", All((A, B))),
        ("a OR", All((A, Words("OR")))), ("OR", Words("OR")), ("OR a", All((Words("OR"), A))), ("a or b", All((A, Words("or"), B))),
        ("NOT NEAR", All((Words("NOT"), Words("NEAR")))), ("a OR OR b", Any((All((A, Words("OR"))), B))),
        ("(a b", All((A, B))), ("a) b", All((A, B))), ("-(a b) c", All((Not(All((A, B))), C))), ("f(x)", Words("f(x")),
        ("fer*", Words("fer*", begins=True)), ('"old fer"*', Words("old fer", begins=True)), ("*", None), ("a*b", Words("a*b")),
        ("headline:a", Words("a", "headline")), ('caption:"a b"', Words("a b", "captions")), ("-credit:a b", All((Not(Words("a", "credits")), B))),
        ("Author:a", Words("a", "authors")), ("body:fer*", Words("fer*", "body", begins=True)), ("since:2016", Filter("since", "2016")),
        ("until:2016-05", Filter("until", "2016-05")), ("until:2016/05/04", Filter("until", "2016-05-04")), ("since:۲۰۱۶", Filter("since", "2016")),
        ('section:"Middle East"', Filter("section", "Middle East")), ("is:Removed", Filter("is", "removed")), ("lang:fa", Filter("language", "fa")),
        ("http://a.example/b", Words("http://a.example/b")), ("headline:", Words("headline:")), ("12:30", Words("12:30")), ("北京", Words("北京")),
        ('צה"ל', Words('צה"ל')), ("a\x00b", All((A, B))), ("\ue000", Words("\ue000")), ("1984", Words("1984")),
    ],
)  # fmt: skip
def test_a_query_as_a_tree(text: str, tree: Node | None) -> None:
    assert read_query(text).tree == tree


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("foo:bar", "no field is named foo: foo:bar is searched as words"),
        ("since:yesterday", "since:yesterday is not understood (a date: 2016, 2016-05 or 2016-05-04): searched as words"),
        ("since:2016-13", "since:2016-13 is not understood (a date: 2016, 2016-05 or 2016-05-04): searched as words"),
        ("is:lost", "is:lost is not understood (removed, gone, moved, live, edited, newest, superseded, pictured): searched as words"),
        ("?!", "nothing in the query is a word that can be found"),
        ("-a -b", "nothing but exclusions: what was to be excluded is looked for"),
        ("a " * 40, f"only the first {MAX_TERMS} words and signs of the query are read"),
        ("x" * 1_000_000, f"only the first {MAX_QUERY_CHARACTERS} characters of the query are read"),
    ],
)
def test_what_is_not_understood_is_said(text: str, note: str) -> None:
    assert read_query(text).notes == (note,)


@pytest.mark.parametrize("text", ["", "   ", "\t\n", "\x00\x1f", "\u00a0", "\u3000"])
def test_a_blank_query_is_a_usage_error(text: str) -> None:
    with pytest.raises(Usage, match="an empty query: name at least one word to look for"):
        read_query(text)


@pytest.mark.parametrize(
    ("words", "match"),
    [
        (Words("a"), '"a"'), (Words('say "x"'), '"say x"'), (Words("Café", "headline"), '{headline} : ("cafe")'), (Words("fer*", begins=True), '"fer" *'),
        (Words("北"), '"北" *'), (Words("北京"), '"北京"'), (Words("北京市"), '"北京 京市"'), (Words("北京 a"), '"北京 京 a"'), (Words("A北京"), '"a 北京"'),
        (Words("می‌خواهم"), '"می خواهم" OR "میخواهم"'), (Words("ـ"), None), (Words("\u0301"), None),
    ],
)  # fmt: skip
def test_words_as_fts5_reads_them(words: Words, match: str | None) -> None:
    assert words_match(words) == match


@given(st.one_of(st.text(min_size=1, max_size=60), st.text('ab"-*():^{}+ \x00NEAROR北', max_size=40)))
def test_fts5_takes_whatever_was_typed(text: str) -> None:
    try:
        tree = read_query(text).tree
    except Usage:
        return
    matched = Compiler({}).compile(tree) if tree is not None else None
    if matched is None or matched.words is None:
        return
    ddl = "\n".join(line.partition(" -- ")[0] for line in VERSIONS_FTS.splitlines()).replace('content="versions", content_rowid="id"', "content=''")
    with sqlite3.connect(":memory:") as db:
        db.execute(ddl)
        db.execute("SELECT rowid FROM versions_fts WHERE versions_fts MATCH ?", [matched.words]).fetchall()

"""JSON that is broken by hand, cut off, or written as JavaScript: what is whole in it is read, in linear time."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.parsers.linked_data.lenient_json import MAX_DEPTH, first_value, unescaped, values
from crawler.parsers.linked_data.scripts import loaded

WHOLE = {
    "@type": "NewsArticle",
    "headline": "Die alte Brücke",
    "author": {"@type": "Person", "name": "Ada Moor"},
    "datePublished": "2024-03-12",
}
TEXT = json.dumps(WHOLE, ensure_ascii=False)
LINES = json.dumps(WHOLE, ensure_ascii=False, indent=1)


@pytest.mark.parametrize(
    "script",
    [
        TEXT,
        f"// <![CDATA[\n{LINES}\n// ]]&gt;",
        f"/*<![CDATA[*/{TEXT}/*]]&gt;*/",
        f"&lt;!-- {TEXT} --&gt;",
        f"<!--\n{TEXT}\n//-->",
        TEXT.replace('"', "&quot;"),
        TEXT.replace('"', "&#34;"),
        TEXT.replace('"', "&#034;"),
        TEXT.replace('"', "&amp;quot;"),
        TEXT.replace('"', "“"),
        LINES.replace("{\n", "{<br />\n").replace(",\n", ",<br />\n"),
        LINES.replace("\n", "\n\u00a0"),
        LINES.replace('",\n "author', '"\n "author'),
        LINES.replace('",\n', '"\n').replace("},\n", "}\n"),
        LINES.replace('"2024-03-12"\n}', '"2024-03-12",\n}'),
        LINES.replace('"2024-03-12"', '"2024-03-12",,,'),
        LINES.replace('"2024-03-12"\n}', '"2024-03-12"'),
        LINES.replace('"Ada Moor"\n }', '"Ada Moor"'),
        LINES.replace('"headline"', '/* the title */ "headline"').replace('"author"', '// who\n"author"'),
        LINES.replace('"', "'"),
        LINES[1:],
        f"{TEXT};",
        f"{TEXT}}}}}",
        f"{TEXT[:-1]},}}",
        "{@type: 'NewsArticle', headline: 'Die alte Brücke', author: {'@type': 'Person', name: 'Ada Moor'}, datePublished: '2024-03-12'}",
    ],
)
def test_a_broken_node_is_read_whole(script: str) -> None:
    found = loaded(script)
    assert (found[0] if isinstance(found, list) else found) == WHOLE


@pytest.mark.parametrize(
    ("script", "headline"),
    [
        ('{"headline": "Rat hält "alte Brücke" offen", "x": 1}', 'Rat hält "alte Brücke" offen'),
        ('{"x": 1, "headline": "Le maire dit "non""}', 'Le maire dit "non"'),
        ('{"headline": ""Nein", sagt der Rat", "x": [1]}', '"Nein", sagt der Rat'),
        ('{"headline": "Она сказала "да", он "нет", и всё", "x": 1}', 'Она сказала "да", он "нет", и всё'),
        ('{"headline": "Rat: "Ja": die Brücke bleibt", "x": 1}', 'Rat: "Ja": die Brücke bleibt'),
        ('{"headline": "erste\nzweite\r\ndritte", "x": 1}', "erste\nzweite\r\ndritte"),
        ('{"headline": "A \\"b\\" c\\u00e9", x: 1,}', 'A "b" cé'),
        ('{"headline": "not closed,\n "datePublished": "2024-03-12"}', "not closed"),
        ('{"author": [{"@type": "Person", "name": "Ada"}, "headline": "kein Listenende"}', "kein Listenende"),
        ('{"author": {"@type": "Person", "name": "Ada", "headline": "keine Klammer", "x": 1}', "keine Klammer"),
        ('{"headline": "vor dem Schnitt", "description": "cut in the mid', "vor dem Schnitt"),
        ('{"headline": "C:\\data\\x", x: 1,}', "C:datax"),
        ('{"image": , "headline": "hole", "x": 1}', "hole"),
        ("{'headline': 'it\\'s \"here\"', }", 'it\'s "here"'),
        ('{"headline": undefined, "headline": "first wins" "x": 1}', None),
    ],
)
def test_single_fields_are_told_apart(script: str, headline: str | None) -> None:
    node = loaded(script.replace("1}", "1,,}", 1))[0]
    assert node.get("headline") == headline


@pytest.mark.parametrize("script", ['{"headline": "cut in the mid', '{"@type": "NewsArticle", "datePublished": "2024-03', '{"a'])
def test_what_the_end_cuts_is_no_fact(script: str) -> None:
    assert [*loaded(script)[0].values()] in ([], ["NewsArticle"])


@pytest.mark.parametrize(
    ("script", "count"),
    [
        ('{"a": 1}{"b": 2}', 2),
        ('{"a": 1},\n{"b": 2}', 2),
        ('[{"a": 1}]\n[{"b": 2}]', 2),
        ('var x = {"a": 1}; y({"b": [2]})', 2),
        ("no braces", 0),
        ("", 0),
    ],
)
def test_several_values_stand_in_a_row(script: str, count: int) -> None:
    assert len(loaded(script)) == count


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_characters="\"\\\n\r'`"), min_size=1, max_size=9), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(JSON.filter(lambda value: isinstance(value, dict)))
def test_what_is_whole_reads_as_json_does(value: dict[str, Any]) -> None:
    for indent in (None, 1):
        assert values(json.dumps(value, indent=indent)) == [value]


@given(JSON.filter(lambda value: isinstance(value, dict)))
def test_values_of_the_library_and_our_own_are_the_same_and_end_at_the_same_place(value: dict[str, Any]) -> None:
    text = f"var state = {json.dumps(value)}; run()"
    assert first_value(text, 12) == first_value(text, 12, {"never": 1}) == (value, len(text) - 7)


@given(st.text("{}[]\":,\\ ab\n'/*<!->&;()`0.-", max_size=300))
def test_no_text_is_too_strange(text: str) -> None:
    values(text)
    values(text, loose_quotes=True)
    loaded(text)


HOSTILE = [
    '{"', "{", "[", '{"a":', '"', '"a",', '{"a": "x" ', '", "b', '/*', "//", "<!--", '"} ', "\\", '"\\', "'", "`", '{"a":"b" "', "a:", '\n"a": ', '"a" ' + " " * 50,
    '","', "&nbsp;", "<br", "(", '["a" b,', '{"@type":"Person","author":',
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_time_is_linear_in_hostile_texts(piece: str) -> None:
    for start in ("", '{"a": "', '["'):
        text = start + piece * (200_000 // len(piece))
        began = time.process_time()
        values(text)
        values(text, loose_quotes=True)
        assert time.process_time() - began < 2.5


def test_depth_is_bounded() -> None:
    found = values('{"a":' * 2000 + "1")
    depth = 0
    while isinstance(found, (list, dict)) and found:
        found = found[0] if isinstance(found, list) else found.get("a")
        depth += 1
    assert depth <= MAX_DEPTH + 1


def test_bare_words_have_the_values_of_names() -> None:
    assert values("{a: x, b: [y, z], c: new Date(5), d: JSON.parse('[1]')}", {"x": "X", "y": 7}) == [
        {"a": "X", "b": [7], "c": 5, "d": "[1]"}
    ]


def test_the_place_behind_a_value_is_told() -> None:
    text = 'window.x = {"a": "}"} ; rest'
    found, end = first_value(text, text.index("{"))
    assert found == {"a": "}"}
    assert text[end:] == " ; rest"


@pytest.mark.parametrize(
    ("raw", "text"),
    [(r"a\u00e9", "aé"), (r"\ud83d\ude00", "😀"), (r"\x41\u{1F600}\'", "A😀'"), ("a\\\nb", "ab"), (r"\/", "/"), ("plain", "plain")],
)
def test_escapes(raw: str, text: str) -> None:
    assert unescaped(raw) == text

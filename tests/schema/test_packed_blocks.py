"""Blocks packed over their body come back, by SQL alone, as the JSON that they are."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from old_indexes import without_runs

from crawler.index.rows import as_json
from crawler.items.articles import APART
from crawler.schema.packed_blocks import UNPACKED_BLOCKS, pack_blocks, packed_again, unpack_blocks

KINDS = st.sampled_from(["paragraph", "heading", "quote", "list", "picture", "related", "embed", "entry", 'a"b'])
TEXTS = (
    st.none()
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
    | st.sampled_from(["", "a", "a\na", "\n", '\\n"', "🛳\u2028"])
)
BLOCKS = st.lists(
    st.fixed_dictionaries({"image": st.none() | st.integers(0, 9), "kind": KINDS, "text": TEXTS}, optional={"url": st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=3)}),
    max_size=6,
)


def body_of(blocks: list[dict[str, Any]]) -> str:
    return "\n".join(block["text"] for block in blocks if block["text"] and block["kind"] not in APART)


def unpacked(packed: str | None, body: str) -> Any:
    with sqlite3.connect(":memory:") as db:
        return db.execute(f"SELECT {UNPACKED_BLOCKS} FROM (SELECT ? AS blocks, ? AS body) v", [packed, body]).fetchone()[0]


@given(BLOCKS)
def test_they_come_back_byte_for_byte(blocks: list[dict[str, Any]]) -> None:
    body = body_of(blocks)
    assert unpacked(pack_blocks(blocks, body), body) == as_json(blocks)
    assert unpack_blocks(pack_blocks(blocks, body), body) == json.loads(as_json(blocks))


@given(BLOCKS)
def test_those_packed_without_runs_come_back_and_are_packed_again(blocks: list[dict[str, Any]]) -> None:
    body = body_of(blocks)
    packed = pack_blocks(blocks, body)
    old = without_runs(packed, body)
    assert unpacked(old, body) == as_json(blocks)
    assert unpack_blocks(old, body) == json.loads(as_json(blocks))
    assert json.loads(packed_again(old, body) or "") == json.loads(packed_again(packed, body) or "") == json.loads(packed)
    assert packed_again(None, None) is None


@given(BLOCKS, st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30))
def test_they_come_back_over_a_body_that_is_not_theirs(blocks: list[dict[str, Any]], body: str) -> None:
    assert unpacked(pack_blocks(blocks, body), body) == as_json(blocks)
    assert unpack_blocks(pack_blocks(blocks, body), body) == json.loads(as_json(blocks))


@given(
    st.lists(
        st.dictionaries(st.sampled_from(["kind", "text", "image", "url", "x"]), st.integers() | st.text(max_size=3) | st.booleans()),
        max_size=4,
    )
)
def test_what_is_no_block_of_today_comes_back(blocks: list[dict[str, Any]]) -> None:
    assert json.loads(unpacked(pack_blocks(blocks, "1\n2"), "1\n2")) == json.loads(json.dumps(blocks))


@pytest.mark.parametrize(
    ("blocks", "packed"),
    [
        ([], "[]"),
        ([{"kind": "paragraph", "text": "Über", "image": None}, {"kind": "picture", "text": None, "image": 0}], '[-1,["picture",null,0]]'),
        ([{"kind": "paragraph", "text": text, "image": None} for text in ("A", "B", "C\nD")], "[-2,3]"),
        (
            [{"kind": "heading", "text": "A", "image": None}, {"kind": "related", "text": "B", "image": None}],
            '[["heading",1],["related","B"]]',
        ),
        (
            [{"kind": "embed", "text": "AB", "image": None, "url": "u"}, {"kind": "paragraph", "text": "C", "image": None}],
            '[["embed",2,null,"u"],-1]',
        ),
        ([{"kind": "picture", "text": "A", "image": 1}, {"kind": "list", "text": "A", "image": None}], '[["picture","A",1],["list",1]]'),
    ],
)
def test_a_text_of_the_body_is_a_length(blocks: list[dict[str, Any]], packed: str) -> None:
    assert pack_blocks(blocks, body_of(blocks)) == packed


def test_a_hundred_thousand_paragraphs_are_unpacked_in_one_pass() -> None:
    body = "\n".join(f"line {n} of a very long page" for n in range(100_000))
    assert [block["text"] for block in unpack_blocks("[-100000]", body)] == body.split("\n")
    assert unpack_blocks(None, None) == []

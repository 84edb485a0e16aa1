"""Lists of links: Python and SQL unpack the same bytes to the same JSON, alone and over a shared list."""

from __future__ import annotations

import json
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.schema.packed_links import PART_BYTES, pack, pairs_of, parts_of, unpack, unpacked

WORDS = st.sampled_from(["https://a.example/", "sport/", "e" * 20, "é", "🛳", "-", "x", "\\", '"', "0123456789abcdef", "ab" * 150])
TEXTS = st.lists(WORDS, max_size=30).map("".join)
PAIRS = st.lists(st.tuples(TEXTS, st.none() | TEXTS), max_size=12)


def by_sql(packed: bytes | str, shared: bytes) -> object:
    with sqlite3.connect(":memory:") as db:
        db.execute("CREATE TABLE l (list, shared)")
        db.execute("INSERT INTO l VALUES (?, ?)", [packed, shared])
        return db.execute(f"SELECT {unpacked('l.shared')} FROM l").fetchone()[0]


def joined(pairs: list[tuple[str, str | None]]) -> bytes:
    return b"".join(part for _, _, part in parts_of(pairs)) or b"[]"


@given(PAIRS, PAIRS)
def test_a_list_comes_back(pairs: list[tuple[str, str | None]], menu: list[tuple[str, str | None]]) -> None:
    part, shared = joined(pairs), joined(menu)
    for base in (b"", shared, part):
        packed = pack(part, base)
        assert unpack(packed, base) == part
        assert by_sql(packed, base) == part.decode()


@given(st.binary(min_size=1, max_size=40), st.integers(1, 700), st.binary(max_size=400))
def test_any_bytes_and_lengths_come_back(piece: bytes, times: int, more: bytes) -> None:
    text = (piece * times + more).decode("latin-1").replace("\0", "0")
    data = text.encode()
    assert unpack(pack(data)) == data
    assert by_sql(pack(data), b"") == text


@pytest.mark.parametrize("size", [14, 15, 16, 269, 270, 271, 524, 525, 526, 4000])
def test_lengths_at_the_edges_of_the_format(size: int) -> None:
    fresh = "".join(f"{n:x}." for n in range(10_000, 60_000))[:size]
    for data in (fresh.encode(), b"y" * size, (fresh * 2).encode(), (fresh + "z" * size + fresh).encode()):
        assert by_sql(pack(data), b"") == data.decode()
        assert unpack(pack(data)) == data


def test_a_menu_is_a_few_bytes() -> None:
    menu = json.dumps([(f"https://a.example/{n * n}", f"Part {n}") for n in range(100)]).encode()
    other = menu.replace(b'["https://a.example/2500"', b'["https://b.example/new"')
    assert len(pack(menu)) > 900
    assert len(pack(other, menu)) < 100
    assert pack(menu, menu) == b""


def test_a_long_list_is_held_in_parts() -> None:
    pairs = [(f"https://a.example/{n}", "text") for n in range(5000)]
    parts = list(parts_of(pairs))
    assert [first for first, _, _ in parts] == [sum(count for _, count, _ in parts[:n]) for n in range(len(parts))]
    assert max(len(part) for _, _, part in parts) <= PART_BYTES
    assert [pair[1:] for _, _, part in parts for pair in pairs_of(part)] == pairs
    assert list(parts_of([("x" * 2 * PART_BYTES, None), ("y", "")])) == [
        (0, 1, b'[["' + b"x" * 2 * PART_BYTES + b'",null]]'),
        (1, 1, b'[["y",""]]'),
    ]
    assert list(parts_of([])) == []

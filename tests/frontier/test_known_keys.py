"""Keys in memory: what is known is known, what is unknown needs no query, and a million cost little."""

from __future__ import annotations

from pathlib import Path
from sys import getsizeof

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lane_desk import Desk, queries
from targets import page_request

from crawler.urls import known_keys
from crawler.urls.known_keys import HashSet, KnownKeys


@given(st.lists(st.text(max_size=6), max_size=80), st.lists(st.text(max_size=6), max_size=80))
def test_what_was_added_is_in_the_set_and_nothing_else(names: list[str], others: list[str]) -> None:
    held = HashSet()
    for name in names:
        held.add(name)
    assert len(held) == len(set(names))
    assert all(name in held for name in names)
    assert [name for name in others if name in held] == [name for name in others if name in set(names)]


def test_hashes_in_one_bucket_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known_keys, "BUCKETS", 1)
    held, names = HashSet(), [str(n) for n in range(5000)]
    for name in names[::2]:
        held.add(name)
    assert [name for name in names if name in held] == names[::2]


def test_a_known_address_takes_few_bytes() -> None:
    held = HashSet()
    for n in range(100_000):
        held.add(f"https://a.example/{n}")
    size = getsizeof(held._buckets) + sum(getsizeof(bucket) for bucket in held._buckets if bucket)
    assert size / 100_000 < 50


def test_keys_are_read_a_few_at_a_time_and_until_then_nothing_is_said_to_be_absent() -> None:
    stored = sorted(f"k{n}" for n in range(1200))
    known = KnownKeys(lambda after, most: [key for key in stored if key > after][:most])
    known.add("new")
    for _ in range(3):
        assert not known.lacks("nosuch")
        known.read_on()
    assert known.lacks("nosuch")
    assert all(map(known.holds, [*stored, "new"]))


def test_more_keys_than_the_limit_are_left_to_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known_keys, "MOST_KEYS", 3)
    known = KnownKeys(lambda after, most: [])
    known.read_on()
    for name in "abc":
        known.add(name)
    assert (known.lacks("d"), known.lacks("a")) == (True, False)
    known.add("d")
    assert not known.lacks("d")
    assert not known.holds("d")
    assert not known.lacks("e")


def test_known_and_unknown_addresses_are_told_without_a_query(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "index.db")
    desk.frontier.add([page_request(n, "a.example") for n in range(300)])
    desk.commit()
    frontier = desk.open()
    frontier.rows([])
    with queries(frontier) as asked:
        assert [frontier.has(f"k{n}") for n in (0, 299, 300)] == [True, True, False]
        assert frontier.row("k300") is None
        assert frontier.rows(f"k{n}" for n in range(300, 600)) == {}
    assert asked == []
    with queries(frontier) as asked:
        assert frontier.add([page_request(n, "a.example") for n in range(100, 500)]) == 200
    assert len(asked) == 1, "the rows of all known addresses of a batch"


def test_a_hash_taken_for_another_loses_no_address(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "index.db")
    desk.frontier._known.add("k7")
    assert desk.frontier.add([page_request(7, "a.example")]) == 1

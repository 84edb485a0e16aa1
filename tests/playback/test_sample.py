"""Samples of captures: the same each time, of each kind."""

from __future__ import annotations

from collections import Counter

from crawler.playback.sample import Candidate, draw


def candidates(**kinds: int) -> list[Candidate]:
    return [Candidate(record_id=f"urn:uuid:{kind}-{n}", kind=(kind, "2026"), warc="w") for kind, count in kinds.items() for n in range(count)]


def test_a_sample_does_not_depend_on_the_order_of_rows() -> None:
    found = candidates(modern=50, classic=7)
    assert draw(found, 9) == draw(reversed(found), 9)
    assert draw(found, 9) == draw(found, 20)[:9]


def test_each_kind_gets_its_turn_and_none_is_drawn_twice() -> None:
    drawn = draw(candidates(modern=1000, classic=2, old=30), 12)
    assert Counter(one.kind[0] for one in drawn) == {"modern": 5, "classic": 2, "old": 5}
    assert len(set(drawn)) == 12


def test_a_sample_of_more_than_there_are_is_all() -> None:
    assert len(draw(candidates(modern=3), 20)) == 3
    assert draw([], 20) == []
    assert len({one.kind for one in draw(candidates(**{f"k{n}": 2 for n in range(9)}), 4)}) == 4

"""Alignment of two lists of texts, in bounded time whatever they hold.

Short lists are aligned by `difflib`. Long ones are cut at what occurs once in both (the patience diff of Bram Cohen), since `difflib` takes
the square of their length, and more where elements repeat.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

MAX_ALIGNED = 600
"""Elements of a stretch that `difflib` aligns; a longer one without anything unique is replaced as a whole."""
MAX_PAIRS = 50_000
"""Pairs of equal elements that `difflib` looks at; the most frequent elements are left out beyond."""


MAX_DEPTH = 20
"""Times that a stretch between two unique elements is cut again."""


class Stretch(NamedTuple):
    """Elements `old[i1:i2]` and `new[j1:j2]`, equal or not."""

    equal: bool
    i1: int
    i2: int
    j1: int
    j2: int


def align(old: Sequence[str], new: Sequence[str]) -> list[Stretch]:
    """Align two lists: stretches in order, that cover both, equal and different ones by turns.

    >>> [tuple(one) for one in align("abcd", "abxd")]
    [(True, 0, 2, 0, 2), (False, 2, 3, 2, 3), (True, 3, 4, 3, 4)]
    """
    out: list[Stretch] = []
    for one in _aligned(old, new, Stretch(False, 0, len(old), 0, len(new))):
        if out and out[-1].equal == one.equal:
            out[-1] = out[-1]._replace(i2=one.i2, j2=one.j2)
        elif one.i1 < one.i2 or one.j1 < one.j2:
            out.append(one)
    return out


def _aligned(old: Sequence[str], new: Sequence[str], where: Stretch, depth: int = 0) -> Iterator[Stretch]:
    """Align a stretch: its common beginning and end, and the middle."""
    _, i1, i2, j1, j2 = where
    while i1 < i2 and j1 < j2 and old[i1] == new[j1]:
        i1, j1 = i1 + 1, j1 + 1
    while i1 < i2 and j1 < j2 and old[i2 - 1] == new[j2 - 1]:
        i2, j2 = i2 - 1, j2 - 1
    yield Stretch(True, where.i1, i1, where.j1, j1)
    yield from _middle(old, new, Stretch(False, i1, i2, j1, j2), depth)
    yield Stretch(True, i2, where.i2, j2, where.j2)


def _middle(old: Sequence[str], new: Sequence[str], where: Stretch, depth: int) -> Iterator[Stretch]:
    """Align a stretch that begins and ends differently."""
    _, i1, i2, j1, j2 = where
    if i1 == i2 or j1 == j2:
        yield where
    elif max(i2 - i1, j2 - j1) <= MAX_ALIGNED:
        a, b = old[i1:i2], new[j1:j2]
        matcher = SequenceMatcher(_too_frequent(a, b).__contains__, a, b, autojunk=False)
        for tag, a1, a2, b1, b2 in matcher.get_opcodes():
            yield Stretch(tag == "equal", i1 + a1, i1 + a2, j1 + b1, j1 + b2)
    elif depth < MAX_DEPTH and (anchors := _anchors(old, new, where)):
        for i, j in anchors:
            yield from _aligned(old, new, Stretch(False, i1, i, j1, j), depth + 1)
            yield Stretch(True, i, i + 1, j, j + 1)
            i1, j1 = i + 1, j + 1
        yield from _aligned(old, new, Stretch(False, i1, i2, j1, j2), depth + 1)
    else:
        yield where


def _too_frequent(old: Sequence[str], new: Sequence[str]) -> set[str]:
    """The most frequent elements, without which the pairs of equal ones are few enough."""
    counts = Counter(new)
    pairs = sorted(((count * counts[one], one) for one, count in Counter(old).items() if one in counts), reverse=True)
    left, total = set(), sum(count for count, _ in pairs)
    for count, one in pairs:
        if total <= MAX_PAIRS:
            break
        total -= count
        left.add(one)
    return left


def _anchors(old: Sequence[str], new: Sequence[str], where: Stretch) -> list[tuple[int, int]]:
    """Places of elements that occur once in both: the longest row in one order."""
    _, i1, i2, j1, j2 = where
    counts, others = Counter(old[i1:i2]), Counter(new[j1:j2])
    places = {new[j]: j for j in range(j1, j2) if others[new[j]] == 1}
    pairs = [(i, places[old[i]]) for i in range(i1, i2) if counts[old[i]] == 1 and old[i] in places]
    lasts, ends, before = list[int](), list[int](), list[int]()
    for n, (_, j) in enumerate(pairs):
        at = bisect_left(lasts, j)
        before.append(ends[at - 1] if at else -1)
        lasts[at : at + 1], ends[at : at + 1] = [j], [n]
    row, n = list[tuple[int, int]](), ends[-1] if ends else -1
    while n >= 0:
        row.append(pairs[n])
        n = before[n]
    return row[::-1]

"""Places of found words in texts, and snippets of texts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from attrs import frozen

from crawler.fulltext.fold import UNSPACED_RUN, ZWNJ, letters_folded
from crawler.search.query import All, Any, Node, Words

Mark = tuple[int, int]
"""Begin and end of a match, in characters of the text."""
MAX_CHARACTERS = 200_000
"""Of a text in which matches are looked for."""
SNIPPET_CHARACTERS = 240
MAX_LOOKED_AT = 100
"""Matches of a text among which the best part of it is looked for."""
_BEFORE = 60
"""Characters of a snippet before its first match."""
_WORD = re.compile(
    r"(?:[^\W_]|[\u00ad\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed"
    r"\u0900-\u0963\u0981-\u0dff\u0e31-\u0e3a\u0e47-\u0e4e\u0eb1-\u0ece\u102b-\u109d\u17b4-\u17d3\u200c\u200d\u3099\u309a])+"
)
_CLUSTER = re.compile(".[\u0300-\u036f\u1160-\u11ff\u3099\u309a]*", re.DOTALL)
"""A letter with marks that Unicode may compose with it."""


@frozen
class Term:
    """Words to be marked, folded."""

    words: tuple[str, ...]
    column: str | None
    begins: bool


def terms_of(node: Node | None) -> tuple[Term, ...]:
    """The words that a query wants, each once."""
    return tuple(dict.fromkeys(_terms(node)))


def _terms(node: Node | None) -> Iterator[Term]:
    if isinstance(node, Words):
        for text in (node.text, node.text.replace(ZWNJ, " ")):
            words = tuple(one for found in _WORD.finditer(text) if (one := _fold(found[0])))
            if words:
                yield Term(words, node.column, node.begins)
    elif isinstance(node, All | Any):
        for part in node.parts:
            yield from _terms(part)


@lru_cache(maxsize=65536)
def _fold(word: str) -> str:
    return letters_folded(word).replace(ZWNJ, "")


def marks_of(text: str | None, column: str, terms: Sequence[Term]) -> list[tuple[Mark, int]]:
    """Places of terms in a text of a column, in order, with their numbers."""
    wanted = [(number, term) for number, term in enumerate(terms) if term.column in (None, column)]
    if not text or not wanted:
        return []
    firsts, begins = _firsts(wanted)
    unspaced = [(number, term.words[0]) for number, term in wanted if UNSPACED_RUN.search(term.words[0])]
    words = list(_WORD.finditer(text, 0, MAX_CHARACTERS))
    found: list[tuple[Mark, int]] = []
    for at, word in enumerate(words):
        one = _fold(word[0])
        if one in firsts or one.startswith(begins):
            found += _phrases(words, at, wanted)
        if unspaced and UNSPACED_RUN.search(one):
            found += _within(word, unspaced)
        elif ZWNJ in word[0]:
            found += _joined(word, wanted)
    return sorted(found)


def _firsts(wanted: Iterable[tuple[int, Term]]) -> tuple[set[str], tuple[str, ...]]:
    """The first words of terms, and the beginnings of words."""
    firsts = {term.words[0]: term.begins and len(term.words) == 1 for _, term in wanted}
    return set(firsts), tuple(word for word, begins in firsts.items() if begins) or ("\x00",)


def _joined(word: re.Match[str], wanted: Iterable[tuple[int, Term]]) -> Iterator[tuple[Mark, int]]:
    """Find terms that are a part of a word with non-joiners."""
    parts = {_fold(part) for part in word[0].split(ZWNJ)}
    for number, term in wanted:
        if term.words[0] in parts:
            yield word.span(), number


def _phrases(words: Sequence[re.Match[str]], at: int, wanted: Iterable[tuple[int, Term]]) -> Iterator[tuple[Mark, int]]:
    for number, term in wanted:
        last = at + len(term.words) - 1
        if last >= len(words):
            continue
        here = [_fold(word[0]) for word in words[at : last + 1]]
        if here[:-1] == list(term.words[:-1]) and (here[-1] == term.words[-1] or (term.begins and here[-1].startswith(term.words[-1]))):
            yield (words[at].start(), words[last].end()), number


def _within(word: re.Match[str], wanted: Iterable[tuple[int, str]]) -> Iterator[tuple[Mark, int]]:
    """Find terms anywhere in a run of letters without spaces."""
    letters: list[str] = []
    places: list[int] = []
    ends: list[int] = []
    for cluster in _CLUSTER.finditer(word[0]):
        for one in letters_folded(cluster[0]):
            letters.append(one)
            places.append(cluster.start())
            ends.append(cluster.end())
    run = "".join(letters)
    for number, text in wanted:
        at = run.find(text)
        while at >= 0:
            yield (word.start() + places[at], word.start() + ends[at + len(text) - 1]), number
            at = run.find(text, at + len(text))


def spans(found: Iterable[tuple[Mark, int]]) -> tuple[Mark, ...]:
    """The places alone, those that touch or overlap as one."""
    joined: list[Mark] = []
    for (start, end), _ in found:
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return tuple(joined)


def snippet_of(text: str, found: Sequence[tuple[Mark, int]]) -> tuple[str, tuple[Mark, ...]]:
    """The part of a text with most terms, on one line, and their places."""
    best = _richest(found[:MAX_LOOKED_AT])
    first = max(0, best - _BEFORE)
    if first:
        first = _space_before(text, first, best) + 1 or first
    last = min(len(text), first + SNIPPET_CHARACTERS)
    if last < len(text):
        cut = _space_before(text, first + SNIPPET_CHARACTERS // 2, last)
        last = cut if cut > best else last
    before, after = "… " if first else "", " …" if last < len(text) else ""
    part = "".join(" " if c.isspace() else c for c in text[first:last])
    shift = len(before) - first
    marks = spans(one for one in found if first <= one[0][0] and one[0][1] <= last)
    return f"{before}{part}{after}", tuple((start + shift, end + shift) for start, end in marks)


def _richest(found: Sequence[tuple[Mark, int]]) -> int:
    """The begin of the stretch with most terms."""
    reach = SNIPPET_CHARACTERS - _BEFORE
    counts = (
        (len({number for (begin, end), number in found[at : at + MAX_LOOKED_AT] if end <= start + reach}), -start)
        for at, ((start, _), _) in enumerate(found)
    )
    return -max(counts, default=(0, 0))[1]


def _space_before(text: str, first: int, last: int) -> int:
    return max(text.rfind(" ", first, last), text.rfind("\n", first, last))


def pieces(text: str, marks: Sequence[Mark]) -> list[tuple[str, bool]]:
    """Cut a text at its marks; each piece with True if it is marked.

    >>> pieces("a ferry runs", [(2, 7)])
    [('a ', False), ('ferry', True), (' runs', False)]
    """
    edges = [0, *(edge for mark in marks for edge in mark), len(text)]
    return [(text[start:end], bool(number % 2)) for number, (start, end) in enumerate(pairwise(edges)) if start < end]

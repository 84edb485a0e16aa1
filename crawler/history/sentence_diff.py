"""Difference of two texts by sentence, and by word within a changed sentence.

A sentence that kept less than half of its letters is one deletion and one insertion; a sentence that stands elsewhere is said as moved.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Sequence
from typing import Literal

from attrs import frozen

from crawler.history.alignment import Stretch, align
from crawler.history.sentences import Token, sentences, words

Change = Literal["same", "gone", "new"]
Kind = Literal["same", "gone", "new", "changed", "moved_from", "moved_to"]

LEAST_KEPT = 0.5
"""Share of two sentences, in letters of whole words, that must be the same for the one to be the other changed."""
LEAST_KEPT_AT_ONE_PLACE = 0.25
"""As LEAST_KEPT, where all that changed stands together."""
LEAST_MOVED = 20
"""Characters of a sentence that is said as moved: shorter ones are written again."""
LOOKED_AHEAD = 5
"""New sentences that are compared with an old one."""
_COMPARED_WORDS = 2000
"""Words of a sentence by which it is compared; longer ones are cut-off sentences or none at all."""


@frozen
class Piece:
    """Some sentences of two texts, side by side."""

    kind: Kind
    """`moved_from`: they stand elsewhere in the new text, `moved_to`: they stood elsewhere in the old one."""
    old: str
    """As they stand in the old text; empty for `new` and `moved_to`."""
    new: str
    """As they stand in the new text; empty for `gone` and `moved_from`."""
    words: tuple[tuple[Change, str], ...] = ()
    """Of `changed` sentences: the `same` and `gone` ones joined are `old`, the `same` and `new` ones `new`."""


def sentence_diff(old: str, new: str) -> list[Piece]:
    """Compare two texts.

    Returns:
        Pieces in reading order; all `old` joined are the old text, all `new` the new one. Nothing for equal texts.

    >>> [(one.kind, one.old, one.new) for one in sentence_diff("It rains. Berg left.", "It rains. Berg stayed.")]
    [('same', 'It rains. ', 'It rains. '), ('changed', 'Berg left.', 'Berg stayed.')]
    """
    if old == new:
        return []
    a, b = sentences(old), sentences(new)
    stretches = align([one.core for one in a], [one.core for one in b])
    away, here = _moved(a, b, [one for one in stretches if not one.equal])
    pieces: list[Piece] = []
    for equal, i1, i2, j1, j2 in stretches:
        if equal:
            pieces.append(Piece("same", _text(a[i1:i2]), _text(b[j1:j2])))
        else:
            pieces += _replaced([(a[i], i in away) for i in range(i1, i2)], [(b[j], j in here) for j in range(j1, j2)])
    return _joined(pieces)


def word_pieces(pieces: Sequence[Piece]) -> list[tuple[Change, str]]:
    """Flatten a difference: without the new pieces the old text, without the gone the new."""
    out: list[tuple[Change, str]] = []
    for one in pieces:
        if one.kind == "changed":
            out += one.words
        elif one.old == one.new:
            out.append(("same", one.old))
        elif one.kind == "same":
            out += _by_words(one.old, one.new)
        else:
            out += [("gone", one.old), ("new", one.new)]
    return _merged(out)


def _text(tokens: Sequence[Token]) -> str:
    return "".join([one.text for one in tokens])


def _moved(a: Sequence[Token], b: Sequence[Token], stretches: Sequence[Stretch]) -> tuple[set[int], set[int]]:
    """Places of sentences that are gone at one place and new at another."""
    there: dict[str, deque[int]] = {}
    for one in stretches:
        for j in range(one.j1, one.j2):
            there.setdefault(b[j].core, deque()).append(j)
    away, here = set(), set()
    for one in stretches:
        for i in range(one.i1, one.i2):
            if len(a[i].core) >= LEAST_MOVED and (places := there.get(a[i].core)):
                away.add(i)
                here.add(places.popleft())
    return away, here


def _replaced(old: Sequence[tuple[Token, bool]], new: Sequence[tuple[Token, bool]]) -> Iterator[Piece]:
    """Pair the sentences of two stretches by what they have in common, in order."""
    counts = [None if moved else _bag(token) for token, moved in new]
    at = 0
    for token, moved in old:
        if moved:
            yield Piece("moved_from", token.text, "")
            continue
        found = _nearest(_bag(token), counts, at)
        if found is None or not (pieces := _changed(token.text, new[found][0].text)):
            yield Piece("gone", token.text, "")
            continue
        yield from _added(new[at:found])
        yield Piece("changed", token.text, new[found][0].text, tuple(pieces))
        at = found + 1
    yield from _added(new[at:])


def _added(tokens: Sequence[tuple[Token, bool]]) -> Iterator[Piece]:
    for token, moved in tokens:
        yield Piece("moved_to" if moved else "new", "", token.text)


def _bag(token: Token) -> Counter[str]:
    """Count the words of a sentence, by their letters: small words are in any sentence."""
    found = Counter(one.core for one in words(token.core)[:_COMPARED_WORDS])
    return Counter({word: count * len(word) for word, count in found.items()})


def _nearest(bag: Counter[str], others: Sequence[Counter[str] | None], at: int) -> int | None:
    """The place of the sentence nearest to one; None if none has enough in common."""
    best, found = (LEAST_KEPT if len(others) - at > 1 else LEAST_KEPT_AT_ONE_PLACE), None
    for j in range(at, min(at + LOOKED_AHEAD, len(others))):
        other = others[j]
        if other is None:
            continue
        share = 2 * (bag & other).total() / max(1, bag.total() + other.total())
        if share > best or (share == best and found is None):
            best, found = share, j
    return found


def _changed(old: str, new: str) -> list[tuple[Change, str]]:
    """Compare two sentences by words; nothing if too little stayed."""
    pieces = _by_words(old, new)
    kept = sum(_letters(text) for change, text in pieces if change == "same")
    least = LEAST_KEPT if sum(change != "same" for change, _ in pieces) > 2 else LEAST_KEPT_AT_ONE_PLACE
    return pieces if 2 * kept >= least * (_letters(old) + _letters(new)) else []


def _letters(text: str) -> int:
    return sum(map(len, text.split()))


def _by_words(old: str, new: str) -> list[tuple[Change, str]]:
    a, b = words(old), words(new)
    stretches = _without_islands(align([one.core for one in a], [one.core for one in b]))
    out: list[tuple[Change, str]] = []
    for equal, i1, i2, j1, j2 in stretches:
        if not equal:
            gap = a[i2 - 1].gap if i1 < i2 and j1 < j2 and a[i2 - 1].gap == b[j2 - 1].gap else ""
            out += [("gone", _text(a[i1:i2]).removesuffix(gap)), ("new", _text(b[j1:j2]).removesuffix(gap)), ("same", gap)]
            continue
        for one, other in zip(a[i1:i2], b[j1:j2], strict=True):
            out += [("same", one.text)] if one.gap == other.gap else [("same", one.core), ("gone", one.gap), ("new", other.gap)]
    return _merged(out)


def _without_islands(stretches: Sequence[Stretch]) -> list[Stretch]:
    """Take few equal words between longer changes for changed ones."""
    out: list[Stretch] = []
    for n, one in enumerate(stretches):
        if one.equal and out and n + 1 < len(stretches) and not out[-1].equal:
            left, right = out[-1], stretches[n + 1]
            kept = one.i2 - one.i1
            if kept < max(left.i2 - left.i1, left.j2 - left.j1) and kept < max(right.i2 - right.i1, right.j2 - right.j1):
                out[-1] = left._replace(i2=one.i2, j2=one.j2)
                continue
        if out and not one.equal and not out[-1].equal:
            out[-1] = out[-1]._replace(i2=one.i2, j2=one.j2)
        else:
            out.append(one)
    return out


def _merged(pieces: Sequence[tuple[Change, str]]) -> list[tuple[Change, str]]:
    """Join neighbours of one kind, at each place the gone before the new."""
    out: list[tuple[Change, str]] = []
    gone = new = ""
    for change, text in pieces:
        if change == "gone":
            gone += text
        elif change == "new":
            new += text
        elif text:
            out += _pair(gone, new)
            gone = new = ""
            out.append(("same", (out.pop()[1] if out and out[-1][0] == "same" else "") + text))
    return [*out, *_pair(gone, new)]


def _pair(gone: str, new: str) -> list[tuple[Change, str]]:
    pairs: list[tuple[Change, str]] = [("gone", gone), ("new", new)]
    return [one for one in pairs if one[1]]


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Join neighbours of one kind, except changed sentences."""
    out: list[Piece] = []
    for one in pieces:
        if out and out[-1].kind == one.kind != "changed":
            out[-1] = Piece(one.kind, out[-1].old + one.old, out[-1].new + one.new)
        else:
            out.append(one)
    return [one for one in out if one.old or one.new]

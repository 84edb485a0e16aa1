"""Find the reporters' names in the lines of an article that are bylines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from crawler.parsers.document.segments import Piece
from crawler.parsers.generic.authors import LEAD, is_byline
from crawler.parsers.generic.people import authors, full_name
from crawler.parsers.text_order.config import Order

MAX_LINE = 120
MAX_NAME = 60


def bylines(
    order: Order, pieces: Sequence[Piece], places: range, at: int, dropped: frozenset[int]
) -> tuple[tuple[str, ...], frozenset[int]]:
    """Find the names, and the places of their lines.

    Args:
        places: Places of the pieces that are looked at.
        at: Place of the headline.
        dropped: Places that are no part of the article.
    """
    names: list[str] = []
    taken: set[int] = set()
    for piece in (pieces[n] for n in places):
        if not piece.text or piece.n == at or len(piece.text) > MAX_LINE or piece.n in dropped or piece.n in taken:
            continue
        for place, found in _found(order, pieces, piece):
            taken.add(place)
            names += [name for name in found if name not in names and not order.patterns["paper"].match(name)]
    return tuple(names), frozenset(taken)


def _found(order: Order, pieces: Sequence[Piece], piece: Piece) -> Iterable[tuple[int, tuple[str, ...]]]:
    """The places of a byline, each with its names."""
    lines = piece.text.split("\n")
    if any(order.patterns["place"].search(line) for line in lines):
        return ((piece.n, ()), *_named_by_place(order, pieces, piece, lines))
    names = _names(piece.line) if len(lines) == 1 and LEAD.match(piece.line) else ()
    if not names and len(piece.text) <= MAX_NAME and is_byline(piece.element) and full_name(piece.line):
        names = (piece.line,)
    return ((piece.n, names),) if names else ()


def _named_by_place(order: Order, pieces: Sequence[Piece], piece: Piece, lines: Sequence[str]) -> Iterable[tuple[int, tuple[str, ...]]]:
    """The names beside the place of writing (`Press TV, Tehran`): on its line, else on a neighbour."""
    rests = (order.patterns["place"].sub("", line).strip(" ,|–—-") for line in lines)
    if found := next((names for rest in rests if (names := _names(rest))), None):
        return ((piece.n, found),)
    near = (pieces[n] for n in (piece.n - 1, piece.n + 1) if 0 <= n < len(pieces))
    return next((((one.n, names),) for one in near if one.text and len(one.line) <= MAX_NAME and (names := _names(one.line))), ())


def _names(line: str) -> tuple[str, ...]:
    """The full names on a line, its lead (`By`) taken off; none if one of them is no full name."""
    names = authors([LEAD.sub("", line).split(",")[0]])
    return names if all(full_name(name) for name in names) else ()

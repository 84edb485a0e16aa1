"""Find the reporters' names in the lines of an article that are bylines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from crawler.parsers.document.segments import Piece
from crawler.parsers.generic.authors import LEAD, is_byline
from crawler.parsers.generic.people import full_name
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
        for place, name in _found(order, pieces, piece):
            taken.add(place)
            if name and name not in names and not order.patterns["paper"].match(name):
                names.append(name)
    return tuple(names), frozenset(taken)


def _found(order: Order, pieces: Sequence[Piece], piece: Piece) -> Iterable[tuple[int, str]]:
    """The places of a byline, each with its name or an empty one."""
    lines = piece.text.split("\n")
    if any(order.patterns["place"].search(line) for line in lines):
        return ((piece.n, ""), *_named_by_place(order, pieces, piece, lines))
    name = _named(piece.line) if len(lines) == 1 and LEAD.match(piece.line) else None
    if name is None and len(piece.text) <= MAX_NAME and is_byline(piece.element) and full_name(piece.line):
        name = piece.line
    return ((piece.n, name),) if name else ()


def _named_by_place(order: Order, pieces: Sequence[Piece], piece: Piece, lines: Sequence[str]) -> Iterable[tuple[int, str]]:
    """The name beside the place of writing (`Press TV, Tehran`): on its line, else on a neighbour."""
    rests = (order.patterns["place"].sub("", line).strip(" ,|–—-") for line in lines)
    if (name := next((name for rest in rests if (name := _named(rest))), None)) is not None:
        return ((piece.n, name),)
    near = (pieces[n] for n in (piece.n - 1, piece.n + 1) if 0 <= n < len(pieces))
    return next((((one.n, name),) for one in near if one.text and len(one.line) <= MAX_NAME and (name := _named(one.line))), ())


def _named(line: str) -> str | None:
    """The full name on a line without its lead (`By`), or None."""
    name = LEAD.sub("", line).split(",")[0].strip()
    return name if full_name(name) else None

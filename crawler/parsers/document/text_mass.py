"""Count the text in each element, to find the box that holds an article."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from lxml import etree

from crawler.parsers.document.segments import Piece, ancestry


def text_mass(pieces: Iterable[Piece], *, depth: int | None = None) -> dict[etree._Element, int]:
    """Count the characters of text in each element around some pieces, innermost first.

    Args:
        depth: How many elements around each piece count, its own included; None for all.
    """
    mass: dict[etree._Element, int] = {}
    for piece in pieces:
        size = len(piece.text)
        for element in islice(ancestry(piece.element), depth):
            mass[element] = mass.get(element, 0) + size
    return mass

"""Count the text in each element, to find the box that holds an article."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from lxml import etree

from crawler.parsers.document.segments import Segment, ancestry


def text_mass(segments: Iterable[Segment], *, depth: int | None = None) -> dict[etree._Element, int]:
    """Count the characters of text in each element around some segments, innermost first.

    Args:
        depth: How many elements around each segment count, its own included; None for all.
    """
    mass: dict[etree._Element, int] = {}
    for segment in segments:
        size = len(segment.text)
        for element in islice(ancestry(segment.element), depth):
            mass[element] = mass.get(element, 0) + size
    return mass

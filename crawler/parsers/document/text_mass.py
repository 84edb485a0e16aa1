"""Count the text in each element, to find the box that holds an article."""

from __future__ import annotations

from collections.abc import Collection, Iterable
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


def mass_in(elements: Collection[etree._Element], segments: Iterable[Segment]) -> dict[etree._Element, int]:
    """Count the characters of text in some elements."""
    mass: dict[etree._Element, int] = {}
    around: dict[etree._Element | None, tuple[etree._Element, ...]] = {None: ()}
    for segment in segments:
        way: list[etree._Element] = []
        at: etree._Element | None = segment.element
        while at not in around and at is not None:
            way.append(at)
            at = at.getparent()
        held = around[at]
        for element in reversed(way):
            held = around[element] = (*held, element) if element in elements else held
        for element in held:
            mass[element] = mass.get(element, 0) + len(segment.text)
    return mass

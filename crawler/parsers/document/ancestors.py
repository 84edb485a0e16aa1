"""Memoised test for elements inside a box of some kind."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree


class Within:
    """Test for a kind of box around elements, with the results so far."""

    def __init__(self, kind: Callable[[etree._Element], bool]) -> None:
        self.kind = kind
        self.known: dict[etree._Element, bool] = {}

    def __call__(self, element: etree._Element) -> bool:
        """Test for an element that is such a box or lies in one."""
        known = self.known
        if (told := known.get(element)) is not None:
            return told
        parent = element.getparent()
        if parent is not None and (told := known.get(parent)) is not None:
            told = known[element] = told or self.kind(element)
            return told
        way: list[etree._Element] = []
        at: etree._Element | None = element
        inside = False
        while at is not None:
            if (told := known.get(at)) is not None:
                inside = told
                break
            way.append(at)
            if self.kind(at):
                inside = True
                break
            at = at.getparent()
        known.update(dict.fromkeys(way, inside))
        return inside

"""The part of a page in which boxes beside the text are the article's."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from lxml import etree

from crawler.parsers.document.segments import Segment, ancestry

SEEN_DEEP = 4
"""Boxes around the last paragraph in which what stands behind it is of the article."""

_APART = frozenset(("nav", "footer", "header", "template"))
_PAGE = frozenset(("body", "html"))


class Frame:
    """The boxes around a body, and where it begins and ends."""

    def __init__(self, segments: Sequence[Segment], headline: int, places: Sequence[int]) -> None:
        self.headline, self.first, self.last = headline, min(places), max(places)
        body = [segments[place].element for place in places]
        self.holding = {box for element in body for box in ancestry(element)}
        deep = SEEN_DEEP if len(body) > 1 else SEEN_DEEP // 2
        self.near = {box for box in islice(body[-1].iterancestors(), deep) if box.tag not in _PAGE}

    def holds(self, element: etree._Element, at: int) -> bool:
        """Tell whether an element at a place in the flow is set into the article."""
        apart = {box.tag for box in element.iterancestors() if box not in self.holding}
        if at <= self.headline or apart & _APART:
            return False
        if "aside" in apart and not self.first <= at <= self.last:
            return False
        return at <= self.last or any(box in self.near for box in element.iterancestors())

    def holds_text(self, segment: Segment) -> bool:
        """Tell whether a text is set into the article."""
        return self.holds(segment.element, segment.n)

"""Division of a page's prose between teasers and its own text."""

from __future__ import annotations

from itertools import islice
from typing import TypeAlias

from attrs import define, field, frozen
from lxml import etree

from crawler.parsers.classify.headline_links import Head
from crawler.parsers.document.segments import Segment

SHORT_TEXT = 300
"""Letters below which a text belongs to a headline only if it stands directly under it."""
MANY_BETWEEN = 6
"""Headlines of other pages between the page's own and a text that make it doubtful that the two belong together."""
FAR = 1_000
"""Stands for as many where the page's own headline has not come yet."""
NESTED = 3
"""Boxes around a line of prose up to which it can be the text below a heading that stands beside the outermost of them."""

Box: TypeAlias = etree._Element | tuple[etree._Element, int]
"""What holds a card: an element; or one of several lines of an element, by its place."""


@frozen
class Run:
    """Prose between two cards."""

    size: int = 0
    passed: int = FAR
    """Number of heads between the page's headline and it."""
    paragraphs: int = 0

    @property
    def believed(self) -> int:
        """Letters of it that count as the page's own text."""
        if not self.passed:
            return self.size
        if self.size < SHORT_TEXT:
            return 0
        return self.size if self.passed < MANY_BETWEEN else self.size // 2

    def longer_by(self, segment: Segment, passed: int) -> Run:
        """Add one segment of prose, behind so many heads."""
        paragraphs = 1 + segment.text.count("\n") if "\n" in segment.text else 1
        return Run(self.size + segment.size, self.passed if self.size else passed, self.paragraphs + paragraphs)


@define
class Shares:
    """Prose of a page, shared out in document order between cards and runs."""

    passed: int = FAR
    """Heads since the page's headline."""
    cards: dict[Box, int] = field(factory=dict)
    """Letters of prose by card."""
    _runs: list[Run] = field(factory=list)
    _run: Run = field(factory=Run)
    _below: Box | None = None
    """The flat heading that the next prose may belong to."""

    @property
    def runs(self) -> list[Run]:
        """Prose between cards, in order."""
        return [*self._runs, self._run]

    def begin(self) -> None:
        """Start anew at the page's own headline."""
        self._runs.append(self._run)
        self._run, self.passed = Run(), 0

    def add_head(self, head: Head, card: Box | None, flat: Box | None) -> None:
        """Add the headline of another page.

        Args:
            card: The box that it shares with its prose.
            flat: The same, if its texts follow as siblings.
        """
        self.passed += 1
        self._below = flat
        card = flat if card is None else card
        if head.prose and card is not None:
            self.cards[card] = self.cards.get(card, 0) + head.prose

    def add_prose(self, segment: Segment, card: Box | None) -> None:
        """Add prose to its card, the flat heading above it, or the current run."""
        if card is None and self._below is not None and _stands_below(segment.element, self._below):
            card = self._below
        if card is None:
            self._run = self._run.longer_by(segment, self.passed)
        else:
            self.cards[card] = self.cards.get(card, 0) + segment.size
            self._runs.append(self._run)
            self._run = Run()


def _stands_below(element: etree._Element, head: Box) -> bool:
    """Test for prose that follows a heading beside it, in few boxes of its own."""
    if isinstance(head, tuple):
        return element is head[0]
    parent = head.getparent()
    return any(box is parent for box in islice(element.iterancestors(), NESTED))

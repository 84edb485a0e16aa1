"""The elements that hold an article, and the boxes around each picture below them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from attrs import define, field, frozen
from lxml import etree

from crawler.parsers.captions.caption_boxes import is_caption_box
from crawler.parsers.document.blocks import HEADINGS
from crawler.parsers.document.segments import Segment, ancestry
from crawler.parsers.document.text_mass import text_mass
from crawler.parsers.images.picture_links import PageAddress
from crawler.parsers.picture_urls.same_file import same_file

HELD = 0.2
"""An element with this share of the body in it is part of the article's frame."""
WHOLE = 0.8
"""With this share of the body, an element holds the body."""
MAX_DEPTH = 7
"""Boxes around a picture that are looked at if the body is not known."""
SUBHEADINGS = HEADINGS[1:]


@frozen(kw_only=True)
class Boxes:
    """The boxes around one picture below the article's frame, innermost first."""

    elements: tuple[etree._Element, ...]

    def inside(self, *tags: str) -> bool:
        """Tell whether one of the boxes has one of these tags."""
        return any(element.tag in tags for element in self.elements)

    def speaking(self, speaks: Callable[[etree._Element], bool]) -> etree._Element | None:
        """The innermost box whose names say something; a figure's own do not count."""
        return next((element for element in self.elements if element.tag != "figure" and speaks(element)), None)


@define
class Frame:
    """The elements around the headline and the body, and the places of the paragraphs."""

    url: str
    resolve: Callable[[str], str | None]
    segments: Sequence[Segment]
    at: int
    """Place of the headline, -1 if unknown."""
    places: Sequence[int]
    """Places of the body's paragraphs."""
    shared: frozenset[str] = frozenset()
    """Files of the pictures the head of the page names for it."""
    address: PageAddress = field(init=False)
    elements: set[etree._Element] = field(init=False)
    paragraphs: set[etree._Element] = field(init=False)
    body: etree._Element | None = field(init=False)
    """The innermost element that holds nearly all of the body."""
    cards: dict[etree._Element, bool] = field(factory=dict)
    known: dict[etree._Element, Boxes] = field(factory=dict)
    """The boxes around pictures asked for."""
    home: etree._Element | None = None
    """The innermost element that holds both the headline and a good part of the body."""

    def __attrs_post_init__(self) -> None:
        self.address = PageAddress(url=self.url, resolve=self.resolve)
        paragraphs = [self.segments[n] for n in self.places]
        mass, total = text_mass(paragraphs), sum(len(p.text) for p in paragraphs)
        self.elements = {element for element, size in mass.items() if size >= HELD * total}
        self.body = next((element for element, size in mass.items() if size >= WHOLE * total), None)
        self.paragraphs = {element for element in mass if element not in self.elements}
        if self.at >= 0:
            above = list(self.segments[self.at].element.iterancestors())
            self.home = next((element for element in above if element in self.elements), None)
            self.elements |= set(above)

    def boxes(self, segment: Segment) -> Boxes:
        """The boxes around a picture that hold neither the headline nor much of the body."""
        known = self.known.get(segment.element)
        if known is None:
            known = self.known[segment.element] = Boxes(elements=tuple(self._below(segment.element)))
        return known

    def _below(self, element: etree._Element) -> Iterator[etree._Element]:
        """The boxes around an element, innermost first, below the frame."""
        for depth, box in enumerate(ancestry(element)):
            if box in self.elements or box.tag in ("body", "main") or (not self.places and (depth >= MAX_DEPTH or box.tag == "article")):
                return
            yield box

    def lead_before(self, place: int) -> int | None:
        """Find the head's picture above a place, in the box of headline and body."""
        if self.home is None or not self.shared:
            return None
        shared = (p for p in self.segments[:place] if p.picture and self.is_shared(p))
        return next((p.n for p in shared if self.home in p.element.iterancestors()), None)

    def end(self, last: int) -> int:
        """Place behind the last captioned figure of the body's own box, else the given one."""
        if self.body is None:
            return last
        for segment in self.segments[last:]:
            if self.body not in segment.element.iterancestors():
                break
            if segment.text and self._captions(segment):
                last = segment.n + 1
        return last

    def _captions(self, segment: Segment) -> bool:
        """Tell whether a text captions a figure, by its tag or its name."""
        return segment.inside("figcaption") is not None or (segment.inside("figure") is not None and is_caption_box(segment.element))

    def is_shared(self, segment: Segment) -> bool:
        """Tell whether the head of the page names this picture as the article's."""
        return same_file(segment.picture or "") in self.shared

    def amid(self, segment: Segment) -> bool:
        """Tell whether a picture stands between the paragraphs of the body."""
        return bool(self.places) and self.places[0] < segment.n < self.places[-1]

    def above(self, segment: Segment) -> bool:
        """Tell whether a picture stands above the first paragraph, where bylines are."""
        return bool(self.places) and segment.n < self.places[0]

    def in_card(self, segment: Segment) -> bool:
        """Tell whether a picture's box has a heading or link elsewhere, and no paragraph."""
        boxes = self.boxes(segment).elements
        if self.is_shared(segment) or len(boxes) < 2 or any(box in self.paragraphs for box in boxes):
            return False
        return self.is_card(boxes[-1])

    def is_card(self, box: etree._Element) -> bool:
        """Tell whether a box has a heading, or a link with words to another page."""
        if box not in self.cards:
            titled = next(box.iter(*SUBHEADINGS), None) is not None
            self.cards[box] = titled or any(self.address.elsewhere(a.get("href")) and "".join(a.itertext()).strip() for a in box.iter("a"))
        return self.cards[box]

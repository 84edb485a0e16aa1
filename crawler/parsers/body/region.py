"""Region of the body: the box of most prose."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import islice

from attrs import frozen
from lxml import etree

from crawler.parsers.body.apart import by_kind, by_name
from crawler.parsers.body.data_tables import tables_among
from crawler.parsers.body.makes import Make, makes
from crawler.parsers.body.search import MAX_DEPTH, mass_of, search
from crawler.parsers.document.ancestors import Within
from crawler.parsers.document.blocks import HEADINGS
from crawler.parsers.document.segments import Segment, ancestry, named

MIN_PROSE = 60
"""Letters of a line that is prose."""

MIN_SENTENCE = 40
"""Letters of a line that is a sentence, if it ends like one."""

ENDED = re.compile(r"[.!?…。！？؟۔।:][\"'”’»“)\]]*$")
"""The end of a sentence."""

GOES_ON = re.compile(r"[,;)，、；）]|[.。](?:\s|$)")
"""The beginning of a text that goes on with a sentence."""

FULL_STOPS = (".", "。", "。」", "।", "۔", ".”", '."', ".»", ".)", "።", "։")
"""Ends of sentences that are hardly ends of headlines."""

_PULLED = re.compile("pull|quot|tweet")
"""Names of boxes whose text is taken out of the article's, or another's."""

LINKED = 0.4
"""Share of links from which a line is not surely prose."""


_ASKING = ("form", "input", "button", "select", "textarea")
"""What a box holds that asks readers for something."""

_MEDIA = ("img", "video", "audio", "iframe", "form")
"""What gives a heading a box that is no part of the text."""


@frozen(kw_only=True, eq=False, slots=False)
class Region:
    """The box of the body, and what prose there is in it and around it."""

    texts: Sequence[Segment]
    """The texts behind the headline."""
    segments: Sequence[Segment]
    box: etree._Element
    apart: Within
    prose: Sequence[Segment]
    """The texts that are surely sentences, wherever they stand."""
    homes: frozenset[Make]
    """The makes of the body's paragraphs."""
    kinds: int
    """How many kinds of elements these are."""
    core: Sequence[Segment]
    """The body's paragraphs that are surely prose."""
    known: dict[int, list[Make]]
    inside: Within

    @cached_property
    def aside(self) -> list[Segment]:
        """Prose in boxes that are apart."""
        return [p for p in self.prose if self.apart(p.element)]

    @cached_property
    def outside(self) -> list[Segment]:
        """Prose outside the box, and not apart."""
        return [p for p in self.prose if not self.apart(p.element) and not self.inside(p.element)]

    @cached_property
    def within(self) -> Sequence[Segment]:
        """The texts in the box, which follow one another in the flow."""
        first = next(i for i, segment in enumerate(self.texts) if segment is self.core[0])
        start, end = first, first + 1
        while start > 0 and self.inside(self.texts[start - 1].element):
            start -= 1
        while end < len(self.texts) and self.inside(self.texts[end].element):
            end += 1
        return self.texts[start:end]

    @property
    def first(self) -> int:
        """Place of the first of these paragraphs."""
        return self.core[0].n

    @property
    def last(self) -> int:
        """Place of the last one."""
        return self.core[-1].n

    @property
    def are_siblings(self) -> bool:
        """Tell whether the body's paragraphs stand side by side in one box, each told once."""
        boxes = {segment.element.getparent() for segment in self.core}
        return len(boxes) == 1 and len({segment.key for segment in self.core}) == len(self.core)

    def is_between(self, segment: Segment) -> bool:
        """Tell whether a text stands between the body's paragraphs."""
        return self.first < segment.n < self.last

    def made(self, segment: Segment) -> tuple[bool, bool]:
        """Tell whether a segment is alike, and in a box of theirs."""
        found = self.known.get(segment.n)
        if found is None:
            found = self.known[segment.n] = makes(segment)
        direct = bool(found) and found[0] in self.homes
        return direct or any(one in self.homes for one in found), direct

    @cached_property
    def _marks(self) -> set[tuple[object, ...]]:
        """Tags and classes of the body's paragraphs and of their boxes."""
        return {_mark(segment) for segment in self.core}

    def resembles(self, segment: Segment) -> bool:
        """Tell whether a text and its box have the tags and classes of a paragraph."""
        mark = _mark(segment)
        return bool(mark[1] or mark[3]) and mark in self._marks

    @cached_property
    def _around_core(self) -> set[etree._Element]:
        """The elements that hold paragraphs of the body."""
        return {element for segment in self.core for element in islice(ancestry(segment.element), MAX_DEPTH)}

    @cached_property
    def _pictured(self) -> set[etree._Element]:
        """The elements that hold a picture, and no paragraph of the body."""
        return {element for segment in self.segments if segment.picture for element in self._own_boxes(segment)}

    @cached_property
    def _worded(self) -> set[etree._Element]:
        """The elements with other texts than headings and the body's."""
        return {element for segment in self.texts if segment.tag not in HEADINGS for element in self._own_boxes(segment)}

    def _own_boxes(self, segment: Segment) -> Iterable[etree._Element]:
        """The boxes around a segment that hold no paragraph of the body, inside out."""
        for element in islice(ancestry(segment.element), MAX_DEPTH):
            if element in self._around_core:
                return
            yield element

    def has_picture(self, segment: Segment) -> bool:
        """Tell whether a text shares a box with a picture, apart from the paragraphs."""
        return any(element in self._pictured for element in self._own_boxes(segment))

    @cached_property
    def asks(self) -> Within:
        """Test for elements in a box with fields or buttons, apart from the paragraphs."""
        asking: set[etree._Element] = set()
        for field in self.box.iter(*_ASKING):
            for element in islice(ancestry(field), MAX_DEPTH):
                if element in self._around_core or element in asking:
                    break
                asking.add(element)
        return Within(lambda element: element in asking)

    @cached_property
    def _unlike(self) -> set[etree._Element]:
        """The elements with texts that are no plain sentences, and no paragraph of the body."""
        return {e for segment in self.texts if not is_sentences(segment) for e in self._own_boxes(segment)}

    def is_plain(self, segment: Segment) -> bool:
        """Tell whether a text stands in boxes that hold nothing but sentences."""
        boxes = [*self._own_boxes(segment)]
        if any(element in self._unlike or element in self._pictured or _PULLED.search(named(element)) for element in boxes):
            return False
        return not boxes or next(boxes[-1].iter(*_MEDIA, *_ASKING, "blockquote"), None) is None

    @cached_property
    def tables(self) -> dict[int, etree._Element]:
        """The data tables that hold texts in the box, by the places of these."""
        return tables_among(self.within, self.box)

    def linked_in(self, box: etree._Element) -> float:
        """The share of links in the texts of a box."""
        texts = [p for p in self.within if p.inside(str(box.tag)) is box]
        return sum(p.linked * p.size for p in texts) / (sum(p.size for p in texts) or 1)

    def is_list_of_sentences(self, segment: Segment) -> bool:
        """Tell whether the items of a list are sentences, not headlines."""
        box = segment.inside("ul", "ol")
        items = [p for p in self.within if box is not None and p.inside("ul", "ol") is box]
        return bool(items) and all(p.size >= MIN_PROSE and p.line.endswith(FULL_STOPS) for p in items)

    def near(self, element: etree._Element) -> int:
        """The boxes between an element and what holds paragraphs of the body."""
        return next((i for i, one in enumerate(islice(ancestry(element), MAX_DEPTH)) if one in self._around_core), MAX_DEPTH)

    def goes_on(self, segment: Segment) -> bool:
        """Tell whether the next text goes on with the sentence, as behind a comma."""
        after = self.segments[segment.n + 1 : segment.n + 2]
        return bool(after) and GOES_ON.match(after[0].text) is not None

    def is_alone(self, segment: Segment) -> bool:
        """Tell whether a heading shares its box with nothing but the body's texts."""
        boxes = [*self._own_boxes(segment)]
        return not any(element in self._worded for element in boxes) and next(boxes[-1].iter(*_MEDIA), None) is None


def region_of(segments: Sequence[Segment], headline: int, told: str = "", source: str = "") -> Region | None:
    """Find the region of the body behind a headline, if there is prose.

    Args:
        headline: Place of the headline in the flow, -1 where unknown.
        told: The body that JSON-LD tells, for comparing: where the prose holds it, no other counts.
        source: The page as sent, to see whether boxes are closed in it.
    """
    texts = [p for p in segments[headline + 1 :] if p.text]
    prose = [p for p in texts if _is_prose(p)]
    apart = _apart(segments[headline] if headline >= 0 else None, prose, source)
    found, box = search([p for p in prose if not apart(p.element)], told)
    inside = Within(lambda element: element is box)
    mine = [p for p in found.seeds if inside(p.element)]
    homes, kinds = found.homes(mine)
    core = [p for p in mine if not homes.isdisjoint(found.known[p.n])]
    if box is None or not core:
        return None
    return Region(
        texts=texts, segments=segments, box=box, apart=apart, prose=prose, homes=homes, kinds=kinds, core=core,
        known=found.known, inside=inside,
    )  # fmt: skip


def _is_prose(segment: Segment) -> bool:
    """Tell whether a text is surely sentences."""
    return segment.linked < LINKED and segment.size >= MIN_PROSE and segment.tag not in HEADINGS


def is_sentences(segment: Segment) -> bool:
    """Tell whether a text is sentences, and hardly linked."""
    if segment.size < MIN_SENTENCE or segment.linked >= LINKED or segment.tag in HEADINGS:
        return False
    return ENDED.search(segment.line) is not None


def _mark(segment: Segment) -> tuple[object, ...]:
    """Tag and class of the element of a text and of its box."""
    box = segment.element.getparent()
    return (segment.tag, segment.element.get("class"), None if box is None else box.tag, None if box is None else box.get("class"))


def _apart(headline: Segment | None, prose: Sequence[Segment], source: str) -> Within:
    """The test for boxes that are apart; those around the headline are not."""
    around = set() if headline is None else {*ancestry(headline.element)}
    kind = by_kind(around, prose, source)
    mass, whole = mass_of(p for p in prose if not kind(p.element))
    name = by_name(around, mass, whole)
    return Within(lambda element: kind(element) or name(element))

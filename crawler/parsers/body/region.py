"""Region of the body: the box of most prose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import islice

from attrs import define, field, frozen
from lxml import etree

from crawler.parsers.body.apart import by_kind, by_name
from crawler.parsers.body.makes import Make, makes
from crawler.parsers.document.ancestors import Within
from crawler.parsers.document.blocks import HEADINGS
from crawler.parsers.document.segments import Segment, ancestry

MIN_PROSE = 60
"""Letters of a line that is prose."""

LINKED = 0.4
"""Share of links from which a line is not surely prose."""

SEEN_DEEP = 4
"""Boxes around a paragraph that may be the body's."""

FAR = 0.25
"""What a box further out counts less for, for each box between."""

MIN_MAKE, OF_ALL = 150, 0.1
"""Letters, and share of the body's prose, from which a make is one of the body's."""

KIND = 0.3
"""Share of the prose from which a kind of element is one of the body's paragraphs."""

SCATTERED = 0.3
"""Prose of the same makes outside the box, as a share of that in it, from which the box is too small."""

TOLD = 0.8
"""Share of the body that JSON-LD tells which the prose must hold, to be chosen by it."""

MAX_SEARCHED = 100_000_000
"""Characters looked through for lines inside longer texts, in all: a bound for pages made to cost."""

MAX_DEPTH = 100
"""Boxes around a text that are looked at."""

NEARLY_ALL = 0.9
"""Share of the prose that a larger box must hold."""


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

    def is_alone(self, segment: Segment) -> bool:
        """Tell whether a heading shares its box with nothing but the body's texts."""
        boxes = [*self._own_boxes(segment)]
        return not any(element in self._worded for element in boxes) and next(boxes[-1].iter(*_MEDIA), None) is None


def region_of(segments: Sequence[Segment], headline: int, told: str = "") -> Region | None:
    """Find the region of the body behind a headline, if there is prose.

    Args:
        headline: Place of the headline in the flow, -1 where unknown.
        told: The body that JSON-LD tells, for comparing: where the prose holds it, no other counts.
    """
    texts = [p for p in segments[headline + 1 :] if p.text]
    prose = [p for p in texts if _is_prose(p)]
    apart = _apart(segments[headline] if headline >= 0 else None, prose)
    search, box = _search([p for p in prose if not apart(p.element)], told)
    inside = Within(lambda element: element is box)
    mine = [p for p in search.seeds if inside(p.element)]
    homes, kinds = search.homes(mine)
    core = [p for p in mine if not homes.isdisjoint(search.known[p.n])]
    if box is None or not core:
        return None
    return Region(
        texts=texts, segments=segments, box=box, apart=apart, prose=prose, homes=homes, kinds=kinds, core=core,
        known=search.known, inside=inside,
    )  # fmt: skip


def _search(own: list[Segment], told: str) -> tuple[_Search, etree._Element | None]:
    """Search for the box of the body."""
    same = _as_told(own, told)
    if same:
        return _Search(same), _around(same)
    search = _Search(own)
    return search, search.box()


def _as_told(prose: list[Segment], told: str) -> list[Segment]:
    """The prose that JSON-LD tells, if that is nearly all it tells; else none."""
    if not told or len(prose) * len(told) > MAX_SEARCHED:
        return []
    same = [p for p in prose if p.key in told]
    return same if sum(len(p.key) for p in same) >= TOLD * len(told) else []


def _around(prose: Sequence[Segment]) -> etree._Element | None:
    """The innermost box that holds nearly all of some prose."""
    mass, whole = _mass(prose)
    return next((element for element in ancestry(prose[0].element) if mass.get(element, 0) >= NEARLY_ALL * whole), None)


def _is_prose(segment: Segment) -> bool:
    """Tell whether a text is surely sentences."""
    return segment.linked < LINKED and segment.size >= MIN_PROSE and segment.tag not in HEADINGS


def _mark(segment: Segment) -> tuple[object, ...]:
    """Tag and class of the element of a text and of its box."""
    box = segment.element.getparent()
    return (segment.tag, segment.element.get("class"), None if box is None else box.tag, None if box is None else box.get("class"))


def _apart(headline: Segment | None, prose: Sequence[Segment]) -> Within:
    """The test for boxes that are apart; those around the headline are not."""
    around = set() if headline is None else {*ancestry(headline.element)}
    kind = by_kind(around)
    mass, whole = _mass(p for p in prose if not kind(p.element))
    name = by_name(around, mass, whole)
    return Within(lambda element: kind(element) or name(element))


def _mass(prose: Iterable[Segment]) -> tuple[dict[etree._Element, int], int]:
    """Letters of prose in each element, and in all."""
    mass: dict[etree._Element, int] = {}
    whole = 0
    for segment in prose:
        whole += segment.size
        for element in islice(ancestry(segment.element), MAX_DEPTH):
            mass[element] = mass.get(element, 0) + segment.size
    return mass, whole


@define
class _Search:
    """Search for the box of the body among paragraphs."""

    seeds: Sequence[Segment]
    known: dict[int, list[Make]] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        self.known.update((segment.n, makes(segment)) for segment in self.seeds)

    def homes(self, mine: Sequence[Segment]) -> tuple[frozenset[Make], int]:
        """The makes of much of some prose, and how many kinds."""
        total = sum(p.size for p in mine)
        sizes: Counter[object] = Counter()
        mass: Counter[Make] = Counter()
        for segment in mine:
            found = self.known[segment.n]
            for make in found:
                mass[make] += segment.size
            if found:
                sizes[found[0][0]] += segment.size
        kinds = {kind for kind, size in sizes.items() if size >= KIND * total}
        least = max(MIN_MAKE, OF_ALL * total)
        return frozenset(make for make, size in mass.items() if size >= least and make[0] in kinds), len(kinds)

    def box(self) -> etree._Element | None:
        """The box of most prose; a larger one for scattered paragraphs."""
        near: dict[etree._Element, float] = {}
        for segment in self.seeds:
            for depth, element in enumerate(islice(ancestry(segment.element), SEEN_DEEP)):
                near[element] = near.get(element, 0.0) + segment.size / (1 + FAR * depth)
        best = max(near, key=lambda element: near[element], default=None)
        if best is None:
            return None
        box = best.getparent() if best.tag == "p" else best
        inside = Within(lambda element: element is box)
        mine = [p for p in self.seeds if inside(p.element)]
        homes, _ = self.homes(mine)
        like = [p for p in self.seeds if not homes.isdisjoint(self.known[p.n])]
        if sum(p.size for p in like if not inside(p.element)) <= SCATTERED * sum(p.size for p in mine):
            return box
        wide = _around(like)
        return box if wide is None else wide

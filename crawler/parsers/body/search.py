"""Search for the box of the body among paragraphs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence, Set
from itertools import islice

from attrs import define, field
from lxml import etree

from crawler.parsers.body.makes import Make, makes
from crawler.parsers.document.ancestors import Within
from crawler.parsers.document.segments import Segment, ancestry

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

NEARLY_ALL = 0.9
"""Share of the prose that a larger box must hold."""

MANY = 3
"""Paragraphs beside which those of another kind are no longer looked for."""

PLAIN_MAKE = 2
"""Parts of a make that is an element and the box around it."""

_BARE = ("p", ("div", None), ("section", None))
"""Kinds of elements that are paragraphs beside paragraphs of another kind."""

MAX_SEARCHED = 100_000_000
"""Characters looked through for lines inside longer texts, in all: a bound for pages made to cost."""

MAX_DEPTH = 100
"""Boxes around a text that are looked at."""


def search(own: list[Segment], told: str) -> tuple[Search, etree._Element | None]:
    """Search for the box of the body."""
    same = _as_told(own, told)
    if same:
        return Search(same), _around(same)
    search = Search(own)
    return search, search.box()


def _as_told(prose: list[Segment], told: str) -> list[Segment]:
    """The prose that JSON-LD tells, if that is nearly all it tells; else none."""
    if not told or len(prose) * len(told) > MAX_SEARCHED:
        return []
    same = [p for p in prose if p.key in told]
    return same if sum(len(p.key) for p in same) >= TOLD * len(told) else []


def _around(prose: Sequence[Segment]) -> etree._Element | None:
    """The innermost box that holds nearly all of some prose."""
    mass, whole = mass_of(prose)
    return next((element for element in ancestry(prose[0].element) if mass.get(element, 0) >= NEARLY_ALL * whole), None)


def mass_of(prose: Iterable[Segment]) -> tuple[dict[etree._Element, int], int]:
    """Letters of prose in each element, and in all."""
    mass: dict[etree._Element, int] = {}
    whole = 0
    for segment in prose:
        whole += segment.size
        for element in islice(ancestry(segment.element), MAX_DEPTH):
            mass[element] = mass.get(element, 0) + segment.size
    return mass, whole


@define
class Search:
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
        chosen = {make for make, size in mass.items() if size >= least and make[0] in kinds}
        return frozenset(chosen | self.beside(mine, chosen)), len(kinds)

    def beside(self, mine: Sequence[Segment], chosen: Set[Make]) -> set[Make]:
        """The makes of bare paragraphs beside a few of another kind, in the same box."""
        if sum(1 for segment in mine if not chosen.isdisjoint(self.known[segment.n])) >= MANY:
            return set()
        boxes = {make[1] for make in chosen if len(make) == PLAIN_MAKE}
        made = (make for segment in mine for make in self.known[segment.n])
        return {make for make in made if len(make) == PLAIN_MAKE and make[0] in _BARE and make[1] in boxes}

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

"""Elements of one make with a time each, among them entries of live blogs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, pairwise

from attrs import frozen
from lxml import etree

from crawler.parsers.document.segments import Segment, ancestry, named
from crawler.parsers.forms.entry_times import Mark

MAX_DEPTH = 10
"""Boxes around a time that may be its entry."""

MIN_TEXT = 25
"""Letters of an entry."""

PAGE = ("body", "html")
_OTHER = re.compile(
    r"comment(?!ar(?!i))|kommentar|reaction|disqus|repl(?:y|ies)|related|recommend|most-?(?:read|viewed)|trending|popular|teaser|sidebar"
)
_CARD = re.compile(r"(?:^|[^a-z])cards?(?:$|[^a-z])|headline-?list|latest-?(?:news|stories)|river|archive")
LIVE = re.compile(
    r"(?:^|[^a-z])live(?:$|[^a-z])|live-?(?:blog|ticker|text|post|entry|update|feed|center|report)|ticker|"
    r"(?:^|[^a-z])(?:minuto|minute|direct|directo|diretta|aovivo|onlain|onlayn|canli|newsblog|nieuwsblog|relacja|zivy|zive)(?:$|[^a-z])"
)
"""Names of boxes of live blogs."""


@frozen(kw_only=True, eq=False)
class Family:
    """Elements of one make, each with a time."""

    members: Mapping[etree._Element, Mark]
    container: etree._Element | None
    flat: bool
    """Whether they stand between the texts of the entries, and not around these."""

    def size(self, mass: Mapping[etree._Element, int]) -> int:
        """The letters of the entries; 0 if most have none.

        Args:
            mass: Letters in each element.
        """
        inside = sum(mass.get(element, 0) for element in self.members)
        if self.flat:
            return mass.get(self.container, 0) - inside if self.container is not None else 0
        texts = sum(mass.get(element, 0) >= MIN_TEXT for element in self.members)
        return inside if 3 * texts >= 2 * len(self.members) else 0

    def starts(self, segments: Sequence[Segment]) -> tuple[dict[etree._Element, int], int] | None:
        """The place in the flow where each begins, and the last place, if in order."""
        owners = _Owners(self.members)
        starts: dict[etree._Element, int] = {}
        last = -1
        for segment in segments:
            box = owners.of(segment.element)
            if box is not None:
                starts.setdefault(box, segment.n)
            if box is not None or (self.flat and starts and self.container in ancestry(segment.element)):
                last = segment.n
        in_order = all(a < b for a, b in pairwise(starts.values()))
        return (starts, last) if starts and in_order else None


class _Owners:
    """The member of a family around an element, with the results so far."""

    def __init__(self, members: Mapping[etree._Element, Mark]) -> None:
        self.members = members
        self.known: dict[etree._Element, etree._Element | None] = {}

    def of(self, element: etree._Element) -> etree._Element | None:
        """The member that is the element or holds it."""
        found = None
        for at in ancestry(element):
            if at in self.members or at in self.known:
                found = self.known.get(at, at)
                break
        self.known[element] = found
        return found


def families(found: Iterable[Mark], least: int) -> Iterator[Family]:
    """Group the boxes around times: by their parent, and by tags and classes.

    Args:
        least: Members of a family.
    """
    groups: dict[tuple[object, ...], dict[etree._Element, Mark]] = {}
    parents: dict[tuple[object, ...], etree._Element] = {}
    for mark in found:
        for element in islice(ancestry(mark.element), MAX_DEPTH):
            parent = element.getparent()
            if parent is None or element.tag in PAGE:
                break
            for key in _keys(element, parent):
                groups.setdefault(key, {}).setdefault(element, mark)
            parents[parent,] = parents[parent, element.tag] = parent
    for group, members in groups.items():
        if len(members) >= least and not _is_nested(members) and not _is_other(members):
            yield Family(members=members, container=parents.get(group), flat=len(group) == 1)


def _keys(element: etree._Element, parent: etree._Element) -> Iterator[tuple[object, ...]]:
    """The makes of a box."""
    yield (parent,)
    yield parent, element.tag
    if element.get("class") or parent.get("class"):
        yield element.tag, _make(element), parent.tag, _make(parent)


def _make(element: etree._Element) -> str:
    """The first class of an element, without numbers."""
    return re.sub(r"\d+", "", (element.get("class") or "").split(" ")[0])


def _is_nested(members: Mapping[etree._Element, Mark]) -> bool:
    """Tell whether one of some elements holds another."""
    return any(above in members for element in members for above in islice(element.iterancestors(), MAX_DEPTH))


def _is_other(members: Mapping[etree._Element, Mark]) -> bool:
    """Tell whether a name says that boxes are something else: comments, teasers."""
    names = names_around(next(iter(members)), 4)
    return _OTHER.search(names) is not None or (_CARD.search(names) is not None and not LIVE.search(names))


def names_around(element: etree._Element, depth: int) -> str:
    """The classes and ids of an element and of boxes around it."""
    return " ".join(named(one) for one in islice(ancestry(element), depth) if one.tag not in PAGE)

"""Test for microdata of the article itself, not of another thing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from lxml import etree

from crawler.parsers.document.segments import Segment, ancestry, named, words

OTHER_ITEMS = re.compile(
    r"(?:comment|usercomments|person|organization|imageobject|videoobject|audioobject|mediaobject|listitem|product|offer|rating|answer|question|place)s?/?$",
    re.IGNORECASE,
)
"""Types of items whose author and dates never are."""
MIN_TEASER = 12
"""Letters of a heading that can be another story's."""
BETWEEN = 30
"""Texts that can stand between headline and body."""
NEAR = 12
"""Texts around headline and body within which a name that lies in no box with them is the article's."""

_APART = re.compile(
    r"(?:^|[\s_-])(?:comments?|commentlist|respond|disqus|repl(?:y|ies)|kommentare?|commentaires?|comentarios?|commenti|related|teasers?|river|"
    r"recommend\w*|trending|popular|latest|most-?read|newsletter|promo|outbrain|taboola)(?:$|[\s_-])"
)
_linked_headings = etree.XPath(".//*[self::h2 or self::h3 or self::h4 or self::h5 or self::h6][.//a or ancestor::a]")
_PROFILE = re.compile(r"author|autor|auteur|byline|writer|profile|(?:^|[\s_-])bio")
_TEASER_DEPTH = 4


class OwnPart:
    """The part of a page that holds its article: the boxes of headline and body."""

    def __init__(self, segments: Sequence[Segment], headline: int, places: Sequence[int]) -> None:
        """Take the places of headline and body in the flow, -1 for an unprinted headline."""
        known = [*([headline] if headline >= 0 else []), *places[:1], *places[-1:]]
        self.held = {element for n in known for element in ancestry(segments[n].element)}
        common = _common([segments[n].element for n in known])
        self.common = common if common is not None and common.tag not in ("body", "html") else None
        self.first = min(known, default=0)
        self.last = max(known, default=len(segments))
        self.near = {
            element
            for segment in segments[max(0, self.first - NEAR) : self.last + NEAR]
            for element in islice(ancestry(segment.element), 3)
        }
        between = segments[headline : places[0]] if places and 0 <= headline < places[0] <= headline + BETWEEN else ()
        self.between = {segment.element for segment in between} - {segments[n].element for n in known[1:]}
        self.known = bool(places)

    def holds(self, element: etree._Element) -> bool:
        """Test whether an element speaks of the page's own article."""
        return not self.is_of_other(element) and self.is_near(element)

    def is_of_other(self, element: etree._Element) -> bool:
        """Test for an element of a comment, a teaser, a picture or another story."""
        item = _owner(element) if self.known else None
        foreign = item is not None and item not in self.held
        if item is not None and foreign and _is_other(item):
            return True
        way = [box for box in ancestry(element) if box not in self.held]
        if not self.known or any(box in self.between for box in way[:3]):
            return False
        return bool(item is not None and foreign and not _may_be_own(item)) or _is_beside(way, element)

    def is_near(self, element: etree._Element) -> bool:
        """Test for an element between headline and end of the body, or close."""
        if not self.known or (self.common is not None and self.common in {*element.iterancestors()}):
            return True
        return any(box in self.near for box in ancestry(element) if box not in self.held)


def owned_by_other(element: etree._Element) -> bool:
    """Test for an element whose item is of a type that no article is."""
    item = _owner(element)
    return item is not None and _is_other(item)


def _is_other(item: etree._Element) -> bool:
    """Test for an item that is no article, or a film within one."""
    kind = item.get("itemtype") or ""
    if OTHER_ITEMS.search(kind) is None:
        return False
    alone = item.get("itemprop") is None and all(box.get("itemscope") is None for box in item.iterancestors())
    return not (alone and kind.rstrip("s/").lower().endswith(("videoobject", "audioobject")))


def _owner(element: etree._Element) -> etree._Element | None:
    """The item that a property belongs to, persons named as authors passed over."""
    for box in element.iterancestors():
        if box.get("itemscope") is not None and not _is_person(box):
            return box
        if box.get("itemprop") in ("comment", "review", "suggestedAnswer"):
            return box
    return None


def _is_person(item: etree._Element) -> bool:
    """Test for an item that describes an author."""
    return item.get("itemprop") in ("author", "creator") or (item.get("itemtype") or "").rstrip("/").endswith("Person")


def _may_be_own(item: etree._Element) -> bool:
    """Test for an item beside the text that may stand for the article."""
    return not _is_other(item) and ((item.tag != "article" and item.find(".//a") is None) or item.find(".//h1") is not None)


def _is_beside(way: Sequence[etree._Element], element: etree._Element) -> bool:
    """Test for an element in a box beside the article, by tag, name or heading."""
    named_so = any(_is_item_apart(box) or _APART.search(named(box)) for box in way)
    return named_so or any(_is_teaser(box, element) for box in way[1:_TEASER_DEPTH])


def _is_item_apart(box: etree._Element) -> bool:
    """Test for a box whose mark-up says that it is beside the article."""
    if box.tag == "article":
        return not _PROFILE.search(named(box)) and box.find(".//h1") is None
    return OTHER_ITEMS.search(_comment_of(box)) is not None


def _is_teaser(box: etree._Element, element: etree._Element) -> bool:
    """Test for a box with a linked heading of other words than the element's."""
    if box.tag in ("body", "html"):
        return False
    name, around = words("".join(element.itertext())), {element, *element.iterancestors()}
    headings = (heading for heading in _linked_headings(box) if heading not in around and element not in heading.iterancestors())
    return any(_is_whole_link(heading, name) for heading in headings)


def _is_whole_link(heading: etree._Element, name: str) -> bool:
    """Test for a heading of some length that is mostly one link, not the name."""
    text = words("".join(heading.itertext()))
    linked = max((words("".join(link.itertext())) for link in heading.iter("a")), key=len, default=text)
    return text != name and len(text) >= MIN_TEASER and 2 * len(linked) > len(text)


def _comment_of(box: etree._Element) -> str:
    kind = box.get("itemtype") or ""
    return kind if "omment" in kind else ""


def _common(elements: Sequence[etree._Element]) -> etree._Element | None:
    """The innermost element that holds all of some."""
    if not elements:
        return None
    shared = [*ancestry(elements[0])]
    for element in elements[1:]:
        others = {*ancestry(element)}
        shared = [one for one in shared if one in others]
    return shared[0] if shared else None

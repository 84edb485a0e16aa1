"""Boxes that stand apart from the text of an article."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from functools import lru_cache
from itertools import islice

from lxml import etree

from crawler.parsers.body.data_tables import is_data
from crawler.parsers.document.ancestors import Within
from crawler.parsers.document.segments import Segment, ancestry, named, small

BODY_ITSELF = 0.4
"""Boxes of one name that hold more than this share of the prose are the body itself, whatever they are called."""

HOLDS = 0.6
"""Share of the prose from which a box holds the text, whatever its tag."""

MIN_PARAGRAPH = 120
"""Letters of a paragraph in a figure, from which it is no caption."""

MIN_SENTENCE = 40
"""Letters of one in a figure without a picture."""

MAX_BOXES = 60
"""Elements around or before a text that are looked at."""

MAX_ASKING = 4
"""Boxes around a field to fill in, or a text, that may be one that asks readers for something."""

MAX_ASKED, MAX_PARAGRAPHS = 500, 3
"""Letters and paragraphs of prose in such a box."""

_NO_FIELDS = frozenset(("hidden", "checkbox", "radio"))
_TAGS = frozenset(("aside", "nav", "footer", "form", "figure", "figcaption", "button", "label", "address", "caption"))
_HOLDING = frozenset(("aside", "figure", "form", "address", "section", "div"))
"""Tags of boxes that may hold the text; navigation and footers hold it only where they hold the headline."""
_PARTS = frozenset(("figure", "figcaption", "caption"))
_TEXTS = ("blockquote", "table", "pre", "ul", "ol", "dl")
_MEDIA = ("img", "picture", "video", "audio", "iframe", "object", "amp-img", "svg", "canvas")
_ROLES = frozenset(("complementary", "dialog", "navigation"))
_PAGE = frozenset(("html", "body", "main", "article"))
"""Elements whose names tell of the page, not of a box in it."""
_DIALOG = re.compile(r"cookie|consent|onetrust|gdpr|privacy|comment(?!ar)")
_NAMES = re.compile(
    r"comment(?!ar)|cookie|consent|onetrust|gdpr|privacy|(?:^|[\s_-])related|newsletter|recommend|read-?(?:more|also|next)|promo(?!t)|subscri|"
    r"sidebar|footer|(?:^|[\s_-])nav(?:$|[\s_-])|breadcrumb|share|social|teaser|author-?(?:bio|box|info)|caption|credit|byline|gallery|"
    r"lightbox|paywall|disclaimer|(?:^|[\s_-])(?:tags?|bio|ads?|modal|popup|menu)(?:$|[\s_-])|most-?(?:read|viewed|popular)|trending|"
    r"call-?to-?action|line-clamp|inline-?(?:box|promo)|info-?box|fact-?box|fakta"
)


@lru_cache(maxsize=4096)
def _is_called(name: str, dialog: bool) -> bool:
    """Tell whether a name is that of a box apart."""
    return (_DIALOG if dialog else _NAMES).search(name) is not None


def by_kind(around: Set[etree._Element], prose: Sequence[Segment] = (), source: str = "") -> Within:
    """Test for boxes that are apart by tag or role, and for dialogs and comments.

    Args:
        around: The elements that hold the headline: none of these is such a box.
        prose: The prose behind the headline: a box that holds it is the text's own, whatever its tag.
        source: The page as sent, to see whether a box is closed in it.
    """
    named_so = Within(lambda element: _is_dialog(element, around))
    asking = _asking(prose, around)
    own = {*around, *_holders([p for p in prose if not named_so(p.element)], source)}

    def is_apart(element: etree._Element) -> bool:
        if _is_tagged(element):
            return element not in own and not (element.tag in _PARTS and is_text_figure(element))
        return element in asking or named_so(element)

    return Within(is_apart)


def _is_dialog(element: etree._Element, around: Set[etree._Element]) -> bool:
    """Tell whether a box is called a dialog, or comments."""
    name = named(element)
    return len(name) > 1 and _is_called(name, True) and element not in around and element.tag not in _PAGE


def _asking(prose: Sequence[Segment], around: Set[etree._Element]) -> set[etree._Element]:
    """The small boxes around fields, unless others of their make hold text alone."""
    near = _near_fields(prose[0].element.getroottree().getroot()) if prose else set()
    mass, counts = Counter[etree._Element](), Counter[etree._Element]()
    for segment in prose if near else ():
        for element in islice(ancestry(segment.element), MAX_ASKING):
            if element in near:
                mass[element] += segment.size
                counts[element] += 1
    small = {element for element, size in mass.items() if size <= MAX_ASKED and counts[element] <= MAX_PARAGRAPHS and element not in around}
    return small and {element for element in small if not _has_twins(element, prose, mass[element])}


def _near_fields(root: etree._Element) -> set[etree._Element]:
    """The boxes close around fields to fill in."""
    fields = (field for field in root.iter("form", "input") if field.get("type") not in _NO_FIELDS)
    return {element for field in fields for element in islice(ancestry(field), MAX_ASKING)}


def _has_twins(element: etree._Element, prose: Sequence[Segment], size: int) -> bool:
    """Tell whether boxes of the same make hold more prose."""
    made = (element.tag, element.get("class"))
    boxes = ((one, p.size) for p in prose for one in islice(ancestry(p.element), MAX_ASKING))
    return sum(more for one, more in boxes if (one.tag, one.get("class")) == made) > size


def _holders(prose: Sequence[Segment], source: str) -> Iterator[etree._Element]:
    """The boxes apart by their tags that hold the text."""
    known: dict[etree._Element | None, tuple[etree._Element, ...]] = {None: ()}
    mass: Counter[etree._Element] = Counter()
    whole = outside = 0
    for segment in prose:
        boxes = _tagged_around(segment.element, known)
        whole += segment.size
        if not boxes:
            outside += segment.size
            continue
        for box in boxes:
            mass[box] += segment.size
        if _is_behind_caption(segment.element, boxes[-1]) or _is_left_open(segment.element, boxes[-1], source):
            yield from (box for box in boxes if box.tag == boxes[-1].tag)
    most = max(HOLDS * whole, outside)
    for box, size in mass.items():
        if _paragraphs(box) > 1 if box.tag == "figure" and size < most else box.tag in _HOLDING and size >= most:
            yield box


def _tagged_around(element: etree._Element, known: dict[etree._Element | None, tuple[etree._Element, ...]]) -> tuple[etree._Element, ...]:
    """The elements around one that are apart by tag or role, outside in."""
    way: list[etree._Element] = []
    at: etree._Element | None = element
    while at not in known and at is not None:
        way.append(at)
        at = at.getparent()
    boxes = known[at]
    for one in reversed(way):
        boxes = known[one] = (*boxes, one) if _is_tagged(one) else boxes
    return boxes


def _is_tagged(element: etree._Element) -> bool:
    """Tell whether an element is apart by its tag or role."""
    return element.tag in _TAGS or element.get("role") in _ROLES


def _is_behind_caption(element: etree._Element, box: etree._Element) -> bool:
    """Tell whether a paragraph stands in a figure behind its picture and caption."""
    if box.tag != "figure" or element.getparent() is not box or element.tag == "figcaption":
        return False
    before = {one.tag for one in islice(element.itersiblings(preceding=True), MAX_BOXES)}
    return "figcaption" in before and next(box.iterchildren("*")).tag != "figcaption"


def _is_left_open(element: etree._Element, box: etree._Element, source: str) -> bool:
    """Tell whether a paragraph like those before an unclosed box stands in it."""
    if box.getnext() is not None or element.getparent() is not box:
        return False
    made = (element.tag, element.get("class"))
    if not any((one.tag, one.get("class")) == made for one in islice(box.itersiblings(preceding=True), MAX_BOXES)):
        return False
    return source.count(f"<{box.tag}") > source.count(f"</{box.tag}")


def _paragraphs(box: etree._Element) -> int:
    """Count the paragraphs that stand in a figure itself, long ones beside a picture."""
    others = [one for one in islice(box.iterchildren("*"), MAX_BOXES) if one.tag != "figure"]
    least = MIN_PARAGRAPH if any(next(one.iter(*_MEDIA), None) is not None for one in others) else MIN_SENTENCE
    return sum(1 for one in others if one.tag == "p" and small(one, least) is None)


def is_text_figure(element: etree._Element) -> bool:
    """Tell whether a figure, or the figure of a caption, shows text and no picture."""
    figure = element if element.tag == "figure" else next(element.iterancestors("figure", "table"), None)
    if figure is None:
        return False
    if figure.tag == "table":
        return element.tag == "caption" and is_data(figure)
    return next(figure.iter(*_TEXTS), None) is not None and next(figure.iter(*_MEDIA), None) is None


def by_name(around: Set[etree._Element], mass: Mapping[etree._Element, int], whole: int) -> Within:
    """Test for boxes that are apart by their names, and do not hold the body.

    Args:
        mass: Letters of prose in each element.
        whole: Letters of all prose.
    """
    called: Counter[str] = Counter()  # a paywall may be the class of each paragraph
    for element, size in mass.items():
        called[named(element)] += size

    def is_apart(element: etree._Element) -> bool:
        name = named(element)
        if len(name) < 2 or element.tag in _PAGE or element in around or called[name] >= BODY_ITSELF * whole:
            return False
        return _is_called(name, False)

    return Within(is_apart)

"""Find the elements that hold a picture's credit: by name, tag, or the page's custom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import islice

from lxml import etree

from crawler.parsers.captions.caption_boxes import is_caption_box, is_credit_box
from crawler.parsers.captions.pairing import Picture
from crawler.parsers.credits.credits import split
from crawler.parsers.credits.names import like_name
from crawler.parsers.credits.wordings import Split
from crawler.parsers.document.display import line_of
from crawler.parsers.document.segments import Segment, small

MAX_CREDIT_BOX = 160
MAX_IN_FIGURE = 8
"""A figure with more pictures is a gallery: its texts belong to no single one of them."""
OWN_TAGS = frozenset(("span", "cite", "small", "footer", "div", "p"))
_NO_CREDIT = frozenset(("img", "figure", "a", "picture", "button"))
_SIGN_TAGS = ("span", "cite", "small", "footer", "div", "p", "em", "i", "b", "strong")

Sign = tuple[str, str, str]
"""What tells an element that holds a credit from others on the page: its tag and class, and its parent's class."""


def text_of(element: etree._Element) -> str:
    """The squeezed text of an element."""
    return line_of(element)


def credit_texts(picture: Picture, signs: frozenset[Sign], raw: str) -> list[str]:
    """List the texts of a picture's credit elements, the joined run first.

    Args:
        raw: The picture's words as printed.
    """
    parts = [text for element in _credit_elements(picture, signs) if (text := text_of(element))]
    return [*_run(parts, raw), *parts]


def shared_signs(pictures: Sequence[Picture]) -> frozenset[Sign]:
    """Name the elements that hold sure credits under two pictures, and nothing else."""
    credits: Counter[Sign] = Counter()
    others: set[Sign] = set()
    for picture in pictures:
        texts = {_sign(e): text_of(e) for root in _roots(picture) for e in root.iter(*_SIGN_TAGS)}
        for sign, text in texts.items():
            found = split(text) if len(text) <= MAX_CREDIT_BOX else Split(caption=text)
            if found.credit and found.caption is None:
                credits[sign] += 1
            elif text and not like_name(text):
                others.add(sign)
    return frozenset(sign for sign, count in credits.items() if count >= 2 and sign not in others and sign[1])


def parts_of(segment: Segment) -> list[str]:
    """List the text of a caption and that of its last own element."""
    if small(segment.element, 2 * len(segment.text) + 40) is None:
        return [segment.line]
    own = [text_of(child) for child in segment.element if child.tag in OWN_TAGS]
    last = own[-1] if own else ""
    return [segment.line, last] if last and segment.line != last and segment.line.endswith(last) else [segment.line]


def is_last_of_two(box: etree._Element, last: str) -> bool:
    """Tell whether a box is two elements of different classes, the last with this text."""
    if small(box, MAX_CREDIT_BOX * 4) is None or (box.text or "").strip() or any((child.tail or "").strip() for child in box):
        return False
    fields = [child for child in box if child.tag in OWN_TAGS and text_of(child)]
    classes = {child.get("class") for child in fields if child.get("class")}
    return len(fields) == len(classes) == 2 and len(fields[0]) == 0 and text_of(fields[1]) == last


def _run(parts: Sequence[str], raw: str) -> list[str]:
    """Join the texts of several credit elements: photographer and agency have one each."""
    found = [(at, at + len(t)) for t in parts if len(t) <= MAX_CREDIT_BOX and (at := raw.find(t)) >= 0]
    if len(found) < 2:
        return []
    run = raw[min(found)[0] : max(end for _, end in found)]
    return [run] if len(run) <= sum(end - at for at, end in found) + 12 else []


def _roots(picture: Picture) -> list[etree._Element]:
    """List the elements that hold a picture's words and little else."""
    size = sum(len(p.text) for p in picture.caption.segments)
    # A caption printed straight into a large box says nothing about what else lies there.
    return [p.element for p in picture.caption.segments if small(p.element, 2 * size + 40) is not None]


def _credit_elements(picture: Picture, signs: frozenset[Sign]) -> list[etree._Element]:
    """List the outermost credit elements among a picture's words and in its figure."""
    figure = picture.segment.inside("figure")
    if figure is not None and len(list(islice(figure.iter("img"), MAX_IN_FIGURE + 1))) > MAX_IN_FIGURE:
        figure = None
    roots = [*_roots(picture), *([figure] if figure is not None else [])]
    elements = (element for root in roots for element in root.iter(etree.Element))
    unique = dict.fromkeys(e for e in elements if e.tag not in _NO_CREDIT and _may_credit(e, signs))
    return [e for e in unique if not any(parent in unique for parent in e.iterancestors())]


def _may_credit(element: etree._Element, signs: frozenset[Sign]) -> bool:
    """Tell whether an element holds a credit and no caption beside it."""
    if element.tag == "cite" or (signs and _sign(element) in signs):
        return True
    return is_credit_box(element) and not any(is_caption_box(inner) for inner in element.iterdescendants("span", "div", "p"))


def _sign(element: etree._Element) -> Sign:
    """Make the sign of an element."""
    parent = element.getparent()
    return str(element.tag), element.get("class") or "", (parent.get("class") or "") if parent is not None else ""

"""Makes of paragraphs: tag and class of each and its boxes."""

from __future__ import annotations

from typing import TypeAlias

from lxml import etree

from crawler.parsers.document.blocks import HEADINGS
from crawler.parsers.document.segments import Segment

MAX_WRAPPERS = 6
"""Boxes around nothing but one paragraph that are seen through."""

Make: TypeAlias = tuple[object, ...]
"""What the element of a text is, and the boxes around it: some by tag and class, the outermost as the element."""

_ITEMS = frozenset(("li", "dd", "dt"))
_PLAIN = frozenset((*HEADINGS, "p", "ul", "ol", "blockquote", "dl"))


def makes(segment: Segment) -> list[Make]:
    """The makes of a segment, that with its own box first."""
    element = _list_of(segment.element)
    parent = _above(element)
    if parent is None:
        return []
    kind: object = "p" if element.tag in _PLAIN else (element.tag, element.get("class"))
    found: list[Make] = [(kind, parent)]
    above = _above(parent)
    if above is not None:
        made = (parent.tag, parent.get("class"))
        found.append((kind, made, above))
        further = _above(above)
        if further is not None:
            found.append((kind, made, (above.tag, above.get("class")), further))
    found += _wrapped(kind, element)
    if kind != "p":
        found.append((kind, element))  # stretches of text between line breaks
    return found


def _above(element: etree._Element) -> etree._Element | None:
    """The box around an element, figures around paragraphs passed over."""
    parent: etree._Element | None = element.getparent()
    while parent is not None and parent.tag == "figure":
        parent = parent.getparent()
    return parent


def _list_of(element: etree._Element) -> etree._Element:
    """The outermost list around an item or its paragraph; else the element itself."""
    parent = _above(element)
    item = (
        element
        if element.tag in _ITEMS
        else parent
        if parent is not None and parent.tag in _ITEMS and element.tag in ("p", "div")
        else None
    )
    found = element
    for _ in range(MAX_WRAPPERS):
        above = None if item is None else _above(item)
        if above is None:
            return found
        found = above
        item = _above(found)
        if item is None or item.tag not in _ITEMS:
            return found
    return found


def _wrapped(kind: object, element: etree._Element) -> list[Make]:
    """The make with the box around a paragraph's own wrappers."""
    top: etree._Element | None = element
    if element.getnext() is not None or element.getprevious() is not None:
        top = _above(element)
    wrappers = 0
    while top is not None and wrappers < MAX_WRAPPERS and top.getnext() is None and top.getprevious() is None:
        top, wrappers = _above(top), wrappers + 1
    box = None if top is None else _above(top)
    return [(kind, wrappers, top.tag, top.get("class"), box)] if wrappers and top is not None and box is not None else []

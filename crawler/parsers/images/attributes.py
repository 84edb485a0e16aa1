"""Attributes: what the elements around a picture say of it without printing it: data for a lightbox, microdata."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from crawler.parsers.credits.credits import plain, split
from crawler.parsers.credits.names import credit_name
from crawler.parsers.document.segments import Piece, squeeze

_CAPTIONS = ("data-caption", "data-sub-html", "data-title", "data-description", "data-image-caption", "data-photo-caption")
_CREDITS = ("data-credit", "data-credits", "data-copyright", "data-photographer", "data-author", "data-source", "data-image-credit")
_MICRODATA = ("credittext", "copyrightholder", "creator", "author", "copyrightnotice")
MAX_BOXES = 4


def told(piece: Piece) -> tuple[str | None, str | None]:
    """Caption and credit by attributes of a picture, its link, its figure, or the microdata of its box."""
    caption = credit = None
    for box in _boxes(piece):
        caption = caption or next((v for name in _CAPTIONS if len(v := _text(box.get(name))) > 8), None)
        credit = credit or next((v for name in _CREDITS if (v := _text(box.get(name))) and "/" not in v[:1] and len(v) < 120), None)
        if "imageobject" in (box.get("itemtype") or "").lower():
            credit = credit or _microdata(box)
    found = split(caption or "")
    name = credit_name(credit) if credit and "://" not in credit else None
    return found.caption, name or found.credit


def _boxes(piece: Piece) -> Iterator[etree._Element]:
    yield piece.element
    for depth, box in enumerate(piece.element.iterancestors()):
        if depth >= MAX_BOXES or box.tag in ("article", "main", "body"):
            return
        yield box


def _microdata(box: etree._Element) -> str | None:
    for element in box.iter("meta", "span", "div", "p", "a", "small"):
        if (element.get("itemprop") or "").lower() in _MICRODATA:
            return _text(element.get("content")) or squeeze("".join(element.itertext()))[:120] or None
    return None


def _text(value: str | None) -> str:
    """An attribute as text: what a lightbox gets is often markup."""
    line = plain(value or "")
    if "<" not in line:
        return line
    try:
        return squeeze("".join(etree.HTML(line).itertext()))
    except (etree.XMLSyntaxError, ValueError, AttributeError):
        return ""

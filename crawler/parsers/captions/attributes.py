"""Caption and credit in attributes and microdata around a picture."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from crawler.parsers.credits.credits import plain, split
from crawler.parsers.credits.names import credit_name
from crawler.parsers.document.display import line_of
from crawler.parsers.document.segments import Segment, squeeze

_CAPTIONS = ("data-caption", "data-sub-html", "data-title", "data-description", "data-image-caption", "data-photo-caption")
_CREDITS = ("data-credit", "data-credits", "data-copyright", "data-photographer", "data-author", "data-source", "data-image-credit")
_MICRODATA = ("credittext", "copyrightholder", "creator", "author", "copyrightnotice")
_TEXTS = ("alt", "title", "data-caption", "data-title", "aria-label")
MAX_BOXES = 4
MIN_CAPTION = 8
MAX_CREDIT = 120


def told(segment: Segment) -> tuple[str | None, str | None]:
    """Read caption and credit from the attributes and microdata around a picture."""
    caption = credit = None
    for box in _boxes(segment):
        caption = caption or next((text for name in _CAPTIONS if len(text := _text(box.get(name))) > MIN_CAPTION), None)
        credit = credit or _credit(box)
    found = split(caption or "")
    name = credit_name(credit) if credit and "://" not in credit else None
    return found.caption, name or found.credit


def texts_of(segment: Segment) -> Iterator[str]:
    """The texts in the attributes of a picture and its figure."""
    figure = segment.inside("figure")
    for element in (segment.element, *([figure] if figure is not None else [])):
        for name in _TEXTS:
            if value := squeeze(element.get(name) or ""):
                yield value


def _credit(box: etree._Element) -> str | None:
    """The credit in the attributes of a box, else in its microdata."""
    for name in _CREDITS:
        if (text := _text(box.get(name))) and not text.startswith("/") and len(text) < MAX_CREDIT:
            return text
    return _microdata(box) if "imageobject" in (box.get("itemtype") or "").lower() else None


def _boxes(segment: Segment) -> Iterator[etree._Element]:
    """The picture's element and the boxes around it, up to the article."""
    yield segment.element
    for depth, box in enumerate(segment.element.iterancestors()):
        if depth >= MAX_BOXES or box.tag in ("article", "main", "body"):
            return
        yield box


def _microdata(box: etree._Element) -> str | None:
    """The credit in the microdata of a box, or None."""
    for element in box.iter("meta", "span", "div", "p", "a", "small"):
        if (element.get("itemprop") or "").lower() in _MICRODATA:
            return _text(element.get("content")) or line_of(element)[:120] or None
    return None


def _text(value: str | None) -> str:
    """An attribute as text: what a lightbox gets is often markup."""
    line = plain(value or "")
    if "<" not in line:
        return line
    try:
        return line_of(etree.HTML(line))
    except (etree.XMLSyntaxError, ValueError, AttributeError):
        return ""

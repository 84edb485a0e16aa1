"""Paragraphs, headings, quotes, lists and pictures of a body, from segments of the flow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lxml import etree

from crawler.items import Block
from crawler.parsers.document.segments import Segment

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def kind_of(segment: Segment, limit: etree._Element | None = None) -> tuple[str, etree._Element | None]:
    """Block kind of a text segment, and the element that groups it with its neighbours.

    Args:
        limit: The body's container: a list or quotation around all of it means nothing.
    """
    for element in (segment.element, *segment.element.iterancestors()):
        if element is limit:
            break
        if element.tag in HEADINGS:
            return "heading", None
        if element.tag == "blockquote":
            return "quote", element
        if element.tag == "li":
            return "list", element.getparent()
    return "paragraph", None


def blocks(
    segments: Iterable[Segment], pictures: Mapping[str, int], related: Mapping[int, str], limit: etree._Element | None = None
) -> tuple[Block, ...]:
    """The blocks of a body.

    Args:
        segments: Text and picture segments that belong to the body, in order.
        pictures: Address of a picture to its index in the article's images; others are passed over.
        related: Place in the flow of the first segment of a related box to its title.
    """
    out: list[Block] = []
    group: etree._Element | None = None
    shown: set[int] = set()
    for segment in segments:
        if segment.n in related:
            out.append(Block(kind="related", text=related[segment.n]))
            group = None
        elif segment.picture is not None:
            at = pictures.get(segment.picture)
            if at is not None and at not in shown:
                shown.add(at)
                out.append(Block(kind="picture", image=at))
                group = None
        else:
            group = _add_text(out, segment, group, limit)
    return tuple(out)


def _add_text(out: list[Block], segment: Segment, group: etree._Element | None, limit: etree._Element | None) -> etree._Element | None:
    kind, own = kind_of(segment, limit)
    if own is not None and own is group and out:
        last = out.pop()
        out.append(Block(kind=last.kind, text=f"{last.text}\n{segment.shown}"))
    elif kind == "heading":
        out.append(Block(kind="heading", text=segment.line))
    elif kind == "quote":
        out.append(Block(kind="quote", text=segment.shown))
    elif kind == "list":
        out.append(Block(kind="list", text=segment.line))
    else:
        out.append(Block(kind="paragraph", text=segment.shown))
    return own

"""Paragraphs, headings, quotes, lists and pictures of a body, from pieces of the flow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lxml import etree

from crawler.items import Block
from crawler.parsers.document.segments import Piece

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def kind_of(piece: Piece, limit: etree._Element | None = None) -> tuple[str, etree._Element | None]:
    """Block kind of a text piece, and the element that groups it with its neighbours.

    Args:
        limit: The body's container: a list or quotation around all of it means nothing.
    """
    for element in (piece.element, *piece.element.iterancestors()):
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
    pieces: Iterable[Piece], pictures: Mapping[str, int], related: Mapping[int, str], limit: etree._Element | None = None
) -> tuple[Block, ...]:
    """The blocks of a body.

    Args:
        pieces: Text and picture pieces that belong to the body, in order.
        pictures: Address of a picture to its index in the article's images; others are passed over.
        related: Place in the flow of the first piece of a related box to its title.
    """
    out: list[Block] = []
    group: etree._Element | None = None
    shown: set[int] = set()
    for piece in pieces:
        if piece.n in related:
            out.append(Block(kind="related", text=related[piece.n]))
            group = None
        elif piece.picture is not None:
            at = pictures.get(piece.picture)
            if at is not None and at not in shown:
                shown.add(at)
                out.append(Block(kind="picture", image=at))
                group = None
        else:
            group = _text(out, piece, group, limit)
    return tuple(out)


def _text(out: list[Block], piece: Piece, group: etree._Element | None, limit: etree._Element | None) -> etree._Element | None:
    kind, own = kind_of(piece, limit)
    if own is not None and own is group and out:
        last = out.pop()
        out.append(Block(kind=last.kind, text=f"{last.text}\n{piece.shown}"))
    elif kind == "heading":
        out.append(Block(kind="heading", text=piece.line))
    elif kind == "quote":
        out.append(Block(kind="quote", text=piece.shown))
    elif kind == "list":
        out.append(Block(kind="list", text=piece.line))
    else:
        out.append(Block(kind="paragraph", text=piece.shown))
    return own

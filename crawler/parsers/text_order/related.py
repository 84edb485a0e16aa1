"""Related: boxes inside an article that lead to other stories; told by mark-up, by class, by a linked picture, or by being all link."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml import etree

from crawler.items import Link
from crawler.parsers.document.page import Page
from crawler.parsers.document.segments import Piece, ancestry, named, small, squeeze
from crawler.parsers.text_order.config import Order

_WHOLE = ("body", "html", "main", "article")
_LABEL = re.compile(
    r"(?:read|see|watch|more|related|also|further|lire|voir|aussi|à|en savoir plus|news|story|stories|on this|\s)+", re.IGNORECASE
)
_RELATED_CLASS = re.compile(r"oembed|related|read-?more|see-?also|also-?read|teaser|promo|recommend")


def related_boxes(
    order: Order, page: Page, pieces: Sequence[Piece], container: etree._Element | None
) -> tuple[dict[int, Link], frozenset[int]]:
    """The related boxes in a run of pieces.

    Args:
        container: The body's container; no box is larger.
    Returns:
        Place of each box's first piece to what it leads to, and the places of all their pieces.
    """
    return _Related(order, page, container).boxes_in(pieces)


class _Related:
    def __init__(self, order: Order, page: Page, container: etree._Element | None) -> None:
        self.page, self.container, self.patterns = page, container, order.patterns
        self.known = {node.root for node in page.xpath(order.related)} if order.related else set()

    def boxes_in(self, pieces: Sequence[Piece]) -> tuple[dict[int, Link], frozenset[int]]:
        out: dict[int, Link] = {}
        taken: set[int] = set()
        last: tuple[str, etree._Element | None] | None = None
        for piece in pieces:
            box = self.box_of(piece)
            link = self.story_of(piece, box)
            if link is None:
                last = None if piece.text else last
                continue
            taken.add(piece.n)
            if last is None or (last[0] != link.url and (box is None or last[1] is not box)):
                out[piece.n] = link
            elif not out[max(out)].text:
                out[max(out)] = Link(url=out[max(out)].url, text=link.text)
            last = (link.url, box)
        return out, frozenset(taken)

    def box_of(self, piece: Piece) -> etree._Element | None:
        """The box of another story that a piece lies in: a known one, one named so, or one with that story's linked picture."""
        for element in ancestry(piece.element):
            if element in self.known or (_RELATED_CLASS.search(named(element)) and element.tag not in _WHOLE):
                return element
        for element in ancestry(piece.element):
            if element is self.container or element.tag in _WHOLE or small(element, 400) is None:
                return None
            anchors = [a for a in element.iter("a") if self.patterns["story_link"].search(a.get("href") or "")]
            linked = {img for a in anchors for img in a.iter("img")}
            alone = len({a.get("href") for a in anchors}) == 1 and linked == set(element.iter("img"))
            if linked and alone and _text_before(element, anchors[0]) < 40:
                return element
        return None

    def story_of(self, piece: Piece, box: etree._Element | None) -> Link | None:
        """What a piece leads to, if it is part of a related box or a link to another story and nothing else."""
        story = self.patterns["story_link"]
        if piece.picture:
            return Link(url=_absolute(self.page, piece.href)) if piece.href and story.search(piece.href) else None
        links = [link for link in piece.links if story.search(link.url)]
        rest = piece.line.replace(links[0].text, "", 1).strip(" :|>»–—-") if links else piece.line
        if links and (piece.linked > 0.9 or _LABEL.fullmatch(rest) or (box is not None and small(box, 800) is not None)):
            text = self.patterns["paper"].sub("", links[0].text or piece.line)
            return Link(url=links[0].url, text=text)
        if box is not None and small(box, 800) is not None:
            inner = [a for a in box.iter("a") if story.search(a.get("href") or "")]
            text = next((t for a in inner if (t := squeeze("".join(a.itertext())))), "")
            return Link(url=_absolute(self.page, inner[0].get("href")), text=self.patterns["paper"].sub("", text)) if inner else None
        return None


def _text_before(element: etree._Element, anchor: etree._Element) -> int:
    """Characters of text in a box before its first link: a teaser begins with its picture or title."""
    above = set(ancestry(anchor))
    size = 0
    for node in element.iter():
        if node is anchor:
            break
        size += len((node.text or "").strip())
        size += len((node.tail or "").strip()) if node not in above else 0
    return size


def _absolute(page: Page, href: str | None) -> str:
    return (page.join(href) or href) if href else ""

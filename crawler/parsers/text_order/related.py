"""Find the boxes inside an article that lead to other stories."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from functools import partial

from lxml import etree

from crawler.items import Link
from crawler.parsers.document.ancestors import Within
from crawler.parsers.document.display import line_of
from crawler.parsers.document.elements import is_named_anywhere
from crawler.parsers.document.page import Page
from crawler.parsers.document.queries import by_xpath
from crawler.parsers.document.segments import Segment, ancestry, named, small
from crawler.parsers.text_order.config import Order

MAX_TEASER, MAX_BOX = 400, 800
"""Characters of a box told by its linked picture, and of one told by its name."""
MAX_BEFORE = 40
"""Characters before the link that a teaser begins with."""
_WHOLE = ("body", "html", "main", "article")
_LABEL = re.compile(
    r"(?:read|see|watch|more|related|also|further|lire|voir|aussi|à|en savoir plus|news|story|stories|on this|\s)+", re.IGNORECASE
)
_RELATED_CLASS = re.compile(r"oembed|related|read-?more|see-?also|also-?read|teaser|promo|recommend")


def related_boxes(
    order: Order, page: Page, segments: Sequence[Segment], container: etree._Element | None
) -> tuple[dict[int, Link], frozenset[int]]:
    """The related boxes in a run of segments.

    Args:
        container: The body's container; no box is larger.
    Returns:
        Place of each box's first segment to what it leads to, and the places of all their segments.
    """
    return _Related(order, page, container).boxes_in(segments)


class _Related:
    """Finder of related boxes in one page."""

    def __init__(self, order: Order, page: Page, container: etree._Element | None) -> None:
        self.page, self.container, self.patterns = page, container, order.patterns
        self.known: set[etree._Element] = {*by_xpath(page, order.related)} if order.related else set()
        # No method of its own: the page would live on in a circle until the garbage collector comes.
        self.is_named = partial(_is_named, self.known)
        self.named = Within(self.is_named) if self.known or is_named_anywhere(page, _RELATED_CLASS) else None
        self.pictured = self.links_pictures(page.root if container is None else container)

    def boxes_in(self, segments: Sequence[Segment]) -> tuple[dict[int, Link], frozenset[int]]:
        """Find the boxes in a run of segments, and the places of their segments."""
        out: dict[int, Link] = {}
        taken: set[int] = set()
        last: tuple[str, etree._Element | None] | None = None
        for segment in segments:
            box = self.box_of(segment)
            link = self.story_of(segment, box)
            if link is None:
                last = None if segment.text else last
                continue
            taken.add(segment.n)
            if last is None or (last[0] != link.url and (box is None or last[1] is not box)):
                out[segment.n] = link
            elif not out[max(out)].text:
                out[max(out)] = Link(url=out[max(out)].url, text=link.text)
            last = (link.url, box)
        return out, frozenset(taken)

    def box_of(self, segment: Segment) -> etree._Element | None:
        """The box of another story around a segment, or None."""
        if self.named is not None and self.named(segment.element):
            return next(filter(self.is_named, ancestry(segment.element)))
        if not self.pictured:
            return None
        for element in ancestry(segment.element):
            if element is self.container or element.tag in _WHOLE or small(element, MAX_TEASER) is None:
                return None
            if self.is_teaser(element):
                return element
        return None

    def links_pictures(self, box: etree._Element) -> bool:
        """Tell whether any picture in a box links another story, as a teaser does."""
        links = (a for img in box.iter("img") for a in img.iterancestors("a"))
        return any(self.patterns["story_link"].search(a.get("href") or "") for a in links)

    def is_teaser(self, element: etree._Element) -> bool:
        """Tell whether a box shows one other story with its picture."""
        anchors = [a for a in element.iter("a") if self.patterns["story_link"].search(a.get("href") or "")]
        linked = {img for a in anchors for img in a.iter("img")}
        alone = len({a.get("href") for a in anchors}) == 1 and linked == set(element.iter("img"))
        return bool(linked) and alone and _text_before(element, anchors[0]) < MAX_BEFORE

    def story_of(self, segment: Segment, box: etree._Element | None) -> Link | None:
        """The story that a segment of a related box leads to, or None."""
        if segment.picture:
            other = segment.href and self.patterns["story_link"].search(segment.href)
            return Link(url=_absolute(self.page, segment.href)) if other else None
        boxed = box is not None and small(box, MAX_BOX) is not None
        link = next((link for link in segment.links if self.patterns["story_link"].search(link.url)), None)
        if link is not None and (boxed or self.is_mere_link(segment, link)):
            return Link(url=link.url, text=self.patterns["paper"].sub("", link.text or segment.line))
        return self.story_in(box) if box is not None and boxed else None

    def is_mere_link(self, segment: Segment, link: Link) -> bool:
        """Tell whether a segment is a link and nothing else but a label: `Read more:`."""
        rest = segment.line.replace(link.text, "", 1).strip(" :|>»–—-")
        return segment.linked > 0.9 or _LABEL.fullmatch(rest) is not None

    def story_in(self, box: etree._Element) -> Link | None:
        """The first other story in a box, with the first link's text."""
        inner = [a for a in box.iter("a") if self.patterns["story_link"].search(a.get("href") or "")]
        text = next((t for a in inner if (t := line_of(a))), "")
        return Link(url=_absolute(self.page, inner[0].get("href")), text=self.patterns["paper"].sub("", text)) if inner else None


def _is_named(known: Set[etree._Element], element: etree._Element) -> bool:
    """Tell whether a box is one by the order, or by its name."""
    return element in known or (element.tag not in _WHOLE and _RELATED_CLASS.search(named(element)) is not None)


def _text_before(element: etree._Element, anchor: etree._Element) -> int:
    """Characters of text in a box before its first link."""
    above = set(ancestry(anchor))
    size = 0
    for node in element.iter():
        if node is anchor:
            break
        size += len((node.text or "").strip())
        size += len((node.tail or "").strip()) if node not in above else 0
    return size


def _absolute(page: Page, href: str | None) -> str:
    """An address made absolute; as written if that is impossible."""
    return (page.join(href) or href) if href else ""

"""Find the pictures of an article by text order, with their captions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, partial
from operator import is_

from attrs import frozen
from lxml import etree

from crawler.parsers.captions.caption_rules import pair
from crawler.parsers.captions.pairing import Caption, Picture
from crawler.parsers.credits.credits import split
from crawler.parsers.document.ancestors import Within
from crawler.parsers.document.page import Page
from crawler.parsers.document.segments import Segment, ancestry
from crawler.parsers.document.structured_data import meta_values
from crawler.parsers.images.editorial import LEFT_OUT
from crawler.parsers.text_order.config import Order
from crawler.urls import path_of

ABOVE = 8
"""Pieces above the headline that may hold the lead picture."""
MIN_SIZE = 50
"""Pixels of a picture that is no icon."""
FIRST_TEXTS = 4
"""Lines from the headline on that may caption a picture which no element shows."""
MIN_CAPTION, MAX_CAPTION = 12, 400
"""Characters of a caption whose picture no element shows."""


@frozen(kw_only=True, eq=False, slots=False)
class Region:
    """The segments of an article that may hold pictures and captions."""

    order: Order
    page: Page
    segments: Sequence[Segment]
    dropped: frozenset[int]
    """Places of segments that are no part of the article."""
    container: etree._Element | None
    inside: Within
    """Test for elements in the container."""
    known: bool
    """Whether the layout's own selectors find the container."""

    @cached_property
    def shared(self) -> str:
        """Address of the picture that the page's head names, empty if there is none."""
        url = meta_values(self.page).get("og:image", [""])[0]
        return (self.page.join(url) or "") if url else ""

    def is_shared(self, segment: Segment) -> bool:
        """Tell whether a picture is the one that the page's head names."""
        return bool(self.shared) and self.order.key_of(segment.picture or "") == self.order.key_of(self.shared)

    def is_editorial(self, segment: Segment) -> bool:
        """Tell whether a picture is no decoration, by its address and size."""
        sizes = [segment.element.get(name) or "" for name in ("width", "height")]
        noise = self.order.patterns["picture_noise"].search(segment.picture or "")
        return not noise and not any(size.isdecimal() and int(size) < MIN_SIZE for size in sizes)

    def may_caption(self, segment: Segment) -> bool:
        """Tell whether a text is part of the article and no furniture."""
        return segment.n not in self.dropped and not self.order.patterns["furniture"].search(segment.line)

    def is_text(self, segment: Segment) -> bool:
        """Tell whether a text is part of the article and does not end it."""
        return bool(segment.text) and self.may_caption(segment) and not self.order.patterns["ends"].search(segment.line)

    def holds(self, segment: Segment) -> bool:
        """Tell whether a segment lies in the body's container."""
        return self.inside(segment.element)


def pictures(region: Region, body: Sequence[Segment], at: int) -> list[Picture]:
    """Find the pictures from above the headline to the end of the body.

    Args:
        body: The segments below the headline.
        at: Place of the headline.
    """
    run = [p for p in (*_lead(region, at), *body) if p.n not in region.dropped and (not p.picture or _is_kept(region, p))]
    limit = {region.container} if region.container is not None else set()
    found = pair(run, limit=limit, is_text=region.may_caption, trace=region.page.trace)
    found = [*_unseen_lead(region, run, found), *found]
    captioned = _captioned(found)
    if any(region.is_text(p) and p.n not in captioned and region.holds(p) for p in body):
        return found
    # A caption known by its place alone must not eat the only paragraph.
    return [picture if picture.caption.sure else Picture(segment=picture.segment) for picture in found]


def _is_kept(region: Region, segment: Segment) -> bool:
    """Tell whether a picture is no decoration, and note one that is."""
    kept, trace = region.is_editorial(segment) and not _leads_away(region, segment), region.page.trace
    if trace is not None and not kept:
        trace.about = segment.picture
        trace.note(LEFT_OUT.field, "decoration")
        trace.about = None
    return kept


def _leads_away(region: Region, segment: Segment) -> bool:
    """Tell whether a picture outside the text leads to another story."""
    if not segment.href or region.holds(segment) or not region.order.patterns["story_link"].search(segment.href):
        return False
    return path_of(region.page.join(segment.href) or "") != path_of(region.page.url)


def _lead(region: Region, at: int) -> list[Segment]:
    """The segments from the lead picture above the headline on, if it is there.

    It is the head's picture, or one that leads to no other page and shares a box with the headline alone.
    """
    above = region.segments[max(0, at - ABOVE) : max(0, at)]
    shown = [p for p in above if p.picture]
    lead = next((p for p in shown if region.is_shared(p)), None) or next((p for p in shown if _stands_by(region, p, at)), None)
    if lead is None:
        return []
    # Its caption may stand above it.
    own = Within(partial(is_, _own_box(region, lead, at)))
    return [p for p in above if p.n >= lead.n or (p.text and own(p.element))]


def _own_box(region: Region, picture: Segment, at: int) -> etree._Element | None:
    """The largest box around a picture that does not hold the headline."""
    around = set(ancestry(region.segments[at].element))
    return next((e for e in ancestry(picture.element) if (up := e.getparent()) is None or up in around), None)


def _stands_by(region: Region, picture: Segment, at: int) -> bool:
    """Tell whether a picture without a link shares the headline's box."""
    elsewhere = picture.href is not None and region.order.key_of(picture.href) != region.order.key_of(picture.picture or "")
    if elsewhere or picture.inside("nav", "aside") is not None or not region.is_editorial(picture):
        return False
    around = set(ancestry(region.segments[at].element)) if 0 <= at < len(region.segments) else set()
    shared = next((e for e in ancestry(picture.element) if e in around), None)
    return shared is not None and shared.tag not in ("body", "html")


def _captioned(found: Sequence[Picture]) -> set[int]:
    """The places of the captions."""
    return {p.n for picture in found for p in picture.caption.segments}


def _unseen_lead(region: Region, run: Sequence[Segment], found: Sequence[Picture]) -> list[Picture]:
    """Find the head's picture, shown as a background, by the caption before the first paragraph."""
    url = region.shared
    if not url or region.order.patterns["picture_noise"].search(url) or any(region.is_shared(picture.segment) for picture in found):
        return []
    texts = [p for p in run if p.text and region.may_caption(p) and len(p.text) > MIN_CAPTION][:FIRST_TEXTS]
    captioned = _captioned(found)
    text = next((p for p in texts if p.n not in captioned and len(p.text) <= MAX_CAPTION and _captions_unseen(region, p)), None)
    if text is None:
        return []
    return [Picture(segment=Segment(n=text.n, element=text.element, picture=url), caption=Caption(segments=(text,), sure=True))]


def _captions_unseen(region: Region, text: Segment) -> bool:
    """Tell whether a text is the caption of a picture that no element shows."""
    if region.known and region.container is not None and not region.holds(text):
        return True
    told = split(text.text)
    return told.credit is not None and told.shape in ("paren-sure", "sign", "label")

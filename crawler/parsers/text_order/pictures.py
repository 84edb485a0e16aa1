"""Find the pictures of an article by text order, with their captions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from attrs import frozen
from lxml import etree

from crawler.parsers.credits.credits import split
from crawler.parsers.document.page import Page
from crawler.parsers.document.segments import Piece, ancestry
from crawler.parsers.document.structured_data import meta_values
from crawler.parsers.images.caption_rules import pair
from crawler.parsers.images.pairing import Caption, Picture
from crawler.parsers.text_order.config import Order

ABOVE = 6
"""Pieces above the headline that may hold the lead picture."""
MIN_SIZE = 50
"""Pixels of a picture that is no icon."""
MIN_CAPTION, MAX_CAPTION = 12, 400
"""Characters of a caption whose picture no element shows."""


@frozen(kw_only=True, eq=False, slots=False)
class Region:
    """The pieces of an article that may hold pictures and captions."""

    order: Order
    page: Page
    pieces: Sequence[Piece]
    dropped: frozenset[int]
    """Places of pieces that are no part of the article."""
    container: etree._Element | None
    known: bool
    """Whether the layout's own selectors find the container."""

    @cached_property
    def shared(self) -> str:
        """Address of the picture that the page's head names, empty if there is none."""
        url = meta_values(self.page).get("og:image", [""])[0]
        return (self.page.join(url) or "") if url else ""

    def is_shared(self, piece: Piece) -> bool:
        """Tell whether a picture is the one that the page's head names."""
        return bool(self.shared) and self.order.key_of(piece.picture or "") == self.order.key_of(self.shared)

    def is_editorial(self, piece: Piece) -> bool:
        """Tell whether a picture is no decoration, by its address and size."""
        sizes = [piece.element.get(name) or "" for name in ("width", "height")]
        noise = self.order.patterns["picture_noise"].search(piece.picture or "")
        return not noise and not any(size.isdigit() and int(size) < MIN_SIZE for size in sizes)

    def may_caption(self, piece: Piece) -> bool:
        """Tell whether a text is part of the article and no furniture."""
        return piece.n not in self.dropped and not self.order.patterns["furniture"].search(piece.line)

    def is_text(self, piece: Piece) -> bool:
        """Tell whether a text is part of the article and does not end it."""
        return bool(piece.text) and self.may_caption(piece) and not self.order.patterns["ends"].search(piece.line)

    def holds(self, piece: Piece) -> bool:
        """Tell whether a piece lies in the body's container."""
        return is_within(piece, self.container)


def is_within(piece: Piece, container: etree._Element | None) -> bool:
    """Tell whether a piece lies in an element, or there is none."""
    return container is None or container in ancestry(piece.element)


def pictures(region: Region, body: Sequence[Piece], at: int) -> list[Picture]:
    """Find the pictures from above the headline to the end of the body.

    Args:
        body: The pieces below the headline.
        at: Place of the headline.
    """
    above = region.pieces[max(0, at - ABOVE) : max(0, at)]
    first = next((p.n for p in above if p.picture and region.is_shared(p)), at)
    lead = [p for p in above if p.n >= first]
    wanted = [p for p in (*lead, *body) if p.n not in region.dropped and (not p.picture or region.is_editorial(p))]
    limit = {region.container} if region.container is not None else set()
    found = pair(wanted, limit=limit, is_text=region.may_caption, trace=region.page.trace)
    found = [*_unseen_lead(region, wanted, found), *found]
    captioned = {p.n for picture in found for p in picture.caption.pieces}
    if any(region.is_text(p) and p.n not in captioned and region.holds(p) for p in body):
        return found
    # A caption known by its place alone must not eat the only paragraph.
    return [picture if picture.caption.sure else Picture(piece=picture.piece) for picture in found]


def _unseen_lead(region: Region, wanted: Sequence[Piece], found: Sequence[Picture]) -> list[Picture]:
    """Find the head's picture, shown as a background, by the caption before the first paragraph."""
    url, key_of = region.shared, region.order.key_of
    shown = {key_of(picture.piece.picture or "") for picture in found}
    if not url or region.order.patterns["picture_noise"].search(url) or key_of(url) in shown:
        return []
    first = next((p for p in wanted if p.text and region.may_caption(p) and len(p.text) > MIN_CAPTION), None)
    captions = {p.n for picture in found for p in picture.caption.pieces}
    if first is None or first.n in captions or len(first.text) > MAX_CAPTION or not _captions_unseen(region, first):
        return []
    return [Picture(piece=Piece(n=first.n, element=first.element, picture=url), caption=Caption(pieces=(first,), sure=True))]


def _captions_unseen(region: Region, text: Piece) -> bool:
    """Tell whether a text is a caption: it stands before the known container, or is signed."""
    if region.known and region.container is not None and not region.holds(text):
        return True
    told = split(text.text)
    return told.credit is not None and told.shape in ("paren-sure", "sign")

"""Tell which pictures are the article's own: no portraits, teasers, players or advertisements."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from lxml import etree

from crawler.parsers.captions.caption_boxes import STILL
from crawler.parsers.captions.pairing import Picture
from crawler.parsers.credits.credits import split
from crawler.parsers.credits.names import like_name, weight
from crawler.parsers.dates.dates import only_a_date
from crawler.parsers.document.rules import Rules, Trace
from crawler.parsers.document.segments import Segment, named, words
from crawler.parsers.images.article_frame import SUBHEADINGS, Boxes, Frame
from crawler.parsers.images.noise import is_captioned, is_tiny, named_as_noise, of_nothing_else, speaks_of_noise
from crawler.parsers.picture_urls.image_urls import is_placeholder

MAX_PORTRAIT = 200
MAX_BYLINE = 160

_PLAYER = re.compile(r"(?<![a-z])(?:video|player|audio|podcast)")
_FRAME_OF_SITE = ("footer", "nav", "form")


def is_editorial(frame: Frame, segment: Segment, trace: Trace | None = None) -> bool:
    """Tell whether a picture may be the article's, by address, size and boxes."""
    if trace is None:
        return LEFT_OUT.answer(frame, segment, frame.boxes(segment)) is None
    trace.about = segment.picture
    reason = LEFT_OUT.named(frame, segment, frame.boxes(segment))
    if reason:
        trace.note(LEFT_OUT.field, reason[1])
    trace.about = None
    return reason is None


def belongs(frame: Frame, picture: Picture, authors: Sequence[str], trace: Trace | None = None) -> bool:
    """Tell whether a picture is the article's, by caption and place, and no portrait."""
    kept = BELONGS.named(frame, picture)
    portrait = PORTRAIT.named(frame, picture, authors) if kept and kept[0] else None
    yes = kept is not None and kept[0] and not (portrait is not None and portrait[0])
    if trace is not None:
        trace.about = picture.segment.picture
        reason = kept[1] if kept and not kept[0] else portrait[1] if portrait and portrait[0] else "neither caption nor place"
        trace.note(BELONGS.field if yes else LEFT_OUT.field, kept[1] if yes and kept else reason)
        trace.about = None
    return yes


# -- reasons to leave a picture out, before its caption is known


def noise_address(frame: Frame, segment: Segment, boxes: Boxes) -> bool | None:
    """Look for an address named as a logo, icon, pixel or advertisement, unless captioned."""
    url = segment.picture or ""
    if not named_as_noise(url):
        return None
    if is_placeholder(url) or (speaks_of_noise(segment.element) and segment.inside("figure") is None):
        return True
    return None if (frame.is_shared(segment) and not of_nothing_else(url)) or is_captioned(segment) else True


def tiny(frame: Frame, segment: Segment, boxes: Boxes) -> bool | None:
    """Look for attributes below 90 pixels, or a style of one pixel, unless captioned."""
    return (is_tiny(segment.element, segment.picture or "") and not is_captioned(segment)) or None


def frame_of_site(frame: Frame, segment: Segment, boxes: Boxes) -> bool | None:
    """Look for a footer, a menu or a form around the picture."""
    return boxes.inside(*_FRAME_OF_SITE) or None


def another_article(frame: Frame, segment: Segment, boxes: Boxes) -> bool | None:
    """Look for another story's `article`, unless it only wraps a picture."""
    return any(box.tag == "article" and box not in frame.paragraphs and frame.is_card(box) for box in boxes.elements) or None


def aside(frame: Frame, segment: Segment, boxes: Boxes) -> bool | None:
    """Look for an `aside` that is more than a picture with its caption."""
    box = next((box for box in boxes.elements if box.tag == "aside"), None)
    return (box is not None and not _is_like_figure(frame, box)) or None


def box_class(frame: Frame, segment: Segment, boxes: Boxes) -> bool | None:
    """Look for a box of teasers, authors, newsletters, advertisements, or the page's header."""
    if frame.is_shared(segment):
        return None
    if boxes.inside("header") and segment.n < frame.at and segment.inside("figure") is None:
        return True
    noisy = boxes.speaking(speaks_of_noise)
    # A figure with a caption is no teaser where nothing in the box leads elsewhere: `img-share`, `paywalled`.
    return (noisy is not None and not (is_captioned(segment) and not frame.is_card(noisy))) or None


def link_to_another_page(frame: Frame, segment: Segment, boxes: Boxes) -> bool | None:
    """Look for a link around the picture that opens another page of the site."""
    return frame.address.opens_another_page(segment) or None


LEFT_OUT = Rules("left out", noise_address, tiny, frame_of_site, another_article, aside, box_class, link_to_another_page)


# -- reasons to keep it, or not, once its caption is known


def player(frame: Frame, picture: Picture) -> bool | None:
    """Leave out the still of a player, unless signed in its own figure."""
    if not _in_player(frame, picture.segment, captioned=picture.caption.sure):
        return None
    return _is_signed(picture) and picture.segment.inside("figure") is not None


def captioned_figure(frame: Frame, picture: Picture) -> bool | None:
    """Keep a picture whose `figure` gives it a caption."""
    return (picture.caption.sure and picture.segment.inside("figure") is not None) or None


def card(frame: Frame, picture: Picture) -> bool | None:
    """Leave out a picture without sure caption in a box with heading or link."""
    return False if not picture.caption.sure and frame.in_card(picture.segment) else None


def link_to_another_site(frame: Frame, picture: Picture) -> bool | None:
    """Leave out a picture that leads to another site, unless signed amid the text."""
    segment = picture.segment
    if segment.inside("figure") is not None or frame.is_shared(segment) or not frame.address.opens_another_site(segment):
        return None
    return None if _is_signed(picture) and frame.amid(segment) else False


def picture_of_the_head(frame: Frame, picture: Picture) -> bool | None:
    """Keep the picture that the page's head names, above the last paragraph."""
    return (frame.is_shared(picture.segment) and bool(frame.places) and picture.segment.n < frame.places[-1]) or None


def caption(frame: Frame, picture: Picture) -> bool | None:
    """Keep a picture with a caption."""
    return bool(picture.caption.segments) or None


def between_headline_and_end(frame: Frame, picture: Picture) -> bool | None:
    """Keep a picture between the headline and the last paragraph."""
    n, places = picture.segment.n, frame.places
    return (bool(places) and (frame.at < n < places[0] or places[0] < n < places[-1])) or None


BELONGS = Rules("kept", player, captioned_figure, card, link_to_another_site, picture_of_the_head, caption, between_headline_and_end)


# -- portraits of authors


def signed_or_of_the_head(frame: Frame, picture: Picture, authors: Sequence[str]) -> bool | None:
    """Say no to a picture with a credit, or that the page's head names."""
    return False if frame.is_shared(picture.segment) or split(_said(picture)).credit else None


def small_square(frame: Frame, picture: Picture, authors: Sequence[str]) -> bool | None:
    """Look for a small square picture outside a figure."""
    sizes = [(picture.segment.element.get(name) or "").removesuffix("px") for name in ("width", "height")]
    square = sizes[0] == sizes[1] and sizes[0].isdecimal() and int(sizes[0]) <= MAX_PORTRAIT
    return (square and picture.segment.inside("figure") is None) or None


def name_above_the_text(frame: Frame, picture: Picture, authors: Sequence[str]) -> bool | None:
    """Look for a picture above the text whose caption and `alt` are a name."""
    said = _said(picture)
    if picture.segment.inside("figure") is not None or not like_name(said):
        return None
    return (words(said) == words(picture.segment.alt or "") and frame.above(picture.segment)) or None


def author_alone(frame: Frame, picture: Picture, authors: Sequence[str]) -> bool | None:
    """Compare an author's name with the alternative text and a sure caption."""
    said = _said(picture)
    if said and not picture.caption.sure:
        return None
    return bool({words(a) for a in authors} & {words(picture.segment.alt or ""), words(said)} - {""})


def byline_or_label(frame: Frame, picture: Picture, authors: Sequence[str]) -> bool | None:
    """Look for a date, an author's name or a button's label as caption."""
    said = _said(picture)
    if len(said) >= MAX_BYLINE:
        return None
    placed = picture.caption.apart or frame.amid(picture.segment)
    if not placed and not _is_spoken(said):
        return True
    return only_a_date(said) or any(name in words(said)[: len(name) + 8] for name in map(words, authors)) or None


PORTRAIT = Rules("portrait", signed_or_of_the_head, small_square, name_above_the_text, author_alone, byline_or_label)


# -- parts of the rules


def _is_like_figure(frame: Frame, box: etree._Element) -> bool:
    """Tell whether an `aside` is only a frame around a picture and its caption."""
    if next(box.iter(*SUBHEADINGS, "ul", "form"), None) is not None or len(list(islice(box.iter("img"), 4))) > 3:
        return False
    return not any(frame.address.elsewhere(a.get("href")) for a in box.iter("a"))


def _in_player(frame: Frame, segment: Segment, *, captioned: bool) -> bool:
    """Tell whether a picture only stands for a video or a sound."""
    if frame.is_shared(segment):
        return False
    if segment.element.tag == "video" and not captioned:
        return True
    figure = segment.inside("figure") if captioned else None
    boxes = frame.boxes(segment).elements if figure is None else (figure,)
    return any(_PLAYER.search(named(box)) and not STILL.search(named(box)) for box in boxes)


def _said(picture: Picture) -> str:
    """The printed words of a picture."""
    return " ".join(p.line for p in picture.caption.segments)


def _is_signed(picture: Picture) -> bool:
    """Tell whether a sure caption names who made the picture."""
    return picture.caption.sure and any(split(p.text).credit for p in picture.caption.segments)


def _is_spoken(text: str) -> bool:
    """Tell whether a short line is more than a label."""
    return weight(text) > 24 or len(text.split()) > 3

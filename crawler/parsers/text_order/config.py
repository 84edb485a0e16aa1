"""Configuration of the text-order reader: selectors and words of one layout.

For layouts whose boxes are unknown or have changed.

The words that tell the parts (what ends an article, what is furniture) are a layout's own and come as data.
"""

from __future__ import annotations

import re
from functools import cached_property

from attrs import field, frozen
from lxml import etree

from crawler.items import Link
from crawler.parsers.captions.pairing import Picture, file_key
from crawler.parsers.dates.dates import Moment
from crawler.parsers.document.page import Page
from crawler.parsers.document.segments import Segment, squeeze
from crawler.parsers.document.structured_data import meta_values, title_of
from crawler.urls import path_of

_NEVER = re.compile(r"(?!)")


@frozen(kw_only=True, slots=False)
class Order:
    """The selectors and the words that tell a layout's parts. All optional."""

    headline: tuple[str, ...] = ()
    """CSS selectors, best first."""
    body: tuple[str, ...] = ()
    """CSS selectors of the body's container, best first."""
    dates: tuple[str, ...] = ()
    """CSS selectors of the printed date."""
    paper: str = ""
    """Pattern of what titles in the head carry beside the headline: the paper's name before or behind it."""
    closing: str = ""
    """Pattern of a line that surely ends the article."""
    ends: str = ""
    """Pattern of a line that ends it if most of the text lies before."""
    furniture: str = ""
    """Pattern of whole lines that are no text of the article, wherever they stand."""
    furniture_boxes: str = ""
    """XPath of boxes in the article that are no part of it: players, newsletter forms, portraits of the authors."""
    place: str = ""
    """Pattern of the line under a reporter's name."""
    office: str = ""
    """Pattern with a group `office`: whole lines that name a desk of the paper as the author."""
    initials: str = ""
    """Pattern of the editors' initials at the end of the text, alone on a line or behind its last sentence; case counts."""
    story_link: str = ""
    """Pattern of addresses of other stories."""
    related: str = ""
    """XPath of related boxes."""
    picture_noise: str = ""
    """Pattern of addresses of pictures that are no editorial ones."""
    picture_key: str = ""
    """Pattern on a picture's path with a group `key`, as the site's: tells the same picture in another size; else its file name does."""

    @cached_property
    def patterns(self) -> dict[str, re.Pattern[str]]:
        """The patterns, compiled; an empty one matches nothing."""
        names = ("paper", "closing", "ends", "furniture", "place", "office", "story_link", "picture_noise", "picture_key")
        ends = rf"(?:^|(?<=[.!?…\"”’»)])\s*)(?:{self.initials})\.?$"
        told = {name: re.compile(getattr(self, name), re.IGNORECASE) if getattr(self, name) else _NEVER for name in names}
        return told | {"initials": re.compile(ends) if self.initials else _NEVER}

    def key_of(self, picture: str) -> str:
        """Part of a picture's address that all its sizes share."""
        found = self.patterns["picture_key"].search(path_of(picture)) if self.picture_key else None
        return found["key"].lower() if found else file_key(picture)

    def title(self, page: Page) -> str:
        """The title in the page's head without the paper's name, or empty."""
        values = meta_values(page)
        for name in ("og:title", "title", "twitter:title"):
            for value in values.get(name, ()):
                return self.patterns["paper"].sub("", value)
        return self.patterns["paper"].sub("", squeeze(title_of(page)))


@frozen(kw_only=True)
class Stamps:
    """Times of an article, told by elements."""

    published: Moment | None = None
    modified: Moment | None = None


@frozen(kw_only=True)
class Outline:
    """An article's parts as found by text order."""

    headline: str = ""
    crumbs: tuple[Link, ...] = ()
    dates: tuple[str, ...] = ()
    stamps: Stamps = Stamps()
    """The times that `time` elements tell."""
    authors: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    body: tuple[Segment, ...] = ()
    """Text and picture segments of the body in order, the lead picture included."""
    related: dict[int, Link] = field(factory=dict)
    """Place in the flow of a related box to what it links."""
    closing: tuple[Segment, ...] = ()
    """The closing line and what follows it."""
    container: etree._Element | None = None

"""Elements of a page that several readers look for, collected in one walk.

A walk costs little by itself, and much each time the tree has left the processor's caches.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from attrs import field, frozen
from lxml import etree

from crawler.parsers.document.page import Page

TAGS = (
    "a", "amp-bluesky", "amp-brightcove", "amp-dailymotion", "amp-facebook", "amp-iframe", "amp-instagram", "amp-jwplayer",
    "amp-reddit", "amp-soundcloud", "amp-tiktok", "amp-twitter", "amp-vimeo", "amp-vk", "amp-youtube", "blockquote", "body", "h1",
    "iframe", "input", "link", "lite-vimeo", "lite-youtube", "meta", "oembed", "script", "source", "time", "title", "video",
    "video-js",
)  # fmt: skip

_marked = etree.XPath("//@itemprop/..")
_classes, _ids = etree.XPath("//@class", smart_strings=False), etree.XPath("//@id", smart_strings=False)
_data_videos = etree.XPath("//@data-video", smart_strings=False)
# The ones read by path stand anywhere in the document, the ones by tag below its root.


@frozen
class Elements:
    """The elements of one page by tag or mark, in the order of the page."""

    tags: dict[str, list[etree._Element]] = field(factory=dict)
    marks: dict[str, list[etree._Element]] = field(factory=dict)
    """By the whole value of `itemprop`."""
    data_videos: Sequence[str] = ()
    """Values of `data-video`."""


def elements_of(page: Page) -> Elements:
    """The elements of a page, collected once.

    Raises:
        Unreadable: The page has no tree.
    """
    found = page.memo.get(elements_of)
    if not isinstance(found, Elements):
        found = page.memo[elements_of] = Elements(data_videos=tuple(_data_videos(page.root)))
        for element in page.root.iter(*TAGS):
            found.tags.setdefault(str(element.tag), []).append(element)
        for element in _marked(page.root):
            found.marks.setdefault(element.get("itemprop") or "", []).append(element)
    return found


def tagged(page: Page, tag: str) -> Sequence[etree._Element]:
    """The elements of one of `TAGS`, in order."""
    return elements_of(page).tags.get(tag, ())


def marked(page: Page, name: str) -> Sequence[etree._Element]:
    """The elements with exactly this `itemprop`, in order."""
    return elements_of(page).marks.get(name, ())


def is_named_anywhere(page: Page, pattern: re.Pattern[str]) -> bool:
    """Test for a pattern in any class or id of a page, in lower case.

    Without one, no element needs a look at its names.
    """
    key = (is_named_anywhere, pattern)
    found = page.memo.get(key)
    if found is None:
        found = page.memo[key] = any(map(pattern.search, _names(page)))
    return bool(found)


def _names(page: Page) -> frozenset[str]:
    """The classes and ids of a page in lower case."""
    names = page.memo.get(_names)
    if not isinstance(names, frozenset):
        names = page.memo[_names] = frozenset(map(str.lower, {*_classes(page.root), *_ids(page.root)}))
    return names

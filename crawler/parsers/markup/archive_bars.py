"""Bars that web archives put into the pages they serve: no part of the page."""

from __future__ import annotations

from itertools import islice

from lxml import etree

_IDS = frozenset((
    "_wb_frame_top_banner", "_wb_plain_banner", "archiveit-banner", "bN__google-cache-hdr", "donato", "google-cache-hdr", "memento-banner",
    "wb_iframe_div", "webArchiveInfobox", "wm-bipp", "wm-capinfo", "wm-expand", "wm-ipp", "wm-ipp-base", "wm-ipp-inside", "wm-ipp-print",
    "wm-toolbar", "wm-toolbar-print",
))  # fmt: skip
"""As the Wayback Machine, pywb, the UK Government Web Archive, Archive-It and Google's cache name them."""

MAX_LOOKED = 30
"""Nodes at the beginning of a page's body among which such a bar is."""

_BEGIN, _END = "BEGIN WAYBACK TOOLBAR INSERT", "END WAYBACK TOOLBAR INSERT"


def without_archive_bars(root: etree._Element) -> None:
    """Take the bars of web archives out of a tree."""
    body = root.find("body")
    inserted = False
    for node in [] if body is None else [*islice(body.iterchildren(), MAX_LOOKED)]:
        if node.tag is etree.Comment:
            inserted = (inserted or _BEGIN in (node.text or "")) and _END not in (node.text or "")
        elif inserted or node.get("id") in _IDS:
            _drop(node)


def _holds_page(element: etree._Element) -> bool:
    """Tell whether an element holds a heading of a page: the bar was not closed."""
    return next(element.iter("h1"), None) is not None


def _drop(element: etree._Element) -> None:
    """Take an element out, and keep the text behind it."""
    parent, before = element.getparent(), element.getprevious()
    if parent is None or not isinstance(element.tag, str) or _holds_page(element):
        return
    if element.tail:
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)

"""Pictures that a page shows without an `img`, and those inside `noscript`."""

from __future__ import annotations

import re

from lxml import etree

from crawler.parsers.picture_urls.image_urls import background, picture_address

_OWN_PICTURE = re.compile(r"^(?=.*-).*(?:image|img|picture|photo)")
"""Elements of a page's own making (their names hold a hyphen) that stand for `img`."""


def stands_for_picture(node: etree._Element) -> bool:
    """Test for an element that shows a picture by its name or its background."""
    if "-" in node.tag:
        return bool(_OWN_PICTURE.match(node.tag)) and not _holds_picture(node) and bool(picture_address(node))
    if node.tag != "figure" and node.get("role") != "img":
        return False
    return background(node) is not None and not _holds_picture(node)


def shows_picture(box: etree._Element | None, noscript: etree._Element) -> bool:
    """Test for a picture in the box around a `noscript`.

    The one inside the `noscript` is its copy for old browsers.
    """
    if box is None or box.tag in ("head", "body", "html"):
        return True
    return any(noscript not in image.iterancestors("noscript") and picture_address(image) for image in box.iter("img"))


def _holds_picture(node: etree._Element) -> bool:
    return next(node.iter("img"), None) is not None

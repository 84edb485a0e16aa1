"""Pictures that a page shows without an `img`, and those inside `noscript`."""

from __future__ import annotations

import re

from lxml import etree

from crawler.parsers.picture_urls.image_urls import background, is_placeholder, picture_address
from crawler.parsers.picture_urls.same_file import names_picture

_OWN_PICTURE = re.compile(r"^(?=.*-).*(?:image|img|picture|photo)")
"""Elements of a page's own making (their names hold a hyphen) that stand for `img`."""
_CALLED_PICTURE = re.compile(r"(?<![a-z])(?:image|img|photo|picture|pic|foto|bild|slide|gallery|cover|hero|lead|thumbnail)", re.IGNORECASE)
_DELAYED = ("data-src", "data-original", "data-lazy-src", "data-image-src")
_may_show = etree.XPath(
    "//div[@data-src or @data-original or @data-lazy-src or @data-image-src or contains(@style, 'url(')]|//span[@data-src]"
)


def boxes_as_pictures(text: str, root: etree._Element) -> list[etree._Element]:
    """List boxes that show a picture by a background or a delayed address."""
    if "data-" not in text and "url(" not in text:
        return []
    return [box for box in _may_show(root) if not _holds_picture(box) and _box_address(box)]


def fills_in(node: etree._Element) -> bool:
    """Tell whether AMP only shows an element until or unless a picture loads."""
    return node.get("placeholder") is not None or node.get("fallback") is not None


def _box_address(box: etree._Element) -> bool:
    """Tell whether a box is named as a picture, and shows one."""
    delayed = next((value for name in _DELAYED if (value := box.get(name))), None)
    url = delayed or background(box)
    if url is None or not names_picture(url) or (len(box) and "".join(box.itertext()).strip()):
        return False
    names = f"{box.get('class') or ''} {box.get('id') or ''}"
    return box.get("data-alt") is not None or _CALLED_PICTURE.search(names) is not None


def stands_for_picture(node: etree._Element) -> bool:
    """Test for an element that shows a picture by its name or its background."""
    if "-" in node.tag:
        return bool(_OWN_PICTURE.match(node.tag)) and not (_holds_picture(node) or fills_in(node)) and bool(picture_address(node))
    if node.tag != "figure" and node.get("role") != "img":
        return False
    return background(node) is not None and not _holds_picture(node)


def shows_picture(box: etree._Element | None, noscript: etree._Element) -> bool:
    """Test for a picture in the box around a `noscript`.

    The one inside the `noscript` is its copy for old browsers.
    """
    if box is None or box.tag in ("head", "body", "html"):
        return True
    for image in box.iter("img", "amp-img"):
        url = picture_address(image) if noscript not in image.iterancestors("noscript") else None
        if url and not is_placeholder(url):
            return True
    return False


def _holds_picture(node: etree._Element) -> bool:
    return next(node.iter("img"), None) is not None

"""Find the times that `time` elements beside the headline name for machines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml import etree

from crawler.parsers.dates.dates import moment, published_and_updated
from crawler.parsers.document.page import Page
from crawler.parsers.document.segments import Segment, named, small
from crawler.parsers.text_order.config import Order, Stamps

_MODIFIED = re.compile(r"modif|updat", re.IGNORECASE)
MAX_LABEL = 80
"""Characters of a box that holds a time and its label, and nothing else."""


def stamps(order: Order, page: Page, segments: Sequence[Segment], first: int, last: int) -> Stamps:
    """Read the `time` elements between two places of the flow.

    Args:
        first: Place of the first piece that may stand beside the headline.
        last: Place of the last one.
    """
    near = [element for element in _marked(page, segments, first, last) if not _is_of_another(order, element)]
    told = [(when, _is_update(element)) for element in near if (when := moment(element.get("datetime") or "")) is not None]
    return Stamps(
        published=next((when for when, update in told if not update), None), modified=next((when for when, update in told if update), None)
    )


def _marked(page: Page, segments: Sequence[Segment], first: int, last: int) -> list[etree._Element]:
    """List the `time` elements for machines between two places of the flow."""
    marked = [element for element in page.root.iter("time") if (element.get("datetime") or "").strip()]
    if not marked or not segments:
        return []
    place = {element: n for n, element in enumerate(page.root.iter())}
    low = place[segments[first].element] if first > 0 else 0
    high = place[segments[last].element]
    return [element for element in marked if low <= place[element] <= high]


def _is_of_another(order: Order, element: etree._Element) -> bool:
    """Tell whether a time lies in a link to another story."""
    return any(order.patterns["story_link"].search(link.get("href") or "") for link in element.iterancestors("a"))


def _is_update(element: etree._Element) -> bool:
    """Tell whether a time is an update's, by name or label."""
    if any(_MODIFIED.search(name) for name in (element.get("itemprop") or "", named(element))):
        return True
    return published_and_updated(f"{_label(element)} 1")[1] == "1"


def _label(element: etree._Element) -> str:
    """The words before a time in its small box, from the time before it on."""
    box = element.getparent()
    if box is None or small(box, MAX_LABEL) is None:
        return ""
    said = box.text or ""
    for child in box:
        if child is element:
            break
        # A comment has no text of its own.
        own = "".join(child.itertext()) if isinstance(child.tag, str) and child.tag != "time" else ""
        said = (child.tail or "") if child.tag == "time" else f"{said} {own} {child.tail or ''}"
    return said

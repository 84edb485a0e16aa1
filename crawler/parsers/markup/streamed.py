"""Parts of a page that are sent hidden, for a script to place."""

from __future__ import annotations

import re

from lxml import etree

_PART = re.compile(r"S:[0-9a-f]{1,6}\Z")
"""Names that React gives such parts; the templates that name their places are no part of the tree."""


def join_streamed(root: etree._Element) -> None:
    """Join the parts behind a page in the order they were sent."""
    body = root.find("body")
    parts = [] if body is None else [one for one in body.iterchildren("div") if _PART.search(one.get("id") or "")]
    for part in parts:
        part.attrib.pop("hidden", None)
    for part in parts[1:]:
        for child in part:
            parts[0].append(child)

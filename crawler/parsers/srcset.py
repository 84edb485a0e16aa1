"""Srcset: the largest address a picture element names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from crawler.urls import join

_SOURCES = ("data-src", "data-original", "data-lazy-src", "data-lazy", "data-srcset", "srcset", "src")
_WIDTH = re.compile(r"\s(\d+(?:\.\d+)?)[wx]$")


def picture_address(node: etree._Element, base: str) -> str | None:
    """The largest address a picture element names (`srcset`, lazy attributes, the `picture` around it), absolute."""
    best: tuple[float, str] | None = None
    nodes = [node]
    # libxml2 does not know that `source` is void: what follows one lies in it.
    parent = node.getparent()
    while parent is not None and parent.tag == "source":
        nodes.append(parent)
        parent = parent.getparent()
    if parent is not None and parent.tag == "picture":
        nodes += [s for s in parent if s.tag == "source" and s not in nodes]
    for one in nodes:
        for name in (*_SOURCES, *(n for n in one.attrib if n.startswith("data-") and n.endswith("srcset") and n not in _SOURCES)):
            for width, url in _candidates(name, one.get(name) or ""):
                if not url.startswith("data:") and (best is None or width > best[0]):
                    best = (width, url)
    if best is None:
        return None
    return join(base, best[1]) if base else best[1]


def _candidates(name: str, value: str) -> Iterator[tuple[float, str]]:
    if not name.endswith("srcset"):
        if value.strip():
            # A lazy attribute holds the picture, `src` beside it only a placeholder.
            yield (0.5 if name == "src" else 0.7), value.strip()
        return
    for part in re.split(r",\s+|,(?=https?:|//)", value.strip()):
        found = _WIDTH.search(part.strip())
        url = part.strip().split()[0] if part.strip() else ""
        if url:
            yield (float(found[1]) if found else 1.0), url

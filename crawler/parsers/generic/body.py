"""Find the body of any news page.

The boxes of its paragraphs tell it. Where they leave a doubt, trafilatura chooses the text; the flow gives order, kinds and pictures.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from attrs import evolve, frozen
from lxml import etree

from crawler.parsers.body.finder import found_body, is_certain, line_block
from crawler.parsers.body.more_links import is_more
from crawler.parsers.body.own_tables import with_tables
from crawler.parsers.body.region import GOES_ON
from crawler.parsers.document.ancestors import Within
from crawler.parsers.document.page import Page
from crawler.parsers.document.rules import Trace
from crawler.parsers.document.segments import Segment, named, words
from crawler.parsers.document.structured_data import meta_values
from crawler.parsers.generic.extractor import extracted
from crawler.parsers.generic.missing import Placed, filled
from crawler.parsers.generic.trim import without_boilerplate

THIN = 0.5
"""Below this share of the prose around the headline, trafilatura's body is not believed."""

SCANT = 300
"""Characters: a body below that is hardly one."""

DECK = 60
"""Letters by which a printed line is known as the page's description."""

BOXES = "boxes of paragraphs"
FALLBACK = "trafilatura, with its own fallback"

_APART = ("figure", "aside", "footer", "form", "li")
_DIALOG = re.compile(r"cookie|consent|onetrust|gdpr|privacy")


@frozen(kw_only=True)
class Prose:
    """A body found: its blocks with the flow's places where known."""

    blocks: tuple[Placed, ...] = ()
    by: str = "trafilatura"

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(block.text or "" for block, _ in self.blocks)

    @property
    def places(self) -> list[int]:
        """Places in the flow of those blocks that were found there."""
        return [n for _, n in self.blocks if n is not None]


def prose(page: Page, segments: Sequence[Segment], headline: int, told: str = "") -> Prose:
    """The body of a page.

    Args:
        headline: Place of the headline in the flow, -1 where unknown.
        told: The body that JSON-LD tells.
    """
    own = _by_boxes(page, segments, headline, told)
    return _by_extractor(page, segments, headline) if own is None else own


def _by_boxes(page: Page, segments: Sequence[Segment], headline: int, told: str) -> Prose | None:
    """The body by the boxes of its paragraphs, if it is certain."""
    trace = page.trace
    described = meta_values(page)
    description = next((value for name in ("description", "og:description") for value in described.get(name, ())), "")
    found = found_body(segments, headline, is_more, told=words(told), deck=words(description)[:DECK], source=page.text)
    if found is None or not is_certain(found, trace):
        return None
    out = Prose(blocks=tuple(without_boilerplate(_joined(found.blocks), segments, trace)), by=BOXES)
    if trace is not None:
        trace.note("body", out.by, [(out.by, f"{len(out.text)} characters in {len(out.blocks)} blocks")])
    return out


def _by_extractor(page: Page, segments: Sequence[Segment], headline: int) -> Prose:
    """The body by trafilatura, or the prose under the headline where it finds too little."""
    tried = [_extracted(page, segments, fast=True)]
    near, trace = _near(segments, headline), page.trace
    if _lacks(tried[0], near, segments):
        # A second opinion costs as much as all the rest: asked only where the first cannot be right.
        tried.append(evolve(_extracted(page, segments, fast=False), by=FALLBACK))
    found = max(tried, key=lambda one: len(one.text))
    if _lacks(found, near, segments):
        lines = [(line_block(p), p.n) for p in _with_short_lines(near, segments, headline)]
        tried.append(Prose(blocks=_completed(lines, segments, trace), by="density"))
        found = max(tried, key=lambda one: len(one.text))
    if trace is not None:
        trace.note("body", found.by, [(one.by, f"{len(one.text)} characters in {len(one.blocks)} blocks") for one in tried])
    return evolve(found, by=found.by.split(",")[0])


def _with_short_lines(near: Sequence[Segment], segments: Sequence[Segment], headline: int) -> list[Segment]:
    """The prose of a box with the short lines beside it."""
    boxes = {_made(p) for p in near}
    return [p for p in segments[headline + 1 :] if p.text and p.linked < 0.4 and p.tag != "h1" and (p in near or _made(p) in boxes)]


def _made(segment: Segment) -> tuple[object, ...]:
    """Tag and class of the element of a segment, and the box around it."""
    return segment.tag, segment.element.get("class"), segment.element.getparent()


def _lacks(found: Prose, near: Sequence[Segment], segments: Sequence[Segment]) -> bool:
    """Tell whether a body holds too little of the prose around the headline.

    What stands further down than the text found does not count against it: a consent dialog, another story.
    """
    size, around = sum(len(block.text or "") for block, _ in found.blocks), sum(len(p.text) for p in near)
    first = min(found.places, default=len(segments))
    further_down = bool(near) and near[0].n > first
    return size < THIN * around and not (further_down and (size >= SCANT or (len(near) == 1 and size >= DECK)))


def _extracted(page: Page, segments: Sequence[Segment], *, fast: bool) -> Prose:
    """Extract the body by trafilatura, and complete it."""
    return Prose(blocks=_completed(extracted(page, segments, fast=fast), segments, page.trace))


def _completed(found: Sequence[Placed], segments: Sequence[Segment], trace: Trace | None) -> tuple[Placed, ...]:
    """Put missing paragraphs of its own boxes into a body, and take boilerplate out."""
    whole = filled(with_tables(_joined(found), segments), segments, is_more)
    if trace is not None and len(whole) > len(found):
        held = {place for _, place in found}
        trace.note("put into the body", "missing paragraph", [("missing paragraph", b.text) for b, n in whole if n not in held])
    return tuple(without_boilerplate(whole, segments, trace))


def _joined(found: Sequence[Placed]) -> list[Placed]:
    """Join paragraphs that a box in their midst parts: the second begins with a comma."""
    out: list[Placed] = []
    for block, place in found:
        text, last = block.text or "", out[-1][0].text or "" if out else ""
        if last and block.kind == out[-1][0].kind == "paragraph" and GOES_ON.match(text):
            out[-1] = (evolve(out[-1][0], text=last + text), out[-1][1])
        else:
            out.append((block, place))
    return out


def _near(segments: Sequence[Segment], headline: int) -> list[Segment]:
    """The paragraphs of the box under the headline that holds most of the prose."""
    apart = Within(lambda e: e.tag in _APART or _DIALOG.search(named(e)) is not None)
    texts = [
        p
        for p in segments[headline + 1 :]
        if p.size >= 60 and p.linked < 0.4 and p.tag in ("p", "div", "td", "section", "article") and not apart(p.element)
    ]
    mass: dict[etree._Element, int] = {}
    for segment in texts:
        for depth, element in enumerate(islice(segment.element.iterancestors(), 2), 1):
            mass[element] = mass.get(element, 0) + len(segment.text) // depth
    best = max(mass, key=lambda e: mass[e], default=None)
    chosen = Within(lambda element: element is best)
    return [p for p in texts if chosen(p.element)]

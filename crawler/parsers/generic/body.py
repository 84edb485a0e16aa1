"""Find the body of any news page.

The boxes of its paragraphs tell it. Where they leave a doubt, trafilatura chooses the text; the flow gives order, kinds and pictures.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from attrs import evolve, frozen
from lxml import etree

from crawler.items import Block
from crawler.parsers.body.finder import found_body, is_certain
from crawler.parsers.body.more_links import is_more
from crawler.parsers.body.own_tables import with_tables
from crawler.parsers.body.region import GOES_ON
from crawler.parsers.document.ancestors import Within
from crawler.parsers.document.page import Page
from crawler.parsers.document.rules import Trace
from crawler.parsers.document.segments import Segment, named, squeeze, words
from crawler.parsers.document.structured_data import meta_values
from crawler.parsers.generic.extractor import extracted
from crawler.parsers.generic.missing import SEARCHED, Placed, filled
from crawler.parsers.generic.trim import without_boilerplate

THIN = 0.5
"""Below this share of the prose around the headline, trafilatura's body is not believed."""

WHOLE = 0.95
"""Share of the body told by JSON-LD that must be found before what it does not tell is left out."""

MOST = 0.8
"""Share of the body found that JSON-LD must tell: less is the start of a text, or another one."""

CUT = 30
"""Letters that tell a line whose rest JSON-LD lost: then it may have lost whole lines too."""

MIN_TOLD = 200
"""Characters from which JSON-LD's body is one."""

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
        tried.append(Prose(blocks=_completed([(Block(kind="paragraph", text=p.line), p.n) for p in near], segments, trace), by="density"))
        found = max(tried, key=lambda one: len(one.text))
    if trace is not None:
        trace.note("body", found.by, [(one.by, f"{len(one.text)} characters in {len(one.blocks)} blocks") for one in tried])
    return evolve(found, by=found.by.split(",")[0])


def _lacks(found: Prose, near: Sequence[Segment], segments: Sequence[Segment]) -> bool:
    """Tell whether a body holds too little of the prose around the headline.

    What stands further down than the text found does not count against it: a consent dialog, another story.
    """
    size = sum(len(block.text or "") for block, _ in found.blocks)
    first = min(found.places, default=len(segments))
    return size < THIN * sum(len(p.text) for p in near) and (size < SCANT or near[0].n <= first)


def told_text(told: Sequence[str]) -> str:
    """The body that JSON-LD tells, without tags."""
    return squeeze(re.sub(r"<[^>]{1,200}>", " ", next(iter(told), "")))


def told_prose(found: Prose, text: str, trace: Trace | None = None) -> Prose:
    """Check a body by the one that JSON-LD tells.

    If the page's markup has next to none, it is that one. If it holds all of that one, paragraphs and lists that are not told
    are left out: JSON-LD has the whole text, and knows nothing of dialogs, newsletters and stories set between.
    """
    if len(text) < MIN_TOLD:
        return found
    if len(found.text) < THIN * len(text):
        out = Prose(blocks=((Block(kind="paragraph", text=text), None),), by="jsonld articleBody")
    else:
        out = _without_untold(found, words(text))
    if trace is not None:
        trace.note("body checked by JSON-LD", out.by if out != found else None, [("jsonld articleBody", f"{len(text)} characters")])
    return out


def _without_untold(found: Prose, key: str) -> Prose:
    """Leave out paragraphs that JSON-LD does not tell, if it tells the others.

    Args:
        key: The body that JSON-LD tells, for comparing.
    """
    lines = [words(block.text or "") for block, _ in found.blocks]
    if len(lines) * len(key) > SEARCHED:
        return found
    told = [line in key for line in lines]
    if not _tells_whole(key, lines, told):
        return found
    kept = [one for one, is_told in zip(found.blocks, told, strict=True) if is_told or one[0].kind in ("heading", "quote")]
    while kept and kept[-1][0].kind == "heading":
        kept.pop()
    return Prose(blocks=tuple(kept), by=found.by)


def _tells_whole(key: str, lines: Sequence[str], told: Sequence[bool]) -> bool:
    """Tell whether JSON-LD's body and the one found are nearly the same."""
    untold = [line for line, is_told in zip(lines, told, strict=True) if not is_told]
    total = sum(map(len, lines))
    cut = any(line[:CUT] in key for line in untold if len(line) > CUT)
    return not cut and total - sum(map(len, untold)) >= WHOLE * len(key) and len(key) >= MOST * total


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

"""Find the missing paragraphs of a body by the boxes of the others."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from attrs import evolve
from lxml import etree

from crawler.items import Block
from crawler.parsers.document.ancestors import Within
from crawler.parsers.document.blocks import HEADINGS
from crawler.parsers.document.segments import Segment, words

MIN_LINE = 40
"""Characters of a line that counts as prose."""

MIN_PROSE = 60
"""Characters of a line that is prose whatever it ends with."""

MIN_BOX = 150
"""Characters of prose that must have been found in a box before its other paragraphs are believed."""

MAX_WRAPPERS = 8
"""Boxes around nothing but one paragraph that are seen through."""

SEARCHED = 100_000_000
"""Characters looked through for segments inside longer lines, in all: a bound for pages made to cost."""

Placed = tuple[Block, int | None]
"""A block with its place in the flow, where known."""

_ENDED = re.compile(r"[.!?…。！？؟۔।:][\"'”’»“)\]]*$")
_START = 30
_PART = 20
_APART = frozenset(("figure", "aside", "footer", "form", "nav", "figcaption", "table", "button", "header"))


def filled(found: Sequence[Placed], segments: Sequence[Segment], furniture: Callable[[str], bool]) -> list[Placed]:
    """Put the missing paragraphs and headings into a body.

    Link density makes an extractor drop single paragraphs, odd boxes make it drop runs of them. A paragraph is put back if it stands
    in the same box as enough of those found, or in a box of the same make beside it.

    Args:
        furniture: Whether a line is no text of an article wherever it stands.
    """
    found = _whole(found, segments)
    have = _held(segments, found, words("".join(block.text or "" for block, _ in found)))
    boxes = _Boxes.of(segments, have)
    if not boxes.span:
        return list(found)
    lost = [p for p in segments if p.text and p.n not in have and not furniture(p.line) and boxes.hold(p)]
    return _merged(found, [p for p in lost if p.tag not in HEADINGS or _heads(p, segments, have, lost)])


def _held(segments: Sequence[Segment], found: Sequence[Placed], text: str) -> set[int]:
    """Places of the segments a body holds: as a line of it, or inside one."""
    lines = {words(line) for block, _ in found for line in (block.text or "").split("\n")}
    have = {p.n for p in segments if p.key in lines and p.key}
    left = SEARCHED // (len(text) + 1)
    for segment in segments:
        if segment.key and segment.n not in have:
            left -= 1
            # Beyond the bound all counts as held: nothing is put in twice.
            if left < 0 or segment.key in text or (segment.tag not in HEADINGS and all(part in text for part in _parts(segment.key))):
                have.add(segment.n)
    return have


def _parts(key: str) -> list[str]:
    """Middle and end of a line, left when an extractor cut words out."""
    return [key[len(key) // 2 :][:_PART], key[-_PART:]] if len(key) > 2 * _PART else [key]


def _whole(found: Sequence[Placed], segments: Sequence[Segment]) -> Sequence[Placed]:
    """Put back the words that an extractor cut out of a line."""
    starts: dict[str, Segment] = {}
    for one in segments:
        if one.size >= MIN_PROSE:
            starts.setdefault(one.key[:_START], one)
    out: list[Placed] = []
    keys = [words(block.text or "") for block, _ in found]
    for key, after, (block, place) in zip(keys, [*keys, ""][1:], found, strict=True):
        segment = starts.get(key[:_START]) if place is None and block.kind == "paragraph" else None
        line = segment.key if segment is not None else ""
        cut = len(key) < len(line) < 1.5 * len(key) and not (after and after in line)
        out.append((evolve(block, text=segment.line), segment.n) if cut and segment is not None else (block, place))
    return out


class _Boxes:
    """The boxes a body stands in: as elements, and by what they are made of."""

    def __init__(self, anchors: Iterable[Segment], apart: Within) -> None:
        self.apart = apart
        self.mass: Counter[object] = Counter()
        span: dict[object, list[int]] = {}
        for segment in anchors:
            for key in _keys(segment):
                self.mass[key] += segment.size
                span.setdefault(key, []).append(segment.n)
        self.span = {key: (min(places), max(places)) for key, places in span.items() if self.mass[key] >= MIN_BOX}

    @classmethod
    def of(cls, segments: Sequence[Segment], have: set[int]) -> _Boxes:
        """Make the boxes of the paragraphs that were found."""
        apart = Within(lambda element: element.tag in _APART)
        return cls((p for p in segments if p.n in have and p.size >= MIN_LINE and p.linked < 0.5 and not apart(p.element)), apart)

    def hold(self, segment: Segment) -> bool:
        """Tell whether a segment is a paragraph or heading of these boxes."""
        heading = segment.tag in HEADINGS
        if segment.tag == "h1" or (not heading and segment.size < MIN_LINE):
            return False
        spans = [span for key in _keys(segment) if (span := self.span.get(key)) is not None]
        if not spans or self.apart(segment.element):
            return False
        if any(first < segment.n < last for first, last in spans):
            return heading or _prose(segment)
        return not heading and _surely_prose(segment)


def _prose(segment: Segment) -> bool:
    """Tell whether a segment between paragraphs of the body is one of them."""
    ended = _ENDED.search(segment.line) is not None
    if segment.size < MIN_PROSE:
        return ended and segment.linked < 0.1 and segment.strong < 0.5
    return ended or segment.linked < 0.5


def _surely_prose(segment: Segment) -> bool:
    """Tell whether a segment outside those found is sentences in plain type."""
    return segment.size >= 100 and segment.linked < 0.4 and segment.strong < 0.5 and _ENDED.search(segment.line) is not None


def _keys(segment: Segment) -> list[object]:
    """Keys of a segment's box: its element, and the make of those around."""
    element = segment.element
    keys: list[object] = [] if element.tag in HEADINGS else [("own", element)]
    if element.tag == "li" and element.getparent() is not None:
        element = element.getparent()
    parent = element.getparent()
    if parent is None:
        return keys
    kind = True if element.tag in ("p", "ul", "ol", "blockquote", *HEADINGS) else (element.tag, element.get("class"))
    keys.append((kind, parent))
    makes = [(box.tag, box.get("class")) for box in (parent, *parent.iterancestors())][:4]
    if len(makes) == 4 and all(made for _, made in makes[:2]):
        keys.append((kind, *makes))
    for above, made in zip([*parent.iterancestors()][:3], (1, 2, 3), strict=False):
        keys.append((kind, *makes[:made], above))
    return [*keys, *_wrapped(kind, element)]


def _wrapped(kind: object, element: etree._Element) -> list[object]:
    """The box around a paragraph's own wrappers, with the make of these."""
    wrappers: list[tuple[str, str | None]] = []
    while element.getnext() is None and element.getprevious() is None and len(wrappers) < MAX_WRAPPERS:
        above = element.getparent()
        if above is None or above.getparent() is None:
            break
        element = above
        wrappers.append((str(element.tag), element.get("class")))
    return [(kind, *wrappers, element.getparent())] if wrappers else []


def _heads(segment: Segment, segments: Sequence[Segment], have: set[int], lost: Sequence[Segment]) -> bool:
    """Tell whether prose of the body follows a heading at once."""
    more = {p.n for p in lost if p.tag not in HEADINGS}
    after = [p for p in segments[segment.n + 1 : segment.n + 6] if p.text][:2]
    return any(p.n in have or p.n in more for p in after)


def _merged(found: Sequence[Placed], lost: Sequence[Segment]) -> list[Placed]:
    """Put the missing segments into the body at their places."""
    out: list[Placed] = []
    waiting = [*lost]
    for block, place in found:
        while waiting and place is not None and waiting[0].n < place:
            out.append(_block(waiting.pop(0)))
        out.append((block, place))
    return [*out, *map(_block, waiting)]


def _block(segment: Segment) -> Placed:
    """Make a block of a missing segment."""
    if segment.tag in HEADINGS:
        return Block(kind="heading", text=segment.line), segment.n
    return Block(kind="list" if segment.inside("li") is not None else "paragraph", text=segment.line), segment.n

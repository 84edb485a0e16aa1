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
from crawler.parsers.document.segments import Piece, words

MIN_LINE = 40
"""Characters of a line that counts as prose."""

MIN_PROSE = 60
"""Characters of a line that is prose whatever it ends with."""

MIN_BOX = 150
"""Characters of prose that must have been found in a box before its other paragraphs are believed."""

MAX_WRAPPERS = 8
"""Boxes around nothing but one paragraph that are seen through."""

SEARCHED = 100_000_000
"""Characters looked through for pieces inside longer lines, in all: a bound for pages made to cost."""

Placed = tuple[Block, int | None]
"""A block with its place in the flow, where known."""

_ENDED = re.compile(r"[.!?…。！？؟۔।:][\"'”’»“)\]]*$")
_START = 30
_PART = 20
_APART = frozenset(("figure", "aside", "footer", "form", "nav", "figcaption", "table", "button", "header"))


def filled(found: Sequence[Placed], pieces: Sequence[Piece], furniture: Callable[[str], bool]) -> list[Placed]:
    """Put the missing paragraphs and headings into a body.

    Link density makes an extractor drop single paragraphs, odd boxes make it drop runs of them. A paragraph is put back if it stands
    in the same box as enough of those found, or in a box of the same make beside it.

    Args:
        furniture: Whether a line is no text of an article wherever it stands.
    """
    found = _whole(found, pieces)
    have = _held(pieces, found, words("".join(block.text or "" for block, _ in found)))
    boxes = _Boxes.of(pieces, have)
    if not boxes.span:
        return list(found)
    lost = [p for p in pieces if p.text and p.n not in have and not furniture(p.line) and boxes.hold(p)]
    return _merged(found, [p for p in lost if p.tag not in HEADINGS or _heads(p, pieces, have, lost)])


def _held(pieces: Sequence[Piece], found: Sequence[Placed], text: str) -> set[int]:
    """Places of the pieces a body holds: as a line of it, or inside one."""
    lines = {words(line) for block, _ in found for line in (block.text or "").split("\n")}
    have = {p.n for p in pieces if p.key in lines and p.key}
    left = SEARCHED // (len(text) + 1)
    for piece in pieces:
        if piece.key and piece.n not in have:
            left -= 1
            # What nobody has time to look for counts as held: nothing is put in twice.
            if left < 0 or piece.key in text or (piece.tag not in HEADINGS and all(part in text for part in _parts(piece.key))):
                have.add(piece.n)
    return have


def _parts(key: str) -> list[str]:
    """Middle and end of a line, left when an extractor cut words out."""
    return [key[len(key) // 2 :][:_PART], key[-_PART:]] if len(key) > 2 * _PART else [key]


def _whole(found: Sequence[Placed], pieces: Sequence[Piece]) -> Sequence[Placed]:
    """Put back the words that an extractor cut out of a line."""
    starts: dict[str, Piece] = {}
    for one in pieces:
        if one.size >= MIN_PROSE:
            starts.setdefault(one.key[:_START], one)
    out: list[Placed] = []
    keys = [words(block.text or "") for block, _ in found]
    for key, after, (block, place) in zip(keys, [*keys, ""][1:], found, strict=True):
        piece = starts.get(key[:_START]) if place is None and block.kind == "paragraph" else None
        line = piece.key if piece is not None else ""
        cut = len(key) < len(line) < 1.5 * len(key) and not (after and after in line)
        out.append((evolve(block, text=piece.line), piece.n) if cut and piece is not None else (block, place))
    return out


class _Boxes:
    """The boxes a body stands in: as elements, and by what they are made of."""

    def __init__(self, anchors: Iterable[Piece], apart: Within) -> None:
        self.apart = apart
        self.mass: Counter[object] = Counter()
        span: dict[object, list[int]] = {}
        for piece in anchors:
            for key in _keys(piece):
                self.mass[key] += piece.size
                span.setdefault(key, []).append(piece.n)
        self.span = {key: (min(places), max(places)) for key, places in span.items() if self.mass[key] >= MIN_BOX}

    @classmethod
    def of(cls, pieces: Sequence[Piece], have: set[int]) -> _Boxes:
        """Make the boxes of the paragraphs that were found."""
        apart = Within(lambda element: element.tag in _APART)
        return cls((p for p in pieces if p.n in have and p.size >= MIN_LINE and p.linked < 0.5 and not apart(p.element)), apart)

    def hold(self, piece: Piece) -> bool:
        """Tell whether a piece is a paragraph or heading of these boxes."""
        heading = piece.tag in HEADINGS
        if piece.tag == "h1" or (not heading and piece.size < MIN_LINE):
            return False
        spans = [span for key in _keys(piece) if (span := self.span.get(key)) is not None]
        if not spans or self.apart(piece.element):
            return False
        if any(first < piece.n < last for first, last in spans):
            return heading or _prose(piece)
        return not heading and _surely_prose(piece)


def _prose(piece: Piece) -> bool:
    """Tell whether a piece between paragraphs of the body is one of them."""
    ended = _ENDED.search(piece.line) is not None
    if piece.size < MIN_PROSE:
        return ended and piece.linked < 0.1 and piece.strong < 0.5
    return ended or piece.linked < 0.5


def _surely_prose(piece: Piece) -> bool:
    """Tell whether a piece outside those found is sentences in plain type."""
    return piece.size >= 100 and piece.linked < 0.4 and piece.strong < 0.5 and _ENDED.search(piece.line) is not None


def _keys(piece: Piece) -> list[object]:
    """Keys of a piece's box: its element, and the make of those around."""
    element = piece.element
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


def _heads(piece: Piece, pieces: Sequence[Piece], have: set[int], lost: Sequence[Piece]) -> bool:
    """Tell whether prose of the body follows a heading at once."""
    more = {p.n for p in lost if p.tag not in HEADINGS}
    after = [p for p in pieces[piece.n + 1 : piece.n + 6] if p.text][:2]
    return any(p.n in have or p.n in more for p in after)


def _merged(found: Sequence[Placed], lost: Sequence[Piece]) -> list[Placed]:
    out: list[Placed] = []
    waiting = [*lost]
    for block, place in found:
        while waiting and place is not None and waiting[0].n < place:
            out.append(_block(waiting.pop(0)))
        out.append((block, place))
    return [*out, *map(_block, waiting)]


def _block(piece: Piece) -> Placed:
    if piece.tag in HEADINGS:
        return Block(kind="heading", text=piece.line), piece.n
    return Block(kind="list" if piece.inside("li") is not None else "paragraph", text=piece.line), piece.n

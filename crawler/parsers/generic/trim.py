"""Strays: what an extractor takes for the body and is not: boxes beside the text, and the notes a page sets under it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from attrs import frozen
from lxml import etree

from crawler.items import Block
from crawler.parsers.document.segments import Piece, ancestry, named, words
from crawler.parsers.generic.gaps import Placed

ASIDE = 0.4
"""A box that holds more than this share of the prose is the body itself, whatever it is called."""

MAX_NOTE = 600
"""Characters of a closing note; a longer one is text."""

MAX_APPEAL = 320
"""Characters of a line that asks readers to follow or subscribe; a longer one tells of somebody who does."""

MAX_BOXES = 16
"""Boxes around a piece that are looked at."""

_BOX = re.compile(
    r"info-?box|fact-?box|fakta(?:boks|ruta|box)|newsletter|cookie|consent|onetrust|(?:^|[\s_-])related|read-?(?:more|also|next)|recommend|promo(?!t)|"
    r"subscri|feedback|author-?(?:bio|box|info)|line-clamp|inline-?(?:box|promo)|(?:^|[\s_-])bio(?:$|[\s_-])|call-?to-?action|disclaimer"
)
_APPEAL = re.compile(
    r"newsletter|\bsign(?:ing)? up (?:to|for|here|now|below)\b|^subscribe\b|\bsubscribe (?:to|now|here|today)\b|\bfollow us\b|get in touch|"
    r"^(?:©|\(c\)|copyright\b)|all rights reserved|jetzt abonnieren|folgen sie uns|suscr[íi]bete|síguenos|abonnez-vous|suivez-nous|"
    r"iscriviti|seguici|inscreva-se|assine (?:a|o)\b|siga-nos|abonneer|abonnér|prenumerera|"
    r"подпи[сш]\w+тесь|підпи[сш]\w+тесь|obserwuj nas|takip edin",
    re.IGNORECASE,
)
_CHANNEL = re.compile(r"whats\s?app|google\s(?:news|discover)|telegram|app\s?store|instagram|facebook|twitter|youtube|viber", re.IGNORECASE)
_QUOTES = "\"'„“”«»‘’‚「"
_SHORT = 60
_START = 30
_LINKED = 0.6
_SOME = 0.1


def without_strays(found: Sequence[Placed], pieces: Sequence[Piece]) -> list[Placed]:
    """A body without boxes that only stand beside its text, and without the notes, lists of links and headings that trail it."""
    home = _Home(found, pieces)
    kept = [spot for spot in home.spots if not home.beside(spot)]
    while kept and home.trails(kept[-1], kept[:-1]):
        kept.pop()
    return [(spot.block, spot.place) for spot in kept]


@frozen(kw_only=True)
class _Spot:
    """A block with the pieces that print it."""

    block: Block
    place: int | None
    pieces: tuple[Piece, ...]

    @property
    def size(self) -> int:
        return len(self.block.text or "")

    @property
    def linked(self) -> float:
        return sum(p.linked * len(p.text) for p in self.pieces) / (sum(len(p.text) for p in self.pieces) or 1)

    @property
    def strong(self) -> bool:
        return bool(self.pieces) and all(p.strong > 0.9 for p in self.pieces)


class _Home:
    """Where a body stands on its page."""

    def __init__(self, found: Sequence[Placed], pieces: Sequence[Piece]) -> None:
        places: dict[str, list[Piece]] = {}
        for piece in pieces:
            if piece.text:
                places.setdefault(piece.key, []).append(piece)
                if len(piece.key) > _START:
                    places.setdefault(piece.key[:_START], []).append(piece)
        self.spots = [*_spots(found, pieces, places)]
        self.mass: Counter[etree._Element] = Counter()
        for spot in self.spots:
            if spot.pieces and spot.block.kind != "heading":
                self.mass.update(dict.fromkeys(_around(spot.pieces[0]), spot.size))
        self.total = sum(spot.size for spot in self.spots) or 1

    def beside(self, spot: _Spot) -> bool:
        """Tell whether a block is a list of links, or stands in a box of its own that is marked, or named, as something beside the text."""
        if not spot.pieces:
            return False
        if spot.block.kind == "list" and spot.linked >= _LINKED:
            return True
        for element in _around(spot.pieces[0]):
            if self.mass[element] > ASIDE * self.total or element.tag in ("article", "main", "body"):
                return False
            if element.tag in ("aside", "figcaption") or element.get("role") in ("complementary", "dialog") or _BOX.search(named(element)):
                return True
        return False

    def trails(self, spot: _Spot, before: Sequence[_Spot]) -> bool:
        """Tell whether the last block is no text of the article.

        A heading of nothing, links, a note set off in bold or italics, an appeal.
        """
        kind, text = spot.block.kind, spot.block.text or ""
        if kind == "heading" or (kind == "list" and spot.linked >= _LINKED):
            return True
        if spot.size > MAX_NOTE or kind == "quote":
            return False
        if spot.strong and text[:1] not in _QUOTES and any(not other.strong and other.size > 100 for other in before):
            return True
        if not before:
            return False
        if spot.size < MAX_APPEAL and (_APPEAL.search(text) or (spot.linked > _SOME and _CHANNEL.search(text))):
            return True
        return spot.size < _SHORT and (self.apart(spot) or spot.linked > _LINKED)

    def apart(self, spot: _Spot) -> bool:
        """Tell whether a block shares no box with much of the text but the page's own, or is not shown."""
        if not spot.pieces:
            return True
        around = _around(spot.pieces[0])
        alone = next((i for i, e in enumerate(around) if e.getnext() is not None or e.getprevious() is not None), 0)
        near = around[alone + 1 : alone + 4]
        return all(self.mass[e] < ASIDE * self.total for e in near)


def _around(piece: Piece) -> list[etree._Element]:
    """The boxes a piece stands in, inside out; those far out hold the page."""
    return [*islice(ancestry(piece.element), MAX_BOXES)]


def _spots(found: Sequence[Placed], pieces: Sequence[Piece], places: dict[str, list[Piece]]) -> Iterator[_Spot]:
    last = -1
    for block, place in found:
        if place is not None:
            mine = [pieces[place]]
        else:
            keys = map(words, (block.text or "").split("\n"))
            lines = [places.get(key) or places.get(key[:_START], []) for key in keys]
            mine = [next((p for p in line if p.n > last), line[-1]) for line in lines if line]
        last = mine[-1].n if mine else last
        yield _Spot(block=block, place=place, pieces=tuple(mine))

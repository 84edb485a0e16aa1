"""Take boilerplate out of a body: boxes beside the text, notes under it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from attrs import frozen
from lxml import etree

from crawler.items import Block
from crawler.parsers.body.apart import is_text_figure
from crawler.parsers.body.notices import is_notice
from crawler.parsers.body.region import FULL_STOPS
from crawler.parsers.document.rules import Rules, Trace
from crawler.parsers.document.segments import Segment, ancestry, letters, named, words
from crawler.parsers.document.text_mass import text_mass
from crawler.parsers.generic.missing import Placed

ASIDE = 0.4
"""A box that holds more than this share of the prose is the body itself, whatever it is called."""

MAX_NOTE = 600
"""Characters of a closing note; a longer one is text."""

MAX_APPEAL = 320
"""Characters of a line that asks readers to follow or subscribe; a longer one is a text about it."""

MAX_BOXES = 16
"""Boxes around a segment that are looked at."""

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
AGAIN, MIN_NOTICE = 3, 40
"""How often a text of how many characters stands in a body that is a notice of the page, as where outside content is not shown."""
MIN_TEXT = 100
"""Characters of a paragraph in plain type that a note is set off from."""
_SHORT = 60
_START = 30
_LINKED = 0.6
_SOME = 0.1


def without_boilerplate(found: Sequence[Placed], segments: Sequence[Segment], trace: Trace | None = None) -> list[Placed]:
    """Take boxes beside the text, and notes and links behind it, out."""
    home = _Home(found, segments)
    kept: list[_Printed] = []
    for one in home.blocks:
        if not home.is_beside(one):
            kept.append(one)
        elif trace is not None:
            trace.note("left out of the body", "beside the text", [("beside the text", one.block.text)])
    while kept and (reason := TRAILING.named(home, kept[-1], kept[:-1])) is not None and reason[0]:
        last = kept.pop()
        if trace is not None:
            trace.note("left out of the body", reason[1], [(reason[1], last.block.text)])
    return [(one.block, one.place) for one in kept]


@frozen(kw_only=True)
class _Printed:
    """A block with the segments that print it."""

    block: Block
    place: int | None
    segments: tuple[Segment, ...]

    @property
    def size(self) -> int:
        """Letters of the block; an ideograph counts for two and a half."""
        return letters(self.block.text or "")

    @property
    def linked(self) -> float:
        """Share of the characters that are links."""
        return sum(p.linked * len(p.text) for p in self.segments) / (sum(len(p.text) for p in self.segments) or 1)

    @property
    def strong(self) -> bool:
        """Tell whether all of it is bold or italic."""
        return bool(self.segments) and all(p.strong > 0.9 for p in self.segments)


class _Home:
    """The blocks of a body and the boxes around them."""

    def __init__(self, found: Sequence[Placed], segments: Sequence[Segment]) -> None:
        places = _places(segments) if any(place is None for _, place in found) else {}
        self.blocks = [*_printed(found, segments, places)]
        text = (segment for one in self.blocks if one.block.kind != "heading" for segment in one.segments)
        self.mass = Counter(text_mass(text, depth=MAX_BOXES))
        self.total = sum(one.size for one in self.blocks) or 1
        self.again = self._said_again()

    def _said_again(self) -> set[str]:
        """The texts said again and again, unless they are most of all."""
        found = {text for text, count in Counter(one.block.text or "" for one in self.blocks).items() if count >= AGAIN}
        return found if 2 * sum(one.size for one in self.blocks if one.block.text in found) < self.total else set()

    def is_beside(self, one: _Printed) -> bool:
        """Tell whether a block is links, or in a box beside the text."""
        if not one.segments:
            return False
        if one.block.kind == "table":
            return False
        if self.is_notice(one):
            return True
        if one.block.kind == "list" and one.linked >= _LINKED and not _is_sentences(one):
            return True
        for element in _around(one.segments[0]):
            if self.mass[element] > ASIDE * self.total or element.tag in ("article", "main", "body"):
                return False
            if element.tag == "aside" or (element.tag == "figcaption" and not is_text_figure(element)) or _is_called_beside(element):
                return True
        return False

    def is_notice(self, one: _Printed) -> bool:
        """Tell whether a block is a notice of the page, or said again and again."""
        text = one.block.text or ""
        again = one.block.kind == "paragraph" and one.size >= MIN_NOTICE and text in self.again
        return is_notice(text) or (again and "\n" not in one.segments[0].text)

    def is_apart(self, one: _Printed) -> bool:
        """Tell whether a block shares only the page's own box with the text."""
        if not one.segments:
            return True
        around = _around(one.segments[0])
        alone = next((i for i, e in enumerate(around) if e.getnext() is not None or e.getprevious() is not None), 0)
        return all(self.mass[e] < ASIDE * self.total for e in around[alone + 1 : alone + 4])


def is_appeal(text: str) -> bool:
    """Tell whether a line asks readers to subscribe or follow."""
    return len(text) < MAX_APPEAL and _APPEAL.search(text) is not None


# -- reasons to take the last block away, or to keep it


def heading_of_nothing(home: _Home, last: _Printed, before: Sequence[_Printed]) -> bool | None:
    """Look for a heading with nothing under it."""
    return last.block.kind == "heading" or None


def list_of_links(home: _Home, last: _Printed, before: Sequence[_Printed]) -> bool | None:
    """Look for a list that is mostly links."""
    return (last.block.kind == "list" and last.linked >= _LINKED and not _is_sentences(last)) or None


def text_or_quote(home: _Home, last: _Printed, before: Sequence[_Printed]) -> bool | None:
    """Keep a long text, and a quote."""
    return False if last.size > MAX_NOTE or last.block.kind in ("quote", "table") else None


def note_set_off(home: _Home, last: _Printed, before: Sequence[_Printed]) -> bool | None:
    """Look for a note in bold or italics under plain text."""
    if not last.strong or (last.block.text or "")[:1] in _QUOTES or (before and (before[-1].block.text or "").endswith((":", "："))):
        return None
    return any(not other.strong and other.size > MIN_TEXT for other in before) or None


def only_block(home: _Home, last: _Printed, before: Sequence[_Printed]) -> bool | None:
    """Keep the only block."""
    return None if before else False


def appeal(home: _Home, last: _Printed, before: Sequence[_Printed]) -> bool | None:
    """Look for a line that asks readers to subscribe or follow."""
    text = last.block.text or ""
    return (is_appeal(text) or (last.size < MAX_APPEAL and last.linked > _SOME and _CHANNEL.search(text) is not None)) or None


def short_line_apart(home: _Home, last: _Printed, before: Sequence[_Printed]) -> bool | None:
    """Look for a short line that is a link, or apart from the text."""
    return (last.size < _SHORT and (home.is_apart(last) or last.linked > _LINKED)) or None


TRAILING = Rules(
    "left out of the body", heading_of_nothing, list_of_links, text_or_quote, note_set_off, only_block, appeal, short_line_apart
)


def _is_called_beside(element: etree._Element) -> bool:
    """Tell whether a box is beside the text by its role or name."""
    return element.get("role") in ("complementary", "dialog") or _BOX.search(named(element)) is not None


def _is_sentences(one: _Printed) -> bool:
    """Tell whether the lines of a block are sentences, not headlines."""
    return all(len(line) >= _SHORT and line.endswith(FULL_STOPS) for line in (one.block.text or "").split("\n"))


def _around(segment: Segment) -> list[etree._Element]:
    """The boxes a segment stands in, inside out; those far out hold the page."""
    return [*islice(ancestry(segment.element), MAX_BOXES)]


def _places(segments: Sequence[Segment]) -> dict[str, list[Segment]]:
    """The segments by their words, and by the beginning of these."""
    places: dict[str, list[Segment]] = {}
    for segment in segments:
        if segment.text:
            places.setdefault(segment.key, []).append(segment)
            if len(segment.key) > _START:
                places.setdefault(segment.key[:_START], []).append(segment)
    return places


def _printed(found: Sequence[Placed], segments: Sequence[Segment], places: dict[str, list[Segment]]) -> Iterator[_Printed]:
    """Find the segments that print each block."""
    last = -1
    for block, place in found:
        mine = [segments[place]] if place is not None else _lines(block, places, last)
        last = mine[-1].n if mine else last
        yield _Printed(block=block, place=place, segments=tuple(mine))


def _lines(block: Block, places: dict[str, list[Segment]], last: int) -> list[Segment]:
    """The segments that print a block's lines, if possible behind the last one."""
    keys = map(words, (block.text or "").split("\n"))
    lines = [places.get(key) or places.get(key[:_START], []) for key in keys]
    return [next((p for p in line if p.n > last), line[-1]) for line in lines if line]

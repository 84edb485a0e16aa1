"""Kickers, labels and decks within the heading element, told from the headline."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from itertools import pairwise

from attrs import frozen
from lxml import etree

from crawler.parsers.document.display import is_shown, text_shown
from crawler.parsers.document.rules import Rules
from crawler.parsers.document.segments import Segment, named, squeeze, words
from crawler.parsers.patterns import later

MAX_PARTS = 12
MAX_KICKER = 60
"""Characters of a kicker."""
MIN_KICKER = 3
MIN_HEADLINE = 6
"""Letters of a headline that stands behind one."""
_UNSPACED = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f"
_WORD = later(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")
_KICKER = re.compile(
    r"kicker|over-?(?:line|title)|eyebrow|dachzeile|topline|roofline|spitzmarke|vignette|sur-?titre|ante-?titulo|cintillo|"
    r"volanta|occhiello|super-?(?:title|head)|pre-?(?:title|head)|pre-?header|chapeau|catchline|trumpet|rubri[ck]|strapline|"
    r"(?:^|[\s_-])(?:over|flag|slug|label|section|category|badge|topic|tag)(?:$|[\s_-])"
)
_BEHIND = re.compile(
    r"sub-?(?:title|head|line)|subhed|deck|dek|standfirst|"
    r"(?:^|[\s_-])(?:label|badge|tag|count|comments?|premium|plus|date|time|share|edit|permalink|anchor)(?:$|[\s_-])"
)
_MARK = re.compile(r"\s*(?:[/|:–—•·»›>~]|-\s)")
_COLONS = (":", "：")
_OPEN = "([{«„“'’\"-/"
_SIGNS_ALONE = re.compile(r"[\W_]*")


@frozen
class Part:
    """A piece of a heading: an element in it, or the text between two."""

    text: str
    """As it stands, blanks at its ends too."""
    element: etree._Element | None
    line: int
    """The number of line breaks before it."""

    @property
    def key(self) -> str:
        """The text for comparing."""
        return words(self.text)


@frozen(kw_only=True)
class Heading:
    """The parts of a heading, and what machine words say of it."""

    parts: Sequence[Part]
    told: Sequence[str]
    """The wordings as they stand, names of the site and all."""
    keys: frozenset[str]
    """Those without names, for comparing."""

    @property
    def whole(self) -> str:
        """All of it on one line, words apart."""
        return squeeze(_spaced(self.parts))


def parts_of(segment: Segment) -> list[Part]:
    """The parts of a heading; empty unless there are several, all of one segment."""
    box = segment.element
    if not len(box) or words(text_shown(box)) != segment.key:
        return []
    while len(box) == 1 and not (box.text or "").strip() and not (box[0].tail or "").strip():
        box = box[0]
    parts: list[Part] = []
    line = 0
    _add(parts, box.text, None, line)
    for child in box:
        if child.tag == "br":
            line += 1
        elif isinstance(child.tag, str) and is_shown(child):
            _add(parts, text_shown(child), child, line)
        _add(parts, child.tail, None, line)
    return parts if 1 < len(parts) <= MAX_PARTS else []


def _add(parts: list[Part], text: str | None, element: etree._Element | None, line: int) -> None:
    if not text or (text.isspace() and not parts):
        return
    if text.isspace():
        parts[-1] = Part(parts[-1].text + " ", parts[-1].element, parts[-1].line)
    elif _SIGNS_ALONE.fullmatch(text) is None or element is None:
        parts.append(Part(text, element, line))
    else:
        parts.append(Part(text, None, line))


def headline_in(segment: Segment, spoken: Set[str], told: Sequence[str], keys: frozenset[str]) -> tuple[str, str | None]:
    """Take the headline in a printed heading, without kicker and deck elements.

    What JSON-LD calls the headline is one, unless other machine words have a part of it alone and no sign joins the parts.

    Args:
        spoken: JSON-LD's headlines, for comparing.
        told: Wordings in machine words as they stand.
        keys: All without the names of site and section, for comparing.
    Returns:
        The headline; and the heading as a whole, if that is more.
    """
    parts = parts_of(segment)
    if not parts:
        return segment.line, None
    heading = Heading(parts=parts, told=told, keys=keys)
    whole = words(heading.whole)
    found = KICKER.answer(heading) if whole not in spoken else None if _has_mark(parts) else part_as_told(heading)
    if found is None or words(found) == whole:
        return (heading.whole if _is_glued(parts, segment.line) else segment.line), None
    return found, heading.whole


def part_as_told(one: Heading) -> str | None:
    """Take the parts that machine words have alone."""
    count = len(one.parts)
    runs = ((i, j) for size in range(count - 1, 0, -1) for i in range(count - size + 1) for j in (i + size,))
    for i, j in runs:
        key = "".join(part.key for part in one.parts[i:j])
        if len(key) >= MIN_HEADLINE and key in one.keys and _is_apart(one.parts, i, j):
            return _join(one.parts[i:j])
    return None


def part_behind_mark(one: Heading) -> str | None:
    """Take what machine words have behind a kicker and a sign."""
    for n in range(1, len(one.parts)):
        kicker, rest = _join(one.parts[:n]), _join(one.parts[n:])
        if not _can_be_kicker(kicker, rest) or one.parts[n - 1].element is None:
            continue
        fold = kicker.casefold()
        if any(text.casefold().startswith(fold) and _MARK.match(text, len(kicker)) for text in one.told):
            return rest
    return None


def part_by_name(one: Heading) -> str | None:
    """Take what is left without elements called kicker, label or deck."""
    parts = [*one.parts]
    while len(parts) > 1 and (_is_named(parts[0], _KICKER) or not parts[0].key):
        parts.pop(0)
    while len(parts) > 1 and (_is_named(parts[-1], _BEHIND) or not parts[-1].key) and not parts[-2].text.rstrip().endswith(_COLONS):
        parts.pop()
    rest = _join(parts)
    return rest if len(parts) < len(one.parts) and len(words(rest)) >= MIN_HEADLINE else None


def part_behind_glued(one: Heading) -> str | None:
    """Take what follows a first element without a blank, if no machine word has both."""
    first = one.parts[0]
    rest = _join(one.parts[1:])
    if first.element is None or not _can_be_kicker(first.text, rest) or words(one.whole) in one.keys:
        return None
    if not _meet(first.text, one.parts[1].text):
        return None
    kicker, behind = _word_set(first.text), _word_set(rest)
    told = [_word_set(text) for text in one.told]
    return rest if any(len(behind & other) > 1 and not kicker & other for other in told) else None


def part_by_make(one: Heading) -> str | None:
    """Take the second of two elements of different make, if told so."""
    boxes = [part.element for part in one.parts]
    if len(boxes) != 2 or boxes[0] is None or boxes[1] is None or boxes[0].tag != boxes[1].tag:
        return None
    first, rest = one.parts[0].text, _join(one.parts[1:])
    made = {box.get("class") for box in boxes if box is not None}
    if len(made) != 2 or not _can_be_kicker(first, rest) or len(first) >= len(rest) or first.rstrip().endswith(_COLONS):
        return None
    return rest if 0 < _told_share(one, rest) > _told_share(one, first) else None


def _told_share(one: Heading, text: str) -> float:
    """The largest share of the words of a text that a machine wording has."""
    found = _word_set(text)
    return max((len(found & _word_set(other)) / len(found) for other in one.told), default=0.0) if found else 0.0


KICKER = Rules("headline in its heading", part_as_told, part_behind_mark, part_by_name, part_behind_glued, part_by_make)


def _is_apart(parts: Sequence[Part], i: int, j: int) -> bool:
    """Tell whether elements or lines part a run from the other parts.

    What stands behind it must be named or stand in another line, with no colon between.
    """
    before = i == 0 or parts[i - 1].element is not None or parts[i].element is not None or parts[i].line > parts[i - 1].line
    if not before or j == len(parts):
        return before
    if parts[j].text.strip() in _COLONS or parts[j - 1].text.rstrip().endswith(_COLONS):
        return False
    return parts[j].line > parts[j - 1].line or all(_is_named(part, _BEHIND) or not part.key for part in parts[j:])


def _is_named(part: Part, names: re.Pattern[str]) -> bool:
    element = part.element
    if element is None or len(part.text) > MAX_KICKER:
        return False
    if names is _BEHIND and element.tag == "small":
        return True
    return any(names.search(named(one)) is not None for one in (element, *element.iterchildren("*")))


def _can_be_kicker(kicker: str, rest: str) -> bool:
    return len(words(kicker)) >= MIN_KICKER and len(kicker) <= MAX_KICKER and len(words(rest)) >= MIN_HEADLINE


def _meet(before: str, after: str) -> bool:
    """Tell whether two words meet without a blank: the second has a capital."""
    if not before or not after or before[-1].isspace() or (before[-1] in _OPEN and not _closes(before)):
        return False
    return after[0].isupper() or after[0] in '«„“"'


def _has_mark(parts: Sequence[Part]) -> bool:
    """Tell whether a printed sign parts two elements of a heading."""
    return any(_MARK.match(b.text) is not None or a.text.rstrip().endswith(_COLONS) for a, b in pairwise(parts))


def _closes(text: str) -> bool:
    """Tell whether a text ends with the second of two quotation marks."""
    sign = text[-1]
    return text.count(sign) % 2 == 0 if sign in "\"'" else sign == "“" and text.count("„") == text.count("“")


def _is_glued(parts: Sequence[Part], line: str) -> bool:
    """Tell whether two words meet at an element of a heading: styles part them."""
    met = ((a, b) for a, b in pairwise(parts) if _meet(a.text, b.text) and len(a.key) > 1)
    return any(a.element is not None or b.element is not None for a, b in met)


def _join(parts: Sequence[Part]) -> str:
    """The text of some parts on one line, without signs at its ends."""
    text = squeeze(_spaced(parts))
    return "" if _SIGNS_ALONE.fullmatch(text) else text.strip(" |/·•–—:：-")


def _spaced(parts: Sequence[Part]) -> str:
    """The texts of some parts, with a blank where words meet or lines break."""
    out, line = "", 0
    for part in parts:
        apart = part.line > line or (_meet(out, part.text) and len(out.strip()) > 1)
        out, line = out + (" " if out and apart else "") + part.text, part.line
    return out


def _word_set(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))

"""Corrections, clarifications, editors' notes and updates as blocks of their own kind."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from functools import cached_property, lru_cache
from itertools import islice

from attrs import evolve, frozen

from crawler.items import Block
from crawler.parsers.body.region import ENDED
from crawler.parsers.dates.dates import moment, only_a_date
from crawler.parsers.document.rules import Rules
from crawler.parsers.document.segments import Segment, ancestry, named, words
from crawler.parsers.forms.correction_words import LABELS, NAMES, SENTENCES
from crawler.parsers.forms.entry_lines import Placed
from crawler.parsers.forms.entry_times import is_clock
from crawler.parsers.forms.frame import Frame
from crawler.parsers.patterns import later

MIN_SENTENCE = 10
"""Letters behind a label: fewer are a date or a link."""

MAX_DATE = 45
MAX_NOTE = 1_500
BEHIND = 12
"""Segments behind the last paragraph among which a correction may stand."""

FIRST, LAST = 2, 5
"""Blocks at the beginning and end of a body among which a label alone tells."""

SEEN_DEEP = 4
MIN_NAME = 5
SET_OFF = 0.9

_label_words = sorted({w.strip() for line in LABELS.values() for w in line.split(";")}, key=len, reverse=True)
_sentence_words = [w.strip() for line in SENTENCES.strip().splitlines() for w in line.split(";")]
_BEGINNINGS = frozenset(w[:3] for w in (*_label_words, *_sentence_words))
"""What lines begin with that may be corrections: most lines need no further look."""

_labels, _sentences = ("|".join(map(re.escape, words)) for words in (_label_words, _sentence_words))
_DATE = r"(?:[^:：.!?。！？】」\]］)]{0,40}\d[^:：!?。！？】」\]］]{0,25})?"
_LABEL = later(
    rf"[^\w]{{0,4}}(?:{_labels})(?!\w)(?:[^\w:：]{{0,2}}[】」\]］)]|[^\w:：]{{0,3}}{_DATE}(?:\s?[:：—–]|\s-\s)|[^\w]{{0,2}}$)",
    re.IGNORECASE,
)
_SENTENCE = later(rf"[^\w]{{0,4}}(?:{_sentences})", re.IGNORECASE)
_NAMES = re.compile(NAMES)
_DIGITS = re.compile(r"\d+")
_SIGNS = re.compile(r"^[^\w]{1,4}")


@lru_cache(maxsize=1024)
def _is_name(name: str) -> bool:
    """Tell whether a name is that of a box with a correction."""
    return len(name) > MIN_NAME and _NAMES.search(name) is not None


@frozen(kw_only=True, slots=False)
class Note:
    """A line that may be a correction, and where it stands."""

    line: str
    segment: Segment | None
    at_end: bool
    """Whether it stands first or last in the text, or is set off."""

    @cached_property
    def may_be(self) -> bool:
        """Tell whether it begins as one of the words does."""
        start = _SIGNS.sub("", self.line[:8].lower(), count=1)
        return start[:3] in _BEGINNINGS or start[:2] in _BEGINNINGS

    @cached_property
    def is_boxed(self) -> bool:
        """Tell whether a box around it has the name of a correction."""
        if self.segment is None or not self.at_end:
            return False
        boxes = islice(ancestry(self.segment.element), SEEN_DEEP)
        return any(element.tag not in ("article", "main", "body") and _is_name(named(element)) for element in boxes)

    @cached_property
    def label(self) -> re.Match[str] | None:
        """The label at its beginning."""
        return _LABEL.match(self.line) if self.may_be else None


# -- reasons to call a line a correction, or none


def only_a_time(note: Note) -> bool | None:
    """Look for a date line: `Update: 12.03.2024`."""
    if not note.may_be and not note.is_boxed:
        return None
    rest = note.line[note.label.end() :] if note.label else note.line
    short = len(rest) < MAX_DATE and not ENDED.search(rest) and moment(rest) is not None
    dated = short or only_a_date(note.line) or is_clock(rest.strip())
    return False if dated else None


def in_a_named_box(note: Note) -> bool | None:
    """Look for a box whose name says that it holds a correction."""
    return (note.is_boxed and len(note.line) <= MAX_NOTE) or None


def label_and_text(note: Note) -> bool | None:
    """Look for a label with a text behind it."""
    if not note.at_end or note.label is None:
        return None
    return len(_DIGITS.sub("", words(note.line[note.label.end() :]))) >= MIN_SENTENCE or None


def sentence_of_a_correction(note: Note) -> bool | None:
    """Look for a sentence that says that the text was changed."""
    return (note.at_end and note.may_be and _SENTENCE.match(note.line) is not None) or None


CORRECTION = Rules("correction", only_a_time, in_a_named_box, label_and_text, sentence_of_a_correction)


def with_corrections(segments: Sequence[Segment], headline: int, blocks: Sequence[Placed]) -> list[Placed]:
    """Tell corrections in a body, and put those into it that stand beside it."""
    out = _told(segments, blocks)
    places = {place for _, place in blocks if place is not None}
    found = _beside(segments[headline + 1 : max(places, default=0) + BEHIND], places)
    if not found or not places:
        return out
    frame = Frame(segments, headline, sorted(places))
    have = words("\n".join(block.text or "" for block, _ in blocks))
    for segment in found:
        if segment.key not in have and frame.holds(segment.element, segment.n):
            out = _inserted(out, (Block(kind="correction", text=segment.line), segment.n))
    return out


def _beside(segments: Sequence[Segment], places: Set[int]) -> list[Segment]:
    """The corrections among texts that are not of the body, each behind its label."""
    found: list[Segment] = []
    label = False
    for segment in segments:
        beside = bool(segment.text) and segment.n not in places and segment.linked < 0.5
        if beside and (label or _is_correction(segment)):
            found.append(segment)
        label = beside and _is_label(segment.line)
    return found


def _told(segments: Sequence[Segment], blocks: Sequence[Placed]) -> list[Placed]:
    """The blocks of a body, those that are corrections of that kind."""
    out: list[Placed] = []
    label = False
    for n, (block, place) in enumerate(blocks):
        segment = segments[place] if place is not None else None
        line = block.text or ""
        ends = n < FIRST or n >= len(blocks) - LAST or (segment is not None and segment.strong > SET_OFF)
        found = block.kind not in ("embed", "entry", "related", "table") and (
            label or CORRECTION.answer(Note(line=line, segment=segment, at_end=ends))
        )
        label = ends and _is_label(line) and n + 1 < len(blocks)
        out.append((evolve(block, kind="correction") if found or label else block, place))
    return out


def _is_correction(segment: Segment) -> bool:
    """Tell whether a text beside the body is a correction."""
    return bool(CORRECTION.answer(Note(line=segment.line, segment=segment, at_end=True)))


def _is_label(line: str) -> bool:
    """Tell whether a line is a label alone, whose text follows."""
    note = Note(line=line, segment=None, at_end=True)
    found = note.label if len(line) < MAX_DATE else None
    return found is not None and len(words(line[found.end() :])) < 3


def _inserted(blocks: list[Placed], placed: Placed) -> list[Placed]:
    """Put a block at its place."""
    at = placed[1] or 0
    for n, (_, place) in enumerate(blocks):
        if place is not None and place > at:
            return [*blocks[:n], placed, *blocks[n:]]
    return [*blocks, placed]

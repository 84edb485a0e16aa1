"""Rules that tell which lines in the region of the body are of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from enum import Enum

from attrs import frozen

from crawler.parsers.body.data_tables import MOSTLY_LINKS, is_marked
from crawler.parsers.body.region import ENDED, LINKED, MIN_PROSE, Region, is_sentences
from crawler.parsers.document.blocks import HEADINGS
from crawler.parsers.document.rules import Rules
from crawler.parsers.document.segments import Segment, named

MIN_ITEM = 40
"""Letters of an item of a list that may be text."""

LOST_COUNTS = 3
"""How much more a paragraph like the others counts against a body without it than another line."""

MAX_WRAPPED = 3
"""Boxes around a table or a list of terms among the paragraphs."""

MAX_CAPTION = 400
"""Letters of a text beside a picture that is its caption."""

BESIDE_BEFORE, BESIDE_BEHIND = 3, 2
"""Segments before the first and behind the last paragraph that may be short ones."""


class Line(Enum):
    """Kinds of lines in the region."""

    TEXT = "text"
    OTHER = "other"
    """Surely no part of the body."""
    UNSURE = "unsure"
    LOST = "lost"
    """A paragraph like the others, in a box apart."""


@frozen(kw_only=True, eq=False)
class Looked:
    """A line, and how it stands to the body's paragraphs."""

    segment: Segment
    region: Region
    between: bool
    """Whether it stands between the first and the last of them."""
    alike: bool
    """Whether it is made like them."""
    direct: bool
    """Whether it stands in a box of theirs."""

    @property
    def ended(self) -> bool:
        """Tell whether it ends as a sentence does."""
        return ENDED.search(self.segment.line) is not None

    @property
    def behind(self) -> int:
        """The segments between the last paragraph and it."""
        return self.segment.n - self.region.last


def row_of_a_table(one: Looked) -> Line | None:
    """Take the cells of a data table among the paragraphs, unless they are links."""
    table = one.region.tables.get(one.segment.n)
    if table is None:
        return None
    near = MAX_WRAPPED if one.between else 1
    own = one.region.first < one.segment.n and one.region.near(table) <= near and not one.region.asks(one.segment.element)
    most = MOSTLY_LINKS if is_marked(table) else LINKED
    return Line.TEXT if own and one.region.linked_in(table) < most else Line.OTHER


def term_or_its_text(one: Looked) -> Line | None:
    """Take terms and what is said of them between the paragraphs, unless they are links."""
    found = one.segment.inside("dl") if one.segment.inside("dt", "dd") is not None else None
    if found is None or one.region.near(found) > MAX_WRAPPED or one.region.asks(one.segment.element):
        return None
    return Line.TEXT if one.between and one.segment.linked < LINKED else None


def asked_of_readers(one: Looked) -> Line | None:
    """Leave out what shares a box with fields or buttons, apart from the paragraphs."""
    return Line.OTHER if not one.direct and one.region.asks(one.segment.element) else None


def heading_among_text(one: Looked) -> Line | None:
    """Take a heading between the paragraphs, in their box or its own."""
    segment = one.segment
    if segment.tag not in HEADINGS:
        return None
    if not one.between or segment.linked >= 0.5:
        return Line.OTHER
    return Line.TEXT if segment.tag != "h1" and (one.direct or one.region.is_alone(segment)) else Line.UNSURE


def item_of_a_list(one: Looked) -> Line | None:
    """Take an item of a list between the paragraphs, unless it is a link."""
    segment = one.segment
    if segment.inside("li") is None:
        return None
    last = segment.n == one.region.last  # of a list at the end of the text
    if (one.between or last) and one.alike and (segment.linked < 0.6 or one.region.is_list_of_sentences(segment)):
        return Line.TEXT
    return Line.UNSURE if segment.size >= MIN_ITEM and segment.linked < 0.6 and one.behind < 0 else Line.OTHER


def paragraph_of_its_make(one: Looked) -> Line | None:
    """Take a paragraph made like the others, linked ones as sentences among them."""
    segment = one.segment
    if segment.size < MIN_PROSE or not one.alike:
        return None
    if segment.linked < LINKED or (one.between and one.ended):
        return Line.TEXT
    return Line.TEXT if one.direct and one.behind <= BESIDE_BEHIND and segment.linked < 0.6 and one.ended else None


def quotation(one: Looked) -> Line | None:
    """Take a quotation between the paragraphs, unless pulled out or embedded."""
    segment = one.segment
    box = segment.inside("blockquote") if one.between and segment.size >= MIN_PROSE and segment.linked < LINKED else None
    if box is None or re.search("pull|tweet", named(box)) is not None:
        return None
    around = box.getparent()
    if around is not None and around.tag == "figure":
        around = around.getparent()
    return Line.TEXT if ("p", around) in one.region.homes else None


def told_in_a_figure(one: Looked) -> Line | None:
    """Take what a figure without a picture says between the paragraphs."""
    figure = one.segment.inside("figure")
    if figure is None or not one.between or one.segment.linked >= LINKED or re.search("pull|tweet", named(figure)) is not None:
        return None
    return Line.TEXT if one.region.near(figure) <= 1 and not one.region.has_picture(one.segment) else None


def sentences_among_text(one: Looked) -> Line | None:
    """Take sentences between the paragraphs, in boxes that hold nothing else."""
    return Line.TEXT if one.between and is_sentences(one.segment) and one.region.is_plain(one.segment) else None


def prose_of_another_make(one: Looked) -> Line | None:
    """Doubt prose before the last paragraph that is no caption."""
    segment = one.segment
    if segment.size < MIN_PROSE:
        return None
    prose = segment.linked < 0.9 or (one.alike and one.ended)
    if not one.alike and one.behind < 0 and segment.n < one.region.first and segment.inside("header") is not None:
        return Line.OTHER  # the deck
    caption = not one.alike and segment.size < MAX_CAPTION and segment.inside("blockquote") is None and one.region.has_picture(segment)
    return Line.UNSURE if prose and not caption and one.behind < 0 else Line.OTHER


def cut_paragraph(one: Looked) -> Line | None:
    """Take the last text of a page, perhaps a paragraph cut off."""
    segment = one.segment
    breaks_off = one.direct and one.alike and not one.ended and not segment.linked and segment is one.region.texts[-1]
    return Line.TEXT if breaks_off and one.behind <= 1 else None


def short_line(one: Looked) -> Line | None:
    """Take a short line made like the paragraphs; doubt one that may be a label."""
    segment = one.segment
    if not one.alike:
        return Line.OTHER
    near = one.region.first - BESIDE_BEFORE <= segment.n <= one.region.last + BESIDE_BEHIND
    if near and one.ended and segment.linked < (0.3 if one.direct else 0.1):
        return Line.TEXT
    if one.between and one.direct and one.region.goes_on(segment):
        return Line.TEXT
    if one.between and segment.linked < 0.3 and (one.direct or segment.strong > 0.9):
        return Line.TEXT
    return Line.UNSURE if one.between and segment.linked < 0.5 else Line.OTHER


LINES = Rules(
    "line of the body", row_of_a_table, asked_of_readers, heading_among_text, term_or_its_text, item_of_a_list, paragraph_of_its_make,
    quotation, told_in_a_figure, sentences_among_text, prose_of_another_make, cut_paragraph, short_line,
)  # fmt: skip


def lines_of(region: Region, furniture: Callable[[str], bool]) -> tuple[list[Segment], int]:
    """The lines of the body, and the letters of those in doubt.

    Args:
        furniture: Whether a line is no text of an article wherever it stands.
    """
    taken: list[Segment] = []
    unsure = 0
    for segment in region.within:
        line = _look(region, segment, furniture)
        if line is Line.TEXT:
            taken.append(segment)
        elif line is not Line.OTHER:
            unsure += segment.size * (LOST_COUNTS if line is Line.LOST else 1)
    kept = _with_text_below(taken, region)
    return kept, unsure + sum(p.size for p in taken) - sum(p.size for p in kept)


def _look(region: Region, segment: Segment, furniture: Callable[[str], bool]) -> Line:
    """Tell what a line of the region is."""
    alike, direct = region.made(segment)
    if region.apart(segment.element):
        if region.asks(segment.element):
            return Line.OTHER
        # A paragraph like the others in a box that only its name tells apart: the beginning of a text for subscribers, perhaps.
        prose = segment.size >= MIN_PROSE and segment.linked < LINKED
        if prose and segment.n <= region.last + BESIDE_BEHIND and (alike or region.resembles(segment)):
            return Line.LOST
        quoted = prose and region.is_between(segment) and segment.inside("blockquote") is not None
        return Line.UNSURE if quoted else Line.OTHER
    if segment.tag not in HEADINGS and furniture(segment.line):
        return Line.OTHER
    looked = Looked(segment=segment, region=region, between=region.is_between(segment), alike=alike, direct=direct)
    return LINES.answer(looked) or Line.OTHER


def _with_text_below(taken: Sequence[Segment], region: Region) -> list[Segment]:
    """Leave out headings that no text of the body follows soon."""
    held = {p.n for p in taken if p.tag not in HEADINGS}
    at_once: set[int] = set()
    soon: set[int] = set()
    near = next_but_one = False
    for segment in reversed(region.texts):
        if segment.tag not in HEADINGS:
            near, next_but_one = segment.n in held, near
        elif near:
            at_once.add(segment.n)
        elif next_but_one:
            soon.add(segment.n)
    return [p for p in taken if p.n in held or p.n in at_once or (p.n in soon and region.made(p)[1])]

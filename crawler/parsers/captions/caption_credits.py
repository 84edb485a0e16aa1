"""Find the lines around a picture that name who made it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.parsers.captions.caption_boxes import is_byline_box, is_called_credit, is_credit_box
from crawler.parsers.captions.pairing import Place
from crawler.parsers.credits.credits import split
from crawler.parsers.credits.names import like_name
from crawler.parsers.document.segments import Segment, words

MAX_CREDIT_LINE = 120
MAX_LINE_BEHIND = 90
"""Characters of a credit line behind a caption."""
_SIGNED_TAGS = frozenset(("footer", "small", "cite", "address"))


def with_credit_line(place: Place, found: Sequence[Segment]) -> tuple[Segment, ...]:
    """Add the credit line behind a caption; keep a caption printed twice once."""
    said = [words(p.text) or p.text for p in found]
    kept = tuple(p for n, p in enumerate(found) if not _repeats(said[n], said[:n]))
    if any(split(p.text).shape == "whole" for p in found):
        return kept
    line = _line_behind(place, found[-1].n, said)
    named = line is not None and len(line.text) < MAX_LINE_BEHIND and names_maker(line) and _of_picture(line)
    return (*kept, line) if line is not None and named else kept


def names_maker(segment: Segment) -> bool:
    """Tell whether a text beside a caption names the picture's maker."""
    if len(segment.text) > MAX_CREDIT_LINE:
        return False
    found = split(segment.text)
    if found.credit is not None and found.caption is None and not (found.shape == "suffix" and re.search(r"\d", segment.text)):
        return True
    return like_name(segment.line) and (segment.tag in _SIGNED_TAGS or is_credit_box(segment.element))


def ends_signed(texts: Sequence[Segment], picture: Segment) -> bool:
    """Tell whether the last of several texts around a picture is only a credit."""
    return len(texts) > 1 and texts[-1].n > picture.n and split(texts[-1].text).shape == "whole"


def _line_behind(place: Place, last: int, said: Sequence[str]) -> Segment | None:
    """The first text within three segments of a caption's end, buttons and repetitions left out."""
    for segment in (p for p in place.segments if last < p.n <= last + 3):
        if segment.text and segment.n not in place.taken and not place.is_text(segment):
            continue
        if not segment.text or segment.n in place.taken:
            return None
        if len(segment.text) <= 12 or words(segment.text) not in said:
            return segment
    return None


def _repeats(text: str, before: Sequence[str]) -> bool:
    """Tell whether a text was printed before, as a whole or within another."""
    return text in before or (len(text) > 5 and any(text in other for other in before))


def _of_picture(segment: Segment) -> bool:
    """Tell whether a name behind a caption is the picture's credit and no byline."""
    found = split(segment.text)
    if found.shape and words(found.credit or "") != words(segment.text):
        return True
    if any(is_byline_box(box) for box in (segment.element, *list(segment.element.iterancestors())[:2])):
        return False
    return bool(found.shape or is_called_credit(segment.element))

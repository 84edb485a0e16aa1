"""The body checked, and completed, by the one that JSON-LD tells."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence, Set
from typing import Any

from attrs import evolve

from crawler.items import Block
from crawler.parsers.body.finder import line_block
from crawler.parsers.body.more_links import is_more
from crawler.parsers.body.region import ENDED, MIN_PROSE
from crawler.parsers.document.blocks import HEADINGS
from crawler.parsers.document.rules import Trace
from crawler.parsers.document.segments import Segment, squeeze, words
from crawler.parsers.generic.body import THIN, Prose
from crawler.parsers.generic.missing import SEARCHED, Placed
from crawler.parsers.generic.trim import is_appeal

WHOLE = 0.95
"""Share of the body told by JSON-LD that must be found before what it does not tell is left out."""

MOST = 0.8
"""Share of the body found that JSON-LD must tell: less is the start of a text, or another one."""

CUT = 30
"""Letters that tell a line whose rest JSON-LD lost: then it may have lost whole lines too."""

MIN_TOLD = 200
"""Characters from which JSON-LD's body is one."""

MIN_LINE = 15
"""Letters of a line that is known again in the body told."""

HELD = 0.6
"""Share of the body found that JSON-LD must tell before it adds lines."""

_BROKEN = re.compile(r"</?(?:p|br|div|li|h[1-6])\b[^<>]{0,200}>|\n", re.IGNORECASE)
_TAG = re.compile(r"<[^>]{1,200}>")
_UNTOLD = ("heading", "quote", "table")
"""Kinds of blocks that JSON-LD leaves out of a body that it tells."""


def told_text(told: Any) -> str:
    """The body that JSON-LD tells, without tags, a line for each paragraph.

    Args:
        told: The value of `articleBody`.
    """
    text = "\n".join(one for one in told if isinstance(one, str)) if isinstance(told, list) else told if isinstance(told, str) else ""
    lines = (squeeze(_TAG.sub(" ", line)) for line in _BROKEN.split(html.unescape(text)))
    return "\n".join(line for line in lines if line)


def told_prose(found: Prose, text: str, segments: Sequence[Segment], headline: int, trace: Trace | None = None) -> Prose:
    """Check a body by the one that JSON-LD tells.

    Lines that the page prints and JSON-LD tells are put in, where most of the others are told too. If the markup has next to
    none, it is that one. If it holds all of that one, paragraphs and lists that are not told are left out: JSON-LD has the
    whole text, and knows nothing of dialogs, newsletters and stories set between.
    """
    if len(text) < MIN_TOLD:
        return found
    key = words(text)
    out = _with_told(found, key, segments, headline)
    if len(out.text) < THIN * len(text):
        out = Prose(blocks=tuple((Block(kind="paragraph", text=line), None) for line in text.split("\n")), by="jsonld articleBody")
    else:
        out = _without_untold(out, key)
    if trace is not None:
        trace.note("body checked by JSON-LD", out.by if out != found else None, [("jsonld articleBody", f"{len(text)} characters")])
    return out


def _with_told(found: Prose, key: str, segments: Sequence[Segment], headline: int) -> Prose:
    """Put lines that JSON-LD tells, and the body lacks, at their places."""
    lines = [words(line) for block, _ in found.blocks for line in (block.text or "").split("\n")]
    total = sum(map(len, lines))
    if total >= WHOLE * len(key) or (len(lines) + len(segments)) * len(key) > SEARCHED:
        return found
    told = sum(len(line) for line in lines if line in key)
    if not HELD * total <= told < WHOLE * len(key):
        return found
    held, last = "".join(lines), max(found.places, default=-1)
    homes = {_made(segments[n]) for n in found.places}
    lost = {p.key: p for p in reversed(segments[headline + 1 :]) if p.key in key and p.key not in held and _is_line(p, last, homes)}
    return evolve(found, blocks=_merged(found.blocks, [(line_block(segment), segment.n) for segment in lost.values()]))


def _made(segment: Segment) -> tuple[object, ...]:
    """Tag and class of the element of a segment, and the box around it."""
    return segment.tag, segment.element.get("class"), segment.element.getparent()


def _is_line(segment: Segment, last: int, homes: Set[tuple[object, ...]]) -> bool:
    """Tell whether a segment may be a line of text."""
    if not segment.text or segment.linked >= 1 or is_more(segment.line) or is_appeal(segment.line):
        return False
    if segment.n > last and last >= 0:
        return segment.size >= MIN_PROSE and segment.strong < 0.5 and _made(segment) in homes
    heads = segment.tag in (*HEADINGS, "li") or ENDED.search(segment.line) is not None
    return segment.size >= MIN_PROSE or (segment.size >= MIN_LINE and heads)


def _merged(found: Sequence[Placed], added: Sequence[Placed]) -> tuple[Placed, ...]:
    """Put blocks at their places among others."""
    out: list[Placed] = []
    waiting = sorted(added, key=lambda one: one[1] or 0)
    for block, place in found:
        while waiting and place is not None and (waiting[0][1] or 0) < place:
            out.append(waiting.pop(0))
        out.append((block, place))
    return (*out, *waiting)


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
    kept = [one for one, is_told in zip(found.blocks, told, strict=True) if is_told or one[0].kind in _UNTOLD]
    while kept and kept[-1][0].kind == "heading":
        kept.pop()
    return evolve(found, blocks=tuple(kept))


def _tells_whole(key: str, lines: Sequence[str], told: Sequence[bool]) -> bool:
    """Tell whether JSON-LD's body and the one found are nearly the same."""
    untold = [line for line, is_told in zip(lines, told, strict=True) if not is_told]
    total = sum(map(len, lines))
    cut = any(line[:CUT] in key for line in untold if len(line) > CUT)
    return not cut and total - sum(map(len, untold)) >= WHOLE * len(key) and len(key) >= MOST * total

"""Lines made like a headline, on pages whose machine words tell none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from lxml import etree

from crawler.parsers.dates.dates import only_a_date
from crawler.parsers.document.segments import Segment, ancestry, named, small, words

PROSE = 120
"""Size of a paragraph from which on a text begins."""
MAX_ABOVE = 14
"""Lines above the text among which the headline is looked for."""
LINE = (10, 220)
_HEADLINE = re.compile(
    r"head-?line|story-?(?:title|head)|article-?(?:title|head)|post-?title|entry-?title|page-?title|main-?title|(?:^|[\s_-])(?:hed|hd|headln|tit(?:le|ulo|olo|re|el)?|"
    r"titular|manchete|rubrik|overskrift|otsikko|ueberschrift|zagolovok|zaglavie|baslik|naslov|nadpis|tytul)(?:$|[\s_\d-])"
)
_LARGE = re.compile(
    r"font-size\s*:\s*(?:(?:1[8-9]|[2-6]\d)(?:\.\d+)?(?:px|pt)|x+-large|large|1[5-9]\d%|2\d\d%|1\.[4-9]\d*em|[2-4](?:\.\d+)?em)",
    re.IGNORECASE,
)
_SIZE = re.compile(r"\+[1-6]|[4-7]")


def line_by_make(segments: Sequence[Segment]) -> Segment | None:
    """Look above the text for a line that its element, class or size tells."""
    start = next((p.n for p in segments if p.size >= PROSE and p.linked < 0.3), None)
    if start is None:
        return None
    above = [p for p in segments[max(0, start - MAX_ABOVE) : start] if LINE[0] <= len(p.text) <= LINE[1] and p.linked < 0.5]
    best = max(above, key=lambda p: (_looks(p), -p.n), default=None)
    return best if best is not None and _looks(best) > 1 and not only_a_date(best.text) else None


def _looks(line: Segment) -> int:
    """Weigh the likeness of a line to a headline."""
    heading = line.inside("h1", "h2", "h3", "h4") is not None
    called = any(_HEADLINE.search(named(element)) is not None for element in islice(ancestry(line.element), 2))
    large = any(_SIZE.fullmatch(one.get("size") or "") or _LARGE.search(one.get("style") or "") for one in _around(line))
    return 3 * heading + 3 * called + 2 * large + (line.strong >= 0.8)


def _around(line: Segment) -> Iterator[etree._Element]:
    """The elements that hold a line and nothing else, and its own."""
    yield line.element
    for element in line.element.iter("font", "span", "b", "strong", "big"):
        text = small(element, LINE[1])
        if text is not None and words(text) == line.key:
            yield element

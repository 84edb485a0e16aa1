"""Pull quotes: words of a paragraph that are printed once more in a box."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from lxml import etree

from crawler.parsers.document.segments import Segment, ancestry, named, words
from crawler.parsers.forms.entry_lines import Placed

MIN_KEY = 20
"""Letters of words that are told as those of a paragraph."""

MAX_QUOTE = 500
MAX_NAME = 80
"""Characters of a line in the same box that says whose words they are."""

MAX_SEARCHED = 50_000_000
PART = 24
"""Letters of the beginning and end that tell a quotation from which words were left out."""

SEEN_DEEP = 4
_BOXES = frozenset(("blockquote", "aside", "figure", "q"))
_PAGE = frozenset(("html", "body", "main", "article"))
_NAMES = re.compile(
    r"pull|quote|zitat|cita(?:tion|zione|do|ção)?(?:$|[^a-z])|destaque|sumario|ladillo|exergue|citat|citaat|sitat|sitaatti|cytat|highlight|callout"
)


def without_pull_quotes(segments: Sequence[Segment], blocks: Sequence[Placed]) -> list[Placed]:
    """Keep words once that a box shows and a paragraph holds."""
    boxes = [_box(segments, placed) for placed in blocks]
    if not any(box is not None for box in boxes):
        return [*blocks]
    texts = [words(block.text or "") for (block, _), box in zip(blocks, boxes, strict=True) if box is None and block.kind == "paragraph"]
    repeated = {box for box in {*boxes} - {None} if _repeats(box, segments, texts)}
    return [placed for placed, box in zip(blocks, boxes, strict=True) if box not in repeated]


def _box(segments: Sequence[Segment], placed: Placed) -> etree._Element | str | None:
    """The outermost box that sets a block apart, or its text if not placed."""
    block, place = placed
    if block.kind not in ("quote", "paragraph", "heading"):
        return None
    if place is None:
        return block.text if block.kind == "quote" else None
    boxes = [element for element in islice(ancestry(segments[place].element), SEEN_DEEP) if _is_box(element)]
    return boxes[-1] if boxes else None


def _is_box(element: etree._Element) -> bool:
    """Tell whether an element sets a quotation apart."""
    return element.tag in _BOXES or (element.tag not in _PAGE and _NAMES.search(named(element)) is not None)


def _repeats(box: etree._Element | str | None, segments: Sequence[Segment], texts: Sequence[str]) -> bool:
    """Tell whether a box holds words of a paragraph, and at most a name."""
    if isinstance(box, str):
        return len(box) <= MAX_QUOTE and _is_in(words(box), texts)
    lines = [p for p in segments if p.text and box in ancestry(p.element)]
    others = [p for p in lines if not _is_in(p.key, texts)]
    return len(others) < len(lines) and sum(len(p.text) for p in lines) <= MAX_QUOTE and all(len(p.text) <= MAX_NAME for p in others)


def _is_in(key: str, texts: Sequence[str]) -> bool:
    """Tell whether a paragraph holds the words, or their beginning and end."""
    if len(key) < MIN_KEY or len(texts) * sum(map(len, texts)) > MAX_SEARCHED:
        return False
    if any(key in text and key != text for text in texts):
        return True
    first, last = key[:PART], key[-PART:]
    spans = ((text.find(first), text.rfind(last)) for text in texts)
    return len(key) > 2 * PART and any(0 <= start < end and end + PART - start < 2 * len(key) for start, end in spans)

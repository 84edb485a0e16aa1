"""Tell the beginning of an article whose rest only subscribers see."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from typing import Any

from attrs import frozen
from parsel.csstranslator import css2xpath

from crawler.parsers.body.region import ENDED
from crawler.parsers.document.page import Page
from crawler.parsers.document.rules import Rules
from crawler.parsers.document.segments import Segment, ancestry, letters, named, squeeze
from crawler.parsers.document.structured_data import texts
from crawler.parsers.forms.entry_lines import Placed
from crawler.parsers.forms.frame import Frame
from crawler.parsers.forms.paywall_words import NAMES, WORDS

STUB = "stub"
"""The problem that tells one."""

SHORT, MIDDLING, LONG = 1_200, 2_500, 5_000
"""Letters of a body that is surely, perhaps or hardly the beginning of an article."""

MIN_COUNT = 40
"""Words that a page tells of its article, from which their number is believed."""

FEW, SOME = 0.4, 0.66
"""Share of these words in the body: fewer are a beginning, or one where more speaks for it."""

LAST = 3
"""Blocks at the end of a body that may be words of a paywall."""

BEHIND = 12
"""Segments behind the last paragraph among which a paywall stands."""

SEEN_DEEP = 4
MAX_LINE = 400
MIN_PAID = 200
"""Letters in the part of the page that JSON-LD says is paid for: more, and it is there."""

_NAMES = re.compile(NAMES)


@lru_cache(maxsize=1)
def _words() -> tuple[str, ...]:
    return tuple(sorted({word.strip() for line in WORDS.values() for word in line.split(";")}))


@frozen(kw_only=True, slots=False)
class Beginning:
    """A body that may be the beginning of an article."""

    page: Page
    segments: Sequence[Segment]
    headline: int
    blocks: Sequence[Placed]
    node: dict[str, Any]
    """The JSON-LD of the article."""

    @cached_property
    def text(self) -> str:
        """The body, lines of a paywall left out."""
        lines = [block.text or "" for block, _ in self.blocks if block.kind not in ("entry", "related")]
        return "\n".join([*lines[:-LAST], *(line for line in lines[-LAST:] if not is_paywall_line(line))])

    @cached_property
    def size(self) -> int:
        """Letters of the body."""
        return letters(self.text)

    @cached_property
    def breaks_off(self) -> bool:
        """Tell whether the text ends within a sentence."""
        return self.text.rstrip().endswith(("…", "...", "[…]", "[...]")) or (bool(self.text) and not ENDED.search(self.text.rstrip()))

    @cached_property
    def is_paid(self) -> bool:
        """Tell whether JSON-LD says that the article is not free."""
        return any(_is_false(node.get("isAccessibleForFree")) for node in (self.node, *self._parts))

    @property
    def _parts(self) -> Iterator[dict[str, Any]]:
        parts = self.node.get("hasPart")
        return (part for part in (parts if isinstance(parts, list) else [parts]) if isinstance(part, dict))

    @cached_property
    def paid_part(self) -> int | None:
        """Letters in the parts that JSON-LD says are paid for, if named."""
        found: int | None = None
        for part in self._parts:
            selector = next(iter(texts(part.get("cssSelector"))), "")
            if selector and _is_false(part.get("isAccessibleForFree")):
                found = (found or 0) + _size_of(self.page, selector)
        return found

    @cached_property
    def share(self) -> float | None:
        """Share of the words that the page tells of its article, if it does."""
        value = next(iter(texts(str(self.node.get("wordCount") or ""))), "")
        count, have = int(value) if value.isdecimal() and len(value) < 7 else 0, len(self.text.split())
        spaced = 2 * have > len(self.text) / 10  # languages without blanks between words count otherwise
        return have / count if count >= MIN_COUNT and spaced else None

    @cached_property
    def wall(self) -> bool:
        """Tell whether words or a box behind the text are a paywall."""
        if any(is_paywall_line(block.text or "") for block, _ in self.blocks[-LAST:]):
            return True
        places = [place for _, place in self.blocks if place is not None]
        if not places:
            return False
        behind = [p for p in self.segments[max(places) + 1 : max(places) + BEHIND] if p.text]
        worded = _has_words("\n".join(p.line for p in behind))
        walls = [p for p in behind if (worded and is_paywall_line(p.line)) or _is_in_wall(p)]
        return bool(walls) and any(map(Frame(self.segments, self.headline, places).holds_text, walls))


def is_paywall_line(line: str) -> bool:
    """Tell whether a line says that the rest is for subscribers."""
    return len(line) <= MAX_LINE and _has_words(line)


def _has_words(text: str) -> bool:
    folded = text.casefold().replace("’", "'")
    return any(word in folded for word in _words())


def _is_in_wall(segment: Segment) -> bool:
    return any(
        _NAMES.search(named(element)) for element in [*ancestry(segment.element)][:4] if element.tag not in ("body", "main", "article")
    )


def _is_false(value: Any) -> bool:
    """Tell whether a value of JSON-LD is false."""
    return value is False or (isinstance(value, str) and value.rsplit("/", 1)[-1].strip().lower() in ("false", "no"))


def _size_of(page: Page, selector: str) -> int:
    """Letters in the elements that a selector of JSON-LD finds."""
    try:
        found = page.root.xpath(css2xpath(selector))
    except Exception:  # noqa: BLE001 - whatever a page calls a selector
        return MIN_PAID
    return sum(letters(squeeze("".join(element.itertext()))) for element in found if hasattr(element, "itertext"))


# -- reasons to call a body a beginning, or whole


def as_long_as_told(body: Beginning) -> bool | None:
    """Believe a body that has as many words as told, or is long."""
    return False if (body.share is not None and body.share >= SOME) or body.size > LONG or not body.size else None


def fewer_words_than_told(body: Beginning) -> bool | None:
    """Look for far fewer words than the page tells of its article."""
    if body.share is None:
        return None
    alone = body.share < FEW and (body.breaks_off or body.size < SHORT)
    return alone or body.is_paid or body.wall or None


def paid_part_is_there(body: Beginning) -> bool | None:
    """Believe a page that holds the part which is paid for."""
    return False if body.paid_part is not None and body.paid_part >= MIN_PAID and not body.wall else None


def paid_and_short(body: Beginning) -> bool | None:
    """Look for a short text that JSON-LD says is not free."""
    if not body.is_paid:
        return None
    least = LONG if body.wall or (body.paid_part is not None and body.paid_part < MIN_PAID) else MIDDLING if body.breaks_off else SHORT
    return body.size < least or None


def wall_behind_the_text(body: Beginning) -> bool | None:
    """Look for a paywall behind a text that is short, or breaks off."""
    return (body.size < (MIDDLING if body.breaks_off else SHORT) and body.wall) or None


IS_STUB = Rules("stub", as_long_as_told, fewer_words_than_told, paid_part_is_there, paid_and_short, wall_behind_the_text)


def cut_short(
    page: Page, segments: Sequence[Segment], headline: int, blocks: Sequence[Placed], node: dict[str, Any]
) -> tuple[Sequence[Placed], list[str]]:
    """Tell a body that is the beginning of an article whose rest only subscribers see.

    Args:
        headline: Place of the headline in the flow, -1 where unknown.
        node: The JSON-LD of the article.
    Returns:
        The body without the words of the paywall under it, and the problem, if it is one.
    """
    answer = IS_STUB.first(page.trace, Beginning(page=page, segments=segments, headline=headline, blocks=blocks, node=node))
    if answer is None or not answer[0]:
        return blocks, []
    end = len(blocks)
    while end and is_paywall_line(blocks[end - 1][0].text or ""):
        end -= 1
    return (blocks[:end] if end else blocks), [STUB]

"""Lists as articles: items of one make, each under a heading."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from crawler.parsers.document.segments import Segment, words
from crawler.parsers.forms.entries import Entries, are_mostly, entries_in, is_teaser, largest, masses, prose_of
from crawler.parsers.forms.entry_lines import Entry, Placed
from crawler.parsers.forms.entry_times import Mark
from crawler.parsers.forms.families import families
from crawler.parsers.forms.live import introduction

MIN_ITEMS = 3
SHARE = 0.6
"""Of the prose behind the headline that the items hold."""

HELD = 0.7
"""Of the prose of the items in a body: one that holds more is believed."""

MAX_BESIDE, MORE = 500, 0.7
"""Letters beside the items, and how many of an item, that are an article: what follows are other stories."""

_TITLES = ("h2", "h3", "h4", "h5")


def list_body(segments: Sequence[Segment], headline: int, found: Sequence[Placed]) -> list[Placed] | None:
    """Read a list of items of which the body found lost most.

    Args:
        headline: Place of the headline in the flow, -1 where unknown.
        found: The body found by other means: what of it stands before the items stays.
    """
    behind = segments[headline + 1 :]
    titles = [Mark(element=p.element, text="") for p in behind if p.text and p.tag in _TITLES]
    whole = prose_of(behind)
    if len(titles) < MIN_ITEMS or sum(len(block.text or "") for block, _ in found) >= HELD * whole:
        return None
    mass = masses(behind)
    sized = [(family.size(mass), family) for family in families(titles, MIN_ITEMS) if not family.flat]
    for family in largest(sized):
        items = entries_in(family, segments, headline)
        texts = [] if items is None else [*items.texts(segments)]
        if items is not None and _are_items(texts, SHARE * whole) and not _are_held(texts, found):
            return [*introduction(segments, headline, items.starts[0], found), *_blocks(items, segments)]
    return None


def _are_items(texts: Sequence[Sequence[Segment]], least: float) -> bool:
    """Tell whether some boxes are the items of an article: enough prose, and no teasers."""
    return len(texts) >= MIN_ITEMS and sum(map(prose_of, texts)) >= least and not are_mostly(is_teaser, texts)


def _are_held(texts: Sequence[Sequence[Segment]], found: Sequence[Placed]) -> bool:
    """Tell whether a body holds most of some items, or an article beside them."""
    have = words("\n".join(block.text or "" for block, _ in found))
    held, whole = (sum(prose_of([p for p in one if every or p.key in have]) for one in texts) for every in (False, True))
    keys = "".join(p.key for one in texts for p in one)
    beside = sum(len(key) for block, _ in found if (key := words(block.text or "")) not in keys)
    return held >= HELD * whole or beside > max(MAX_BESIDE, MORE * whole / len(texts))


def _blocks(items: Entries, segments: Sequence[Segment]) -> Iterator[Placed]:
    """The lines of the items."""
    for mark, texts in zip(items.marks, items.texts(segments), strict=True):
        places = frozenset(p.n for p in texts if p.linked < 0.5)
        read = Entry(texts=texts, mark=mark, update=None, boxed=True, found=places, last=items.end)
        yield from (placed for placed in read.blocks() if placed[0].kind != "entry")

"""Data tables that stand among the paragraphs of a body."""

from __future__ import annotations

from collections.abc import Sequence, Set
from itertools import islice

from lxml import etree

from crawler.items import Block
from crawler.parsers.body.data_tables import MOSTLY_LINKS, is_marked, table_block, tables_among
from crawler.parsers.body.region import LINKED
from crawler.parsers.document.segments import Segment, ancestry

MAX_WRAPPED = 3
"""Boxes around a table among the paragraphs."""

_APART = ("aside", "nav", "footer", "form")


def with_tables(found: Sequence[tuple[Block, int | None]], segments: Sequence[Segment]) -> list[tuple[Block, int | None]]:
    """Put the data tables among the paragraphs of a body into it."""
    places = [place for _, place in found if place is not None]
    if not places:
        return [*found]
    boxes = {box for place in places for box in islice(ancestry(segments[place].element), 1, 3)}
    last = max(places)
    held: dict[etree._Element, list[Segment]] = {}
    for n, table in tables_among(segments[min(places) :], segments[min(places)].element.getroottree().getroot()).items():
        held.setdefault(table, []).append(segments[n])
    out = [*found]
    for table, cells in held.items():
        if _is_own(table, cells, boxes, MAX_WRAPPED if cells[0].n < last else 1):
            _put(out, table, cells)
    return out


def _put(out: list[tuple[Block, int | None]], table: etree._Element, cells: Sequence[Segment]) -> None:
    """Put a table at its place, instead of its cells."""
    own = {cell.n for cell in cells}
    out[:] = [one for one in out if one[1] not in own]
    at = next((i for i, (_, place) in enumerate(out) if place is not None and place > cells[0].n), len(out))
    out.insert(at, (table_block(table), cells[0].n))


def _is_own(table: etree._Element, cells: Sequence[Segment], boxes: Set[etree._Element], near: int) -> bool:
    """Tell whether a table stands in a box of the paragraphs."""
    around = [*islice(ancestry(table), 1, near + 1)]
    if table in boxes or not any(box in boxes for box in around) or any(box.tag in _APART for box in around):
        return False
    linked = sum(cell.linked * cell.size for cell in cells) / (sum(cell.size for cell in cells) or 1)
    return linked < (MOSTLY_LINKS if is_marked(table) else LINKED)

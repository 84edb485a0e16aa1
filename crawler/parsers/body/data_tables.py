"""Tables of data, told from those of layout, and their rows as lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from lxml import etree

from crawler.items import Block
from crawler.parsers.document.display import line_of
from crawler.parsers.document.segments import Segment

CELLS_PARTED = "\t"
"""Between the cells of a row."""

MAX_CELL = 400
"""Characters of a cell; a longer one is a column of a page."""

MOSTLY_LINKS = 0.9
"""Share of links from which a table with a head is a list of links too."""

MIN_ROWS, MIN_COLUMNS = 2, 2

MAX_TABLES = 500

MAX_LOOKED = 20_000
"""Elements of a table that are looked at."""

_LAYOUT = frozenset(
    ("table", "form", "input", "select", "button", "article", "section", "h1", "h2", "iframe", "video", "script", "blockquote", "center",
     "figure", "nav", "aside")
)  # fmt: skip
"""What stands in the cells of a layout, and hardly in those of data."""
_BLOCKS = frozenset(("br", "p", "div", "li", "ul", "ol", "dl", "dt", "dd", "h3", "h4", "h5", "h6", "hr", "td", "th", "tr", "caption"))


def is_data(table: etree._Element) -> bool:
    """Tell whether a table holds rows of several short cells, not a layout."""
    if table.get("role") in ("presentation", "none"):
        return False
    for element in islice(table.iterdescendants(), MAX_LOOKED):
        if element.tag in _LAYOUT:
            return False
    rows = [row for row in map(_cells, islice(table.iter("tr"), MAX_LOOKED)) if any(row)]
    wide = [row for row in rows if sum(map(bool, row)) >= MIN_COLUMNS]
    if any(len(cell) > MAX_CELL for row in rows for cell in row):
        return False
    return len(rows) >= MIN_ROWS and len(wide) >= (1 if is_marked(table) else MIN_ROWS) and 2 * len(wide) >= len(rows)


def is_marked(table: etree._Element) -> bool:
    """Tell whether a table has cells that are heads."""
    return next(table.iter("th"), None) is not None


def rows_of(table: etree._Element) -> Iterator[str]:
    """The rows of a table as lines, their cells parted by a tab."""
    for row in table.iter("tr"):
        if line := CELLS_PARTED.join(_cells(row)).strip():
            yield line


def table_block(table: etree._Element) -> Block:
    """Make the block of a table: a line for each row."""
    return Block(kind="table", text="\n".join(rows_of(table)))


def tables_among(segments: Iterable[Segment], box: etree._Element) -> dict[int, etree._Element]:
    """The data table in a box that holds each segment, by the segment's place."""
    tables = {table for table in islice(box.iter("table"), MAX_TABLES) if is_data(table)}
    if not tables:
        return {}
    held = ((segment.n, segment.inside("table")) for segment in segments if segment.text)
    return {n: table for n, table in held if table is not None and table in tables}


def _cells(row: etree._Element) -> list[str]:
    """The texts of a row's cells."""
    return [line_of(cell) for cell in row.iterchildren("td", "th")]

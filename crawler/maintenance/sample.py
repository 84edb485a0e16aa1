"""Sample of an index: captures with all others on which their rows depend."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Collection, Iterable

from attrs import field, frozen

from crawler.index.index import Index
from crawler.index.originals import MAX_CHAIN
from crawler.index.rows import CAPTURE_COLUMNS, capture_of
from crawler.items import Capture
from crawler.schema.capture_keys import has_one_of

MOST_TOGETHER = 200
"""Captures that one may depend on; if there are more, another one is drawn."""

_COLUMNS = ", ".join(f"c.{name}" for name in CAPTURE_COLUMNS)


@frozen(kw_only=True)
class Sample:
    """Keys and stories to be compared, and the captures from which their rows follow."""

    keys: set[str] = field(factory=set)
    """Of requests: `captures.key`."""
    stories: set[str] = field(factory=set)
    captures: dict[str, Capture] = field(factory=dict)
    """By record_id: those of the keys and stories, of the pictures that the stories show, and what revisits among them repeat."""

    def join(self, other: Sample) -> None:
        """Take another sample in."""
        self.keys.update(other.keys)
        self.stories.update(other.stories)
        self.captures.update(other.captures)


def draw(index: Index, count: int, *, sites: Collection[str], chance: random.Random) -> Sample:
    """Draw captures at random, each with what belongs to it.

    Args:
        count: How many are drawn; fewer where some cannot be looked at alone.
        sites: Only captures of these sites can be read.
    """
    sample = Sample()
    (last,) = index.query("SELECT coalesce(max(id), 0) FROM captures")[0]
    for _ in range(count if last else 0):
        for row in index.query("SELECT key FROM captures WHERE id >= ? ORDER BY id LIMIT 1", [chance.randint(1, last)]):
            found = together(index, row["key"]) if row["key"] not in sample.keys else None
            if found is not None and all(capture.site in sites for capture in found.captures.values()):
                sample.join(found)
    return sample


def together(index: Index, key: str) -> Sample | None:
    """Collect a key's captures with all they depend on; None if they are too many."""
    sample = Sample(keys={key})
    while True:
        before = len(sample.keys), len(sample.stories), len(sample.captures)
        _add(sample, index, has_one_of("{0}", "c."), sample.keys)
        _add(sample, index, "c.story_id IN ({0}) AND c.role != 'requisite'", sample.stories)
        shown = "SELECT s.capture_id FROM sightings s JOIN versions v ON v.id = s.version_id WHERE v.story_id IN ({0})"
        _add(sample, index, f"c.id IN ({shown})", sample.stories)
        sample.stories.update(_stories(index, sample))
        sample.keys.update(capture.key for capture in sample.captures.values())
        if len(sample.captures) > MOST_TOGETHER:
            return None
        if before == (len(sample.keys), len(sample.stories), len(sample.captures)):
            break
    pictures = "SELECT i.key FROM images i JOIN versions v ON v.id = i.version_id WHERE v.story_id IN ({0})"
    _add(sample, index, f"{has_one_of(pictures, 'c.')} AND c.role = 'requisite'", sample.stories)
    _add_originals(sample, index)
    if len(sample.captures) > MOST_TOGETHER or any(c.written_id is not None for c in sample.captures.values()):
        return None
    # The article of a lost capture is kept, and follows from no WARC.
    return None if _rows(index, "SELECT 1 FROM captures c WHERE c.record_id IN ({0}) AND c.state = 'lost'", sample.captures) else sample


def _add_originals(sample: Sample, index: Index) -> None:
    """Add the originals of revisits, and the revisits by which they are found."""
    named = "SELECT r.refers_to FROM captures r WHERE r.record_id IN ({0}) AND r.record_type = 'revisit'"
    for _ in range(MAX_CHAIN):
        before = len(sample.captures)
        _add(sample, index, f"c.record_id IN ({named})", sample.captures)
        if before == len(sample.captures):
            break
    _add(sample, index, "c.record_id IN ({0})", {c.revisit_of for c in sample.captures.values() if c.revisit_of})


def _stories(index: Index, sample: Sample) -> Iterable[str]:
    """The stories that captures were asked for, and those that they show."""
    yield from (c.story for c in sample.captures.values() if c.story and c.role != "requisite")
    sql = (
        "SELECT DISTINCT v.story_id FROM captures c JOIN sightings s ON s.capture_id = c.id JOIN versions v ON v.id = s.version_id"
        " WHERE c.record_id IN ({0})"
    )
    yield from (row[0] for row in _rows(index, sql, sample.captures))


def _add(sample: Sample, index: Index, where: str, names: Collection[str]) -> None:
    for row in _rows(index, f"SELECT {_COLUMNS} FROM captures c WHERE {where}", names):
        capture = capture_of(row)
        sample.captures[capture.record_id] = capture


def _rows(index: Index, sql: str, names: Collection[str]) -> list[sqlite3.Row]:
    values = list(names)[: MOST_TOGETHER * 2]
    return index.query(sql.format(", ".join(f"?{n}" for n in range(1, len(values) + 1))), values)

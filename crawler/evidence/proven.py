"""Records of captures with their ways up to a root."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from crawler.collection.layout import path_inside
from crawler.errors import NotFetched
from crawler.evidence.archived import holder_of, warc_of
from crawler.evidence.records import RecordFacts, exchange_records
from crawler.proofs.merkle import Step, proof_path
from crawler.proofs.record_tree import RecordTree, record_tree
from crawler.proofs.roots import UNKNOWN, Leaf, Root, numbers_of, read_root

if TYPE_CHECKING:
    from crawler.index.index import Index
    from crawler.items import Capture


@frozen(kw_only=True)
class Proven:
    """One record of an exchange, and its way from its bytes to a root."""

    facts: RecordFacts
    warc: Path
    offset: int
    """Of the leaf: the record, with what lies between it and the next one."""
    length: int
    leaf: bytes
    steps: list[Step]
    """To the root over the records of its WARC."""
    line: str
    """The leaf of that WARC in the list of the root."""
    day_steps: list[Step]
    root: Root


class Uncovered(NotFetched):
    """A record that no root covers."""


class Roots:
    """The roots of a collection: which one covers a WARC, and where."""

    def __init__(self, collection: Path) -> None:
        self._collection = collection
        self._of: dict[str, tuple[Root, int]] = {}
        for number in numbers_of(collection):
            root = read_root(collection, number)
            # A file that was sealed anew entered again: the last entry is of what lies there.
            self._of |= {leaf.path: (root, at) for at, leaf in enumerate(root.leaves)}

    def of(self, file: Path) -> tuple[Root, int] | None:
        """The root that covers a file, and which of its leaves the file is."""
        return self._of.get(path_inside(self._collection, file))


def is_covered(collection: Path, file: Path) -> bool:
    """Tell whether a root covers a WARC."""
    return Roots(collection).of(file) is not None


def proven_records(index: Index, collection: Path, capture: Capture, roots: Roots) -> Iterator[Proven]:
    """The records of an exchange, and of the one whose payload it repeats.

    Raises:
        Uncovered: No root covers them, or their WARC is not any more what the root covers.
        Damaged, OSError: A record cannot be read.
    """
    holder = holder_of(index, capture)
    for one in [capture] if holder is None or holder == capture else [capture, holder]:
        file = warc_of(collection, one)
        root, at, leaf = _covered(collection, file, roots)
        tree = _tree(file, file.stat().st_mtime_ns, file.stat().st_size)
        if tree.sha256 != leaf.sha256 or tree.root.hex() != leaf.record_root:
            raise Uncovered(f"{file.name}: is not any more what root {root.number} covers; `scrapy verify` tells what is wrong")
        for facts in exchange_records(index, collection, one):
            place = tree.leaf_at(facts.offset)
            offset, length = tree.range_of(place)
            yield Proven(
                facts=facts, warc=file, offset=offset, length=length, leaf=tree.leaves[place], steps=tree.path_of(place),
                line=leaf.line, day_steps=proof_path(root.hashes, at), root=root,
            )  # fmt: skip


def _covered(collection: Path, file: Path, roots: Roots) -> tuple[Root, int, Leaf]:
    found = roots.of(file)
    if found is None:
        why = "it is being written: the end of the crawl seals it" if file.suffix == ".open" else "`scrapy maintain` makes a root a day"
        raise Uncovered(f"{file.name}: no root covers it yet; {why}")
    leaf = found[0].leaves[found[1]]
    if leaf.record_root == UNKNOWN:
        raise Uncovered(f"{file.name}: was missing or changed when root {found[0].number} was made: nothing of it can be proved")
    return *found, leaf


@lru_cache(maxsize=4)
def _tree(file: Path, changed: int, size: int) -> RecordTree:
    """The tree over a file's records; read once for all captures in it."""
    return record_tree(file)

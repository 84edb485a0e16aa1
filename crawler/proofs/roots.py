"""Daily roots: a Merkle root over the WARCs that entered the chain since the last."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from attrs import frozen

from crawler.errors import ArchiveError, Damaged, Unreachable
from crawler.index.rows import iso, moment
from crawler.proofs.chain import FOLDER, START, Chain, Entry, quoted, unquoted
from crawler.proofs.manifest import write_whole
from crawler.proofs.merkle import leaf_hash, merkle_root
from crawler.proofs.record_tree import RecordTree, record_tree

ROOTS = f"{FOLDER}/roots"
TITLE = "news-archive-crawler root, format 1"
UNKNOWN = "-"
"""Record root of a file that was missing or changed when its root was made."""
_NAME = re.compile(r"([0-9]{6,})\.txt")
_LEAF = re.compile(r"([0-9a-f]{64}) ([0-9]+) ([0-9]+) ([0-9a-f]{64}|-) (\S+)")
_FIELDS = ("collection", "root", "made", "entries", "chain", "previous", "leaves", "merkle")

Trees = Callable[[Entry], RecordTree]
Find = Callable[[str], Path]
"""Where the file of a path in table `warcs` lies now."""


@frozen(kw_only=True)
class Leaf:
    """One WARC as a root names it."""

    sha256: str
    bytes: int
    records: int
    record_root: str
    """Root over its records, hex; `UNKNOWN` if the file could not be read."""
    path: str

    @property
    def line(self) -> str:
        """Its line in the list of leaves without the end: the data that is hashed."""
        return f"{self.sha256} {self.bytes} {self.records} {self.record_root} {quoted(self.path)}"


@frozen(kw_only=True)
class Root:
    """One root with its leaves, as its two files tell it."""

    number: int
    made: datetime
    first: int
    """The first entry of the chain that it covers, from 1."""
    last: int
    text: bytes
    """The file that is timestamped."""
    leaves: tuple[Leaf, ...]

    @property
    def sha256(self) -> str:
        """SHA-256 of the file that is timestamped, hex."""
        return hashlib.sha256(self.text).hexdigest()

    @property
    def hashes(self) -> list[bytes]:
        """The leaf hashes."""
        return [leaf_hash(leaf.line.encode()) for leaf in self.leaves]


def place_of(collection: Path, number: int, ending: str) -> Path:
    """A file of a root: `.txt` what is timestamped, `.leaves` its list, `.tsr` the timestamp."""
    return collection / ROOTS / f"{number:06d}{ending}"


def numbers_of(collection: Path) -> list[int]:
    """The numbers of the roots that are there."""
    folder = collection / ROOTS
    names = [_NAME.fullmatch(file.name) for file in folder.iterdir()] if folder.is_dir() else []
    return sorted(int(found[1]) for found in names if found)


def read_root(collection: Path, number: int) -> Root:
    """Read a root and its leaves.

    Raises:
        Damaged: A file is not one of ours.
        OSError: A file is missing or cannot be read.
    """
    place = place_of(collection, number, ".txt")
    text = place.read_bytes()
    lines = text.decode("ascii", "backslashreplace").split("\n")
    told = dict(line.partition(": ")[::2] for line in lines[1:-1])
    leaves = place_of(collection, number, ".leaves")
    found = [_LEAF.fullmatch(line) for line in leaves.read_text("ascii", "backslashreplace").split("\n")[:-1]]
    first, _, last = told.get("entries", "").partition("-")
    try:
        if lines[0] != TITLE or tuple(told) != _FIELDS or int(told["root"]) != number:
            raise ValueError
        return Root(
            number=number, made=moment(told["made"]), first=int(first), last=int(last), text=text,
            leaves=tuple(
                Leaf(sha256=one[1], bytes=int(one[2]), records=int(one[3]), record_root=one[4], path=unquoted(one[5]))
                for one in found if one
            ),
        )  # fmt: skip
    except ValueError as error:
        raise Damaged(place, 0, "not a root of this crawler") from error


def faults_of(collection: Path, root: Root, chain: Chain, before: str) -> list[str]:
    """Compare a root with its leaves, with the chain and with the root before it.

    Args:
        before: SHA-256 of the file of the root before, hex.
    """
    covered = chain.entries[root.first - 1 : root.last]
    name = f"{ROOTS}/{root.number:06d}"
    expected = _text(collection_of(root), root.number, root.made, root.first, covered, before, root.leaves)
    faults = [] if root.text == expected else [f"{name}.txt: does not follow from its leaves, the chain and the root before it"]
    wrong = [leaf.path for leaf, entry in zip(root.leaves, covered, strict=False) if (leaf.path, leaf.sha256) != (entry.path, entry.sha256)]
    if wrong or len(root.leaves) != len(covered):
        faults.append(f"{name}.leaves: not the entries {root.first} to {root.last} of the chain")
    return faults


def collection_of(root: Root) -> str:
    """The name of the collection, as the file of the root tells it."""
    return unquoted(root.text.split(b"\n")[1].decode("ascii", "backslashreplace").partition(": ")[2])


def make_root(collection: Path, chain: Chain, *, now: datetime, trees: Trees) -> tuple[Root, list[str]] | None:
    """Make the root over all entries that no root covers; None if there are none.

    To be called under the collection's lock.

    Args:
        trees: Reads the file of an entry.
    Returns:
        The root, once it is on disk, and what was wrong with its files.
    Raises:
        OSError: It could not be written.
        Damaged: The root before is damaged.
    """
    numbers = numbers_of(collection)
    before = read_root(collection, numbers[-1]) if numbers else None
    first = before.last + 1 if before else 1
    entries = chain.entries[first - 1 :]
    if not entries:
        return None
    faults: list[str] = []
    leaves = tuple(_leaf(entry, trees, faults) for entry in entries)
    number = numbers[-1] + 1 if numbers else 1
    made = moment(iso(max(now, entries[-1].entered)))
    text = _text(collection.name, number, made, first, entries, before.sha256 if before else START, leaves)
    place_of(collection, number, ".txt").parent.mkdir(parents=True, exist_ok=True)
    write_whole(place_of(collection, number, ".leaves"), "".join(f"{leaf.line}\n" for leaf in leaves).encode("ascii"))
    write_whole(place_of(collection, number, ".txt"), text)
    return Root(number=number, made=made, first=first, last=first + len(entries) - 1, text=text, leaves=leaves), faults


def _leaf(entry: Entry, trees: Trees, faults: list[str]) -> Leaf:
    """The leaf of an entry; a missing or changed file has no record root."""
    try:
        tree = trees(entry)
        if tree.sha256 == entry.sha256:
            return Leaf(
                sha256=entry.sha256, bytes=entry.bytes, records=len(tree.leaves), record_root=tree.root.hex(), path=entry.path
            )  # fmt: skip
        faults.append(f"{entry.path}: is not the file any more that entered the chain: its SHA-256 is {tree.sha256}")
    except Unreachable:
        raise  # it is not missing: the next call makes the root
    except (OSError, ArchiveError) as error:
        faults.append(f"{entry.path}: {error.strerror or error}" if isinstance(error, OSError) else str(error))
    return Leaf(sha256=entry.sha256, bytes=entry.bytes, records=0, record_root=UNKNOWN, path=entry.path)


def _text(
    name: str, number: int, made: datetime, first: int, entries: Sequence[Entry], before: str, leaves: Sequence[Leaf]
) -> bytes:  # fmt: skip
    """The file of a root; the first and last entry are numbered from 1."""
    merkle = merkle_root([leaf_hash(leaf.line.encode()) for leaf in leaves]).hex()
    link = entries[-1].link if entries else START
    values = (quoted(name), number, iso(made), f"{first}-{first + len(entries) - 1}", link, before, len(leaves), merkle)
    return "".join([f"{TITLE}\n", *(f"{field}: {value}\n" for field, value in zip(_FIELDS, values, strict=True))]).encode("ascii")


def record_trees(
    collection: Path, reached: Callable[[Path], Callable[[int], None]] | None = None, *, find: Find | None = None
) -> Trees:  # fmt: skip
    """Read the files of entries where they lie.

    Args:
        reached: Called with each file before it is read; the returned function is called with the offset reached.
        find: Returns where the file of an entry's path lies; None: in the collection.
    """

    def read(entry: Entry) -> RecordTree:
        path = find(entry.path) if find is not None else collection / entry.path
        return record_tree(path, reached(path) if reached else None)

    return read

"""Check of a collection's proofs: manifest, chain, roots, timestamps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path

from attrs import Factory, define

from crawler.errors import Damaged, SetupError
from crawler.formatting import counted
from crawler.index.rows import Value
from crawler.proofs.chain import CHAIN, START, Chain, read_chain
from crawler.proofs.manifest import MANIFEST, read_manifest
from crawler.proofs.roots import ROOTS, UNKNOWN, Find, Root, Trees, faults_of, numbers_of, place_of, read_root, record_trees
from crawler.proofs.timestamps import check_timestamp, trusted


@define
class ProofCheck:
    """Findings on the proofs of one collection."""

    faults: list[str] = Factory(list)
    notes: list[str] = Factory(list)
    entries: int = 0
    roots: int = 0
    stamped: list[datetime] = Factory(list)
    """Times of the timestamps that were checked."""


def check_proofs(
    collection: Path, warcs: Callable[[], Iterable[Mapping[str, Value]]], *, ca_file: str = "", deep: bool = False,
    find: Find | None = None,
) -> ProofCheck:  # fmt: skip
    """Check manifest, chain, roots and timestamps against each other and against table `warcs`.

    That the files have the SHA-256 of table `warcs` is checked where they are read.

    Args:
        warcs: Returns the rows of table `warcs`; called once the files are read, since a crawl enters files behind their rows.
        ca_file: PEM of the authority's root certificates; without it timestamps are counted and not checked.
        deep: Read each WARC again for the root over its records.
        find: As `roots.record_trees`.
    """
    found = ProofCheck()
    try:
        chain, manifest = read_chain(collection), read_manifest(collection)
        rows = {str(row["path"]): row for row in warcs() if row["sealed"]}
        _check_manifest(manifest, rows, found)
        _check_chain(chain, rows, found)
        roots = _check_roots(collection, chain, found)
        _check_timestamps(collection, roots, ca_file, found)
        if deep:
            _check_records(record_trees(collection, find=find), roots, chain, found)
    except OSError as error:
        found.faults.append(f"{error.filename or collection}: cannot be read: {error.strerror or error}")
    return found


def _check_manifest(held: dict[str, str], rows: Mapping[str, Mapping[str, Value]], found: ProofCheck) -> None:
    for path, row in rows.items():
        listed = held.pop(path, None)
        if listed is not None and row["sha256"] and listed != row["sha256"]:
            found.faults.append(f"{MANIFEST}: {path} has another SHA-256 there than in table warcs")
    found.faults += [f"{MANIFEST}: {path} is listed, and not in table warcs" for path in held]


def _check_chain(chain: Chain, rows: Mapping[str, Mapping[str, Value]], found: ProofCheck) -> None:
    found.entries = len(chain.entries)
    found.faults += chain.faults
    latest = chain.latest()
    late = 0
    for path, row in rows.items():
        entry = latest.pop(path, None)
        if entry is None:
            late += bool(row["sha256"])
        elif row["sha256"] and entry.sha256 != row["sha256"]:
            found.faults.append(f"{CHAIN}: {path} entered with another SHA-256 than that of table warcs")
    found.faults += [f"{CHAIN}: {path} entered on {entry.entered:%Y-%m-%d}, and is not in table warcs" for path, entry in latest.items()]
    if late:
        found.notes.append(f"{counted(late, 'sealed WARC')} not in the chain yet: the next crawl or `scrapy maintain` enters them")
    again = len(chain.entries) - len(chain.latest())
    if again:
        found.notes.append(f"{counted(again, 'WARC')} entered the chain again, sealed anew by a repair")


def _check_roots(collection: Path, chain: Chain, found: ProofCheck) -> list[Root]:
    numbers = numbers_of(collection)
    found.roots = len(numbers)
    roots, before, first = list[Root](), START, 1
    if numbers != list(range(1, len(numbers) + 1)):
        found.faults.append(f"{ROOTS}: not all roots from 1 to {numbers[-1]} are there")
    for number in numbers:
        try:
            root = read_root(collection, number)
        except Damaged as error:
            found.faults.append(f"{ROOTS}/{number:06d}.txt: {error.what}")
            continue
        found.faults += faults_of(collection, root, chain, before)
        if root.first != first:
            found.faults.append(f"{ROOTS}/{number:06d}.txt: begins at entry {root.first}, not at {first}")
        lost = [leaf.path for leaf in root.leaves if leaf.record_root == UNKNOWN]
        found.faults += [f"{ROOTS}/{number:06d}.leaves: {path} was missing or changed when this root was made" for path in lost]
        roots.append(root)
        before, first = root.sha256, root.last + 1
    if numbers and len(chain.entries) < first - 1:
        found.faults.append(f"{CHAIN}: ends at entry {len(chain.entries)}, and the roots cover {first - 1}")
    if (left := len(chain.entries) - (first - 1)) > 0:
        found.notes.append(f"{counted(left, 'WARC')} in no root yet: `scrapy maintain` makes one a day")
    return roots


def _check_timestamps(collection: Path, roots: list[Root], ca_file: str, found: ProofCheck) -> None:
    stamped = [root for root in roots if place_of(collection, root.number, ".tsr").exists()]
    if not stamped:
        return
    if bare := len(roots) - len(stamped):
        found.notes.append(f"{counted(bare, 'root')} without a timestamp")
    if not ca_file:
        found.notes.append(f"{counted(len(stamped), 'timestamp')} not checked: ARCHIVE_TSA_CA_FILE names no certificates")
        return
    try:
        certificates = trusted(Path(ca_file))
        for root in stamped:
            try:
                found.stamped.append(check_timestamp(collection, root.number, certificates))
            except Damaged as error:
                found.faults.append(f"{ROOTS}/{root.number:06d}.tsr: {error.what}")
    except SetupError as error:
        found.faults.append(str(error))


def _check_records(trees: Trees, roots: list[Root], chain: Chain, found: ProofCheck) -> None:
    """Read each WARC again; one that entered again is held against its last leaf."""
    latest = {leaf.path: leaf for root in roots for leaf in root.leaves}
    for path, entry in chain.latest().items():
        leaf = latest.get(path)
        if leaf is None or leaf.record_root == UNKNOWN or leaf.sha256 != entry.sha256:
            continue
        try:
            tree = trees(entry)
        except (OSError, Damaged) as error:
            found.faults.append(f"{path}: its records cannot be read again: {error}")
            continue
        if tree.root.hex() != leaf.record_root:
            found.faults.append(f"{path}: the root over its records is another than the one that was kept")

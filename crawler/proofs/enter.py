"""Entry of sealed WARCs into manifest and chain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from crawler import clock
from crawler.index.index import Index
from crawler.index.rows import Value
from crawler.proofs.chain import Entry, append, read_chain
from crawler.proofs.manifest import write_manifest


def enter_sealed(collection: Path, rows: Iterable[Mapping[str, Value]]) -> Sequence[Entry]:
    """Write the manifest, and add to the chain each further sealed WARC.

    To be called under the collection's lock. A file that was sealed anew (by a repair) gets a second entry, and the first stands.

    Args:
        rows: Of table `warcs`.
    Returns:
        The new entries.
    Raises:
        OSError: Something could not be written; the next call goes on there.
    """
    sealed = sorted((row for row in rows if row["sealed"] and row["sha256"]), key=lambda row: (str(row["sealed"]), str(row["name"])))
    write_manifest(collection, {str(row["path"]): str(row["sha256"]) for row in sealed})
    chain = read_chain(collection)
    latest = chain.latest()
    fresh = [
        (str(row["path"]), str(row["sha256"]), int(str(row["bytes"])))
        for row in sealed
        if row["bytes"] is not None and not ((known := latest.get(str(row["path"]))) and known.sha256 == row["sha256"])
    ]
    return append(collection, chain, fresh, now=clock.now())


def enter_of_index(collection: Path) -> Sequence[Entry]:
    """As `enter_sealed`, with the rows of the collection's index.

    Raises:
        OSError: As `enter_sealed`.
        SetupError: The index cannot be read.
    """
    with Index.open(collection / "index.db", readonly=True) as index:
        rows = index.warcs()
    return enter_sealed(collection, rows)

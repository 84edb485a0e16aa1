"""Files of a collection beside its WARCs: proofs, metadata, lists of pages."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from crawler.collection.layout import PACKAGES
from crawler.proofs.chain import CHAIN
from crawler.proofs.manifest import MANIFEST
from crawler.proofs.roots import ROOTS
from crawler.storage.putting import put_over
from crawler.storage.store_path import StorePath, store_path

METADATA = "metadata.yaml"


def files_beside(path: Path) -> Iterator[Path]:
    """The files that a collection needs beside its WARCs and cannot make from them."""
    for name in (MANIFEST, CHAIN, METADATA):
        if (path / name).is_file():
            yield path / name
    for folder in (ROOTS, PACKAGES):
        yield from sorted(file for file in (path / folder).glob("*") if file.is_file() and not file.name.startswith("."))


def put_beside(path: Path, folder: StorePath, sent: dict[str, str]) -> None:
    """Put those that have changed since they were put last.

    Args:
        sent: SHA-256 of what was put, by address; filled here.
    Raises:
        SetupError, Unreachable: Of the store.
    """
    for file in files_beside(path):
        address = store_path(f"{folder}/{file.relative_to(path).as_posix()}")
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        if sent.get(str(address)) != digest:
            put_over(file, address)
            sent[str(address)] = digest


def get_beside(path: Path, folder: StorePath) -> int:
    """Fetch those that are not here; return their number.

    Raises:
        SetupError, Unreachable: Of the store.
    """
    count = 0
    for address in folder.listed():
        inside = str(address).removeprefix(f"{folder}/")
        wanted = inside in (MANIFEST, CHAIN, METADATA) or inside.startswith((f"{ROOTS}/", f"{PACKAGES}/"))
        file = path / inside
        if wanted and not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            with address.open("rb") as source:
                file.write_bytes(source.read())
            count += 1
    return count

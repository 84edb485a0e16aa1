"""What holds in a collection after every crawl, replay, reindex and repair, whatever it met: checked behind each one of the suite.

`stands` calls `check` when such a command has ended; a test does not ask for it. The tables are read as SQLite gives them and the WARCs
by warcio, so that what the crawler says of itself is not judged by the code that says it.

    COLLECTION: [check] what is wrong and where
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Container
from contextlib import closing
from pathlib import Path
from typing import Any

import archive_invariants
import rebuild_invariants
import run_invariants
import story_invariants
from attrs import frozen
from closed import CHECKS, Collection

KNOWN_MISSING: dict[str, str] = {}
"""Checks that are not held to yet, with the reason. Empty where the product keeps its word."""

MODULES = (archive_invariants, story_invariants, run_invariants, rebuild_invariants)
"""Where the checks are; each puts its own into CHECKS."""
MOST = 5
"""Complaints of one check that are shown."""


@frozen
class Complaint:
    """One broken promise."""

    check: str
    what: str


def complaints(path: Path, *, skip: Container[str] = KNOWN_MISSING, **known: Any) -> list[Complaint]:
    """What is wrong with a collection; see `Collection` for what may be known of the command that closed it.

    Args:
        skip: Names of checks that are not made.
    """
    with closing(_copy(path / "index.db")) as db:
        collection = Collection(path, db, **known)
        return [Complaint(name, what) for name, found in CHECKS.items() if name not in skip for what in found(collection)]


def check(path: Path, **known: Any) -> None:
    """Raise where a promise is broken.

    Raises:
        AssertionError: Names each check, what is wrong and where.
    """
    found, shown = complaints(path, **known), Counter[str]()
    lines = []
    for one in found:
        shown[one.check] += 1
        if shown[one.check] <= MOST:
            lines.append(f"{path}: [{one.check}] {one.what}")
    if found:
        words = f"{len(found)} invariants are broken after {known.get('command', 'open')} (exit {known.get('code')}):"
        raise AssertionError("\n".join([words, *lines]))


def _copy(path: Path) -> sqlite3.Connection:
    """The index in memory: nothing is written beside the one on disk, and full text can be compared."""
    log = path.with_name(f"{path.name}-wal")
    mode = "mode=ro" if log.exists() and log.stat().st_size else "immutable=1"
    memory = sqlite3.connect(":memory:", isolation_level=None)
    memory.row_factory = sqlite3.Row
    with closing(sqlite3.connect(f"file:{path}?{mode}", uri=True)) as source:
        source.backup(memory)
    return memory

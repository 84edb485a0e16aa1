"""Daily roots over sealed WARCs, and their timestamps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime
from functools import partial
from pathlib import Path

from attrs import Factory, define

from crawler import clock
from crawler.collection.collection import Collection
from crawler.collection.layout import lying
from crawler.disk.write_errors import told_if_full
from crawler.errors import ArchiveError, SetupError
from crawler.evidence.proven import Roots
from crawler.formatting import counted
from crawler.proofs.chain import read_chain
from crawler.proofs.enter import enter_of_index
from crawler.proofs.roots import make_root, numbers_of, read_root, record_trees
from crawler.proofs.timestamps import stamp, unstamped

TSA_SECONDS = 20.0
"""For each wait on a timestamp authority."""
MOST_STAMPS = 100
"""Timestamps that one call asks for: after a long absence of the authority the next calls go on."""
Begin = Callable[[Path], Callable[[int], None]]
"""Called with each file before it is read; the returned function is called with the offset reached."""


@define
class Sealed:
    """Work on the proofs of one collection, filled while it is done."""

    done: list[str] = Factory(list)
    faults: list[str] = Factory(list)
    """WARCs that are missing or are not any more what entered the chain."""
    problems: list[ArchiveError] = Factory(list)
    """What could not be done: the authority did not answer."""


def seal_day(path: Path, begin: Begin, *, tsa_url: str | None, at_once: bool = False) -> Sealed:
    """Enter sealed WARCs into the chain, make the root of the day, have roots timestamped.

    Takes the collection's lock.

    Args:
        tsa_url: Of the timestamp authority; None: no timestamps.
        at_once: Make a root over what entered since the last one though one was made today.
    Raises:
        CollectionLocked: A crawl is writing.
        Damaged: A root of before is damaged.
        SetupError: The index or a proof cannot be read or written.
        WriteFailed: The disk is full.
    """
    sealed = Sealed()
    try:
        with told_if_full(path), closing(Collection.hold(path)):
            entered = enter_of_index(path)
            chain, now = read_chain(path), clock.now()
            if chain.faults:
                sealed.faults += chain.faults
                return sealed
            trees = record_trees(path, begin, find=partial(lying, path))
            made = make_root(path, chain, now=now, trees=trees) if at_once or not _made_on(path, now) else None
            if made:
                sealed.faults += made[1]
            sealed.done.append(f"{counted(len(entered), 'WARC')} entered the chain" + (f", root {made[0].number} made" if made else ""))
            if tsa_url:
                _stamp_all(path, tsa_url, sealed)
    except OSError as error:
        raise SetupError(f"{error.filename or path}: {error.strerror or error}") from error
    return sealed


def _made_on(path: Path, now: datetime) -> bool:
    """Tell whether the last root is of today, in UTC."""
    numbers = numbers_of(path)
    return bool(numbers) and read_root(path, numbers[-1]).made.date() >= now.date()


def _stamp_all(path: Path, tsa_url: str, sealed: Sealed) -> None:
    """Have roots without a timestamp stamped, the newest first: it vouches for the others."""
    stamped = 0
    waiting = unstamped(path)
    for number in sorted(waiting, reverse=True)[:MOST_STAMPS]:
        try:
            stamp(path, number, tsa_url, seconds=TSA_SECONDS)
            stamped += 1
        except ArchiveError as error:  # the next call asks again; what is left would meet the same
            sealed.problems.append(error)
            break
    if waiting:
        sealed.done.append(f"{stamped} of {counted(len(waiting), 'root')} timestamped")


def cover(path: Path, files: Sequence[Path], *, tsa_url: str | None) -> list[str]:
    """Make and stamp a root where none covers a WARC; returns faults of files.

    Args:
        files: WARCs that roots must cover.
    Raises:
        NotFetched: The authority did not answer.
        CollectionLocked, Damaged, SetupError, WriteFailed: As `seal_day`.
    """
    roots = Roots(path)
    bare = set(unstamped(path)) if tsa_url else set()
    found = [roots.of(file) for file in files]
    if all(one is not None and one[0].number not in bare for one in found):
        return []
    sealed = seal_day(path, lambda _: lambda _: None, tsa_url=tsa_url, at_once=True)
    if sealed.problems:
        raise sealed.problems[0]
    return sealed.faults

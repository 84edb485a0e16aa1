"""Housekeeping of the store: upload what waits, read a share back."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from attrs import Factory, define, frozen

from crawler.errors import ArchiveError, Unreachable
from crawler.formatting import counted, size
from crawler.index.index import Index
from crawler.storage.putting import read_back
from crawler.storage.store_path import store_path
from crawler.uploading.upload import AtRest, Upload, gravest
from crawler.uploading.uploader import FIRST_WAIT, MOST_WAIT, SettingsLike, check_settings


@frozen(kw_only=True)
class StoreOptions:
    """Settings of the store."""

    address: str
    keep_local: bool
    wait: float
    """Seconds for which a store that is away is waited for."""


@define
class Stored:
    """Work done with the store, and findings."""

    done: list[str] = Factory(list)
    faults: list[str] = Factory(list)
    problems: list[ArchiveError] = Factory(list)


def store_options(settings: SettingsLike | Any) -> StoreOptions | None:
    """Read ARCHIVE_STORE and what goes with it; None without.

    Raises:
        Usage, SetupError: They mean nothing.
    """
    if not settings.get("ARCHIVE_STORE"):
        return None
    check_settings(settings)
    return StoreOptions(
        address=str(store_path(str(settings.get("ARCHIVE_STORE")))), keep_local=settings.getbool("ARCHIVE_KEEP_LOCAL", True),
        wait=float(settings.get("ARCHIVE_FRONTIER_WAIT")),
    )  # fmt: skip


def look_after_store(path: Path, options: StoreOptions, checked: Sequence[str]) -> Stored:
    """Upload the WARCs that wait, and read back those whose local copies were checked now.

    Those that are in the store alone were read from there by that check.

    Args:
        checked: Names of the WARCs that this housekeeping has read.
    Raises:
        CollectionLocked: A crawl is writing; it uploads by itself.
        SetupError, Unreachable: Of the store.
        WriteFailed: The disk is full.
    """
    found = Stored()
    _read_back(path, checked, found)
    upload = Upload(AtRest(path), options.address, keep_local=options.keep_local)
    try:
        _upload(upload, options.wait)
    except Unreachable as error:
        if (told := gravest(upload, error, len(upload.waiting()))) is not None:
            found.problems.append(told)
    found.faults += [str(error) for error in upload.faults.values()]
    if upload.done:
        found.done.append(f"{counted(upload.done, 'WARC')} uploaded and read back, {size(upload.bytes)}")
    return found


def _upload(upload: Upload, patience: float) -> None:
    """Upload all that waits; try again while the store is away."""
    until, wait = time.monotonic() + patience, FIRST_WAIT
    while True:
        try:
            for _ in upload.some(at_once=True):
                until, wait = time.monotonic() + patience, FIRST_WAIT
            upload.beside()
            return
        except Unreachable:
            if time.monotonic() + wait > until:
                raise
            time.sleep(wait)
            wait = min(MOST_WAIT, 2 * wait)


def _read_back(path: Path, checked: Sequence[str], found: Stored) -> None:
    """Read objects whose local copies were checked, and compare them with table `warcs`."""
    with Index.open(path / "index.db", readonly=True) as index:
        rows = {str(row["name"]): row for row in index.warcs()}
    for name in checked:
        row = rows.get(name, {})
        if not row.get("address") or row.get("safety") != "verified" or not (path / "archive" / name).exists():
            continue
        address = store_path(str(row["address"]))
        try:
            there = read_back(address)
        except FileNotFoundError:
            found.faults.append(f"{address}: is not there any more: uploaded again")
            AtRest(path).now(lambda index, name=name: index.set_safety(name, "written", address=None, stored=None))  # type: ignore[misc]
            continue
        if there != row["sha256"]:
            found.faults.append(f"{address}: reads back otherwise than it was sealed: SHA-256 {there}, not {row['sha256']!s}")
        else:
            found.done.append(f"{name} read back from the store")

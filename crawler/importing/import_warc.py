"""Import web archive files of any origin: copy, convert, unpack, or refer to them."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from attrs import evolve, frozen

from crawler.archive_files import convert, in_place, wacz
from crawler.archive_files.formats import kind_of
from crawler.archive_files.inputs import STDIN, Input
from crawler.collection.layout import WarcFile, elsewhere, find_warc, refer
from crawler.errors import SetupError
from crawler.importing.page_lists import keep_pages
from crawler.importing.warc_names import free_name, is_other_name, name_in_collection, split_name, suffix_of
from crawler.storage.opening import sha256_of
from crawler.storage.store_path import is_address
from crawler.warc.output_file import sync_folder
from crawler.warc.records import Fault

INCOMING = "incoming"
"""Folder of a collection: files that are being unpacked or came over a pipe; emptied afterwards."""


@frozen(kw_only=True)
class Imported:
    """One WARC that belongs to a collection now."""

    file: WarcFile
    sha256: str
    source: str
    """The source: a path, and for a WACZ the name in it."""
    known: bool = False
    """The collection had a file of the same content."""
    renamed: bool = False
    """It got another name, since a file of other content has its own."""
    faults: tuple[Fault, ...] = ()
    """Parts of the source that could not be imported."""


def check_input(one: Input, *, copy: bool) -> None:
    """Check by its first bytes that a file can be imported.

    Raises:
        SetupError: It cannot; says what it is and what to do.
    """
    if one.is_stream:
        if not copy:
            raise SetupError(f"{one.path}: what comes over a pipe can only be copied; leave out copy=no")
        return
    kind = kind_of(one.path)
    if copy:
        return
    if kind not in in_place.IN_PLACE:
        raise SetupError(f"{one.path}: of a {kind} file only a copy, converted, can be replayed; leave out copy=no")
    if kind == "warc.gz" and (problem := in_place.unreadable(one.path)):
        raise SetupError(f"{problem}: only a copy of it, converted, can be replayed; leave out copy=no")


def import_file(one: Input, collection: Path, *, copy: bool) -> Iterator[Imported]:
    """Import a file into a collection; yields its WARC, or those of a WACZ.

    Raises:
        SetupError: It cannot be taken; nothing of it is kept.
        OSError: The disk.
    """
    if one.is_stream:
        yield from _spooled(one, collection)
        return
    check_input(one, copy=copy)
    file = one.path.resolve()
    own = _own(file, collection)
    if own is not None:
        yield Imported(file=own, sha256=sha256_of(file), source=str(one.path), known=True)
    elif not copy:
        yield _referred(file, collection)
    elif kind_of(file) in ("wacz", "multi-wacz"):
        yield from _unpacked(file, collection)
    else:
        yield _copied(file, collection)


def _own(file: Path, collection: Path) -> WarcFile | None:
    """The file of the collection at a path, if it is one already."""
    if file.parent == (collection / "archive").resolve() and split_name(file.name)[1]:
        return WarcFile(name=file.name, path=file)
    return next((one for one in elsewhere(collection) if one.path == file), None)


def _referred(file: Path, collection: Path) -> Imported:
    digest = sha256_of(file)
    name, known = free_name(collection, name_in_collection(file.name, suffix_of(file)), digest)
    if not known:
        refer(collection, name, file)
    place = WarcFile(name=name, path=find_warc(collection, name))
    return Imported(file=place, sha256=digest, source=str(file), known=known, renamed=is_other_name(file, name))


def _copied(file: Path, collection: Path, *, source: str | None = None) -> Imported:
    """Copy a file, converted if it cannot be read record by record in place."""
    archive = collection / "archive"
    part = archive / f"{name_in_collection(file.name, '.warc.gz')}.part"
    faults: tuple[Fault, ...] = ()
    try:
        if in_place.unreadable(file):
            faults = convert.convert(file, part).faults
            digest, suffix = sha256_of(part), ".warc.gz"
        else:
            suffix = suffix_of(file)
            there = archive / name_in_collection(file.name, suffix)
            same_size = there.exists() and there.stat().st_size == file.stat().st_size
            digest = sha256_of(file) if same_size else _copy(file, part)
        name, known = free_name(collection, name_in_collection(file.name, suffix), digest)
        target = archive / name
        if not known:
            if not part.exists():
                _copy(file, part)
            _keep_times(file, part)
            _synced(part)
            part.replace(target)
            sync_folder(archive)
    finally:
        part.unlink(missing_ok=True)
    place = WarcFile(name=name, path=find_warc(collection, name))
    return Imported(file=place, sha256=digest, source=source or str(file), known=known, renamed=is_other_name(file, name), faults=faults)


def _unpacked(file: Path, collection: Path) -> Iterator[Imported]:
    """Import each WARC of a WACZ, and its list of pages."""
    folder = _incoming(collection)
    try:
        contents = wacz.unpack(file, folder)
        if not contents.warcs:
            what = f": {contents.faults[0].what}" if contents.faults else ""
            raise SetupError(f"{file}: no WARC can be taken out of it{what}: not replayed, nothing was changed")
        keep_pages(file, contents.pages, collection)
        faults = tuple(contents.faults)
        for inner in contents.warcs:
            where = f"{file}: {inner.relative_to(folder)}"
            try:
                imported = _copied(inner, collection, source=where)
            except SetupError as error:
                faults = (*faults, Fault(path=file, offset=0, what=str(error).replace(str(inner), inner.name)))
                continue
            inner.unlink()
            own = [Fault(path=file, offset=0, what=f"{inner.name}, offset {fault.offset}: {fault.what}") for fault in imported.faults]
            yield evolve(imported, faults=(*faults, *own))
            faults = ()
        if faults:
            raise SetupError("; ".join(fault.what for fault in faults))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _spooled(one: Input, collection: Path) -> Iterator[Imported]:
    """Import a pipe, written to a file first, since reading it needs seeking."""
    folder = _incoming(collection)
    try:
        file = folder / "piped"
        if str(one.path) == STDIN:
            digest = _write(sys.stdin.buffer, file)
        else:
            with one.path.open("rb") as source:
                digest = _write(source, file)
        named = file.rename(folder / f"piped-{digest[:8]}")
        for imported in import_file(Input(path=named), collection, copy=True):
            yield evolve(imported, source=str(one.path), faults=tuple(evolve(fault, path=one.path) for fault in imported.faults))
    except SetupError as error:
        raise SetupError(str(error).replace(str(folder), str(one.path))) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _incoming(collection: Path) -> Path:
    """Make a folder for unpacking, and delete those that a crash left."""
    folder = collection / INCOMING / str(os.getpid())
    for left in (collection / INCOMING).glob("*"):
        if not Path(f"/proc/{left.name}").exists():
            shutil.rmtree(left, ignore_errors=True)
    number = 0
    while (folder / str(number)).exists():
        number += 1
    (folder / str(number)).mkdir(parents=True)
    return folder / str(number)


# -- bytes


def _copy(file: Path, target: Path) -> str:
    with file.open("rb") as source:
        return _write(source, target)


_PIECE_BYTES = 1024 * 1024


def _write(source: BinaryIO, target: Path) -> str:
    """Write a stream to a file; its SHA-256."""
    digest = hashlib.sha256()
    with target.open("wb") as out:
        while piece := source.read(_PIECE_BYTES):
            digest.update(piece)
            out.write(piece)
    return digest.hexdigest()


def _keep_times(file: Path, copy: Path) -> None:
    if is_address(file):
        changed = file.stat().st_mtime
        os.utime(copy, (changed, changed))
    else:
        shutil.copystat(file, copy)


def _synced(file: Path) -> None:
    with file.open("rb") as written:
        os.fsync(written.fileno())

"""Web archive files of any origin brought into a collection: copied, converted, unpacked, or referred to where they lie."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from attrs import evolve, frozen

from crawler.archive_files import convert, in_place, wacz
from crawler.archive_files.formats import kind_of
from crawler.archive_files.inputs import STDIN, Input
from crawler.collection.layout import WarcFile, elsewhere, find_warc, refer
from crawler.errors import SetupError
from crawler.index.imports import PageListed, add_page_list
from crawler.index.index import Index
from crawler.warc.output_file import sync_folder
from crawler.warc.records import Fault

INCOMING = "incoming"
"""In a collection: what is being unpacked or was sent over a pipe; emptied when it has been taken."""
PACKAGES = "packages"
"""In a collection: the page lists of WACZ files, one line of JSON a page."""
MAX_NAME_BYTES = 180

_ENDS = (".warc.gz", ".warc", ".warc.gz.open")
_PIECE_BYTES = 1024 * 1024
_PACKING = re.compile(r"(?P<stem>.*?)(?:\.w?arc)?(?:\.gz|\.zst)?(?:\.open)?(?P<number>(?:\.\d{1,6})?)", re.IGNORECASE)
_ODD = re.compile(r"[\x00-\x1f\x7f*?\\/]|[^\x20-\U0010ffff]|[\ud800-\udfff]")


@frozen(kw_only=True)
class Imported:
    """One WARC that belongs to a collection now."""

    file: WarcFile
    sha256: str
    source: str
    """What it was made of: a path, and for a WACZ the name in it."""
    held: bool = False
    """Whether the collection had a file of the very same content."""
    renamed: bool = False
    """Whether another name had to be found, since a file of other content has its own."""
    faults: tuple[Fault, ...] = ()
    """What of the source could not be brought over."""


def check_input(one: Input, *, copy: bool) -> None:
    """See that a file can be taken, by its first bytes.

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


def bring(one: Input, collection: Path, *, copy: bool) -> Iterator[Imported]:
    """Bring a file into a collection; the WARCs that it comes to, one, or those of a WACZ.

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
        yield Imported(file=own, sha256=sha256_of(file), source=str(one.path), held=True)
    elif not copy:
        yield _referred(file, collection)
    elif kind_of(file) in ("wacz", "multi-wacz"):
        yield from _unpacked(file, collection)
    else:
        yield _copied(file, collection)


def _own(file: Path, collection: Path) -> WarcFile | None:
    """A file that belongs to the collection already, where it lies."""
    if file.parent == (collection / "archive").resolve() and _split(file.name)[1]:
        return WarcFile(name=file.name, path=file)
    return next((held for held in elsewhere(collection) if held.path == file), None)


def _referred(file: Path, collection: Path) -> Imported:
    digest = sha256_of(file)
    name, held = _free(collection, name_in_collection(file.name, _suffix(file)), digest)
    if not held:
        refer(collection, name, file)
    place = WarcFile(name=name, path=find_warc(collection, name))
    return Imported(file=place, sha256=digest, source=str(file), held=held, renamed=_is_other(file, name))


def _copied(file: Path, collection: Path, *, source: str | None = None) -> Imported:
    """Copy a file, converted where it cannot be read record by record in place."""
    archive = collection / "archive"
    part = archive / f"{name_in_collection(file.name, '.warc.gz')}.part"
    faults: tuple[Fault, ...] = ()
    try:
        if in_place.unreadable(file):
            faults = convert.convert(file, part).faults
            digest, suffix = sha256_of(part), ".warc.gz"
        else:
            suffix = _suffix(file)
            there = archive / name_in_collection(file.name, suffix)
            same_size = there.exists() and there.stat().st_size == file.stat().st_size
            digest = sha256_of(file) if same_size else _copy(file, part)
        name, held = _free(collection, name_in_collection(file.name, suffix), digest)
        target = archive / name
        if not held:
            if not part.exists():
                _copy(file, part)
            shutil.copystat(file, part)
            _synced(part)
            part.replace(target)
            sync_folder(archive)
    finally:
        part.unlink(missing_ok=True)
    place = WarcFile(name=name, path=find_warc(collection, name))
    return Imported(file=place, sha256=digest, source=source or str(file), held=held, renamed=_is_other(file, name), faults=faults)


def _unpacked(file: Path, collection: Path) -> Iterator[Imported]:
    """Bring in each WARC of a WACZ, and keep its list of pages."""
    folder = _incoming(collection)
    try:
        contents = wacz.unpack(file, folder)
        if not contents.warcs:
            what = f": {contents.faults[0].what}" if contents.faults else ""
            raise SetupError(f"{file}: no WARC can be taken out of it{what}: not replayed, nothing was changed")
        _keep_pages(file, contents.pages, collection)
        faults = tuple(contents.faults)
        for inner in contents.warcs:
            where = f"{file}: {inner.relative_to(folder)}"
            try:
                brought = _copied(inner, collection, source=where)
            except SetupError as error:
                faults = (*faults, Fault(path=file, offset=0, what=str(error).replace(str(inner), inner.name)))
                continue
            inner.unlink()
            own = [Fault(path=file, offset=0, what=f"{inner.name}, offset {fault.offset}: {fault.what}") for fault in brought.faults]
            yield evolve(brought, faults=(*faults, *own))
            faults = ()
        if faults:
            raise SetupError("; ".join(fault.what for fault in faults))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _spooled(one: Input, collection: Path) -> Iterator[Imported]:
    """Take what comes over a pipe: kept whole first, since its kind and its records are found by seeking in it."""
    folder = _incoming(collection)
    try:
        file = folder / "piped"
        if str(one.path) == STDIN:
            digest = _write(sys.stdin.buffer, file)
        else:
            with one.path.open("rb") as source:
                digest = _write(source, file)
        named = file.rename(folder / f"piped-{digest[:8]}")
        for brought in bring(Input(path=named), collection, copy=True):
            yield evolve(brought, source=str(one.path), faults=tuple(evolve(fault, path=one.path) for fault in brought.faults))
    except SetupError as error:
        raise SetupError(str(error).replace(str(folder), str(one.path))) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _incoming(collection: Path) -> Path:
    """A folder of its own for what is being unpacked; what a crash left of an earlier one is no longer needed."""
    folder = collection / INCOMING / str(os.getpid())
    for left in (collection / INCOMING).glob("*"):
        if not Path(f"/proc/{left.name}").exists():
            shutil.rmtree(left, ignore_errors=True)
    number = 0
    while (folder / str(number)).exists():
        number += 1
    (folder / str(number)).mkdir(parents=True)
    return folder / str(number)


# -- names


def name_in_collection(name: str, suffix: str) -> str:
    """The name of a file's copy: one that the collection finds again, whatever it was called.

    Args:
        suffix: `.warc.gz` or `.warc`, by content.

    >>> name_in_collection("UPPER.WARC.GZ", ".warc.gz"), name_in_collection("x.warc.gz.1", ".warc.gz"), name_in_collection("noext", ".warc")
    ('UPPER.warc.gz', 'x.1.warc.gz', 'noext.warc')
    """
    found = _PACKING.fullmatch(name)
    stem = f"{found['stem']}{found['number']}" if found else name
    stem = _ODD.sub("_", stem)
    if stem.startswith((".", "-")) or not stem:
        stem = f"_{stem[1:]}"
    while len(stem.encode()) > MAX_NAME_BYTES:
        stem = stem[:-1]
    return f"{stem}{suffix}"


def _free(collection: Path, name: str, sha256: str) -> tuple[str, bool]:
    """A name that no file of other content has in a collection, and whether a file of this content has it already."""
    stem, suffix = _split(name)
    referred = {_split(one.name)[0]: one for one in elsewhere(collection)}
    for candidate in (stem, *(f"{stem}-{sha256[:length]}" for length in (8, 16, 64))):
        own = (collection / "archive" / f"{candidate}{end}" for end in _ENDS)
        there = next((WarcFile(name=file.name, path=file) for file in own if file.exists()), referred.get(candidate))
        if there is None:
            return f"{candidate}{suffix}", False
        if there.path.exists() and sha256_of(there.path) == sha256:
            return there.name, True
    raise SetupError(f"{collection}: no free name for {name}")


def _split(name: str) -> tuple[str, str]:
    """A WARC's name without what says how it is packed, and that: two files whose names differ in it alone would share one CDXJ."""
    suffix = next((end for end in (".warc.gz", ".warc") if name.lower().endswith(end)), "")
    return (name[: -len(suffix)], suffix) if suffix else (name, "")


def _is_other(file: Path, name: str) -> bool:
    return _split(name)[0] != _split(name_in_collection(file.name, _split(name)[1]))[0]


def _suffix(file: Path) -> str:
    return ".warc.gz" if kind_of(file) == "warc.gz" else ".warc"


# -- bytes


def sha256_of(file: Path) -> str:
    """SHA-256 of a whole file, lower-case hex."""
    with file.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _copy(file: Path, target: Path) -> str:
    with file.open("rb") as source:
        return _write(source, target)


def _write(source: BinaryIO, target: Path) -> str:
    """Write what a stream gives; its SHA-256."""
    digest = hashlib.sha256()
    with target.open("wb") as out:
        while piece := source.read(_PIECE_BYTES):
            digest.update(piece)
            out.write(piece)
    return digest.hexdigest()


def _synced(file: Path) -> None:
    with file.open("rb") as written:
        os.fsync(written.fileno())


# -- the page lists of WACZ files


def _keep_pages(file: Path, pages: list[wacz.PageEntry], collection: Path) -> None:
    """Keep the list of pages beside the WARCs, which do not hold it."""
    folder = collection / PACKAGES
    text = "".join(
        json.dumps({"url": page.url, "title": page.title, "ts": page.date.isoformat() if page.date else None}) + "\n" for page in pages
    )
    stem = name_in_collection(file.name, "")
    kept = folder / f"{stem}.jsonl"
    if kept.exists() and kept.read_text() != text:
        kept = folder / f"{stem}-{hashlib.sha256(text.encode()).hexdigest()[:8]}.jsonl"
    if pages:
        folder.mkdir(exist_ok=True)
        kept.write_text(text)


def add_page_lists(index: Index, collection: Path) -> None:
    """Fill table `offered_pages` from the lists that are kept, inside a transaction."""
    for file in sorted((collection / PACKAGES).glob("*.jsonl")):
        with file.open() as lines:
            add_page_list(index, file.name.removesuffix(".jsonl"), (_listed(json.loads(line)) for line in lines))


def _listed(values: dict[str, str | None]) -> PageListed:
    when = values.get("ts")
    date = datetime.fromisoformat(when).astimezone(UTC) if when else None
    return PageListed(url=values["url"] or "", title=values.get("title"), date=date)

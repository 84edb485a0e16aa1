"""Directory of a collection: lock, folders, files for pywb, and its WARC files."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import IO

from attrs import frozen

from crawler import clock
from crawler.errors import CollectionLocked, SetupError
from crawler.publication.files import write_metadata
from crawler.storage.store_path import StorePath, is_address, place_of

FOLDERS = ("archive", "indexes", "quarantine")
ELSEWHERE = "elsewhere.txt"
"""In a collection: the WARCs that belong to it but lie elsewhere, one a line: the path or `s3://` address, or a JSON object of `name`,
`path`, and `own`, which is true of a file that this collection wrote and that was moved into a store."""
PACKAGES = "packages"
"""In a collection: the page lists of WACZ files, one line of JSON a page."""
PATHS = "warcs.paths"
"""In a collection: the WARCs of `elsewhere.txt` that lie in a store, for pywb."""
_WARC_NAME = re.compile(r"\.warc(?:\.gz(?:\.open)?)?$", re.IGNORECASE)
REFERRED = "elsewhere"
"""In a collection: a link to each of them under its name in the index, by which pywb finds them."""
_OLD_PYWB_CONFIG = """\
# `wayback` serves this directory in place: run it here.
collections_root: .
archive_paths: archive
index_paths: indexes
"""
PYWB_CONFIG = """\
# `wayback` serves this directory in place: run it here.
collections_root: .
archive_paths:
- archive
- elsewhere
index_paths: indexes
"""


def lock(path: Path) -> IO[str]:
    """Take the collection's lock, which the kernel releases when the process dies.

    Raises:
        CollectionLocked: Another process holds it; says which.
    """
    file = (path / "archive.lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.seek(0)
        holder = file.read(200).strip()
        file.close()
        if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
            raise CollectionLocked(path, holder) from error
        raise
    file.truncate(0)
    file.write(f"process {os.getpid()} since {clock.now():%Y-%m-%dT%H:%M:%SZ}")
    file.flush()
    return file


def is_collection(path: Path) -> bool:
    """Tell whether a folder looks like a collection."""
    return path.is_dir() and ((path / "index.db").exists() or (path / "archive").is_dir())


def make_folders(path: Path) -> None:
    """Make a collection's folders, and ARCHIVE_DIR if it is new.

    Nothing above it is made: a missing directory there may be a disk that is not mounted.

    Raises:
        SetupError: The directory that should hold ARCHIVE_DIR is not there.
    """
    above = path.parent.parent
    if not above.exists():
        raise SetupError(f"{above}: no such directory; make it (is a disk not mounted?), or name another place in ARCHIVE_DIR")
    for folder in FOLDERS:
        (path / folder).mkdir(parents=True, exist_ok=True)


def write_layout(path: Path, name: str) -> None:
    """Write the files by which pywb and Datasette serve the directory, if missing."""
    config = path.parent / "config.yaml"
    if not config.exists() or config.read_text(errors="replace") == _OLD_PYWB_CONFIG:
        config.write_text(PYWB_CONFIG)
    write_metadata(path, name)


@frozen(kw_only=True)
class WarcFile:
    """A WARC of a collection."""

    name: str
    """As in `captures.warc`: unique in the collection, without `.open`."""
    path: Path
    """A `StorePath` of a file in a store."""
    own: bool = False
    """It lies elsewhere and was written by this collection: in its proofs it is `archive/NAME`."""


def warc_files(path: Path) -> list[WarcFile]:
    """Every WARC of a collection by name, with those outside of it."""
    archive = path / "archive"
    found = [file for file in archive.iterdir() if _WARC_NAME.search(file.name)] if archive.is_dir() else []
    own = [WarcFile(name=file.name.removesuffix(".open"), path=file) for file in found]
    here = {file.name for file in own}
    return sorted([*own, *(file for file in elsewhere(path) if file.name not in here)], key=lambda file: file.name)


def elsewhere(path: Path) -> list[WarcFile]:
    """The WARCs outside of a collection that belong to it."""
    return list(_by_name(path).values())


def _by_name(path: Path) -> Mapping[str, WarcFile]:
    """Files listed in `elsewhere.txt`, by name; the first of a name counts."""
    listed = path / ELSEWHERE
    try:
        state = listed.stat()
    except FileNotFoundError:
        return {}
    return _elsewhere(listed, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=8)
def _elsewhere(listed: Path, changed: int, size: int) -> Mapping[str, WarcFile]:
    found: dict[str, WarcFile] = {}
    for line in listed.read_text(errors="surrogateescape").splitlines():
        # A line that a power cut left half is written again by whoever wrote it.
        if line.strip() and (file := _listed(line)) is not None:
            found.setdefault(file.name, file)
    return found


def _listed(line: str) -> WarcFile | None:
    if not line.startswith("{"):
        place = place_of(line)
        return WarcFile(name=place.name, path=place)
    try:
        values = json.loads(line)
    except ValueError:
        return None
    return WarcFile(name=values["name"], path=place_of(values["path"]), own=bool(values.get("own")))


def refer(path: Path, name: str, file: Path) -> None:
    """Add a WARC outside of a collection to it, under a name of its own."""
    if isinstance(file, StorePath):
        refer_stored(path, {name: str(file)}, own=False)
        return
    folder = path / REFERRED
    folder.mkdir(exist_ok=True)
    with suppress(FileExistsError):
        (folder / name).symlink_to(file)
    plain = name == file.name and str(file).isprintable() and str(file).startswith("/")
    with (path / ELSEWHERE).open("a", errors="surrogateescape") as out:
        out.write((str(file) if plain else json.dumps({"name": name, "path": str(file)})) + "\n")


def refer_stored(path: Path, addresses: Mapping[str, str], *, own: bool) -> None:
    """Add WARCs in a store to a collection, durably, unless it has them.

    Args:
        addresses: `s3://...` by the name in the collection.
        own: This collection wrote them.
    """
    known = _by_name(path)
    fresh = {name: address for name, address in addresses.items() if name not in known}
    if not fresh:
        return
    with (path / ELSEWHERE).open("ab+") as out:
        out.seek(0, os.SEEK_END)
        if out.tell():
            out.seek(-1, os.SEEK_END)
            if out.read(1) != b"\n":
                out.write(b"\n")
        for name, address in fresh.items():
            out.write((json.dumps({"name": name, "path": address} | ({"own": True} if own else {})) + "\n").encode())
        out.flush()
        os.fsync(out.fileno())
    from crawler.warc.output_file import sync_folder  # every command imports this module

    sync_folder(path)
    _write_paths(path)


def _write_paths(path: Path) -> None:
    """Write the places of WARCs in stores, for pywb: `NAME<tab>ADDRESS`, sorted by bytes."""
    lines = sorted(f"{file.name}\t{file.path}\n".encode() for file in _by_name(path).values() if is_address(file.path))
    draft = path / f"{PATHS}.tmp"
    draft.write_bytes(b"".join(lines))
    draft.replace(path / PATHS)


def path_inside(path: Path, file: Path) -> str:
    """The path of a WARC as table `warcs`, manifest and chain name it."""
    known = _by_name(path).get(file.name)
    if known is not None and known.own and known.path == file:
        return f"archive/{file.name}"
    return str(file.relative_to(path) if file.is_relative_to(path) else file)


def lying(path: Path, inside: str) -> Path:
    """The file of a path in table `warcs`, on a disk or in a store."""
    if is_address(inside):
        return place_of(inside)
    file = path / inside
    return file if file.exists() else find_warc(path, file.name)


def find_warc(path: Path, name: str) -> Path:
    """The path of a WARC of a collection: sealed, still open, elsewhere, in a store."""
    for file in (path / "archive" / name, path / "archive" / f"{name}.open"):
        if file.exists():
            return file
    there = _by_name(path).get(name)
    return there.path if there is not None else path / "archive" / name

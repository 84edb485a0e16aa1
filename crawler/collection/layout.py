"""Directory of a collection: lock, folders, files for pywb, and its WARC files."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import re
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import IO

from attrs import frozen

from crawler import clock
from crawler.errors import CollectionLocked, SetupError
from crawler.publication.files import write_metadata

FOLDERS = ("archive", "indexes", "quarantine")
ELSEWHERE = "elsewhere.txt"
"""In a collection: the WARCs that belong to it but lie elsewhere, one a line: the path, or a JSON object of `name` and `path`."""
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


def warc_files(path: Path) -> list[WarcFile]:
    """Every WARC of a collection by name, with those outside of it."""
    archive = path / "archive"
    found = [file for file in archive.iterdir() if _WARC_NAME.search(file.name)] if archive.is_dir() else []
    own = [WarcFile(name=file.name.removesuffix(".open"), path=file) for file in found]
    return sorted([*own, *elsewhere(path)], key=lambda file: file.name)


def elsewhere(path: Path) -> list[WarcFile]:
    """The WARCs outside of a collection that belong to it."""
    listed = path / ELSEWHERE
    if not listed.exists():
        return []
    state = listed.stat()
    return list(_elsewhere(listed, state.st_mtime_ns, state.st_size))


@lru_cache(maxsize=8)
def _elsewhere(listed: Path, changed: int, size: int) -> tuple[WarcFile, ...]:
    return tuple(_listed(line) for line in listed.read_text(errors="surrogateescape").splitlines() if line.strip())


def _listed(line: str) -> WarcFile:
    if not line.startswith("{"):
        return WarcFile(name=Path(line).name, path=Path(line))
    values = json.loads(line)
    return WarcFile(name=values["name"], path=Path(values["path"]))


def refer(path: Path, name: str, file: Path) -> None:
    """Add a WARC outside of a collection to it, under a name of its own."""
    folder = path / REFERRED
    folder.mkdir(exist_ok=True)
    with suppress(FileExistsError):
        (folder / name).symlink_to(file)
    plain = name == file.name and str(file).isprintable() and str(file).startswith("/")
    with (path / ELSEWHERE).open("a", errors="surrogateescape") as out:
        out.write((str(file) if plain else json.dumps({"name": name, "path": str(file)})) + "\n")


def find_warc(path: Path, name: str) -> Path:
    """The path of a WARC of a collection: sealed, still open, or outside of it."""
    for file in (path / "archive" / name, path / "archive" / f"{name}.open"):
        if file.exists():
            return file
    return next((file.path for file in elsewhere(path) if file.name == name), path / "archive" / name)

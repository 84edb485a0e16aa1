"""Files to be read: found by words, and opened for reading by offset."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from attrs import frozen

from crawler.archive_files.in_place import unreadable
from crawler.archive_files.inputs import Input, inputs_of
from crawler.collection.layout import is_collection, warc_files
from crawler.errors import SetupError, Usage

STORE = "s3://"
_COPY_BYTES = 1024 * 1024
_ENDINGS = (".warc", ".warc.gz", ".warc.zst", ".arc", ".arc.gz", ".arc.zst", ".warc.gz.open", ".warc.open")


@frozen(kw_only=True)
class WarcPlace:
    """One file to be read."""

    where: str
    """Absolute path, or the address of an object in a store."""
    name: str
    """In the tables, and of its parts: unique among the files of a folder of parts."""
    collection: str | None = None
    """Name of the collection that it belongs to, if any."""


@contextmanager
def local_copy(where: str) -> Iterator[Path]:
    """Open a file for reading by offset.

    An object of a store is copied, a file of another form converted, for as long as it is open.

    Raises:
        SetupError: It is no web archive file, or is not there.
        Unreachable: The store could not be reached.
    """
    if not where.startswith(STORE) and unreadable(Path(where)) is None:
        yield Path(where)
        return
    with tempfile.TemporaryDirectory(prefix="reread-") as folder:
        path = Path(where)
        if where.startswith(STORE):
            path = Path(folder) / where.rpartition("/")[2]
            _fetch(where, path)
        yield _converted(path, Path(folder)) if unreadable(path) else path


def _fetch(where: str, target: Path) -> None:
    """Copy an object into a file."""
    from crawler.storage.opening import opened

    with opened(where) as source, target.open("wb") as out:
        while piece := source.read(_COPY_BYTES):
            out.write(piece)


def _converted(path: Path, folder: Path) -> Path:
    from crawler.archive_files.convert import convert

    target = folder / f"converted-{path.name}.warc.gz"
    convert(path, target)
    return target


def state_of(where: str) -> tuple[int, int]:
    """Size of a file, and a number that is another when it has changed.

    Raises:
        SetupError: It is not there.
        Unreachable: The store could not be reached.
    """
    try:
        if where.startswith(STORE):
            from crawler.storage.store_path import place_of  # type: ignore[import-not-found, unused-ignore]

            state = place_of(where).stat()
            return state.st_size, state.st_ino
        state = Path(where).stat()
    except OSError as error:
        raise SetupError(f"{where}: cannot be read: {error.strerror or error}") from error
    return state.st_size, state.st_mtime_ns


def places_of(words: Sequence[str], archive_dir: Path) -> tuple[list[WarcPlace], list[str]]:
    """Find the files that words name: paths, patterns, folders, collections, addresses of a store.

    Returns:
        The files, each once, and a sentence for each word that names nothing and each file left out.
    Raises:
        Usage: A word is an address of the network that is no store's.
        SetupError: Nothing that is named is there.
    """
    found: dict[str, str | None] = {}
    left_out: list[str] = []
    for word in words:
        for where, collection in _named(word, archive_dir, left_out):
            found.setdefault(where, collection)
    if not found:
        raise SetupError(f"no WARC file: {'; '.join(left_out) or ' '.join(words)}")
    return _with_names(found), left_out


def _named(word: str, archive_dir: Path, left_out: list[str]) -> Iterator[tuple[str, str | None]]:
    if word.startswith(STORE):
        yield from ((where, None) for where in _in_store(word, left_out))
        return
    if "://" in word:
        raise Usage(f"{word}: no address of a store (s3://BUCKET/KEY): download the file first, then name it")
    for folder in (Path(word).expanduser(), archive_dir / word):
        if is_collection(folder):
            for file in warc_files(folder):
                yield str(file.path.resolve()) if not str(file.path).startswith("s3:") else str(file.path), folder.resolve().name
            return
    try:
        inputs = inputs_of(word)
    except SetupError as error:
        left_out.append(str(error))
        return
    for one in inputs.files:
        if why := _refused(one):
            left_out.append(f"{one.path}: {why}")
        else:
            yield str(one.path.resolve()), None


def _refused(one: Input) -> str | None:
    """Reason to leave a file out."""
    if one.is_stream:
        return "can be read only once: name a file"
    if one.in_folder and not one.path.name.lower().endswith(_ENDINGS):
        return "its name is not that of a WARC or ARC file" if one.is_due else "no web archive by its name"
    return None


def _in_store(word: str, left_out: list[str]) -> list[str]:
    """The objects that an address names, itself or as a prefix."""
    if word.lower().endswith(_ENDINGS):
        return [word]
    from crawler.storage.store_path import store_path  # type: ignore[import-not-found, unused-ignore]

    found = [str(one) for one in store_path(word).listed() if str(one).lower().endswith(_ENDINGS)]
    if not found:
        left_out.append(f"{word}: no WARC below this address")
    return sorted(found)


def _with_names(found: dict[str, str | None]) -> list[WarcPlace]:
    """Name each file; those of one name get a digest of their place."""
    names = [where.rpartition("/")[2].removesuffix(".open") for where in found]
    return [
        WarcPlace(
            where=where, collection=collection,
            name=name if names.count(name) == 1 else f"{sha256(where.encode()).hexdigest()[:8]}-{name}",
        )
        for name, (where, collection) in zip(names, found.items(), strict=True)
    ]  # fmt: skip



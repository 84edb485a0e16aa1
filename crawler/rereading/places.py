"""Files to be read, found by words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path

from attrs import frozen

from crawler.archive_files.inputs import Input, inputs_of
from crawler.collection.layout import is_collection, warc_files
from crawler.errors import SetupError, Usage
from crawler.storage.store_path import is_address, store_path

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
    if is_address(word):
        yield from ((where, None) for where in _in_store(word, left_out))
        return
    if "://" in word:
        raise Usage(f"{word}: no address of a store (s3://BUCKET/KEY): download the file first, then name it")
    for folder in (Path(word).expanduser(), archive_dir / word):
        if is_collection(folder):
            for file in warc_files(folder):
                yield str(file.path.resolve()), folder.resolve().name
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



"""The files that `warcs=` names: paths, patterns, folders, lists of them, and standard input."""

from __future__ import annotations

import glob
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen

from crawler.errors import SetupError, Usage
from crawler.storage.store_path import StorePath, is_address, store_path

STDIN = "-"
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_ARCHIVE_NAME = re.compile(r"\.w?arc(?:$|[.\W])|\.wacz$", re.IGNORECASE)


@frozen(kw_only=True)
class Input:
    """One file offered to a replay."""

    path: Path
    """`-` for standard input."""
    in_folder: bool = False
    """True if it was found in a folder, rather than named by itself or by a pattern."""

    @property
    def is_stream(self) -> bool:
        """True if it can be read only once: standard input, a named pipe."""
        return str(self.path) == STDIN or self.path.is_fifo()

    @property
    def is_due(self) -> bool:
        """True if a complete run must read it: named, or called an archive."""
        return not self.in_folder or bool(_ARCHIVE_NAME.search(self.path.name))


@frozen(kw_only=True)
class Inputs:
    """Files of `warcs=`."""

    files: tuple[Input, ...]
    missing: tuple[str, ...]
    """Words that name nothing."""


def inputs_of(text: str) -> Inputs:
    """Find the named files in the order of the words, each word's by name.

    A name may hold commas: the longest run of words that names something is taken.

    Raises:
        Usage: An address on the network is named, other than of a store.
        Unreachable: A store does not answer.
        SetupError: Nothing that is named is there.
    """
    words = text.split(",")
    found: dict[Path, Input] = {}
    missing: list[str] = []
    at = 0
    while at < len(words):
        end, files = next(
            ((end, files) for end in range(len(words), at, -1) if (files := _named(",".join(words[at:end]).strip()))),
            (at + 1, []),
        )
        word = ",".join(words[at:end]).strip()
        if not files and word:
            if _ADDRESS.match(word) and not is_address(word):
                raise Usage(f"warcs: {word} is an address on the network, and a replay asks nobody: download the file first, then name it")
            missing.append(word)
        for file in files:
            found.setdefault(file.path if file.is_stream else file.path.resolve(), file)
        at = end
    if not found:
        raise SetupError(f"no file matches {', '.join(missing) or text!r}")
    return Inputs(files=tuple(found.values()), missing=tuple(missing))


def _named(word: str) -> list[Input]:
    """The files that one word names."""
    if word == STDIN:
        return [Input(path=Path(STDIN))]
    if is_address(word):
        return list(_objects(store_path(word)))
    if not word or _ADDRESS.match(word):
        return []
    path = Path(word).expanduser()
    paths = [path] if _exists(path) else sorted(map(Path, glob.glob(str(path), recursive=True)))  # noqa: PTH207
    return [one for path in paths for one in _files(path)]


def _objects(where: StorePath) -> Iterator[Input]:
    """An object of a store, or all objects below an address."""
    if where.key and where.exists():
        yield Input(path=where)
    else:
        yield from (Input(path=one, in_folder=True) for one in where.listed())


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a name that is too long: a list of several
        return False


def _files(path: Path) -> Iterator[Input]:
    """A file itself, or all files of a folder and of those in it."""
    if not path.is_dir():
        if stat.S_ISREG(path.stat().st_mode) or path.is_fifo():
            yield Input(path=path)
        return
    for folder, folders, names in os.walk(path):
        folders.sort()
        yield from (Input(path=file, in_folder=True) for name in sorted(names) if (file := Path(folder) / name).is_file())

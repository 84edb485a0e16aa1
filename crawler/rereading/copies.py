"""Local copies of files, in a form that is read by offset."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crawler.archive_files.in_place import unreadable
from crawler.errors import SetupError
from crawler.storage.opening import opened
from crawler.storage.reading import about
from crawler.storage.store_path import is_address, store_path

_COPY_BYTES = 1024 * 1024


@contextmanager
def local_copy(where: str) -> Iterator[Path]:
    """Open a file for reading by offset.

    An object of a store is copied, a file of another form converted, for as long as it is open.

    Raises:
        SetupError: It is no web archive file, or is not there.
        Unreachable: The store could not be reached.
    """
    if not is_address(where) and unreadable(Path(where)) is None:
        yield Path(where)
        return
    with tempfile.TemporaryDirectory(prefix="reread-") as folder:
        path = Path(where)
        if is_address(where):
            path = Path(folder) / where.rpartition("/")[2]
            _fetch(where, path)
        yield _converted(path, Path(folder)) if unreadable(path) else path


def _fetch(where: str, target: Path) -> None:
    """Copy an object into a file."""
    with opened(where) as source, target.open("wb") as out:
        while piece := source.read(_COPY_BYTES):
            out.write(piece)


def _converted(path: Path, folder: Path) -> Path:
    from crawler.archive_files.convert import convert

    target = folder / f"converted-{path.name}.warc.gz"
    convert(path, target)
    return target


def state_of(where: str) -> tuple[int, str]:
    """Size of a file, and a text that is another when it has changed.

    Raises:
        SetupError: It is not there.
        Unreachable: The store could not be reached.
    """
    try:
        if is_address(where):
            place = store_path(where)
            place.forget()  # a worker of an engine lives for days
            found = about(where, place.bucket, place.key)
            return found.size, str(found.tag)
        state = Path(where).stat()
    except OSError as error:
        raise SetupError(f"{where}: cannot be read: {error.strerror or error}") from error
    return state.st_size, str(state.st_mtime_ns)

"""Output of an export: file, folder or standard output, written atomically.

A file or folder is written under a name that ends in `.part` and renamed when it is whole. A process that is killed leaves that part.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from crawler.errors import SetupError, WriteFailed
from crawler.warc.output_file import sync_folder

STDOUT = "-"
OURS = ("bagit.txt", "export.json")
"""Files by which a folder is known as an export that may be replaced."""


class DigestedOutput:
    """A stream that is digested while it is written."""

    def __init__(self, out: Any) -> None:
        self._out = out
        self._sha256 = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> int:
        """Write bytes, and digest them."""
        self._out.write(data)
        self._sha256.update(data)
        self.size += len(data)
        return len(data)

    @property
    def sha256(self) -> str:
        """Of the bytes written, lower-case hex."""
        return self._sha256.hexdigest()


def check_place(name: str, *, force: bool, folder: bool = False) -> None:
    """Check before anything is read that an output can be made.

    Raises:
        SetupError: It is there already, or its folder is missing.
    """
    if name == STDOUT:
        return
    path = Path(name).expanduser()
    if not path.parent.is_dir():
        raise SetupError(f"{path}: there is no folder {path.parent}")
    if not os.path.lexists(path):
        return
    if not force:
        raise SetupError(f"{path}: is there already; name another, or --force to replace it")
    if folder and not (path.is_dir() and (any((path / one).is_file() for one in OURS) or not any(path.iterdir()))):
        raise SetupError(f"{path}: not replaced: it is no earlier export; name another")
    if not folder and not path.is_file():
        raise SetupError(f"{path}: not replaced: it is no file")


@contextmanager
def output_file(name: str, *, force: bool = False) -> Iterator[BinaryIO]:
    """Open an output that gets its name when the block ends without an error.

    Raises:
        SetupError: It is there already.
        WriteFailed: It cannot be written: the disk is full, ...
    """
    if name == STDOUT:
        try:
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            raise  # whoever reads it has seen enough
        except OSError as error:
            raise WriteFailed(Path("standard output"), error) from error
        return
    check_place(name, force=force)
    path = Path(name).expanduser()
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        check_place(name, force=force)
        part.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise WriteFailed(path, error) from error
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def output_folder(name: str, *, force: bool = False) -> Iterator[Path]:
    """Make a folder that gets its name when the block ends; as `output_file`."""
    check_place(name, force=force, folder=True)
    path = Path(name).expanduser()
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    old = path.with_name(f"{path.name}.{os.getpid()}.old")
    try:
        part.mkdir()
        yield part
        check_place(name, force=force, folder=True)
        _sync(part)
        if path.exists():
            path.rename(old)
        part.rename(path)
        sync_folder(path.parent)
    except OSError as error:
        raise WriteFailed(path, error) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
        if not path.exists() and old.exists():
            old.rename(path)
        shutil.rmtree(old, ignore_errors=True)


def _sync(folder: Path) -> None:
    """Bring the files of a folder, and their names, to disk."""
    for file in folder.rglob("*"):
        if file.is_file():
            with file.open("rb") as written:
                os.fsync(written.fileno())
    sync_folder(folder)

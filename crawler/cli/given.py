"""Pages that a command is given: files, standard input, lines of JSON."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, NoReturn

from crawler.errors import SetupError, Unreadable

MAX_FILE_BYTES = 64 * 1024 * 1024
_PIECE_BYTES = 1024 * 1024
_HEAD_BYTES = 4096
_ID = re.compile(rb'\s*\{\s*"id"\s*:\s*("(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|null|true|false)\s*,')


class NoRecord(Unreadable):
    """Input line that holds no page; carries the line's id if known."""

    def __init__(self, what: str, identity: Any = None) -> None:
        self.identity = identity
        super().__init__(what)


def lines_of(source: IO[bytes], most: int) -> Iterator[tuple[bytes, int]]:
    """Yield lines with their sizes in bytes; one over `most` is cut short."""
    while line := source.readline(most + 1):
        size = len(line)
        if size <= most or line.endswith(b"\n"):
            yield line, size
            continue
        line = line[:_HEAD_BYTES]
        while piece := source.readline(_PIECE_BYTES):
            size += len(piece)
            if piece.endswith(b"\n"):
                break
        yield line, size


def id_in(head: bytes) -> Any:
    """Find the id that a line begins with, or None."""
    found = _ID.match(head)
    try:
        return json.loads(found[1]) if found else None
    except ValueError:
        return None


def parsed(line: bytes) -> Any:
    """Parse a line of strict JSON.

    Raises:
        NoRecord: It is none.
    """
    try:
        return json.loads(line, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise NoRecord(f"no JSON: {error}") from error


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def bytes_of(name: str) -> bytes:
    """Read a file, gunzipped; `-` is standard input."""
    from crawler.parsers.encoding.inflate import GZIP_MAGIC, gunzip

    try:
        data = sys.stdin.buffer.read(MAX_FILE_BYTES + 1) if name == "-" else _read(Path(name))
    except OSError as error:
        raise SetupError(f"{name}: cannot be read: {error.strerror or error}") from error
    if data.startswith(GZIP_MAGIC):
        data, problem = gunzip(data, MAX_FILE_BYTES)
        if problem:
            raise SetupError(f"{name}: not a whole gzip file: {problem}")
    return data[:MAX_FILE_BYTES]


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_FILE_BYTES + 1)

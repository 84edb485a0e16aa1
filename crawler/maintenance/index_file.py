"""Index the records of one WARC file, and the file itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from crawler.archive_files.reader import Archived, Fault, archived
from crawler.collection.foreign_records import assign_site
from crawler.collection.ingest import add_archived
from crawler.collection.layout import WarcFile, find_warc, path_inside
from crawler.errors import ArchiveError
from crawler.index.index import Index
from crawler.index.rows import Value, iso, moment
from crawler.items import Capture, Omissions
from crawler.sites.site import Site
from crawler.storage.opening import sha256_of

_BATCH = 500
"""Records of one transaction."""


def index_file(
    index: Index, file: WarcFile, sites: Mapping[str, Site], problems: list[str], omitted: Omissions, reached: Callable[[int, int], None]
) -> None:  # fmt: skip
    """Index the captures and failures of one WARC; damage is added to `problems`.

    Args:
        reached: Called after each transaction with the count of captures added and the offset of the last.
    """
    faults: list[Fault] = []
    entries = _to_the_end(file, archived(file.path, faults=faults, passed=omitted), problems)
    more = True
    while more:
        added, held, offset, more = 0, 0, 0, False
        with index.atomic():
            # One after the other: the records of a batch, with their blocks, would fill the memory.
            for entry in islice(entries, _BATCH):
                is_new = add_archived(index, assign_site(entry, sites, warc=file.name))
                more, added = True, added + is_new
                if entry.capture is not None:
                    held, offset = held + (not is_new), entry.capture.offset
        omitted.add("record held already", file.name, count=held)
        if more:
            reached(added, offset)
    problems += [f"{fault.path}: offset {fault.offset}: {fault.what}" for fault in faults]


def _to_the_end(file: WarcFile, entries: Iterator[Archived], problems: list[str]) -> Iterator[Archived]:
    """Yield entries up to where a file can be read no further."""
    try:
        yield from entries
    except ArchiveError as error:
        problems.append(str(error))
    except OSError as error:
        problems.append(f"{file.path}: cannot be read: {error.strerror or error}")


def add_file(index: Index, path: Path, file: WarcFile, known: Mapping[str, Value] | None = None, sha256: str | None = None) -> None:
    """Add the row of a WARC file, with its known or present date and SHA-256.

    Args:
        known: The row that an earlier index had.
    """
    where = path_inside(path, file.path)
    if not file.path.exists():
        index.add_warc(file.name, where, bytes=None, sealed=None, sha256=None)
        return
    state = file.path.stat()
    if file.path.suffix == ".open":
        index.add_warc(file.name, where.removesuffix(".open"), bytes=state.st_size, sealed=None, sha256=None)
        return
    known = known or {}
    sealed = moment(str(known["sealed"])) if known.get("sealed") else datetime.fromtimestamp(state.st_mtime, UTC)
    digest = known.get("sha256") or sha256 or sha256_of(file.path)
    index.add_warc(file.name, where, bytes=state.st_size, sealed=sealed, sha256=str(digest))
    if known.get("safety"):
        told = {column: str(known[column]) if known.get(column) else None for column in ("address", "stored")}
        index.set_safety(file.name, str(known["safety"]), **told)
    elif file.own:
        index.set_safety(file.name, "stored", address=str(file.path), stored=iso(sealed))


def entry_at(index: Index, path: Path, capture: Capture) -> Archived | None:
    """The archived exchange of a capture; None if it is not at its place.

    Raises:
        Damaged, OSError: Its records cannot be read.
    """
    sql = "SELECT coalesce(max(offset + length), 0) FROM captures WHERE warc = ? AND offset < ? AND state = 'ok'"
    (start,) = index.query(sql, [capture.warc, capture.offset])[0]
    for entry in archived(find_warc(path, capture.warc), start=start, faults=[]):
        if entry.capture is not None and entry.capture.offset >= capture.offset:
            return entry if entry.capture.offset == capture.offset else None
    return None

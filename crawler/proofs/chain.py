"""Hash chain over sealed WARCs: `proofs/chain.txt`, each line bound to all before it."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, unquote

from crawler.index.rows import iso, moment
from crawler.proofs.manifest import write_whole

FOLDER = "proofs"
CHAIN = f"{FOLDER}/chain.txt"
START = "0" * 64
"""The link before the first one."""
_LINE = re.compile(r"([0-9a-f]{64}) (\S+Z) ([0-9a-f]{64}) ([0-9]+) (\S+)")
_PLAIN = "".join(chr(code) for code in range(33, 127) if chr(code) != "%")


class Entry(NamedTuple):
    """One sealed WARC as the chain names it."""

    link: str
    """SHA-256, hex: of the link before, a space and the rest of this line."""
    entered: datetime
    sha256: str
    bytes: int
    path: str
    """Relative paths begin at the collection."""

    @property
    def line(self) -> str:
        """The line of the file, without its end."""
        return f"{self.link} {_rest(self.entered, self.sha256, self.bytes, self.path)}"


class Chain(NamedTuple):
    """The chain as its file tells it."""

    entries: tuple[Entry, ...] = ()
    faults: tuple[str, ...] = ()
    """Lines that cannot be read, links that do not fit: each with its line."""
    whole_bytes: int = 0
    """Bytes up to the end of the last whole line."""

    @property
    def head(self) -> str:
        """The last link."""
        return self.entries[-1].link if self.entries else START

    def latest(self) -> dict[str, Entry]:
        """The last entry of each path."""
        return {entry.path: entry for entry in self.entries}


def link_of(before: str, entered: datetime, sha256: str, size: int, path: str) -> str:
    """The link of an entry: what `printf '%s %s' BEFORE REST | sha256sum` prints."""
    return hashlib.sha256(f"{before} {_rest(entered, sha256, size, path)}".encode()).hexdigest()


def read_chain(collection: Path) -> Chain:
    """Read and check the chain.

    A last line without its end, which a crash leaves, is passed over.

    Raises:
        OSError: It cannot be read.
    """
    try:
        data = (collection / CHAIN).read_bytes()
    except FileNotFoundError:
        return Chain()
    whole = data[: data.rfind(b"\n") + 1]
    entries, faults, before = list[Entry](), list[str](), START
    for number, line in enumerate(whole.decode("ascii", "backslashreplace").split("\n")[:-1], 1):
        found = _LINE.fullmatch(line)
        entered = _moment(found[2]) if found else None
        if found is None or entered is None:
            faults.append(f"{CHAIN} line {number}: not a line of a chain")
            continue
        entry = Entry(link=found[1], entered=entered, sha256=found[3], bytes=int(found[4]), path=unquoted(found[5]))
        if entry.link != link_of(before, entry.entered, entry.sha256, entry.bytes, entry.path):
            faults.append(f"{CHAIN} line {number}: its link does not follow from this line and the one before")
        entries.append(entry)
        before = entry.link
    return Chain(entries=tuple(entries), faults=tuple(faults), whole_bytes=len(whole))


def append(collection: Path, chain: Chain, files: Iterable[tuple[str, str, int]], *, now: datetime) -> Sequence[Entry]:
    """Add entries at the end of the chain, behind its last whole line.

    Args:
        files: Path, SHA-256 and size in bytes of each.
        now: When; an entry is never older than the one before.
    Returns:
        The entries, once they are on disk.
    Raises:
        OSError: They are not; the chain ends as before, but for a cut-off line.
    """
    added, before = list[Entry](), chain.head
    entered = max([now, *(entry.entered for entry in chain.entries[-1:])])
    for path, sha256, size in files:
        # As it is read back: to the second.
        entry = Entry(link="", entered=moment(iso(entered)), sha256=sha256, bytes=size, path=path)
        before = link_of(before, entry.entered, sha256, size, path)
        added.append(Entry(link=before, entered=entry.entered, sha256=sha256, bytes=size, path=path))
    if not added:
        return added
    place = collection / CHAIN
    place.parent.mkdir(exist_ok=True)
    if not place.exists():
        write_whole(place, b"")
    with place.open("r+b") as out:
        out.truncate(chain.whole_bytes)
        out.seek(chain.whole_bytes)
        out.write("".join(f"{entry.line}\n" for entry in added).encode("ascii"))
        out.flush()
        os.fsync(out.fileno())
    return added


def quoted(path: str) -> str:
    """A path in one word of printable ASCII, percent-encoded."""
    return quote(path, safe=_PLAIN, errors="surrogateescape")


def unquoted(word: str) -> str:
    """The path that `quoted` wrote."""
    return unquote(word, errors="surrogateescape")


def _rest(entered: datetime, sha256: str, size: int, path: str) -> str:
    return f"{iso(entered)} {sha256} {size} {quoted(path)}"


def _moment(text: str) -> datetime | None:
    try:
        return moment(text)
    except ValueError:
        return None

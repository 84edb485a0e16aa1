"""A model of a power cut: a writer's system calls, replayed up to a point, with what was not synced lost.

strace writes down every call of a bare writer that touches its collection, with its bytes. The replay knows for each file what a
sync has brought to disk and what was only written, and loses of the latter all, a half, or all behind a torn point. Creating, renaming
and unlinking are taken as done at once and in order; WAL's shared memory is not replayed, since SQLite makes it anew.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

from attrs import define, field

CALLS = "openat,open,close,write,pwrite64,lseek,fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat,ftruncate,mkdir,mkdirat,dup,dup2,fcntl"
MODES = ("all", "half", "torn")
_LINE = re.compile(r"^(\d+) +(.*)$")
_CALL = re.compile(r"^(\w+)\((.*)\) += (-?\d+)")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_SECTOR = 512


def strace(trace: Path) -> tuple[str, ...]:
    """The command that goes before the writer's."""
    return ("strace", "-f", "-q", "-xx", "-s", "100000000", "-e", f"trace={CALLS}", "-e", "signal=none", "-o", str(trace))


@define
class File:
    """One file: what is on disk, and what was written since its last sync, in order."""

    disk: bytearray = field(factory=bytearray)
    waiting: list[tuple[int, bytes | None]] = field(factory=list)
    """Offset and bytes; None for bytes: cut to that length."""

    def size(self) -> int:
        """As a running program sees it."""
        size = len(self.disk)
        for offset, data in self.waiting:
            size = offset if data is None else max(size, offset + len(data))
        return size

    def sync(self) -> None:
        """Bring all that was written to disk."""
        self.disk, self.waiting = bytearray(self.content(self.waiting)), []

    def content(self, kept: list[tuple[int, bytes | None]]) -> bytes:
        """What the file holds if of the waiting writes these are kept."""
        data = bytearray(self.disk)
        for offset, piece in kept:
            if piece is None:
                del data[offset:]
                data.extend(bytes(offset - len(data)))
            else:
                data.extend(bytes(max(0, offset - len(data))))
                data[offset : offset + len(piece)] = piece
        return bytes(data)

    def after_the_cut(self, mode: str, dice: random.Random) -> bytes:
        """What the file holds after a power cut."""
        if mode == "keep":
            return self.content(self.waiting)
        if mode == "all":
            return bytes(self.disk)
        if mode == "half":
            return self.content([write for write in self.waiting if dice.random() < 0.5])
        kept = self.waiting[: dice.randint(0, len(self.waiting))]
        if kept and kept[-1][1]:
            offset, data = kept[-1]
            assert data is not None
            kept = [*kept[:-1], (offset, data[: dice.randint(0, len(data) // _SECTOR) * _SECTOR])]
        return self.content(kept)


@define
class Machine:
    """Files and open descriptors, as the calls so far left them."""

    root: str
    names: dict[str, File] = field(factory=dict)
    folders: set[str] = field(factory=set)
    open: dict[int, tuple[File | None, int]] = field(factory=dict)
    """By descriptor: the file (None: not ours) and the position."""
    told: list[str] = field(factory=list)
    """What the writer said is on disk."""

    def do(self, name: str, arguments: str, result: int) -> None:
        """Replay one call that did not fail."""
        texts = [bytes.fromhex(text.replace("\\x", "")) for text in _TEXT.findall(arguments)]
        numbers = [int(word) for word in re.findall(r"(?:^|, )(-?\d+)(?=,|$)", _TEXT.sub("", arguments))]
        if name in ("openat", "open"):
            self._open(texts[0].decode(), arguments, result)
        elif name in ("dup", "dup2") or (name == "fcntl" and "F_DUPFD" in arguments):
            self.open[result] = self.open.get(numbers[0], (None, 0))
        elif name == "close":
            self.open.pop(numbers[0], None)
        elif name in ("rename", "renameat", "renameat2") and self._ours(texts[0].decode()):
            self.names[texts[1].decode()] = self.names.pop(texts[0].decode())
        elif name in ("unlink", "unlinkat"):
            self.names.pop(texts[0].decode(), None)
        elif name in ("mkdir", "mkdirat") and self._ours(texts[0].decode()):
            self.folders.add(texts[0].decode())
        elif numbers:
            self._write(name, numbers, texts, result)

    def _ours(self, path: str) -> bool:
        return path.startswith(self.root) and not path.endswith("-shm")

    def _open(self, path: str, arguments: str, fd: int) -> None:
        if not self._ours(path) or "O_DIRECTORY" in arguments or path in self.folders or path == self.root:
            self.open[fd] = (None, 0)
            return
        file = self.names.setdefault(path, File())
        if "O_TRUNC" in arguments:
            file.waiting.append((0, None))
        self.open[fd] = (file, -1 if "O_APPEND" in arguments else 0)

    def _write(self, name: str, numbers: list[int], texts: list[bytes], result: int) -> None:
        fd = numbers[0]
        file, position = self.open.get(fd, (None, 0))
        if name == "write" and fd == 1 and file is None:
            self.told += texts[0][:result].decode().split()
        if file is None:
            return
        if name in ("fsync", "fdatasync"):
            file.sync()
        elif name == "ftruncate":
            file.waiting.append((numbers[1], None))
        elif name == "lseek":
            self.open[fd] = (file, result if position >= 0 else position)
        elif name == "pwrite64":
            file.waiting.append((numbers[-1], texts[0][:result]))
        elif name == "write":
            offset = file.size() if position < 0 else position
            file.waiting.append((offset, texts[0][:result]))
            self.open[fd] = (file, position if position < 0 else offset + result)

    def lay_out(self, place: Path, mode: str, dice: random.Random) -> None:
        """Write the files as a power cut would leave them."""
        for folder in sorted({self.root, *self.folders}):
            (place / folder.removeprefix(self.root).lstrip("/")).mkdir(parents=True, exist_ok=True)
        for name, file in self.names.items():
            path = place / name.removeprefix(self.root).lstrip("/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.after_the_cut(mode, dice))


def calls(trace: Path) -> Iterator[tuple[str, str, int]]:
    """The calls of a trace in the order in which they ended; those that failed are left out."""
    begun: dict[str, str] = {}
    with trace.open() as lines:
        for line in lines:
            found = _LINE.match(line.rstrip("\n"))
            if not found:
                continue
            process, text = found.groups()
            if text.endswith(" <unfinished ...>"):
                begun[process] = text.removesuffix(" <unfinished ...>")
                continue
            if text.startswith("<... "):
                text = begun.pop(process, "") + text.partition(" resumed>")[2]
            call = _CALL.match(text)
            if call and int(call[3]) >= 0:
                yield call[1], call[2], int(call[3])


def cuts(trace: Path, root: Path, points: int, seed: int = 0) -> Iterator[Machine]:
    """The machine at random points of a trace, and last at its end; look at each before asking for the next."""
    every = list(calls(trace))
    dice = random.Random(seed)
    first = next(n for n, call in enumerate(every) if str(root).encode().hex() in call[1].replace("\\x", ""))
    chosen = set(dice.sample(range(first, len(every)), min(points, len(every) - first)))
    machine = Machine(root=str(root))
    for n, call in enumerate(every):
        machine.do(*call)
        if n in chosen:
            yield machine
    yield machine

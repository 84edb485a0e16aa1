"""Objects of a store as files, read by range in constant memory."""

from __future__ import annotations

import io
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeVar

from attrs import frozen

from crawler.errors import SetupError, Unreachable
from crawler.storage.client import client, told

FIRST_BYTES = 256 * 1024
"""Of a first look at a place: a record, and some that lie behind it."""
MOST_BYTES = 4 * 1024 * 1024
"""Of one request, where a file is read from beginning to end."""
KEPT_BYTES = 16 * 1024 * 1024
"""Of all that was read last, in this process: records are read one by one, and lie side by side."""
KNOWN_SECONDS = 60.0
"""For which size and tag of an object are believed: a sealed WARC is not written again."""
ATTEMPTS = 4
"""At a piece that came short; the SDK has its own for what it notices itself."""
_WAIT_SECONDS = 0.2
_KNOWN = 4096

T = TypeVar("T")


@frozen(kw_only=True)
class About:
    """Size, tag and time of an object."""

    size: int
    tag: str
    changed: int
    """Seconds since 1970."""
    sha256: str | None = None
    """Base64, where the store tells it."""


@frozen
class _Piece:
    start: int
    data: bytes

    @property
    def end(self) -> int:
        return self.start + len(self.data)


class _Recent:
    """Pieces read last, by object; the oldest leave when they are too many."""

    def __init__(self) -> None:
        self._pieces: OrderedDict[tuple[str, str, int], _Piece] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def at(self, address: str, tag: str, offset: int) -> _Piece | None:
        """The piece that holds an offset, or ends there."""
        with self._lock:
            for key, piece in reversed(self._pieces.items()):
                if key[:2] == (address, tag) and piece.start <= offset <= piece.end:
                    self._pieces.move_to_end(key)
                    return piece
        return None

    def keep(self, address: str, tag: str, piece: _Piece) -> None:
        """Keep a piece."""
        with self._lock:
            before = self._pieces.pop((address, tag, piece.start), None)
            self._pieces[address, tag, piece.start] = piece
            self._bytes += len(piece.data) - (len(before.data) if before else 0)
            while self._bytes > KEPT_BYTES:
                self._bytes -= len(self._pieces.popitem(last=False)[1].data)

    def drop(self, address: str) -> None:
        """Keep nothing of an object."""
        with self._lock:
            for key in [key for key in self._pieces if key[0] == address]:
                self._bytes -= len(self._pieces.pop(key).data)


_recent = _Recent()
_known: OrderedDict[str, tuple[float, About]] = OrderedDict()
_knowing = threading.Lock()


def about(address: str, bucket: str, key: str) -> About:
    """Size and tag of an object, as known for a minute or asked for now.

    Raises:
        FileNotFoundError, SetupError, Unreachable: As `client.told`.
    """
    with _knowing:
        found = _known.get(address)
        if found is not None and time.monotonic() - found[0] < KNOWN_SECONDS:
            return found[1]
    with told(address):
        answer = client().head_object(Bucket=bucket, Key=key)
    fresh = About(
        size=answer["ContentLength"], tag=answer.get("ETag", ""), changed=int(answer["LastModified"].timestamp()),
        sha256=answer.get("ChecksumSHA256"),
    )  # fmt: skip
    with _knowing:
        _known[address] = (time.monotonic(), fresh)
        while len(_known) > _KNOWN:
            _known.popitem(last=False)
    return fresh


def forget(address: str) -> None:
    """Ask anew for an object that was written just now."""
    with _knowing:
        _known.pop(address, None)
    _recent.drop(address)


class StoreFile(io.RawIOBase):
    """An object, read by range; no read comes short before the end.

    Args:
        kept: Whether what is read is kept for other readers, and taken from them; not for a read that is to prove something.
    """

    def __init__(self, address: str, bucket: str, key: str, *, kept: bool = True) -> None:
        super().__init__()
        self.name, self._bucket, self._key, self._kept = address, bucket, key, kept
        self._about = about(address, bucket, key)
        self._at, self._piece = 0, _Piece(0, b"")

    @property
    def size(self) -> int:
        """Size in bytes."""
        return self._about.size

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True

    def tell(self) -> int:
        """The offset of the next byte."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to an offset; nothing is asked for."""
        self._at = max(0, {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence] + offset)
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Read into a buffer."""
        view = memoryview(buffer)
        data = self.read(len(view))
        view[: len(data)] = data
        return len(data)

    def read(self, size: int | None = -1) -> bytes:
        """The next bytes, at most `size`; all that are left if it is negative."""
        end = self.size if size is None or size < 0 else min(self.size, self._at + size)
        parts: list[bytes] = []
        while self._at < end:
            piece = self._piece_at(self._at, end)
            part = piece.data[self._at - piece.start : end - piece.start]
            self._at += len(part)
            parts.append(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def readall(self) -> bytes:
        """All that is left."""
        return self.read()

    def _piece_at(self, offset: int, end: int) -> _Piece:
        """The piece that holds an offset: at hand, kept, or asked for."""
        tag, before = self._about.tag, self._piece
        if before.start <= offset < before.end:
            return before
        near = (_recent.at(self.name, tag, offset) if self._kept else None) or before
        if near.start <= offset < near.end:
            self._piece = near
            return near
        # What goes on where a piece ended is read in larger pieces.
        ahead = min(MOST_BYTES, 2 * len(near.data)) if near.end == offset and near.data else FIRST_BYTES
        stop = min(self.size, offset + min(MOST_BYTES, max(ahead, end - offset)))
        self._piece = _Piece(offset, self._fetched(offset, stop))
        if self._kept:
            _recent.keep(self.name, tag, self._piece)
        return self._piece

    def _fetched(self, start: int, end: int) -> bytes:
        """Bytes of a range, all of them."""
        return patiently(self.name, lambda: self._once(start, end))

    def _once(self, start: int, end: int) -> bytes:
        condition = {"IfMatch": self._about.tag} if self._about.tag else {}
        try:
            with told(self.name):
                answer = client().get_object(Bucket=self._bucket, Key=self._key, Range=f"bytes={start}-{end - 1}", **condition)
                if answer["ResponseMetadata"]["HTTPStatusCode"] != 206 and (start, end) != (0, self.size):
                    raise SetupError(f"{self.name}: the store does not give parts of an object (Range), which reading a WARC needs")
                data: bytes = answer["Body"].read(end - start)
        except FileExistsError as error:
            forget(self.name)
            raise SetupError(f"{self.name}: it was written anew while it was read: read it again") from error
        if len(data) != end - start:
            raise Unreachable(self.name, f"{len(data)} of {end - start} bytes came from offset {start}")
        return data


def patiently(address: str, ask: Callable[[], T]) -> T:
    """Ask some times until an answer comes whole.

    Raises:
        Unreachable: None did.
    """
    for attempt in range(ATTEMPTS):
        try:
            return ask()
        except Unreachable:
            if attempt == ATTEMPTS - 1:
                raise
            time.sleep(_WAIT_SECONDS * 2**attempt)
    raise Unreachable(address, "no answer")  # pragma: no cover - the loop ends otherwise

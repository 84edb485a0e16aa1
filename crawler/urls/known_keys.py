"""Keys of the frontier in memory, as 64-bit hashes: an unknown key needs no query."""

from __future__ import annotations

from collections.abc import Callable

BUCKETS = 1 << 13
"""Of the set; a power of two."""
TAIL = 7
"""Bytes kept of a hash: 51 bits, behind the 13 that choose the bucket."""
MOST_KEYS = 4_000_000
"""Keys held in memory, some 35 MB; of the others only the table knows."""
AT_ONCE = 500
"""Keys read from the table at a time: a fraction of a millisecond."""


class HashSet:
    """Set of strings, as hashes of 64 bits: some nine bytes a member.

    Two strings are taken for one with a chance of one in 2**64: for a queue of ten million and as many links a day, once in five hundred
    years. Python's hash has a secret key of its own in each process, so that nobody can choose strings that clash.
    """

    def __init__(self) -> None:
        self._buckets: list[bytearray | None] = [None] * BUCKETS
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __contains__(self, name: str) -> bool:
        number = hash(name)
        bucket = self._buckets[number & (BUCKETS - 1)]
        return bucket is not None and _has(bucket, _tail(number))

    def add(self, name: str) -> None:
        """Add a string.

        >>> some = HashSet()
        >>> some.add("a"), "a" in some, "b" in some, len(some)
        (None, True, False, 1)
        """
        number = hash(name)
        place, tail = number & (BUCKETS - 1), _tail(number)
        bucket = self._buckets[place]
        if bucket is None:
            self._buckets[place] = bytearray(tail)
        elif _has(bucket, tail):
            return
        else:
            bucket += tail
        self._count += 1


def _tail(number: int) -> bytes:
    return (number >> 13 & 0x7FFFFFFFFFFFF).to_bytes(TAIL, "little")


def _has(bucket: bytearray, tail: bytes) -> bool:
    at = bucket.find(tail)
    while at > 0 and at % TAIL:
        at = bucket.find(tail, at + 1)
    return at >= 0


class KnownKeys:
    """Keys that have a row, read from the table a few at a time.

    Args:
        keys_after: Lists the next keys of the table in order, at most so many.
    """

    def __init__(self, keys_after: Callable[[str, int], list[str]]) -> None:
        self._keys_after = keys_after
        self._held = HashSet()
        self._read_to: str | None = ""
        """The last key that was read; None: all were."""
        self._full = False

    def __len__(self) -> int:
        return len(self._held)

    def add(self, key: str) -> None:
        """Take note of a key that has a row from now on."""
        if len(self._held) < MOST_KEYS:
            self._held.add(key)
        else:
            self._full = True

    def lacks(self, key: str) -> bool:
        """Return True for a key that surely has no row."""
        return self._read_to is None and not self._full and key not in self._held

    def holds(self, key: str) -> bool:
        """Return True for a key in memory, which has a row."""
        return key in self._held

    def read_on(self) -> None:
        """Read some more keys of the table, until all are known."""
        if self._read_to is None or self._full:
            return
        found = self._keys_after(self._read_to, AT_ONCE)
        for key in found:
            self.add(key)
        self._read_to = found[-1] if len(found) == AT_ONCE else None

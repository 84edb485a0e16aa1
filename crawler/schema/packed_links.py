"""Links of a page as JSON in an LZ4 block over a shared list.

A list is JSON, `[["https://a.example/", "Home"], ...]`, in parts that plain SQL unpacks in milliseconds. A part whose bytes stand in
the shared list, as a menu does, is a few references into it. The format is the LZ4 block format: a token byte (length of a literal,
length of a match), the literal, two bytes of offset; it asks for no more than `substr` and `instr` to be read.
Source: lz4_Block_format.md of LZ4 1.10.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from lz4 import block as lz4

PART_BYTES = 32_000
"""Bytes of JSON of one part: with a shared list of the same size it stays within the reach of LZ4, and SQL unpacks it soon."""
_LEVEL = 4
"""Of twelve: the sixth saves 3 bytes of a thousand and takes a fifth more time."""
_MOST_FOLD = 256
"""A byte of an LZ4 block stands for fewer bytes than this."""

Pair = tuple[str, str | None]
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def parts_of(links: Iterable[Pair], packed: bytes | None = None) -> Iterator[tuple[int, int, bytes]]:
    """Split links into parts: position of the first link, number of links, JSON.

    Args:
        packed: The JSON of all links, where it is known.
    """
    links = list(links)
    if packed is not None and links and len(packed) <= PART_BYTES:
        yield 0, len(links), packed
        return
    whole = _encode(links)
    if links and len(whole) <= PART_BYTES:
        yield 0, len(links), whole.encode()
        return
    texts = [_encode(pair) for pair in links]
    first, size = 0, 0
    for place, text in enumerate(texts):
        # Characters, which may be more bytes: only the time to unpack depends on it.
        size += len(text) + 1
        if size > PART_BYTES and place > first:
            yield first, place - first, _joined(texts[first:place])
            first, size = place, len(text) + 1
    if texts:
        yield first, len(texts) - first, _joined(texts[first:])


def _joined(texts: list[str]) -> bytes:
    return f"[{','.join(texts)}]".encode()


def pack(part: bytes, shared: bytes = b"") -> bytes:
    """Pack a part, by references into a shared list; nothing where it is the same."""
    if shared == part:
        return b""  # LZ4 takes no dictionary that lies where its input does
    packed: bytes = lz4.compress(part, mode="high_compression", compression=_LEVEL, store_size=False, dict=shared)
    return packed


def unpack(packed: bytes | str, shared: bytes = b"") -> bytes:
    """Unpack a part; one that was edited with SQL is plain JSON."""
    if isinstance(packed, str):
        return packed.encode()
    if not packed:
        return shared
    part: bytes = lz4.decompress(packed, uncompressed_size=_MOST_FOLD * len(packed), dict=shared)
    return part


def pairs_of(part: bytes) -> list[tuple[int, str, str | None]]:
    """Place, address and text of each link of a part; places may be missing."""
    return [(place, *pair) for place, pair in enumerate(json.loads(part)) if pair is not None]


# -- the same in SQL


def _byte(at: str) -> str:
    return f"instr(bytes, substr(l.list, {at}, 1))"


def _full(at: str) -> str:
    """Number of bytes 255 from a place."""
    return f"(length(hex(substr(l.list, {at}))) - length(ltrim(hex(substr(l.list, {at})), 'F'))) / 2"


def _more(at: str) -> str:
    """The length that full bytes and the next one add."""
    return f"255 * ({_full(at)}) + {_byte(f'{at} + {_full(at)}')}"


def _token(at: str) -> str:
    """Columns `at`, `lit`, `len`: place and length of a literal, length of its match."""
    token, next_ = _byte(at), f"{at} + 1"
    return f"{next_} + iif({token} < 240, 0, {_full(next_)} + 1), iif({token} < 240, {token} / 16, 15 + {_more(next_)}), {token} % 16"


_BEHIND = "at + lit + 2"
_LITERAL = f"""SELECT {_BEHIND} + iif(len < 15, 0, {_full(_BEHIND)} + 1), NULL, len + 4 + iif(len < 15, 0, {_more(_BEHIND)}),
        {_byte("at + lit")} + 256 * {_byte("at + lit + 1")}, CAST(out || substr(l.list, at, lit) AS BLOB), skip
      FROM step, b WHERE off IS NULL AND at + lit <= length(l.list)"""
_MATCH = f"""SELECT {_token("at")}, NULL, CAST(out || substr(iif(off >= len, substr(out, -off),
        CAST(replace(hex(zeroblob(len / off + 1)), '00', substr(out, -off)) AS BLOB)), 1, len) AS BLOB), skip
      FROM step, b WHERE off IS NOT NULL"""


def unpacked(shared: str) -> str:
    """SQL: the JSON of a row `l` with a packed `list`.

    Args:
        shared: SQL of the bytes to which it refers.
    """
    every_byte = "".join(f"{byte:02x}" for byte in range(1, 256))
    return f"""CASE WHEN typeof(l.list) = 'text' THEN l.list WHEN length(l.list) = 0 THEN CAST({shared} AS TEXT) ELSE
    (WITH RECURSIVE b(bytes) AS (SELECT x'{every_byte}'),
      s(shared) AS MATERIALIZED (SELECT {shared}), step(at, lit, len, off, out, skip) AS (
      SELECT {_token("1")}, NULL, shared, length(shared) FROM b, s
      UNION ALL {_LITERAL}
      UNION ALL {_MATCH})
    SELECT CAST(substr(CAST(out || substr(l.list, at, lit) AS BLOB), skip + 1) AS TEXT) FROM step
      WHERE off IS NULL AND at + lit > length(l.list)) END"""

"""Lists of links as tables `link_lists` and `link_bases` hold them: written, read, compared."""

from __future__ import annotations

import sqlite3
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence

from attrs import define

from crawler.schema.link_words import LINK_WORDS
from crawler.schema.packed_links import Pair, pack, pairs_of, parts_of, unpack

_BASES_OF_HOST = 3
"""Newest lists of a host that are tried: its languages or kinds of page may have menus of their own."""
_HOSTS = 64
"""Hosts whose shared lists are kept in memory, with up to 3 lists of 32 kB."""
_SELECT = "SELECT l.capture_id, l.position, l.list, b.list, b.words FROM link_lists l LEFT JOIN link_bases b ON b.id = l.base"


_PLAIN_AFTER = 20
"""Pages of one run after which a shared list is held as plain JSON: SQL then unpacks those pages in a tenth of the time."""


@define
class _Base:
    id: int
    list: bytes
    packed: int
    """Bytes of the list packed by itself."""
    plain: bool = False
    uses: int = 0


class LinkLists:
    """Writer of lists of links, with the shared lists of the last hosts in memory.

    A list that a shared one makes less than half as small as that one is shared itself from then on.
    """

    def __init__(self) -> None:
        self._bases: OrderedDict[tuple[str, int], list[_Base]] = OrderedDict()

    def forget(self) -> None:
        """Forget what is in memory: a transaction was rolled back, and rows with it."""
        self._bases.clear()

    def replace(self, conn: sqlite3.Connection, capture_id: int, host: str, links: Iterable[Pair], packed: bytes | None = None) -> None:
        """Replace the links of a page, in page order, inside a transaction."""
        remove_links(conn, capture_id)
        self.add(conn, capture_id, host, links, packed)

    def add(
        self, conn: sqlite3.Connection, capture_id: int, host: str, links: Iterable[Pair], packed: bytes | None = None, *, first: int = 0
    ) -> None:  # fmt: skip
        """Add links of a page from a position on.

        Args:
            packed: The JSON of all links, where it is known.
        """
        for number, (position, count, part) in enumerate(parts_of(links, packed)):
            base, packed = self._packed(conn, host, number, part)
            sql = "INSERT INTO link_lists (capture_id, position, links, base, list) VALUES (?, ?, ?, ?, ?)"
            conn.execute(sql, [capture_id, first + position, count, base, packed])

    def _packed(self, conn: sqlite3.Connection, host: str, number: int, part: bytes) -> tuple[int, bytes]:
        """Pack a part over the shared list that fits, or over a new one."""
        known = self._known(conn, host, number)
        for base in known:
            packed = pack(part, base.list)
            if 2 * len(packed) < base.packed:
                known.remove(base)
                known.insert(0, base)
                _use(conn, base)
                return base.id, packed
        alone = pack(part, LINK_WORDS)
        row = conn.execute("INSERT INTO link_bases (host, part, words, list) VALUES (?, ?, 1, ?)", [host, number, alone]).lastrowid
        assert row is not None
        known.insert(0, _Base(row, part, len(alone)))
        del known[_BASES_OF_HOST:]
        return row, pack(part, part)

    def _known(self, conn: sqlite3.Connection, host: str, number: int) -> list[_Base]:
        """The newest shared lists of a host, last used first."""
        key = (host, number)
        if key not in self._bases:
            sql = "SELECT id, list, words FROM link_bases WHERE host = ? AND part = ? ORDER BY id DESC LIMIT ?"
            rows = conn.execute(sql, [host, number, _BASES_OF_HOST]).fetchall()
            self._bases[key] = [_base(*row) for row in rows]
        self._bases.move_to_end(key)
        if len(self._bases) > _HOSTS:
            self._bases.popitem(last=False)
        return self._bases[key]


def _unpacked_base(packed: bytes | str, words: int) -> bytes:
    return unpack(packed, LINK_WORDS if words else b"")


def _base(row: int, packed: bytes | str, words: int) -> _Base:
    part = _unpacked_base(packed, words)
    return _Base(row, part, len(pack(part)), plain=isinstance(packed, str))


def _use(conn: sqlite3.Connection, base: _Base) -> None:
    """Count a page of a shared list; hold it plain once they are many."""
    base.uses += 1
    if base.uses >= _PLAIN_AFTER and not base.plain:
        conn.execute("UPDATE link_bases SET list = ? WHERE id = ?", [base.list.decode(), base.id])
        base.plain = True


def remove_links(conn: sqlite3.Connection, capture_id: int) -> None:
    """Remove the links of a page."""
    conn.execute("DELETE FROM link_lists WHERE capture_id = ?", [capture_id])


def links_at(conn: sqlite3.Connection, capture_ids: Sequence[int]) -> Iterator[tuple[int, int, str, str | None]]:
    """Yield capture, position, address and text of each link of pages, in page order."""
    for capture_id in capture_ids:
        for row, first, packed, shared, words in conn.execute(f"{_SELECT} WHERE l.capture_id = ? ORDER BY l.position", [capture_id]):
            for place, url, text in pairs_of(unpack(packed, _unpacked_base(shared, words) if shared else b"")):
                yield row, first + place, url, text

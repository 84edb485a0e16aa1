"""Links of one page as the index stores them, beside their addresses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import overload

from crawler.items.articles import Link


class LinkList(Sequence[Link]):
    """Links with address and text only, made one by one as they are asked for.

    It compares as the tuple of its links.
    """

    __slots__ = ("packed", "pairs", "urls")

    def __init__(self, packed: bytes, pairs: Sequence[tuple[str, str]]) -> None:
        self.packed = packed
        """JSON of `pairs`; each text is valid for SQLite and UTF-8."""
        self.pairs = pairs
        self.urls = [url for url, _ in pairs]

    def __len__(self) -> int:
        return len(self.urls)

    @overload
    def __getitem__(self, place: int) -> Link: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Link, ...]: ...
    def __getitem__(self, place: int | slice) -> Link | tuple[Link, ...]:
        if isinstance(place, slice):
            return tuple(Link(url=url, text=text) for url, text in self.pairs[place])
        url, text = self.pairs[place]
        return Link(url=url, text=text)

    def __iter__(self) -> Iterator[Link]:
        return (Link(url=url, text=text) for url, text in self.pairs)

    def __eq__(self, other: object) -> bool:
        return tuple(self) == tuple(other) if isinstance(other, tuple | LinkList) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))


def urls_of(links: Sequence[Link]) -> list[str]:
    """The addresses of links, in page order."""
    return links.urls if isinstance(links, LinkList) else [link.url for link in links]

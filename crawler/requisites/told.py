"""Requisites held and missing, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from crawler.formatting import counted

Kinds = Mapping[str, Mapping[str, int]]
"""By kind, in the plural: `held` and `missing`."""


def requisites_told(kinds: Kinds) -> Iterator[str]:
    """One line of the requisites that are held and missing, by kind; none without any."""
    told = (f"{_counted(kinds, word)} {word}" for word in ("held", "missing") if any(one[word] for one in kinds.values()))
    if line := "; ".join(told):
        yield line


def requisites_row(kinds: Kinds) -> Iterator[tuple[str, int, str]]:
    """The row of a collection's figures that tells its requisites; none without any."""
    if held := sum(one["held"] for one in kinds.values()):
        yield "requisites", held, f"{_counted(kinds, 'held')}; {sum(one['missing'] for one in kinds.values()):,} missing"


def _counted(kinds: Kinds, word: str) -> str:
    return ", ".join(counted(one[word], kind.removesuffix("s"), kind) for kind, one in kinds.items() if one[word])

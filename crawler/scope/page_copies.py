"""Pages that repeat another: copies of the same links, and traps without end."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from enum import Enum
from hashlib import blake2b
from typing import TypeVar

from attrs import define, field, frozen

K = TypeVar("K")
T = TypeVar("T")

REMEMBERED = 10_000
"""Pages; older ones are forgotten."""
MAX_ANCESTORS = 50


class Repeats(Enum):
    """Ways in which a page repeats another."""

    NOTHING = "nothing"
    """It is new, or leads elsewhere than the page that it is like."""
    LINKS = "links"
    """Another page of this run, which leads to the very same addresses: nothing is lost if its links are not looked at."""
    ITSELF = "itself"
    """A page above it on the way from the seed, from a deeper folder: relative links that grow at each step."""


@frozen
class _Step:
    """One page on the way from a seed."""

    parent: bytes
    payload: bytes
    folders: int


@define
class Copies:
    """The last pages of one run, by payload, links and referring page."""

    _leads: OrderedDict[int, tuple[bytes, int]] = field(factory=OrderedDict, init=False)
    """Payload and links to the page that had them first, and its depth."""
    _steps: OrderedDict[bytes, _Step] = field(factory=OrderedDict, init=False)

    def repeats(self, url: str, payload: str, links: Iterable[str], *, found_on: str | None, depth: int) -> Repeats:
        """Compare a page with those before it, and remember it.

        The same bytes in another folder or on another host lead elsewhere by relative links, and are followed. Identical bytes can lead to
        new addresses without end only by links that go into deeper folders, so that a page above has the same bytes in fewer folders.

        Args:
            payload: Digest of its bytes.
            links: The addresses it leads to.
            depth: Links between the seed and the page: one nearer to the seed is no copy of one further off.
        """
        place, mark = _hash(url), _hash(payload)
        folders = url.partition("?")[0].count("/")
        # No digest: one of so many bytes lets other threads run, and a page would wait for them. The key of `hash` is drawn by the process.
        leads = hash((payload, *links))
        known = self._leads.get(leads)
        if known is not None and known[0] != place and known[1] <= depth:
            return Repeats.LINKS
        step = _Step(_hash(found_on or ""), mark, folders)
        if known is None and self._below_itself(step):
            return Repeats.ITSELF
        _remember(self._leads, leads, (place, depth))
        _remember(self._steps, place, step)
        return Repeats.NOTHING

    def _below_itself(self, step: _Step) -> bool:
        above = self._steps.get(step.parent)
        for _ in range(MAX_ANCESTORS):
            if above is None:
                return False
            if above.payload == step.payload and above.folders < step.folders:
                return True
            above = self._steps.get(above.parent)
        return False


def _remember(kept: OrderedDict[K, T], key: K, value: T) -> None:
    kept[key] = value
    if len(kept) > REMEMBERED:
        kept.popitem(last=False)


def _hash(*texts: str) -> bytes:
    return blake2b("\n".join(texts).encode("utf-8", "surrogatepass"), digest_size=12).digest()

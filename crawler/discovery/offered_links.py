"""Memory of the links that a run has offered to the frontier.

Most links of a page are the menu of the page before.
"""

from __future__ import annotations

from collections.abc import Sequence

from attrs import define, field

from crawler.items import Link, LinkList

REMEMBERED = 8192
"""Addresses in each half of the memory; the half not met for longest is forgotten."""
OF_RUN = "~"
"""The row is one of this run: whatever is offered for it again changes nothing, but for a nearer link."""
NEVER = "never"
"""The row of an earlier run is never due: only who asks for it again queues it."""

Offer = tuple[int, str]
"""Depth at which a link was offered, and until when (ISO 8601 UTC, or a word above) a like offer changes nothing."""


@define
class OfferedLinks:
    """The links met last, by address as linked."""

    _new: dict[str, Offer] = field(factory=dict, init=False)
    _old: dict[str, Offer] = field(factory=dict, init=False)

    def others(self, links: Sequence[Link], *, depth: int = 0, now: str = "", again: bool = True) -> list[Link]:
        """Leave out the links whose offer would change nothing.

        Args:
            depth: Of the links: a nearer one may raise a row's urgency.
            again: Whether known pages are asked for again, due or not.
        """
        known, others = self._new.get, []
        if isinstance(links, LinkList):
            # Most are of this run, and need not be made.
            offers = map(known, links.urls)
            links = [links[n] for n, offer in enumerate(offers) if offer is None or offer[1] != OF_RUN or offer[0] > depth]
        for link in links:
            offer = known(link.url) or self._recalled(link.url)
            if offer is None or offer[0] > depth or link.listing or not (offer[1] == OF_RUN or (offer[1] > now and not again)):
                others.append(link)
        return others

    def _recalled(self, url: str) -> Offer | None:
        offer = self._old.get(url)
        if offer is not None:
            self.put(url, *offer)
        return offer

    def put(self, url: str, depth: int = 0, until: str = OF_RUN) -> None:
        """Remember a link that was offered, or left out for good."""
        if len(self._new) >= REMEMBERED:
            self._old, self._new = self._new, {}
        self._new[url] = depth, until

    def clear(self) -> None:
        """Forget all."""
        self._new, self._old = {}, {}

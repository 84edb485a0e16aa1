"""Announcements as the writer of an index files them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from crawler.coverage.announcements import Announcements
from crawler.coverage.catch_up import catch_up
from crawler.index.index import Index
from crawler.items import Outcome
from crawler.sites.known import WEB, sites_known
from crawler.sites.site import Site

_NAME = "announcements"
Within = Callable[[Callable[[Index], int]], int]


def know_sites(index: Index, folders: Sequence[str] = (), *, site: Site | None = None) -> None:
    """Tell the writer of an index where the sites are that its captures belong to.

    Args:
        folders: With site files beside our own.
        site: One that is loaded already; the others are loaded when first needed.
    """

    def site_of(name: str) -> Site | None:
        if name == WEB.name or (site is not None and name == site.name):
            return WEB if site is None or name == WEB.name else site
        return sites_known(tuple(folders)).get(name)

    index.memories[_NAME] = Announcements(site_of)


def announce(index: Index, outcome: Outcome) -> None:
    """File what an outcome announces, inside a transaction, behind its links."""
    if outcome.links:
        _of(index).file(index.conn, outcome)


def catch_up_all(place: Index | Within) -> int:
    """Look through every list that is due, some in each transaction; how many.

    Args:
        place: An index, outside a transaction; or what runs a change in one, as `Collection.now` does.
    """
    count = 0
    while done := _alone(place) if isinstance(place, Index) else place(catch_up_some):
        count += done
    return count


def catch_up_some(index: Index) -> int:
    """Look through some of the lists that are due, inside a transaction; how many."""
    return catch_up(index.conn, _of(index))


def _alone(index: Index) -> int:
    with index.atomic():
        return catch_up_some(index)


def _of(index: Index) -> Announcements:
    if _NAME not in index.memories:
        know_sites(index)
    found = index.memories[_NAME]
    assert isinstance(found, Announcements)
    return found

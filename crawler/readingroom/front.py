"""Front page of a collection, and the list of collections."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from crawler.catalogue.figures import Holdings, holdings
from crawler.roomframe.page import Asked, Page
from crawler.roomframe.strings import TEXTS


@frozen(kw_only=True)
class Front:
    """Data of the front page."""

    holdings: Holdings


def front_page_of(asked: Asked) -> Page:
    """Make the front page of a collection."""
    return Page(template="front.html", title=asked.collection, data=Front(holdings=holdings(asked.index)))


@frozen(kw_only=True)
class Summary:
    """One collection in the list."""

    name: str
    address: str
    holdings: Holdings


@frozen(kw_only=True)
class Collections:
    """Data of the list of collections."""

    collections: Sequence[Summary]


def collections_page(asked: Asked) -> Summary:
    """Sum one collection up."""
    return Summary(name=asked.collection, address=asked.to.front(), holdings=holdings(asked.index))


def joined_collections(summaries: Sequence[Summary]) -> Page:
    """Make the list of collections."""
    return Page(template="collections.html", title=TEXTS["collections_title"], data=Collections(collections=summaries))

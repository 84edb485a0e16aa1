"""Search: a form that works without a script, hits with marked words, facets as links."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from attrs import frozen

from crawler.errors import Usage
from crawler.readingroom.choices import Group, Option, one_of
from crawler.roomframe.page import Asked, BadRequest, Page
from crawler.roomframe.strings import TEXTS
from crawler.search.answers import answer

if TYPE_CHECKING:
    from crawler.search.answers import Answer, Sort

SHOWN = 20
MOST_PAGES = 50
SHOWN_VALUES = 12
"""Of each facet."""
MOST_TEXT = 1000
"""Characters of a query."""
SORTS = ("relevance", "date")
VERSIONS = ("newest", "all")


@frozen(kw_only=True)
class Search:
    """Contents of the search page."""

    query: str
    sort: str
    versions: str
    """`newest`, or `all`: also texts that were replaced."""
    answer: Answer | None
    """None where nothing was asked for."""
    fault: str | None
    """Why the query cannot be answered."""
    groups: Sequence[Group]
    earlier: str | None
    further: str | None
    page: int


def search_page(asked: Asked) -> Page:
    """Make the search page.

    Raises:
        BadRequest: An argument means nothing.
    """
    query, number = asked.text("q", most=MOST_TEXT) or "", asked.number("page", 1, most=MOST_PAGES)
    sort: Sort = "date" if one_of(asked, "sort", SORTS) == "date" else "relevance"
    versions = one_of(asked, "versions", VERSIONS) or VERSIONS[0]
    found, fault = _answered(asked, query, number, sort, versions) if query else (None, None)
    kept = {"q": query, "sort": sort if sort != SORTS[0] else None, "versions": versions if versions != VERSIONS[0] else None}
    data = Search(
        query=query, sort=sort, versions=versions, answer=found, fault=fault, page=number, groups=_groups(asked, found, kept),
        earlier=asked.to.page("search", **kept, page=number - 1 if number > 2 else None) if number > 1 else None,
        further=asked.to.page("search", **kept, page=number + 1) if found is not None and _goes_on(found, number) else None,
    )  # fmt: skip
    return Page(template="search.html", title=f"{TEXTS['nav_search']}: {query}" if query else TEXTS["nav_search"], data=data)


def _answered(asked: Asked, query: str, number: int, sort: Sort, versions: str) -> tuple[Answer | None, str | None]:
    try:
        found = answer(
            asked.index, query, limit=SHOWN, offset=(number - 1) * SHOWN, sort=sort, all_versions=versions == "all", facets=number == 1
        )  # fmt: skip
    except Usage as error:
        return None, str(error)
    if number > 1 and not found.hits:
        raise BadRequest(f"page={number}")
    return found, None


def _goes_on(found: Answer, number: int) -> bool:
    return number < MOST_PAGES and (found.more or found.total > found.offset + len(found.hits))


def _groups(asked: Asked, found: Answer | None, kept: dict[str, str | None]) -> list[Group]:
    """Facets as links to narrower queries."""
    if found is None:
        return []
    return [
        Group(
            name=facet.name, more=bool(facet.others) or len(facet.values) > SHOWN_VALUES,
            options=[
                Option(label=one.value or None, count=one.count, address=asked.to.page("search", **{**kept, "q": one.narrowed}))
                for one in facet.values[:SHOWN_VALUES]
            ],
        )
        for facet in found.facets if facet.values
    ]  # fmt: skip

"""Choices in a page's address: places in lists, facets as links, moments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from attrs import frozen

from crawler.catalogue.keyset import Place, Stretch
from crawler.roomframe.page import Asked, BadRequest

if TYPE_CHECKING:
    from crawler.catalogue.wall import Facet


@frozen(kw_only=True)
class Option:
    """One value of a group, as a link to the page with it."""

    label: str | None
    """None where the group's word for nothing stands."""
    count: int
    address: str
    chosen: bool = False


@frozen(kw_only=True)
class Group:
    """Values from which a reader chooses one."""

    name: str
    options: Sequence[Option]
    chosen: str | None = None
    """The value that is chosen, as it is shown."""
    without: str | None = None
    """Address of the page without this choice; None where nothing is chosen."""
    more: bool = False


@frozen(kw_only=True)
class Paging:
    """Ways from one stretch of a list to others."""

    first: str | None
    """Address of the beginning; None where this is it."""
    further: str | None
    """Address of what comes behind; None at the end."""


def place_asked(asked: Asked) -> Place | None:
    """The place of a list that is asked for in `before`.

    Raises:
        BadRequest: It is none.
    """
    text = asked.text("before")
    if text is None:
        return None
    try:
        return Place.read(text)
    except ValueError as error:
        raise BadRequest(f"before={text[:80]}") from error


def paging(asked: Asked, page: str, shown: Stretch[Any], chosen: Mapping[str, object]) -> Paging:
    """Addresses of the beginning of a list and of its next stretch."""
    return Paging(
        first=asked.to.page(page, **chosen) if asked.text("before") else None,
        further=asked.to.page(page, **chosen, before=str(shown.further)) if shown.further else None,
    )


def group_of(asked: Asked, page: str, facet: Facet, chosen: Mapping[str, object]) -> Group:
    """A facet as links that keep the other choices."""
    others = {name: value for name, value in chosen.items() if name != facet.name}
    return Group(
        name=facet.name, more=facet.more, chosen=facet.label if facet.chosen is not None else None,
        without=asked.to.page(page, **others) if facet.chosen is not None else None,
        options=[
            Option(
                label=one.label or None, count=one.count, chosen=one.value == facet.chosen,
                address=asked.to.page(page, **others, **{facet.name: one.value}),
            )
            for one in facet.values
        ],
    )  # fmt: skip


def moment_asked(asked: Asked, name: str) -> datetime | None:
    """A day or moment in an argument, in UTC where it says nothing else.

    Raises:
        BadRequest: It is none.
    """
    text = asked.text(name)
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise BadRequest(f"{name}={text[:40]}") from error


def one_of(asked: Asked, name: str, known: Sequence[str]) -> str | None:
    """An argument that is one of some words; None if it is absent.

    Raises:
        BadRequest: It is none of them.
    """
    text = asked.text(name)
    if text is not None and text not in known:
        raise BadRequest(f"{name}={text[:40]}")
    return text

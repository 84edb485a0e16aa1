"""Picture wall: pictures of the newest versions, chosen by credit, agency, year and section."""

from __future__ import annotations

import re
from collections.abc import Sequence

from attrs import asdict, frozen

from crawler.catalogue.wall import NONE, Choice, Picture, count_pictures, facets, page_of_pictures
from crawler.readingroom.choices import Group, Paging, group_of, paging, place_asked
from crawler.readingroom.pictures import looked_at
from crawler.roomframe.page import Asked, BadRequest, Page
from crawler.roomframe.strings import TEXTS

SHOWN = 48
TYPE_BYTES = 4096
"""Of a picture's file, by which its type is told."""


@frozen(kw_only=True)
class Hung:
    """A picture with its address here, or what is wrong with it."""

    picture: Picture
    src: str | None
    fault: str | None


@frozen(kw_only=True)
class Wall:
    """Contents of the picture wall."""

    count: int
    """Pictures of the choice."""
    pictures: Sequence[Hung]
    facets: Sequence[Group]
    paging: Paging


def picture_wall(asked: Asked) -> Page:
    """Make the picture wall."""
    year = asked.text("year")
    if year is not None and not re.fullmatch(r"\d{4}", year, re.ASCII):
        raise BadRequest(f"year={year[:40]}")
    choice = Choice(credit=asked.text("credit"), agency=asked.text("agency"), year=year, section=asked.text("section"))
    chosen = {name: value for name, value in asdict(choice).items() if value is not None}
    shown = page_of_pictures(asked.index, choice, before=place_asked(asked), most=SHOWN)
    named = ", ".join(value for value in chosen.values() if value != NONE)
    data = Wall(
        count=count_pictures(asked.index, choice), pictures=[_hung(asked, one) for one in shown.rows],
        facets=[group_of(asked, "pictures", facet, chosen) for facet in facets(asked.index, choice)],
        paging=paging(asked, "pictures", shown, chosen),
    )  # fmt: skip
    return Page(template="pictures.html", title=f"{TEXTS['nav_pictures']}: {named}" if named else TEXTS["nav_pictures"], data=data)


def _hung(asked: Asked, picture: Picture) -> Hung:
    if picture.record_id is None:
        return Hung(picture=picture, src=None, fault=TEXTS["picture_not_archived"])
    fault = looked_at(asked.index, asked.path, picture.record_id, head=TYPE_BYTES).fault
    return Hung(picture=picture, src=None if fault else asked.to.picture(picture.record_id), fault=fault)

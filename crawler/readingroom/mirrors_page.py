"""Mirrors: their timeline, where they disagree, and both texts side by side."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import evolve, frozen

from crawler.catalogue.disagreements import DivergenceLine, SideBySide, divergence_counts, page_of_divergences, side_by_side
from crawler.catalogue.mirror_months import Timeline, timeline
from crawler.readingroom.choices import Group, Option, Paging, paging, place_asked
from crawler.roomframe.page import Asked, NotThere, Page
from crawler.roomframe.strings import TEXTS

SHOWN = 40
MOST_SQUARES, LEAST_MONTHS = 240, 3
"""Months of all hosts together, and of each: of many hosts the last months are shown."""


@frozen(kw_only=True)
class Mirrors:
    """Contents of the page of mirrors."""

    timeline: Timeline
    divergences: int


@frozen(kw_only=True)
class DivergenceList:
    """Contents of the list of divergences."""

    kinds: Group
    host: str | None
    divergences: Sequence[DivergenceLine]
    paging: Paging


@frozen(kw_only=True)
class StoryDivergences:
    """Contents of the divergences of one story."""

    story_id: str
    headline: str | None
    language: str | None
    sides: Sequence[SideBySide]


def mirrors_page(asked: Asked) -> Page:
    """Make the page of mirrors."""
    found = timeline(asked.index, site=asked.text("site"))
    shown = max(LEAST_MONTHS, MOST_SQUARES // max(1, len(found.lines)))
    found = Timeline(months=found.months[-shown:], lines=[evolve(line, months=line.months[-shown:]) for line in found.lines])
    data = Mirrors(timeline=found, divergences=sum(divergence_counts(asked.index).values()))
    return Page(template="mirrors.html", title=TEXTS["nav_mirrors"], data=data)


def divergences_page(asked: Asked) -> Page:
    """Make the list of divergences, or those of one story with both texts."""
    story = asked.text("story")
    return _divergence_list(asked) if story is None else _of_story(asked, story)


def _divergence_list(asked: Asked) -> Page:
    site, host, kind = asked.text("site"), asked.text("host"), asked.text("kind")
    chosen = {name: value for name, value in (("site", site), ("host", host), ("kind", kind)) if value is not None}
    others = {name: value for name, value in chosen.items() if name != "kind"}
    shown = page_of_divergences(asked.index, site=site, host=host, kind=kind, before=place_asked(asked), most=SHOWN)
    counts = divergence_counts(asked.index)
    kinds = Group(
        name="divergence", chosen=kind, without=asked.to.page("divergences", **others) if kind else None,
        options=[
            Option(label=one, count=count, address=asked.to.page("divergences", **others, kind=one), chosen=one == kind)
            for one, count in counts.items()
        ],
    )  # fmt: skip
    data = DivergenceList(kinds=kinds, host=host, divergences=shown.rows, paging=paging(asked, "divergences", shown, chosen))
    return Page(template="divergences.html", title=TEXTS["diverging_title"], data=data)


def _of_story(asked: Asked, story: str) -> Page:
    rows = asked.index.query("SELECT headline, language FROM stored_versions WHERE story_id = ? ORDER BY n DESC LIMIT 1", [story])
    if not rows:
        raise NotThere(f"no story {story}")
    sides = side_by_side(asked.index, story)
    data = StoryDivergences(story_id=story, headline=rows[0]["headline"], language=rows[0]["language"], sides=sides)
    return Page(template="divergence.html", title=f"{TEXTS['divergences_title']}: {story}", data=data)

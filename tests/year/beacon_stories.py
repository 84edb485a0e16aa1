"""Stories of the simulated year: what each says at a time, and what happens to it."""

from __future__ import annotations

import random
from collections.abc import Container, Iterator
from datetime import datetime, timedelta
from typing import Literal

from attrs import define, evolve, field, frozen

Change = Literal["headline", "sentence", "caption", "credit", "picture", "slug"]
How = Literal["404", "410", "home", "soft"]

_THINGS = ("lantern", "harbour wall", "ferry", "tide table", "oyster bed", "town hall", "lighthouse", "rope works", "pilot boat", "market", "salt pan",
           "clock tower", "net loft", "quay", "chapel bell", "gull colony", "sand bar", "post office", "crane", "school roof")  # fmt: skip
_PEOPLE = ("The council", "A committee of pilots", "The harbour master", "Two engineers", "The school board", "A retired captain", "The net menders",
           "The ferry company", "A panel of judges", "The museum")  # fmt: skip
_DEEDS = ("inspected", "repainted", "measured", "praised", "closed", "reopened", "sold", "described", "drew plans for", "borrowed money for",
          "refused to move", "voted to keep")  # fmt: skip
_ENDS = ("before the spring tide", "while the fog lasted", "at a cost nobody would name", "in front of a small crowd", "for the third time this year",
         "although the rain had stopped", "without asking the neighbours", "as the almanac had foretold", "to the surprise of the gulls",
         "and wrote a long letter about it")  # fmt: skip


def sentence(draw: random.Random) -> str:
    """An invented sentence that no other story has."""
    return f"{draw.choice(_PEOPLE)} {draw.choice(_DEEDS)} the {draw.choice(_THINGS)} number {draw.randrange(10_000)} {draw.choice(_ENDS)}."


@frozen(kw_only=True)
class Text:
    """What a story says."""

    headline: str
    paragraphs: tuple[tuple[str, ...], ...]
    """Of sentences."""
    caption: str
    credit: str
    picture: str
    slug: str

    def changed(self, what: Change, draw: random.Random) -> Text:
        """The same with one thing changed."""
        if what == "headline":
            return evolve(self, headline=f"{draw.choice(_PEOPLE)} {draw.choice(_DEEDS)} {draw.choice(_THINGS)} {draw.randrange(10_000)}")
        if what == "sentence":
            which = draw.randrange(len(self.paragraphs))
            lines = list(self.paragraphs[which])
            lines[draw.randrange(len(lines))] = sentence(draw)
            return evolve(self, paragraphs=(*self.paragraphs[:which], tuple(lines), *self.paragraphs[which + 1 :]))
        if what == "caption":
            return evolve(self, caption=f"The {draw.choice(_THINGS)} seen from mooring {draw.randrange(10_000)}")
        if what == "credit":
            return evolve(self, credit=f"Ida Loewe {draw.choice('BCDEFGH')}. Marsh")
        return evolve(self, picture=f"{self.picture}-b") if what == "picture" else evolve(self, slug=f"{self.slug}-again")

    @property
    def body(self) -> str:
        """Paragraphs, a line each."""
        return "\n".join(" ".join(lines) for lines in self.paragraphs)


@frozen(kw_only=True)
class Absence:
    """A time in which a story is not there."""

    since: datetime
    until: datetime
    how: How
    host: str | None = None
    """The only mirror that does not have it; None for all."""


@define(kw_only=True)
class Story:
    """A story through the year."""

    number: int
    published: datetime
    section: str
    texts: list[tuple[datetime, Text]]
    """Each from when on, the oldest first."""
    changes: list[tuple[datetime, Change]] = field(factory=list)
    touches: list[datetime] = field(factory=list)
    """When the bytes of its page change and no word of it."""
    absences: list[Absence] = field(factory=list)

    @property
    def id(self) -> str:
        """As the crawler names it."""
        return f"beacon/{self.number}"

    def text(self, now: datetime) -> Text:
        """What it says at a time."""
        return [text for since, text in self.texts if since <= now or since == self.published][-1]

    def absent(self, host: str, now: datetime) -> How | None:
        """How a mirror says that it does not have the story; None if it has it."""
        return next((one.how for one in self.absences if one.since <= now < one.until and one.host in (None, host)), None)

    def change(self, when: datetime, what: Change, draw: random.Random) -> None:
        """Have it edited."""
        self.texts.append((when, self.texts[-1][1].changed(what, draw)))
        self.changes.append((when, what))

    @property
    def quiet(self) -> bool:
        """Whether nothing happens to it yet."""
        return not (self.changes or self.touches or self.absences)


def first_text(number: int, draw: random.Random) -> Text:
    """The text a story is published with."""
    return Text(
        headline=f"{draw.choice(_PEOPLE)} and the {draw.choice(_THINGS)} of {number}",
        paragraphs=tuple(tuple(sentence(draw) for _ in range(3)) for _ in range(4)),
        caption=f"The {draw.choice(_THINGS)} on a Tuesday, pier {number}", credit="Ida Loewe", picture=f"p{number}", slug=f"story-of-pier-{number}",
    )  # fmt: skip


def published(draw: random.Random, start: datetime, days: int, none: Container[int]) -> Iterator[Story]:
    """Stories of the year: one or two on a weekday, one on a Saturday, none on most Sundays.

    Args:
        none: Days, counted from the start, on which nothing is published.
    """
    number = 1000
    for day in range(days):
        midnight = start + timedelta(days=day)
        count = {5: 1, 6: draw.choice((0, 0, 1))}.get(midnight.weekday(), draw.choice((1, 1, 1, 2)))
        for hour in sorted(draw.sample(range(7, 23), count)):
            number += 1
            when = midnight + timedelta(hours=hour, minutes=draw.randrange(60))
            if day not in none:
                text = first_text(number, random.Random(f"{number}"))
                yield Story(number=number, published=when, section=draw.choice(("town", "sea")), texts=[(when, text)])

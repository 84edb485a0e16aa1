"""The plan of the simulated year, which is the key to its answers: what happens to stories and mirrors, and when is crawled."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from attrs import field, frozen
from beacon_pages import MIRRORS, Newspaper, Spell
from beacon_stories import Absence, Change, How, Story, published

START = datetime(2025, 1, 6, tzinfo=UTC)
"""A Monday."""
DAYS = 364
FIRST, SECOND, THIRD = MIRRORS

THREE_HOURLY = range(21, 22)
SIX_HOURLY = range(60, 64)
GAP = range(100, 114)
"""Nobody crawls."""
NO_NETWORK = range(150, 157)
SILENT = range(200, 208)
"""Nothing is published, and all lists answer: an outage that only its silence tells."""
HOLIDAYS = (*range(87, 89), *range(289, 291))
STUCK_FEED = range(260, 266)
NEW_LAYOUT = range(305, 315)
SET_BACK = range(45, 52)
"""Days on which the machine's clock is an hour slow."""


def day(number: float) -> datetime:
    """The beginning of a day of the year."""
    return START + timedelta(days=number)


def _spell(host: str, days: tuple[int, int], what: str, **more: object) -> Spell:
    # At noon: a run of the morning of the first day does not see it yet.
    return Spell(host=host, since=day(days[0] + 0.5), until=day(days[1] + 0.5), what=what, **more)  # type: ignore[arg-type]


SPELLS = (
    *(_spell(host, (NO_NETWORK[0], NO_NETWORK[-1]), "refused") for host in MIRRORS),
    _spell(FIRST, (30, 38), "refused"),
    _spell(SECOND, (50, 57), "stale", lag=timedelta(days=4)),
    _spell(THIRD, (72, 77), "certificate"),
    _spell(SECOND, (120, 130), "seized"),
    _spell(SECOND, (165, 185), "credits"),
    _spell(THIRD, (190, 192), "silent"),
    _spell(SECOND, (220, 224), "challenge"),
    _spell(FIRST, (240, 241), "503"),
    *(_spell(host, (STUCK_FEED[0], STUCK_FEED[-1]), "no feed news") for host in MIRRORS),
    _spell(FIRST, (270, 272), "silent"),
)


@frozen(kw_only=True)
class Visit:
    """A crawl of the year."""

    at: datetime
    arguments: dict[str, str] = field(factory=dict)
    wrong: timedelta = timedelta()
    """By how much the machine's clock is wrong."""


@frozen(kw_only=True)
class Edit:
    """One edit of a story, which a crawl can find."""

    story: str
    when: datetime
    what: Change


@frozen(kw_only=True)
class Plan:
    """All of the year."""

    paper: Newspaper
    visits: Sequence[Visit]

    @property
    def stories(self) -> list[Story]:
        """In the order of publication."""
        return list(self.paper.stories.values())

    @property
    def edits(self) -> list[Edit]:
        """Every edit."""
        return [Edit(story=story.id, when=when, what=what) for story in self.stories for when, what in story.changes]

    def absences(self, *, everywhere: bool) -> list[tuple[Story, Absence]]:
        """Stories that were missing on all mirrors, or on one."""
        return [(story, one) for story in self.stories for one in story.absences if (one.host is None) == everywhere]


def make_plan(seed: int = 14, *, days: int = DAYS) -> Plan:
    """Draw the plan of a year; of the crawls only those of its first days."""
    draw = random.Random(seed)
    none = {*SILENT, *HOLIDAYS}
    stories = list(published(draw, START, DAYS, none))
    pick = _Picker(stories, draw)
    for what, count in (("headline", 14), ("sentence", 24), ("caption", 8), ("credit", 8), ("picture", 8), ("slug", 6)):
        for story, when in pick.some(count, ages=(1.5, 5.5)):
            story.change(when, what, draw)
    for story, when in pick.some(8, ages=(9, 20), end=30):
        story.change(when, "sentence", draw)
    for story, when in pick.some(6, ages=(35, 80), end=130):
        story.change(when, "headline", draw)
    for story, when in pick.some(40, ages=(1, 6)):
        story.touches.append(when)
    _remove(pick)
    layout = {"layout_from": day(NEW_LAYOUT[0]), "layout_until": day(NEW_LAYOUT[-1] + 1)}
    return Plan(paper=Newspaper(stories, SPELLS, **layout), visits=list(visits(days)))


def _remove(pick: _Picker) -> None:
    """Take stories away, from everywhere or from one mirror, for ever or for a while."""
    hows: tuple[How, ...] = ("404", "410", "home", "soft")
    for number, (story, when) in enumerate(pick.some(10, ages=(1.5, 4.5), end=40)):
        story.absences.append(Absence(since=when, until=day(1000), how=hows[number % 4]))
    for number, (story, when) in enumerate(pick.some(6, ages=(1.5, 4), end=70)):
        story.absences.append(Absence(since=when, until=when + timedelta(days=24), how=hows[number % 4]))
    for number, (story, when) in enumerate(pick.some(6, ages=(1, 1.5), end=40)):
        story.absences.append(Absence(since=when, until=day(1000), how=hows[number % 2], host=SECOND))


class _Picker:
    """Draws stories to which nothing happens yet, and a time at which it can be told from what was before."""

    def __init__(self, stories: Sequence[Story], draw: random.Random) -> None:
        self._stories, self._draw = stories, draw

    def some(self, count: int, *, ages: tuple[float, float], end: int = 12) -> Iterator[tuple[Story, datetime]]:
        """Yield some, with a time at an age in days; nothing within `end` days of the year's own."""
        left = [story for story in self._stories if story.quiet]
        self._draw.shuffle(left)
        found = 0
        for story in left:
            when = story.published + timedelta(days=self._draw.uniform(*ages))
            if found < count and when < day(DAYS - end) and self._can_be_told(story, when):
                found += 1
                yield story, when

    def _can_be_told(self, story: Story, when: datetime) -> bool:
        """Whether a crawl saw the story before, soon after it came out."""
        blind = (GAP, NO_NETWORK)
        born, age = (story.published - START).days, (when - START).days
        return not any(span[0] - 3 <= born <= span[-1] + 1 or span[0] - 4 <= age <= span[-1] + 3 for span in blind)


def visits(days: int) -> Iterator[Visit]:
    """When is crawled: every morning, some days more often, two weeks not at all."""
    for number in range(1, days):
        if number in GAP:
            continue
        hours = range(0, 24, 3) if number in THREE_HOURLY else (0, 6, 12, 18) if number in SIX_HOURLY else (6,)
        for hour in hours:
            # What no list shows any more after so long is in the sitemap.
            arguments = {"backfill": "sitemap"} if number in (GAP[-1] + 1, NO_NETWORK[-1] + 1) and hour == 6 else {}
            wrong = timedelta(hours=-1) if number in SET_BACK else timedelta()
            yield Visit(at=day(number) + timedelta(hours=hour, minutes=10), arguments=arguments, wrong=wrong)

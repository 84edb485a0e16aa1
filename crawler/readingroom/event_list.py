"""Events of stories, changed headlines and removed stories, page by page."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from crawler.catalogue.happenings import Happening, counts_by_kind, page_of_events, with_changes
from crawler.catalogue.story_lists import HeadlineChange, Removal, page_of_headline_changes, page_of_removals
from crawler.history.events import Wanted
from crawler.readingroom.choices import Group, Option, Paging, moment_asked, one_of, paging, place_asked
from crawler.roomframe.page import Asked, Page
from crawler.roomframe.strings import TEXTS
from crawler.timeline.changes import KINDS

SHOWN = 25


@frozen(kw_only=True)
class EventList:
    """Contents of the page of events."""

    kinds: Group
    since: str | None
    until: str | None
    story: str | None
    kind: str | None
    events: Sequence[Happening]
    paging: Paging
    feed: str
    """Address of the feed of these events."""


@frozen(kw_only=True)
class HeadlineChanges:
    """Contents of the page of changed headlines."""

    changes: Sequence[HeadlineChange]
    paging: Paging


@frozen(kw_only=True)
class Removals:
    """Contents of the page of removed stories."""

    stories: Sequence[Removal]
    paging: Paging


def wanted_events(asked: Asked) -> tuple[Wanted, dict[str, object]]:
    """The choice of events in an address, and the arguments that make it.

    Raises:
        BadRequest: A kind or a moment is none.
    """
    kind, story, site = one_of(asked, "kind", KINDS), asked.text("story"), asked.text("site")
    wanted = Wanted(
        since=moment_asked(asked, "since"), until=moment_asked(asked, "until"), kinds=(kind,) if kind else (), story=story, site=site
    )  # fmt: skip
    given = {"kind": kind, "since": asked.text("since"), "until": asked.text("until"), "story": story, "site": site}
    return wanted, {name: value for name, value in given.items() if value is not None}


def event_list(asked: Asked) -> Page:
    """Make the page of events."""
    wanted, chosen = wanted_events(asked)
    shown = page_of_events(asked.index, wanted, before=place_asked(asked), most=SHOWN)
    kind = wanted.kinds[0] if wanted.kinds else None
    others = {name: value for name, value in chosen.items() if name != "kind"}
    kinds = Group(
        name="kind", chosen=kind, without=asked.to.page("events", **others) if kind else None,
        options=[
            Option(label=one, count=count, address=asked.to.page("events", **others, kind=one), chosen=one == kind)
            for one, count in counts_by_kind(asked.index, wanted).items()
        ],
    )  # fmt: skip
    data = EventList(
        kinds=kinds, since=asked.text("since"), until=asked.text("until"), story=wanted.story, kind=kind,
        events=with_changes(asked.index, shown), paging=paging(asked, "events", shown, chosen), feed=asked.to.page("events.atom", **chosen),
    )  # fmt: skip
    return Page(template="events.html", title=TEXTS["nav_events"], data=data)


def headline_list(asked: Asked) -> Page:
    """Make the page of changed headlines."""
    shown = page_of_headline_changes(asked.index, before=place_asked(asked), most=SHOWN)
    data = HeadlineChanges(changes=shown.rows, paging=paging(asked, "headlines", shown, {}))
    return Page(template="headlines.html", title=TEXTS["headlines_title"], data=data)


def removed_list(asked: Asked) -> Page:
    """Make the page of removed stories."""
    shown = page_of_removals(asked.index, before=place_asked(asked), most=SHOWN)
    data = Removals(stories=shown.rows, paging=paging(asked, "removed", shown, {}))
    return Page(template="removed.html", title=TEXTS["removed_title"], data=data)

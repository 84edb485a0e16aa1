"""Comparison of mirrors: stories that are asked for on a second one, and on which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from math import floor
from zlib import crc32

from attrs import define, evolve, field, frozen

from crawler.errors import GONE_REASONS
from crawler.frontier.protocol import Frontier
from crawler.frontier.rows import FrontierRow
from crawler.history.known_comparisons import Rows, latest_result, times_asked, version_shown
from crawler.hosts.health import HostHealth
from crawler.hosts.rules import ANSWERING
from crawler.index.rows import iso
from crawler.items import Failed, FrontierRequest, Listing, NotModified, Outcome, Parsed
from crawler.sites.site import Site
from crawler.timeline.mirror_comparisons import WINDOW
from crawler.urls import host_of

PRIORITY = 55
"""Above stories and pictures: the sooner the second mirror is asked, the less can have changed."""
BEGUN_WITHIN = WINDOW / 4
"""How old the first mirror's answer may be when the second is asked."""
UNANSWERED = "unanswered"
PUT_OFF = "put off"
LISTS = "lists"
"""Front pages and section fronts asked for on a second mirror."""
EDITED = "edited"
"""Edited between the first request and the second: the new text is the story's, and no divergence."""


@frozen(kw_only=True)
class _Asked:
    """A comparison under way."""

    first: str
    """The host asked first, that is asked again if the second differs."""
    second: str
    date: str
    """Of the first host's answer."""
    record_id: str
    """Of the first host's answer."""
    again: bool = False
    """The first host is asked again."""


@define(kw_only=True)
class MirrorComparison:
    """Ask for a share of the stories on a second mirror.

    Where it says something else, the first is asked again.
    """

    site: Site
    named: tuple[str, ...] = ()
    """The only mirrors to ask, in this order: `mirrors=`."""
    health: HostHealth
    frontier: Frontier
    rows: Rows
    clock: Callable[[], datetime]
    share: float = 0.0
    """Share of the answers for stories after which a second mirror is asked: ARCHIVE_COMPARE_SHARE."""
    per_run: int = 0
    """Comparisons begun in a run, at most: ARCHIVE_COMPARE_PER_RUN."""
    counts: Counter[str] = field(factory=Counter)
    """`asked`, and of these by result; `put off`: for another time, since `per_run` was reached."""
    _under_way: dict[str, _Asked] = field(factory=dict, init=False)
    """By story."""

    def after(self, row: FrontierRow, outcome: Outcome) -> None:
        """Begin a comparison after an answer for a story, or go on with one.

        Args:
            row: As it was leased.
        """
        story = row.story
        if row.role in ("seed", "section"):
            self._list(row, outcome)
        if row.role != "story" or story is None or not self.share:
            return
        if not row.target.is_comparison:
            if row.key == story and isinstance(outcome, Parsed | NotModified):
                self._begin(row, story, outcome)
        elif (asked := self._under_way.pop(story, None)) is not None:
            self._go_on(row, story, outcome, asked)

    # -- the first mirror has answered

    def _begin(self, row: FrontierRow, story: str, outcome: Parsed | NotModified) -> None:
        if (isinstance(outcome, Parsed) and outcome.further) or self.clock() - outcome.capture.date > BEGUN_WITHIN:
            return  # the text of several pages is that of several moments
        own = self._mirrors(first := host_of(outcome.url))
        asked = _Asked(first=first, second="", date=iso(outcome.capture.date), record_id=outcome.capture.record_id)
        if first in own and (denied := next((host for host in row.answered if host in own and host != first), None)):
            # One mirror says that it has no such story, another has it: asked again, the first will say so, or have it by now.
            self._ask(row, story, denied, evolve(asked, first=denied, second=first, again=True))
        elif (second := self._second(story, [host for host in own if host != first], "@")) and first in own:
            self._ask(row, story, second, evolve(asked, second=second))

    def _list(self, row: FrontierRow, outcome: Outcome) -> None:
        """Ask for a list on a second mirror, if it is its turn."""
        if not self.share or row.target.is_comparison or not isinstance(outcome, Listing | NotModified):
            return
        if (self.site.section(row.url) or ("", 1))[1] > 1:
            return  # what stands on a further page depends on the moment
        own = self._mirrors(first := host_of(outcome.url))
        second = self._second(row.key, [host for host in own if host != first], " ") if first in own else None
        if second is not None and self.counts[LISTS] < self.per_run:
            target = evolve(row.target, key=f"{row.key} {second}")
            self.counts[LISTS] += self.frontier.add([FrontierRequest(target=target, priority=PRIORITY, host=second, again=True)])

    def _mirrors(self, first: str) -> list[str]:
        """List the mirrors that should have what one of them gave.

        Its language counts, not that of the list which led there: French pages link to English stories.
        """
        mirrors = [m.host for m in self.site.mirrors_of(self.site.language_of(first), self.clock().date()) if not m.alias]
        return [host for host in mirrors if not self.named or host in self.named]

    def _second(self, key: str, mirrors: list[str], joint: str) -> str | None:
        """Choose the second mirror, if it is the story's turn.

        Each answer for a story moves it on by `share`; whenever it passes a whole number, it is its turn, and the next mirror's.
        The point from which a story begins is its own, so that of all stories a share has its turn at any time. A turn that could not be
        taken is made up for at the next answer.
        """
        answering = [host for host in mirrors if self._answers(host)]
        if not answering:
            return None
        asked, before = times_asked(self.rows, key, joint)
        begin = crc32(key.encode()) / 1000
        turn = floor(begin + asked * self.share)
        return answering[turn % len(answering)] if turn > floor(begin + before * self.share) else None

    def _answers(self, host: str) -> bool:
        """Test if a mirror is well, and has not asked to wait."""
        board, now = self.health.mirrors, self.clock()
        return board.state(host) in ANSWERING and not board.pause(host, now=now) and self.health.waits_until(host, now) is None

    # -- the second mirror has answered, or the first again

    def _go_on(self, row: FrontierRow, story: str, outcome: Outcome, asked: _Asked) -> None:
        if asked.again:
            result = latest_result(self.rows, story, since=asked.date, host=asked.second) or UNANSWERED
            self.counts[result] += 1
            if result == "equal" and outcome.capture is not None:
                shown, before = (version_shown(self.rows, one) for one in (outcome.capture.record_id, asked.record_id))
                self.counts[EDITED] += shown is not None and shown != before
        elif isinstance(outcome, Parsed | NotModified):
            shown = version_shown(self.rows, outcome.capture.record_id)
            if shown is not None and shown == version_shown(self.rows, asked.record_id):
                self.counts["equal"] += 1
            else:
                self._ask(row, story, asked.first, evolve(asked, again=True))
        elif isinstance(outcome, Failed) and outcome.answer and outcome.reason in GONE_REASONS:
            self._ask(row, story, asked.first, evolve(asked, again=True))
        else:
            self.counts[UNANSWERED] += 1

    def _ask(self, row: FrontierRow, story: str, host: str, asked: _Asked) -> None:
        """Queue a request for a story on one mirror."""
        begun = row.target.is_comparison
        if not begun and self.counts["asked"] >= self.per_run:
            self.counts[PUT_OFF] += 1
            return
        target = evolve(row.target, key=f"{story}@{host}", language=self.site.language_of(host))
        queued = self.frontier.add([FrontierRequest(target=target, priority=PRIORITY, host=host, again=True)])
        if queued:
            self._under_way[story] = asked
            self.counts["asked"] += not begun
        elif begun:
            self.counts[UNANSWERED] += 1

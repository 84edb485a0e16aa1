"""One part of a job: a run in the worker's collection, up to its report."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from attrs import define, evolve, field

from crawler import clock
from crawler.crawl.opening import let_go
from crawler.crawl.part_end import end_part
from crawler.crawl.run import Run
from crawler.errors import EXIT_SETUP, EXIT_WRITE_FAILED, ArchiveError
from crawler.jobs.rows import Claim, Job, LaneState, Part
from crawler.work.crawlers import RunningCrawler
from crawler.work.lane_states import gathered, give

if TYPE_CHECKING:
    from crawler.crawl.report import Report
    from crawler.frontier.run_scope import RunScope

logger = logging.getLogger(__name__)

LOST = "lane-lost"
"""Why a run ended whose lanes another worker may hold by now."""
STOPPED = "shutdown"
"""Why a run ended that a signal stopped: Scrapy's word."""
LATER = timedelta(hours=1)
"""When it is looked again whether a host may be asked, if nobody knows."""


@define(kw_only=True, eq=False)
class PartRun:
    """A part while it runs."""

    part: Part
    job: Job
    run: Run
    scope: RunScope
    crawler: RunningCrawler
    states: dict[str, LaneState]
    """By lane: as it was claimed, or gathered last."""
    began: float = field(factory=time.monotonic)
    lost: list[str] = field(factory=list)
    """Lanes whose deadline has passed."""
    kept: list[object] = field(factory=list)
    """Receivers of the crawler's signals, which it holds weakly."""
    seqs: dict[str, int] = field(factory=dict)
    """By lane the number of the last change of its rows that is in the index."""

    def start(self) -> None:
        """Give the run what earlier owners knew, and start its crawler."""
        for state in self.states.values():
            give(state, self.run)

    @property
    def is_open(self) -> bool:
        """Return True while further lanes may be added."""
        return not self.crawler.is_ending

    def take(self, claim: Claim) -> None:
        """Go on in a further lane."""
        self.states[claim.lane], self.seqs[claim.lane] = claim.state, claim.seq
        give(claim.state, self.run)
        self.run.frontier.take_lane(claim.lane)
        self.crawler.wake()

    def gather(self) -> dict[str, LaneState]:
        """Gather the states of its lanes; in the event loop."""
        for lane in self.scope.lanes:
            self.states[lane] = gathered(self.run, lane, self.states.get(lane, LaneState()))
        return {lane: self.states[lane] for lane in self.scope.lanes}

    def lose(self) -> None:
        """Leave lanes whose deadline has passed; without any, the run ends."""
        gone = [lane for lane in self.scope.lanes if not self.scope.held.holds(lane)]
        if not gone:
            return
        self.lost += gone
        if len(gone) == len(self.scope.lanes):
            self.crawler.stop(LOST)
        else:
            for lane in gone:
                self.run.frontier.leave_lane(lane)

    @property
    def finish_reason(self) -> str:
        """Scrapy's word for the end of the crawler, or `lane-lost`."""
        reason = self.crawler.finish_reason
        # Where nothing may be asked for, nothing is left to be asked for, either: its crawler ends as if all were done.
        return LOST if reason == "finished" and not all(map(self.scope.held.holds, self.scope.lanes)) else reason

    async def end(self) -> Report:
        """Bring all to disk, judge the run, and write down how it ended."""
        report = await end_part(self.run, finish_reason=self.finish_reason, began=self.began)
        return evolve(report, exit_code=EXIT_SETUP) if self.crawler.failed and report.exit_code != EXIT_WRITE_FAILED else report

    def left_open(self) -> list[str]:
        """Leave the lanes of seeds that still have something to do; their names."""
        if self.run.site.mirrors or self.finish_reason != "finished" or self.run.dispatcher.enough() or self.run.dispatcher.pace.held_by:
            return []
        left = [lane for lane in sorted(self.scope.lanes) if self.run.frontier.is_open(lane)]
        for lane in left:
            self.run.frontier.leave_lane(lane)
        self.part = evolve(self.part, lanes=tuple(sorted(self.scope.lanes)))
        return left

    def again(self, report: Report) -> datetime | None:
        """Return when its lanes go on with the job; None if they have ended."""
        now = self.run.clock()
        if self.finish_reason in (STOPPED, LOST) or report.exit_code == EXIT_WRITE_FAILED:
            return now
        if not report.stats["left"]["held"]:
            return None
        pace = self.run.dispatcher.pace
        opens = pace.hours.opens(now) if pace.over is not None else pace.budget.free_at() if pace.budget is not None else None
        return max(now, opens or now + LATER)

    def ended(self, report: Report) -> Part:
        """The part as the store is told of its end."""
        return evolve(self.part, ended=clock.now(), exit_code=report.exit_code, reason=report.reason, stats=figures(report.stats))

    def let_go(self) -> None:
        """Free what the run and its crawler hold."""
        let_go(self.run)
        self.crawler.let_go()


def figures(stats: Mapping[str, Any]) -> dict[str, Any]:
    """The figures of a run report that the job store keeps."""
    kept = ("stories", "captures", "revisits", "bytes", "failures", "frontier", "left", "mirrors", "slowed", "crawl_delay", "seconds")
    return {name: stats[name] for name in kept if name in stats}


def refused(part: Part, error: ArchiveError) -> Part:
    """A part that could not begin."""
    return evolve(part, ended=clock.now(), exit_code=error.exit_code, reason=str(error))

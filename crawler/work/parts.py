"""Begin of parts: from a claimed lane and its most urgent job to a run."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

from attrs import define, evolve, field
from scrapy import signals
from scrapy.settings import Settings

from crawler import clock
from crawler.crawl.run_facts import fault_of
from crawler.errors import EXIT_COMPLETE, EXIT_INCOMPLETE, ArchiveError, LaneLost, UnknownSite
from crawler.frontier.run_scope import RunScope
from crawler.frontier.store import SqliteFrontier
from crawler.jobs.rows import Claim, Job, Part
from crawler.sites.known import WEB
from crawler.spiders.base import ArchiveSpider
from crawler.spiders.loader import SiteSpiderLoader
from crawler.work.allowance import Allowance
from crawler.work.crawlers import RunningCrawler
from crawler.work.lane_keeper import LaneKeeper
from crawler.work.lane_states import without_given_up
from crawler.work.part_run import PartRun, refused
from crawler.work.shard import Shard

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from crawler.jobs.protocol import JobStore
    from crawler.work.told import Told

logger = logging.getLogger(__name__)

FLUSH_SECONDS = 5.0
"""For the shared frontier to be told what a part has settled, before its lanes are given back."""

MOST_TOLD = 5
"""Seeds that did not come, named in the reason of a lane that was let go."""


@define(kw_only=True, eq=False)
class Parts:
    """Maker of the parts of one worker."""

    store: JobStore
    shard: Shard
    keeper: LaneKeeper
    settings: Settings
    """Of the crawlers."""
    loader: SiteSpiderLoader
    rows: Any = None
    """`crawler.cluster.shard.SharedRows` where the frontier is shared."""
    _spiders: dict[str, type[ArchiveSpider]] = field(factory=dict, init=False)
    _tasks: set[asyncio.Task[None]] = field(factory=set, init=False)

    async def begin(self, claim: Claim, running: Sequence[PartRun], told: Told) -> PartRun | None:
        """Begin a part of a lane's first job, or add it to one.

        Returns:
            The part; None if it runs already, or could not begin.
        """
        job = claim.jobs[0]
        one = next((one for one in running if one.job.id == job.id and one.is_open), None) if job.site == WEB.name else None
        if one is not None and await self._join(one, claim):
            return None
        part = Part(id=uuid4().hex, job=job.id, worker=self.keeper.options.worker, lanes=(claim.lane,), started=clock.now())
        await asyncio.to_thread(self.store.begin_part, part)
        try:
            return await self._begun(part, job, claim)
        except ArchiveError as error:
            if isinstance(error, LaneLost):
                return None
            ended = refused(part, error)
            told.part(ended, job, None, None)
            await asyncio.to_thread(self.store.end_part, ended)
            return None

    async def _begun(self, part: Part, job: Job, claim: Claim) -> PartRun:
        spider, texts = self._spider_of(job.site), dict(job.arguments)
        arguments = spider.parse_arguments(texts)
        await self._pulled(claim)
        held, owners = self.keeper.held, self.shard.owners
        if spider.site is WEB:
            scope = RunScope.of_job(job.id, lanes=[claim.lane], held=held, owners=owners)
        else:
            scope = RunScope.of_site(job.site, job=job.id, held=held)
        run = await asyncio.to_thread(self.shard.begin, spider.site, arguments, texts, scope, [] if claim.same_owner else [claim.state])
        crawler = RunningCrawler(self.settings, spider, run, texts)
        part = evolve(part, run_id=run.id)
        states, seqs = {claim.lane: claim.state}, {claim.lane: claim.seq}
        made = PartRun(part=part, job=job, run=run, scope=scope, crawler=crawler, states=states, seqs=seqs)
        await self._limit(made)
        cast(SqliteFrontier, run.frontier).on_foreign = lambda lanes: self._go_on(job, lanes)
        await asyncio.to_thread(self.store.begin_part, part)
        made.start()
        return made

    def _spider_of(self, site: str) -> type[ArchiveSpider]:
        """The spider class of a site, made once.

        Raises:
            UnknownSite
        """
        if site not in self._spiders:
            try:
                found = self.loader.load(site)
            except KeyError as error:
                raise UnknownSite(site, self.loader.list()) from error
            assert issubclass(found, ArchiveSpider)
            self._spiders[site] = found
        return self._spiders[site]

    async def _join(self, one: PartRun, claim: Claim) -> bool:
        """Add a lane to a part over seeds; False if it is about to end."""
        await self._pulled(claim)
        if not one.is_open:
            return False
        one.take(claim)
        one.part = evolve(one.part, lanes=tuple(sorted({*one.scope.lanes, claim.lane})))
        await asyncio.to_thread(self.store.begin_part, one.part)
        return True

    async def _pulled(self, claim: Claim) -> None:
        """Take the rows of a lane that others have written into the index."""
        if self.rows is not None:
            self.shard.know(await asyncio.to_thread(self.rows.take, claim))

    async def renewed(self, running: Sequence[PartRun]) -> None:
        """Take rows that others have written into lanes that are held, after a renewal."""
        for one in running if self.rows is not None else ():
            for lane in sorted(one.scope.lanes):
                claim = self.keeper.claims.get(lane)
                if claim is not None and claim.seq != one.seqs.get(lane, claim.seq):
                    await self._pulled(claim)
                    if not one.is_open:
                        break  # meanwhile
                    one.run.frontier.take_lane(lane)
                    one.crawler.wake()
                if claim is not None:
                    one.seqs[lane] = claim.seq

    async def _limit(self, made: PartRun) -> None:
        """Have the limit of a job count for all of its parts."""
        dispatcher = made.run.dispatcher
        if dispatcher.most is None:
            return
        if made.run.site.mirrors:
            # One lane, one part at a time: what earlier ones asked for is in this index.
            dispatcher.most = max(0, dispatcher.most - await asyncio.to_thread(self.shard.asked_before, made.job))
            return
        name = "max_pages" if made.run.arguments.max_pages is not None else "max_stories"
        allowance = Allowance(store=self.store, job=made.job.id, name=name, dispatcher=dispatcher, wake=made.crawler.wake)
        dispatcher.most = 0
        await allowance.top_up()
        made.crawler.connect(allowance.idle, signals.spider_idle)
        made.kept.append(allowance)

    def _go_on(self, job: Job, lanes: Iterable[str]) -> None:
        """Have a job go on in lanes that its pages lead to."""
        if self.rows is None and lanes:
            self._in_background(lambda: self.store.add_lanes(job.id, sorted(lanes)))

    def _in_background(self, call: Callable[[], None]) -> None:
        async def made() -> None:
            try:
                await asyncio.to_thread(call)
            except ArchiveError as error:
                logger.warning("store-untold error=%s", error)

        task = asyncio.ensure_future(made())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def let_lanes_go(self, running: Sequence[PartRun], told: Told, *, full: bool) -> None:
        """End lanes of running parts over seeds that have nothing left to do.

        Their seeds are judged now: the run judges those of the lanes that it still has at its end, and may never come to it.

        Args:
            full: As many lanes are held as may be: others wait for room.
        """
        for one in running if full else ():
            if one.run.site.mirrors or not one.run.named:
                continue  # a lane waits, or its seeds are not queued yet
            for lane in sorted(one.scope.lanes):
                if not one.is_open or len(one.scope.lanes) < 2:
                    break
                if one.run.frontier.is_open(lane):
                    continue
                missing, state = _missing_in(one, lane), one.gather()[lane]
                one.run.frontier.leave_lane(lane)
                code, reason = (EXIT_INCOMPLETE, _listed(missing)) if missing else (EXIT_COMPLETE, "nothing left in the lane")
                ended = evolve(one.part, id=uuid4().hex, lanes=(lane,), ended=clock.now(), exit_code=code, reason=reason)
                one.part = evolve(one.part, lanes=tuple(sorted(one.scope.lanes)))
                if missing:
                    told.part(ended, one.job, None, None)
                await asyncio.to_thread(self.told_end, ended, None)
                await asyncio.to_thread(self.keeper.release, lane, without_given_up(state))

    def told_end(self, part: Part, again: datetime | None) -> None:
        """Tell the store how a part ended, behind all its rows; in a thread."""
        if self.rows is not None and not self.rows.flush(FLUSH_SECONDS):
            # Links that nobody knows of yet may be among them: a job must not end as complete before they are told.
            logger.warning("part-ended-untold part=%s job=%s", part.id, part.job)
            again = again or clock.now()
        self.store.end_part(part, again=again)


def _missing_in(one: PartRun, lane: str) -> list[str]:
    """Name the seeds in a lane that did not come, each with the reason."""
    named = ((name, key, one.run.frontier.row(key)) for key, name in one.run.named.items())
    return [f"{name}: {fault}" for name, key, row in named if row is not None and row.lane == lane and (fault := fault_of(one.run, key))]


def _listed(faults: list[str]) -> str:
    return "; ".join(faults[:MOST_TOLD]) + (f"; and {len(faults) - MOST_TOLD} more" if len(faults) > MOST_TOLD else "")

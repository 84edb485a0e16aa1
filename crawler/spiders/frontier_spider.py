"""Base of the spiders that crawl: answers to outcomes, outcomes to further requests."""

from __future__ import annotations

import asyncio
import logging
from abc import abstractmethod
from collections.abc import AsyncIterator, Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request

from crawler.crawl.config import web_limits
from crawler.crawl.resume import Interpreter, arguments_of, read_left_over
from crawler.discovery.discovery import Discovery
from crawler.discovery.site_discovery import SiteDiscovery
from crawler.errors import ArchiveError, BudgetSpent, FetchFailed, LaneLost, OutOfFiles, WriteFailed, unforeseen
from crawler.failpoints import failpoint
from crawler.frontier.crawl_arguments import CrawlArguments
from crawler.frontier.rows import FrontierRow
from crawler.items import (
    Capture,
    CutOff,
    Failed,
    FrontierRequest,
    LeasedRequest,
    NotModified,
    Outcome,
    Redirect,
    Unparsed,
    Unusable,
    Usable,
    content_of,
)
from crawler.items import request_meta as keys
from crawler.processing.hops import conditional, onward, take_hop
from crawler.processing.received import Options, Received
from crawler.processing.redirects import MAX_REDIRECTS
from crawler.processing.truncated import cut_off
from crawler.scope.crawl_scope import CrawlScope
from crawler.spiders.base import ArchiveSpider
from crawler.spiders.earlier_answers import as_if_sent, options_again
from crawler.spiders.known_requisites import ask_for_requisites
from crawler.spiders.late_reading import LateReading
from crawler.urls import join

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure
logger = logging.getLogger(__name__)

AT_ONCE = 100
"""Requests queued before other hosts get a turn; those of most pages are queued in one."""
BACK_OFF_SECONDS = 2.0
"""Delay of a request for which no socket could be had."""
MOST_UNSAVED = 1000
"""Rows not committed yet above which further links of a page wait: the queue lies on disk."""


class FrontierSpider(ArchiveSpider):
    """Spider whose queue is the frontier; it yields no request at the start."""

    def __init__(self, name: str | None = None, **arguments: Any) -> None:
        super().__init__(name, **arguments)
        self.scope: CrawlScope
        self._late: LateReading
        self._most_redirects = MAX_REDIRECTS
        self._earlier: dict[int | None, CrawlArguments] = {}
        self._discoveries: dict[CrawlArguments, Discovery] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Make the spider of a run."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        run = spider.run
        run.on_sitemaps = spider.name_sitemaps
        spider.scope = CrawlScope(limits=web_limits(crawler.settings), hit=run.stats.limits, omitted=run.stats.omitted)
        spider._late = LateReading(run, take_up=spider.take_up)
        spider._late.connect(crawler)
        spider._most_redirects = crawler.settings.getint("ARCHIVE_MAX_REDIRECTS")
        return spider

    # -- for subclasses

    @abstractmethod
    def make_discovery(self, arguments: CrawlArguments) -> Discovery:
        """Make the discovery for some arguments, of this run or an earlier one."""

    @abstractmethod
    def seeds(self) -> list[FrontierRequest]:
        """List the requests that the run begins with."""

    @abstractmethod
    def known_again(self) -> Iterator[FrontierRequest | None]:
        """Yield known addresses to request again; None for each left out."""

    @abstractmethod
    def named(self, seeds: list[FrontierRequest]) -> dict[str, str]:
        """Map row keys to the arguments that name them and require an answer."""

    @property
    @abstractmethod
    def of_pages(self) -> SiteDiscovery:
        """The discovery of what pages need to be shown."""

    @abstractmethod
    def is_within(self, row: FrontierRow) -> bool:
        """Tell whether the arguments of this run mean a known page."""

    async def begin_backfill(self) -> None:
        """Have the numbers of a backfill queued as the run goes; a subclass does."""

    # -- where a run begins

    async def start(self) -> AsyncIterator[Any]:
        """Parse the captures that an earlier run left, then queue the seeds."""
        for row in self.run.frontier.left_over(self.run.site.name):
            if (outcome := await self.take_up(row)) is not None:
                yield outcome
        seeds = self.seeds()
        self.run.named = self.named(seeds)
        self.run.frontier.add(seed for seed in seeds if not self._was_asked(seed))
        await self.queue(self.known_again())
        if self.arguments.asks_for_requisites:
            await ask_for_requisites(self)
        await self.begin_backfill()
        if self.run.frontier.pending():
            self.run.parsers.prepare()

    def _was_asked(self, seed: FrontierRequest) -> bool:
        """Tell whether an earlier part of the same job has settled a seed."""
        scope, row = self.run.scope, None if self.run.scope is None else self.run.frontier.row(seed.key)
        return scope is not None and row is not None and row.job == scope.job and row.state in ("done", "refused")

    async def take_up(self, row: FrontierRow) -> Outcome | None:
        """Parse a capture that was left, and queue the links; None to fetch it again."""
        arguments = self._arguments_of(row.run_id)
        outcome = await asyncio.to_thread(self._parse_left_over, row, arguments, self.run.parsers.for_threads())
        if outcome is None:
            # As the same attempt: what earlier ones brought stands beside it.
            self.run.frontier.settle(row.key, "queued", attempts=max(0, row.attempts - 1), tried=row.tried[:-1])
            return None
        sent = await self._as_if_sent(content_of(outcome))
        await self.queue(self._discovery_of(arguments).found(sent, run_id=row.run_id), run_id=row.run_id)
        return outcome

    def _parse_left_over(self, row: FrontierRow, arguments: CrawlArguments, readers: Interpreter | None = None) -> Outcome | None:
        readers = readers or self.run.parsers.readers
        try:
            return read_left_over(self.run.collection.path, row, self.run.site, arguments, readers)
        except Exception:
            # Whatever goes wrong, the request must end: it is fetched again.
            logger.exception("left-over-fault key=%s", row.key)
            return None

    def _arguments_of(self, run_id: int | None) -> CrawlArguments:
        """Return the arguments of an earlier run, which decide where its pages lead."""
        if run_id not in self._earlier:
            self._earlier[run_id] = self.arguments
            try:
                if texts := arguments_of(self.run.collection.path, run_id):
                    self._earlier[run_id] = self.parse_arguments(texts)
            except ArchiveError as error:
                logger.warning("arguments-of-earlier-run run=%s %s: this run's are taken", run_id, error)
        return self._earlier[run_id]

    def _discovery_of(self, arguments: CrawlArguments) -> Discovery:
        if arguments not in self._discoveries:
            self._discoveries[arguments] = self.make_discovery(arguments)
        return self._discoveries[arguments]

    @property
    def discovery(self) -> Discovery:
        """The discovery within the arguments of this run."""
        return self._discovery_of(self.arguments)

    # -- answers

    async def parse(self, response: Response, **_: Any) -> AsyncIterator[Any]:
        """Interpret one answer; the requests that follow are queued before its outcome is filed."""
        meta = response.request.meta if response.request else response.meta
        lease, capture = meta[keys.LEASE], meta[keys.CAPTURE]
        assert isinstance(lease, LeasedRequest)
        assert isinstance(capture, Capture)
        received = Received(lease, capture, meta[keys.HEADERS], response.body or meta[keys.START], meta[keys.WHOLE])
        outcome = await self._late.interpret(received, self.reading_options)
        failpoint("read:after")
        if isinstance(outcome, Redirect) and (further := self._sent_on(response, outcome.target)):
            await self.run.collection.file(outcome, run_id=self.run.id)
            yield further
            return
        # In this order: a row is done only when all that its page leads to is on disk.
        await self.queue(self.discovery.found(await self._as_if_sent(outcome)))
        failpoint("found:after")
        if isinstance(outcome, Unparsed) and self.reading_options.parse:
            self._late.leave(lease.key)
            return
        yield outcome

    @property
    def reading_options(self) -> Options:
        """Depth of the interpretation within the arguments of this run."""
        return Options(parse=self.arguments.read == "yes", requisites=self.arguments.with_files)

    def _sent_on(self, response: Response, target: str) -> Request | None:
        """Follow a page's refresh like a redirect; None if its chain of hops forbids it."""
        request = response.request
        assert request is not None
        meta = request.meta
        try:
            lease = take_hop(meta, response.url, target, meta[keys.HEADERS], most=self._most_redirects)
        except FetchFailed:
            named = meta[keys.LEASE].depth == 0
            self.run.stats.omitted.add("refresh not followed: a loop, or more than ARCHIVE_MAX_REDIRECTS", response.url, incomplete=named)
            return None
        further: Request = request.replace(**onward(meta, conditional(lease, self.run.known)))
        return further

    async def _as_if_sent(self, outcome: Usable | Unusable) -> Usable | Unusable:
        """Give an unchanged answer the links and requisites that it had before."""
        if not isinstance(outcome, NotModified):
            return outcome
        options = options_again(outcome.capture.role, self.run.frontier.leased(outcome.lease.key), self.arguments)
        if options is None:
            return outcome
        try:
            readers = self.run.parsers.for_threads()
            return await asyncio.to_thread(as_if_sent, self.run.collection.path, outcome, self.run.site, readers, options)
        except ArchiveError as error:
            logger.warning("unchanged-list-fault url=%s %s", outcome.url, error)
            self.run.stats.omitted.add("links of an unchanged list that could not be read again", outcome.url, incomplete=True)
            return outcome

    async def failed(self, failure: Failure) -> AsyncIterator[Any]:
        """Turn a failed fetch into an outcome."""
        request = failure.request  # type: ignore[attr-defined]
        error, lease = failure.value, request.meta[keys.LEASE]
        if isinstance(error, WriteFailed):
            # Not the host's fault: the crawl ends, and the request, which stays leased, is made again by the next.
            return
        if isinstance(error, OutOfFiles):
            logger.warning("out-of-files url=%s retry=%gs", request.url, BACK_OFF_SECONDS)
            self.run.completion.postpone(lease, BACK_OFF_SECONDS)
            return
        if isinstance(error, BudgetSpent | LaneLost):
            self.run.completion.postpone(lease, 0.0)
            return
        if not isinstance(error, FetchFailed):
            logger.error("unexpected url=%s error=%r", request.url, error, exc_info=error)
            error = unforeseen(error)
        capture = request.meta.get(keys.CAPTURE)
        noted = request.meta.get(keys.NOTED)
        if noted and isinstance(capture, Capture) and capture.is_cut and keys.PARTIAL in request.meta:
            yield await self._parse_partial(request, capture, error)
            return
        yield Unusable(
            lease=lease, capture=capture, reason=error.reason, detail=error.detail, answer=error.answer, noted=bool(noted),
            read_state=noted or "not-a-story", moved_to=error.moved_to,
        )  # fmt: skip

    async def _parse_partial(self, request: Request, capture: Capture, error: FetchFailed) -> Failed:
        """Interpret the part that came of a cut-off answer; it stays a failed attempt."""
        meta = request.meta
        body = meta.pop(keys.PARTIAL).body or meta[keys.START]
        received = Received(meta[keys.LEASE], capture, meta[keys.HEADERS], body, meta[keys.WHOLE])
        outcome = cut_off(await self.run.parsers.interpret(self.run.site, received, self.reading_options), error.reason, error.detail)
        if isinstance(outcome, CutOff) and self.run.completion.is_longest(outcome):
            await self.queue(self.discovery.found(outcome.read))
        return outcome

    # -- the queue

    async def name_sitemaps(self, origin: str, found_at: str, named: Iterable[str]) -> None:
        """Queue the sitemaps that a robots.txt names.

        Args:
            origin: Scheme, host and port of the host that was asked.
            found_at: Address of the robots.txt, redirects followed; relative addresses are resolved against it.
            named: Its `Sitemap:` lines, as written.
        """
        urls: dict[str, None] = {}
        for line in named:
            if found := join(found_at, line):
                urls[found] = None
            else:
                self.run.stats.omitted.add("sitemap named by robots.txt, no address that can be asked for", f"{line} in {found_at}")
        await self.queue(self.discovery.sitemaps_named(origin, tuple(urls)))

    async def queue(self, requests: Iterator[FrontierRequest | None], *, run_id: int | None = None) -> None:
        """Add requests to the frontier in batches, so that other hosts get their turn."""
        while some := list(islice(requests, AT_ONCE)):
            self.run.frontier.add((request for request in some if request is not None), run_id=run_id)
            if len(some) == AT_ONCE:
                await asyncio.sleep(0)
            while self.run.frontier.unsaved > MOST_UNSAVED and not self.run.collection.broken:  # noqa: ASYNC110
                await asyncio.sleep(0.005)

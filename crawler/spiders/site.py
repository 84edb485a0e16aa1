"""One spider for every site on the shelf: it reads what came and decides only what to ask for next."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from copy import copy
from itertools import islice
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy import Request, Spider

from crawler.crawl.config import web_limits
from crawler.crawl.hops import onward, take_hop
from crawler.crawl.resume import arguments_of, as_if_sent, read_left_over
from crawler.crawl.run import Run
from crawler.crawl.run_extension import no_run
from crawler.errors import ArchiveError, FetchFailed, OutOfFiles, WriteFailed, unforeseen
from crawler.failpoints import failpoint
from crawler.frontier.crawl_arguments import CrawlArguments
from crawler.frontier.discovery import Discovery
from crawler.frontier.rows import FrontierRow
from crawler.frontier.scope import CrawlScope
from crawler.items import (
    Capture,
    CutOff,
    Failed,
    FrontierRequest,
    LeasedRequest,
    Link,
    NotModified,
    Outcome,
    Redirect,
    Unusable,
    Usable,
    content_of,
)
from crawler.items import request_meta as keys
from crawler.processing.interpret import cut_off
from crawler.processing.received import Options, Received
from crawler.processing.redirects import MAX_REDIRECTS
from crawler.sites.site import Site
from crawler.spiders.arguments import parse_limits
from crawler.urls import join

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

logger = logging.getLogger(__name__)

AT_ONCE = 50
"""Errands queued before others get a turn."""
BACK_OFF_SECONDS = 2.0
"""How long an errand waits for which no socket could be had."""
MOST_UNSAVED = 1000
"""Rows that wait in memory to be committed before a page's further links wait for them: the queue lies on disk."""


def errand_again(row: FrontierRow) -> FrontierRequest:
    """The errand to ask for a known row once more."""
    return FrontierRequest(target=row.target, priority=row.priority, again=True)


class NewsSpider(Spider):
    """Crawls one site; made for each by the spider loader. Requests come from the frontier, not from here."""

    name: str = "news"
    site: ClassVar[Site]
    arguments: ClassVar[tuple[str, ...]] = (
        "mirrors", "since", "until", "sections", "story", "url", "max_stories", "requisites", "recheck", "backfill", "read",
    )  # fmt: skip

    def __init__(self, name: str | None = None, **arguments: Any) -> None:
        super().__init__(name)
        self.limits: CrawlArguments = self.limits_of(arguments)
        self._arguments = arguments
        self._earlier: dict[int | None, NewsSpider] = {}
        self._most_redirects = MAX_REDIRECTS
        self.run: Run
        self.discovery: Discovery

    @classmethod
    def limits_of(cls, arguments: Mapping[str, Any]) -> CrawlArguments:
        """What the arguments ask for.

        Raises:
            Usage, SetupError: They mean nothing, or cannot be done.
        """
        limits = parse_limits(arguments, cls.arguments, site=getattr(cls, "site", None))
        cls.check(limits)
        return limits

    @classmethod
    def check(cls, limits: CrawlArguments) -> None:
        """Refuse limits that cannot work; a subclass has more to say."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, run: Run | None = None, **kwargs: Any) -> NewsSpider:
        """Make the spider of a run; Scrapy's other parts find the run by it.

        Raises:
            SetupError: Without a run.
        """
        if run is None:
            raise no_run()
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.run = run
        run.on_sitemaps = spider.name_sitemaps
        spider.discovery = Discovery(
            spider.run.site, spider.limits, today=spider.run.clock().date(), recent_days=crawler.settings.getint("ARCHIVE_RECENT_DAYS"),
            max_section_pages=crawler.settings.getint("ARCHIVE_MAX_SECTION_PAGES"),
            story_link_depth=crawler.settings.getint("ARCHIVE_STORY_LINK_DEPTH"),
            scope=CrawlScope(limits=web_limits(crawler.settings), hit=spider.run.stats.limits, omitted=spider.run.stats.omitted),
            omitted=spider.run.stats.omitted,
            published=spider.run.known.published, found_on=spider.run.found_on,
        )  # fmt: skip
        spider._most_redirects = crawler.settings.getint("ARCHIVE_MAX_REDIRECTS")
        return spider

    async def start(self) -> AsyncIterator[Any]:
        """Read what an earlier run left captured, then queue the seeds; no request is yielded, since the frontier is the queue."""
        for row in self.run.frontier.left_over(self.run.site.name):
            outcome = await asyncio.to_thread(self._read_left_over, row)
            if outcome is None:
                # Asked for once more as the same attempt: what earlier ones brought stands beside it.
                self.run.frontier.settle(row.key, "queued", attempts=max(0, row.attempts - 1), tried=row.tried[:-1])
                continue
            spider = self._as_it_was(row.run_id)
            await self._queue(spider.found(await self._as_if_sent(content_of(outcome))), run_id=row.run_id)
            yield outcome
        seeds = self.seeds()
        self.run.named, self.run.unfollowed = self.named(seeds), lambda: self.discovery.unfollowed
        self.run.frontier.add(seeds)
        await self._queue(self.known_again())

    def _read_left_over(self, row: FrontierRow) -> Outcome | None:
        try:
            limits = self._as_it_was(row.run_id).limits
            return read_left_over(self.run.collection.path, row, self.run.site, limits, self.run.parsers.readers)
        except Exception:
            # Whatever goes wrong, the errand must end: it is fetched again.
            logger.exception("left-over-fault key=%s", row.key)
            return None

    def _as_it_was(self, run_id: int | None) -> NewsSpider:
        """A spider with the limits of an earlier run: what its pages lead to is not for this run's arguments to say."""
        if run_id not in self._earlier:
            spider = copy(self)
            try:
                spider.limits = self.limits_of(arguments_of(self.run.collection.path, run_id) or self._arguments)
            except ArchiveError as error:
                logger.warning("arguments-of-earlier-run run=%s %s: this run's are taken", run_id, error)
            spider.discovery = self.discovery.within(spider.limits)
            self._earlier[run_id] = spider
        return self._earlier[run_id]

    def seeds(self) -> list[FrontierRequest]:
        """What this run asks for first."""
        if self.limits.story:
            known = self.run.frontier.row(f"{self.run.site.name}/{self.limits.story.rpartition('/')[2]}")
            if known is not None:
                return [errand_again(known)]
        return list(self.discovery.seeds())

    def known_again(self) -> Iterator[FrontierRequest | None]:
        """Every known story within the run's limits, whether any list still shows it: what `recheck=yes` asks for again."""
        if self.limits.recheck is not True or self.limits.story or self.limits.url:
            return
        site, wanted = self.run.site, self.limits.sections
        shown = None
        if wanted:
            links = self.run.known.linked_on(site.name, "section", lambda url: (site.section(url) or ("", 0))[0] in wanted)
            shown = {site.story_id(url) for url in links}
        for row in self.run.frontier.known(site.name, "story"):
            inside = (shown is None or row.key in shown) and self.discovery.in_days(Link(url=row.url), "story")
            yield errand_again(row) if inside else None

    def named(self, seeds: list[FrontierRequest]) -> dict[str, str]:
        """What the arguments name: the key of its frontier row to the argument; what of it does not come makes the run incomplete."""
        limits = self.limits
        if limits.story:
            return {f"{self.run.site.name}/{limits.story.rpartition('/')[2]}": f"story={limits.story}"}
        for name, values in (("url", limits.url), ("sections", limits.sections), ("seeds", limits.seeds)):
            if values:
                return {seed.key: f"{name}={value}" for seed, value in zip(seeds, values, strict=False)}
        return {}

    async def parse(self, response: Response, **_: Any) -> AsyncIterator[Any]:
        """Interpret one answer; what it leads to is queued before its outcome is filed."""
        meta = response.request.meta if response.request else response.meta
        lease, capture = meta[keys.LEASE], meta[keys.CAPTURE]
        assert isinstance(lease, LeasedRequest)
        assert isinstance(capture, Capture)
        received = Received(lease, capture, meta[keys.HEADERS], response.body or meta[keys.START], meta[keys.WHOLE])
        outcome = await self.run.parsers.interpret(self.run.site, received, self._options)
        failpoint("read:after")
        if isinstance(outcome, Redirect) and (further := self._sent_on(response, outcome.target)):
            await self.run.collection.file(outcome, run_id=self.run.id)
            yield further
            return
        # In this order: a row is done only when all that its page leads to is on disk.
        await self._queue(self.found(await self._as_if_sent(outcome)))
        failpoint("found:after")
        yield outcome

    @property
    def _options(self) -> Options:
        return Options(parse=self.limits.read == "yes", requisites=self.limits.requisites == "all")

    def _sent_on(self, response: Response, target: str) -> Request | None:
        """The request for where a page's refresh leads, as after a redirect; None where its chain of hops forbids it."""
        request = response.request
        assert request is not None
        meta = request.meta
        try:
            lease = take_hop(meta, response.url, target, meta[keys.HEADERS], most=self._most_redirects)
        except FetchFailed:
            named = meta[keys.LEASE].depth == 0
            self.run.stats.omitted.add("refresh not followed: a loop, or more than ARCHIVE_MAX_REDIRECTS", response.url, incomplete=named)
            return None
        further: Request = request.replace(**onward(meta, lease))
        return further

    async def name_sitemaps(self, origin: str, found_at: str, named: Iterable[str]) -> None:
        """Queue the sitemaps that a robots.txt names.

        Args:
            origin: Scheme, host and port of the host that was asked.
            found_at: Where its robots.txt was found, maybe behind redirects: relative addresses are meant from there.
            named: Its `Sitemap:` lines, as written.
        """
        urls: dict[str, None] = {}
        for line in named:
            if found := join(found_at, line):
                urls[found] = None
            else:
                self.run.stats.omitted.add("sitemap named by robots.txt, no address that can be asked for", f"{line} in {found_at}")
        await self._queue(self.sitemaps_named(origin, tuple(urls)))

    def sitemaps_named(self, origin: str, urls: Sequence[str]) -> Iterator[FrontierRequest | None]:
        """The errands for the sitemaps that a host's robots.txt names."""
        return self.discovery.sitemaps_named(origin, urls)

    async def _as_if_sent(self, outcome: Usable | Unusable) -> Usable | Unusable:
        """A list that is unchanged leads to what it led to before; a story's links were followed when it came."""
        if not isinstance(outcome, NotModified) or outcome.capture.role in ("story", "requisite", "robots"):
            return outcome
        try:
            return await asyncio.to_thread(as_if_sent, self.run.collection.path, outcome, self.run.site, self.run.parsers.readers)
        except ArchiveError as error:
            logger.warning("unchanged-list-fault url=%s %s", outcome.url, error)
            self.run.stats.omitted.add("links of an unchanged list that could not be read again", outcome.url, incomplete=True)
            return outcome

    async def _queue(self, errands: Iterator[FrontierRequest | None], *, run_id: int | None = None) -> None:
        """Add errands to the frontier, some at a time: a sitemap of fifty thousand must not keep every other host waiting."""
        while some := list(islice(errands, AT_ONCE)):
            self.run.frontier.add((errand for errand in some if errand is not None), run_id=run_id)
            await asyncio.sleep(0)
            while self.run.frontier.unsaved > MOST_UNSAVED and not self.run.collection.broken:  # noqa: ASYNC110
                await asyncio.sleep(0.005)

    def found(self, outcome: Usable | Unusable) -> Iterator[FrontierRequest | None]:
        """What an outcome leads to; None for what was looked at and left out."""
        return self.discovery.found(outcome)

    async def failed(self, failure: Failure) -> AsyncIterator[Any]:
        """Turn a failed fetch into an outcome, so that every errand ends on the same road."""
        request = failure.request  # type: ignore[attr-defined]
        error, lease = failure.value, request.meta[keys.LEASE]
        if isinstance(error, WriteFailed):
            # Not the host's fault: the crawl ends, and the errand, which stays leased, is asked for again by the next.
            return
        if isinstance(error, OutOfFiles):
            logger.warning("out-of-files url=%s retry=%gs", request.url, BACK_OFF_SECONDS)
            self.run.completion.postpone(lease, BACK_OFF_SECONDS)
            return
        if not isinstance(error, FetchFailed):
            logger.error("unexpected url=%s error=%r", request.url, error, exc_info=error)
            error = unforeseen(error)
        capture = request.meta.get(keys.CAPTURE)
        noted = request.meta.get(keys.NOTED)
        if noted and isinstance(capture, Capture) and capture.is_cut and keys.PARTIAL in request.meta:
            yield await self._read_partial(request, capture, error)
            return
        yield Unusable(
            lease=lease, capture=capture, reason=error.reason, detail=error.detail, answer=error.answer, noted=bool(noted),
            read_state=noted or "not-a-story",
        )  # fmt: skip

    async def _read_partial(self, request: Request, capture: Capture, error: FetchFailed) -> Failed:
        """Interpret an answer that was cut off as far as it came; what it leads to is queued, and it stays a failed attempt."""
        meta = request.meta
        body = meta.pop(keys.PARTIAL).body or meta[keys.START]
        received = Received(meta[keys.LEASE], capture, meta[keys.HEADERS], body, meta[keys.WHOLE])
        outcome = cut_off(await self.run.parsers.interpret(self.run.site, received, self._options), error.reason, error.detail)
        if isinstance(outcome, CutOff) and self.run.completion.is_longest(outcome):
            await self._queue(self.found(outcome.read))
        return outcome

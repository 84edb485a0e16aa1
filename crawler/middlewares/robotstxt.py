"""robots.txt by RFC 9309: asked for once a host, archived like any answer, obeyed; its Crawl-delay too."""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from attrs import evolve, frozen
from scrapy import Request

from crawler.crawl.cut_answers import is_of_peer
from crawler.crawl.session import find_run
from crawler.errors import ArchiveError, FetchFailed
from crawler.frontier.rows import mirrored_key
from crawler.items import Capture, LeasedRequest, Target, Unusable, Usable
from crawler.parsers.robotstxt.robotstxt import AGENT, Robots, read_robots, token_of
from crawler.processing.interpret import cut_off
from crawler.processing.received import Received
from crawler.spiders.site import NewsSpider

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

logger = logging.getLogger(__name__)

AGAIN_SECONDS = 30.0


@frozen
class Rules:
    """What one host's robots.txt says, or why it could not be learnt."""

    robots: Robots | None = None
    """None: everything is allowed (there is no robots.txt)."""
    trouble: FetchFailed | None = None


class RobotsMiddleware:
    """Asks a host for its robots.txt before anything else, and refuses what it disallows.

    No robots.txt (4xx but 429, or a page of the site in its place) allows all. One that cannot be had (5xx, no connection, a
    banner or challenge in its place) allows nothing: the request fails for the reason robots.txt failed, another mirror is
    asked, and the host's robots.txt is asked for again after `AGAIN_SECONDS`. One that is cut off is asked for twice; where
    the same came both times and the host ended it, that is its robots.txt.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler, self._run = crawler, find_run(crawler)
        self._obey = crawler.settings.getbool("ROBOTSTXT_OBEY")
        self._agent = token_of(str(crawler.settings.get("ROBOTSTXT_USER_AGENT") or crawler.settings.get("USER_AGENT") or AGENT))
        self._max_delay = crawler.settings.getfloat("ARCHIVE_MAX_CRAWL_DELAY")
        self._max_bytes = crawler.settings.getint("ARCHIVE_MAX_ROBOTS_BYTES")
        self._max_rules = crawler.settings.getint("ARCHIVE_MAX_ROBOTS_RULES")
        self._max_age = crawler.settings.getfloat("ARCHIVE_ROBOTS_MAX_AGE")
        self._rules: dict[str, tuple[float, asyncio.Task[Rules]]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RobotsMiddleware:
        """Scrapy's way in."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Wait for the host's rules, then refuse or let pass."""
        lease = request.meta.get("lease")
        if not self._obey or self._run is None or not isinstance(lease, LeasedRequest) or lease.role == "robots":
            return
        rules = await asyncio.shield(self._rules_of(request.url))
        if rules.trouble is not None:
            raise FetchFailed(rules.trouble.reason, f"robots.txt: {rules.trouble.detail}")
        if rules.robots is not None and not rules.robots.can_fetch(request.url, self._agent):
            raise FetchFailed("robots", "disallowed by robots.txt")

    def _rules_of(self, url: str) -> asyncio.Task[Rules]:
        """The rules of an address's host, asked for once while they are fresh."""
        parts = urlsplit(url)
        origin, now = f"{parts.scheme}://{parts.netloc}", asyncio.get_running_loop().time()
        since, task = self._rules.get(origin, (0.0, None))
        if task is None or (task.done() and now - since > (self._max_age if task.result().trouble is None else AGAIN_SECONDS)):
            task = asyncio.ensure_future(self._ask(origin))
            self._rules[origin] = (now, task)
        return task

    async def _ask(self, origin: str) -> Rules:
        assert self._run is not None
        url = f"{origin}/robots.txt"
        site = self._run.site
        lease = LeasedRequest(target=Target(key=mirrored_key(site.name, None, url) + f"@{origin}", url=url, site=site.name, role="robots"))
        request = _asking(lease)
        try:
            return await self._answer(request, None)
        except FetchFailed as error:
            # It has its row of failures, and is counted; the host is blamed by whoever waited for the rules.
            return Rules(trouble=error)
        except Exception as error:
            # Without rules nothing may be asked for; whoever waits for them must be told, whatever it was.
            logger.exception("robots-fault origin=%s", origin)
            reason = "limit" if isinstance(error, ArchiveError) else "parser-fault"
            return Rules(trouble=FetchFailed(reason, f"{type(error).__name__}: {error}"[:200]))

    async def _answer(self, request: Request, before: Capture | None) -> Rules:
        """Ask, and ask once more where the answer is cut off.

        Args:
            before: What came the first time, cut off by the host.
        Raises:
            FetchFailed: No rules can be had.
        """
        assert self._run is not None
        try:
            response: Response | None = await self._crawler.engine.download_async(request)
        except FetchFailed as error:
            capture, response = error.meta.get("capture"), error.meta.get("partial")
            if not isinstance(capture, Capture) or response is None:
                raise
            outcome = await self._read(error.meta, capture, response.body)
            await self._run.collection.file(cut_off(outcome, error.reason, error.detail), run_id=self._run.id)
            if not is_of_peer(error.reason, error.detail):
                raise
            if before is None:
                await asyncio.sleep(self._run.patience.retry_delay)
                return await self._answer(_asking(evolve(request.meta["lease"], attempt=2)), capture)
            if capture.payload_digest is None or capture.payload_digest != before.payload_digest:
                raise
            return await self._learn(outcome, error.meta, response.body, request, cut=True)
        assert response is not None
        last = response.request or request
        capture = last.meta.get("capture")
        assert isinstance(capture, Capture)
        outcome = await self._read(last.meta, capture, response.body)
        await self._run.collection.file(outcome, run_id=self._run.id)
        return await self._learn(outcome, last.meta, response.body, request)

    async def _read(self, meta: dict[str, Any], capture: Capture, body: bytes) -> Usable | Unusable:
        assert self._run is not None
        return await self._spider().aside.interpret(self._run.site, Received(meta["lease"], capture, meta["headers"], body))

    async def _learn(self, outcome: Usable | Unusable, meta: dict[str, Any], body: bytes, request: Request, *, cut: bool = False) -> Rules:
        """Rules from an answer; a banner or challenge in place of robots.txt is trouble, a 4xx is freedom."""
        assert self._run is not None
        capture = outcome.capture
        assert capture is not None
        aside, headers = self._spider().aside, meta["headers"]
        self._run.settle(outcome)
        if (capture.status or 0) >= 400 and not isinstance(outcome, Unusable):
            return Rules()
        # A page in its place is no robots.txt, unless it is one that somebody saved as a page: then it has groups.
        if isinstance(outcome, Unusable) and outcome.reason != "soft-404":
            return Rules(trouble=FetchFailed(outcome.reason, outcome.detail))
        reader = partial(read_robots, cut=cut)
        robots, left_out = await aside.call(capture.host, len(body), reader, body, headers, self._max_bytes, self._max_rules)
        if left_out:
            self._run.stats.limits["robots rules"] += 1
            logger.warning("robots-cut url=%s %s", capture.url, left_out)
        # What is said counts for the host that was asked, wherever its robots.txt was found (RFC 9309 2.3.1.2).
        self._slow_down(str(request.meta["download_slot"]), robots)
        await self._spider().name_sitemaps(request.url.removesuffix("/robots.txt"), capture.url, robots.sitemaps)
        return Rules(robots=robots)

    def _spider(self) -> NewsSpider:
        spider = self._crawler.spider
        assert isinstance(spider, NewsSpider)
        return spider

    def _slow_down(self, host: str, robots: Robots) -> None:
        """Apply Crawl-delay to the host's slot, clamped."""
        asked = robots.crawl_delay(self._agent)
        if not asked:
            return
        assert self._run is not None
        applied = min(asked, self._max_delay)
        self._run.stats.delays[host] = applied
        if applied < asked:
            self._run.stats.clamped[host] = asked
            logger.warning("crawl-delay-clamped host=%s asked=%s applied=%s", host, asked, applied)
        downloader = self._crawler.engine.downloader
        if (slot := downloader.slots.get(host)) is not None:
            slot.delay = max(slot.delay, applied)
            # A slot that rests for a minute is forgotten and made anew from these.
            downloader.per_slot_settings[host] = {**downloader.per_slot_settings.get(host, {}), "delay": slot.delay}


def _asking(lease: LeasedRequest) -> Request:
    """The request for a robots.txt."""
    meta = {"lease": lease, "download_slot": urlsplit(lease.url).hostname, "verbatim_url": True}
    return Request(lease.url, meta=meta, dont_filter=True)

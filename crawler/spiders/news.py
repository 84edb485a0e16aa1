"""One spider for every site on the shelf: it reads what came and decides only what to ask for next."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy import Request, Spider

from crawler.errors import FetchFailed
from crawler.items import Capture, Errand, Lease, Reading
from crawler.reading import read
from crawler.run import Limits, Run
from crawler.session import run_of
from crawler.sites._site import Site
from crawler.spiders.arguments import parse_limits
from crawler.spiders.errands import Discovery

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

logger = logging.getLogger(__name__)


class NewsSpider(Spider):
    """Crawls one site; made for each by the spider loader. Requests come from the frontier, not from here."""

    name: str = "news"
    site: ClassVar[Site]
    arguments: ClassVar[tuple[str, ...]] = (
        "mirrors", "since", "until", "sections", "story", "url", "max_stories", "requisites", "recheck", "backfill", "read",
    )  # fmt: skip

    def __init__(self, name: str | None = None, **arguments: Any) -> None:
        super().__init__(name)
        self.limits: Limits = self.limits_of(arguments)
        self.run: Run
        self.discovery: Discovery

    @classmethod
    def limits_of(cls, arguments: Mapping[str, Any]) -> Limits:
        """What the arguments ask for.

        Raises:
            Usage, SetupError: They mean nothing, or cannot be done.
        """
        limits = parse_limits(arguments, cls.arguments, site=getattr(cls, "site", None))
        cls.check(limits)
        return limits

    @classmethod
    def check(cls, limits: Limits) -> None:
        """Refuse limits that cannot work; a subclass has more to say."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> NewsSpider:
        """Scrapy's way in."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.run = run_of(crawler)
        spider.discovery = Discovery(
            spider.run.site, spider.limits, today=spider.run.clock().date(), recent_days=crawler.settings.getint("ARCHIVE_RECENT_DAYS"),
            max_section_pages=crawler.settings.getint("ARCHIVE_MAX_SECTION_PAGES"),
        )  # fmt: skip
        return spider

    async def start(self) -> AsyncIterator[Any]:
        """Queue the seeds; nothing is yielded, since the frontier is the queue."""
        self.run.frontier.add(self.seeds())
        for request in list[Request]():
            yield request

    def seeds(self) -> list[Errand]:
        """What this run asks for first."""
        if self.limits.story:
            known = self.run.frontier.row(f"{self.run.site.name}/{self.limits.story.rpartition('/')[2]}")
            if known is not None:
                errand = Errand(
                    key=known.key, url=known.url, site=known.site, role="story", story=known.story_id, language=known.language,
                    priority=known.priority, again=True,
                )  # fmt: skip
                return [errand]
        return list(self.discovery.seeds())

    async def parse(self, response: Response, **_: Any) -> AsyncIterator[Any]:
        """Read one answer; what it leads to is queued before the reading is filed."""
        meta = response.request.meta if response.request else response.meta
        lease, capture = meta["lease"], meta["capture"]
        assert isinstance(lease, Lease)
        assert isinstance(capture, Capture)
        reading = await asyncio.to_thread(
            read, self.run.site, lease, capture, meta["headers"], response.body or meta["start"], parse_story=self.limits.read == "yes",
            requisites=self.limits.requisites == "all", whole=meta["whole"],
        )  # fmt: skip
        self.run.frontier.add(self.found(reading))
        yield reading

    def found(self, reading: Reading) -> list[Errand]:
        """What a reading leads to."""
        return list(self.discovery.found(reading))

    async def failed(self, failure: Failure) -> AsyncIterator[Any]:
        """Turn a failed fetch into a reading, so that every errand ends on the same road."""
        request = failure.request  # type: ignore[attr-defined]
        error, lease = failure.value, request.meta["lease"]
        if not isinstance(error, FetchFailed):
            logger.error("unexpected url=%s error=%r", request.url, error, exc_info=error)
            error = FetchFailed("limit", f"{type(error).__name__}: {error}"[:200])
        capture = request.meta.get("capture")
        noted = request.meta.get("noted")
        yield Reading(
            lease=lease, capture=capture, reason=error.reason, detail=error.detail, answer=error.answer, noted=bool(noted),
            read_state=noted or "not-a-story",
        )  # fmt: skip

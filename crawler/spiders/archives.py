"""Search for lost stories in web archives, once a crawl is idle."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from scrapy import Request, signals
from scrapy.exceptions import DontCloseSpider

from crawler.discovery.page_needs import pictures_of
from crawler.errors import ArchiveError, BudgetSpent, FetchFailed, OutOfFiles, WriteFailed, unforeseen
from crawler.frontier_reads.queries import unserved_stories
from crawler.items import Capture, FrontierRequest, LeasedRequest, Outcome, Parsed, Unparsed, Unusable
from crawler.items import request_meta as keys
from crawler.memento.address_forms import address_forms, prefixes
from crawler.memento.endpoints import parse_endpoints
from crawler.memento.search import ArchiveSearch
from crawler.memento.timemap import http_time
from crawler.memento.turns import Asked, SearchLimits
from crawler.memento.wanted import Wanted, is_settled, known_addresses, lacks_picture
from crawler.processing.received import Received
from crawler.urls import host_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings

    from crawler.spiders.site import SiteSpider

logger = logging.getLogger(__name__)


class ArchiveLookups:
    """Searches of one run, begun when the frontier is empty; the crawl ends behind them."""

    def __init__(self, spider: SiteSpider, crawler: Crawler) -> None:
        self._spider, self._crawler, self._run = spider, crawler, spider.run
        self._archives, limits = parse_endpoints(crawler.settings.get("ARCHIVE_MEMENTO_ENDPOINTS")), search_limits(crawler.settings)
        self._again = timedelta(days=crawler.settings.getint("ARCHIVE_MEMENTO_AGAIN_DAYS"))
        self._task: asyncio.Task[None] | None = None
        self._search = ArchiveSearch(
            site=self._run.site.name, archives=self._archives, limits=limits, ask=self._ask, forms=self._forms,
            day_of=lambda wanted: self._run.site.days_of(wanted.url)[1],
            is_story=lambda url, story: self._run.site.story_id(url) == story, forbidden=self._run.site.forbidden, pictures=self._pictures,
        )  # fmt: skip
        self._most_forms = limits.forms
        self._run.archives = self._search.counts

    def connect(self) -> None:
        """Begin when the crawl is idle, and end with it."""
        self._crawler.signals.connect(self._idle, signal=signals.spider_idle)
        self._crawler.signals.connect(self._closed, signal=signals.spider_closed)

    def _idle(self) -> None:
        if self._task is None:
            self._task = asyncio.ensure_future(self._look())
        if not self._task.done():
            raise DontCloseSpider

    def _closed(self) -> None:
        if self._task is not None:
            self._task.cancel()

    async def _look(self) -> None:
        try:
            while self._run.frontier.unsaved and not self._run.collection.broken:  # noqa: ASYNC110
                await asyncio.sleep(0.005)  # the table tells what is committed
            await self._search.run(await asyncio.to_thread(self._wanted))
        except WriteFailed:
            return  # the crawl is being closed for it
        except Exception as error:
            # A fault of ours must not keep the crawl from ending: it fails a check of the report (exit code 10).
            logger.exception("archive-search-fault")
            self._search.counts.fault = repr(error)
        finally:
            if self._crawler.crawling and self._crawler.engine is not None:
                # A request that is not ours is refused; what matters is that the engine looks at the queue after it.
                self._crawler.engine.crawl(Request("http://wake.invalid/"))

    # -- what to look for

    def _wanted(self) -> list[Wanted]:
        """The stories that are due, by the index; in a thread."""
        run, hosts = self._run, {archive.name for archive in self._archives}
        since = run.clock() - self._again
        with run.collection.reader() as index:
            rows = unserved_stories(index.query, run.site.name, run_id=run.id if run.arguments.scoped else None)
            known = [Wanted(story=row["story_id"], url=row["url"], language=row["language"], found_on=row["found_on"]) for row in rows]
            named = set(run.named)
            due = [one for one in known if one.story in named or not is_settled(index, one.story, hosts, since)]
        self._search.counts.wanted = len(due)
        return due

    def _forms(self, wanted: Wanted) -> tuple[Sequence[str], Sequence[str]]:
        run = self._run
        with run.collection.reader() as index:
            known = known_addresses(index, wanted.story, wanted.url)
        day = run.site.days_of(wanted.url)[0]
        forms = address_forms(run.site, known, language=wanted.language, day=day, most=self._most_forms)
        return forms, prefixes(run.site, forms)

    def _pictures(self, outcome: Parsed | Unparsed) -> Iterator[FrontierRequest]:
        """The pictures of a copy that are not held."""
        wanted = {request.key: request for request in pictures_of(self._spider.on_site, outcome)}
        with self._run.collection.reader() as index:
            yield from [wanted[key] for key in lacks_picture(index, wanted)]

    # -- requests

    async def _ask(self, asked: Asked) -> Outcome | None:
        """Make one request, record and file its answer."""
        run = self._run
        lease = LeasedRequest(target=asked.target, original=asked.original, attempt=asked.attempt)
        meta: dict[str, Any] = {keys.LEASE: lease, keys.SLOT: host_of(lease.url), keys.VERBATIM: True, keys.HOP_RULE: asked.rule}
        headers = {"Accept-Datetime": http_time(datetime.combine(asked.accept, time.max, UTC))} if asked.accept else {}
        request = Request(lease.url, headers=headers, meta=meta, dont_filter=True)
        assert self._crawler.engine is not None
        try:
            response = await self._crawler.engine.download_async(request)
        except WriteFailed:
            raise
        except BudgetSpent as error:
            self._search.counts.given_up[host_of(lease.url)] = str(error)
            return None
        except OutOfFiles:
            return None  # asked again after a pause
        except Exception as error:  # noqa: BLE001 - each is one failed attempt
            return self._failed(request, error)
        meta = (response.request or request).meta
        lease, capture = meta[keys.LEASE], meta[keys.CAPTURE]
        received = Received(lease, capture, meta[keys.HEADERS], response.body or meta[keys.START], meta[keys.WHOLE])
        outcome = await run.parsers.interpret(run.site, received, self._spider.reading_options)
        await run.collection.file(outcome, run_id=run.id)
        run.stats.count_attempt(host_of(lease.url), outcome)
        run.stats.count_outcome(outcome)
        if isinstance(outcome, Unusable) and outcome.reason == "status":
            run.stats.statuses[str(capture.status or "no status")] += 1
        return outcome

    def _failed(self, request: Request, error: Exception) -> Unusable:
        """An attempt without a whole answer, which the recorder has written down."""
        if not isinstance(error, FetchFailed):
            if not isinstance(error, ArchiveError):
                logger.error("unexpected url=%s error=%r", request.url, error, exc_info=error)
            error = unforeseen(error)
        capture = request.meta.get(keys.CAPTURE)
        lease = request.meta[keys.LEASE]
        outcome = Unusable(
            lease=lease, capture=capture if isinstance(capture, Capture) else None, reason=error.reason, detail=error.detail, noted=True
        )  # fmt: skip
        self._run.stats.count_attempt(host_of(request.url), outcome)
        return outcome


def search_limits(settings: BaseSettings) -> SearchLimits:
    """Read the settings of the search."""
    return SearchLimits(
        mementos=settings.getint("ARCHIVE_MAX_MEMENTOS"), forms=settings.getint("ARCHIVE_MEMENTO_FORMS"),
        requests=settings.getint("ARCHIVE_MEMENTO_REQUESTS"), pictures=settings.getint("ARCHIVE_MEMENTO_PICTURES"),
        delay=settings.getfloat("ARCHIVE_MEMENTO_DELAY"), longest_wait=settings.getfloat("ARCHIVE_MAX_RETRY_AFTER"),
    )  # fmt: skip

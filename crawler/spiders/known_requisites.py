"""Requisites of pages that earlier runs captured without them."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from crawler.discovery.page_needs import needs_of
from crawler.items import Unusable
from crawler.processing.received import Options
from crawler.spiders.earlier_answers import held_page, without_requisites

if TYPE_CHECKING:
    from crawler.spiders.frontier_spider import FrontierSpider
logger = logging.getLogger(__name__)

NOT_HELD = "known page that is not held, so that what it needs to be shown is not known"


async def ask_for_requisites(spider: FrontierSpider) -> None:
    """Queue what known pages need and no run queued, as their records tell.

    The pages are not fetched again. A page that this run asks for leads to its requisites itself.
    """
    run, arguments, looked = spider.run, spider.arguments, 0
    options = Options(parse=arguments.read == "yes", requisites=arguments.with_files)
    readers = run.parsers.for_threads()
    for known in without_requisites(run.frontier, run.site.name, arguments):
        if not spider.is_within(known) or (run.frontier.row(known.key) or known).state != "done":
            continue
        page = await asyncio.to_thread(held_page, run.collection.path, known, run.site, readers, options)
        if page is None or isinstance(page, Unusable):
            run.stats.omitted.add(NOT_HELD, known.url)
            continue
        await spider.queue(needs_of(spider.of_pages, page))
        looked += 1
        row = run.frontier.row(known.key)
        if row is not None and row.state == "done":
            run.frontier.settle(row.key, "done", requisites=arguments.requisites)
    logger.info("requisites-of-known-pages pages=%d", looked)

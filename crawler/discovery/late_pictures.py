"""Requests for the pictures of pages that a crawl left unread."""

from __future__ import annotations

from datetime import date

from crawler import clock
from crawler.discovery.page_needs import pictures_of
from crawler.discovery.site_discovery import SiteDiscovery
from crawler.frontier.changes import queue_new
from crawler.frontier.crawl_arguments import CrawlArguments
from crawler.frontier_reads.queries import crawl_of
from crawler.index.index import Index
from crawler.items import Outcome, Parsed, content_of
from crawler.sites.known import site_of


def queue_pictures(index: Index, outcome: Outcome, folders: tuple[str, ...] = ()) -> int:
    """Queue the pictures that the crawl of an article wanted; return how many.

    Args:
        folders: With site files beside our own.
    """
    content = content_of(outcome)
    if not isinstance(content, Parsed) or not content.article.images:
        return 0
    run_id, said = crawl_of(index.query, content.capture.record_id) or (None, {"requisites": "none"})
    if said.get("requisites", "images") == "none":
        return 0
    arguments = CrawlArguments(requisites="images")
    discovery = SiteDiscovery(site=site_of(content.capture.site, folders), arguments=arguments, today=date.max)
    return queue_new(index.conn, pictures_of(discovery, content), run_id=run_id, now=clock.now())

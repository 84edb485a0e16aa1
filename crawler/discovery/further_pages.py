"""Requests for the further pages of articles that are printed on several."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from attrs import evolve

from crawler.discovery.discovery import PRIORITY
from crawler.frontier.rows import mirrored_key
from crawler.items import FrontierRequest, Parsed, Unusable, Usable
from crawler.urls.page_numbers import split_address

if TYPE_CHECKING:
    from crawler.discovery.site_discovery import SiteDiscovery

BEYOND = "page of an article beyond ARCHIVE_MAX_ARTICLE_PAGES"


def pages_of_site(on: SiteDiscovery, outcome: Usable | Unusable) -> Iterator[FrontierRequest]:
    """Yield requests for the further pages of a story, unless its site forbids them."""
    site, lease = on.site, outcome.lease
    for url, _ in _within(on, outcome):
        if lease.story and site.story_id(url) in (None, lease.story) and site.owns(url) and not site.forbidden(url):
            key = mirrored_key(site.name, lease.language, url)
            target = evolve(lease.target, key=key, url=url, found_on=outcome.lease.url)
            yield FrontierRequest(target=target, priority=PRIORITY["story"], only_new=on.arguments.recheck is False)


def pages_of_web(
    on: SiteDiscovery, outcome: Usable | Unusable, story_at: Callable[[str], str], request: Callable[[str], FrontierRequest]
) -> Iterator[FrontierRequest]:
    """Yield requests for the further pages of an article, as pages of its story.

    Args:
        story_at: Names the story of an address.
        request: Makes the request for an address.
    """
    story = outcome.lease.story
    for url, first in _within(on, outcome):
        if story and story == story_at(first):
            made = request(url)
            yield evolve(made, target=evolve(made.target, story=story), again=on.arguments.recheck is True)


def _within(on: SiteDiscovery, outcome: Usable | Unusable) -> Iterator[tuple[str, str]]:
    """The further pages up to the limit, each with the address of the first."""
    for url in outcome.further if isinstance(outcome, Parsed) else ():
        told = split_address(url)
        if told is not None and told[1] <= on.max_article_pages:
            yield url, told[0]
        elif told is not None:
            on.omitted.add(BEYOND, url)

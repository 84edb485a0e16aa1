"""Requests for what pages, lists and style sheets need to be shown as they were."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from attrs import evolve

from crawler.discovery.discovery import PRIORITY
from crawler.frontier.rows import FrontierRow
from crawler.items import FrontierRequest, Listing, Media, Needed, Parsed, Unparsed, Usable
from crawler.sites.site import file_key
from crawler.urls import canonical_url

if TYPE_CHECKING:
    from crawler.discovery.site_discovery import SiteDiscovery

PICTURES_LATER = "page left unread, whose pictures are asked for by the first crawl after `reindex --unread`"
TOO_DEEP = "requisite of a style sheet or script that itself was named by others, one by the other"
MOST_STEPS = 5
"""From a page to what it needs: a style sheet, one that it imports, and so on."""
OF_LIST = 5
"""By how much what a list needs comes behind what stories need."""


def needs_of(on: SiteDiscovery, outcome: Usable) -> Iterator[FrontierRequest]:
    """Yield requests for the pictures of an article, and other requisites."""
    if on.arguments.requisites == "none":
        return
    shown: set[str] = set()
    for request in pictures_of(on, outcome) if isinstance(outcome, Parsed | Unparsed) else ():
        shown.add(request.url)
        yield request
    if on.arguments.with_files and isinstance(outcome, Parsed | Unparsed | Listing | Media):
        yield from _files(on, outcome, outcome.requisites, shown)


def pictures_of(on: SiteDiscovery, outcome: Parsed | Unparsed) -> Iterator[FrontierRequest]:
    """Yield requests for the pictures of an article."""
    if on.arguments.requisites == "none":
        return
    if isinstance(outcome, Parsed):
        for image in outcome.article.images:
            yield _requisite(on, image.key or canonical_url(image.url), image.url, outcome, story=outcome.lease.story)
    elif on.arguments.read == "later":
        on.omitted.add(PICTURES_LATER, outcome.url)


def pictures_listed(on: SiteDiscovery, listing: Listing) -> Iterator[FrontierRequest]:
    """Yield requests for the pictures that a feed or sitemap names."""
    for url in listing.pictures if on.arguments.requisites != "none" else ():
        yield _requisite(on, on.site.key_of_picture(url), url, listing, story=listing.lease.story)


def _files(on: SiteDiscovery, outcome: Usable, files: tuple[Needed, ...], shown: set[str]) -> Iterator[FrontierRequest]:
    """Yield requests for files that any page may share.

    Each address is one, whatever the key of the picture: a page that asks for the small picture is not shown the large one. Styles, scripts
    and fonts belong to no story.
    """
    if files and outcome.capture.role == "requisite" and page_above(on.row_of, outcome.lease.found_on)[1] >= MOST_STEPS:
        on.omitted.add(TOO_DEEP, files[0][0], count=len(files))
        return
    lists = outcome.capture.role in ("seed", "section")
    for url, kind in files:
        if url in shown or on.site.forbidden(url):
            continue
        key, of_picture = file_key(url), on.site.key_of_picture(url)
        if key != of_picture and (row := on.row_of(of_picture)) is not None and file_key(row.url) == key:
            continue  # asked for as the picture of an article
        request = _requisite(on, key, url, outcome, story=outcome.lease.story if kind == "picture" else None)
        yield evolve(request, priority=PRIORITY["story"] - OF_LIST) if lists else request


def page_above(row_of: Callable[[str], FrontierRow | None], found_on: str | None) -> tuple[str | None, int]:
    """Find the page for which a file is needed.

    Args:
        found_on: The address of the page, style sheet or script that names it.
    Returns:
        Address of the page, and steps from there: 1 for a file that the page names.
    """
    steps = 1
    while found_on and steps < MOST_STEPS and (row := row_of(file_key(found_on))) is not None and row.role == "requisite":
        steps, found_on = steps + 1, row.found_on
    return found_on, steps


def _requisite(on: SiteDiscovery, key: str, url: str, outcome: Usable, *, story: str | None) -> FrontierRequest:
    page = outcome.lease.target
    target = evolve(page, key=key, url=url, role="requisite", story=story, found_on=outcome.url, depth=page.depth + 1, site=on.site.name)
    return FrontierRequest(target=target, priority=PRIORITY["requisite"])

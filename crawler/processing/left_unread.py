"""Outcomes of pages left unread, and of documents that are no pages."""

from __future__ import annotations

from attrs import evolve

from crawler.items import LeasedRequest, Media, Needed, Parsed, Unparsed
from crawler.parsers.classify.page_features import features_of
from crawler.parsers.document.page import Page
from crawler.parsers.document.plain_text import read_plain
from crawler.parsers.encoding.media_type import PLAIN
from crawler.parsers.links.page_links import page_links
from crawler.processing.received import Options, Received
from crawler.requisites.of_file import requisites_of_file
from crawler.requisites.of_page import counted, requisites_of
from crawler.scope.session_arguments import arguments_of
from crawler.sites.site import Site

MANY_PARAGRAPHS = 3
"""Long paragraphs of a page that has words, whatever is read of it."""
MAX_BARE_CHARACTERS = 1000
"""Visible text of a page that may turn out to be no story."""
_NO_TEXT = ("image/", "audio/", "video/", "font/", "text/css", "text/javascript", "application/javascript")
"""Types without text to read."""


def must_be_read(lease: LeasedRequest, page: Page) -> bool:
    """Tell whether the way of the crawl depends on a page's text.

    A story of no words is none, and another mirror is asked for it. Pages whose addresses may name a session are compared by their text.
    """
    if lease.role == "page":
        return any(True for _ in arguments_of(page.url))
    features = features_of(page)
    return not features.title or (features.prose < MANY_PARAGRAPHS and len(features.text) < MAX_BARE_CHARACTERS)


def unparsed(site: Site, received: Received, page: Page, options: Options) -> Unparsed:
    """Leave a page unread, but for what it leads to."""
    return Unparsed(
        lease=received.lease, capture=received.capture, links=page_links(page), requisites=requisites(site, received, page, options),
        bytes=received.size,
    )  # fmt: skip


def requisites(site: Site, received: Received, page: Page, options: Options) -> tuple[Needed, ...]:
    """The files that a page needs to be shown, if they are asked for.

    What is left out of them is counted on the page. Of a web archive's copy none are: its site does not have them any more.
    """
    if not options.requisites or received.capture.via is not None:
        return ()
    found = requisites_of(page, site.own_hosts)
    page.left_out |= counted(found)
    return found.files()


def requisites_of_media(received: Received, options: Options) -> tuple[tuple[Needed, ...], tuple[tuple[str, int], ...]]:
    """The requisites of a style sheet or script, and what was left out."""
    if not options.requisites or received.capture.via is not None:
        return (), ()
    found = requisites_of_file(received.capture.url, received.headers, received.payload, options.limits)
    return found.files(), counted(found)


def document(received: Received, page: Page, options: Options) -> Parsed | Unparsed | Media:
    """Read plain text; count other documents. No link of them is followed."""
    lease, capture, size, kind = received.lease, received.capture, received.size, page.media_type
    if kind == PLAIN and not options.parse:
        return Unparsed(lease=lease, capture=capture, bytes=size)
    article = read_plain(page) if kind == PLAIN else None
    if article is not None:
        article = evolve(article, story=lease.story)
        return Parsed(lease=lease, capture=capture, article=article, bytes=size)
    left_out = () if kind.startswith(_NO_TEXT) else ((f"document of type {kind} not read", 1),)
    return Media(lease=lease, capture=capture, left_out=left_out, bytes=size)

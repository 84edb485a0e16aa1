"""Interpretation of captures: from bytes to an outcome, without network or index.

Live crawl, replay and reindex all come through here, so that they cannot differ.
"""

from __future__ import annotations

from collections.abc import Callable

from attrs import evolve

from crawler.errors import FetchFailed, Unreadable
from crawler.index.reader_version import reader_version
from crawler.items import (
    Capture,
    LeasedRequest,
    Link,
    Listing,
    Media,
    NotModified,
    Parsed,
    Redirect,
    Robots,
    Role,
    Unusable,
    Usable,
)
from crawler.parsers.classify.classify import Answer, Expectation, Kind, Verdict, classify
from crawler.parsers.classify.listing import is_listing
from crawler.parsers.classify.partial_content import part_of_whole
from crawler.parsers.document.page import OVER, Page
from crawler.parsers.encoding.content_coding import content_decoded
from crawler.parsers.encoding.media_type import is_html
from crawler.parsers.images.file_metadata import imprint_of
from crawler.parsers.links.article_pages import further_pages
from crawler.parsers.links.page_links import page_links, page_refresh
from crawler.parsers.listings.recognise import list_in
from crawler.parsers.template import parse
from crawler.parsers.timemaps.rewriting import unrewritten
from crawler.processing.archived import archive_answer, list_answer
from crawler.processing.interpret_lists import interpret_feed, interpret_sitemap, only_announced, stories_among
from crawler.processing.left_unread import document, must_be_read, requisites, requisites_of_media, unparsed
from crawler.processing.parse_failures import exhausted, faulty, given_up, unreadable
from crawler.processing.received import ALL, START_BYTES, Options, Received, start_needed
from crawler.processing.redirects import check_target, is_redirect, target_of
from crawler.sites.site import Site

REFRESH_CHARACTERS = 64 * 1024
"""Beginning of a page in which the word `refresh` is looked for before the page is parsed for it."""
MAX_REFRESH_SECONDS = 10
"""A refresh that waits no longer than this is a redirect, if the page has hardly a text of its own."""
MAX_STUB_CHARACTERS = 600
"""Text of a page that holds only a refresh."""
_MEDIA = Expectation(kind="media")
_NO_VALIDATOR = Verdict("status", "304, and no validator was sent", answer=False)
_KINDS: dict[Role, Kind] = {
    "story": "story", "page": "story", "seed": "list", "section": "list", "feed": "feed", "sitemap": "sitemap", "requisite": "media",
    "robots": "robots", "timemap": "list",
}  # fmt: skip


def interpret(site: Site, received: Received, options: Options = ALL) -> Usable | Unusable:
    """Determine the outcome of one capture, as what it was asked for; never raises."""
    outcome = _guarded(site, received, options)
    return outcome if outcome.reader_version else evolve(outcome, reader_version=reader_version(site.file, options.limits))


def _guarded(site: Site, received: Received, options: Options) -> Usable | Unusable:
    lease, capture, size = received.lease, received.capture, received.size
    try:
        return _undecoded(site, received, options) or _decoded(site, received, options)
    except Unreadable as error:
        if what := exhausted(error.__cause__):
            return given_up(lease, capture, f"reading {what} and was given up", size)
        return unreadable(lease, capture, str(error), size)
    except Exception as error:  # noqa: BLE001 - the caller logs it; it costs this page, not the crawl
        if what := exhausted(error):
            return given_up(lease, capture, f"reading {what} and was given up", size)
        return faulty(lease, capture, error, size)


# -- answers that need no decoding


def _undecoded(site: Site, received: Received, options: Options) -> Usable | Unusable | None:
    """The outcome by status, header fields and role; None if the page is needed."""
    return next((outcome for rule in _UNDECODED if (outcome := rule(site, received, options)) is not None), None)


def _not_modified(site: Site, received: Received, options: Options) -> NotModified | Unusable | None:
    """Accept a 304, if validators were sent."""
    capture = received.capture
    if capture.status != 304:
        return None
    if capture.record_type == "response" and capture.revisit_of is None:
        # No validator was sent, so that there is nothing it could stand for: nothing came.
        return received.refused(_NO_VALIDATOR)
    return NotModified(lease=received.lease, capture=capture)


def _redirect(site: Site, received: Received, options: Options) -> Redirect | Unusable | None:
    """Check a redirect."""
    lease, capture, headers = received.lease, received.capture, received.headers
    if not is_redirect(capture.status, headers):
        return None
    try:
        target = target_of(site, lease, capture.url, capture.date.date(), headers)
    except FetchFailed as error:
        return Unusable(
            lease=lease, capture=capture, reason=error.reason, detail=error.detail, answer=error.answer, moved_to=error.moved_to
        )  # fmt: skip
    return Redirect(lease=lease, capture=capture, target=target)


def _part_only(site: Site, received: Received, options: Options) -> Unusable | None:
    """Refuse a part in place of the whole."""
    capture = received.capture
    part = part_of_whole(capture.status, received.headers, None if capture.role == "requisite" else received.size)
    return received.refused(Verdict("partial", part, answer=False)) if part else None


def _no_robots(site: Site, received: Received, options: Options) -> Robots | None:
    """Take a 4xx for an empty robots.txt: no rules, and no failure (RFC 9309 2.3.1.3)."""
    status = received.capture.status or 0
    if received.capture.role == "robots" and 400 <= status < 500 and status != 429:
        return Robots(lease=received.lease, capture=received.capture, bytes=received.size)
    return None


def _media(site: Site, received: Received, options: Options) -> Media | Unusable | None:
    """Check a picture, style or script by its first bytes."""
    capture, payload, headers = received.capture, received.payload, received.headers
    if capture.role != "requisite":
        return None
    start, _ = content_decoded(payload[: start_needed(payload)], headers, options.limits)
    verdict = classify(Answer(page=None, status=capture.status, headers=headers, start=start[:START_BYTES], now=capture.shown), _MEDIA)
    if verdict.reason:
        return received.refused(verdict)
    imprint = imprint_of(start) if capture.status == 200 else None
    needed, left_out = requisites_of_media(received, options) if capture.status == 200 else ((), ())
    return Media(
        lease=received.lease, capture=capture, bytes=received.size, imprint=imprint, requisites=needed, left_out=left_out
    )  # fmt: skip


_UNDECODED: tuple[Callable[[Site, Received, Options], Usable | Unusable | None], ...] = (
    archive_answer, list_answer, _not_modified, _redirect, _part_only, _no_robots, _media,
)  # fmt: skip


# -- pages


def _decoded(site: Site, received: Received, options: Options) -> Usable | Unusable:
    lease, capture = received.lease, received.capture
    page = Page.from_payload(
        url=capture.url, date=capture.shown, headers=received.headers, payload=received.payload, limits=options.limits,
        cut=capture.truncated is not None,
    )  # fmt: skip
    if capture.via is not None:
        page.text = unrewritten(page.text, capture.via)
    if capture.role == "page" and capture.status == 200 and list_in(page.text, page.mime):
        return interpret_sitemap(site, received, page)
    verdict = _classified(site, received, page)
    if capture.status == 200 and verdict.reason in (None, "soft-404") and (target := stub_target(lease, page)):
        return _refresh(site, received, target)
    if verdict.reason:
        absent = verdict.reason == "soft-404" and verdict.answer and only_announced(site, lease)
        return received.refused(verdict, left_out=(("sitemap named by robots.txt, a page in its place", 1),) if absent else ())
    outcome = _by_role(site, received, page, options)
    if OVER in page.left_out:
        page.left_out[OVER] += received.size - len(received.payload)
    return evolve(
        outcome, limited=tuple(dict.fromkeys([*page.limited, *outcome.limited])), left_out=(*outcome.left_out, *page.left_out.items())
    )  # fmt: skip


def _classified(site: Site, received: Received, page: Page) -> Verdict:
    """Classify a page by the site's expectations."""
    lease, capture = received.lease, received.capture
    of_site = capture.role == "story" and lease.story is not None and bool(site.stories)
    # Of an error page or an empty one no mark is looked for: it cannot be there, and of nothing no tree can be made.
    markable = capture.role == "story" and 200 <= (capture.status or 0) < 300 and bool(page.text.strip())
    marked = markable and any(template.mark(page) is not None for template in site.templates)
    expected = Expectation(
        kind=_KINDS[capture.role], identity=site.identity if of_site else (),
        number=(lease.story or "").partition("/")[2] if of_site else None, number_of=site.number, gone_words=site.gone_words,
        announced=only_announced(site, lease),
    )  # fmt: skip
    return classify(Answer(page=page, status=capture.status, marked=marked), expected)


def _by_role(site: Site, received: Received, page: Page, options: Options) -> Usable | Unusable:
    """Read a page as what it was requested for."""
    lease, capture, size = received.lease, received.capture, received.size
    match capture.role:
        case "story" | "page":
            return _story(site, received, page, options)
        case "feed":
            return interpret_feed(site, received, page)
        case "sitemap":
            return interpret_sitemap(site, received, page)
        case "robots":
            return Robots(lease=lease, capture=capture, bytes=size)
    links = page_links(page)
    counted = capture.role in ("seed", "section")
    return Listing(
        lease=lease, capture=capture, links=links, bytes=size, stories=stories_among(site, links) if counted else None,
        requisites=requisites(site, received, page, options),
    )  # fmt: skip


def _story(site: Site, received: Received, page: Page, options: Options) -> Usable | Unusable:
    """Parse a page as a story, or as a list of links."""
    lease, capture, size = received.lease, received.capture, received.size
    if capture.role == "page" and not is_html(page.media_type):
        return document(received, page, options)
    if not options.parse and not must_be_read(lease, page):
        return unparsed(site, received, page, options)
    article = parse(
        page, site.templates, story=lease.story, languages=site.languages(),
        language=site.language_in(page.url, lease.language or site.language or None), timezone=site.timezone,
        key_of_picture=site.key_of_picture,
    )  # fmt: skip
    links = page_links(page)
    empty = article.headline is None and not article.blocks and not article.images
    if capture.role == "page" and (empty or is_listing(page, article)):
        needed = requisites(site, received, page, options)
        return Listing(lease=lease, capture=capture, links=links, bytes=size, requisites=needed)
    if empty:
        return Unusable(lease=lease, capture=capture, reason="soft-404", detail="neither headline nor text", links=links, bytes=size)
    if not options.parse and capture.role == "story":
        return unparsed(site, received, page, options)
    return Parsed(
        lease=lease, capture=capture, article=article, links=links, requisites=requisites(site, received, page, options), bytes=size,
        further=_further(page, capture),
    )  # fmt: skip


def _further(page: Page, capture: Capture) -> tuple[str, ...]:
    """Further pages of an article; of an archive's copy none are asked for."""
    return further_pages(page) if capture.via is None else ()


def stub_target(lease: LeasedRequest, page: Page) -> str | None:
    """The target of a page that holds only a refresh, else None.

    A refresh that only readers without scripts get is followed as a link, if the page has a text.
    """
    if lease.role not in ("page", "story"):
        return None
    # A tree that is there is asked first: to search the text for a word in any case takes longer.
    if page.has_tree and page_refresh(page) is None:
        return None
    if "refresh" not in page.text[:REFRESH_CHARACTERS].lower() and not page.headers.has("refresh"):
        return None
    sent = page_refresh(page)
    if sent is None or sent.seconds > MAX_REFRESH_SECONDS:
        return None
    text = " ".join("".join(map(str, page.xpath("//body//text()[not(ancestor::script or ancestor::style)]").getall())).split())
    return sent.url if len(text) <= MAX_STUB_CHARACTERS else None


def _refresh(site: Site, received: Received, target: str) -> Redirect | Unusable:
    """The outcome of a page that holds only a refresh, checked like a redirect."""
    lease, capture, links = received.lease, received.capture, (Link(url=target),)
    if capture.via is not None:
        return received.refused(Verdict("redirect", f"the copy only leads to {target}"[:300], answer=True))
    try:
        check_target(site, lease, target, capture.shown.date())
    except FetchFailed as error:
        return Unusable(
            lease=lease, capture=capture, reason=error.reason, detail=error.detail, answer=error.answer, links=links, bytes=received.size
        )  # fmt: skip
    return Redirect(lease=lease, capture=capture, target=target, by_refresh=True, links=links, bytes=received.size)

"""What one capture turned out to be: pure, from bytes already held. Live crawl, replay and rebuild all read here."""

from __future__ import annotations

import re
import traceback
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from attrs import evolve

from crawler.errors import FetchFailed, Unreadable
from crawler.index.reader_version import GIVEN_UP as NO_VERSION
from crawler.index.reader_version import reader_version
from crawler.items import LIST_NOT_READ_TO_END, NO_LIST, Capture, Lease, Link, Reading, Role
from crawler.parsers.classify.classify import Answer, Expectation, Kind, Verdict, judge
from crawler.parsers.classify.listing import is_listing
from crawler.parsers.classify.partial_content import part_of_whole
from crawler.parsers.document.links import page_refresh
from crawler.parsers.document.page import OVER, Page
from crawler.parsers.document.plain_text import read_plain
from crawler.parsers.encoding.content_coding import LIMITS, content_decoded
from crawler.parsers.encoding.list_text import charset_named
from crawler.parsers.encoding.media_type import PLAIN, is_html
from crawler.parsers.images.file_metadata import bytes_needed, imprint_of
from crawler.parsers.limits import ReadLimits
from crawler.parsers.listings.lists import NO_ENTRY, Entry, Feed, Sitemap, list_in, page_links, page_requisites, read_feed, read_sitemap
from crawler.parsers.template import parse
from crawler.processing.redirects import check_target, is_redirect, target_of
from crawler.sites.site import Site
from crawler.urls import location_of, page_key, path_of

Headers = Sequence[tuple[str, str]]

MAX_FAULT = 20_000
"""Characters of a traceback that are kept, the last ones."""
_NO_MEMORY = re.compile(r"unknown error|memory|allocat", re.IGNORECASE)
_HERE = str(Path(__file__).parents[1])
START_BYTES = 4096
MEDIA = Expectation(kind="media")
COLD = Verdict("status", "304, and no validator was sent", answer=False)
"""Of a picture or script: enough to tell what it is."""
_NO_DOCUMENTS = ("image/", "audio/", "video/", "font/", "text/css", "text/javascript", "application/javascript")
"""Types that hold no text which could be read."""
REFRESH_CHARACTERS = 64 * 1024
"""Of a page: where the word `refresh` is looked for before the page is taken apart for it."""
MAX_REFRESH_SECONDS = 10
"""A refresh that waits no longer than this is a redirect, where the page has hardly a text of its own."""
_BROKEN = ("cut off", "damaged", "Premature end", "document brings a DTD")
"""In the problems of a feed or sitemap: what ends its reading."""
MAX_STUB_CHARACTERS = 600
"""Of the text of a page that is nothing but a refresh."""
GIVEN_UP = "reading took too much time or memory and was given up"
_KINDS: dict[Role, Kind] = {
    "story": "story", "page": "story", "seed": "list", "section": "list", "feed": "feed", "sitemap": "sitemap", "requisite": "media",
    "robots": "robots",
}  # fmt: skip


def read(
    site: Site,
    lease: Lease,
    capture: Capture,
    headers: Headers,
    payload: bytes,
    *,
    parse_story: bool = True,
    requisites: bool = False,
    whole: int | None = None,
    limits: ReadLimits = LIMITS,
) -> Reading:
    """Read one capture as what it was asked for: a story, a list, a feed, a sitemap, a picture, a robots.txt.

    Args:
        headers: The response's fields as received.
        payload: The entity body, content coding kept; of media its beginning (`start_needed`) will do.
        parse_story: False leaves a story unread: judged, but not parsed.
        requisites: Whether to list what a story's page needs to be shown.
        whole: Bytes of the entity body, where `payload` is not all of it.
        limits: How much of it is read.
    """
    size = len(payload) if whole is None else whole
    reading = _guarded(site, lease, capture, headers, payload, size, parse_story=parse_story, requisites=requisites, limits=limits)
    return reading if reading.reader_version else evolve(reading, reader_version=reader_version(site.file, limits))


def _guarded(site: Site, lease: Lease, capture: Capture, headers: Headers, payload: bytes, size: int, **options: Any) -> Reading:
    """`_read`, where whatever goes wrong is told by the reading."""
    try:
        return _read(site, lease, capture, headers, payload, size, **options)
    except Unreadable as error:
        if what := used_up(error.__cause__):
            return given_up(lease, capture, f"reading {what} and was given up", size)
        return unreadable(lease, capture, str(error), size)
    except Exception as error:  # noqa: BLE001 - whoever asked logs it; it costs this page, not the crawl
        if what := used_up(error):
            return given_up(lease, capture, f"reading {what} and was given up", size)
        return faulty(lease, capture, error, size)


def _read(
    site: Site, lease: Lease, capture: Capture, headers: Headers, payload: bytes, size: int, *, parse_story: bool, requisites: bool,
    limits: ReadLimits,
) -> Reading:  # fmt: skip
    if capture.status == 304:
        # Where no validator was sent there is nothing that it could stand for: nothing came.
        cold = capture.record_type == "response" and capture.revisit_of is None
        return _refused(lease, capture, COLD, size) if cold else Reading(lease=lease, capture=capture)
    if is_redirect(capture.status, headers):
        return _redirected(site, lease, capture, headers)
    if part := part_of_whole(capture.status, headers, None if capture.role == "requisite" else size):
        return _refused(lease, capture, Verdict("partial", part, answer=False), size)
    if capture.role == "robots" and 400 <= (capture.status or 0) < 500 and capture.status != 429:
        return _seen(lease, capture, size)  # RFC 9309 2.3.1.3: no rules, and no failure
    if capture.role == "requisite":
        start, _ = content_decoded(payload[: start_needed(payload)], headers, limits)
        answer = Answer(page=None, status=capture.status, headers=headers, start=start[:START_BYTES], now=capture.date)
        verdict = judge(answer, MEDIA)
        if verdict.reason:
            return _refused(lease, capture, verdict, size)
        return evolve(_seen(lease, capture, size), imprint=imprint_of(start) if capture.status == 200 else None)
    page = Page.from_payload(
        url=capture.url, date=capture.date, headers=headers, payload=payload, limits=limits, cut=capture.truncated is not None
    )  # fmt: skip
    if capture.role == "page" and capture.status == 200 and list_in(page.text, page.mime):
        return evolve(_read_listing(site, lease, capture, page, payload), bytes=size)
    verdict = _judge(site, lease, capture, page)
    if capture.status == 200 and verdict.reason in (None, "soft-404") and (target := stub_target(lease, page)):
        return _refreshed(site, lease, capture, target, size)
    if verdict.reason:
        refused = _refused(lease, capture, verdict, size)
        absent = verdict.reason == "soft-404" and verdict.answer and _announced(site, lease)
        return evolve(refused, left_out=(("sitemap named by robots.txt, a page in its place", 1),)) if absent else refused
    reading = _read_page(site, lease, capture, page, payload, parse_story=parse_story, requisites=requisites)
    if OVER in page.left_out:
        page.left_out[OVER] += size - len(payload)
    return evolve(
        reading, bytes=size, limited=tuple(dict.fromkeys([*page.limited, *reading.limited])),
        left_out=(*reading.left_out, *page.left_out.items()),
    )  # fmt: skip


def of_cut(reading: Reading, reason: str, detail: str) -> Reading:
    """What was read of an answer that was cut off, as the failed attempt that it is; unreadable where nothing of use came.

    Args:
        reading: Of the part that came.
        reason: Why the attempt failed; it is written down already.
    """
    capture = reading.capture
    article = reading.article
    if article is not None:
        usable = bool(article.body or any(image.caption for image in article.images))
    else:
        usable = bool(reading.links or reading.read_state == "unread" or (reading.lease.role in ("requisite", "robots") and reading.bytes))
    if reading.reason is None and usable:
        return evolve(reading, reason=reason, detail=detail, noted=True, answer=False, newest=None, refresh=None)
    return Reading(
        lease=reading.lease, capture=capture, reason=reason, detail=detail, noted=True, read_state="unreadable", bytes=reading.bytes,
        reader_version=reading.reader_version,
    )  # fmt: skip


def start_needed(start: bytes) -> int:
    """How much of a picture, script or video is read, by its first bytes."""
    return max(START_BYTES, bytes_needed(start))


def unreadable(lease: Lease, capture: Capture, detail: str, size: int) -> Reading:
    """The reading of a page that cannot be read: the bytes are safe, and nobody is to be asked for it again."""
    # Reasons are counted by their words: the address stands beside them, and figures would make each page its own reason.
    kind = re.sub(r"\d[\d,.]*", "...", detail.removeprefix(f"{capture.url}: "))[:80]
    return Reading(
        lease=lease, capture=capture, reason="malformed", detail=detail[:200], answer=True, read_state="unreadable", bytes=size,
        left_out=((f"page not parsed: {kind}", 1),),
    )  # fmt: skip


def given_up(lease: Lease, capture: Capture, detail: str, size: int) -> Reading:
    """The reading of a page that took too long or too much: in the same words, whichever limit it met first."""
    told = GIVEN_UP if detail.startswith("reading took ") else detail
    return evolve(unreadable(lease, capture, told, size), limited=("reading",), reader_version=NO_VERSION)


def used_up(error: BaseException | None) -> str | None:
    """What a page used up, where an error only says that there was no more of it: no fault of the parser; None for any other error.

    libxml2 tells a failed allocation as an error of its own, with no more than `unknown error` where even that found no memory.
    """
    while error is not None:
        if isinstance(error, MemoryError) or (type(error).__module__.startswith("lxml") and _NO_MEMORY.search(str(error))):
            return "took too much memory"
        if isinstance(error, RecursionError):
            return "went too deep into nested elements"
        error = error.__cause__ or error.__context__
    return None


def faulty(lease: Lease, capture: Capture, error: BaseException, size: int) -> Reading:
    """The reading of a page that met a fault in our own parser: the bytes are safe, its traceback is to be logged by whoever asked."""
    told = "".join(traceback.format_exception(error))
    where = next(
        (f" ({Path(f.filename).name}:{f.lineno})" for f in reversed(traceback.extract_tb(error.__traceback__)) if _HERE in f.filename), ""
    )
    return evolve(
        unreadable(lease, capture, f"{type(error).__name__}: {error}"[:150] + where, size), reason="parser-fault", fault=told[-MAX_FAULT:],
        left_out=(("page not parsed: a fault in our own parser", 1),), reader_version=NO_VERSION,
    )  # fmt: skip


def _refused(lease: Lease, capture: Capture, verdict: Verdict, size: int) -> Reading:
    return Reading(
        lease=lease, capture=capture, reason=verdict.reason, detail=verdict.detail, answer=verdict.answer,
        retry_after=verdict.retry_after, read_state="not-a-story", bytes=size,
    )  # fmt: skip


def _seen(lease: Lease, capture: Capture, size: int) -> Reading:
    return Reading(lease=lease, capture=capture, read_state="not-a-story", bytes=size)


def _announced(site: Site, lease: Lease) -> bool:
    """Whether nothing but robots.txt names a sitemap; where a site has mirrors, another of them may have it."""
    return lease.role == "sitemap" and not site.mirrors and path_of(lease.found_on or "") == "/robots.txt"


def _judge(site: Site, lease: Lease, capture: Capture, page: Page) -> Verdict:
    of_site = capture.role == "story" and lease.story is not None and bool(site.stories)
    # Of an error page or an empty one no mark is looked for: it cannot be there, and of nothing no tree can be made.
    markable = capture.role == "story" and 200 <= (capture.status or 0) < 300 and bool(page.text.strip())
    marked = markable and any(template.mark(page) is not None for template in site.templates)
    expected = Expectation(
        kind=_KINDS[capture.role], identity=site.identity if of_site else (),
        number=(lease.story or "").partition("/")[2] if of_site else None, number_of=site.number, gone_words=site.gone_words,
        announced=_announced(site, lease),
    )  # fmt: skip
    return judge(Answer(page=page, status=capture.status, marked=marked), expected)


def _read_page(site: Site, lease: Lease, capture: Capture, page: Page, payload: bytes, *, parse_story: bool, requisites: bool) -> Reading:
    size = len(payload)
    if capture.role in ("story", "page"):
        reading = _read_story(site, lease, capture, page, parse_story=parse_story)
        return evolve(reading, bytes=size, requisites=page_requisites(page) if requisites and parse_story else ())
    if capture.role == "feed":
        return evolve(_read_feed(site, lease, capture, page, payload), bytes=size)
    if capture.role == "sitemap":
        return evolve(_read_listing(site, lease, capture, page, payload), bytes=size, read_state="read")
    if capture.role == "robots":
        return _seen(lease, capture, size)
    return Reading(lease=lease, capture=capture, links=page_links(page), bytes=size)


def _read_story(site: Site, lease: Lease, capture: Capture, page: Page, *, parse_story: bool) -> Reading:
    if not parse_story:
        # Where there is no site file, what a page leads to is known from its links alone.
        return Reading(lease=lease, capture=capture, read_state="unread", links=page_links(page) if capture.role == "page" else ())
    if capture.role == "page" and not is_html(page.media_type):
        return _read_document(lease, capture, page)
    article = parse(
        page, site.templates, story=lease.story, language=lease.language or site.language or None, languages=site.languages(),
        timezone=site.timezone, key_of_picture=site.key_of_picture,
    )  # fmt: skip
    links = page_links(page)
    empty = article.headline is None and not article.blocks and not article.images
    if capture.role == "page" and (empty or is_listing(page, article)):
        return Reading(lease=lease, capture=capture, links=links, read_state="not-a-story")
    if empty:
        return Reading(
            lease=lease, capture=capture, reason="soft-404", detail="neither headline nor text", links=links, read_state="not-a-story"
        )
    return Reading(lease=lease, capture=capture, article=article, links=links)


def _read_document(lease: Lease, capture: Capture, page: Page) -> Reading:
    """A page that is no HTML: a plain text is read, of other documents it is said that they were not."""
    kind = page.media_type
    article = read_plain(page) if kind == PLAIN else None
    if article is not None:
        return Reading(lease=lease, capture=capture, article=evolve(article, story=lease.story))
    told = () if kind.startswith(_NO_DOCUMENTS) else ((f"document of type {kind} not read", 1),)
    return Reading(lease=lease, capture=capture, read_state="not-a-story", left_out=told)


def _read_listing(site: Site, lease: Lease, capture: Capture, page: Page, payload: bytes) -> Reading:
    """A sitemap, also a sitemap or feed that somebody named as a page."""
    data, decoding = content_decoded(payload, page.headers, page.limits)
    found = read_sitemap(data, capture.url, page.limits, charset_named(page.headers))
    links = tuple(evolve(_link(entry), listing=found.kind == "index") for entry in found.entries)
    pictures = dict.fromkeys(picture for entry in found.entries for picture in entry.images)
    return Reading(
        lease=lease, capture=capture, links=(*links, *_next_list(found.next_page)), read_state="not-a-story", limited=_over(found.problems),
        listing=found.kind, requisites=tuple(pictures), left_out=_unread(found, decoding, due=not _announced(site, lease)),
    )  # fmt: skip


def _unread(found: Sitemap | Feed, decoding: Sequence[str], *, due: bool = True) -> tuple[tuple[str, int], ...]:
    """What of a feed or sitemap could not be taken.

    Args:
        due: Whether somebody who knows the site says that it is a list.
    """
    broken = any(words in problem for problem in (*found.problems, *decoding) for words in _BROKEN)
    faulty_text = any(problem.startswith(("XML", "JSON:")) for problem in found.problems)
    counts = {
        "entry of a feed or sitemap without an address fit to be asked for": found.skipped,
        LIST_NOT_READ_TO_END: int(broken),
        NO_LIST if due else "sitemap named by robots.txt that is none": int(found.kind is None and not broken),
        "list without a usable entry, though it is not empty": int(found.kind is not None and NO_ENTRY in found.problems),
        "feed or sitemap with faults in its text, read on behind them": int(faulty_text and not broken),
    }  # fmt: skip
    return tuple((reason, count) for reason, count in counts.items() if count)


def _next_list(url: str | None) -> tuple[Link, ...]:
    return (Link(url=url, listing=True),) if url else ()


def _over(problems: Sequence[str]) -> tuple[str, ...]:
    return ("sitemap size",) if any(problem.startswith(("over ", "too many", "a tag over")) for problem in problems) else ()


def _read_feed(site: Site, lease: Lease, capture: Capture, page: Page, payload: bytes) -> Reading:
    data, decoding = content_decoded(payload, page.headers, page.limits)
    feed = read_feed(data, capture.url, page.limits, charset_named(page.headers))
    if feed.kind is None:
        detail = "; ".join(feed.problems) or "no feed"
        return Reading(lease=lease, capture=capture, reason="malformed", detail=detail[:200], read_state="unreadable")
    numbers = [int(n) for entry in feed.entries if (n := site.number(entry.url))]
    links = (*map(_link, feed.entries), *_next_list(feed.next_page))
    return Reading(
        lease=lease,
        capture=capture,
        links=links,
        newest=max(numbers, default=None),
        limited=_over(feed.problems),
        listing="feed",
        left_out=_unread(feed, decoding),
    )


def _link(entry: Entry) -> Link:
    title = entry.title or (entry.news.title if entry.news else None) or ""
    when = entry.published or entry.modified or (entry.news.published if entry.news else None)
    return Link(url=entry.url, text=title, date=when.isoformat() if isinstance(when, datetime) else None)


def _redirected(site: Site, lease: Lease, capture: Capture, headers: Headers) -> Reading:
    try:
        target_of(site, lease, capture.url, capture.date.date(), headers)
    except FetchFailed as error:
        target = location_of(capture.url, headers)
        moved_to = site.story_id(target) if target and error.answer else None
        return Reading(
            lease=lease, capture=capture, reason=error.reason, detail=error.detail, answer=error.answer, moved_to=moved_to,
            read_state="not-a-story",
        )  # fmt: skip
    return Reading(lease=lease, capture=capture, read_state="not-a-story")


def stub_target(lease: Lease, page: Page) -> str | None:
    """Where a page leads that is nothing but a refresh; None where it is a page to be read.

    A refresh that only readers without scripts get is followed as a link, if the page has a text.
    """
    if lease.role not in ("page", "story"):
        return None
    if "refresh" not in page.text[:REFRESH_CHARACTERS].lower() and not any(name.lower() == "refresh" for name, _ in page.headers):
        return None
    sent = page_refresh(page)
    if sent is None or sent.seconds > MAX_REFRESH_SECONDS:
        return None
    text = " ".join("".join(map(str, page.xpath("//body//text()[not(ancestor::script or ancestor::style)]").getall())).split())
    return sent.url if len(text) <= MAX_STUB_CHARACTERS else None


def _refreshed(site: Site, lease: Lease, capture: Capture, target: str, size: int) -> Reading:
    """A page that is nothing but a refresh: judged as a redirect is."""
    reading = Reading(lease=lease, capture=capture, read_state="not-a-story", bytes=size, links=(Link(url=target),))
    try:
        check_target(site, lease, target, capture.date.date())
    except FetchFailed as error:
        return evolve(reading, reason=error.reason, detail=error.detail, answer=error.answer)
    return evolve(reading, refresh=target)


def web_story(url: str) -> str:
    """The story id of a page of no known site: `web/` and the identity of its address."""
    return f"web/{page_key(url)}"

"""What of captures could not be read, counted for the verdict: of a crawl, a replay and a rebuild alike."""

from __future__ import annotations

from crawler.items import READ_FROM_CUT, UNFINISHED, Capture, Reading
from crawler.parsers.encoding.media_type import UNKNOWN, is_html
from crawler.processing.tally import Tally
from crawler.urls import path_of

UNREAD_RECORD = "capture whose record cannot be read"
FROM_CUT = "page read from an answer or a compressed stream that was cut off"
NO_ORIGINAL = "revisit whose original is in no file"

_LISTS = ("feed", "sitemap", "seed", "section")
_NO_PAGE = (
    ".avi", ".bmp", ".css", ".eot", ".gif", ".ico", ".jpeg", ".jpg", ".js", ".json", ".m4a", ".m4v", ".mov", ".mp3", ".mp4", ".otf", ".pdf",
    ".png", ".svg", ".swf", ".ttf", ".webm", ".webp", ".woff", ".woff2", ".zip",
)  # fmt: skip
"""Ends of the paths of what is no page, where no type is told."""


def count_reading(tally: Tally, reading: Reading) -> None:
    """Count what reading a capture left out: limits that were hit, parts that were not read, pages and lists that are unreadable."""
    url = reading.capture.url if reading.capture else reading.lease.url
    tally.limits.update(reading.limited)
    for why, count in reading.left_out:
        tally.omitted.add(why, url, count=count, incomplete=why == UNREAD_RECORD or why in UNFINISHED)
    if reading.article is not None and READ_FROM_CUT in reading.article.problems:
        tally.omitted.add(FROM_CUT, url)
    if reading.reason in ("too-large", "limit"):
        tally.limits[f"{reading.reason}: {reading.detail}"[:80]] += 1
    if reading.read_state != "unreadable" or not reading.answer:
        return
    if reading.lease.role in ("story", "page"):
        tally.unreadable += 1
    elif reading.lease.role in _LISTS and reading.reason != "parser-fault":
        tally.omitted.add("list that was captured and could not be read", reading.lease.url, incomplete=True)


def count_fault(tally: Tally, reading: Reading) -> None:
    """Count a capture that stays unparsed for a fault of our own: it was due."""
    url = reading.capture.url if reading.capture else reading.lease.url
    tally.omitted.add("captured but not parsed, by a fault in our parser", f"{url}: {reading.detail}", incomplete=True)


def count_unresolved(tally: Tally, capture: Capture, *, fresh: bool) -> None:
    """Count a revisit whose original is nowhere; one of a page is a page that was captured and cannot be read.

    Args:
        fresh: It was given up in this run: what an earlier run gave up was weighed in that run's verdict, beside what it read.
    """
    tally.omitted.add(NO_ORIGINAL, f"{capture.url} ({capture.warc} offset {capture.offset})")
    tally.unreadable += fresh and is_page(capture)


def is_page(capture: Capture) -> bool:
    """Whether a capture was of a page, as far as its role, status and type tell, or where no type is told its address."""
    if capture.role not in ("story", "page") or not (capture.status in (None, 304) or 200 <= (capture.status or 0) < 300):
        return False
    if capture.mime and capture.mime not in UNKNOWN:
        return is_html(capture.mime)
    return not path_of(capture.url).partition("?")[0].lower().endswith(_NO_PAGE)

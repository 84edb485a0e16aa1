"""Site, role, story and key of captures that another crawler recorded."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import evolve

from crawler.archive_files.reader import Archived
from crawler.index.reader_version import reader_version
from crawler.items import Capture, Role
from crawler.parsers.encoding.content_coding import content_decoded
from crawler.parsers.encoding.media_type import HEADER_BYTES, sniffed
from crawler.sites.known import WEB
from crawler.sites.site import Feed, Site, Sitemap
from crawler.urls import canonical_url, page_key, path_of, web_story

_REQUISITES = (
    "image/", "video/", "audio/", "font/", "text/css", "text/javascript", "application/javascript", "application/x-javascript",
    "application/font", "application/vnd.ms-fontobject",
)  # fmt: skip
"""Media types of page requisites."""
_LISTS: dict[str, Role] = {
    "application/xml": "sitemap", "application/rss+xml": "feed", "application/atom+xml": "feed", "application/rdf+xml": "feed",
}  # fmt: skip
"""Role of a list of a site, by its sniffed type."""


def assign_site(entry: Archived, sites: Mapping[str, Site], *, warc: str) -> Archived:
    """Set site, role, story and key of a record by its address and first bytes."""
    capture = entry.capture
    if capture is None:
        return entry
    if entry.ours:
        return entry if capture.warc == warc else evolve(entry, capture=evolve(capture, warc=warc))
    site = next((s for s in sites.values() if s.owns(capture.url) or s.language_of(capture.host)), WEB)
    role, story, key = _place(site, capture, _start_of(entry))
    target = evolve(capture.target, site=site.name, role=role, story=story, key=key, language=site.language_of(capture.host))
    return evolve(
        entry,
        capture=evolve(capture, target=target, warc=warc),
        lease=evolve(entry.lease, target=target),
        reader_version=reader_version(site.file),
    )


def _start_of(entry: Archived) -> bytes:
    """The first bytes of a payload, content coding removed; empty if the record has none."""
    data = entry.payload(HEADER_BYTES) or b""
    return content_decoded(data, entry.headers)[0][:HEADER_BYTES] if data else b""


def _place(site: Site, capture: Capture, start: bytes) -> tuple[Role, str | None, str]:
    """Role, story and key of a capture, by its bytes before the named type."""
    url, path = capture.url, path_of(capture.url)
    if path == "/robots.txt":
        return "robots", None, canonical_url(url)
    if sniffed(capture.mime, start).startswith(_REQUISITES):
        return "requisite", None, site.key_of_picture(url)
    if story := site.story_id(url):
        return "story", story, story
    for seed in site.seeds:
        if site.owns(url) and seed.path == path and isinstance(seed, Feed | Sitemap):
            return ("feed" if isinstance(seed, Feed) else "sitemap"), None, canonical_url(url)
    if site.owns(url) and path != "/" and (kind := _LISTS.get(sniffed(None, start))):
        return kind, None, canonical_url(url)
    if site.owns(url):
        return ("seed" if path == "/" else "section"), None, canonical_url(url)
    return "page", web_story(url), page_key(url)

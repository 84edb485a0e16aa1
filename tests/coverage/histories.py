"""Invented histories of a site with lists and numbered stories, in an index."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from outcomes import made as outcome_of
from targets import made

from crawler.collection.ingest import add_capture, file_outcome, lease_for
from crawler.coverage.writing import know_sites
from crawler.index.index import Index
from crawler.items import Article, Block, Capture, Link, Mirror, Outcome
from crawler.sites.site import Feed, Section, Site, Sitemap

BEGIN = datetime(2026, 3, 2, 8, tzinfo=UTC)
"""A Monday."""
SITE = Site(
    name="gazette", title="Gazette", language="en", mirrors=(Mirror(host="a.example"), Mirror(host="b.example")),
    stories=(r"^/story/(?P<id>\d{1,7})(?:/|$)",), seeds=(Feed("/rss.xml"), Sitemap("/sitemap.xml"), Section("/")), never=(r"^/story/13/",),
)  # fmt: skip
_KEYS = {"feed": "/rss.xml", "sitemap": "/sitemap.xml", "seed": "/", "section": "/news"}


def at(hours: float) -> datetime:
    return BEGIN + timedelta(hours=hours)


def shot(n: int, role: str, when: datetime, *, host: str = "a.example", story: int | None = None, **changes: Any) -> Capture:
    """The n-th capture, of a list or of a story."""
    path = f"/story/{story}" if story is not None else _KEYS.get(role, "/page")
    story_id = f"gazette/{story}" if story is not None else None
    values: dict[str, Any] = {
        "record_id": f"urn:uuid:{n:08d}", "url": f"https://{host}{path}", "host": host, "site": "gazette", "date": when, "role": role,
        "key": story_id or f"gazette:en:{path}@{host}", "warc": "gazette-1.warc.gz", "offset": 1000 * n, "length": 900, "status": 200,
        "mime": "text/html", "story": story_id, "payload_digest": f"sha1:{n:032d}",
    }  # fmt: skip
    return made(Capture, {**values, **changes})


def page_of(capture: Capture, stories: Iterable[int], *, others: Sequence[str] = (), host: str = "a.example", **changes: Any) -> Outcome:
    """What was read of a capture: a list, or a story's page, that links some stories."""
    links = tuple(Link(url=f"https://{host}/story/{n}", text=f"Story {n}") for n in stories) + tuple(Link(url=url) for url in others)
    article = None
    if capture.role == "story":
        article = Article(
            url=capture.url,
            story=capture.story,
            template="plain",
            headline="Ferry runs",
            blocks=(Block(kind="paragraph", text="It runs."),),
        )
    return outcome_of(lease_for(capture), capture, article=article, links=links, **changes)


def file(index: Index, *outcomes: Outcome) -> None:
    """File outcomes in the order given, each in a transaction of its own."""
    if "announcements" not in index.memories:
        know_sites(index, site=SITE)
    for outcome in outcomes:
        assert outcome.capture is not None
        with index.atomic():
            add_capture(index, outcome.capture)
            file_outcome(index, outcome)


def announced(index: Index) -> Mapping[str, tuple[str, str]]:
    """Story to record id and address of what announced it."""
    rows = index.query("SELECT story_id, record_id, url FROM announcements")
    return {row[0]: (row[1], row[2]) for row in rows}

"""The Beacon's hosts: what each answers to an address at a time."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import lru_cache
from html import escape
from itertools import islice
from typing import Literal

from attrs import evolve, frozen
from beacon_stories import How, Story, Text

from crawler.demo.images import dot

MIRRORS = ("www.beacon.example", "beacon.mirror.example", "www.beacon.test")
PICTURES = "pictures.beacon.example"
PER_PAGE = 12
FEED = 12
_STORY = re.compile(r"^/\d{4}/\d\d/\d\d/(\d{4})(?:/([^/]*))?$")
_SECTION = re.compile(r"^/section/(town|sea)(?:/(\d+))?$")

Trouble = Literal["refused", "silent", "seized", "certificate", "challenge", "503", "stale", "credits", "no feed news"]

SEIZED = "<html><head><title>This website has been seized</title></head><body><h1>THIS WEBSITE HAS BEEN SEIZED</h1><p>by the Bureau of Tides, in accordance with a warrant. This domain has been seized as part of a law enforcement action.</p></body></html>"
CHALLENGE = (
    "<html><head><title>Just a moment...</title></head><body><div id='challenge-form'>Checking your browser before accessing</div>"
    "<script src='/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1'></script></body></html>"
)
MISSING = "<html><head><title>Not found | The Beacon</title></head><body><h1>There is no such page</h1><p>It may have gone out with the tide.</p></body></html>"


@frozen(kw_only=True)
class Spell:
    """A time in which a mirror is not as it should be."""

    host: str
    since: datetime
    until: datetime
    what: Trouble
    lag: timedelta = timedelta()
    """By how much a stale mirror is behind."""

    def holds(self, host: str, now: datetime) -> bool:
        """Whether it is in force at a host."""
        return self.host == host and self.since <= now < self.until


@frozen(kw_only=True)
class Answer:
    """An answer before it is put on the wire."""

    status: int = 200
    body: bytes = b""
    mime: str = "text/html; charset=utf-8"
    location: str | None = None

    def wire(self, validator: str | None) -> bytes:
        """The whole message; 304 to whoever has it."""
        etag = f'"{hashlib.sha256(self.body).hexdigest()[:16]}"'
        held = self.status == 200 and validator is not None and etag in validator
        fields = [f"HTTP/1.1 {304 if held else self.status} Said", "Server: Beacon"]
        fields += [f"Location: {self.location}"] if self.location else []
        fields += [f"ETag: {etag}"] if self.status == 200 else []
        fields += ["Retry-After: 120"] if self.status == 503 else []
        if held:
            return "\r\n".join([*fields, "", ""]).encode()
        return "\r\n".join([*fields, f"Content-Type: {self.mime}", f"Content-Length: {len(self.body)}", "", ""]).encode() + self.body


class Newspaper:
    """All hosts of the paper.

    Args:
        stories: In the order of publication.
        layout_from: When the pages get another layout, in which the site file finds no headline.
    """

    def __init__(self, stories: Sequence[Story], spells: Sequence[Spell], *, layout_from: datetime, layout_until: datetime) -> None:
        self.stories, self.spells = {story.number: story for story in stories}, spells
        self._published = [story.published for story in stories]
        self._new_layout = layout_from, layout_until

    def trouble(self, host: str, now: datetime) -> Spell | None:
        """What is wrong with a host."""
        return next((spell for spell in self.spells if spell.holds(host, now)), None)

    def answer(self, host: str, path: str, now: datetime) -> Answer | None:
        """Answer a request; None: nothing ever comes."""
        if host == PICTURES:
            return Answer(body=_picture(path), mime="image/png") if path.startswith("/pictures/") else Answer(status=404, body=b"no")
        spell = self.trouble(host, now)
        what = spell.what if spell else None
        if what == "silent":
            return None
        if what in ("seized", "challenge"):
            return Answer(status=403, body=CHALLENGE.encode()) if what == "challenge" else Answer(body=SEIZED.encode())
        if what == "503":
            return Answer(status=503, body=b"later")
        seen = now - spell.lag if spell and what == "stale" else now
        if path == "/robots.txt":
            return Answer(body=b"User-agent: *\nDisallow: /private/\n", mime="text/plain")
        if path == "/feed.xml":
            return Answer(body=self._feed(host, spell.since if spell and what == "no feed news" else seen), mime="application/rss+xml")
        if path == "/sitemap.xml":
            return Answer(body=self._sitemap(host, seen), mime="application/xml")
        return self._page(host, path, seen, credits=what == "credits")

    def shown(self, host: str, now: datetime) -> list[Story]:
        """The stories that a mirror's lists may name, newest first."""
        out = islice(self.stories.values(), bisect_right(self._published, now))
        return [story for story in out if not story.absences or story.absent(host, now) is None][::-1]

    def _page(self, host: str, path: str, now: datetime, *, credits: bool) -> Answer:
        if path == "/":
            return _html(_front("The Beacon", self.shown(host, now)[:PER_PAGE], host, now))
        if found := _SECTION.match(path):
            shown, page = [story for story in self.shown(host, now) if story.section == found[1]], int(found[2] or 1)
            older = f'<a rel="next" href="/section/{found[1]}/{page + 1}">Older</a>' if len(shown) > page * PER_PAGE else ""
            return _html(_front(found[1].title(), shown[(page - 1) * PER_PAGE : page * PER_PAGE], host, now, older))
        found = _STORY.match(path)
        story = self.stories.get(int(found[1])) if found else None
        if found is None or story is None or story.published > now:
            return Answer(status=404, body=MISSING.encode())
        if how := story.absent(host, now):
            return _absence(how, host)
        text = story.text(now)
        if found[2] != text.slug:
            return Answer(status=301, location=f"{_origin(host)}{address(story, text)}")
        if credits:
            text = evolve(text, credit="Beacon Syndicate")
        fresh = self._new_layout[0] <= now < self._new_layout[1]
        touched = sum(1 for when in story.touches if when <= now)
        return _html(_story(story, text, touched=touched, heading="div" if fresh else "h1"))

    def _feed(self, host: str, now: datetime) -> bytes:
        items = "".join(
            f"<item><title>{escape(story.text(now).headline)}</title><link>{_origin(host)}{address(story, story.text(now))}</link>"
            f"<pubDate>{format_datetime(story.published, usegmt=True)}</pubDate></item>\n"
            for story in self.shown(host, now)[:FEED]
        )
        return f'<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel><title>The Beacon</title><link>{_origin(host)}/</link>{items}</channel></rss>'.encode()

    def _sitemap(self, host: str, now: datetime) -> bytes:
        entries = "".join(
            f"<url><loc>{_origin(host)}{address(story, story.text(now))}</loc><lastmod>{story.published:%Y-%m-%d}</lastmod></url>\n"
            for story in self.shown(host, now)[:60]
        )
        return f'<?xml version="1.0"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'.encode()


def address(story: Story, text: Text) -> str:
    """The path of a story."""
    return f"/{story.published:%Y/%m/%d}/{story.number}/{text.slug}"


def _origin(host: str) -> str:
    return f"https://{host}" if host == MIRRORS[2] else f"http://{host}"


def _absence(how: How, host: str) -> Answer:
    if how == "home":
        return Answer(status=302, location=f"{_origin(host)}/")
    return Answer(status=200 if how == "soft" else int(how), body=MISSING.encode())


def _html(text: str) -> Answer:
    return Answer(body=text.encode())


def _front(title: str, stories: Sequence[Story], host: str, now: datetime, more: str = "") -> str:
    rows = "".join(
        f'<div class="teaser"><h2><a href="{_origin(host)}{address(s, s.text(now))}">{escape(s.text(now).headline)}</a></h2></div>' for s in stories
    )
    return f'<html lang="en"><head><title>{title}</title></head><body><h1>{title}</h1>{rows}<p>{more}</p></body></html>'


def _story(story: Story, text: Text, *, touched: int, heading: str) -> str:
    link = f"http://{MIRRORS[0]}{address(story, text)}"
    body = "\n".join(f"<p>{escape(' '.join(lines))}</p>" for lines in text.paragraphs)
    figure = (
        f'<figure><img src="http://{PICTURES}/pictures/{text.picture}.png" alt="" width="640" height="400">'
        f"<figcaption>{escape(text.caption)}. Photo: {escape(text.credit)}</figcaption></figure>"
    )
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><meta name="build" content="{touched}"><title>{escape(text.headline)} | The Beacon</title>'
        f'<link rel="canonical" href="{link}"><meta property="og:type" content="article"><meta property="article:published_time" content="{story.published.isoformat()}"></head>\n'
        f'<body><div class="offer">Offer of the day: {touched} herrings for the price of one</div><article class="story" data-number="{story.number}">'
        f'<p class="crumbs"><a href="/">Home</a> / <a href="/section/{story.section}">{story.section.title()}</a></p>\n'
        f'<{heading} class="headline">{escape(text.headline)}</{heading}>\n<p class="dateline"><span class="byline">Ada Quill</span> '
        f'<time datetime="{story.published.isoformat()}">{story.published:%d %B %Y, %H:%M} GMT</time></p>\n{figure}\n'
        f'<div class="body">{" " * touched}\n{body}\n</div></article></body></html>\n'
    )


@lru_cache(maxsize=2000)
def _picture(path: str) -> bytes:
    # A picture of a size that counts as one, and unlike every other.
    return dot() + hashlib.sha256(path.encode()).digest() * 30

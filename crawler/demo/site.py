"""The Harbour Courier's answers to addresses, the same on each mirror."""

from __future__ import annotations

import hashlib
import re
from email.utils import format_datetime, formatdate
from functools import lru_cache
from html import escape

from attrs import evolve, frozen

from crawler.demo import images, look, pages
from crawler.demo.stories import LACKED, RETOUCHED, SECTIONS, WITHDRAWN, Picture, Story, retouched, stories

_STORY = re.compile(r"^/\d{4}/\d\d/\d\d/0*(\d+)(?:/[^/]*)?/?$")
_OLD_STORY = re.compile(r"^/story\.cgi\?id=0*(\d+)$")
_SECTION = re.compile(r"^/section/(\w+)(?:/(\d+))?/?$")
_WITHDRAWN_PATH = f"/2009/06/02/{WITHDRAWN}/hotel-plants-hedge"


@frozen(kw_only=True)
class Answer:
    """An answer before it is encoded for the wire."""

    status: int
    body: bytes
    mime: str = "text/html; charset=utf-8"
    location: str | None = None
    fields: tuple[tuple[str, str], ...] = ()
    """Further header fields."""

    @property
    def etag(self) -> str:
        """A validator that changes when the body does."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:16]}"'


class NewspaperSite:
    """One edition of the newspaper; pure but for a cache of pictures."""

    def __init__(self, edition: int = 1) -> None:
        self.stories = stories(edition)
        # Both printed lists keep the first slugs: a story is its number, and a crawler has to know that.
        self._listed = stories(1)
        self._pictures = {p.path: (p, s) for s in self.stories.values() for p in s.pictures}
        self._small = {p.small: p for p, _ in self._pictures.values()}

    @property
    def findable(self) -> list[str]:
        """Numbers of the stories that a full crawl can find, in both languages."""
        return list(self.stories)

    def answer(self, host: str, target: str) -> Answer:
        """Answer a GET for a path and query on one of the paper's hosts."""
        if host == pages.PICTURES:
            return self._picture(target)
        if host == pages.COUNTER:
            return Answer(status=200, body=images.dot(), mime="image/png")
        french = host == pages.FRENCH
        lists = {
            "/robots.txt": self._robots,
            "/feed.xml": self._feed,
            "/sitemap.xml": self._sitemap_index,
            "/sitemap-stories.xml": self._sitemap,
        }
        if target in lists:
            body = lists[target](french)
            return Answer(
                status=200, body=body.encode(), mime="text/plain" if target == "/robots.txt" else "application/xml; charset=utf-8"
            )
        found = self._front(target, french) or self._story(target, french, copy=host == pages.COPY)
        return found or Answer(status=404, body=pages.missing().encode())

    def _shown(self, french: bool) -> list[Story]:
        return [s for s in self.stories.values() if (s.language == "fr") == french]

    def _front(self, target: str, french: bool) -> Answer | None:
        if target == "/":
            return _html(pages.front(self._shown(french), title=pages.NAME, path="/", page=1))
        found = _SECTION.match(target)
        if not found or found[1] not in SECTIONS:
            return None
        shown = [s for s in self._shown(french) if s.section == found[1]]
        return _html(pages.front(shown, title=SECTIONS[found[1]], path=f"/section/{found[1]}", page=int(found[2] or 1)))

    def _story(self, target: str, french: bool, *, copy: bool) -> Answer | None:
        old = _OLD_STORY.match(target)
        found = old or _STORY.match(target)
        story = self.stories.get(found[1]) if found else None
        if story is None or (story.language == "fr") != french or (copy and story.number == LACKED):
            return None
        if copy and story.number == RETOUCHED:
            story = retouched(story)
        if old:
            return Answer(status=301, body=b"", location=story.path)
        return _html(pages.story_page(story, self.stories))

    def _picture(self, target: str) -> Answer:
        if file := look.files().get(target):
            return Answer(status=200, body=file[0], mime=file[1])
        if small := self._small.get(target):
            return Answer(status=200, body=_small_file(small.name), mime="image/png")
        if target == "/robots.txt" or target not in self._pictures:
            return Answer(status=404, body=b"no such picture\n", mime="text/plain")
        picture, story = self._pictures[target]
        return Answer(status=200, body=_picture_file(picture, story.author), mime="image/png" if target.endswith(".png") else "image/jpeg")

    def _robots(self, french: bool) -> str:
        return f"User-agent: *\nCrawl-delay: 0.05\nDisallow: /story.cgi?print=\n\nSitemap: http://{_host(french)}/sitemap.xml\n"

    def _feed(self, french: bool) -> str:
        shown = self._shown(french)[:10]
        items = "".join(
            f"<item><title>\n  {escape(s.headline)} </title><link>http://{_host(french)}{self._listed[s.number].path}</link>"
            f"<description>{escape(s.deck)}</description><pubDate>{format_datetime(s.published, usegmt=True)}</pubDate></item>\n"
            for s in (*shown, *shown[:1])
        )
        return (
            f'<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel><title>{pages.NAME}</title><link>http://{_host(french)}/</link>'
            f"<description>News of Port Merrow</description><language>{'fr' if french else 'en'}</language>"
            f"<lastBuildDate>{format_datetime(max(s.published for s in shown), usegmt=True)}</lastBuildDate>\n{items}</channel></rss>\n"
        )

    def _sitemap_index(self, french: bool) -> str:
        inside = f"<sitemap><loc>http://{_host(french)}/sitemap-stories.xml</loc></sitemap>"
        return f'<?xml version="1.0" encoding="utf-8"?>\n<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inside}</sitemapindex>\n'

    def _sitemap(self, french: bool) -> str:
        """Render the sitemap: all stories, one under its old address, one withdrawn."""
        urls = []
        for story in self._shown(french):
            path = f"/story.cgi?id={story.number}" if story.number == "1005" else self._listed[story.number].path
            news = (
                f"<news:news><news:publication><news:name>{pages.NAME}</news:name><news:language>{story.language}</news:language></news:publication>"
                f"<news:publication_date>{story.published.isoformat()}</news:publication_date><news:title>{escape(story.headline)}</news:title></news:news>"
            )
            changed = (story.modified or story.published).isoformat()
            urls.append(f"<url><loc>http://{_host(french)}{path}</loc><lastmod>{changed}</lastmod>{news}</url>\n")
        if not french:
            urls.append(f"<url><loc>http://{pages.WWW}{_WITHDRAWN_PATH}</loc></url>\n")
        return (
            '<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
            f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">\n{"".join(urls)}</urlset>\n'
        )


def wire_bytes(answer: Answer, *, keep_alive: bool, gzip_body: bytes | None, head_only: bool = False, unchanged: bool = False) -> bytes:
    """Encode a whole response message.

    Args:
        gzip_body: The body gzipped, to be sent chunked; None sends it as it is, with its length.
        unchanged: Send 304 in place of the body.
    """
    reasons = {200: "OK", 301: "Moved Permanently", 304: "Not Modified", 404: "Not Found"}
    if unchanged:
        answer = evolve(answer, status=304, body=b"")
    lines = [f"HTTP/1.1 {answer.status} {reasons[answer.status]}", f"Date: {formatdate(usegmt=True)}", "Server: Courier"]
    lines += [f"Location: {answer.location}"] if answer.location else []
    lines += [f"{name}: {value}" for name, value in answer.fields]
    if answer.status == 304:
        return _message(lines, keep_alive)
    lines.append(f"Content-Type: {answer.mime}")
    lines += [f"ETag: {answer.etag}"] if answer.status == 200 else []
    if gzip_body is None:
        return _message([*lines, f"Content-Length: {len(answer.body)}"], keep_alive) + (b"" if head_only else answer.body)
    lines += ["Content-Encoding: gzip", "Transfer-Encoding: chunked", "Vary: Accept-Encoding"]
    cut = max(1, len(gzip_body) // 2)
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (gzip_body[:cut], gzip_body[cut:]) if part)
    return _message(lines, keep_alive) + (b"" if head_only else chunks + b"0\r\n\r\n")


def _message(lines: list[str], keep_alive: bool) -> bytes:
    return "\r\n".join([*lines, f"Connection: {'keep-alive' if keep_alive else 'close'}", "", ""]).encode()


def _html(text: str) -> Answer:
    return Answer(status=200, body=text.encode())


def _host(french: bool) -> str:
    return pages.FRENCH if french else pages.WWW


@lru_cache(maxsize=64)
def _small_file(name: str) -> bytes:
    return images.small(name)


@lru_cache(maxsize=64)
def _picture_file(picture: Picture, author: str) -> bytes:
    """Make the picture file; its embedded credit need not be the printed one."""
    credit, notice = ("Courier picture desk", "© The Harbour Courier") if picture.credit else ("", "")
    return images.picture(picture.name, byline=author, credit=credit, caption=picture.caption, notice=notice)

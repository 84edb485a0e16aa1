"""Readers of fields by text order, for the templates of site files."""

from __future__ import annotations

import re

from attrs import evolve, frozen

from crawler.items import Block, Image, Link
from crawler.parsers.captions.captions import images
from crawler.parsers.captions.pairing import RENDITION
from crawler.parsers.dates.dates import Moment, moment, published_and_updated
from crawler.parsers.document.blocks import blocks
from crawler.parsers.document.page import Page
from crawler.parsers.document.segments import Segment, words
from crawler.parsers.document.selectors import Reader, reader
from crawler.parsers.document.structured_data import meta_values
from crawler.parsers.text_order.config import Order
from crawler.parsers.text_order.layout import outline
from crawler.urls import host_of, path_of

MAX_HOST_LINE = 40
"""Characters of a line without a host that still belongs to the list of hosts."""
_HOST = re.compile(r"(?<![\w.@-])(?:https?://)?((?:[a-z0-9-]+\.)+[a-z]{2,12})(?::\d+)?/?(?![\w@-])", re.IGNORECASE)


@frozen
class Ordered:
    """The readers of one order; `name` is what `read_by` shows."""

    order: Order
    name: str = "order"

    def headline(self) -> Reader[str]:
        """The printed headline, else the title in the head without the paper's name."""
        return reader(f"{self.name} headline", lambda page: outline(self.order, page).headline or None)

    def titles(self, *more: Reader[str]) -> Reader[tuple[str, ...]]:
        """The wordings of the head, and of further readers, other than the headline."""

        def others(page: Page) -> tuple[str, ...]:
            unique = {words(outline(self.order, page).headline): ""}
            for title in (self.order.title(page), *(found.value for one in more if (found := one(page)))):
                unique.setdefault(words(title), title)
            return tuple(title for title in unique.values() if title)

        return reader(" + ".join(("meta title", *(one.name for one in more))), others)

    def deck(self) -> Reader[str]:
        """The description in the head, with the marks of the body if it repeats it."""

        def text(page: Page) -> str | None:
            values = meta_values(page)
            deck = next((v for name in ("description", "og:description") for v in values.get(name, ())), None)
            if deck is None:
                return None
            printed = (p.line for p in outline(self.order, page).body if p.text and words(p.text) == words(deck))
            return next(printed, deck)

        return reader("meta description", text)

    def blocks(self) -> Reader[tuple[Block, ...]]:
        """The body."""

        def body(page: Page) -> tuple[Block, ...]:
            parts = outline(self.order, page)
            found = self._images(page)
            first = {image.key: n for n, image in enumerate(found)}
            places = {
                p.segment.picture: first[self.order.key_of(p.segment.picture)]
                for p in parts.pictures
                if p.segment.picture and self.order.key_of(p.segment.picture) in first
            }
            return blocks(parts.body, places, {n: link.text for n, link in parts.related.items()}, parts.container)

        return reader(self.name, body)

    def images(self) -> Reader[tuple[Image, ...]]:
        """The pictures, with the address of the head's picture if that is larger."""
        return reader(self.name, self._images)

    def _images(self, page: Page) -> tuple[Image, ...]:
        """The pictures of a page; read once."""
        key = (self.name, "images", self.order)
        if key not in page.memo:
            found = images(outline(self.order, page).pictures, self.order.key_of, trace=page.trace)
            page.memo[key] = self._with_shared(page, found)
        out: tuple[Image, ...] = page.memo[key]
        return out

    def _with_shared(self, page: Page, found: tuple[Image, ...]) -> tuple[Image, ...]:
        """Add the head's picture, or its address to the same picture in a smaller size."""
        shared = meta_values(page).get("og:image", [""])[0]
        shared = (page.join(shared) if shared else None) or ""
        if not shared or self.order.patterns["picture_noise"].search(shared):
            return found
        same = [n for n, image in enumerate(found) if image.key == self.order.key_of(shared)]
        if same:
            full = RENDITION.search(found[same[0]].url) and not RENDITION.search(shared)
            return tuple(evolve(image, url=shared) if full and n == same[0] else image for n, image in enumerate(found))
        return (Image(url=shared, key=self.order.key_of(shared)), *found)

    def authors(self) -> Reader[tuple[str, ...]]:
        """Reporters named in the byline."""
        return reader(f"{self.name} byline", lambda page: outline(self.order, page).authors)

    def published(self) -> Reader[Moment]:
        """The first printed date, with the time that an element tells."""

        def found(page: Page) -> Moment | None:
            parts = outline(self.order, page)
            moments = [m for line in parts.dates if (m := moment(published_and_updated(line)[0])) is not None]
            printed = next((m for m in moments if m.time is not None), moments[0] if moments else None)
            told = parts.stamps.published
            if printed is None or told is None:
                return printed or told
            # A machine's day may be the neighbour's of the printed one, whose zone is another.
            aware = told.time is not None and told.time.tzinfo is not None
            same = abs((told.day - printed.day).days) <= aware
            return told if same and told.time is not None and (printed.time is None or aware) else printed

        return reader(f"{self.name} date", found)

    def published_raw(self, *, whole: bool = False) -> Reader[str]:
        """The date as printed; `whole`: with the part that tells the update."""

        def line(page: Page) -> str | None:
            dates = [d for d in outline(self.order, page).dates if moment(d) is not None]
            return (dates[0] if whole else published_and_updated(dates[0])[0] or dates[0]) if dates else None

        return reader(f"{self.name} date", line)

    def modified(self) -> Reader[Moment]:
        """The printed time of the update, where it is another minute than that of publication."""

        def found(page: Page) -> Moment | None:
            for line in outline(self.order, page).dates:
                before, after = published_and_updated(line)
                value = moment(after) if after else None
                if value is not None and value != moment(before):
                    return value
            return outline(self.order, page).stamps.modified

        return reader(f"{self.name} date", found)

    def breadcrumb(self) -> Reader[tuple[Link, ...]]:
        """The breadcrumb as printed."""
        return reader(f"{self.name} trail", lambda page: outline(self.order, page).crumbs)

    def section(self) -> Reader[str]:
        """The last crumb."""
        return reader(f"{self.name} trail", lambda page: next((c.text for c in reversed(outline(self.order, page).crumbs)), None))

    def related(self) -> Reader[tuple[Link, ...]]:
        """The targets of the related boxes in the body."""
        return reader(self.name, lambda page: tuple({link.url: link for link in outline(self.order, page).related.values()}.values()))

    def alternates(self) -> Reader[tuple[str, ...]]:
        """The hosts printed behind the closing sentence, as text or as links."""

        def hosts(page: Page) -> tuple[str, ...]:
            lines = outline(self.order, page).closing
            out: list[str] = []
            for n, segment in enumerate(lines):
                found = self._printed_hosts(segment, first=not n)
                ends = self.order.patterns["ends"].search(segment.line) or (len(segment.text) > MAX_HOST_LINE and not found)
                if n and ends:
                    break
                out += found or _linked_hosts(page, segment, first=not n)
            return tuple(dict.fromkeys(out))

        return reader(f"{self.name} closing", hosts)

    def _printed_hosts(self, segment: Segment, *, first: bool) -> list[str]:
        """The hosts printed on a line, behind the closing sentence if that is on it."""
        line = self.order.patterns["closing"].sub(" ", segment.line) if first else segment.line
        return [host.lower() for host in _HOST.findall(line)]


def _linked_hosts(page: Page, segment: Segment, *, first: bool) -> list[str]:
    """The hosts that a line of links, or a linked picture, leads to."""
    linked = [page.join(segment.href) or ""] if segment.picture and segment.href and not first else []
    linked += [link.url for link in segment.links if segment.linked > 0.9 or first]
    # An address with a path leads to a page, not to the paper's other front.
    return [host for url in linked if not path_of(url).strip("/") and (host := host_of(url))]

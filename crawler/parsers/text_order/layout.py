"""Outline: the parts of one page found by an order; the headline first, then what ends the article, then what lies between."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml import etree

from crawler.items import Link
from crawler.parsers.credits.credits import split
from crawler.parsers.dates.dates import only_a_date
from crawler.parsers.document.breadcrumbs import breadcrumb
from crawler.parsers.document.page import Page
from crawler.parsers.document.segments import Piece, ancestry, flow, named, squeeze, words
from crawler.parsers.document.structured_data import meta_values
from crawler.parsers.images.caption_rules import pair
from crawler.parsers.images.pairing import Caption, Picture
from crawler.parsers.text_order.config import Order, Outline
from crawler.parsers.text_order.related import related_boxes

LONG = 60
"""Characters from which a text is more likely a paragraph than a label."""

_NAME = r"[^\W\d_a-zà-ÿ][\w.'’-]*"
_NAMES = re.compile(rf"^{_NAME}(?:\s+(?:{_NAME}|al|bin|de|van|von|el|and|&)){{1,4}}$")
_BY = re.compile(r"^(?:by|par|written by|reporting by|report by)\s*:?\s+(?P<name>.{3,60})$", re.IGNORECASE)
_BYLINE_CLASS = re.compile(r"(?:^|[\s_-])(?:author|byline|reporter|writer|auteur)s?(?:$|[\s_-])")


def outline(order: Order, page: Page) -> Outline:
    """The parts of a page; made once."""
    key = ("outline", order)
    if key not in page.memo:
        page.memo[key] = _Reading(order, page).outline()
    found: Outline = page.memo[key]
    return found


class _Reading:
    """One reading of one page; holds what the steps hand on."""

    def __init__(self, order: Order, page: Page) -> None:
        self.order, self.page, self.patterns = order, page, order.patterns
        self.pieces = flow(page)
        self.title = order.title(page)
        self.dropped: set[int] = set()
        self.authors: list[str] = []

    def outline(self) -> Outline:
        at, headline = self.headline()
        start = at + 1
        closing = self.closing(start)
        self.dropped |= self.furniture()
        crumbs, crumb_places = breadcrumb(self.pieces, at, self.patterns["furniture"]) if at >= 0 else ((), frozenset())
        self.dropped |= crumb_places
        dates = self.dates(at, closing)
        end = self.end(start, closing)
        container = self.container(start, end)
        held = [p for p in self.pieces[start:end] if self.within(p, container)]
        related, taken = related_boxes(self.order, self.page, held, container)
        self.dropped |= taken
        self.bylines(max(0, at - 3), at, end)
        region = [p for p in self.pieces[start:end] if p.n not in self.dropped or p.n in related]
        pictures = self.pictures(region, at, container)
        body = self.body(region, pictures, related, container, end, headline)
        return Outline(
            headline=headline, crumbs=crumbs, dates=dates, authors=tuple(self.authors), pictures=tuple(pictures), body=tuple(body),
            related=related, closing=self.pieces[closing : closing + 14] if closing < len(self.pieces) else (), container=container,
        )  # fmt: skip

    # -- headline

    def headline(self) -> tuple[int, str]:
        """Place and text of the headline; place -1 where it is not printed."""
        for selector in self.order.headline:
            for node in self.page.css(selector):
                if (n := self.place_of(node.root)) is not None:
                    return n, squeeze("".join(node.root.itertext()))
        wanted = words(self.title)
        tops = [p for p in self.pieces if p.text and p.inside("h1") is not None and p.linked < 0.9 and len(p.text) > 3]
        if wanted:
            same = [p for p in (*tops, *self.pieces) if p.text and words(p.text) == wanted and p.linked < 0.5]
            if same:
                return same[0].n, same[0].line
        best = max(tops, key=lambda p: _likeness(p.line, self.title), default=None)
        if best is not None:
            return best.n, best.line
        seconds = [
            p for p in self.pieces if p.text and p.inside("h2") is not None and p.linked < 0.5 and _likeness(p.line, self.title) > 0.3
        ]
        if seconds:
            return seconds[0].n, seconds[0].line
        first_date = next((p.n for p in self.pieces if p.text and only_a_date(p.text)), 0)
        return first_date - 1, self.title

    def place_of(self, element: etree._Element) -> int | None:
        return next((p.n for p in self.pieces if p.text and element in ancestry(p.element)), None)

    # -- ends

    def closing(self, start: int) -> int:
        """Place of the line that surely ends the article, or the number of pieces."""
        return next((p.n for p in self.pieces[start:] if p.text and self.patterns["closing"].search(p.line)), len(self.pieces))

    def end(self, start: int, closing: int) -> int:
        """Where the article ends: with its known container, at the closing line, or at share words that most of the text lies before."""
        texts = [p for p in self.pieces[start:closing] if self.is_prose(p)]
        total = sum(len(p.text) for p in texts)
        for piece in self.pieces[start:closing]:
            if piece.text and len(piece.text) < 120 and self.patterns["ends"].search(piece.line):
                before = sum(len(p.text) for p in texts if p.n < piece.n)
                if before * 2 > total or not total:
                    return piece.n
        known = self.known_container(start, closing)
        last = max((p.n for p in self.pieces[start:closing] if known is not None and self.within(p, known)), default=None)
        return closing if last is None else last + 1

    def is_prose(self, piece: Piece) -> bool:
        return len(piece.text) >= LONG and piece.linked < 0.5 and piece.n not in self.dropped

    def container(self, start: int, end: int) -> etree._Element | None:
        """The element that holds the body: the known one, else the deepest that holds nearly all of the prose."""
        if (known := self.known_container(start, end)) is not None:
            return known
        mass: dict[etree._Element, int] = {}
        total = 0
        for piece in self.pieces[start:end]:
            if self.is_prose(piece):
                total += len(piece.text)
                for element in ancestry(piece.element):
                    mass[element] = mass.get(element, 0) + len(piece.text)
        full = [element for element, size in mass.items() if size >= 0.8 * total]
        return max(full, key=lambda e: sum(1 for _ in e.iterancestors()), default=None)

    def known_container(self, start: int, end: int) -> etree._Element | None:
        """The body's container, where the layout's own selectors find it: of several that hold text the fullest."""
        for selector in self.order.body:
            sizes: dict[etree._Element, int] = {node.root: 0 for node in self.page.css(selector)}
            for piece in self.pieces[start:end] if sizes else ():
                for element in ancestry(piece.element):
                    if element in sizes:
                        sizes[element] += len(piece.text)
            if any(sizes.values()):
                return max(sizes, key=lambda element: sizes[element])
        return None

    def furniture(self) -> set[int]:
        """Places of what lies in boxes that are no part of the article."""
        boxes = {node.root for node in self.page.xpath(self.order.furniture_boxes)} if self.order.furniture_boxes else set()
        return {p.n for p in self.pieces if boxes and not boxes.isdisjoint(ancestry(p.element))}

    # -- lines around the body

    def dates(self, at: int, closing: int) -> tuple[str, ...]:
        """Printed date lines: the known ones, else those nearest to the headline, below before above."""
        known = [squeeze("".join(node.root.itertext())) for selector in self.order.dates for node in self.page.css(selector)]
        lines = [d for d in known if d and re.search(r"\d{4}", d)]
        # A date line stands near its headline; further down it is another story's.
        for n in (*range(at + 1, min(at + 14, closing)), *range(at - 1, max(-1, at - 6), -1)):
            piece = self.pieces[n]
            if piece.text and len(piece.text) <= 160 and only_a_date(piece.text):
                self.dropped.add(n)
                lines.append(piece.line)
        return tuple(dict.fromkeys(lines))

    def bylines(self, start: int, at: int, end: int) -> None:
        """Reporters' names, from lines that say so; the lines are taken out of the text."""
        for piece in self.pieces[start:end]:
            if not piece.text or piece.n == at or len(piece.text) > 120 or piece.n in self.dropped:
                continue
            lines = piece.text.split("\n")
            if any(self.patterns["place"].search(line) for line in lines):
                self.dropped.add(piece.n)
                self.named_by_place(piece, lines)
            elif len(lines) == 1 and (found := _BY.match(piece.line)) and _NAMES.match(found["name"].split(",")[0].strip()):
                self.take(found["name"].split(",")[0].strip(), piece)
            elif len(piece.text) <= 60 and _BYLINE_CLASS.search(named(piece.element)) and _NAMES.match(piece.line):
                self.take(piece.line, piece)

    def named_by_place(self, piece: Piece, lines: Sequence[str]) -> None:
        for line in lines:
            rest = self.patterns["place"].sub("", line).strip(" ,|–—-")
            rest = _BY.sub(lambda m: m["name"], rest)
            if rest and _NAMES.match(rest):
                self.take(rest, piece)
                return
        for n in (piece.n - 1, piece.n + 1):
            if 0 <= n < len(self.pieces):
                near = self.pieces[n]
                line = _BY.sub(lambda m: m["name"], near.line)
                if near.text and len(line) <= 60 and _NAMES.match(line):
                    self.take(line, near)
                    return

    def take(self, name: str, piece: Piece) -> None:
        self.dropped.add(piece.n)
        if name not in self.authors and not self.patterns["paper"].match(name):
            self.authors.append(name)

    # -- pictures and body

    def pictures(self, region: Sequence[Piece], at: int, container: etree._Element | None) -> list[Picture]:
        above = self.pieces[max(0, at - 6) : max(0, at)]
        first = next((p.n for p in above if p.picture and self.is_lead(p)), at)
        lead = [p for p in above if p.n >= first]
        wanted = [p for p in (*lead, *region) if p.n not in self.dropped and (not p.picture or self.editorial(p))]
        limit = {container} if container is not None else set()
        found = pair(wanted, limit=limit, is_text=self.may_caption)
        found = [*self.unseen_lead(wanted, found, container), *found]
        captioned = {p.n for picture in found for p in picture.caption.pieces}
        if any(self.is_text(p) and p.n not in captioned for p in region if p.text and self.within(p, container)):
            return found
        # A caption known by its place alone must not eat the only paragraph.
        return [picture if picture.caption.sure else Picture(piece=picture.piece) for picture in found]

    def unseen_lead(self, wanted: Sequence[Piece], found: Sequence[Picture], container: etree._Element | None) -> list[Picture]:
        """The head's picture where no element shows it (a background), with the caption that stands before the first paragraph."""
        shared = next(iter(meta_values(self.page).get("og:image", ())), "")
        url = (self.page.join(shared) if shared else None) or ""
        if (
            not url
            or self.patterns["picture_noise"].search(url)
            or any(self.order.key_of(p.piece.picture or "") == self.order.key_of(url) for p in found)
        ):
            return []
        first = next((p for p in wanted if p.text and self.may_caption(p) and len(p.text) > 12), None)
        captions = {p.n for picture in found for p in picture.caption.pieces}
        if first is None or first.n in captions or len(first.text) > 400:
            return []
        told = split(first.text)
        apart = (
            bool(self.order.body)
            and container is not None
            and not self.within(first, container)
            and container is self.known_container(0, len(self.pieces))
        )
        if not apart and (told.credit is None or told.shape not in ("paren-sure", "sign")):
            return []
        piece = Piece(n=first.n, element=first.element, picture=url)
        return [Picture(piece=piece, caption=Caption(pieces=(first,), sure=True))]

    def is_lead(self, piece: Piece) -> bool:
        shared = meta_values(self.page).get("og:image", [""])[0]
        return bool(shared) and self.order.key_of(piece.picture or "") == self.order.key_of(shared)

    def editorial(self, piece: Piece) -> bool:
        size = [piece.element.get(name) or "" for name in ("width", "height")]
        return not self.patterns["picture_noise"].search(piece.picture or "") and not any(s.isdigit() and int(s) < 50 for s in size)

    def may_caption(self, piece: Piece) -> bool:
        return piece.n not in self.dropped and not self.patterns["furniture"].search(piece.line)

    def is_text(self, piece: Piece) -> bool:
        return bool(piece.text) and self.may_caption(piece) and not self.patterns["ends"].search(piece.line)

    @staticmethod
    def within(piece: Piece, container: etree._Element | None) -> bool:
        return container is None or container in ancestry(piece.element)

    def body(
        self,
        region: Sequence[Piece],
        pictures: Sequence[Picture],
        related: dict[int, Link],
        container: etree._Element | None,
        end: int,
        headline: str,
    ) -> list[Piece]:
        captions = {p.n for picture in pictures for p in picture.caption.pieces}
        said = {words(p.text) for picture in pictures for p in picture.caption.pieces}
        shown = {picture.piece.n for picture in pictures}
        unseen = {p.piece.n: p.piece for p in pictures if p.caption.pieces and p.caption.pieces[0].n == p.piece.n}
        out: list[Piece] = [picture.piece for picture in pictures if picture.piece.n < (region[0].n if region else 0)]
        started = False
        for piece in region:
            if piece.picture or piece.n in unseen:
                out += [unseen.get(piece.n, piece)] if piece.n in shown else []
            elif piece.n in related:
                out.append(piece)
            elif piece.n not in captions and self.is_text(piece) and self.belongs(piece, container, end):
                # Before the first paragraph the caption or the headline may be printed a second time.
                if not started and words(piece.text) in (said | {words(headline)}):
                    continue
                started = started or len(piece.text) >= LONG
                out.append(piece)
        return out

    def belongs(self, piece: Piece, container: etree._Element | None, end: int) -> bool:
        if self.within(piece, container):
            return True
        # Only a stray paragraph of an article whose end is known belongs to it from outside the container.
        return not self.order.body and end < len(self.pieces) and len(piece.text) >= 2 * LONG and piece.linked < 0.3


def _likeness(text: str, title: str) -> float:
    """Share of words two lines have in common."""
    a, b = set(re.findall(r"\w+", text.casefold())), set(re.findall(r"\w+", title.casefold()))
    return len(a & b) / len(a | b) if a and b else 0.0

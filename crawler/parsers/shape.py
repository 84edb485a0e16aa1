"""How the text of a page is shared out among links to other pages."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import SplitResult, parse_qsl, urlsplit

from attrs import define, field, frozen
from lxml import etree

from crawler.items import Article
from crawler.parsers.dates import moment, only_a_date
from crawler.parsers.flow import Piece, ancestry, flow, words
from crawler.parsers.page import Page
from crawler.parsers.within import Within
from crawler.urls import host_of, join, registrable_domain

MAX_HEADS = 400
"""Links looked at as headlines of other pages: more tell nothing new."""
MIN_HEAD = 15
"""Letters of a link that can be another page's headline; shorter ones are those of menus."""
MIN_HEADING = 6
"""The same inside a heading."""
MAX_REST = 30
"""Letters beside such a link that can be its time, section or author."""
MIN_PROSE = 60
"""Letters of a line that can be prose."""
MAX_LINKED = 0.4
WHOLLY = 0.9
NEAR = 12
"""Pieces behind the headline among which its date is looked for."""
SHORT_TEXT = 300
"""Letters below which a text belongs to a headline only if it stands directly under it."""
MANY_BETWEEN = 6
"""Headlines of other pages between the page's own and a text that make it doubtful that the two belong together."""
LONG_STORY = 1_000
"""The same among other cards, where it is more than half of them all and its link is no heading."""
FAR = 1_000
"""Stands for as many where the page's own headline has not come yet."""
WHOLE_STORY = 400
"""Letters of the only card of a page from which on it is no teaser, but the page's own story."""

_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "dt"))
_APART = frozenset(("nav", "aside", "footer", "form", "dialog"))


@frozen(kw_only=True)
class Shape:
    """How the text of a page is shared out among the pages it links to. Sizes in letters."""

    heads: int
    """Links that can be headlines of other pages, each address once."""
    cards: int
    """Boxes of such links that have prose of their own: teasers, or whole articles."""
    teased: int
    """Prose of all cards."""
    text: int
    """The longest run of prose that belongs to no card; under the page's own headline, where it has one."""
    whole: int
    """All prose that belongs to no card."""
    headed: bool
    """Whether a headline of the page's own is printed, one that leads to no other page."""
    dated: bool
    """Whether a date stands beside that headline."""
    headline: int
    """Letters of that headline."""
    linked: int
    """Letters that are links."""
    unlinked: int
    """Letters that are none."""


def shape_of(page: Page, article: Article) -> Shape:
    """The shape of a page."""
    pieces = [piece for piece in flow(page) if piece.text]
    here = urlsplit(page.url)
    return _Shaper(page=page, here=here, origin=f"{here.scheme}://{here.netloc}").shape(pieces, words(article.headline or ""))


@define(kw_only=True)
class _Shaper:
    """One look at a page."""

    page: Page
    here: SplitResult
    origin: str
    heads: dict[int, str] = field(factory=dict)
    """Place of each piece that can be another page's headline, and that page's address."""
    holds: dict[etree._Element, set[str]] = field(factory=dict)
    """The addresses of heads that each box holds."""
    known: dict[etree._Element, etree._Element | None] = field(factory=dict)
    """The card of each element asked for."""
    own: set[etree._Element] = field(factory=set)
    """The boxes that hold the page's own headline: what lies in them is no card."""

    def shape(self, pieces: Sequence[Piece], headline: str) -> Shape:
        apart = Within(lambda element: element.tag in _APART)
        inside = [piece for piece in pieces if not apart(piece.element)]
        self.find_heads(inside)
        at = self.headline_at(inside, headline)
        if at is not None:
            self.own = set(ancestry(inside[at].element))
            self.known = {}
        cards, runs = self.shared_out(inside, inside[at].n if at is not None else None)
        own = self.own_card(inside, cards)
        told = cards.pop(own) if own is not None else 0
        sizes = [size for size in cards.values() if size >= MIN_PROSE]
        whole, text = sum(size for size, _ in runs), max(_believed(size, passed) for size, passed in runs)
        whole, text, teased = whole + told, max(text, told), sum(sizes)
        if len(sizes) == 1 and teased > max(text, WHOLE_STORY):
            text, teased = teased, 0  # a story whose headline links to it under another address
        letters, linked = sum(piece.size for piece in inside), int(sum(piece.size * piece.linked for piece in inside))
        return Shape(
            heads=len(set(self.heads.values())), cards=len(sizes), teased=teased, text=text, whole=whole, headed=at is not None,
            dated=at is not None and self.dated(inside, at), headline=inside[at].size if at is not None else 0, linked=linked,
            unlinked=letters - linked,
        )  # fmt: skip

    def own_card(self, pieces: Sequence[Piece], cards: dict[etree._Element, int]) -> etree._Element | None:
        """The card that is no other page's but this page's text: by far the largest, and under a link that is no heading (a byline)."""
        largest = max(cards, key=lambda card: cards[card], default=None)
        if largest is None or cards[largest] < max(LONG_STORY, sum(cards.values()) // 2):
            return None
        first = next((piece for piece in pieces if piece.n in self.heads and self.card(piece.element) is largest), None)
        return largest if first is not None and first.inside(*_HEADINGS) is None else None

    def shared_out(self, pieces: Sequence[Piece], headline: int | None) -> tuple[dict[etree._Element, int], list[tuple[int, int]]]:
        """Prose by card; and the runs of prose between cards, each with how many heads stand between the page's headline and it."""
        owners = {piece.n: self.card(piece.element) for piece in pieces if _is_prose(piece)}
        first_head: dict[etree._Element, int] = {}
        for piece in pieces:
            if piece.n in self.heads and (card := self.card(piece.element)) is not None:
                first_head.setdefault(card, piece.n)
        # Prose before the link: the box is a text with a link in it.
        texts = {card for n, card in owners.items() if card is not None and n < first_head.get(card, n)}
        flat = self.flat_heads(pieces, owners)
        cards: dict[etree._Element, int] = {}
        runs: list[tuple[int, int]] = []
        run, begun, passed = 0, FAR, 0 if headline is None else FAR
        current: etree._Element | None = None
        for piece in pieces:
            if piece.n == headline:
                runs.append((run, begun))
                run, passed = 0, 0
            if piece.n in self.heads:
                passed += 1
                current = flat.get(piece.n)
                if piece.linked < WHOLLY and (card := self.card(piece.element)) is not None:
                    cards[card] = cards.get(card, 0) + int(piece.size * (1 - piece.linked))
            elif piece.n in owners:
                card = None if owners[piece.n] in texts else owners[piece.n]
                if card is None and current is not None and piece.element.getparent() is current.getparent():
                    card = current
                if card is None:
                    begun = begun if run else passed
                    run += piece.size
                else:
                    cards[card] = cards.get(card, 0) + piece.size
                    runs.append((run, begun))
                    run = 0
        return cards, [*runs, (run, begun)]

    def flat_heads(self, pieces: Sequence[Piece], owners: dict[int, etree._Element | None]) -> dict[int, etree._Element]:
        """Headings whose texts follow as their siblings, without a box around both: a list, unless they only interrupt a text."""
        found: dict[etree._Element, list[tuple[int, etree._Element]]] = {}
        before: dict[etree._Element, int] = {}
        behind: dict[etree._Element, int] = {}
        for piece in pieces:
            if piece.n in self.heads:
                top = self.card(piece.element)
                if top is not None and (piece.tag in _HEADINGS or top.tag in _HEADINGS) and (parent := top.getparent()) is not None:
                    found.setdefault(parent, []).append((piece.n, top))
            elif piece.n in owners and owners[piece.n] is None and (parent := piece.element.getparent()) is not None:
                counts = behind if parent in found else before
                counts[parent] = counts.get(parent, 0) + 1
        return {
            n: top
            for parent, heads in found.items()
            if len(heads) >= 2 and (not before.get(parent) or (len(heads) >= 4 and behind.get(parent, 0) <= 1.25 * len(heads)))
            for n, top in heads
        }  # fmt: skip

    # -- headlines of other pages

    def find_heads(self, pieces: Sequence[Piece]) -> None:
        for piece in pieces:
            if piece.anchors and (url := self.head(piece)):
                self.heads[piece.n] = url
                for box in ancestry(piece.element):
                    if box.tag in ("body", "html"):
                        break
                    self.holds.setdefault(box, set()).add(url)
                if len(self.heads) >= MAX_HEADS:
                    break

    def head(self, piece: Piece) -> str | None:
        """The address of another page whose headline a piece can be."""
        href, text = piece.anchors[0]
        if href.lower().startswith(("javascript:", "mailto:", "tel:", "#")):
            return None
        if len({href for href, _ in piece.anchors}) > 1:
            return None
        rest = len(piece.text) - len(text)
        if piece.linked >= WHOLLY:
            size = piece.size
        elif (piece.linked >= 0.5 and rest <= MAX_REST) or (
            piece.text.startswith(text) and piece.text[len(text) :].lstrip(" ").startswith("\n")
        ):
            size = int(piece.size * piece.linked)
        else:
            return None
        if size < (MIN_HEADING if piece.inside(*_HEADINGS) is not None else MIN_HEAD):
            return None
        url = join(self.page.url, href) if self.page.url else href
        return url.partition("#")[0] if url and not self.is_own(url) else None

    def is_own(self, url: str) -> bool:
        """Whether an address is this page's own (a part of it, another view of it), or another site's."""
        if not self.here.hostname:
            return False
        if url.startswith(self.origin) and not url.startswith(self.origin + self.here.path.rstrip("/")):
            return False
        there = urlsplit(url)
        if there.hostname != self.here.hostname and registrable_domain(host_of(url)) != registrable_domain(host_of(self.page.url)):
            return True
        if there.path.rstrip("/") != self.here.path.rstrip("/"):
            return False
        if self.here.path in ("", "/") or "/index." in self.here.path:
            return not there.query
        return set(parse_qsl(self.here.query)) <= set(parse_qsl(there.query))

    def card(self, element: etree._Element) -> etree._Element | None:
        """The largest box around an element that holds one head only, and not the page's own headline."""
        if element in self.known:
            return self.known[element]
        best: etree._Element | None = None
        for box in ancestry(element):
            held = self.holds.get(box)
            if box in self.own or (held is not None and len(held) > 1):
                break
            if held:
                best = box
        self.known[element] = best
        return best

    # -- the page's own headline

    def headline_at(self, pieces: Sequence[Piece], headline: str) -> int | None:
        """The place among the pieces of the page's own headline: a heading, or a line that is it, and that leads to no other page."""
        if not headline:
            return None
        line: int | None = None
        for n, piece in enumerate(pieces):
            key = piece.key
            same = key == headline or ((headline in key or key in headline) and 0.6 < len(key) / len(headline) < 1.6)
            if piece.n in self.heads or not same:
                continue
            if piece.inside("h1", "h2", "h3") is not None:
                return n
            line = n if line is None else line
        return line

    def dated(self, pieces: Sequence[Piece], at: int) -> bool:
        """Whether a date stands near the headline that belongs to no other page."""
        for n in (*range(at + 1, min(len(pieces), at + NEAR)), at - 1, at - 2):
            if not 0 <= n < len(pieces):
                continue
            piece = pieces[n]
            if n > at and piece.n in self.heads:
                return False
            if len(piece.text) < 80 and (only_a_date(piece.text) or moment(piece.text)) and self.card(piece.element) is None:
                return True
        return False


def _believed(size: int, passed: int) -> int:
    """What a run of prose counts for, by how many heads stand between the page's headline and it."""
    if not passed:
        return size
    return size if passed < MANY_BETWEEN and size >= SHORT_TEXT else size // 2 if size >= SHORT_TEXT else 0


def _is_prose(piece: Piece) -> bool:
    return piece.size >= MIN_PROSE and piece.linked < MAX_LINKED

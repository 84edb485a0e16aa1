"""Shares of a page's text in links to other pages and in prose."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from attrs import define, field, frozen
from lxml import etree

from crawler.items import Article
from crawler.parsers.classify.headline_links import HEADINGS, MAX_HEADS, MIN_HEAD, MIN_PROSE, MIN_ROWS, Head, HeadFinder, is_prose, lines_of
from crawler.parsers.classify.text_shares import FAR, MANY_BETWEEN, NESTED, Box, Shares
from crawler.parsers.dates.dates import moment
from crawler.parsers.document.ancestors import Within
from crawler.parsers.document.flow import flow
from crawler.parsers.document.page import Page
from crawler.parsers.document.segments import Segment, ancestry, letters, words

NEAR = 12
"""Pieces behind the headline among which its date is looked for."""
SHORT_HEADLINE = 18
"""Letters below which a headline is rather a section's name."""
MAX_DATES = 4
"""Dates there that can be one page's own: published, changed, printed."""
LONG_STORY = 1_000
"""The same among other cards, if it is more than half of them all and its link is no heading."""
WHOLE_STORY = 400
"""Letters of the only card of a page from which on it is no teaser, but the page's own story."""
_DIGIT = re.compile(r"\d")
_APART = frozenset(("nav", "aside", "footer", "form", "dialog"))


@frozen(kw_only=True)
class Shape:
    """Sizes of the texts and links of a page, in letters."""

    heads: int
    """Links that can be headlines of other pages, each address once."""
    cards: int
    """Boxes of such links that have prose of their own: teasers, or whole articles."""
    teased: int
    """Prose of all cards."""
    text: int
    """The longest run of prose that belongs to no card; under the page's own headline, if it has one."""
    whole: int
    """All prose that belongs to no card."""
    paragraphs: int
    """Of `text`."""
    near: int
    """The longest run of such prose near the page's own headline, or its beginning, with hardly a head between them."""
    headed: bool
    """Whether a headline of the page's own is printed, one that leads to no other page."""
    dated: bool
    """Whether a date stands beside that headline."""
    headline: int
    """Letters of that headline."""
    linked: int
    """Letters that are links."""
    unlinked: int
    """Letters outside links."""


def shape_of(page: Page, article: Article, *, shortest: int = MIN_HEAD) -> Shape:
    """The shape of a page.

    Args:
        shortest: Letters from which on a link can be another page's headline.
    """
    apart = Within(lambda element: element.tag in _APART)
    finder = HeadFinder(page=page, shortest=shortest)
    shown = (segment for segment in flow(page) if segment.text or finder.is_linked_picture(segment))
    inside = list(lines_of(segment for segment in shown if not apart(segment.element)))
    return _Shaper(segments=inside, finder=finder).shape(words(article.headline or ""))


@define(kw_only=True)
class _Shaper:
    """Measurement of one page."""

    segments: Sequence[Segment]
    finder: HeadFinder
    heads: dict[int, Head] = field(factory=dict)
    """Possible headlines of other pages, by place among the segments."""
    holds: dict[etree._Element, str | None] = field(factory=dict)
    """The address of the head that each box holds; None: several."""
    known: dict[etree._Element, Box | None] = field(factory=dict)
    """The card of each element asked for."""
    own: set[etree._Element] = field(factory=set)
    """The boxes around the page's own headline: no cards."""

    def shape(self, headline: str) -> Shape:
        segments = self.segments
        self.find_heads()
        at = self.headline_at(headline)
        if at is not None:
            self.own = set(ancestry(segments[at].element))
        shares = self.shared_out(at)
        cards, runs = shares.cards, shares.runs
        own = self.own_card(cards)
        told = cards.pop(own) if own is not None else 0
        sizes = [size for size in cards.values() if size >= MIN_PROSE]
        most = max(runs, key=lambda run: run.believed)
        whole, text, teased = sum(run.size for run in runs) + told, max(most.believed, told), sum(sizes)
        if len(sizes) == 1 and teased > max(text, WHOLE_STORY):
            text, teased = teased, 0  # a story whose headline links to it under another address
        told_letters, linked = sum(segment.size for segment in segments), int(sum(segment.size * segment.linked for segment in segments))
        return Shape(
            heads=len({head.url for head in self.heads.values()}), cards=len(sizes), teased=teased, text=text, whole=whole,
            paragraphs=most.paragraphs, near=max((run.believed for run in runs if run.passed < MANY_BETWEEN), default=0),
            headed=at is not None,
            dated=at is not None and self.dated(at), headline=self.headline_size(at) if at is not None else 0, linked=linked,
            unlinked=told_letters - linked,
        )  # fmt: skip

    def own_card(self, cards: dict[Box, int]) -> Box | None:
        """The card that is this page's text, or None.

        By far the largest, and under a link that is no heading (a byline).
        """
        largest = max(cards, key=lambda card: cards[card], default=None)
        if largest is None or cards[largest] < max(LONG_STORY, sum(cards.values()) // 2):
            return None
        first = next((self.segments[at] for at in sorted(self.heads) if self.card(self.segments[at].element) is largest), None)
        return largest if first is not None and first.inside(*HEADINGS) is None else None

    def shared_out(self, headline: int | None) -> Shares:
        """Share out the prose between cards and the runs between them."""
        owners = {at: self.card(segment.element) for at, segment in enumerate(self.segments) if is_prose(segment)}
        texts = self.texts(owners)
        flat = self.flat_heads(owners, headline)
        last = max(self.heads) if len(self.heads) >= MAX_HEADS else len(self.segments)
        shares = Shares(passed=0 if headline is None else FAR)
        for at, segment in enumerate(self.segments[: last + 1]):
            if at == headline:
                shares.begin()
            if head := self.heads.get(at):
                shares.add_head(head, self.card(segment.element), flat.get(at))
            elif at in owners:
                shares.add_prose(segment, None if owners[at] in texts else owners[at])
        return shares

    def texts(self, owners: dict[int, Box | None]) -> set[Box]:
        """Cards with prose before their link: texts with a link in them."""
        first_head: dict[Box, int] = {}
        for at in sorted(self.heads):
            if (card := self.card(self.segments[at].element)) is not None:
                first_head.setdefault(card, at)
        return {card for at, card in owners.items() if card is not None and at < first_head.get(card, at)} - self.titled()

    def titled(self) -> set[Box]:
        """Cards between a heading and a short link (`read more`), if those count."""
        if self.finder.shortest >= MIN_HEAD:
            return set()
        found = {card for segment in self.segments if segment.tag in HEADINGS and (card := self.card(segment.element)) is not None}
        return found if len(found) >= MIN_ROWS else set()

    def flat_heads(self, owners: dict[int, Box | None], headline: int | None) -> dict[int, Box]:
        """Headings whose texts follow as siblings, without a box around both, by their place.

        They are a list, unless they only interrupt a text. Lines of one element that are links are such headings, too. What stands
        before the page's own headline does not count.
        """
        found: dict[etree._Element, list[tuple[int, Box]]] = {}
        before: dict[etree._Element, int] = {}
        behind: dict[etree._Element, int] = {}
        for at in range(0 if headline is None else headline + 1, len(self.segments)):
            segment = self.segments[at]
            if at in self.heads:
                if (flat := self.flat_head(at)) is not None:
                    found.setdefault(flat[0], []).append((at, flat[1]))
            elif at in owners and owners[at] is None:
                for box in (segment.element, *islice(segment.element.iterancestors(), NESTED)):
                    counts = behind if box in found else before
                    counts[box] = counts.get(box, 0) + 1
        return {
            n: top
            for parent, heads in found.items()
            if _is_flat_list(len(heads), before.get(parent, 0), behind.get(parent, 0))
            for n, top in heads
        }  # fmt: skip

    def flat_head(self, at: int) -> tuple[etree._Element, Box] | None:
        """The box that a head shares with its siblings, and its card; or None."""
        segment = self.segments[at]
        top = self.card(segment.element)
        if top is None:
            return segment.element, (segment.element, at)
        if isinstance(top, etree._Element) and (parent := top.getparent()) is not None and HEADINGS & {segment.tag, top.tag}:
            return parent, top
        return None

    # -- headlines of other pages

    def find_heads(self) -> None:
        self.heads = self.finder.find(self.segments)
        for at, head in self.heads.items():
            for box in ancestry(self.segments[at].element):
                if box.tag in ("body", "html"):
                    break
                held = self.holds.setdefault(box, head.url)
                if held is None:
                    break  # and so does all that holds this box
                if held != head.url:
                    self.holds[box] = _longer(held, head.url)

    def card(self, element: etree._Element) -> Box | None:
        """The largest box around an element with one head, without the page's own headline."""
        if element in self.known:
            return self.known[element]
        best: Box | None = None
        for box in ancestry(element):
            held = self.holds.get(box, "")
            if box in self.own or held is None:
                break
            if held:
                best = box
        self.known[element] = best
        return best

    # -- the page's own headline

    def headline_at(self, headline: str) -> int | None:
        """Find the page's own headline among the segments: a heading or a line."""
        if not headline:
            return None
        line: int | None = None
        for n, segment in enumerate(self.segments):
            if n in self.heads:
                continue
            key = segment.key
            if "\n" in segment.text and key.startswith(headline):
                key = words(segment.text.partition("\n")[0])
            if key != headline and not ((headline in key or key in headline) and 0.6 < len(key) / len(headline) < 1.6):
                continue
            if segment.inside("h1", "h2", "h3") is not None:
                return n
            line = n if line is None else line
        return line

    def headline_size(self, at: int) -> int:
        """Letters of the headline's line."""
        segment = self.segments[at]
        return letters(segment.text.partition("\n")[0]) if "\n" in segment.text else segment.size

    def dated(self, at: int) -> bool:
        """Test for a date near the headline that belongs to no other page."""
        segments = self.segments
        if "\n" in segments[at].text and any(_is_date(line) for line in segments[at].text.split("\n")):
            return True
        behind = range(at + 1, min(len(segments), at + NEAR))
        # A heading under a section's name has a date of its own.
        section = self.headline_size(at) < SHORT_HEADLINE
        stop = next((n for n in behind if n in self.heads or (section and segments[n].tag in HEADINGS)), behind.stop)
        dates = [n for n in (*behind[: stop - at - 1], at - 1, at - 2) if n >= 0 and _is_date(segments[n].text)]
        # Many in a row are those of other pages.
        return len(dates) <= MAX_DATES and any(self.card(segments[n].element) is None for n in dates)


def _is_date(line: str) -> bool:
    return len(line) < 80 and _DIGIT.search(line) is not None and moment(line) is not None


def _longer(url: str, other: str) -> str | None:
    """The longer of two addresses of one page; None: two pages.

    One of them is a part of the other's page: its comments, its pictures.
    """
    short, long = sorted((url.rstrip("/"), other.rstrip("/")), key=len)
    return long if long == short or long.startswith(short + "/") else None


def _is_flat_list(heads: int, before: int, behind: int) -> bool:
    """Test for a list of headings, by the prose before and behind the first."""
    return heads >= 2 and (not before or (heads >= 4 and behind <= 1.25 * heads))

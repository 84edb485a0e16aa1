"""Find the headline of a known layout, else by the rules for any page."""

from __future__ import annotations

from functools import partial
from operator import is_

from attrs import frozen

from crawler.parsers.dates.dates import only_a_date
from crawler.parsers.document.ancestors import Within
from crawler.parsers.document.display import line_of
from crawler.parsers.document.flow import flow
from crawler.parsers.document.page import Page
from crawler.parsers.document.queries import by_css
from crawler.parsers.document.rules import Rules
from crawler.parsers.document.segments import Segment, words
from crawler.parsers.document.structured_data import linked_data, texts
from crawler.parsers.generic.candidates import Candidates
from crawler.parsers.headlines.headline import CLEARLY_AGREES, MIN_WORDING, PRINTED, Headings, common_words
from crawler.parsers.text_order.config import Order

_HEADINGS = ("h1", "h2", "h3")
_LONG, _MAX = 60, 200
"""Characters from which a line may be a paragraph, and up to which it may be a headline."""
_STOPS = (".", "!", "?", ".”", '."', "…", "。", "؟", "۔", "।")
Printed = tuple[int, str]
"""Place in the flow and text; place -1 if it is not printed."""


@frozen(kw_only=True, eq=False)
class Top:
    """A page whose headline is looked for by an order."""

    order: Order
    page: Page
    title: str
    """The page's title in its head, the paper's name taken off."""

    @property
    def told(self) -> list[tuple[str, str]]:
        """The machine words for the headline, each with its place."""
        spoken = next(iter(texts(linked_data(self.page).article.get("headline"))), "")
        return [(text, by) for text, by in ((self.title, "title"), (spoken, "jsonld headline")) if text]


def known_place(top: Top) -> Printed | None:
    """Look at the layout's own selectors."""
    for selector in top.order.headline:
        for node in by_css(top.page, selector):
            inside = Within(partial(is_, node))
            n = next((p.n for p in flow(top.page) if p.text and inside(p.element)), None)
            if n is not None:
                return n, line_of(node)
    return None


def line_as_title(top: Top) -> Printed | None:
    """Look for an `h1`, then for any line, with the words of a title."""
    wanted = {words(text) for text, _ in top.told}
    same = [p for p in flow(top.page) if wanted and p.text and p.linked < 0.5 and p.key in wanted]
    best = next((p for p in same if p.inside("h1") is not None), same[0] if same else None)
    return (best.n, best.line) if best is not None else None


def heading(top: Top) -> Printed | None:
    """Ask the rules for any page, with the titles as the only machine words."""
    segment = PRINTED.answer(Headings(page=Candidates(top.page), told=top.told))
    return (segment.n, segment.line) if segment is not None else None


def heading_above_text(top: Top) -> Printed | None:
    """Take the highest heading above the first paragraph, the last of several."""
    found = [p for p in _above_text(top.page) if p.tag in _HEADINGS and len(p.line.split()) > 2]
    best = min(found, key=lambda p: (p.tag, -p.n), default=None)
    return (best.n, best.line) if best is not None else None


def line_like_title(top: Top) -> Printed | None:
    """Take the line above the first paragraph that shares most words with a title."""
    found = {p: max((common_words(p.line, text) for text, _ in top.told), default=0.0) for p in _above_text(top.page)}
    best = max(found, key=lambda p: found[p], default=None)
    return (best.n, best.line) if best is not None and found[best] >= CLEARLY_AGREES else None


def _above_text(page: Page) -> list[Segment]:
    """The lines above the first paragraph that may be a headline."""
    segments = flow(page)
    prose = (p for p in segments if len(p.text) >= _LONG and p.linked < 0.5 and p.line.endswith(_STOPS))
    # What stands beside a picture may caption it.
    end = next((p.n for p in prose if not any(one.picture for one in segments[max(0, p.n - 1) : p.n + 2])), len(segments))
    return [p for p in segments[:end] if MIN_WORDING <= len(p.text) <= _MAX and p.linked < 0.5 and not only_a_date(p.text)]


def title_above_first_date(top: Top) -> Printed | None:
    """Take the title, printed nowhere, for a headline above the first date."""
    first = next((p.n for p in flow(top.page) if p.text and only_a_date(p.text)), 0)
    return first - 1, top.title


HEADLINE = Rules("headline by text order", known_place, line_as_title, heading, heading_above_text, line_like_title, title_above_first_date)

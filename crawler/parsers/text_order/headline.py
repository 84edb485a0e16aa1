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
from crawler.parsers.document.segments import words
from crawler.parsers.generic.candidates import Candidates
from crawler.parsers.generic.headline import PRINTED, Headings
from crawler.parsers.text_order.config import Order

Printed = tuple[int, str]
"""Place in the flow and text; place -1 if it is not printed."""


@frozen(kw_only=True, eq=False)
class Top:
    """A page whose headline is looked for by an order."""

    order: Order
    page: Page
    title: str
    """The page's title in its head, the paper's name taken off."""


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
    """Look for an `h1`, then for any line, with the words of the title."""
    wanted = words(top.title)
    same = [p for p in flow(top.page) if wanted and p.text and p.linked < 0.5 and p.key == wanted]
    best = next((p for p in same if p.inside("h1") is not None), same[0] if same else None)
    return (best.n, best.line) if best is not None else None


def heading(top: Top) -> Printed | None:
    """Ask the rules for any page, with the title as the only machine word."""
    segment = PRINTED.answer(Headings(page=Candidates(top.page), told=[(top.title, "title")] if top.title else []))
    return (segment.n, segment.line) if segment is not None else None


def title_above_first_date(top: Top) -> Printed | None:
    """Take the title, printed nowhere, for a headline above the first date."""
    first = next((p.n for p in flow(top.page) if p.text and only_a_date(p.text)), 0)
    return first - 1, top.title


HEADLINE = Rules("headline by text order", known_place, line_as_title, heading, title_above_first_date)

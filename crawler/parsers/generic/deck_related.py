"""Find the deck and the related links of any news page."""

from __future__ import annotations

from attrs import frozen

from crawler.items import Link
from crawler.parsers.document.ancestors import Within
from crawler.parsers.document.rules import Rules, Trace
from crawler.parsers.document.segments import Segment, words
from crawler.parsers.document.structured_data import texts
from crawler.parsers.generic.body import Prose
from crawler.parsers.generic.candidates import Candidate, Candidates
from crawler.urls import host_of

MAX_DECK = 600
"""Characters of a line that can be a deck; a longer one is text."""

MIN_DECK = 12
"""Letters of a description that is more than a label."""

LEADS = 0.6
"""Share of a line's characters in links from which it leads to other stories."""

MIN_TITLE = 20
MAX_RELATED = 40


def deck(page: Candidates, at: int, body: Prose, trace: Trace | None = None) -> Candidate | None:
    """Find the line under the headline that the page's description is, or begins with.

    Else it is the description itself, unless that only repeats the beginning of the text.

    Args:
        at: Place of the headline in the flow, -1 if it is not printed.
    """
    told = page.first("description", "og:description") or next(iter(texts(page.linked.article.get("description"))), None)
    start = words((told or "").rstrip(" .…"))
    if told is None or len(start) < MIN_DECK:
        return None
    answer = DECK.first(trace, _Under(page=page, at=at, body=body, told=told, start=start))
    return (answer[0], answer[1]) if answer else None


@frozen(kw_only=True, eq=False)
class _Under:
    """The texts under a headline, and the page's description."""

    page: Candidates
    at: int
    body: Prose
    told: str
    start: str
    """The description without the dots of one cut short, for comparing."""


def printed(one: _Under) -> str | None:
    """Look for a printed line with the description, set apart from the text."""
    first = min(one.body.places, default=len(one.page.segments))
    lines = (p for p in one.page.segments[max(0, one.at + 1) : first + 1] if p.key.startswith(one.start) and len(p.text) <= MAX_DECK)
    return next((p.line for p in lines if p.n < first or _is_set_apart(p, one.page, one.body)), None)


def meta_description(one: _Under) -> str | None:
    """Take the description, unless it repeats the beginning of the text."""
    return None if words(one.body.text).startswith(one.start) else one.told


DECK = Rules("deck", printed, meta_description)


def _is_set_apart(line: Segment, said: Candidates, body: Prose) -> bool:
    """Tell whether the first line of a body is made otherwise than the next."""
    after = [said.segments[n] for n in body.places[1:2]]
    return any((p.tag, p.element.get("class")) != (line.tag, line.element.get("class")) for p in after)


def related(said: Candidates, body: Prose, canonical: str | None) -> tuple[Link, ...]:
    """The other stories of the same site that lines among the text lead to."""
    places, held = body.places, {*body.places}
    if not places:
        return ()
    menu = Within(lambda element: element.tag in ("nav", "header", "footer"))
    among = (p for p in said.segments[places[0] : places[-1] + 1] if p.n not in held and p.linked >= LEADS and len(p.text) >= MIN_TITLE)
    own, host = (said.page.url, canonical), host_of(said.page.url)
    links = (link for segment in among if not menu(segment.element) for link in segment.links)
    found = {k.url: k for k in links if len(k.text) >= MIN_TITLE and host_of(k.url) == host and k.url not in own}
    return tuple(found.values())[:MAX_RELATED]

"""Around: what stands around the text of any news page: the deck under its headline, and the stories it leads to."""

from __future__ import annotations

from crawler.items import Link
from crawler.parsers.document.ancestors import Within
from crawler.parsers.document.segments import Piece, words
from crawler.parsers.document.structured_data import texts
from crawler.parsers.generic.body import Prose
from crawler.parsers.generic.candidates import Candidate, Candidates
from crawler.urls import host_of

MAX_DECK = 600
"""Characters of a line that can be a deck; a longer one is text."""

LEADS = 0.6
"""Share of a line's characters in links from which it leads to other stories."""

MIN_TITLE = 20
MAX_RELATED = 40


def deck(said: Candidates, at: int, body: Prose) -> Candidate | None:
    """The line under the headline: as it is printed, else as the head tells it, unless that only repeats how the text begins.

    Args:
        at: Place of the headline in the flow, -1 where it is not printed.
    """
    told = said.first("description", "og:description") or next(iter(texts(said.linked.article.get("description"))), None)
    start = words((told or "").rstrip(" .…"))
    if told is None or len(start) < 12:
        return None
    first = min(body.places, default=len(said.pieces))
    printed = (p for p in said.pieces[max(0, at + 1) : first + 1] if p.key.startswith(start) and len(p.text) <= MAX_DECK)
    line = next((p for p in printed if p.n < first or _set_apart(p, said, body)), None)
    if line is not None:
        return line.line, "printed"
    return None if words(body.text).startswith(start) else (told, "meta description")


def _set_apart(line: Piece, said: Candidates, body: Prose) -> bool:
    """Tell whether the first line of a body is made otherwise than the next."""
    after = [said.pieces[n] for n in body.places[1:2]]
    return any((p.tag, p.element.get("class")) != (line.tag, line.element.get("class")) for p in after)


def related(said: Candidates, body: Prose, canonical: str | None) -> tuple[Link, ...]:
    """The other stories of the same site that lines among the text lead to."""
    places, held = body.places, {*body.places}
    if not places:
        return ()
    menu = Within(lambda element: element.tag in ("nav", "header", "footer"))
    among = (p for p in said.pieces[places[0] : places[-1] + 1] if p.n not in held and p.linked >= LEADS and len(p.text) >= MIN_TITLE)
    own, host = (said.page.url, canonical), host_of(said.page.url)
    links = (link for piece in among if not menu(piece.element) for link in piece.links)
    found = {k.url: k for k in links if len(k.text) >= MIN_TITLE and host_of(k.url) == host and k.url not in own}
    return tuple(found.values())[:MAX_RELATED]

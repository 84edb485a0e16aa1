"""Trail: the breadcrumb of a page, by its class, by its ` / `, or as the few short links next to the headline."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.items import Link
from crawler.parsers.document.segments import Piece, ancestry, named

MAX_CRUMBS = 6
MAX_CRUMB_CHARACTERS = 48

_CLASS = re.compile(r"breadcrumb|bread-crumb|crumbs?\b|ariane|\btrail\b|you-are-here")
_SEPARATOR = re.compile(r"\s*(?:/|»|›|>|→|\|)\s*")


def breadcrumb(
    pieces: Sequence[Piece], headline: int, furniture: re.Pattern[str], *, below: int = 6
) -> tuple[tuple[Link, ...], frozenset[int]]:
    """The breadcrumb around a headline.

    Args:
        headline: Place of the headline in the flow.
        furniture: Lines that are share words and the like.
        below: How many pieces under the headline may hold it.
    Returns:
        The crumbs, and the places of the pieces that print them. A crumb without a link has an empty url.
    """
    marked = [
        p
        for p in pieces[: headline + below + 1]
        if p.text and p.n != headline and any(_CLASS.search(named(e)) for e in ancestry(p.element))
    ]
    marked = [p for p in marked if len(p.text) <= 200]
    if marked and (crumbs := _crumbs(marked)):
        return crumbs, frozenset(p.n for p in marked)
    for n in (*range(headline - 1, max(-1, headline - 5), -1), *range(headline + 1, min(len(pieces), headline + below))):
        if not furniture.search(pieces[n].line) and (found := _at(pieces, n, above=n < headline)) is not None:
            return found
    return (), frozenset()


def _at(pieces: Sequence[Piece], n: int, *, above: bool) -> tuple[tuple[Link, ...], frozenset[int]] | None:
    piece = pieces[n]
    if not piece.text or len(piece.text) > 160:
        return None
    parts = [part for part in _SEPARATOR.split(piece.line) if part]
    if (
        2 <= len(parts) <= MAX_CRUMBS
        and all(len(part) <= MAX_CRUMB_CHARACTERS for part in parts)
        and _spaced(piece.line)
        and (piece.linked >= 0.5 or above)
    ):
        return _crumbs([piece]), frozenset((n,))
    if not above or piece.linked < 0.8 or len(piece.text) > MAX_CRUMB_CHARACTERS:
        return None
    run = _run(pieces, n)
    crumbs = _crumbs(run)
    return (crumbs, frozenset(p.n for p in run)) if crumbs and len(crumbs) <= MAX_CRUMBS - 1 else None


def _spaced(line: str) -> bool:
    """Whether the separators stand free, as no `and/or` does."""
    return re.search(r"\s[/»›>→|]\s", line) is not None


def _run(pieces: Sequence[Piece], n: int) -> list[Piece]:
    """The short linked pieces that end at a place and share its list or box."""
    box = pieces[n].element.getparent()
    run = [pieces[n]]
    for piece in reversed(pieces[max(0, n - 14) : n]):
        if not piece.text or box is None or box not in ancestry(piece.element) or len(piece.text) > MAX_CRUMB_CHARACTERS:
            break
        if piece.linked < 0.8 and not _SEPARATOR.fullmatch(piece.line):
            break
        run.insert(0, piece)
    return run


def _crumbs(pieces: Sequence[Piece]) -> tuple[Link, ...]:
    links = [link for piece in pieces for link in piece.links if link.text and not _SEPARATOR.fullmatch(link.text)]
    parts = [part for piece in pieces for part in _SEPARATOR.split(piece.line) if part]
    if not links:
        links = [Link(url="", text=part) for part in parts]
    elif parts and len(parts) == len(links) + 1 and parts[-1] not in {link.text for link in links}:
        # The last crumb is the page's own section and often no link.
        links.append(Link(url="", text=parts[-1]))
    return tuple(links) if len(links) <= MAX_CRUMBS and all(len(link.text) <= MAX_CRUMB_CHARACTERS for link in links) else ()

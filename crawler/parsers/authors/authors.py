"""Find the authors of an article among all places that name some."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from attrs import frozen

from crawler.parsers.authors.article import Article
from crawler.parsers.authors.leads import without_lead
from crawler.parsers.authors.people import authors as clean_authors
from crawler.parsers.authors.people import full_name, is_office, known_name, offices
from crawler.parsers.authors.sources import PLACES, PRINTED
from crawler.parsers.document.rules import Trace, name_of
from crawler.parsers.document.segments import words
from crawler.parsers.document.structured_data import texts
from crawler.parsers.generic.candidates import Candidates
from crawler.parsers.names.no_names import known_given_name

MAX_AUTHORS = 12
_ADMIN = re.compile(r"/author/(?:admin|administrator|editor|webmaster|newsroom|staff)/?$", re.IGNORECASE)
_PRINTED = ("microdata author", "byline class", "byline wording")
_WORDED = ("byline class", "byline wording", "byline above", "foot byline", "dated line", "profile link", "signature")
_LED = ("byline wording", "foot byline")
_SMALL_BEFORE = re.compile(r"^(?:do|da|de|von|from|for|para|por|van|of|the|der|die|das)\s+", re.IGNORECASE)


@frozen
class Named:
    """Names that one place on the page gives."""

    by: str
    names: tuple[str, ...] = ()


def authors(page: Candidates, at: int, places: Sequence[int], trace: Trace | None = None, language: str | None = None) -> Named:
    """Find the authors of an article and the place that names them.

    The first place that names people wins, unless the printed byline names more, or others and none of these.

    Args:
        at: Place of the headline in the flow, -1 if it is not printed.
        places: Places of the body's paragraphs.
        language: Language the page claims, where it does.
    """
    article = Article(page=page, at=at, places=places, language=language)
    office = tuple(dict.fromkeys(offices(t for person in article.told for t in texts(person))))
    best = _best_named(article, cautious=bool(office))
    if not best.names:
        best = _office(article, office)
    if trace is not None:
        _note(trace, article, best.by)
    return Named(best.by, best.names[:MAX_AUTHORS])


def _note(trace: Trace, article: Article, won: str) -> None:
    """Note the people that each place names."""
    found = {place: [(by, names) for by, values in place(article) if (names := _people(article, by, values))] for place in PLACES}
    said = [told for answers in found.values() for told in answers]
    trace.note("authors", won or None, said, [name_of(place) for place, answers in found.items() if not answers])


def _best_named(article: Article, *, cautious: bool) -> Named:
    """The people of the first place that names any, unless a byline outdoes it.

    Args:
        cautious: Whether JSON-LD names an office as the author: only full names speak against it.
    """
    best = Named("")
    for place in PLACES:
        if best.names and place not in PRINTED:
            continue  # nothing there could outdo the names found
        for by, values in place(article):
            names = _people(article, by, values)
            if cautious and not best.names and by != "jsonld author":
                names = tuple(name for name in names if full_name(name))
            if names and (not best.names or _is_outdone(article, best, Named(by, names))):
                best = Named(by, names)
    return best


def _people(article: Article, by: str, values: Sequence[str]) -> tuple[str, ...]:
    """Name the people in the texts of a place.

    Those JSON-LD calls persons are believed to be.
    """
    if not values:
        return ()
    page, printed = article.page, by.startswith(_WORDED) or by == "microdata author"
    found = clean_authors(values, publishers=page.publisher_names, printed=printed, language=article.language)
    if by == "jsonld author":
        known = {*map(words, found)}
        found = tuple(dict.fromkeys([*(name for name in _persons(article) if words(name) not in known), *found]))
    if printed:
        found = _printed(article, by, found)
    return tuple(name for name in found if not page.is_publisher(name) and not _names_house(page, name))


def _printed(article: Article, by: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """Names of printed lines without single words and words of the text."""
    if by != "microdata author" and any(" " in name for name in names):
        names = tuple(name for name in names if " " in name or not name[:1].isupper())
    if by == "byline class":
        names = tuple(name for name in names if known_given_name(name) or not article.begins_common(name))
    return names


def _names_house(page: Candidates, name: str) -> bool:
    """Tell whether a name is a small word and the site's own: `From Valley Post`."""
    bare = _SMALL_BEFORE.sub("", name)
    return bare != name and (words(bare) in page.publisher_names or page.is_publisher(bare))


def _persons(article: Article) -> tuple[str, ...]:
    """The names of the nodes that JSON-LD calls persons."""
    return offices((name for person in article.told if _is_person(person) for name in texts(person)), bare=True)


def _is_person(node: Any) -> bool:
    """Tell whether JSON-LD calls a node a person, and its address is no administrator's."""
    if not isinstance(node, dict):
        return False
    address = str(node.get("url") or node.get("@id") or "")
    return str(node.get("@type", "")).lower() == "person" and not _ADMIN.search(address)


def _is_outdone(article: Article, best: Named, found: Named) -> bool:
    """Tell whether a printed byline is to be believed instead.

    It has all the names and more, or those told are not printed.
    """
    known, new = {*map(words, best.names)}, {*map(words, found.names)}
    if not found.by.startswith(("byline", "microdata")) or not all(full_name(n) for n in found.names if words(n) not in known):
        return False
    if known < new:
        return True
    if best.by in _PRINTED or best.by == "profile link" or known & new:
        return False
    return not any(key in words(segment.text) for segment in article.top for key in known)


def _office(article: Article, told: tuple[str, ...]) -> Named:
    """The desk, agency or house for an article without named people.

    The site itself counts only where no other is named.
    """
    houses = [*([Named("jsonld author", told)] if told else []), *_houses(article)]
    if not houses:
        return Named("")
    if not all(map(article.page.is_publisher, houses[0].names)):
        return houses[0]
    others = (house for house in houses[1:] if is_office(house.names[0]) and not article.page.is_publisher(house.names[0]))
    return next(others, houses[0])


def _houses(article: Article) -> Iterator[Named]:
    """The offices that each place but JSON-LD names."""
    for place in PLACES[1:]:
        for by, values in place(article):
            lines = (without_lead(line.strip(), article.language) for value in values for line in value.split("\n"))
            if by.startswith(_WORDED):
                lines = (line for line in lines if is_office(line) or (by in _LED and known_name(line)))
            if found := offices(lines):
                yield Named(by, found[:1])

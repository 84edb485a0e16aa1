"""Find the authors of an article among all places that name some."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import Any

from attrs import frozen
from lxml import etree

from crawler.parsers.authors.marked_authors import marked_authors
from crawler.parsers.authors.people import LEADS, full_name, offices
from crawler.parsers.authors.people import authors as clean_authors
from crawler.parsers.credits.word_patterns import any_of
from crawler.parsers.dates.dates import moment
from crawler.parsers.dates.month_names import MONTHS
from crawler.parsers.document.rules import Trace, name_of
from crawler.parsers.document.segments import Segment, ancestry, named, words
from crawler.parsers.document.structured_data import texts
from crawler.parsers.generic.candidates import Candidates
from crawler.parsers.patterns import later

MAX_AUTHORS = 12
MAX_BYLINE = 90
"""Characters of a byline told by its class."""
MAX_WORDED = 120
"""Characters of one told by its wording."""

_AUTHOR = (
    "author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "byl", "cxenseparse:author",
    "article:author_name", "article.author", "og:article:author", "twitter:creator:name", "citation_author", "creator", "authors",
    "article-author", "vr:author",
)  # fmt: skip
_BYLINE = re.compile(r"author|byline|by-line|(?:^|[\s_-])(?:autor\w*|auteur|writer)(?:$|[\s_-])")
_PROFILE = re.compile(
    r"/(?:authors?|autor(?:e[ns]?)?|auteurs?|editors?|writers?|journalists?|reporters?|columnists?|contributors?|by)/[^/]", re.IGNORECASE
)
_NO_BYLINE = re.compile(r"bio|box|avatar|image|photo|social|related|more|comment|date|time|follow|card")
LEAD = later(rf"^(?i:{LEADS})(?:\s*[:：●]\s*|\s+)(?=[^\W\d_a-zß-ÿ])|^By(?=[A-Z][a-z])")
_ADMIN = re.compile(r"/author/(?:admin|administrator|editor|webmaster|newsroom|staff)/?$", re.IGNORECASE)
_PRINTED = ("microdata author", "byline class", "byline wording")


@frozen
class Named:
    """Names that one place on the page gives."""

    by: str
    names: tuple[str, ...] = ()


@frozen(kw_only=True, eq=False, slots=False)
class _Article:
    """An article whose authors are looked for."""

    page: Candidates
    at: int
    """Place of the headline in the flow, -1 if it is not printed."""
    places: Sequence[int]
    """Places of the body's paragraphs."""

    @cached_property
    def top(self) -> list[Segment]:
        """The texts from shortly above the headline to the third paragraph."""
        end = min([*self.places[2:3], self.at + 40]) if self.at >= 0 else 60
        return [p for p in self.page.segments[max(0, self.at - 6) : end + 1] if p.text and p.inside("aside", "nav") is None]

    @cached_property
    def told(self) -> list[Any]:
        """The authors in JSON-LD."""
        value = self.page.linked.article.get("author")
        return [self.page.linked.resolved(v) for v in (value if isinstance(value, list) else [value])]


def authors(page: Candidates, at: int, places: Sequence[int], trace: Trace | None = None) -> Named:
    """Find the authors of an article and the place that names them.

    The first place that names people wins, unless the printed byline names more, or others and none of these.

    Args:
        at: Place of the headline in the flow, -1 if it is not printed.
        places: Places of the body's paragraphs.
    """
    article = _Article(page=page, at=at, places=places)
    office = tuple(dict.fromkeys(offices(t for person in article.told for t in texts(person))))
    best = _best_named(article, cautious=bool(office))
    if not best.names:
        best = Named("jsonld author", office) if office else _any_office(article)
    if trace is not None:
        _note(trace, article, best.by)
    return Named(best.by, best.names[:MAX_AUTHORS])


def _note(trace: Trace, article: _Article, won: str) -> None:
    """Note the people that each place names."""
    found = {place: [(by, names) for by, values in place(article) if (names := _people(article, by, values))] for place in PLACES}
    said = [told for answers in found.values() for told in answers]
    trace.note("authors", won or None, said, [name_of(place) for place, answers in found.items() if not answers])


def _best_named(article: _Article, *, cautious: bool) -> Named:
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


def _people(article: _Article, by: str, values: Sequence[str]) -> tuple[str, ...]:
    """Name the people in the texts of a place.

    Those JSON-LD calls persons are believed to be.
    """
    page, printed = article.page, by.startswith(_PRINTED)
    found = clean_authors(values, publishers=page.publisher_names, printed=printed)
    if by == "jsonld author":
        known = {*map(words, found)}
        found = tuple(dict.fromkeys([*(name for name in _persons(article) if words(name) not in known), *found]))
    if printed and any(" " in name for name in found):
        found = tuple(name for name in found if not _is_abbreviation(name))
    return tuple(name for name in found if not page.is_publisher(name))


def _persons(article: _Article) -> tuple[str, ...]:
    """The names of the nodes that JSON-LD calls persons."""
    return offices((name for person in article.told if _is_person(person) for name in texts(person)), bare=True)


def _is_abbreviation(name: str) -> bool:
    """Tell whether a name is a few capitals."""
    return " " not in name and len(name) <= 5 and name.isupper()


def _is_person(node: Any) -> bool:
    """Tell whether JSON-LD calls a node a person, and its address is no administrator's."""
    if not isinstance(node, dict):
        return False
    address = str(node.get("url") or node.get("@id") or "")
    return str(node.get("@type", "")).lower() == "person" and not _ADMIN.search(address)


def _is_outdone(article: _Article, best: Named, found: Named) -> bool:
    """Tell whether a printed byline is to be believed instead.

    It has all the names and more, or those told are not printed.
    """
    known, new = {*map(words, best.names)}, {*map(words, found.names)}
    if not found.by.startswith(("byline", "microdata")) or not all(full_name(n) for n in found.names if words(n) not in known):
        return False
    if known < new:
        return found.by.startswith("byline")
    if best.by in _PRINTED or best.by == "profile link" or known & new:
        return False
    return not any(key in words(segment.text) for segment in article.top for key in known)


def _any_office(article: _Article) -> Named:
    """The first office that a place names, for an article without named people."""
    for by, values in _places(article):
        if found := offices(values):
            return Named(by, found[:1])
    return Named("")


# -- places, best first: each yields its name and the texts there


def jsonld_author(article: _Article) -> Iterator[tuple[str, list[str]]]:
    """Look for the `author` of JSON-LD."""
    yield "jsonld author", [t for p in article.told if not _is_organization(p) for t in texts(p)]


def meta_author(article: _Article) -> Iterator[tuple[str, list[str]]]:
    """Look for authors in `meta`."""
    for name in _AUTHOR:
        yield f"meta {name}", [v for v in article.page.meta.get(name, ()) if not v.startswith(("http", "("))]


def microdata_author(article: _Article) -> Iterator[tuple[str, list[str]]]:
    """Look for `itemprop=author` and `rel=author`."""
    yield "microdata author", marked_authors(article.page.page)


def byline_class(article: _Article) -> Iterator[tuple[str, list[str]]]:
    """Look for short texts in elements called a byline."""
    known: dict[etree._Element, bool] = {}

    def called(element: etree._Element) -> bool:
        if (told := known.get(element)) is None:
            told = known[element] = is_byline(element)
        return told

    for segment in article.top:
        if len(segment.text) <= MAX_BYLINE and any(called(e) for e in islice(ancestry(segment.element), 3)):
            yield "byline class", [segment.line]


def byline_wording(article: _Article) -> Iterator[tuple[str, list[str]]]:
    """Look for `By X` below the headline, in over thirty languages."""
    for segment in article.top:
        if len(segment.text) <= MAX_WORDED and segment.n > article.at and LEAD.match(segment.line):
            yield "byline wording", [segment.line.split(" | ")[0]]


def profile_link(article: _Article) -> Iterator[tuple[str, list[str]]]:
    """Look for links to profile pages around the headline."""
    if article.at >= 0:
        links = [link for segment in article.top for link in segment.links]
        yield "profile link", [k.text for k in links if _PROFILE.search(k.url) and " " in k.text and len(k.text) <= 40][:4]


def dated_line(article: _Article) -> Iterator[tuple[str, list[str]]]:
    """Look for a full name beside the date."""
    for segment in article.top:
        if len(segment.text) <= 100 and segment.n != article.at:
            yield "dated line", [*_beside_date(segment.line)]


def signature(article: _Article) -> Iterator[tuple[str, list[str]]]:
    """Look for a name in bold or italics over or under the text."""
    places, segments = article.places, article.page.segments
    if not places:
        return
    last = segments[places[-1]]
    under = [p for p in segments[last.n : last.n + 3] if p.text and p.element.getparent() is last.element.getparent()]
    box = segments[places[0]].element.getparent()
    over = [p for p in segments[max(0, places[0] - 1) : places[0]] if p.text and p.element.getparent() is box]
    for segment in (*over, *(segments[n] for n in places[:2]), *under):
        capitals = segment.n > places[0] + 1 and segment.line.isupper()
        if segment.strong > 0.9 and len(segment.text) <= 40 and not capitals and full_name(segment.line):
            yield "signature", [segment.line]
            return


PLACES = (jsonld_author, meta_author, microdata_author, byline_class, byline_wording, profile_link, dated_line, signature)
PRINTED = (microdata_author, byline_class, byline_wording)
"""Places whose names may be believed instead of those found before."""


def _places(article: _Article) -> Iterator[tuple[str, list[str]]]:
    """All places in order, each with its texts."""
    return (found for place in PLACES for found in place(article))


def is_byline(element: Any) -> bool:
    """Tell whether an element is called a byline and nothing else."""
    name = named(element)
    return _BYLINE.search(name) is not None and _NO_BYLINE.search(name) is None


def _is_organization(node: Any) -> bool:
    """Tell whether JSON-LD calls a node an organization."""
    return isinstance(node, dict) and "organization" in str(node.get("@type", "")).lower()


_STOP = later(rf"\d|(?<!\w){any_of(m for m in MONTHS if len(m) > 2)}\b", re.IGNORECASE)


def _beside_date(line: str) -> Iterator[str]:
    """The full names on a date line, behind or before the date."""
    if moment(line) is None:
        return
    for part in re.split(r"\s*[|•·]\s*|\s[/–—-]\s", line):
        found = _STOP.search(part)
        before = (part[: found.start()] if found else part).strip()
        rest = re.split(r"[\d:.,]+", part)[-1].strip() if found else ""
        yield from [text for text in (before, rest) if full_name(text)][-1:]

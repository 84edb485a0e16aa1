"""Bylines: who wrote an article, by every place a page says so; and which of these to believe."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from attrs import frozen
from parsel import Selector, SelectorList

from crawler.parsers.dates.dates import moment
from crawler.parsers.dates.month_names import MONTHS
from crawler.parsers.document.segments import ancestry, named, squeeze, words
from crawler.parsers.document.structured_data import texts
from crawler.parsers.generic.body import Prose
from crawler.parsers.generic.candidates import Witnesses
from crawler.parsers.generic.people import LEADS, full_name, offices
from crawler.parsers.generic.people import authors as clean_authors

MAX_AUTHORS = 12

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
_WORDING = re.compile(rf"^(?i:{LEADS})(?:\s*[:：●]\s*|\s+)(?=[^\W\d_a-zß-ÿ])|^By(?=[A-Z][a-z])")
_ADMIN = re.compile(r"/author/(?:admin|administrator|editor|webmaster|newsroom|staff)/?$", re.IGNORECASE)
_PRINTED = ("microdata author", "byline class", "byline wording")


@frozen
class Named:
    """Names that one place on the page gives."""

    by: str
    names: tuple[str, ...] = ()


def authors(said: Witnesses, at: int, body: Prose) -> Named:
    """The authors of an article and the place that names them.

    Args:
        at: Place of the headline in the flow, -1 where it is not printed.
    """
    return _Bylines(said, at, body).best()


class _Bylines:
    def __init__(self, said: Witnesses, at: int, body: Prose) -> None:
        self.said, self.at, self.body = said, at, body
        self.end = min([*body.places[2:3], at + 40]) if at >= 0 else 60
        self.top = [p for p in said.pieces[max(0, at - 6) : self.end + 1] if p.text and p.inside("aside", "nav") is None]
        value = said.linked.article.get("author")
        self.told = [said.linked.resolved(v) for v in (value if isinstance(value, list) else [value])]

    def best(self) -> Named:
        """The first place that names people; unless the printed byline says more, or names others and none of these."""
        best = Named("")
        office = self.office()
        for by, values in self.places():
            found = Named(by, self.people(by, values))
            if office and not best.names and by != "jsonld author":
                # JSON-LD names an office as the author: only full names speak against it.
                found = Named(by, tuple(name for name in found.names if full_name(name)))
            if found.names and (not best.names or self.outdone(best, found)):
                best = found
        if best.names:
            return Named(best.by, best.names[:MAX_AUTHORS])
        return Named("jsonld author", office[:MAX_AUTHORS]) if office else self.any_office()

    def people(self, by: str, values: Sequence[str]) -> tuple[str, ...]:
        """The people in what a place says; JSON-LD is believed that somebody is a person."""
        found = clean_authors(values, publishers=self.said.houses, printed=by.startswith(_PRINTED))
        if by == "jsonld author":
            persons = [name for person in self.told if self.person(person) for name in texts(person)]
            found = tuple(dict.fromkeys([*(n for n in offices(persons, bare=True) if words(n) not in map(words, found)), *found]))
        if by.startswith(_PRINTED) and any(" " in name for name in found):
            found = tuple(name for name in found if " " in name or len(name) > 5 or not name.isupper())
        return tuple(name for name in found if not self.said.is_house(name))

    @staticmethod
    def person(node: Any) -> bool:
        address = str(node.get("url") or node.get("@id") or "") if isinstance(node, dict) else ""
        return isinstance(node, dict) and str(node.get("@type", "")).lower() == "person" and not _ADMIN.search(address)

    def outdone(self, best: Named, found: Named) -> bool:
        """Tell whether the printed byline is to be believed instead: it has all the names and more, or those told are not printed."""
        known, new = {*map(words, best.names)}, {*map(words, found.names)}
        if not found.by.startswith(("byline", "microdata")) or not all(full_name(n) for n in found.names if words(n) not in known):
            return False
        if known < new:
            return found.by.startswith("byline")
        if best.by in _PRINTED or best.by == "profile link" or known & new:
            return False
        return not any(key in words(piece.text) for piece in self.top for key in known)

    def office(self) -> tuple[str, ...]:
        """The offices and agencies JSON-LD names as authors, as it names them: for an article that names nobody."""
        return tuple(dict.fromkeys(offices(t for person in self.told for t in texts(person))))

    def any_office(self) -> Named:
        """The office another place names where nobody else is named."""
        for by, values in self.places():
            if found := offices(values):
                return Named(by, found[:1])
        return Named("")

    # -- places, best first

    def places(self) -> Iterator[tuple[str, list[str]]]:
        """Texts that name authors, with where they stand."""
        yield "jsonld author", [t for p in self.told if not _organization(p) for t in texts(p)]
        for name in _AUTHOR:
            yield f"meta {name}", [v for v in self.said.meta.get(name, ()) if not v.startswith(("http", "("))]
        yield "microdata author", self.microdata()
        for piece in self.top:
            if len(piece.text) <= 90 and any(self.byline(e) for e in [*ancestry(piece.element)][:3]):
                yield "byline class", [piece.line]
        for piece in self.top:
            if len(piece.text) <= 120 and piece.n > self.at and _WORDING.match(piece.line):
                yield "byline wording", [piece.line.split(" | ")[0]]
        if self.at >= 0:
            links = [link for piece in self.top for link in piece.links]
            yield "profile link", [k.text for k in links if _PROFILE.search(k.url) and " " in k.text and len(k.text) <= 40][:4]
        for piece in self.top:
            if len(piece.text) <= 100 and piece.n != self.at:
                yield "dated line", [*_beside_date(piece.line)]
        yield "signature", [*self.signed()]

    @staticmethod
    def byline(element: Any) -> bool:
        name = named(element)
        return _BYLINE.search(name) is not None and _NO_BYLINE.search(name) is None

    def microdata(self) -> list[str]:
        xpath = (
            "//*[@itemprop='author']//*[@itemprop='name'] | //*[@itemprop='author'][not(.//*[@itemprop='name'])] |"
            " //a[contains(concat(' ', @rel, ' '), ' author ')]"
        )
        nodes = _together(self.said.page.xpath(xpath)[:6])
        return [squeeze(n.xpath("string()").get() or "") or (n.attrib.get("content") or "") for n in nodes]

    def signed(self) -> Iterator[str]:
        """A name set off in bold or italics over the text, or under it in its box: a signature."""
        places, pieces = self.body.places, self.said.pieces
        if not places:
            return
        last = pieces[places[-1]]
        under = [p for p in pieces[last.n : last.n + 3] if p.text and p.element.getparent() is last.element.getparent()]
        for piece in (*(pieces[n] for n in places[:2]), *under):
            caps = piece.n > places[0] + 1 and piece.line.isupper()
            if piece.strong > 0.9 and len(piece.text) <= 40 and not caps and full_name(piece.line):
                yield piece.line
                return


def _organization(node: Any) -> bool:
    return isinstance(node, dict) and "organization" in str(node.get("@type", "")).lower()


def _together(nodes: SelectorList[Selector]) -> list[Selector]:
    """The first of some elements and those that stand with it: later ones are of other articles."""
    if not nodes:
        return []
    near = {*ancestry(nodes[0].root)}
    return [n for n in nodes if near & {*[*ancestry(n.root)][1:3]}][:4]


_STOP = re.compile(
    r"\d|(?<!\w)(?:" + "|".join(sorted((re.escape(m) for m in MONTHS if len(m) > 2), key=len, reverse=True)) + r")\b", re.IGNORECASE
)


def _beside_date(line: str) -> Iterator[str]:
    """The full names on a date line: before the date, without a comma (that would be a place), or behind it."""
    if moment(line) is None:
        return
    for part in re.split(r"\s*[|•·]\s*|\s[/–—-]\s", line):
        found = _STOP.search(part)
        before = (part[: found.start()] if found else part).strip()
        rest = re.split(r"[\d:.,]+", part)[-1].strip() if found else ""
        yield from [text for text in (before, rest) if full_name(text)][-1:]

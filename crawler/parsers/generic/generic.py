"""The generic reader: any news page, no site file; every field from the best witness there is."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from attrs import astuple

from crawler.errors import Unreadable
from crawler.items import Article, Block, Link
from crawler.parsers.dates.country_zones import zone_of_address
from crawler.parsers.dates.dates import LATER_THAN_CAPTURE, ZONE_ASSUMED, bounded, moment
from crawler.parsers.document.breadcrumbs import breadcrumb
from crawler.parsers.document.language import language_of
from crawler.parsers.document.page import Page
from crawler.parsers.document.segments import squeeze, words
from crawler.parsers.document.structured_data import texts
from crawler.parsers.document.videos import videos
from crawler.parsers.generic.authors import authors as name_authors
from crawler.parsers.generic.body import Prose, prose, told_prose
from crawler.parsers.generic.candidates import Candidates
from crawler.parsers.generic.deck_related import deck, related
from crawler.parsers.generic.embedded import hydrated
from crawler.parsers.generic.headline import Headline, headline
from crawler.parsers.generic.people import authors as clean_authors
from crawler.parsers.images.collect import Gallery, gallery

_SECTION = (
    "article:section", "section", "og:article:section", "cxenseparse:recs:category", "category", "parsely-section", "dcterms.subject",
)  # fmt: skip


def read_generic(
    page: Page, *, language: str | None = None, timezone: str = "UTC", key_of_picture: Callable[[str], str] | None = None
) -> Article:
    """Read any news page.

    Args:
        language: Language of the host, where known; a hint only.
        timezone: Zone of printed times without one; UTC means unknown: then that of the country the host's name ends in, if it has one.
    Raises:
        Unreadable: The page cannot be parsed.
    """
    try:
        return _Generic(hydrated(page), language, timezone, key_of_picture).article()
    except (RecursionError, MemoryError) as error:
        raise Unreadable(f"{page.url}: too deep or too large to read ({type(error).__name__})") from error


class _Generic:
    """One reading; holds what its steps share."""

    def __init__(self, page: Page, language: str | None, timezone: str, key_of_picture: Callable[[str], str] | None) -> None:
        self.page, self.hint, self.key_of = page, language, key_of_picture
        self.timezone = (zone_of_address(page.url) or timezone) if timezone == "UTC" else timezone
        self.said = Candidates(page)
        self.pieces, self.meta, self.linked = self.said.pieces, self.said.meta, self.said.linked
        self.by: dict[str, str] = {}
        self.problems: list[str] = list(page.problems)

    def article(self) -> Article:
        head = headline(self.said, self.page.trace)
        at = head.at
        body = told_prose(prose(self.page, self.pieces, at), texts(self.linked.article.get("articleBody")))
        by, authors = astuple(name_authors(self.said, at, body.places, self.page.trace))
        self.by |= {"authors": by} if authors else {}
        shown = gallery(self.page, self.pieces, at, body.places, authors, self.key_of)
        images = tuple(image for image, _ in shown.images)
        blocks = self.blocks(body, head, authors, shown)
        crumbs, section = self.section(at, head.text)
        lang = self.claimed_language()
        article_text = "\n".join(b.text or "" for b in blocks)
        found = videos()(self.page)
        under = deck(self.said, at, body)
        self.by |= ({"headline": head.by} if head.text else {}) | ({"deck": under[1]} if under else {})
        self.by |= {"language": "html lang, text"} | ({"blocks": body.by} if blocks else {}) | ({"videos": found.by} if found else {})
        self.by |= {"images": "figures"} if images else {}
        return Article(
            url=self.page.url, headline=head.text, headline_alternatives=head.others, deck=under[0] if under else None, blocks=blocks,
            images=images, authors=authors, published=self.when("published", at), modified=self.when("modified", at),
            published_raw=self.raw_date(at),
            section=section, breadcrumb=crumbs, language=language_of(article_text or head.text or "", lang), tags=self.tags(),
            videos=found.value if found else (), canonical_url=self.canonical(),
            related=related(self.said, body, self.canonical()), read_by=self.by,
            problems=tuple(dict.fromkeys(self.problems)),
        )  # fmt: skip

    def claimed_language(self) -> str | None:
        """What the page says of its language, most exact place first."""
        boxes = [self.page.root, *self.page.root.iter("body")]
        marked = (box.get(name) for box in boxes for name in ("lang", "xml:lang", "{http://www.w3.org/XML/1998/namespace}lang"))
        told = texts(self.linked.article.get("inLanguage"))
        return next(filter(None, marked), None) or next(iter(told), None) or self.said.first(*_LANGUAGE) or self.hint

    # -- time

    def when(self, which: str, at: int) -> str | None:
        """The best-witnessed time: with a zone before without, with a time before a bare day; never later than the capture."""
        best: tuple[int, str, bool, str] | None = None
        for by, text in self.said.times(which, at):
            value = moment(text)
            if value is None:
                continue
            iso, assumed = value.iso(self.timezone)
            if not bounded(iso, self.page.date):
                self.problems.append(LATER_THAN_CAPTURE)
                continue
            rank = 2 if value.time is not None and not assumed else 1 if value.time is not None else 0
            # A later witness counts only where it says the same day more exactly.
            if best is None or (rank > best[0] and iso[:10] == best[1][:10]):
                best = (rank, iso, assumed, by)
            if best[0] == 2:
                break
        if best is None:
            return None
        if best[2]:
            self.problems.append(ZONE_ASSUMED)
        self.by[which] = best[3]
        return best[1]

    def raw_date(self, at: int) -> str | None:
        return next((piece.line for piece in self.said.near_dates(at)), None)

    # -- section, tags, address

    def section(self, at: int, headline: str | None) -> tuple[tuple[Link, ...], str | None]:
        crumbs = self.linked_crumbs() or breadcrumb(self.pieces, at, _NO_CRUMB, below=2)[0] if at >= 0 else ()
        for by, values in (
            ("jsonld articleSection", texts(self.linked.article.get("articleSection"))),
            *((f"meta {n}", self.meta.get(n, [])) for n in _SECTION),
        ):
            if values:
                self.by["section"] = by
                return crumbs, values[0]
        no_section = {words(name) for name in (*_HOME, headline or "")}
        named_crumbs = [c.text for c in crumbs if words(c.text) not in no_section]
        if named_crumbs:
            self.by["section"] = "breadcrumb"
        return crumbs, named_crumbs[-1] if named_crumbs else None

    def linked_crumbs(self) -> tuple[Link, ...]:
        for node in self.linked.of_type("breadcrumblist"):
            out = []
            items = node.get("itemListElement")
            for item in items if isinstance(items, list) else []:
                if isinstance(item, dict):
                    target = item.get("item")
                    url = (
                        target if isinstance(target, str) else target.get("@id") or target.get("url") if isinstance(target, dict) else None
                    )
                    name = next(iter(texts(item.get("name")) or texts(target if isinstance(target, dict) else None)), "")
                    if name:
                        out.append(Link(url=(self.page.join(url) if isinstance(url, str) else url) or "", text=name))
            if out:
                self.by["breadcrumb"] = "jsonld"
                return tuple(out)
        return ()

    def tags(self) -> tuple[str, ...]:
        keywords: Any = self.linked.article.get("keywords")
        values = texts(keywords) if isinstance(keywords, list) else [v for t in texts(keywords) for v in t.split(",")]
        values = (
            values
            or list(self.meta.get("article:tag", ()))
            or [v for name in ("news_keywords", "keywords") for t in self.meta.get(name, ())[:1] for v in t.split(",")]
        )
        return tuple(dict.fromkeys(tag for v in values if (tag := squeeze(v)) and len(tag) < 80))[:40]

    def canonical(self) -> str | None:
        href = self.page.xpath("//link[@rel='canonical']/@href").get() or self.said.first("og:url")
        return (self.page.join(href) or None) if href else None

    # -- pictures and body

    def blocks(self, body: Prose, head: Headline, authors: Sequence[str], shown: Gallery) -> tuple[Block, ...]:
        """The body without what other fields took, pictures in their places."""
        at = {n: i for i, (_, n) in enumerate(shown.images) if n is not None}
        wordings = {words(text) for text in (head.text or "", *head.others)}
        taken = {*wordings, *(words(a) for a in authors)}
        for image, _ in shown.images:
            taken |= {words(t) for t in (image.raw, image.caption, image.credit) if t}
        taken.discard("")
        out: list[Block] = []
        waiting = sorted(at)
        for block, place in body.blocks:
            key = words(block.text or "")
            if (
                key in taken
                or place in shown.words
                or _only_names(block.text or "", authors)
                or (block.kind == "heading" and any(len(w) > 15 and w in key for w in wordings))
            ):
                continue
            while place is not None and waiting and waiting[0] < place:
                out.append(Block(kind="picture", image=at[waiting.pop(0)]))
            out.append(block)
        return (*out, *(Block(kind="picture", image=at[n]) for n in waiting))


def _only_names(line: str, authors: Sequence[str]) -> bool:
    """Tell whether a line is a byline: names of authors and the small words around them."""
    if len(line) > 90 or not authors:
        return False
    names = {*map(words, clean_authors([line]))}
    return bool(names) and names <= {*map(words, authors)}


_LANGUAGE = ("language", "content-language", "dc.language", "dcterms.language", "inlanguage", "og:locale")
_HOME = (
    "Home", "Homepage", "Startseite", "Accueil", "Inicio", "Início", "Forside", "Hem", "Etusivu", "Ana Sayfa", "Главная", "Головна",
    "ホーム", "トップ",
)  # fmt: skip
_NO_CRUMB = re.compile(r"^(?:share|print|e-?mail|menu|home\s*\|)\b", re.IGNORECASE)

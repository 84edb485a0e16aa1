"""Find section, breadcrumb, tags, language and canonical address of a page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from attrs import frozen

from crawler.items import Link
from crawler.parsers.document.breadcrumbs import breadcrumb
from crawler.parsers.document.elements import tagged
from crawler.parsers.document.rules import Trace
from crawler.parsers.document.segments import squeeze, words
from crawler.parsers.document.structured_data import canonical_href, texts
from crawler.parsers.generic.candidates import Candidates

MAX_TAGS = 40
MAX_TAG_CHARACTERS = 80

_SECTION = (
    "article:section", "section", "og:article:section", "cxenseparse:recs:category", "category", "parsely-section", "dcterms.subject",
)  # fmt: skip
_LANGUAGE = ("language", "content-language", "dc.language", "dcterms.language", "inlanguage", "og:locale")
_LANGUAGE_ATTRIBUTES = ("lang", "xml:lang", "{http://www.w3.org/XML/1998/namespace}lang")
_HOME = (
    "Home", "Homepage", "Startseite", "Accueil", "Inicio", "Início", "Forside", "Hem", "Etusivu", "Ana Sayfa", "Главная", "Головна",
    "ホーム", "トップ",
)  # fmt: skip
_NO_CRUMB = re.compile(r"^(?:share|print|e-?mail|menu|home\s*\|)\b", re.IGNORECASE)


@frozen(kw_only=True)
class Section:
    """The breadcrumb and the section of a page, each with the place that names it."""

    crumbs: tuple[Link, ...] = ()
    crumbs_by: str | None = None
    name: str | None = None
    by: str | None = None


def section_of(page: Candidates, at: int, headline: str | None, trace: Trace | None = None) -> Section:
    """Find breadcrumb and section: JSON-LD, `meta`, else the last fitting crumb."""
    linked = _linked_crumbs(page)
    crumbs = linked or (breadcrumb(page.segments, at, _NO_CRUMB, below=2, page=page.page)[0] if at >= 0 else ())
    said = {by: name for by, name in _sections(page, crumbs, headline) if name}
    by = next(iter(said), None)
    if trace is not None:
        trace.note("section", by, [*said.items()])
    return Section(crumbs=crumbs, crumbs_by="jsonld" if linked else None, name=said[by] if by else None, by=by)


def _sections(page: Candidates, crumbs: Sequence[Link], headline: str | None) -> Iterator[tuple[str, str | None]]:
    """The places that may name the section, and their first name."""
    yield "jsonld articleSection", next(iter(texts(page.linked.article.get("articleSection"))), None)
    for name in _SECTION:
        yield f"meta {name}", next(iter(page.meta.get(name, ())), None)
    no_section = {words(name) for name in (*_HOME, headline or "")}
    yield "breadcrumb", next((crumb.text for crumb in reversed(crumbs) if words(crumb.text) not in no_section), None)


def _linked_crumbs(page: Candidates) -> tuple[Link, ...]:
    """The breadcrumb in JSON-LD."""
    for node in page.linked.of_type("breadcrumblist"):
        items = node.get("itemListElement")
        entries = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
        if out := tuple(link for item in entries if (link := _crumb(page, item)) is not None):
            return out
    return ()


def _crumb(page: Candidates, item: dict[str, Any]) -> Link | None:
    """One entry of a breadcrumb in JSON-LD, None if it has no name."""
    target = item.get("item")
    node = target if isinstance(target, dict) else {}
    url = target if isinstance(target, str) else node.get("@id") or node.get("url")
    name = next(iter(texts(item.get("name")) or texts(node or None)), "")
    return Link(url=(page.page.join(url) if isinstance(url, str) else url) or "", text=name) if name else None


def tags_of(page: Candidates) -> tuple[str, ...]:
    """Find the tags: JSON-LD, `article:tag`, else the keywords in `meta`."""
    values = next((values for values in _tag_lists(page) if values), [])
    return tuple(dict.fromkeys(tag for v in values if (tag := squeeze(v)) and len(tag) < MAX_TAG_CHARACTERS))[:MAX_TAGS]


def _tag_lists(page: Candidates) -> Iterator[list[str]]:
    """The lists of tags in order: JSON-LD, `article:tag`, keywords."""
    keywords: Any = page.linked.article.get("keywords")
    told = texts(keywords)
    yield told if isinstance(keywords, list) else [v for t in told for v in t.split(",")]
    yield list(page.meta.get("article:tag", ()))
    yield [v for name in ("news_keywords", "keywords") for t in page.meta.get(name, ())[:1] for v in t.split(",")]


def claimed_language(page: Candidates, hint: str | None) -> str | None:
    """The language a page claims: of `html` or `body`, JSON-LD, `meta`, else of the host."""
    boxes = [page.page.root, *tagged(page.page, "body")]
    marked = (box.get(name) for box in boxes for name in _LANGUAGE_ATTRIBUTES)
    told = texts(page.linked.article.get("inLanguage"))
    return next(filter(None, marked), None) or next(iter(told), None) or page.first(*_LANGUAGE) or hint


def canonical_of(page: Candidates) -> str | None:
    """The canonical address: `link rel=canonical`, else `og:url`."""
    href = canonical_href(page.page) or page.first("og:url")
    return (page.page.join(href) or None) if href else None

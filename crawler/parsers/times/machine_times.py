"""Times in machine words: JSON-LD, `meta`, microdata."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from crawler.parsers.dates.dates import moment
from crawler.parsers.dates.labels import MODIFIED, PUBLISHED
from crawler.parsers.dates.locale import Locale
from crawler.parsers.document.display import line_of
from crawler.parsers.document.segments import ancestry
from crawler.parsers.document.structured_data import texts
from crawler.parsers.generic.candidates import Candidates
from crawler.parsers.times.others import OTHER_TYPES, Others
from crawler.parsers.times.told import Told

_META = {
    PUBLISHED: (
        "article:published_time", "og:article:published_time", "datepublished", "date", "dc.date", "dc.date.issued", "dc.date.created",
        "dcterms.created", "dcterms.date", "dcterms.issued", "parsely-pub-date", "sailthru.date", "pubdate", "publishdate",
        "publish-date", "publish_date", "publication_date", "article.published", "cxenseparse:recs:publishtime", "published_time",
        "article:created", "rnews:datepublished", "og:published_time", "iso-8601-publish-date",
        "originalpublicationdate", "ptime", "article_date_original", "vr:published_time", "cxenseparse:publishtime", "dcterms.available",
        "published_at", "publishedat", "article.created", "date.created", "date-publication", "datecreated",
    ),
    MODIFIED: (
        "article:modified_time", "og:article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "dc.date.modified",
        "last-modified", "lastmod", "article:modified", "article.updated", "updated_time", "last-modified-date", "modified_time",
        "cxenseparse:recs:modifiedtime", "revised", "dc.date.updated", "article:updated_time", "last_updated", "lastmodified",
    ),
}  # fmt: skip
_KEYS = {PUBLISHED: ("datePublished", "dateCreated"), MODIFIED: ("dateModified",)}


def machine_times(page: Candidates, which: str, locale: Locale, others: Others) -> Iterator[Told]:
    """The times that machine words tell, the surest first.

    Args:
        which: `published` or `modified`.
    """
    for name, text in _texts(page, which, others):
        yield Told(by=name, text=text, moment=moment(text, locale=locale), label=which)


def _texts(page: Candidates, which: str, others: Others) -> Iterator[tuple[str, str]]:
    key = _KEYS[which][0]
    for node in (page.linked.article, *page.linked.pages):
        for text in _values(node.get(key)):
            yield f"jsonld {key}", text
    for name in _META[which]:
        for text in page.meta.get(name, ()):
            yield f"meta {name}", text
    for element in (element for name in _KEYS[which] for element in page.marked_own(name)):
        if element.tag != "meta" and others(element):
            continue
        if _is_own_scope(element):
            yield "microdata", element.get("content") or element.get("datetime") or line_of(element)


def _values(value: Any) -> list[str]:
    """The texts of a value; numbers are seconds or milliseconds."""
    return [str(int(value))] if isinstance(value, (int, float)) and not isinstance(value, bool) else texts(value)


def _is_own_scope(element: etree._Element) -> bool:
    """Tell whether the thing that an `itemprop` belongs to may be the article."""
    scope = next((one for one in ancestry(element) if one is not element and one.get("itemscope") is not None), None)
    kind = "" if scope is None else (scope.get("itemtype") or "").lower()
    return kind.rstrip("/").rsplit("/", 1)[-1] not in OTHER_TYPES

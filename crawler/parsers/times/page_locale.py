"""Language and country of a page, and its order of day and month."""

from __future__ import annotations

import re
from typing import Any

from attrs import evolve

from crawler.parsers.dates.line import plain
from crawler.parsers.dates.locale import Locale, locale_of
from crawler.parsers.generic.candidates import Candidates
from crawler.parsers.generic.metadata import claimed_language

MAX_SEGMENTS = 400
_FIGURES = re.compile(r"(?<![\d./-])(\d{1,2})([/-])(\d{1,2})\2(?:\d{4}|\d\d)(?![\d/-])")


def page_locale(page: Candidates, hint: str | None = None) -> Locale:
    """The locale of a page, by its host, its language tags and its publisher's address."""
    return locale_of(page.page.url, [claimed_language(page, hint), page.first("og:locale"), page.first("content-language")], _country(page))


def _country(page: Candidates) -> str | None:
    """The country of the publisher's address in JSON-LD."""
    publisher: Any = page.linked.resolved(page.linked.article.get("publisher"))
    address = publisher.get("address") if isinstance(publisher, dict) else None
    country = address.get("addressCountry") if isinstance(address, dict) else None
    name = country.get("name") if isinstance(country, dict) else country
    return name if isinstance(name, str) else None


def with_order(locale: Locale, page: Candidates) -> Locale:
    """The locale, with the order of day and month where other dates decide it."""
    votes = {True: 0, False: 0}
    for segment in page.segments[:MAX_SEGMENTS]:
        if not segment.text or not any(sign.isnumeric() for sign in segment.text[:300]):
            continue
        for first, _, second in _FIGURES.findall(plain(segment.text[:300])):
            if 12 < int(second) <= 31 and 0 < int(first) <= 12:
                votes[True] += 1
            elif 12 < int(first) <= 31 and 0 < int(second) <= 12:
                votes[False] += 1
    if votes[True] == votes[False]:
        return locale
    return evolve(locale, month_first=votes[True] > votes[False])

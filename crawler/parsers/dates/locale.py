"""Language and country of a page, as far as dates need them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from attrs import frozen

from crawler.urls import host_of

MONTH_FIRST = frozenset(("AS", "FM", "GU", "MH", "MP", "PH", "PR", "PW", "UM", "US", "VI"))
"""Countries that write 3/12 for the twelfth of March. Source: the short date patterns of CLDR 48, as babel ships them."""
YEAR_FIRST = frozenset(["zh", "ja", "ko", "hu", "lt", "mn", "eu"])
"""Languages that write 24.03.12 for the twelfth of March 2024. Source as above."""
_SOLD = """
ac ai am as bz cc cd co dj eu fm gg io je la ly me mu nu pw sc sh so st su tk to tv vc ws
"""
_NO_COUNTRY = frozenset(_SOLD.split())
"""Ends of host names that are sold to the whole world."""
_LANGUAGE_TAG = re.compile(r"([a-z]{2,3})(?:[-_][a-z]{4})?(?:[-_]([a-z]{2}))?(?![a-z])", re.IGNORECASE)


@frozen(kw_only=True)
class Locale:
    """Language and country of a page; empty where unknown."""

    language: str = ""
    country: str = ""
    """As ISO 3166 writes it."""
    month_first: bool | None = None
    """Whether figures name the month first, where the page decides it."""

    @property
    def writes_month_first(self) -> bool:
        """Tell whether 3/12 is most likely the twelfth of March."""
        if self.month_first is not None:
            return self.month_first
        return self.country in MONTH_FIRST or (not self.country and self.language in ("en", "fil"))


ANYWHERE = Locale(month_first=False)
"""Of a line of which nothing else is known."""


def locale_of(url: str, tags: Iterable[str | None], country: str | None = None) -> Locale:
    """The locale of a page.

    Args:
        tags: Language tags, the surest first.
        country: Where the publisher says that it is.

    >>> locale_of("https://www.post.example.ie/a", ["en-US"])
    Locale(language='en', country='IE', month_first=None)
    """
    found = [match for tag in tags if tag and (match := _LANGUAGE_TAG.match(tag.strip())) is not None]
    end = host_of(url).rpartition(".")[2] if url else ""
    host_country = end.upper() if len(end) == 2 and end.isalpha() and end not in _NO_COUNTRY else ""
    told = country.strip().upper() if country and len(country.strip()) == 2 else ""
    region = next((match[2].upper() for match in found if match[2]), "")
    language = found[0][1].lower() if found else ""
    chosen = host_country or told or region
    return Locale(
        language={"no": "nb", "tl": "fil", "iw": "he", "in": "id"}.get(language, language), country={"UK": "GB"}.get(chosen, chosen)
    )

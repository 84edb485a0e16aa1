"""Counts of what was found by section, agency, year, language and site."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from attrs import frozen

from crawler.search.matching import Group
from crawler.search.query import Any, Query

MAX_VALUES = 25
"""Values of a facet, those of most stories."""
_FIELD = {"section": "section", "agency": "agency", "year": "year", "language": "lang", "site": "site"}
_PLAIN = re.compile(r"[^\W_][\w.-]*")


@frozen(kw_only=True)
class FacetValue:
    """A value of a facet."""

    value: str
    count: int
    narrowed: str
    """The query that asks for these only."""


@frozen(kw_only=True)
class Facet:
    """A property by which what was found can be narrowed."""

    name: str
    """section, agency, year, language or site."""
    values: tuple[FacetValue, ...]
    """The most frequent first; years the last first. What has no value is not counted."""
    others: int
    """Further values, not listed."""


def facets_of(query: Query, rows: Iterable[tuple[int, int, int, int]], groups: dict[int, Group]) -> tuple[Facet, ...]:
    """Count versions: rows with group and year in their second column."""
    by_group: Counter[int] = Counter()
    years: Counter[str] = Counter()
    for both, count in Counter([row[1] for row in rows]).items():
        number, year = divmod(both, 10_000)
        by_group[number] += count
        years[str(year)] += count
    counted: dict[str, Counter[str]] = {"section": Counter(), "agency": Counter(), "year": years, "language": Counter(), "site": Counter()}
    for number, count in by_group.items():
        group = groups[number]
        counted["section"][group.section] += count
        counted["language"][group.language.lower().replace("_", "-").partition("-")[0]] += count
        counted["site"][group.site] += count
        for agency in group.agencies:
            counted["agency"][agency] += count
    return tuple(_facet(query, name, counts) for name, counts in counted.items())


def _facet(query: Query, name: str, counts: Counter[str]) -> Facet:
    counts.pop("", None)
    listed = sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:MAX_VALUES]
    if name == "year":
        listed.sort(reverse=True)
    values = (FacetValue(value=value, count=count, narrowed=_narrowed(query, name, value)) for value, count in listed)
    return Facet(name=name, values=tuple(values), others=max(0, len(counts) - MAX_VALUES))


def _narrowed(query: Query, name: str, value: str) -> str:
    text = query.text.strip()
    bare = value.replace('"', " ").strip()
    told = bare if _PLAIN.fullmatch(bare) else f'"{bare}"'
    return f"{f'({text})' if isinstance(query.tree, Any) else text} {_FIELD[name]}:{told}"

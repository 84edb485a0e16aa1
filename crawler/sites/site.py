"""The values that a site file is made of."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from attrs import field, frozen

from crawler.items import Mirror
from crawler.urls import host_of, path_of

if TYPE_CHECKING:
    from crawler.parsers.template import Template

__all__ = ["Feed", "Mirror", "Section", "Site", "Sitemap", "Template"]

NUMBER_SLACK = timedelta(days=31)
_DAYS = {"gregorian": ("y", "m", "d"), "jalali": ("jy", "jm", "jd")}
"""Calendar to the groups that name its year, month and day."""


def __getattr__(name: str) -> object:
    """Load `Template` for a site file; a site without templates needs no readers."""
    if name == "Template":
        from crawler.parsers.template import Template

        return Template
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


@frozen
class Feed:
    """An RSS or Atom feed, asked for on every mirror of its language."""

    path: str
    language: str | None = field(default=None, kw_only=True)


@frozen
class Sitemap:
    """A sitemap or sitemap index, asked for on the first mirror of its language."""

    path: str
    language: str | None = field(default=None, kw_only=True)


@frozen
class Section:
    """A list of stories: the home page or the first page of a section."""

    path: str
    language: str | None = field(default=None, kw_only=True)
    backfill: bool = field(default=False, kw_only=True)
    """Asked for only in a backfill of sections, and by `sections=`."""


Seed = Feed | Sitemap | Section


@frozen(slots=False, kw_only=True)
class Site:
    """Definition of one publisher: hosts, address patterns, seeds, layouts."""

    name: str
    title: str
    language: str
    mirrors: tuple[Mirror, ...]
    """In the order in which they are asked when all are well."""
    stories: tuple[str, ...]
    """Patterns on path and query (doubled slashes collapsed, case ignored), each with a group `id`: the story's number, or its slug where
    it has none; with groups `y`, `m`, `d` where the address names the day of publication, or `jy`, `jm`, `jd` for a Jalali day."""
    numbered: tuple[tuple[int, date], ...] = ()
    """Story numbers and their days of publication, both rising: they bound the day of an address that names none."""
    seeds: tuple[Seed, ...] = ()
    templates: tuple[Template, ...] = ()
    timezone: str = "UTC"
    """IANA name: the zone of printed times where the page gives none."""
    sections: tuple[str, ...] = ()
    """Patterns of section fronts, with a group `id` and an optional group `page`."""
    sections_in: tuple[tuple[str, str], ...] = ()
    """Patterns of whole section ids, each with the language whose mirrors have these sections; others are where they are found."""
    languages_in: tuple[tuple[str, str], ...] = ()
    """Patterns on path, each with the language of what lies there, where one host has several."""
    section_page: str | None = None
    """How page n of a section is addressed: `/Section/{id}/{page}`."""
    story_page: str | None = None
    """Path at which a story is found by its number alone, `/detail/{number}.html`: only where it is proven."""
    never: tuple[str, ...] = ()
    """Patterns on path and query that must never be asked for: they count, loop, or are a player's frame."""
    never_hosts: tuple[str, ...] = ()
    picture_hosts: tuple[str, ...] = ()
    """Hosts that hold the same pictures under the same paths."""
    picture_key: str | None = None
    """A pattern on path with a group `key`: the part that is the same on each host and in each size of a picture."""
    identity: tuple[str, ...] = ()
    """XPath expressions for the address or number of the story on its page: they reveal a wrong article."""
    gone_words: tuple[str, ...] = ()
    """Words of a page with status 200 that stands for a missing story."""
    file: Path | None = field(default=None, eq=False, repr=False)
    """The file it was loaded from; set by `shelf`."""

    @cached_property
    def _patterns(self) -> dict[str, tuple[re.Pattern[str], ...]]:
        kinds = {"stories": self.stories, "sections": self.sections, "never": self.never, "languages_in": [p for p, _ in self.languages_in]}
        return {kind: tuple(re.compile(p, re.IGNORECASE) for p in patterns) for kind, patterns in kinds.items()}

    def owns(self, url: str) -> bool:
        """Tell whether an address is on a host of the site, lost mirrors included."""
        return host_of(url) in self.hosts

    @cached_property
    def hosts(self) -> frozenset[str]:
        """Hosts of all mirrors."""
        return frozenset(m.host for m in self.mirrors)

    @cached_property
    def own_hosts(self) -> frozenset[str]:
        """Hosts of mirrors and of pictures."""
        return self.hosts | frozenset(self.picture_hosts)

    @cached_property
    def _series(self) -> dict[str, str]:
        return {mirror.host: f"{mirror.series}-" for mirror in self.mirrors if mirror.series}

    def number(self, url: str) -> str | None:
        """Find the story number in an address, with the series of its mirror.

        Leading zeros are dropped.
        """
        if not self.owns(url):
            return None
        path = path_of(url)
        for pattern in self._patterns["stories"]:
            if found := pattern.search(path):
                return self._series.get(host_of(url), "") + (found["id"].lstrip("0") or "0")
        return None

    def story_id(self, url: str) -> str | None:
        """Make the story id, such as `presstv/459588`; None if the address is no story."""
        number = self.number(url)
        return f"{self.name}/{number}" if number else None

    def date_in(self, url: str) -> date | None:
        """Find the day in a story's address, or None."""
        for pattern in self._patterns["stories"]:
            if found := pattern.search(path_of(url)):
                named = found.groupdict()
                calendar = next((name for name, groups in _DAYS.items() if all(named.get(group) for group in groups)), None)
                if calendar is not None:
                    return _day(calendar, *(int(named[group]) for group in _DAYS[calendar]))
        return None

    @cached_property
    def is_numbered(self) -> bool:
        """Tell whether all stories have numbers, none a slug in their place."""
        return all(re.search(r"\(\?P<id>(?:\[1-9\])?\\d", pattern) for pattern in self.stories)

    @cached_property
    def dated(self) -> bool:
        """Tell whether addresses bound the day of publication, so that `since` and `until` apply."""
        named = (re.compile(pattern).groupindex.keys() for pattern in self.stories)
        return bool(self.numbered) or any({*groups} <= names for names in named for groups in _DAYS.values())

    def days_of(self, url: str) -> tuple[date | None, date | None]:
        """Bound the day of publication: earliest and latest, each None if unbounded.

        A number is given when a story is begun, so the days told by numbers are widened by `NUMBER_SLACK`.
        """
        if day := self.date_in(url):
            return day, day
        number = self.number(url)
        if number is None or not number.isdecimal() or not self.numbered:
            return None, None
        numbers = [known for known, _ in self.numbered]
        before, after = bisect_right(numbers, int(number)) - 1, bisect_left(numbers, int(number))
        earliest = self.numbered[before][1] - NUMBER_SLACK if before >= 0 else None
        latest = self.numbered[after][1] + NUMBER_SLACK if after < len(numbers) else None
        return earliest, latest

    def story_address(self, host: str, number: int) -> str:
        """Make the address of a story by its number alone; `story_page` is set."""
        scheme = next((mirror.scheme for mirror in self.mirrors if mirror.host == host), "https")
        return f"{scheme}://{host}{(self.story_page or '').format(number=number)}"

    def section(self, url: str) -> tuple[str, int] | None:
        """Find section id and page number of a section front, or None."""
        if not self.owns(url):
            return None
        for pattern in self._patterns["sections"]:
            if found := pattern.search(path_of(url)):
                groups = found.groupdict()
                return groups["id"], int(groups.get("page") or 1)
        return None

    def section_language(self, url: str) -> str | None:
        """Find the language of a section front, by its seed or its id."""
        found = self.section(url)
        if found is None:
            return None
        path = path_of(url).lower().rstrip("/")
        seeds = (seed for seed in self.seeds if isinstance(seed, Section))
        by_path = next((seed.language or self.language for seed in seeds if seed.path.lower().rstrip("/") == path), None)
        return by_path or next((language for pattern, language in self.sections_in if re.fullmatch(pattern, found[0])), None)

    def forbidden(self, url: str) -> bool:
        """Tell whether an address is on the never-fetch list."""
        return host_of(url) in self.never_hosts or any(p.search(path_of(url)) for p in self._patterns["never"])

    def languages(self) -> tuple[str, ...]:
        """List the site's own language, then those of single mirrors and paths."""
        told = (*(m.language for m in self.mirrors if m.language), *(language for _, language in self.languages_in))
        return tuple(dict.fromkeys((self.language, *told)))

    def language_in(self, url: str, otherwise: str | None = None) -> str | None:
        """Find the language that the path of an address tells, or another."""
        path, told = path_of(url), (language for _, language in self.languages_in)
        named = zip(self._patterns["languages_in"], told, strict=True)
        return next((language for pattern, language in named if pattern.search(path)), otherwise)

    def mirrors_of(self, language: str | None, day: date) -> tuple[Mirror, ...]:
        """List the mirrors that serve a language and are the publisher's on that day."""
        wanted = language or self.language
        return tuple(m for m in self.mirrors if (m.language or self.language) == wanted and m.holds(day))

    def language_of(self, host: str) -> str | None:
        """Find the language of a mirror; None for a host of another site."""
        return next((m.language or self.language for m in self.mirrors if m.host == host.lower()), None)

    def key_of_picture(self, url: str) -> str:
        """Make the key of a picture, the same on each host and in each size."""
        if self.picture_key and (found := re.search(self.picture_key, path_of(url), re.IGNORECASE)):
            return found["key"].lower()
        return file_key(url)


def file_key(url: str) -> str:
    """Make the key of a file: host, path and query, whatever the scheme.

    >>> file_key("https://cdn.example/s.css?v=2")
    'cdn.example/s.css?v=2'
    """
    return f"{host_of(url)}{path_of(url)}" if urlsplit(url).netloc else url


def _day(calendar: str, year: int, month: int, day: int) -> date | None:
    """Make a day; None if the calendar has none such."""
    try:
        if calendar == "gregorian":
            return date(year, month, day)
        from crawler.parsers.dates.calendars import day_of

        return day_of(calendar, year, month, day)
    except ValueError:
        return None

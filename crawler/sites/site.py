"""The words a site is written in: one frozen value per publisher, no code of its own."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from attrs import field, frozen

from crawler.items import Mirror
from crawler.parsers.template import Template
from crawler.urls import host_of, path_of

__all__ = ["Feed", "Mirror", "Section", "Site", "Sitemap", "Template"]

NUMBER_SLACK = timedelta(days=31)


@frozen
class Feed:
    """An RSS or Atom feed, asked for on every mirror of its language: what one hides another shows."""

    path: str
    language: str | None = field(default=None, kw_only=True)


@frozen
class Sitemap:
    """A sitemap or sitemap index, asked for on the first mirror of its language."""

    path: str
    language: str | None = field(default=None, kw_only=True)


@frozen
class Section:
    """A list of stories: the home page or a section front, the first page of perhaps many."""

    path: str
    language: str | None = field(default=None, kw_only=True)
    backfill: bool = field(default=False, kw_only=True)
    """Asked for only in a backfill of sections, and by `sections=`."""


Seed = Feed | Sitemap | Section


@frozen(slots=False, kw_only=True)
class Site:
    """What we know about one publisher."""

    name: str
    title: str
    language: str
    mirrors: tuple[Mirror, ...]
    """In the order in which they are asked when all are well."""
    stories: tuple[str, ...]
    """Patterns on path and query (doubled slashes collapsed, case ignored), each with a group `id`; with groups `y`, `m`, `d` where
    the address names the day of publication."""
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
    section_page: str | None = None
    """How page n of a section is addressed: `/Section/{id}/{page}`."""
    never: tuple[str, ...] = ()
    """Patterns on path and query that must never be asked for: they count, loop, or are a player's frame."""
    never_hosts: tuple[str, ...] = ()
    picture_hosts: tuple[str, ...] = ()
    """Hosts that hold the same pictures under the same paths."""
    picture_key: str | None = None
    """A pattern on path with a group `key`: what stays the same when a picture's host or rendition changes."""
    identity: tuple[str, ...] = ()
    """XPath expressions for what on a story's page names the story (an address or a number): tells a wrong article."""
    gone_words: tuple[str, ...] = ()
    """What a page says in place of a story that is not there, with status 200."""
    file: Path | None = field(default=None, eq=False, repr=False)
    """The file it was loaded from; set by the shelf."""

    @cached_property
    def _patterns(self) -> dict[str, tuple[re.Pattern[str], ...]]:
        kinds = {"stories": self.stories, "sections": self.sections, "never": self.never}
        return {kind: tuple(re.compile(p, re.IGNORECASE) for p in patterns) for kind, patterns in kinds.items()}

    def owns(self, url: str) -> bool:
        """Whether an address is on one of the site's hosts (mirrors long lost count too)."""
        return host_of(url) in self.hosts

    @cached_property
    def hosts(self) -> frozenset[str]:
        """Every mirror's host."""
        return frozenset(m.host for m in self.mirrors)

    def number(self, url: str) -> str | None:
        """The story number an address on one of our hosts names, whatever its shape; leading zeros dropped."""
        if not self.owns(url):
            return None
        path = path_of(url)
        for pattern in self._patterns["stories"]:
            if found := pattern.search(path):
                return found["id"].lstrip("0") or "0"
        return None

    def story_id(self, url: str) -> str | None:
        """`presstv/459588`, or None where the address is no story of ours."""
        number = self.number(url)
        return f"{self.name}/{number}" if number else None

    def date_in(self, url: str) -> date | None:
        """The day a story's address names (groups `y`, `m`, `d` of its pattern), or None."""
        for pattern in self._patterns["stories"]:
            if (found := pattern.search(path_of(url))) and {"y", "m", "d"} <= found.groupdict().keys():
                try:
                    return date(int(found["y"]), int(found["m"]), int(found["d"]))
                except (ValueError, TypeError):
                    return None
        return None

    @cached_property
    def dated(self) -> bool:
        """Whether addresses tell days, exactly or by their number: else `since` and `until` mean nothing here."""
        return bool(self.numbered) or any({"y", "m", "d"} <= p.groupindex.keys() for p in self._patterns["stories"])

    def days_of(self, url: str) -> tuple[date | None, date | None]:
        """The earliest and the latest day on which the story of an address may have been published; None where nothing bounds it.

        A number is given when a story is begun, so the days told by numbers are widened by `NUMBER_SLACK`.
        """
        if day := self.date_in(url):
            return day, day
        number = self.number(url)
        if number is None or not self.numbered:
            return None, None
        numbers = [known for known, _ in self.numbered]
        before, after = bisect_right(numbers, int(number)) - 1, bisect_left(numbers, int(number))
        earliest = self.numbered[before][1] - NUMBER_SLACK if before >= 0 else None
        latest = self.numbered[after][1] + NUMBER_SLACK if after < len(numbers) else None
        return earliest, latest

    def section(self, url: str) -> tuple[str, int] | None:
        """Section id and page number of a section front, or None."""
        if not self.owns(url):
            return None
        for pattern in self._patterns["sections"]:
            if found := pattern.search(path_of(url)):
                groups = found.groupdict()
                return groups["id"], int(groups.get("page") or 1)
        return None

    def section_language(self, url: str) -> str | None:
        """The language whose mirrors have a section front: that of the seed with its path, or by its id; None where nothing tells."""
        found = self.section(url)
        if found is None:
            return None
        path = path_of(url).lower().rstrip("/")
        seeds = (seed for seed in self.seeds if isinstance(seed, Section))
        by_path = next((seed.language or self.language for seed in seeds if seed.path.lower().rstrip("/") == path), None)
        return by_path or next((language for pattern, language in self.sections_in if re.fullmatch(pattern, found[0])), None)

    def forbidden(self, url: str) -> bool:
        """Whether an address is on the never-fetch list."""
        return host_of(url) in self.never_hosts or any(p.search(path_of(url)) for p in self._patterns["never"])

    def languages(self) -> tuple[str, ...]:
        """The site's own language first, then those of single mirrors."""
        return tuple(dict.fromkeys((self.language, *(m.language for m in self.mirrors if m.language))))

    def mirrors_of(self, language: str | None, day: date) -> tuple[Mirror, ...]:
        """Mirrors that serve a language and are the publisher's on that day, in order."""
        wanted = language or self.language
        return tuple(m for m in self.mirrors if (m.language or self.language) == wanted and m.holds(day))

    def language_of(self, host: str) -> str | None:
        """The language of a mirror, or None for a host that is not ours."""
        return next((m.language or self.language for m in self.mirrors if m.host == host.lower()), None)

    def key_of_picture(self, url: str) -> str:
        """What stays the same when the picture's host changes; the address without scheme where nothing is known."""
        if self.picture_key and (found := re.search(self.picture_key, path_of(url), re.IGNORECASE)):
            return found["key"].lower()
        parts = urlsplit(url)
        return f"{host_of(url)}{path_of(url)}" if parts.netloc else url

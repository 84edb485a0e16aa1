"""Rules for the hosts of a row: pinned host, mirrors of the site, any host."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Sequence
from datetime import datetime
from typing import Protocol

from attrs import evolve, frozen

from crawler.frontier.crawl_arguments import CrawlArguments
from crawler.frontier.rows import FrontierRow
from crawler.hosts.health import HostHealth
from crawler.items import BY_NUMBER, Mirror
from crawler.sites.site import Site
from crawler.urls import host_of, with_host

ANSWERING = ("well", "stale")
"""States of a mirror that may be asked for comparison."""
Choice = tuple[str, str]
"""A host, and the address to ask for there."""


class HostRule(Protocol):
    """The hosts of rows of one kind."""

    def hosts(self, row: FrontierRow) -> Sequence[str]:
        """List the hosts that may have a row's page."""

    def choose(self, row: FrontierRow, *, there: bool, denied: Container[str] = ()) -> Choice | None:
        """Choose the host to ask next; None if none is left.

        Args:
            there: The page is known to exist, whatever hosts have answered: a part of it came.
            denied: Hosts that said at another time that it is not there: others are asked first.
        """

    def settles(self, row: FrontierRow, host: str, denied: Collection[str] = ()) -> bool:
        """Tell whether a denial of a host leaves no other that might say otherwise.

        Args:
            denied: Hosts that said at another time that the page is not there.
        """

    def is_own(self, row: FrontierRow, host: str) -> bool:
        """Tell whether a host's 404 says that the page is not there."""

    def gone(self, row: FrontierRow) -> bool:
        """Tell whether a host that may hold the page has denied it."""

    def confirms(self, row: FrontierRow) -> bool:
        """Tell whether another host is asked before the page counts as gone."""

    def again(self, row: FrontierRow, *, attempts: int, lasting: bool) -> bool:
        """Tell whether another attempt may bring the page.

        Args:
            attempts: At one host.
            lasting: The last answer is one that the same host would only repeat.
        """

    def at_once(self, row: FrontierRow) -> bool:
        """Tell whether the next attempt needs no pause: another host is asked."""


@frozen(kw_only=True)
class SiteMirrors:
    """Mirrors of a site: those of the page's language, then, for a story, the others."""

    site: Site
    arguments: CrawlArguments
    health: HostHealth
    attempts: int
    clock: Callable[[], datetime]

    def candidates(self, row: FrontierRow) -> tuple[Mirror, ...]:
        """List the mirrors that may have a row's page, in the order of asking."""
        today = self.clock().date()
        if self.arguments.mirrors:
            by_host = {m.host: m for m in self.site.mirrors}
            return tuple(by_host.get(h, Mirror(host=h)) for h in self.arguments.mirrors)
        first = self.site.mirrors_of(row.language, today)
        if row.role != "story":
            return first
        return first + tuple(m for language in self.site.languages() for m in self.site.mirrors_of(language, today) if m not in first)

    def hosts(self, row: FrontierRow) -> Sequence[str]:
        """List the hosts of the candidates."""
        return [m.host for m in self.candidates(row)]

    def choose(self, row: FrontierRow, *, there: bool, denied: Container[str] = ()) -> Choice | None:
        """Choose the mirror in the best health, untried ones first."""
        if self.gone(row) and not there:
            mirrors = self._confirming(row)
        else:
            mirrors = tuple(m for m in self.candidates(row) if m.host not in row.answered)
        left = self._not_closed([m for m in mirrors if row.tried.count(m.host) < self.attempts])
        mirror = self.health.choose(self._first(row, left, denied), now=self.clock())
        return (mirror.host, with_host(row.url, mirror.host, mirror.scheme)) if mirror else None

    def _not_closed(self, mirrors: list[Mirror]) -> list[Mirror]:
        """Leave out mirrors that have had their requests; if all have, a row waits."""
        closed = self.health.closed()
        return [m for m in mirrors if m.host not in closed] or mirrors if closed else mirrors

    def _first(self, row: FrontierRow, left: Sequence[Mirror], denied: Container[str]) -> Sequence[Mirror]:
        """List the mirrors to ask first: untried, and servers without a denial."""
        untried = [m for m in left if m.host not in row.tried]
        others = [m for m in untried if m.host not in denied and not m.alias] if denied else []
        fresh = [m for m in others if self.is_own(row, m.host) and self.health.is_well(m.host)]
        return fresh or untried or left

    def settles(self, row: FrontierRow, host: str, denied: Collection[str] = ()) -> bool:
        """Tell whether no well mirror is left to ask, and two of its language agree.

        One is enough where no other of the language is well.
        """
        asked = evolve(row, answered=(*row.answered, host), tried=(*row.tried, host))
        if not self.gone(asked) or any(self.health.is_well(m.host) for m in self._unconfirmed(asked)):
            return False
        wanted = row.language or self.site.language
        own = [m.host for m in self.site.mirrors_of(wanted, self.clock().date()) if not m.alias]
        agreed = {*asked.answered, *denied}.intersection(own)
        return len(agreed) > 1 or not any(self.health.is_well(other) for other in own if other not in agreed)

    def is_own(self, row: FrontierRow, host: str) -> bool:
        """Tell whether a host is a mirror of the row's language, if there is one."""
        wanted = row.language or self.site.language
        candidates = self.candidates(row)
        own = [m.host for m in candidates if (m.language or self.site.language) == wanted]
        return host in (own or [m.host for m in candidates])

    def gone(self, row: FrontierRow) -> bool:
        """Tell whether a mirror has answered that the page is not there.

        A story is missing on mirrors of another language whether it exists or not: their answer alone says nothing.
        """
        if row.role != "story":
            return bool(row.answered)
        return any(self.is_own(row, host) for host in row.answered)

    def confirms(self, row: FrontierRow) -> bool:
        """Tell whether a mirror is left to ask before a story counts as gone."""
        return row.role == "story" and bool(self._unconfirmed(row))

    def again(self, row: FrontierRow, *, attempts: int, lasting: bool) -> bool:
        """Tell whether a mirror is left, or the same ones may be asked again."""
        return _again(row, self.hosts(row), attempts=attempts, lasting=lasting)

    def at_once(self, row: FrontierRow) -> bool:
        """Tell whether a mirror was not tried yet."""
        return any(host not in row.tried for host in self.hosts(row))

    def _confirming(self, row: FrontierRow) -> tuple[Mirror, ...]:
        """List the mirrors of one language that may confirm a removal.

        The one in the best health is asked: another may rest for an hour.
        """
        mirrors = self._unconfirmed(row)
        return tuple(m for m in mirrors if m.language == mirrors[0].language)

    def _unconfirmed(self, row: FrontierRow) -> tuple[Mirror, ...]:
        """List the mirrors still to be asked before a story counts as gone.

        Two of its language must say so, that one mirror's fault takes no story away, and one of each other language: a
        link on a French page may lead to an English story. A mirror that fails has denied nothing. A number that may be no
        story's is asked for once in each language.
        """
        if self.arguments.mirrors:
            return () if len(row.answered) > 1 else tuple(m for m in self.candidates(row) if m.host not in row.tried)
        today, wanted = self.clock().date(), row.language or self.site.language
        left: list[Mirror] = []
        for language in sorted(self.site.languages(), key=lambda one: one == wanted):
            mirrors = [m for m in self.site.mirrors_of(language, today) if not m.alias]
            denials = sum(m.host in row.answered for m in mirrors)
            if denials < (2 if language == wanted and row.found_on != BY_NUMBER else 1):
                left += [m for m in mirrors if m.host not in row.tried]
        return tuple(left)


@frozen(kw_only=True)
class PinnedHost:
    """The one host of a row: a feed that each mirror serves for itself."""

    mirrors: SiteMirrors

    def hosts(self, row: FrontierRow) -> Sequence[str]:
        """List the pinned host."""
        return [row.host] if row.host else []

    def settles(self, row: FrontierRow, host: str, denied: Collection[str] = ()) -> bool:
        """Ask no other host."""
        return True

    def choose(self, row: FrontierRow, *, there: bool, denied: Container[str] = ()) -> Choice | None:
        """Choose the pinned host, however often it was tried."""
        host = row.host or ""
        scheme = next((m.scheme for m in self.mirrors.site.mirrors if m.host == host), "https")
        return host, with_host(row.url, host, scheme)

    def is_own(self, row: FrontierRow, host: str) -> bool:
        """Believe the host."""
        return True

    def gone(self, row: FrontierRow) -> bool:
        """Tell whether the host has answered that the page is not there."""
        return bool(row.answered)

    def confirms(self, row: FrontierRow) -> bool:
        """Ask no other host."""
        return False

    def again(self, row: FrontierRow, *, attempts: int, lasting: bool) -> bool:
        """Ask again only if no other mirror serves the like."""
        return len(self.mirrors.candidates(row)) < 2 and _again(row, self.hosts(row), attempts=attempts, lasting=lasting)

    def at_once(self, row: FrontierRow) -> bool:
        """Pause before the same host is asked again."""
        return False


@frozen(kw_only=True)
class ComparedHost(PinnedHost):
    """The mirror on which a known story is compared: asked once, while it is well."""

    def choose(self, row: FrontierRow, *, there: bool, denied: Container[str] = ()) -> Choice | None:
        """Choose the mirror, unless it rests by now."""
        answers = row.host is not None and self.mirrors.health.mirrors.state(row.host) in ANSWERING
        return PinnedHost.choose(self, row, there=there) if answers else None

    def again(self, row: FrontierRow, *, attempts: int, lasting: bool) -> bool:
        """Ask once: what it says later is no comparison."""
        return False


@frozen(kw_only=True)
class AnyHost:
    """The address's own host; for a picture also those that hold the same paths."""

    site: Site
    attempts: int

    def hosts(self, row: FrontierRow) -> Sequence[str]:
        """List the address's own host first."""
        own = host_of(row.url)
        same = self.site.picture_hosts if own in self.site.picture_hosts else ()
        return [own, *(host for host in same if host != own)]

    def settles(self, row: FrontierRow, host: str, denied: Collection[str] = ()) -> bool:
        """Ask no other host about a page."""
        return True

    def choose(self, row: FrontierRow, *, there: bool, denied: Container[str] = ()) -> Choice | None:
        """Choose the first untried host, else the first not tried too often."""
        hosts = self.hosts(row)
        left = [host for host in hosts if host not in row.tried] or [host for host in hosts if row.tried.count(host) < self.attempts]
        if not left:
            return None
        return left[0], row.url if left[0] == hosts[0] else with_host(row.url, left[0], "https")

    def is_own(self, row: FrontierRow, host: str) -> bool:
        """Believe any host."""
        return True

    def gone(self, row: FrontierRow) -> bool:
        """Tell whether a host has answered that the page is not there."""
        return bool(row.answered)

    def confirms(self, row: FrontierRow) -> bool:
        """Tell whether a second host of the same pictures is left to ask."""
        return row.role == "requisite" and row.attempts < min(2, len(self.hosts(row)))

    def again(self, row: FrontierRow, *, attempts: int, lasting: bool) -> bool:
        """Tell whether a host is left, or the same ones may be asked again."""
        return _again(row, self.hosts(row), attempts=attempts, lasting=lasting)

    def at_once(self, row: FrontierRow) -> bool:
        """Pause before any further attempt."""
        return False


def _again(row: FrontierRow, hosts: Sequence[str], *, attempts: int, lasting: bool) -> bool:
    """Tell whether one of these hosts was not tried, or may be tried again."""
    silent = [host for host in hosts if host not in row.answered]
    repeated = bool(silent) and not lasting and row.attempts < max(attempts, len(silent))
    return repeated or any(host not in row.tried for host in silent)

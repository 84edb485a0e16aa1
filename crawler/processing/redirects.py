"""Redirects: targets, permission to follow, and the chain of hops of one request.

Two kinds of refusal. What the answer itself shows (no Location, an address that may not be asked for, a story's address that leads
to another page) is `target_of`, pure: live crawl, replay and rebuild judge it alike. What only the chain shows (a loop, too many
hops, a cookie wall) is `RedirectChain.follow`; the recorder writes it beside the answer, so that a rebuild need not guess it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from attrs import define, evolve, field

from crawler.errors import FetchFailed
from crawler.items import Headers, LeasedRequest
from crawler.urls import host_of, location_of

if TYPE_CHECKING:
    from crawler.processing.cookies import Cookies
    from crawler.sites.site import Site

MAX_REDIRECTS = 10
MIN_ROBOTS_REDIRECTS = 5
"""RFC 9309 2.3.1.2: at least five hops are followed for robots.txt."""
_STATUSES = frozenset({301, 302, 303, 307, 308})


def is_redirect(status: int | None, headers: Sequence[tuple[str, str]]) -> bool:
    """Test for a redirect; a 300 is one only with a Location (RFC 9110 15.4.1)."""
    return status in _STATUSES or (status == 300 and any(Headers(headers).all("location")))


def _no_cookies() -> Cookies:
    """The cookies of a chain that has not begun."""
    from crawler.processing.cookies import Cookies

    return Cookies()


@define
class RedirectChain:
    """Hops of one request: addresses asked for, with their cookies.

    Args:
        most: Redirects that are followed (ARCHIVE_MAX_REDIRECTS).
    """

    most: int = MAX_REDIRECTS
    _cookies: Cookies = field(factory=_no_cookies, init=False)
    _names: tuple[str, ...] = field(default=(), init=False)
    """Of the cookies that were last set."""
    _asked: set[tuple[str, str]] = field(factory=set, init=False)

    def follow(self, lease: LeasedRequest, url: str, target: str, headers: Sequence[tuple[str, str]] = ()) -> LeasedRequest:
        """The request after one more hop, a redirect or a refresh.

        Args:
            url: The address that answered.
            headers: Of the answer; its cookies go with the next request where their domain and path allow it.
        Raises:
            FetchFailed: Reason `redirect`: a loop, a cookie wall, or too many hops.
        """
        self._asked.add((url, self._cookies.header(url)))
        self._names = self._cookies.receive(url, headers) or self._names
        looped = (target, self._cookies.header(target)) in self._asked
        if looped or lease.hops >= self._most(lease):
            raise FetchFailed("redirect", self._words(lease, url, target, looped=looped))
        onward = lease.target.at(target)
        return evolve(lease, target=onward, hops=lease.hops + 1, etag=None, last_modified=None, validates=None, record_id=None)

    def cookies(self, url: str) -> str:
        """The Cookie header for the next request, or nothing."""
        return self._cookies.header(url)

    def _most(self, lease: LeasedRequest) -> int:
        return max(self.most, MIN_ROBOTS_REDIRECTS) if lease.role == "robots" else self.most

    def _words(self, lease: LeasedRequest, url: str, target: str, *, looped: bool) -> str:
        again = any(asked == target for asked, _ in self._asked)
        way = "to itself" if target == url else f"in a loop, back to {target}"
        if self._names and again:
            more = "" if looped else f", more than {self._most(lease)} times"
            return f"cookie wall: sets cookie {', '.join(self._names)[:100]} and redirects {way}{more}"[:300]
        return f"redirects {way}"[:300] if looped else f"more than {self._most(lease)} redirects"


def target_of(site: Site, lease: LeasedRequest, url: str, day: date, headers: Sequence[tuple[str, str]]) -> str:
    """The target of a redirect, if the answer alone shows that it may be followed.

    Args:
        url: The address that answered.
        day: When it answered.
    Raises:
        FetchFailed: It leads nowhere, to itself for no reason, to a host that is no longer the publisher's, or from a story to another.
    """
    location = Headers(headers).first("location")
    target = location_of(url, location)
    if not location:
        raise FetchFailed("redirect", "without Location")
    if not target:
        raise FetchFailed("bad-url", f"Location {location!r}"[:200])
    if target == url and not Headers(headers).has("set-cookie"):
        raise FetchFailed("redirect", "redirects to itself")
    if lease.role != "robots":
        check_target(site, lease, target, day)
    return target


def check_target(site: Site, lease: LeasedRequest, target: str, day: date) -> None:
    """Refuse targets of a redirect or refresh that must not be followed.

    Raises:
        FetchFailed: On the never-fetch list, on a host that is no longer the publisher's, or from a story to another.
    """
    if site.forbidden(target):
        raise FetchFailed("redirect", f"to an address on the never-fetch list: {target}"[:300])
    if lease.role == "story" and lease.story and site.mirrors:
        _same_story(site, lease, target, day)


def _same_story(site: Site, lease: LeasedRequest, target: str, day: date) -> None:
    """Refuse a redirect that leads away from the story."""
    gone = [m for m in site.mirrors if m.host == host_of(target) and not m.holds(day)]
    if gone or not site.owns(target):
        raise FetchFailed("redirect", f"to a host that is not the publisher's: {target}"[:300])
    if site.story_id(target) != lease.story:
        # The way many sites say that a story was taken down: its address leads to the home page.
        raise FetchFailed("redirect", f"the story's address leads to {target}"[:300], answer=True, moved_to=site.story_id(target))

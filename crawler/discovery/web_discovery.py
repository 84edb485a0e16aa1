"""Requests that follow from pages and lists of no known site."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from attrs import define, evolve, field, frozen

from crawler.discovery.discovery import PRIORITY
from crawler.discovery.further_pages import pages_of_web
from crawler.discovery.offered_links import NEVER, OF_RUN, OfferedLinks
from crawler.discovery.page_needs import pictures_listed
from crawler.discovery.site_discovery import SiteDiscovery
from crawler.frontier.crawl_arguments import CrawlArguments
from crawler.frontier.protocol import Frontier
from crawler.frontier.rows import OPEN_STATES, FrontierRow, queued_again
from crawler.frontier_reads.known_pages import KnownPages
from crawler.items import Capture, FrontierRequest, LeasedRequest, Link, Listing, ListKind, Omissions, Role, Target, Unusable, Usable
from crawler.items.link_list import urls_of
from crawler.scope.counters import Seen
from crawler.scope.seed_scope import SeedScope
from crawler.scope.session_arguments import SessionArguments
from crawler.urls import host_of, page_key

MAX_ORIGINS = 1000
"""Hosts outside the scope whose sitemaps are kept until a seed's redirect leads to one of them."""
AT_ONCE = 250
"""Links of a page looked up together."""
UNCHANGED = 304
MAX_LISTS_ABOVE = 1000
"""Lists looked back, each named by the one before, to find whether the first was a seed."""

OUT_OF_SCOPE = "link out of scope"
BEYOND_DEPTH = "link beyond depth="
MERGED = "link merged under another address that differs only in a session argument"
ROBOTS_SITEMAP = "sitemap named by robots.txt, beyond scope= or depth="


@define(kw_only=True)
class WebState:
    """State of one run that all its arguments share."""

    frontier: Frontier
    known: KnownPages
    omitted: Omissions
    came_before: Callable[[FrontierRow, Capture], bool]
    """Tells whether an earlier run was given the same bytes for a row."""
    run_id: int | None
    started: str
    """Start of the run; a row added before is of an earlier run."""
    now: Callable[[], str]
    """The time, ISO 8601 UTC."""
    sessions: SessionArguments = field(factory=SessionArguments)
    left_out: Seen = field(factory=Seen)
    robots_sitemaps: dict[str, tuple[str, ...]] = field(factory=dict)
    """By origin: sitemaps named by robots.txt of hosts that were not within scope then."""


@frozen(kw_only=True)
class _LinkingPage:
    """Properties that all links of one page share."""

    url: str
    depth: int
    """Of its links."""
    unchanged: bool
    kind: ListKind | None
    named: bool
    """Whether it is a list whose entries are in scope wherever they are."""
    again: bool
    run_id: int | None


@define(kw_only=True)
class WebDiscovery:
    """Discovery on any site."""

    arguments: CrawlArguments
    state: WebState
    pictures: SiteDiscovery
    """Finds the pictures of pages and lists."""
    scope: SeedScope = field(init=False)
    _offered: OfferedLinks = field(factory=OfferedLinks, init=False)
    _outside: OfferedLinks = field(factory=OfferedLinks, init=False)
    """Links out of scope that were counted."""
    _seed_keys: frozenset[str] = field(init=False)

    def __attrs_post_init__(self) -> None:
        seeds = self.arguments.seeds
        keys = [self._key(url)[0] for url in seeds]
        landed = (self.state.known.landed(key) for key in keys)
        self.scope = SeedScope(self.arguments.scope, [*seeds, *(url for url in landed if url)])
        self._seed_keys = frozenset(keys)

    # -- where a run begins

    def seeds(self) -> Iterator[FrontierRequest]:
        """Yield the requests for the addresses that were named."""
        for url in self.arguments.seeds:
            yield self._request(url, found_on=None, depth=0)

    def sitemaps_named(self, origin: str, urls: Sequence[str]) -> Iterator[FrontierRequest | None]:
        """Yield requests for the sitemaps of a host within scope, on any host."""
        if not self.scope.holds(origin):
            self._keep_sitemaps(origin, tuple(urls))
            return
        for url in urls:
            if self.arguments.depth is not None and self.arguments.depth < 1:
                self.state.omitted.add(ROBOTS_SITEMAP, url)
            elif self.pictures.scope.sitemap(0, url):
                again = self.arguments.recheck is not False
                yield self._request(url, found_on=f"{origin}/robots.txt", depth=1, role="sitemap", again=again)

    def _keep_sitemaps(self, origin: str, urls: tuple[str, ...]) -> None:
        kept = self.state.robots_sitemaps
        if urls and self.arguments.scope != "page" and len(kept) < MAX_ORIGINS:
            kept[origin] = urls
        elif urls:
            self.state.omitted.add(ROBOTS_SITEMAP, urls[0], count=len(urls))

    # -- what an outcome leads to

    def found(self, outcome: Usable | Unusable, *, run_id: int | None = None) -> Iterator[FrontierRequest | None]:
        """Yield requests for pictures and for links within scope; None for links left out."""
        yield from self.pictures.found(outcome)
        if isinstance(outcome, Unusable) or outcome.lease.role not in ("page", "sitemap"):
            return
        if self._is_seed(outcome.lease.key):
            yield from self._arrived(outcome.capture.url)
        if isinstance(outcome, Listing) and outcome.kind:
            yield from pictures_listed(self.pictures, outcome)
        elif self._is_copy(outcome):
            return
        lease, on = outcome.lease, outcome.capture.url
        asked = partial(self._request, found_on=on, depth=lease.depth)
        yield from pages_of_web(self.pictures, outcome, lambda url: self._key(url)[1], asked)
        yield from self._links(outcome, run_id)

    def _arrived(self, url: str) -> Iterator[FrontierRequest | None]:
        """Extend the scope by the address that a seed's redirect led to."""
        if self.scope.take_in(url):
            self._outside.clear()
        kept = self.state.robots_sitemaps
        for origin in [one for one in kept if host_of(one) == host_of(url)]:
            yield from self.sitemaps_named(origin, kept.pop(origin))

    def _is_copy(self, outcome: Usable) -> bool:
        """Return True for a page whose links are those of another."""
        self.state.sessions.learn(outcome)
        capture, lease = outcome.capture, outcome.lease
        digest = None if capture.status == 304 else capture.payload_digest
        return self.pictures.scope.copy(capture.url, digest, urls_of(outcome.links), found_on=lease.found_on, depth=lease.depth)

    def _links(self, outcome: Usable, run_id: int | None) -> Iterator[FrontierRequest | None]:
        """Yield the requests for links whose offer may change something."""
        page, now = self._linking(outcome, run_id), self.state.now()
        links = self._offered.others(outcome.links, depth=page.depth, now=now, again=page.again) if run_id is None else outcome.links
        if run_id is not None:
            self._offered.clear()
        if not page.named and outcome.capture.status != UNCHANGED:
            links = self._outside.others(links, depth=0, now=now, again=False)
        for first in range(0, len(links), AT_ONCE):
            yield from self._decided(links[first : first + AT_ONCE], page)

    def _linking(self, outcome: Usable, run_id: int | None) -> _LinkingPage:
        capture, lease = outcome.capture, outcome.lease
        kind = outcome.kind if isinstance(outcome, Listing) else None
        return _LinkingPage(
            url=capture.url, depth=(0 if self._is_seed(lease.key) else lease.depth) + 1, unchanged=capture.status == UNCHANGED, kind=kind,
            named=kind is not None and self.scope.kind != "page" and self._is_named(lease),
            again=self.arguments.recheck is True or (self.arguments.recheck is None and self._changed(lease, capture)),
            run_id=run_id,
        )  # fmt: skip

    def _decided(self, links: Sequence[Link], page: _LinkingPage) -> Iterator[FrontierRequest | None]:
        """Yield the requests for some links of a page, looked up together."""
        asked: list[tuple[Link, FrontierRequest]] = []
        for link in links:
            if page.named or page.unchanged or self.scope.holds(link.url):
                role: Role = "sitemap" if link.listing else "page"
                again = page.again or link.listing
                asked.append((link, self._request(link.url, found_on=page.url, depth=page.depth, role=role, again=again)))
            else:
                self._leave_out(OUT_OF_SCOPE, link.url)
                self._outside.put(link.url)
                yield None
        rows = self.state.frontier.rows(request.key for _, request in asked)
        known = set(rows)
        for link, request in asked:
            if request.key in known:
                yield request if self._changes(link, request, rows.get(request.key), page) else None
            elif page.named or self.scope.holds(link.url):
                yield self._new(request, link, page, known)
            else:
                self._leave_out(OUT_OF_SCOPE, link.url)
                yield None

    def _new(self, request: FrontierRequest, link: Link, page: _LinkingPage, known: set[str]) -> FrontierRequest | None:
        """Check an unknown address against sessions, depth and traps; None if left out.

        Args:
            known: Keys known, or taken before on this page; its own is added.
        """
        if (bare := self.state.sessions.bare(link.url)) is not None:
            key = page_key(bare)
            if self.state.sessions.shown(link.url) or key in known or self.state.frontier.has(key):
                self._leave_out(MERGED, link.url)
                return None
            request = evolve(request, target=evolve(request.target, key=key))
        depth, scope = request.depth, self.pictures.scope
        if self.arguments.depth is not None and depth > self.arguments.depth:
            self._leave_out(BEYOND_DEPTH, link.url)
            return None
        if link.listing and not scope.sitemap(depth if page.kind == "index" else 0, link.url):
            return None
        if not scope.page(link.url, depth):
            return None
        known.add(request.key)
        if bare is None:
            self._remember(link, page, OF_RUN)
        return request

    def _changes(self, link: Link, request: FrontierRequest, row: FrontierRow | None, page: _LinkingPage) -> bool:
        """Tell whether a request changes the row of its address, and remember the link.

        Args:
            row: As it stands; None if the request is the first for its key, or another of this page was.
        """
        run_id = self.state.run_id
        if page.run_id is not None or row is None:
            self._remember(link, page, OF_RUN)
            return True
        if row.state == "queued" or row.run_id == run_id:
            self._remember(link, page, OF_RUN)
            return row.state == "queued" and (row.run_id != run_id or request.priority > row.priority)
        if row.state in OPEN_STATES:
            return False
        queued = queued_again(row, request, run_id, self.state.now()) is not None
        self._remember(link, page, OF_RUN if queued else row.due or NEVER)
        return queued

    def _remember(self, link: Link, page: _LinkingPage, until: str) -> None:
        """Note a link whose next offer changes nothing until a time."""
        if page.run_id is None and not link.listing and not self.state.known.has_search_keys and self.scope.holds(link.url):
            self._offered.put(link.url, page.depth, until)

    def _leave_out(self, reason: str, url: str) -> None:
        """Count an address that is not followed, once for all its links."""
        if self.state.left_out.add(f"{reason} {url}"):
            self.state.omitted.add(reason, url)

    def _is_named(self, lease: LeasedRequest) -> bool:
        """Return True for a list that is a seed, or a part of one."""
        above: LeasedRequest | FrontierRow = lease
        for _ in range(MAX_LISTS_ABOVE):
            if self._is_seed(above.key):
                return True
            row = self.state.frontier.row(self._key(above.found_on)[0]) if above.role == "sitemap" and above.found_on else None
            if row is None:
                return False
            above = row
        return False

    def _is_seed(self, key: str) -> bool:
        return key in self._seed_keys

    def _changed(self, lease: LeasedRequest, capture: Capture) -> bool:
        """Return True for a known page with other bytes than before."""
        row = self.state.frontier.leased(lease.key)
        if row is None or capture.status != 200 or capture.revisit_of is not None:
            return False
        if capture.cut_at is None:
            return row.validates is not None
        # What is cut off is never written as a revisit, and nothing that it could be is kept to be validated.
        return row.added < self.state.started and not self.state.came_before(row, capture)

    # -- identities

    def _key(self, url: str) -> tuple[str, str]:
        """Return key and story of an address; identities of earlier versions stay."""
        key = page_key(url)
        story = f"web/{key}"
        if self.state.known.has_search_keys:
            if page := self.state.known.of_address(url):
                return page.key, page.story or story
            row = self.state.frontier.row(key)
            if row is not None and page_key(row.url) != key:
                # Taken by another address, whose search key it was; no address that is asked for has a fragment.
                key += "#"
        return key, story

    def _request(self, url: str, *, found_on: str | None, depth: int, role: Role = "page", again: bool = False) -> FrontierRequest:
        key, story = self._key(url)
        recheck = self.arguments.recheck
        target = Target(
            key=key, url=url, site="web", role=role, story=story if role == "page" else None, found_on=found_on, depth=depth
        )  # fmt: skip
        again = again or depth == 0 or recheck is True
        return FrontierRequest(target=target, priority=PRIORITY[role] - depth, again=again, only_new=recheck is False and depth > 0)

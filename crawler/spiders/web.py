"""Any address, no site file: a list of pages, a host or a whole domain, with the generic reader."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from attrs import evolve

from crawler.errors import Usage
from crawler.frontier.counters import Seen
from crawler.frontier.crawl_arguments import CrawlArguments
from crawler.frontier.discovery import PRIORITY
from crawler.frontier.known_pages import KnownPages
from crawler.frontier.rows import FrontierRow
from crawler.frontier.seed_scope import SeedScope
from crawler.frontier.session_arguments import SessionArguments
from crawler.items import Capture, FrontierRequest, LeasedRequest, Link, Listing, ListKind, Role, Target, Unusable, Usable
from crawler.processing.interpret import web_story
from crawler.sites.known import WEB
from crawler.spiders.site import NewsSpider, errand_again
from crawler.urls import host_of, page_key

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

MAX_ORIGINS = 1000
"""Of hosts outside the scope whose robots.txt names sitemaps: kept until a seed's redirect leads to one of them."""
MAX_LISTS_ABOVE = 1000
"""How many lists, each named by the one before, are looked back to find whether the first was a seed."""

OUT_OF_SCOPE = "link out of scope"
BEYOND_DEPTH = "link beyond depth="
BEYOND_PAGES = "page beyond max_pages="
MERGED = "link merged under another address that differs only in a session argument"
ROBOTS_SITEMAP = "sitemap named by robots.txt, beyond scope= or depth="


class WebSpider(NewsSpider):
    """Archives pages of any site from a list of seeds."""

    name = "web"
    site = WEB
    arguments: ClassVar[tuple[str, ...]] = ("seeds", "scope", "max_pages", "depth", "requisites", "recheck", "read")

    @classmethod
    def check(cls, limits: CrawlArguments) -> None:
        """Refuse a crawl of nothing."""
        if not limits.seeds:
            raise Usage("web: name what to archive: -a seeds=URL[,URL]")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> WebSpider:
        """Scrapy's way in."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        assert isinstance(spider, WebSpider)
        spider.known = KnownPages(spider.run.collection.path / "index.db")
        spider.has_search_keys = spider.known.has_search_keys()
        return spider

    def __init__(self, name: str | None = None, **arguments: Any) -> None:
        super().__init__(name, **arguments)
        self.known: KnownPages
        self.has_search_keys = False
        self.sessions = SessionArguments()
        self._left = Seen()
        self._scopes: dict[CrawlArguments, SeedScope] = {}
        self._seed_keys: dict[CrawlArguments, frozenset[str]] = {}
        self._robots_sitemaps: dict[str, tuple[str, ...]] = {}
        """By origin: what robots.txt of hosts named that were not within scope when it came."""

    def closed(self, reason: str) -> None:
        """Scrapy's hook: count what the run's limits left in the queue."""
        self.known.close()
        for urls in self._robots_sitemaps.values():
            self.run.stats.omitted.add(ROBOTS_SITEMAP, urls[0], count=len(urls))
        if self.limits.max_pages is not None and reason == "finished":
            count, example = self.run.frontier.unasked()
            self.run.stats.omitted.add(BEYOND_PAGES, example, count=count)
        self.run.stats.not_due = self.run.frontier.not_due("web", "page")

    # -- where a run begins

    def seeds(self) -> list[FrontierRequest]:
        """The addresses that were named."""
        return [self._errand(url, found_on=None, depth=0) for url in self.limits.seeds]

    def known_again(self) -> Iterator[FrontierRequest | None]:
        """Known pages within scope: those that are due, or all with `recheck=yes`."""
        if self.limits.recheck is False:
            return
        scope, frontier = self._scope(), self.run.frontier
        roles: tuple[Role, ...] = ("page", "sitemap")
        for role in roles:
            rows = frontier.known("web", role) if self.limits.recheck else frontier.due("web", role)
            for row in rows:
                yield errand_again(row) if scope.holds(row.url) else None

    def sitemaps_named(self, origin: str, urls: Sequence[str]) -> Iterator[FrontierRequest | None]:
        """The sitemaps that a host's robots.txt names, if the host is within scope; a sitemap itself may lie on another host."""
        if not self._scope().holds(origin):
            if urls and self.limits.scope != "page" and len(self._robots_sitemaps) < MAX_ORIGINS:
                self._robots_sitemaps[origin] = tuple(urls)
            elif urls:
                self.run.stats.omitted.add(ROBOTS_SITEMAP, urls[0], count=len(urls))
            return
        for url in urls:
            if self.limits.depth is not None and self.limits.depth < 1:
                self.run.stats.omitted.add(ROBOTS_SITEMAP, url)
            elif self.discovery.scope.sitemap(0, url):
                yield self._errand(url, found_on=f"{origin}/robots.txt", depth=1, role="sitemap", again=self.limits.recheck is not False)

    # -- what an outcome leads to

    def found(self, outcome: Usable | Unusable) -> Iterator[FrontierRequest | None]:
        """Pictures of the page, and the links within scope and depth; None for those left out."""
        yield from self.discovery.found(outcome)
        if isinstance(outcome, Unusable) or outcome.lease.role not in ("page", "sitemap"):
            return
        capture, lease = outcome.capture, outcome.lease
        if self._is_seed(lease.key):
            yield from self._arrived(capture.url)
        if isinstance(outcome, Listing) and outcome.kind:
            yield from self._pictures_of_list(outcome)
        else:
            self.sessions.learn(outcome)
            addresses = [link.url for link in outcome.links]
            digest = None if capture.status == 304 else capture.payload_digest
            if self.discovery.scope.copy(capture.url, digest, addresses, found_on=lease.found_on, depth=lease.depth):
                return
        yield from self._onward(outcome)

    def _arrived(self, url: str) -> Iterator[FrontierRequest | None]:
        """Let the scope take in where a seed's redirect led."""
        self._scope().take_in(url)
        for origin in [one for one in self._robots_sitemaps if host_of(one) == host_of(url)]:
            yield from self.sitemaps_named(origin, self._robots_sitemaps.pop(origin))

    def _onward(self, outcome: Usable) -> Iterator[FrontierRequest | None]:
        """The links of a page or list."""
        capture, lease, scope = outcome.capture, outcome.lease, self._scope()
        kind = outcome.kind if isinstance(outcome, Listing) else None
        depth = (0 if self._is_seed(lease.key) else lease.depth) + 1
        named = kind is not None and scope.kind != "page" and self._is_named(lease)
        changed = self.limits.recheck is None and self._changed(lease, capture)
        for link in outcome.links:
            if not (named or scope.holds(link.url) or (capture.status == 304 and self._is_known(link.url))):
                self._leave_out(OUT_OF_SCOPE, link.url)
                yield None
                continue
            errand = self._errand(
                link.url, found_on=capture.url, depth=depth, role="sitemap" if link.listing else "page", again=changed or link.listing
            )
            known = self.run.frontier.row(errand.key) is not None
            yield errand if known else self._new(errand, link, kind)

    def _leave_out(self, reason: str, url: str) -> None:
        """Count an address that is not followed once, however many links lead to it."""
        if self._left.add(f"{reason} {url}"):
            self.run.stats.omitted.add(reason, url)

    def _new(self, errand: FrontierRequest, link: Link, kind: ListKind | None) -> FrontierRequest | None:
        """An errand for an address that the collection does not know; None where it is left out, and counted."""
        depth = errand.depth
        if (bare := self.sessions.bare(link.url)) is not None:
            key = page_key(bare)
            if self.sessions.shown(link.url) or self.run.frontier.row(key) is not None:
                self._leave_out(MERGED, link.url)
                return None
            errand = evolve(errand, target=evolve(errand.target, key=key))
        if self.limits.depth is not None and depth > self.limits.depth:
            self._leave_out(BEYOND_DEPTH, link.url)
            return None
        scope = self.discovery.scope
        if link.listing and not scope.sitemap(depth if kind == "index" else 0, link.url):
            return None
        return errand if scope.page(link.url, depth) else None

    def _is_named(self, lease: LeasedRequest) -> bool:
        """Whether a list is a seed, or is named by one as a part or a further page."""
        above: LeasedRequest | FrontierRow = lease
        for _ in range(MAX_LISTS_ABOVE):
            if self._is_seed(above.key):
                return True
            row = self.run.frontier.row(self._key(above.found_on)[0]) if above.role == "sitemap" and above.found_on else None
            if row is None:
                return False
            above = row
        return False

    def _is_known(self, url: str) -> bool:
        return self.run.frontier.row(self._key(url)[0]) is not None

    def _changed(self, lease: LeasedRequest, capture: Capture) -> bool:
        """Whether a known page has other bytes than when it was asked for last: what it links to may have changed as well."""
        row = self.run.frontier.leased(lease.key)
        if row is None or capture.status != 200 or capture.revisit_of is not None:
            return False
        if capture.cut_at is None:
            return row.validates is not None
        # What is cut off is never written as a revisit, and nothing that it could be is kept to be validated.
        return row.added < self.run.started and not self.run.completion.came_before(row, capture)

    def _pictures_of_list(self, listing: Listing) -> Iterator[FrontierRequest]:
        if self.limits.requisites != "none":
            yield from self.discovery.requisites_of(listing)

    # -- identities

    def _scope(self) -> SeedScope:
        """The scope of the run whose limits these are, with where its seeds led before."""
        if self.limits not in self._scopes:
            landed = (self.known.landed(self._key(url)[0]) for url in self.limits.seeds)
            self._scopes[self.limits] = SeedScope(self.limits.scope, [*self.limits.seeds, *(url for url in landed if url)])
        return self._scopes[self.limits]

    def _is_seed(self, key: str) -> bool:
        if self.limits not in self._seed_keys:
            self._seed_keys[self.limits] = frozenset(self._key(url)[0] for url in self.limits.seeds)
        return key in self._seed_keys[self.limits]

    def _key(self, url: str) -> tuple[str, str]:
        """The key and story of an address; those under which an earlier version filed the very same address stay."""
        key = page_key(url)
        if self.has_search_keys:
            if page := self.known.of_address(url):
                return page.key, page.story_id or web_story(url)
            row = self.run.frontier.row(key)
            if row is not None and page_key(row.url) != key:
                # Taken by another address, whose search key it was; no address that is asked for has a fragment.
                key += "#"
        return key, web_story(url)

    def _errand(self, url: str, *, found_on: str | None, depth: int, role: Role = "page", again: bool = False) -> FrontierRequest:
        key, story = self._key(url)
        recheck = self.limits.recheck
        return FrontierRequest(
            target=Target(key=key, url=url, site="web", role=role, story=story if role == "page" else None, found_on=found_on, depth=depth),
            priority=PRIORITY[role] - depth, again=again or depth == 0 or recheck is True, only_new=recheck is False and depth > 0,
        )  # fmt: skip

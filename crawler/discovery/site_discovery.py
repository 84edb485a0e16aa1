"""Requests that follow from pages and lists of one site."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta

from attrs import define, evolve, field

from crawler.discovery.discovery import PRIORITY
from crawler.discovery.further_pages import pages_of_site
from crawler.discovery.offered_links import OfferedLinks
from crawler.discovery.page_needs import needs_of
from crawler.frontier.crawl_arguments import CrawlArguments
from crawler.frontier.rows import FrontierRow, mirrored_key
from crawler.items import FrontierRequest, Link, Omissions, Parsed, Role, Target, Unparsed, Unusable, Usable
from crawler.scope.crawl_scope import CrawlScope
from crawler.sites.site import Feed, Section, Site, Sitemap
from crawler.urls import host_of, page_key

LINKED = 5
"""By how much a story that only another story's page links comes behind those that lists show."""
REMEMBERED = 10_000
"""Stories left out that are remembered, so that each is counted once however often it is linked."""


@define(kw_only=True)
class SiteDiscovery:
    """Discovery on one site; `attrs.evolve` gives the same with other arguments, counted together."""

    site: Site
    arguments: CrawlArguments
    today: date
    recent: timedelta = timedelta(days=3)
    """Age up to which an entry of a sitemap is taken without a backfill."""
    max_section_pages: int = 500
    max_article_pages: int = 20
    story_link_depth: int = 1
    """Links from story to story that are followed, counted from a story that a list shows."""
    scope: CrawlScope = field(factory=CrawlScope)
    omitted: Omissions = field(factory=Omissions)
    published: Callable[[str], date | None] = lambda story: None
    """The day of publication that the index knows for a story id."""
    found_on: Callable[[str], str | None] = lambda story: None
    """The address of the page on which a known story id was found."""
    row_of: Callable[[str], FrontierRow | None] = lambda key: None
    """The frontier's row of a key."""
    unfollowed: dict[str, str] = field(factory=dict)
    """Stories linked on story pages whose links were not followed: story id to address, the first `REMEMBERED`."""
    followed: OfferedLinks | None = None
    """Links of stories that were offered, or are no stories: a known story is not asked for again by them. None: all are looked at."""
    passed: OfferedLinks | None = None
    """The same for stories whose links are not followed."""
    left_out: set[tuple[str, str]] = field(factory=set)
    """Reason and story, or address, of what was counted as left out, the first `REMEMBERED`."""

    # -- where a run begins

    def seeds(self) -> Iterator[FrontierRequest]:
        """Yield the requests that a run begins with."""
        if self.arguments.url:
            for url in self.arguments.url:
                yield self._story(Link(url=url), found_on=None, language=None, depth=0, again=True) or self._list("section", url, None)
            return
        if self.arguments.sections:
            yield from self._sections()
            return
        for seed in self.site.seeds:
            language = seed.language or self.site.language
            mirrors = self._mirrors(language)
            if not mirrors or (isinstance(seed, Section) and seed.backfill and "sections" not in self.arguments.backfill):
                continue
            if isinstance(seed, Feed):
                for host in self._probed(language):
                    yield self._list("feed", f"https://{host}{seed.path}", language, host=host)
            elif isinstance(seed, Sitemap):
                yield self._list("sitemap", f"https://{mirrors[0]}{seed.path}", language)
            else:
                yield self._list("seed" if seed.path == "/" else "section", f"https://{mirrors[0]}{seed.path}", language)

    def _mirrors(self, language: str) -> list[str]:
        hosts = [m.host for m in self.site.mirrors_of(language, self.today)]
        if not self.arguments.mirrors:
            return hosts
        return [h for h in self.arguments.mirrors if (self.site.language_of(h) or self.site.language) == language]

    def _probed(self, language: str) -> list[str]:
        """List the mirrors whose feed is asked for: all, since one may be stale."""
        aliases = {m.host for m in self.site.mirrors if m.alias}
        mirrors = self._mirrors(language)
        return [host for host in mirrors if host not in aliases] or mirrors

    def _sections(self) -> Iterator[FrontierRequest]:
        assert self.site.section_page, "arguments.py refuses sections of a site that has none"
        mirrors = self._mirrors(self.site.language)
        fronts = {self.site.section(f"https://{mirrors[0]}{seed.path}"): seed.path for seed in self.site.seeds if isinstance(seed, Section)}
        for number in self.arguments.sections:
            path = fronts.get((number, 1)) or self.site.section_page.format(id=number, page=1).removesuffix("/1")
            yield self._list("section", f"https://{mirrors[0]}{path}", self.site.language)

    # -- what an outcome leads to

    def found(self, outcome: Usable | Unusable, *, run_id: int | None = None) -> Iterator[FrontierRequest]:
        """Yield the requests that follow from one outcome."""
        if isinstance(outcome, Unusable):
            return
        if outcome.capture.role in ("feed", "sitemap", "seed", "section"):
            yield from self._from_list(outcome, outcome.capture.role)
            yield from needs_of(self, outcome)
        else:
            yield from needs_of(self, outcome)
            if isinstance(outcome, Parsed | Unparsed) and outcome.capture.role == "story" and not outcome.lease.target.is_comparison:
                yield from pages_of_site(self, outcome)
                yield from self._from_story(outcome, run_id)

    def _from_list(self, outcome: Usable, role: str) -> Iterator[FrontierRequest]:
        lease, on = outcome.lease, outcome.url
        for link in outcome.links:
            if self.site.forbidden(link.url):
                continue
            language = self._language(link.url, lease.language)
            if self.site.number(link.url):
                hint = link.text if role == "feed" else None
                story = self._story(link, found_on=on, language=language, depth=lease.depth + 1, hint=hint)
                if story and self._wanted(link, role):
                    yield story
            elif role == "sitemap" and self._nested(link, lease.depth):
                yield self._list("sitemap", link.url, language, found_on=on, depth=lease.depth + 1)
            elif role in ("seed", "section") and self._front(link.url, on, role):
                language = self.site.section_language(link.url) or language
                yield self._list("section", link.url, language, found_on=on, depth=lease.depth + 1)

    def _from_story(self, outcome: Parsed | Unparsed, run_id: int | None) -> Iterator[FrontierRequest]:
        """Yield the unknown stories that a story's page links."""
        lease, on = outcome.lease, outcome.url
        named = self.arguments.story or self.arguments.url or self.arguments.sections
        follow = not named and self._hops(lease.found_on) < self.story_link_depth
        for link, story in self._stories_among(outcome.links, lease.story, self._met(run_id, follow=follow)):
            if not follow:
                if len(self.unfollowed) < REMEMBERED:
                    self.unfollowed.setdefault(story, link.url)
            elif self._wanted(link, "story"):
                language = self._language(link.url, lease.language)
                target = self._target(story, link.url, "story", story=story, language=language, found_on=on, depth=lease.depth + 1)
                yield FrontierRequest(target=target, priority=PRIORITY["story"] - LINKED, only_new=True)

    def _met(self, run_id: int | None, *, follow: bool) -> OfferedLinks | None:
        """Choose the memory of links to pass over; None if every link counts."""
        # Whether a story is wanted by its day may change in a run: another reading tells it.
        dated = self.arguments.since or self.arguments.until
        return None if dated or run_id is not None else self.followed if follow else self.passed

    def _stories_among(self, links: Sequence[Link], own: str | None, met: OfferedLinks | None) -> Iterator[tuple[Link, str]]:
        """Yield the links to other stories, with their ids."""
        for link in links if met is None else met.others(links):
            story = self.site.story_id(link.url)
            if story == own:
                continue
            if met is not None:
                met.put(link.url)
            if story is not None and not self.site.forbidden(link.url):
                yield link, story

    def _hops(self, on: str | None) -> int:
        """Count the links from story to story that led to a page."""
        hops = 0
        while on and hops < self.story_link_depth and (story := self.site.story_id(on)):
            hops += 1
            on = self.found_on(story) if hops < self.story_link_depth else None
        return hops

    def _wanted(self, link: Link, role: str) -> bool:
        """Check a story against the arguments of the run, and count one left out.

        With `since` and `until`, a story whose day is unknown before it is parsed is taken. In a sitemap, without a backfill, a story whose
        entry has no day is not: it would be most of a large archive.
        """
        if not self.in_days(link, role):
            return self._leave_out("story outside since= and until=", link.url)
        if role != "sitemap" or "sitemap" in self.arguments.backfill or self.arguments.since or self.arguments.until:
            return True
        _, latest = self._days(link, role)
        changed = datetime.fromisoformat(link.date).date() if link.date else latest
        if changed is None:
            return self._leave_out("sitemap entry without a date, not in a backfill", link.url)
        if changed < self.today - self.recent:
            return self._leave_out("sitemap entry older than ARCHIVE_RECENT_DAYS, not in a backfill", link.url)
        return True

    def in_days(self, link: Link, role: str) -> bool:
        """Return False for a story published outside `since` and `until`."""
        since, until = self.arguments.since, self.arguments.until
        if not (since or until):
            return True
        earliest, latest = self._days(link, role)
        return not ((since and latest and latest < since) or (until and earliest and earliest > until))

    def _days(self, link: Link, role: str) -> tuple[date | None, date | None]:
        """Bound the day of publication, by the address, the index and the list."""
        earliest, latest = self.site.days_of(link.url)
        if earliest is not None and earliest == latest:
            return earliest, latest
        story = self.site.story_id(link.url)
        if (self.arguments.since or self.arguments.until) and story and (day := self.published(story)):
            return day, day
        if link.date:
            said = datetime.fromisoformat(link.date).date()
            # A feed says when a story was published; a sitemap when it was last changed, which is not earlier.
            return (said, said) if role == "feed" else (earliest, min(latest, said) if latest else said)
        return earliest, latest

    def _leave_out(self, reason: str, url: str) -> bool:
        """Count an address as left out, once; return False."""
        one = (reason, self.site.story_id(url) or url)
        if one not in self.left_out:
            self.omitted.add(reason, url)
            if len(self.left_out) < REMEMBERED:
                self.left_out.add(one)
        return False

    def _nested(self, link: Link, depth: int) -> bool:
        """Accept a sitemap named in a sitemap: parts of an index, others by ending."""
        if not (link.listing or link.url.rsplit("?", 1)[0].lower().endswith((".xml", ".xml.gz", ".txt"))):
            return False
        if not self.site.owns(link.url):
            return self._leave_out("part of a sitemap on a host that is not the site's", link.url)
        return self.scope.sitemap(depth + 1, link.url)

    def sitemaps_named(self, origin: str, urls: Sequence[str]) -> Iterator[FrontierRequest]:
        """Yield the sitemaps named by robots.txt of one of the site's hosts."""
        if not self.site.owns(origin) or self.arguments.story or self.arguments.url or self.arguments.sections:
            return
        for url in urls:
            if self.site.forbidden(url) or not self.scope.sitemap(0, url):
                continue
            language = self._language(url, self.site.language_of(host_of(origin)))
            request = self._list("sitemap", url, language, found_on=f"{origin}/robots.txt", depth=1)
            yield request if self.site.owns(url) else evolve(request, target=evolve(request.target, key=page_key(url)))

    def _front(self, url: str, on: str, role: str) -> bool:
        """Accept a link to a section, in a backfill: new sections, and further pages."""
        section = self.site.section(url)
        if section is None or "sections" not in self.arguments.backfill:
            return False
        number, page = section
        if self.arguments.sections and number not in self.arguments.sections:
            return False
        here = self.site.section(on)
        return page <= self.max_section_pages and (page == 1 or (here is not None and here[0] == number))

    def _language(self, url: str, hint: str | None) -> str | None:
        """Return the language of a link: its host's only one, else its page's."""
        language = self.site.language_of(host_of(url))
        return language if language and language != self.site.language else hint or language or self.site.language

    def _story(
        self, link: Link, *, found_on: str | None, language: str | None, depth: int, hint: str | None = None, again: bool = False
    ) -> FrontierRequest | None:
        story = self.site.story_id(link.url)
        if story is None or (self.arguments.story and story.rpartition("/")[2] != self.arguments.story.rpartition("/")[2]):
            return None
        language = language or self._language(link.url, None)
        return FrontierRequest(
            target=self._target(story, link.url, "story", story=story, language=language, found_on=found_on, depth=depth),
            priority=PRIORITY["story"] + (5 if hint else 0), hint=hint or None, again=again or self.arguments.recheck is True,
            only_new=self.arguments.recheck is False and not again, announced=link.date,
        )  # fmt: skip

    def _list(
        self, role: Role, url: str, language: str | None, *, host: str | None = None, found_on: str | None = None, depth: int = 0
    ) -> FrontierRequest:
        language = language or self._language(url, None)
        key = mirrored_key(self.site.name, language, url) + (f"@{host}" if host else "")
        target = self._target(key, url, role, language=language, found_on=found_on, depth=depth)
        return FrontierRequest(target=target, priority=PRIORITY[role] - depth, host=host, again=True)

    def _target(
        self, key: str, url: str, role: Role, *, language: str | None, found_on: str | None, depth: int, story: str | None = None
    ) -> Target:
        return Target(key=key, url=url, site=self.site.name, role=role, story=story, language=language, found_on=found_on, depth=depth)

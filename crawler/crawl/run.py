"""One crawl, as its parts share it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from typing import Any

from attrs import define, field

from crawler.collection.collection import Collection
from crawler.coverage.policy import OutagePolicy
from crawler.crawl.completion import Completion
from crawler.crawl.dispatcher import MANY, Dispatcher
from crawler.crawl.stats import CrawlStats
from crawler.frontier.crawl_arguments import CrawlArguments
from crawler.frontier.protocol import Frontier
from crawler.frontier.run_scope import RunScope
from crawler.hosts.comparison import MirrorComparison
from crawler.hosts.policy import HostPolicy
from crawler.index.known import KnownStories
from crawler.memento.counts import ArchiveCounts
from crawler.pacing.pace import Pace
from crawler.processing.parser_pool import ParserPool
from crawler.rechecks.recheck import RecheckPolicy
from crawler.sites.site import Site


async def _no_sitemaps(origin: str, found_at: str, lines: Iterable[str]) -> None:
    """Take no sitemaps of a robots.txt."""


@define(kw_only=True)
class Run:
    """State of one crawl that scheduler, middlewares, spider, pipelines and extensions share."""

    id: int
    site: Site
    arguments: CrawlArguments
    started: str
    """When it began; a row added before is of an earlier run."""
    clock: Callable[[], datetime]
    collection: Collection
    frontier: Frontier
    known: KnownStories
    parsers: ParserPool
    owns_parsers: bool = True
    """Whether the parser pool ends with this run: False if other runs use it."""
    stats: CrawlStats
    policy: HostPolicy
    """Choice of hosts and of further attempts; with the health book."""
    dispatcher: Dispatcher
    """Choice of the next request."""
    completion: Completion
    """End of each request."""
    outages: OutagePolicy = field(factory=OutagePolicy)
    """Which checks for silent outages are made."""
    named: dict[str, str] = field(factory=dict)
    """Pages the user asked for by name: key of the row to the argument, `story=459588`."""
    unfollowed: Callable[[], dict[str, str]] = dict
    """Stories that only stories' pages link and that were not followed: id to address."""
    scope: RunScope | None = None
    """Of a run of a worker: the lanes and rows that are its own."""
    robots: dict[str, dict[str, Any]] = field(factory=dict)
    """By origin the last robots.txt: `fetched` (ISO 8601), `status`, `text`; for who asks the host next."""
    archives: ArchiveCounts | None = None
    """Counts of the search in web archives, if there is one."""
    on_sitemaps: Callable[[str, str, Iterable[str]], Awaitable[None]] = _no_sitemaps
    """Takes the origin of a host, where its robots.txt was found, and the `Sitemap:` lines in it."""

    def found_on(self, story_id: str) -> str | None:
        """The address of the page on which a known story was found."""
        row = self.frontier.row(story_id)
        return row.found_on if row else None

    def end_parsing(self) -> None:
        """End the worker processes of this run."""
        if self.owns_parsers:
            self.parsers.close()

    def close(self) -> None:
        """Let go of what the run holds open; its collection is sealed."""
        self.end_parsing()
        self.known.close()
        self.frontier.close()
        self.collection.close()


def make_run(
    *, id: int, started: str, arguments: CrawlArguments, collection: Collection, frontier: Frontier, known: KnownStories,
    policy: HostPolicy, recheck: RecheckPolicy, stats: CrawlStats, parsers: ParserPool,
    at_once: int = MANY, pace: Pace | None = None, compare: MirrorComparison | None = None, owns_parsers: bool = True,
    outages: OutagePolicy | None = None,
) -> Run:  # fmt: skip
    """Put a run together: its dispatcher and completion use the same frontier, policy and counts.

    Args:
        at_once: Requests that may be in flight together.
    """
    pace = pace or Pace()
    completion = Completion(
        run_id=id, started=started, collection=collection, frontier=frontier, policy=policy, recheck=recheck, stats=stats,
        compare=compare,
    )  # fmt: skip
    dispatcher = Dispatcher(
        collection=collection, frontier=frontier, arguments=arguments, policy=policy, completion=completion, stats=stats, at_once=at_once,
        pace=pace,
    )  # fmt: skip
    return Run(
        id=id, site=policy.site, arguments=arguments, started=started, clock=policy.clock, collection=collection, frontier=frontier,
        known=known, parsers=parsers, owns_parsers=owns_parsers,
        stats=stats, policy=policy, dispatcher=dispatcher, completion=completion,
        outages=outages or OutagePolicy(),
    )  # fmt: skip

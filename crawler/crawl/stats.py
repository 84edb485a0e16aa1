"""Counts of one crawl, for its progress line and its report."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from attrs import define, field

from crawler.coverage.fills import FillTally
from crawler.errors import GONE_REASONS
from crawler.frontier.crawl_arguments import CrawlArguments
from crawler.index.index import Filed
from crawler.index.known import KnownStories
from crawler.items import Article, Capture, Failed, LeasedRequest, Outcome, Parsed, Unusable, content_of
from crawler.processing.reading_stats import ReadingStats
from crawler.rechecks.recheck import is_outside_days
from crawler.sites.site import Site

if TYPE_CHECKING:
    from crawler.parsers.template import Template


@define
class CrawlStats(ReadingStats):
    """Counts of one crawl: attempts, captures, stories, fields and hosts."""

    site: Site = field(kw_only=True)
    arguments: CrawlArguments = field(kw_only=True)
    known: KnownStories = field(kw_only=True, factory=KnownStories)

    stories: Counter[str] = field(factory=Counter)
    """new, changed, unchanged, gone"""
    captures: int = 0
    revisits: int = 0
    bytes: int = 0
    failures: Counter[str] = field(factory=Counter)
    """Attempts without a usable answer, by reason: as many as there are rows of `failures`."""
    failing: Counter[tuple[str, str]] = field(factory=Counter)
    """The same by reason and host."""
    statuses: Counter[str] = field(factory=Counter)
    """Status codes of the failures whose reason is `status`."""
    asked: Counter[str] = field(factory=Counter)
    """Attempts by host, robots.txt among them."""
    answered: Counter[str] = field(factory=Counter)
    """Of these, those that got an answer: a page, or that it is not there."""
    fallbacks: Counter[str] = field(factory=Counter)
    """Fields that another than a template's first reader found."""
    missing: Counter[str] = field(factory=Counter)
    """Fields that a template has a reader for, and that none found."""
    problems: Counter[str] = field(factory=Counter)
    fills: FillTally = field(factory=FillTally)
    """Fields that the articles have, by template; of a site with templates."""
    ended: int = 0
    """Requests that were settled."""
    leased_stories: int = 0
    """Stories and pages that were asked for, however often."""
    bare: int = 0
    """Articles without headline, or without text, picture and video."""
    last_host: str = ""
    delays: dict[str, float] = field(factory=dict)
    """Crawl-delay applied, by host, seconds; those clamped are in `clamped`."""
    clamped: dict[str, float] = field(factory=dict)
    gone: set[str] = field(factory=set)
    """Stories that a mirror says are not there, and none of which came; counted once, however many mirrors say it."""
    recheck_budget: int = 0
    """Rechecks that one run asks for: ARCHIVE_RECHECKS_PER_RUN."""
    most_backlog: int = 0
    """Rechecks that may be left to the next runs without a warning: ARCHIVE_RECHECK_BACKLOG."""
    files: int | None = None
    """Of a replay: WARC files that were read; None if pages are asked for."""
    damaged: list[str] = field(factory=list)
    """WARCs that could not be replayed to their end."""
    comparisons: Counter[str] = field(factory=Counter)
    """Stories asked for on a second mirror: `asked`, and of these by result."""
    backlog: int = 0
    """Rechecks that are due and beyond those of this run."""
    first_left: str = ""
    """The address of one of them."""
    rechecks: int = 0
    """Rechecks that were asked for."""
    not_due: int = 0
    """Known pages that were not asked for, since they are due later."""

    def suspected(self) -> int:
        """Count the stories of `gone` that are asked for again before they count."""
        found = (self.known.missing(story) for story in self.gone)
        return sum(one is not None and not one.gone for one in found)

    def rechecks_left(self, url: str, count: int = 1) -> None:
        """Count rechecks that are due, and left to the next runs."""
        self.first_left = self.first_left or url
        self.backlog += count

    def count_lease(self, host: str, role: str, attempt: int) -> None:
        """Count a request that was handed out."""
        self.last_host = host
        if role in ("story", "page") and attempt == 1:
            self.leased_stories += 1

    def count_capture(self, capture: Capture, size: int) -> None:
        """Count a capture of so many bytes."""
        self.captures += 1
        self.revisits += capture.revisit_of is not None
        self.bytes += size

    def count_failure(self, reason: str, host: str) -> None:
        """Count an attempt without a usable answer."""
        self.failures[reason] += 1
        self.failing[reason, host] += 1

    def count_attempt(self, host: str, outcome: Outcome) -> None:
        """Count an attempt at a host, and whether it answered."""
        self.asked[host] += 1
        self.answered[host] += not isinstance(outcome, Unusable) or outcome.answer

    def count_crawl_delay(self, host: str, *, asked: float, applied: float) -> None:
        """Count a Crawl-delay, in seconds, and whether it was clamped."""
        self.delays[host] = applied
        if applied < asked:
            self.clamped[host] = asked

    def count_finished(self, outcome: Outcome, filed: Filed | None) -> None:
        """Count the outcome of an attempt, once what was read of it stands."""
        self.count_outcome(outcome)
        unused = isinstance(outcome, Unusable) and outcome.unused
        if isinstance(outcome, Failed) and not unused and outcome.reason == "status" and outcome.capture is not None:
            self.statuses[str(outcome.capture.status or "no status")] += 1
        if outcome.lease.target.is_comparison:
            pass  # the story was counted as its own mirror gave it
        elif filed is not None:
            self.stories[filed.outcome] += 1
            self.gone.discard(outcome.lease.story or outcome.lease.key)
        elif self._is_gone(outcome):
            self.gone.add(outcome.lease.story or outcome.lease.key)
        if isinstance(content := content_of(outcome), Parsed) and not outcome.lease.target.is_comparison:
            self._count_article(content, filed)

    def _is_gone(self, outcome: Outcome) -> bool:
        told = isinstance(outcome, Unusable) and outcome.reason in GONE_REASONS and outcome.answer and not outcome.unused
        return told and self._was_story(outcome.lease)

    def _was_story(self, lease: LeasedRequest) -> bool:
        return lease.role == "story" or (lease.role == "page" and bool(lease.story) and self.known.versions(lease.story or "") > 0)

    def _count_article(self, content: Parsed, filed: Filed | None) -> None:
        """Count templates and fields, for drift, and articles without headline or text."""
        article, lease = content.article, content.lease
        if filed is not None and filed.outcome == "new" and self.site.templates:
            self.fills.count(article, self._template_of(article), content.capture)
        self.templates[article.template] += 1
        self.problems.update(article.problems)
        if article.headline is None or not (article.body or article.images or article.videos):
            # Of an address that is known to be a story it is a fault; any other page may be short.
            self.bare += lease.role == "story"
            self.omitted.add("page filed without headline or without text", lease.url, count=int(lease.role != "story"))
        if is_outside_days(article, lease.url, self.site, self.arguments):
            self.limits["stories outside since= or until=, known only after they were read"] += 1
        self._count_fields(article)

    def _template_of(self, article: Article) -> Template | None:
        """The template that read an article; None for the generic reader."""
        return next((template for template in self.site.templates if template.name == article.template), None)

    def _count_fields(self, article: Article) -> None:
        """Count the fields that a template's first reader did not find."""
        template = self._template_of(article)
        if template is None:
            self.fallbacks["whole page"] += bool(self.site.templates)
            return
        from crawler.parsers.document.selectors import NOTHING
        from crawler.parsers.template import FIELDS

        for name in FIELDS:
            reader, by = getattr(template, name), article.read_by.get(name)
            self.missing[name] += by is None and reader is not NOTHING
            self.fallbacks[name] += by is not None and reader.best is not None and by != reader.best

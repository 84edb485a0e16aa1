"""One crawl: what it may ask for, whom it asks next, and how each errand ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from attrs import define, evolve, field

from crawler.collection.collection import Collection
from crawler.collection.disk_space import CHECK_SECONDS
from crawler.crawl.cut_answers import AGAIN_AFTER, AGAIN_AFTER_ALIKE, ALIKE, CutAnswers, remembered
from crawler.crawl.drift import Reckoning
from crawler.crawl.host_health import MirrorBoard
from crawler.crawl.host_policy import HostPolicy, Patience
from crawler.crawl.hosts import Hosts
from crawler.crawl.stats import CrawlStats
from crawler.errors import GONE_REASONS, LASTING_REASONS, POLICY_REASONS
from crawler.frontier.crawl_arguments import CrawlArguments
from crawler.frontier.store import FrontierRow, SqliteFrontier, State
from crawler.index.index import Filed
from crawler.index.known import KnownStories
from crawler.index.rows import iso
from crawler.items import Article, Capture, CutOff, Failed, LeasedRequest, Listing, Outcome, Parsed, Unusable, Usable, content_of
from crawler.parsers.document.selectors import NOTHING
from crawler.parsers.template import FIELDS
from crawler.sites.site import Site
from crawler.urls import host_of


@define(kw_only=True)
class Run:
    """The state of one crawl, shared by scheduler, middlewares, spider and pipelines."""

    site: Site
    collection: Collection
    frontier: SqliteFrontier
    board: MirrorBoard
    limits: CrawlArguments
    id: int
    patience: Patience = field(factory=Patience)
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    started: str = ""
    """When it began; a row added before is of an earlier run."""
    stats: CrawlStats = field(factory=CrawlStats)
    earlier: Reckoning = field(factory=Reckoning)
    """How the stories of the site's earlier runs were read."""
    known: KnownStories = field(factory=KnownStories)
    asked_to_wait: dict[str, datetime] = field(factory=dict)
    """Hosts that sent a Retry-After, and until when."""
    hosts: Hosts = field(factory=Hosts)
    keep_health: Callable[[bool], None] = lambda changed: None
    """Called after each report on a mirror, with whether its state has changed: saves the board now and then."""
    at_once: int = 1_000_000
    """Errands that may be in flight together, for the files that each may need."""
    named: dict[str, str] = field(factory=dict)
    """What the user asked for by name: the key of its row to the argument, `story=459588`."""
    unfollowed: Callable[[], dict[str, str]] = dict
    """Stories that only stories' pages link and that were not followed: id to address."""
    _cut: dict[str, CutAnswers] = field(factory=dict, init=False)
    """The answers that were cut off, by key, until the row is settled."""

    # -- whom to ask next

    def lease(self) -> LeasedRequest | None:
        """Take the most urgent errand for which a host is free, or None; none while the disk has no room for its answer."""
        if len(self.frontier.leased) >= self.at_once or not self.collection.disk.enough():
            return None
        busy, now = Counter(row.tried[-1] for row in self.frontier.leased.values() if row.tried), self.clock()

        def resting(host: str) -> datetime | None:
            until = self.asked_to_wait.get(host, now)
            return until if until > now else now if busy[host] >= self.patience.leases_per_host else None

        def closed(host: str, pinned: bool) -> datetime | None:
            # Where others hold the same pages, and where it is given up, each row is looked at.
            others = not pinned and (self.site.owns(f"https://{host}/") or host in self.site.picture_hosts)
            return None if others or self.hosts.given_up(host) else resting(host)

        for row in self.frontier.queued(only_run=self.limits.scoped, without_stories=self.enough(), closed=closed):
            chosen = self.choose(row)
            if chosen is None:
                detail = row.detail or "no host to ask"
                self._count_cut(row.key)
                self.frontier.settle(row.key, "failed", reason=row.reason or "connect", detail=detail, run_id=self.id)
                continue
            host, url = chosen
            if fault := self.hosts.given_up(host):
                self._count_cut(row.key)
                self.frontier.settle(row.key, "failed", reason=fault[0], detail=fault[1], run_id=self.id)
                self.stats.limits["host given up"] += 1
                continue
            if resting(host) is None:
                return self._lease(row, host, url)
        return None

    def pending(self) -> bool:
        """Whether the run has anything left to do."""
        return self.frontier.pending(only_run=self.limits.scoped, without_stories=self.enough())

    def wait(self) -> float | None:
        """Seconds until the next errand that is queued for later falls due, or until the next look at a full disk; None where none is."""
        if not self.collection.disk.enough():
            return CHECK_SECONDS
        due = self.frontier.soonest(only_run=self.limits.scoped)
        waits = [(until - self.clock()).total_seconds() for until in self.asked_to_wait.values() if until > self.clock()]
        return min([*waits, *([max(0.0, (due - self.clock()).total_seconds())] if due else [])], default=None)

    def enough(self) -> bool:
        """Whether as many stories or pages were asked for as the limits allow."""
        most = self.limits.max_stories if self.limits.max_stories is not None else self.limits.max_pages
        return most is not None and self.stats.leased_stories >= most

    def _lease(self, row: FrontierRow, host: str, url: str) -> LeasedRequest:
        leased = self.frontier.lease(row, host)
        self.stats.last_host = host
        if row.role in ("story", "page") and leased.attempts == 1:
            self.stats.leased_stories += 1
        known = row.validates_host == host_of(url)
        return LeasedRequest(
            target=row.target.at(url), attempt=leased.attempts, etag=row.etag if known else None,
            last_modified=row.last_modified if known else None, validates=row.validates if known else None, record_id=leased.record_id,
        )  # fmt: skip

    @property
    def policy(self) -> HostPolicy:
        """Whom to ask for a row."""
        return HostPolicy(site=self.site, limits=self.limits, board=self.board, patience=self.patience, clock=self.clock)

    def choose(self, row: FrontierRow) -> tuple[str, str] | None:
        """The host to ask for a row, and the address there; None where nobody is left to ask."""
        return self.policy.choose(row, there=row.key in self._cut)

    # -- how it ended

    def settle(self, outcome: Outcome, filed: Filed | None = None) -> Outcome | None:
        """Write down how an errand ended, or queue it for another attempt.

        Returns:
            What stands of it: of several cut answers the longest, once no attempt is left; None where a whole one may still come.
        """
        lease, now = outcome.lease, self.clock()
        row = self.frontier.leased.get(lease.key)
        host = host_of(outcome.url)
        if row is not None and isinstance(outcome, Failed) and _cut_off(outcome):
            self._cut[row.key] = self._cut_before(row, outcome).more(outcome, filed)
        self._count(outcome, filed, later=row is not None and isinstance(outcome, CutOff))
        refused = isinstance(outcome, Failed) and outcome.reason in POLICY_REASONS
        if not refused:
            self._report(host, outcome, now)
        if row is None:
            if isinstance(outcome, Failed):
                self._omit_faulty(outcome, outcome.reason, "done")
            return outcome
        cut = self._cut.get(row.key) if isinstance(outcome, CutOff) else None
        if not isinstance(outcome, Failed):
            self._cut.pop(row.key, None)  # a whole answer stands in their place
            self.frontier.settle(row.key, "done", reason=None, detail=None, answered=(), **self._known(row, outcome, now))
        elif refused:
            self._count_cut(row.key)
            self.frontier.settle(row.key, "refused", reason=outcome.reason, detail=outcome.detail)
        else:
            self._settle_unusable(row, outcome, host, now)
        if cut is None:
            return outcome
        return None if row.key in self._cut else cut.outcome

    def postpone(self, lease: LeasedRequest, seconds: float) -> None:
        """Have an errand wait that could not be tried for a want of ours: no attempt is counted, no host blamed."""
        row = self.frontier.leased.get(lease.key)
        if row is not None:
            due = iso(self.clock() + timedelta(seconds=seconds))
            self.frontier.settle(row.key, "queued", due=due, attempts=row.attempts - 1, tried=row.tried[:-1])

    def _settle_unusable(self, row: FrontierRow, outcome: Failed, host: str, now: datetime) -> None:
        """Queue a row for another attempt, or call it answered (it is not there), or failed, with the reason that weighs most.

        A body that was cut off proves that the page is there, whoever says that it is not. Else a lasting 404 of a host that may hold the
        page stays the word that counts, even if the next mirror asked for confirmation was down; and what the page's own mirrors say
        weighs more than what those of another language say.
        """
        policy, reason, detail = self.policy, outcome.reason, outcome.detail
        own = host in policy.own(row) or not self.site.owns(row.url)
        # What was said before weighs more than a failure once the page counts as gone, and than any word of another language's mirror.
        if row.reason and ((not outcome.answer and policy.gone(row)) or not own):
            reason, detail = row.reason, row.detail or ""
        if outcome.answer:
            row = evolve(row, answered=(*row.answered, host))
        cut = self._cut.get(row.key)
        gone = policy.gone(row) and cut is None
        again = policy.again(row, gone=gone, lasting=outcome.reason in LASTING_REASONS or (cut is not None and cut.repeated))
        if cut is not None:
            # A list that is asked for on one host only is asked for twice, to know whether it is cut off alike.
            again = not cut.alike and (again or (row.host is not None and cut.once and row.attempts < self.patience.attempts))
        state: State = "queued" if again else "done" if gone or (cut is not None and cut.alike) else "failed"
        if cut is not None:
            self._settle_cut(row, state, cut, due=policy.when(row, outcome, now) if again else "", now=now)
            return
        due = {"queued": policy.when(row, outcome, now), "done": iso(now + timedelta(days=7))}.get(state, "")
        if state == "failed" and row.role == "story":
            due = iso(self.next_check(row, now, None))
        self.frontier.settle(row.key, state, reason=reason, detail=detail, due=due, answered=row.answered)
        self._omit_faulty(outcome, reason, state)

    def _settle_cut(self, row: FrontierRow, state: State, cut: CutAnswers, *, due: str, now: datetime) -> None:
        """Write down how an errand stands whose answers were cut off; once no attempt is left, what was read of the longest counts."""
        columns: dict[str, Any] = {"reason": cut.reason, "detail": cut.told, "due": due, "answered": row.answered}
        if state != "queued":
            self._count_cut(row.key)
            if row.role in ("story", "page"):
                soon = now + (AGAIN_AFTER_ALIKE if state == "done" else AGAIN_AFTER)
                known = self.next_check(row, now, _article(cut.outcome.read) if cut.outcome else None)
                columns["due"] = iso(min(known, soon)) if cut.digests or row.role == "story" else ""
            elif row.role == "requisite" and state == "done" and not (cut.outcome and self.came_before(row, cut.outcome.capture)):
                columns["due"] = iso(now + AGAIN_AFTER_ALIKE)
            if cut.outcome is not None:
                columns["record_id"] = cut.outcome.capture.record_id
            if state == "done":
                self.stats.omitted.add(ALIKE, f"{row.url} ({cut.detail})")
        self.frontier.settle(row.key, state, **columns)

    def _count_cut(self, key: str) -> None:
        """Count what was read of answers that were cut off: no attempt is left that may bring a whole one."""
        cut = self._cut.pop(key, None)
        if cut is not None and cut.outcome is not None:
            self._count(cut.outcome.read, cut.filed)

    def _cut_before(self, row: FrontierRow, outcome: Failed) -> CutAnswers:
        """What came of earlier attempts at a row; of those of an earlier run as the index knows them."""
        known = self._cut.get(row.key)
        if known is None and row.attempts > 1 and isinstance(outcome, CutOff):
            with self.collection.reader() as index:
                return remembered(index.series_of(outcome.capture), outcome.capture.record_id)
        return known or CutAnswers()

    def came_before(self, row: FrontierRow, capture: Capture | None) -> bool:
        """Whether an earlier run was given the same bytes for the same row; of whole answers a revisit tells as much."""
        if capture is None or row.added >= self.started:
            return False
        with self.collection.reader() as index:
            return index.came_before(capture, self.started)

    def is_longest(self, outcome: CutOff) -> bool:
        """Whether more came than in the attempts before: so what it leads to is asked for once, not with each attempt."""
        known = self._cut.get(outcome.lease.key)
        return known is None or (outcome.capture.cut_at or 0) > known.length

    def _omit_faulty(self, outcome: Failed, reason: str | None, state: State) -> None:
        if reason == "parser-fault" and state != "queued":
            self.stats.count_fault(outcome)

    def _report(self, host: str, outcome: Outcome, now: datetime) -> None:
        """Note what an attempt says of its host."""
        failed = outcome if isinstance(outcome, Failed) else None
        wait = self.patience.heeded(failed.retry_after if failed else None)
        cut = self._cut.get(outcome.lease.key) if isinstance(outcome, CutOff) else None
        if wait:
            self.asked_to_wait[host] = max(now + timedelta(seconds=wait), self.asked_to_wait.get(host, now))
        self.stats.asked[host] += 1
        self.stats.answered[host] += not isinstance(outcome, Unusable) or outcome.answer
        if cut is not None and cut.once:
            # Whether it is the server's habit or its failure, the next attempt shows.
            return
        status = outcome.capture.status if outcome.capture else None
        fine = failed is None or failed.answer or (cut is not None and cut.repeated)
        if not self.policy.is_mirror(host):
            self.hosts.report(host, None if fine or failed is None else failed.reason, status)
            return
        changed = self.board.report(host, _against(failed, fine=fine), now=now, status=status)
        if wait:
            self.board.wait(host, wait, now=now)
        if isinstance(outcome, Listing) and outcome.newest is not None:
            changed = self.board.newest(host, outcome.newest, now=now) or changed
        self.keep_health(changed is not None)

    def _known(self, row: FrontierRow, outcome: Usable, now: datetime) -> dict[str, Any]:
        """Validators and the next recheck of a row that was fetched."""
        capture = outcome.capture
        columns: dict[str, Any] = {"record_id": capture.record_id, "due": ""}
        if row.role in ("story", "page"):
            columns["due"] = iso(self.next_check(row, now, _article(outcome)))
        if capture.status == 200 and outcome.unfinished:
            # A 304 would say that nothing is new, and not that some of it was never read.
            columns |= dict.fromkeys(("etag", "last_modified", "validates_host", "validates"))
        elif capture.status == 200:
            columns |= {
                "etag": capture.etag, "last_modified": capture.last_modified, "validates_host": capture.host,
                "validates": capture.record_id if capture.revisit_of is None else capture.revisit_of,
            }  # fmt: skip
        return columns

    def next_check(self, row: FrontierRow, now: datetime, article: Article | None) -> datetime:
        """When a story is to be asked for again, by its age: by its address, else as its page prints it, else since it was first seen."""
        day = self.site.date_in(row.url) or _printed_day(article)
        if day is None and row.story:
            day = self.known.published(row.story) or self.known.first_seen(row.story)
        if day is None and row.role == "page" and row.added:
            day = date.fromisoformat(row.added[:10])
        age = (now.date() - day).days * 24.0 if day else 0.0
        for below, every in self.patience.recheck_hours:
            if age <= below:
                return now + timedelta(hours=every)
        return now + timedelta(days=365)

    def found_on(self, story_id: str) -> str | None:
        """The address of the page on which a known story was found."""
        row = self.frontier.row(story_id)
        return row.found_on if row else None

    def _count(self, outcome: Outcome, filed: Filed | None, *, later: bool = False) -> None:
        """Count the outcome of an attempt.

        Args:
            later: What was read of it is counted once no attempt is left.
        """
        stats = self.stats
        stats.count_outcome(outcome, later=later)
        if later:
            return
        if isinstance(outcome, Failed) and outcome.reason == "status" and outcome.capture is not None:
            stats.statuses[str(outcome.capture.status or "no status")] += 1
        if filed is not None:
            stats.stories[filed.outcome] += 1
            stats.gone.discard(outcome.lease.key)
        elif isinstance(outcome, Unusable) and outcome.reason in GONE_REASONS and outcome.answer and self._was_story(outcome.lease):
            stats.gone.add(outcome.lease.key)
        if isinstance(content := content_of(outcome), Parsed):
            self._count_article(content.article, content.lease)
            day = _printed_day(content.article) if self.site.date_in(content.lease.url) is None else None
            if day and not (self.limits.since or day) <= day <= (self.limits.until or day):
                stats.limits["stories outside since= or until=, known only after they were read"] += 1

    def _was_story(self, lease: LeasedRequest) -> bool:
        return lease.role == "story" or (lease.role == "page" and bool(lease.story) and self.known.versions(lease.story or "") > 0)

    def _count_article(self, article: Article, lease: LeasedRequest) -> None:
        """What the report needs to show drift: layouts seen, fields that the layout's first reader did not find."""
        stats = self.stats
        stats.templates[article.template] += 1
        stats.problems.update(article.problems)
        if article.headline is None or not (article.body or article.images or article.videos):
            # Of an address that is known to be a story it is a fault; any other page may be short.
            stats.bare += lease.role == "story"
            stats.omitted.add("page filed without headline or without text", lease.url, count=int(lease.role != "story"))
        template = next((t for t in self.site.templates if t.name == article.template), None)
        if template is None:
            stats.fallbacks["whole page"] += bool(self.site.templates)
            return
        for name in FIELDS:
            reader, by = getattr(template, name), article.read_by.get(name)
            stats.missing[name] += by is None and reader is not NOTHING
            stats.fallbacks[name] += by is not None and reader.best is not None and by != reader.best


def _cut_off(outcome: Failed) -> bool:
    """Whether a part of the page came: it is there, and we do not have it."""
    capture = outcome.capture
    if capture is None or outcome.reason in GONE_REASONS or not 200 <= (capture.status or 0) < 300:
        return False
    return capture.truncated is not None or outcome.reason == "partial"


def _against(failed: Failed | None, *, fine: bool) -> str | None:
    """What a failed attempt says against its host: nothing, if only our reader failed, or the answer is always cut off alike."""
    if failed is None or (failed.read_state == "unreadable" and failed.answer) or (fine and isinstance(failed, CutOff)):
        return None
    return failed.reason


def _article(outcome: Usable) -> Article | None:
    return outcome.article if isinstance(outcome, Parsed) else None


def _printed_day(article: Article | None) -> date | None:
    """The day of publication that a page prints."""
    try:
        return date.fromisoformat(article.published[:10]) if article and article.published else None
    except ValueError:
        return None

"""End of requests: done, refused, failed, or queued for another attempt."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from attrs import define, evolve, field

from crawler.collection.collection import Collection
from crawler.crawl.cut_answers import AGAIN_AFTER, AGAIN_AFTER_ALIKE, ALIKE, CutAnswerBook, CutAnswers
from crawler.crawl.stats import CrawlStats
from crawler.errors import LASTING_REASONS, POLICY_REASONS
from crawler.frontier.protocol import Frontier
from crawler.frontier.rows import FrontierRow, State
from crawler.hosts.comparison import MirrorComparison
from crawler.hosts.policy import HostPolicy
from crawler.index.index import Filed
from crawler.index.rows import iso
from crawler.items import BY_NUMBER, Article, Capture, CutOff, Failed, LeasedRequest, Listing, NotModified, Outcome, Parsed, Usable
from crawler.rechecks.recheck import RecheckPolicy
from crawler.requisites.of_file import changes_with_time, kind_of_file
from crawler.urls import host_of

_FOR_NOW = "emporary failure"
"""In what resolvers say of a name that they could not look up (EAI_AGAIN)."""


@define(kw_only=True)
class Completion:
    """Write down how each request of one run ended."""

    run_id: int
    started: str
    """When the run began; a row added before is of an earlier run."""
    collection: Collection
    frontier: Frontier
    policy: HostPolicy
    recheck: RecheckPolicy
    stats: CrawlStats
    compare: MirrorComparison | None = None
    """Asks for stories on a second mirror."""
    by_number: Callable[[Outcome], None] = lambda outcome: None
    """Told how each request by number ended."""
    _cut: CutAnswerBook = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._cut = CutAnswerBook(self.collection)

    def finish(self, outcome: Outcome, filed: Filed | None = None) -> Outcome | None:
        """Write down how a request ended, or queue it for another attempt.

        Returns:
            The outcome that stands: of several cut answers the longest, once no attempt is left; None if a whole one may still come.
        """
        failed = outcome if isinstance(outcome, Failed) else None
        row, now = self.frontier.leased(outcome.lease.key), self.policy.clock()
        wait = self.policy.retry.heeded(failed.retry_after if failed else None)
        if row is not None and failed is not None:
            self._cut.note(row, failed, filed)
        self._count(outcome, filed, later=row is not None and isinstance(outcome, CutOff))
        if failed is None or failed.reason not in POLICY_REASONS:
            self._report(outcome, failed, wait, now)
        if row is None:
            if failed is not None:
                self._count_fault(failed, failed.reason, "done")
            return outcome
        return self._settled(row, outcome, wait, now)

    def _settled(self, row: FrontierRow, outcome: Outcome, wait: float, now: datetime) -> Outcome | None:
        """Settle or queue a row again; see `finish`."""
        cut = self._cut.get(row.key) if isinstance(outcome, CutOff) else None
        if not isinstance(outcome, Failed):
            self._finish_usable(row, outcome, now)
        elif outcome.reason in POLICY_REASONS:
            self.count_cut(row.key)
            self.frontier.settle(row.key, "refused", reason=outcome.reason, detail=outcome.detail)
        else:
            self._finish_failed(row, outcome, wait, now)
        self._compare(row, outcome)
        self.stats.ended += (self.frontier.row(row.key) or row).state != "queued"
        if cut is None:
            return outcome
        return None if self._cut.get(row.key) else cut.outcome

    def fail(self, row: FrontierRow, reason: str, detail: str) -> None:
        """Fail a row for which no host can be asked."""
        self.count_cut(row.key)
        self.frontier.settle(row.key, "failed", reason=reason, detail=detail, run_id=self.run_id)

    def postpone(self, lease: LeasedRequest, seconds: float) -> None:
        """Queue a request again for lack of a resource of ours; no attempt counts."""
        row = self.frontier.leased(lease.key)
        if row is not None:
            due = iso(self.policy.clock() + timedelta(seconds=seconds))
            self.frontier.settle(row.key, "queued", due=due, attempts=row.attempts - 1, tried=row.tried[:-1])

    def _compare(self, row: FrontierRow, outcome: Outcome) -> None:
        if self.compare is not None:
            self.compare.after(row, outcome)

    # -- whole answers

    def _finish_usable(self, row: FrontierRow, outcome: Usable, now: datetime) -> None:
        self._cut.pop(row.key)  # a whole answer stands in their place
        columns: dict[str, Any] = {"record_id": outcome.capture.record_id, "due": ""}
        if row.role in ("story", "page") and not row.target.is_comparison:
            columns |= _schedule(self.recheck.next_check(row, now, _article(outcome)), now)
        if row.role == "requisite" and (isinstance(outcome, NotModified) or changes_with_time(outcome.url, outcome.capture.mime)):
            columns |= _schedule(self.recheck.next_file_check(row, now, unchanged=isinstance(outcome, NotModified)), now)
        elif row.role != "requisite":
            columns["requisites"] = self.policy.arguments.requisites_queued(row.requisites, unchanged=isinstance(outcome, NotModified))
        if row.found_on == BY_NUMBER:
            # From now on it is a story as any other, at the address to which its number led.
            own = self.policy.site.story_id(outcome.url) == row.key
            columns["target"] = evolve(row.target, url=outcome.url if own else row.url, found_on=None)
            self.by_number(outcome)
        self.frontier.settle(row.key, "done", reason=None, detail=None, answered=(), **columns, **_validators(outcome))

    # -- failed attempts

    def _finish_failed(self, row: FrontierRow, failed: Failed, wait: float, now: datetime) -> None:
        """Queue a row for another attempt, or end it as gone or failed."""
        host = host_of(failed.url)
        reason, detail = self._weightier(row, failed, host)
        if failed.answer:
            row = evolve(row, answered=(*row.answered, host))
        if (cut := self._cut.get(row.key)) is not None:
            self._finish_cut(row, failed, cut, wait, now)
            return
        gone = self.policy.rule_of(row).gone(row)
        nowhere = self._is_nowhere(row, failed)
        columns: dict[str, Any] = {"due": ""}
        state: State = "done" if gone or nowhere else "failed"
        if self.policy.again(row, gone=gone, lasting=failed.reason in LASTING_REASONS):
            state, columns["due"] = "queued", self.policy.when(row, now, wait=wait)
        elif row.target.is_comparison:
            pass  # when it is compared again is told by the story's own row
        elif gone and row.found_on == BY_NUMBER:
            self.by_number(failed)
        elif gone or nowhere:
            columns = _schedule(self.recheck.missing_check(row, now), now)
        elif row.role == "story":
            columns = _schedule(self.recheck.next_check(row, now), now)
        self.frontier.settle(row.key, state, reason=reason, detail=detail, answered=row.answered, **columns)
        self._count_fault(failed, reason, state)

    def _is_nowhere(self, row: FrontierRow, failed: Failed) -> bool:
        """Tell whether a script or style sheet lies on a host that is no more.

        Old pages name such services: that is as final as a 404, and looked at again as seldom. A picture is missed all the same, and a
        resolver that fails for now says nothing of the name.
        """
        if row.role != "requisite" or failed.reason != "dns" or _FOR_NOW in failed.detail:
            return False
        return host_of(failed.url) not in self.policy.site.own_hosts and kind_of_file(row.url, ()) is not None

    def _weightier(self, row: FrontierRow, failed: Failed, host: str) -> tuple[str, str]:
        """Choose the reason and detail that count: this attempt's or an earlier one's.

        A lasting 404 of a host that may hold the page stays the word that counts, even if the next mirror asked for confirmation was down;
        and what the page's own mirrors say weighs more than what those of another language say.
        """
        rule = self.policy.rule_of(row)
        if row.reason and ((not failed.answer and rule.gone(row)) or not rule.is_own(row, host)):
            return row.reason, row.detail or ""
        return failed.reason, failed.detail

    def _finish_cut(self, row: FrontierRow, failed: Failed, cut: CutAnswers, wait: float, now: datetime) -> None:
        """Queue or end a row whose answers were cut off: its page exists."""
        again = self.policy.again(row, gone=False, lasting=failed.reason in LASTING_REASONS or cut.repeated)
        # A list that is asked for on one host only is asked for twice, to know whether it is cut off alike.
        second = row.host is not None and not row.target.is_comparison and cut.once and row.attempts < self.policy.retry.attempts
        columns: dict[str, Any] = {"reason": cut.reason, "detail": cut.summary, "answered": row.answered}
        if not cut.alike and (again or second):
            self.frontier.settle(row.key, "queued", due=self.policy.when(row, now, wait=wait), **columns)
            return
        self.count_cut(row.key)
        if cut.outcome is not None:
            columns["record_id"] = cut.outcome.capture.record_id
        if cut.alike:
            self.stats.omitted.add(ALIKE, f"{row.url} ({cut.detail})")
        self.frontier.settle(row.key, "done" if cut.alike else "failed", **self._due_after_cut(row, cut, now), **columns)

    def _due_after_cut(self, row: FrontierRow, cut: CutAnswers, now: datetime) -> dict[str, Any]:
        """Columns that tell when a row is due again after only cut answers."""
        if row.target.is_comparison:
            return {"due": ""}
        if row.role in ("story", "page"):
            soon = now + (AGAIN_AFTER_ALIKE if cut.alike else AGAIN_AFTER)
            known = self.recheck.next_check(row, now, _article(cut.outcome.read) if cut.outcome else None)
            return _schedule(min(known, soon), now) if cut.digests or row.role == "story" else {"due": ""}
        if row.role == "requisite" and cut.alike and not (cut.outcome and self.came_before(row, cut.outcome.capture)):
            return {"due": iso(now + AGAIN_AFTER_ALIKE)}
        return {"due": ""}

    # -- answers that were cut off

    def is_cut(self, key: str) -> bool:
        """Tell whether a part of a page came, and a whole answer may still come."""
        return self._cut.get(key) is not None

    def is_longest(self, outcome: CutOff) -> bool:
        """Tell whether this is the longest cut answer yet: new links may be in it."""
        return self._cut.is_longest(outcome)

    def came_before(self, row: FrontierRow, capture: Capture) -> bool:
        """Tell whether an earlier run got the same bytes for the same row."""
        if row.added >= self.started:
            return False
        with self.collection.reader() as index:
            return index.came_before(capture, self.started)

    def count_cut(self, key: str) -> None:
        """Count what was read of the longest cut answer, since no attempt is left."""
        cut = self._cut.pop(key)
        if cut is not None and cut.outcome is not None:
            self.stats.count_finished(cut.outcome.read, cut.filed)

    # -- counting

    def _count(self, outcome: Outcome, filed: Filed | None, *, later: bool) -> None:
        if later:
            self.stats.count_outcome(outcome, later=True)
        else:
            self.stats.count_finished(outcome, filed)

    def _count_fault(self, failed: Failed, reason: str | None, state: State) -> None:
        if reason == "parser-fault" and state != "queued":
            self.stats.count_fault(failed)

    def _report(self, outcome: Outcome, failed: Failed | None, wait: float, now: datetime) -> None:
        """Note in the health book what an attempt says of its host."""
        host, health = host_of(outcome.url), self.policy.health
        health.wait(host, wait, now)
        self.stats.count_attempt(host, outcome)
        cut = self._cut.get(outcome.lease.key) if isinstance(outcome, CutOff) else None
        if cut is not None and cut.once:
            return  # whether it is the server's habit or its failure, the next attempt shows
        status = outcome.capture.status if outcome.capture else None
        fine = failed is None or failed.answer or (cut is not None and cut.repeated)
        if not self.policy.is_mirror(host):
            health.report_host(host, None if fine or failed is None else failed.reason, status)
            return
        newest = outcome.newest if isinstance(outcome, Listing) else None
        health.report_mirror(host, _against(failed, fine=fine), status=status, now=now, wait=wait, newest=newest)


def _schedule(due: datetime, now: datetime) -> dict[str, Any]:
    """Columns that tell when a page is due again, and after what interval."""
    return {"due": iso(due), "every": max(1, round((due - now).total_seconds()))}


def _validators(outcome: Usable) -> dict[str, Any]:
    """Columns by which the next request asks for what has changed."""
    capture = outcome.capture
    if capture.status != 200:
        return {}
    if outcome.unfinished:
        # A 304 would say that nothing is new, and not that some of it was never read.
        return dict.fromkeys(("etag", "last_modified", "validates_host", "validates"))
    return {
        "etag": capture.etag, "last_modified": capture.last_modified, "validates_host": capture.host,
        "validates": capture.record_id if capture.revisit_of is None else capture.revisit_of,
    }  # fmt: skip


def _against(failed: Failed | None, *, fine: bool) -> str | None:
    """The reason held against a host; None for our reader's fault or a habit."""
    if failed is None or (failed.read_state == "unreadable" and failed.answer) or (fine and isinstance(failed, CutOff)):
        return None
    return failed.reason


def _article(outcome: Usable) -> Article | None:
    return outcome.article if isinstance(outcome, Parsed) else None

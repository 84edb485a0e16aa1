"""Named checks and exit code of a finished run, from its facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from attrs import field, frozen

from crawler.coverage.finding import Finding
from crawler.errors import EXIT_COMPLETE, EXIT_INCOMPLETE, EXIT_SIGNAL, EXIT_WRITE_FAILED
from crawler.formatting import counted
from crawler.items import Omission

NAMED = "named and did not come"
"""The reason under which the omissions hold what the user named and did not get."""
MAX_DETAIL = 500
MAX_NAMED = 20
Level = Literal["ok", "warn", "fail"]


@frozen(kw_only=True)
class Check:
    """One named test of a run's data."""

    name: str
    passed: bool
    """False makes the run incomplete."""
    detail: str
    warned: bool = False
    """It passed, and somebody should look at it: never changes the exit code."""
    advice: str = ""
    """What to do next, one sentence, of a check that failed or warns."""

    @property
    def level(self) -> Level:
        """Level of the check: `ok`, `warn` or `fail`."""
        return "fail" if not self.passed else "warn" if self.warned else "ok"


@frozen(kw_only=True)
class Facts:
    """Facts of a run from which checks and exit code are made."""

    finish_reason: str = "finished"
    """Scrapy's word: `finished`, `shutdown` (a signal), `write-failed`, `closespider_...`."""
    states: Mapping[str, int] = field(factory=dict)
    """Rows of the frontier that this run added or asked for, by state."""
    failed: Sequence[str] = ()
    """Addresses that failed after all mirrors and attempts, and that no other row made good."""
    reasons: Mapping[str, int] = field(factory=dict)
    """Of these by reason; of all attempts if none is left failed."""
    waiting: int = 0
    """Rows that were due and not asked for: queued within scope and limits."""
    beyond: int = 0
    """Stories and pages left in the queue because `limit` was reached."""
    limit: str = ""
    """`max_stories=3`, if there is such a limit."""
    unqueued: int = 0
    """Numbers of a backfill that were not queued yet."""
    held: str = ""
    """For which limit of time, or of a day, requests wait until later, in words; empty for none."""
    backlog: int = 0
    """Rechecks that are due and were left to the next runs."""
    most_backlog: int = 0
    """Of these, how many are no matter: ARCHIVE_RECHECK_BACKLOG."""
    missing: Sequence[str] = ()
    """Named pages that did not come: `story=7: on no list of the site`."""
    omitted: Sequence[Omission] = ()
    """Omissions that were due, except named pages."""
    read: int = 0
    bare: int = 0
    unreadable: int = 0
    files: int | None = None
    """Of a replay: WARC files that were read; None if pages were asked for."""
    damaged: Sequence[str] = ()
    broken: str | None = None
    """Why nothing can be written any more."""

    @property
    def healed(self) -> int:
        """Rows that failed on one host and came from another."""
        return max(0, self.states.get("failed", 0) - len(self.failed))

    @property
    def in_flight(self) -> int:
        """Rows that were being asked for, or not yet read, when the run ended."""
        return self.states.get("leased", 0) + self.states.get("captured", 0)


def checks_of(facts: Facts) -> tuple[Check, ...]:
    """The checks that apply to a run, in the order of the report."""
    return (*_addresses(facts), *_rechecks(facts), *page_checks(facts))


def _addresses(facts: Facts) -> Iterator[Check]:
    if facts.files is None:
        yield from _asked(facts)
    if facts.missing:
        more = f"; and {len(facts.missing) - MAX_NAMED} more" if len(facts.missing) > MAX_NAMED else ""
        yield Check(name="everything named came", passed=False, detail="; ".join(facts.missing[:MAX_NAMED]) + more)


def _asked(facts: Facts) -> Iterator[Check]:
    settled, rows = facts.states.get("done", 0), sum(facts.states.values())
    refused = rows > 0 and facts.states.get("refused", 0) == rows
    silent = "no host answered at all" if facts.states.get("failed") else "nothing was asked for"
    unasked = not rows or bool(facts.held and not facts.states.get("failed"))
    detail = f"{counted(settled, 'address', 'addresses')} settled" if settled or not rows else silent
    if unasked and facts.held and not settled:
        detail = f"nothing was asked for: {facts.held}"
    if refused:
        detail = f"nothing could be asked for: {counted(rows, 'address', 'addresses')} refused by policy"
    yield Check(name="a host answered", passed=settled > 0 or unasked, detail=detail)
    text = _left(facts)
    beyond = f" within the limits; {facts.beyond} beyond {facts.limit}" if facts.beyond else ""
    yield Check(name="every address settled", passed=not text, detail=text or f"nothing left over{beyond}")


def _left(facts: Facts) -> str:
    """Tell what was due and is not settled."""
    left = [
        f"{len(facts.failed)} failed after all mirrors and attempts" if facts.failed else "",
        f"{facts.waiting} not asked for" if facts.waiting else "",
        f"{facts.in_flight} in flight when the run ended" if facts.in_flight else "",
    ]
    return ", ".join(part for part in left if part)


def _rechecks(facts: Facts) -> Iterator[Check]:
    """Warn where known stories come due faster than they are asked for."""
    if facts.backlog > facts.most_backlog:
        detail = f"{counted(facts.backlog, 'recheck')} due and left to the next runs, more than {facts.most_backlog}"
        advice = "run more often, raise ARCHIVE_RECHECKS_PER_RUN, or lengthen ARCHIVE_RECHECK_HOURS (docs/rechecks.md)."
        yield Check(name="rechecks keep up", passed=True, warned=True, detail=detail, advice=advice)


def page_checks(facts: Facts) -> Iterator[Check]:
    """Check what was captured: it could be read, and nothing due was left out."""
    yield Check(
        name="stories could be read",
        passed=(facts.bare + facts.unreadable) * 10 <= facts.read + facts.unreadable,
        detail=f"{facts.read} read, {facts.bare} of them without headline or text, {facts.unreadable} captured but unreadable",
    )
    if facts.damaged:
        detail = f"{len(facts.damaged)} faults: {facts.damaged[0]}" if len(facts.damaged) > 1 else facts.damaged[0]
        yield Check(name="WARCs read to their end", passed=False, detail=detail[:MAX_DETAIL])
    elif facts.files is not None:
        yield Check(name="WARCs read to their end", passed=True, detail=counted(facts.files, "file"))
    if facts.omitted:
        detail = "; ".join(f"{one.count} x {one.reason}" + (f" ({one.example})" if one.example else "") for one in facts.omitted)
        yield Check(name="nothing due was left out", passed=False, detail=detail[:MAX_DETAIL])
    if facts.broken:
        yield Check(name="everything on disk", passed=False, detail=facts.broken)


def outage_checks(findings: Iterable[Finding], levels: Mapping[str, str]) -> Iterator[Check]:
    """Weigh findings on silent outages by the level of each."""
    for one in findings:
        warns = not one.good and levels[one.check] == "warn"
        yield Check(name=f"{one.name} ({one.check})", passed=one.good or warns, warned=warns, detail=one.detail, advice=one.advice)


def verdict_of(facts: Facts, checks: Sequence[Check]) -> tuple[int, str]:
    """The exit code of a run, and why."""
    if facts.broken or facts.finish_reason == "write-failed":
        return EXIT_WRITE_FAILED, facts.broken or "a write failed"
    if facts.finish_reason == "shutdown":
        return EXIT_SIGNAL, "stopped by a signal; run it again to go on"
    bad = [f"{check.name}: {check.detail}" for check in checks if not check.passed]
    if facts.finish_reason != "finished":
        bad.insert(0, f"ended early: {facts.finish_reason}")
    if bad:
        return EXIT_INCOMPLETE, "; ".join(bad)
    if facts.held:
        return EXIT_COMPLETE, f"{counted(facts.beyond + facts.unqueued, 'address', 'addresses')} left for later: {facts.held}"
    return EXIT_COMPLETE, "all that was due is here"

"""Run report: counts, checks, exit code."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import asdict, evolve, frozen

from crawler.backfill.progress import backfill_stats
from crawler.coverage.drift import EARLIER_RUNS, drift, reckoned
from crawler.coverage.outages import Outages
from crawler.crawl.advice import advice_on_write, with_advice
from crawler.crawl.run import Run
from crawler.crawl.run_facts import facts_of, left_of, omissions_of, outages_in
from crawler.crawl.stats import CrawlStats
from crawler.crawl.verdict import Check, Facts, checks_of, outage_checks, verdict_of
from crawler.errors import EXIT_COMPLETE, EXIT_INCOMPLETE, EXIT_SIGNAL, EXIT_WRITE_FAILED, ArchiveError, SetupError
from crawler.frontier_reads.queries import count_requisites
from crawler.hosts.comparison import EDITED
from crawler.items import Omissions
from crawler.memento.report_lines import judged

MAX_FAILED = 50
"""Addresses that failed, by name; all of them are in table `frontier`."""
MAX_DAMAGED = 200
"""Files and places of files that are named; all of them are in the log."""
MAX_DRIFT = 12
"""Lines of the report; all of it is in `runs.stats`."""


@frozen(kw_only=True)
class Report:
    """The end of one run, as `scrapy crawl` prints it and table `runs` keeps it."""

    site: str
    collection: str
    stats: Mapping[str, Any]
    checks: tuple[Check, ...]
    exit_code: int
    reason: str

    @property
    def verdict(self) -> str:
        """One word for the exit code; POSTPONED: 0, and requests wait for later."""
        if self.exit_code == EXIT_COMPLETE and self.stats.get("left", {}).get("held"):
            return "POSTPONED"
        return {
            EXIT_COMPLETE: "COMPLETE", EXIT_INCOMPLETE: "INCOMPLETE", EXIT_WRITE_FAILED: "WRITE FAILED", EXIT_SIGNAL: "STOPPED",
        }.get(self.exit_code, "FAILED")  # fmt: skip

    def document(self) -> Mapping[str, Any]:
        """The report as `--report-json` writes it; table `runs` keeps `stats`, with the checks among them."""
        return {
            "site": self.site, "collection": self.collection, "verdict": self.verdict, "exit_code": self.exit_code, "reason": self.reason,
            "checks": [
                {"name": one.name, "passed": one.passed, "level": one.level, "detail": one.detail, "advice": one.advice}
                for one in self.checks
            ], "stats": self.stats,
        }  # fmt: skip


def write_report(place: str, document: Mapping[str, Any] | None) -> None:
    """Write a report to a file as one JSON document; empty without a report.

    Raises:
        SetupError: It cannot be written.
    """
    text = "" if document is None else json.dumps(document, ensure_ascii=False, indent=1, default=str) + "\n"
    try:
        Path(place).write_text(text, encoding="utf-8", errors="surrogatepass")
    except OSError as error:
        raise SetupError(f"--report-json: {place}: cannot write: {error.strerror or error}") from error


def make_report(run: Run, *, finish_reason: str, seconds: float) -> Report:
    """Judge a finished run.

    Args:
        finish_reason: Scrapy's word: `finished`, `shutdown` (a signal), `write-failed`, `closespider_...`.
    """
    left = left_of(run)
    omitted = omissions_of(run, left)
    facts = facts_of(run, finish_reason, left, omitted)
    outages = outages_in(run) if finish_reason == "finished" and not facts.broken and run.site.mirrors else Outages()
    checks = (*checks_of(facts), *outage_checks(outages.findings, run.outages.levels))
    if run.archives is not None:
        checks = (*checks, Check(**asdict(judged(run.archives))))
    code, reason = verdict_of(facts, checks)
    checks = with_advice(checks, facts, str(run.collection.path))
    stats = {**_counts(run.stats), **_places(run, facts), **_shortfalls(run, facts, omitted, seconds)}
    stats |= {"files": run.stats.files, "seconds": round(seconds, 1), "failed_urls": list(facts.failed[:MAX_FAILED]), **outages.stats}
    if run.archives is not None:
        stats["archives"] = run.archives.document()
    if run.site.templates and not facts.broken:
        with run.collection.reader() as index:
            earlier = reckoned(index.stats_of_runs(run.site.name, before=run.id, most=EARLIER_RUNS))
        stats["drift"] = [str(one) for one in drift(reckoned([stats]), earlier)]
    return Report(site=run.site.name, collection=str(run.collection.path), stats=stats, checks=checks, exit_code=code, reason=reason)


def _counts(stats: CrawlStats) -> dict[str, Any]:
    """Counts of captures, of failed attempts and of how stories were read."""
    missing = stats.suspected()
    return {
        "stories": dict(stats.stories + Counter(changed=stats.comparisons[EDITED]))
        | {"gone": len(stats.gone) - missing} | ({"missing": missing} if missing else {}),
        "rechecks": {
            "asked": stats.rechecks, "per_run": stats.recheck_budget, "backlog": stats.backlog, "first": stats.first_left,
        },
        "comparisons": dict(+stats.comparisons), "captures": stats.captures, "revisits": stats.revisits, "bytes": stats.bytes,
        "failures": dict(stats.failures), "statuses": dict(stats.statuses), "failing_hosts": _by_reason(stats.failing),
        "templates": dict(stats.templates), "fallback_fields": dict(+stats.fallbacks),
        "missing_fields": dict(+stats.missing), "problems": dict(stats.problems),
    }  # fmt: skip


def _places(run: Run, facts: Facts) -> dict[str, Any]:
    """States of the frontier's rows and of the mirrors that were asked."""
    outcomes = {**facts.states}
    if facts.healed:
        outcomes |= {"failed": len(facts.failed), "given by another mirror": facts.healed}
    policy = run.policy
    rows = (row for row in policy.health.mirrors.rows() if row["successes"] or row["failures"])
    asked = {row["host"]: row for row in rows if policy.is_mirror(row["host"])}
    return {
        "frontier": outcomes, "requisites": _requisites(run),
        "left": {"waiting": facts.waiting, "beyond": facts.beyond, "limit": facts.limit, "unqueued": facts.unqueued, "held": facts.held},
        "missing": list(facts.missing),
        "mirrors": {host: row["state"] for host, row in asked.items()},
        "mirror_errors": {host: row["last_error"] for host, row in asked.items() if row["state"] in ("resting", "dead")},
    }  # fmt: skip


def _requisites(run: Run) -> dict[str, dict[str, int]]:
    """Requisites that the run asked for, by kind: held and missing."""
    with run.collection.reader() as index:
        return count_requisites(index.query, run.id, lanes=run.scope.worked if run.scope is not None else None)


def _shortfalls(run: Run, facts: Facts, omitted: Omissions, seconds: float) -> dict[str, Any]:
    """Delays, limits that were hit, omissions and damaged files."""
    stats, pauses = run.stats, run.collection.disk.pauses
    limits = dict(stats.limits) | ({"pause for room on disk": pauses} if pauses else {})
    limits |= {f"worker processes not confined ({what})": 1 for what in run.parsers.readers.workers.lacking}
    return {
        "crawl_delay": stats.delays, "crawl_delay_clamped": stats.clamped, "limits": limits,
        "slowed": {host: one for host, one in run.dispatcher.pace.delays.slowed().items() if stats.asked[host]},
        "backfill": backfill_stats(
            run.arguments.backfill, run.dispatcher.numbers, queued=facts.waiting + facts.beyond, settled=stats.ended, seconds=seconds
        ),
        "omitted": omitted.document(), "not_due": stats.not_due, "damaged": list(facts.damaged[:MAX_DAMAGED]),
    }  # fmt: skip


def failed(report: Report, error: Exception) -> Report:
    """Turn a report into one of a run whose last write failed."""
    if report.exit_code == EXIT_WRITE_FAILED:
        return report
    check = Check(name="everything on disk", passed=False, detail=str(error), advice=advice_on_write(report.collection))
    return evolve(report, exit_code=EXIT_WRITE_FAILED, reason=str(error), checks=(*report.checks, check))


def unstored(report: Report, error: ArchiveError) -> Report:
    """Turn a report into one of a run with WARCs missing in the store."""
    check = Check(name="sealed WARCs are in the store", passed=False, detail=str(error), advice="`scrapy maintain` uploads what waits")
    code = error.exit_code if report.exit_code in (EXIT_COMPLETE, EXIT_INCOMPLETE) else report.exit_code
    return evolve(report, exit_code=code, reason=str(error) if code != report.exit_code else report.reason, checks=(*report.checks, check))


def _by_reason(failing: Mapping[tuple[str, str], int]) -> dict[str, dict[str, int]]:
    """By reason the hosts that failed for it most often."""
    hosts: dict[str, dict[str, int]] = {}
    for (reason, host), count in sorted(failing.items(), key=lambda item: (-item[1], item[0])):
        if len(named := hosts.setdefault(reason, {})) < MAX_DRIFT:
            named[host] = count
    return hosts

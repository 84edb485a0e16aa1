"""The run report: what was done, what is wrong with it, and whether the crawl may be called complete."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from crawler.drift import drift, reckoned
from crawler.errors import EXIT_COMPLETE, EXIT_INCOMPLETE, EXIT_SIGNAL, EXIT_WRITE_FAILED, SetupError
from crawler.run import Run
from crawler.text import one_line, size, table

MAX_DRIFT = 12
"""Lines of the report; all of it is in `runs.stats`."""


@frozen(kw_only=True)
class Check:
    """One named test of a run's data."""

    name: str
    passed: bool
    detail: str


@frozen(kw_only=True)
class Report:
    """What `scrapy crawl` says at its end, and what table `runs` keeps."""

    site: str
    collection: str
    stats: Mapping[str, Any]
    checks: tuple[Check, ...]
    exit_code: int
    reason: str

    @property
    def verdict(self) -> str:
        """One word for the exit code."""
        return {
            EXIT_COMPLETE: "COMPLETE", EXIT_INCOMPLETE: "INCOMPLETE", EXIT_WRITE_FAILED: "WRITE FAILED", EXIT_SIGNAL: "STOPPED",
        }.get(self.exit_code, "FAILED")  # fmt: skip

    def document(self) -> Mapping[str, Any]:
        """The report as `--report-json` writes it; `stats` is that of table `runs`."""
        return {
            "site": self.site, "collection": self.collection, "verdict": self.verdict, "exit_code": self.exit_code, "reason": self.reason,
            "checks": [{"name": one.name, "passed": one.passed, "detail": one.detail} for one in self.checks], "stats": self.stats,
        }  # fmt: skip


def write_report(place: str, report: Report | None) -> None:
    """Write a report to a file as one JSON document; an empty file where there is no report yet.

    Raises:
        SetupError: It cannot be written.
    """
    text = "" if report is None else json.dumps(report.document(), ensure_ascii=False, indent=1, default=str) + "\n"
    try:
        Path(place).write_text(text, encoding="utf-8", errors="surrogatepass")
    except OSError as error:
        raise SetupError(f"--report-json: {place}: cannot write: {error.strerror or error}") from error


def make_report(run: Run, *, finish_reason: str, seconds: float) -> Report:
    """Judge a finished run.

    Args:
        finish_reason: Scrapy's word: `finished`, `shutdown` (a signal), `write-failed`, `closespider_...`.
    """
    outcomes = run.frontier.outcomes(run.id)
    failed = list(_unhealed(run))
    if healed := outcomes.get("failed", 0) - len(failed):
        outcomes = {**outcomes, "failed": len(failed), "given by another mirror": healed}
    checks = tuple(_checks(run, outcomes, failed))
    code, reason = _verdict(run, checks, failed, finish_reason)
    tally = run.tally
    states = run.board.states()
    asked = {row["host"]: states[row["host"]] for row in run.board.rows() if row["successes"] or row["failures"]}
    if pauses := run.collection.room.pauses:
        tally.limits["pause for room on disk"] = pauses
    stats = {
        "stories": dict(tally.stories) | {"gone": len(tally.gone)},
        "captures": tally.captures, "revisits": tally.revisits, "bytes": tally.bytes,
        "failures": dict(tally.failures), "templates": dict(tally.templates), "fallback_fields": dict(+tally.fallbacks),
        "missing_fields": dict(+tally.missing), "problems": dict(tally.problems), "frontier": outcomes, "mirrors": asked,
        "crawl_delay": tally.delays, "crawl_delay_clamped": tally.clamped, "limits": dict(tally.limits),
        "omitted": tally.omitted.document(), "not_due": tally.not_due,
        "seconds": round(seconds, 1), "failed_urls": failed[:50],
    }  # fmt: skip
    if run.site.templates:
        stats["drift"] = [str(one) for one in drift(reckoned([stats]), run.earlier)]
    return Report(site=run.site.name, collection=str(run.collection.path), stats=stats, checks=checks, exit_code=code, reason=reason)


def failed(report: Report, error: Exception) -> Report:
    """The same report after a write failed that came behind its making."""
    if report.exit_code == EXIT_WRITE_FAILED:
        return report
    check = Check(name="everything on disk", passed=False, detail=str(error))
    return evolve(report, exit_code=EXIT_WRITE_FAILED, reason=str(error), checks=(*report.checks, check))


def _unhealed(run: Run) -> Iterator[str]:
    """Failed errands that nothing else made good: a feed that one mirror refused and another gave is none."""
    for row in run.frontier.ended("failed", run.id):
        if row.host and run.frontier.ended_well(row.key.rpartition("@")[0], run.id):
            continue
        yield f"{row.url} ({row.reason}{': ' + row.detail if row.detail else ''})"


def _checks(run: Run, outcomes: Mapping[str, int], failed: list[str]) -> Iterator[Check]:
    tally = run.tally
    fetched = outcomes.get("done", 0)
    answered = fetched > 0 or not outcomes or tally.captures > 0
    yield Check(name="a host answered", passed=answered, detail=f"{fetched} addresses settled" if answered else "no host answered at all")
    yield Check(
        name="every address settled",
        passed=not failed and not run.pending(),
        detail="nothing left over" if not failed else f"{len(failed)} failed after all mirrors and attempts",
    )
    read = sum(tally.templates.values())
    bare, unreadable = tally.bare, tally.unreadable
    yield Check(
        name="stories could be read",
        passed=(bare + unreadable) * 10 <= read + unreadable,
        detail=f"{read} read, {bare} of them without headline or text, {unreadable} captured but unreadable",
    )
    if tally.damaged:
        yield Check(name="WARCs read to their end", passed=False, detail="; ".join(tally.damaged)[:500])
    if due := tally.omitted.incomplete():
        detail = "; ".join(f"{one.count} {one.reason}" + (f" ({one.example})" if one.example else "") for one in due)
        yield Check(name="nothing due was left out", passed=False, detail=detail[:500])
    if run.collection.broken:
        yield Check(name="everything on disk", passed=False, detail=str(run.collection.broken))


def _verdict(run: Run, checks: tuple[Check, ...], failed: list[str], finish_reason: str) -> tuple[int, str]:
    if run.collection.broken or finish_reason == "write-failed":
        return EXIT_WRITE_FAILED, str(run.collection.broken or run.collection.room.over() or "a write failed")
    if finish_reason == "shutdown":
        return EXIT_SIGNAL, "stopped by a signal; run it again to go on"
    bad = [f"{check.name}: {check.detail}" for check in checks if not check.passed]
    if finish_reason != "finished":
        bad.insert(0, f"ended early: {finish_reason}")
    if bad:
        return EXIT_INCOMPLETE, "; ".join(bad)
    return EXIT_COMPLETE, "all that was due is here"


def render(report: Report) -> str:
    """The report for people."""
    stats = report.stats
    stories = stats["stories"]
    rows = [
        ("stories", ", ".join(f"{stories.get(word, 0)} {word}" for word in ("new", "changed", "unchanged", "gone"))),
        ("captures", f"{stats['captures']} ({stats['revisits']} revisits), {size(stats['bytes'])} received in {stats['seconds']} s"),
        ("addresses", ", ".join(f"{count} {state}" for state, count in sorted(stats["frontier"].items()) if count) or "none"),
        ("failed attempts", _counts(stats["failures"])),
        ("templates", _counts(stats["templates"])),
        ("read by fallback", _counts(stats["fallback_fields"])),
        ("mirrors", ", ".join(f"{host} {state}" for host, state in stats["mirrors"].items()) or "-"),
    ]
    if stats["crawl_delay_clamped"]:
        rows.append(("crawl-delay clamped", ", ".join(f"{host} asked {asked:g} s" for host, asked in stats["crawl_delay_clamped"].items())))
    if stats["limits"]:
        rows.append(("limits hit", _counts(stats["limits"])))
    if stats["not_due"]:
        rows.append(("known, not due", f"{stats['not_due']} pages"))
    rows += [("left out" if not n else "", _omission(reason, one)) for n, (reason, one) in enumerate(stats["omitted"].items())]
    rows += [("drift" if not n else "", one_line(what)) for n, what in enumerate(stats.get("drift", ())[:MAX_DRIFT])]
    lines = [f"Run report: {report.site} -> {report.collection}", "", table(rows), ""]
    lines += [f"  {'ok ' if check.passed else 'NOT'} {check.name}: {check.detail}" for check in report.checks]
    lines += [f"      {one_line(url)}" for url in stats["failed_urls"][:10]]
    more = len(stats["failed_urls"]) - 10
    if more > 0:
        lines.append(f"      and {more} more: SELECT url, reason, detail FROM frontier WHERE state = 'failed'")
    lines += ["", f"{report.verdict} (exit code {report.exit_code}): {one_line(report.reason)}"]
    return "\n".join(lines)


def _omission(reason: str, one: Mapping[str, Any]) -> str:
    return one_line(f"{one['count']} {reason}" + (f", first {one['example']}" if one["example"] else ""))


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {one_line(word)}" for word, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))) or "none"

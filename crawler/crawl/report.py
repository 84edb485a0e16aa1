"""The run report: what was done, what is wrong with it, and whether the crawl may be called complete."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from crawler.crawl.drift import drift, reckoned
from crawler.crawl.run import Run
from crawler.crawl.verdict import NAMED, Check, Facts, checks_of, verdict_of
from crawler.errors import EXIT_COMPLETE, EXIT_INCOMPLETE, EXIT_SIGNAL, EXIT_WRITE_FAILED, GONE_REASONS, SetupError
from crawler.formatting import counted, one_line, size, table
from crawler.frontier.store import OPEN_STATES

MAX_HOSTS = 3
"""Hosts named beside each reason of failed attempts."""
MAX_DAMAGED = 200
"""Files and places of files that are named; all of them are in the log."""
MAX_DRIFT = 12
"""Lines of the report; all of it is in `runs.stats`."""
MAX_OMITTED = 12
"""The same for what was left out."""
FAILED_SQL = "SELECT url, reason, detail FROM frontier WHERE state = 'failed'"


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
    facts = facts_of(run, finish_reason)
    checks = checks_of(facts)
    code, reason = verdict_of(facts, checks)
    outcomes = {**facts.states}
    if facts.healed:
        outcomes |= {"failed": len(facts.failed), "given by another mirror": facts.healed}
    tally = run.tally
    asked = {row["host"]: row for row in run.board.rows() if (row["successes"] or row["failures"]) and run.policy.is_mirror(row["host"])}
    if pauses := run.collection.room.pauses:
        tally.limits["pause for room on disk"] = pauses
    stats = {
        "stories": dict(tally.stories) | {"gone": len(tally.gone)},
        "captures": tally.captures, "revisits": tally.revisits, "bytes": tally.bytes,
        "failures": dict(tally.failures), "statuses": dict(tally.statuses), "failing_hosts": _by_reason(tally.failing),
        "templates": dict(tally.templates), "fallback_fields": dict(+tally.fallbacks),
        "missing_fields": dict(+tally.missing), "problems": dict(tally.problems), "frontier": outcomes,
        "left": {"waiting": facts.waiting, "beyond": facts.beyond, "limit": facts.limit}, "missing": list(facts.missing),
        "mirrors": {host: row["state"] for host, row in asked.items()},
        "mirror_errors": {host: row["last_error"] for host, row in asked.items() if row["state"] in ("resting", "dead")},
        "crawl_delay": tally.delays, "crawl_delay_clamped": tally.clamped, "limits": dict(tally.limits),
        "omitted": tally.omitted.document(), "not_due": tally.not_due, "damaged": tally.damaged[:MAX_DAMAGED],
        "files": tally.files,
        "seconds": round(seconds, 1), "failed_urls": list(facts.failed[:50]),
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


def _by_reason(failing: Mapping[tuple[str, str], int]) -> dict[str, dict[str, int]]:
    """For each reason the hosts that failed for it most often."""
    hosts: dict[str, dict[str, int]] = {}
    for (reason, host), count in sorted(failing.items(), key=lambda item: (-item[1], item[0])):
        if len(named := hosts.setdefault(reason, {})) < MAX_DRIFT:
            named[host] = count
    return hosts


def _unhealed(run: Run) -> Iterator[str]:
    """Failed errands that nothing else made good: a feed that one mirror refused and another gave is none."""
    for row in run.frontier.ended("failed", run.id):
        if row.host and run.frontier.ended_well(row.key.rpartition("@")[0], run.id):
            continue
        yield f"{row.url} ({row.reason}{': ' + row.detail if row.detail else ''})"


def facts_of(run: Run, finish_reason: str) -> Facts:
    """What a run came to; call when all changes are committed. What is due and missing is noted among the omissions."""
    tally, limits, scoped = run.tally, run.limits, run.limits.scoped
    enough = run.enough()
    waiting, _ = run.frontier.waiting(only_run=scoped, fresh=False if enough else None)
    beyond, first = run.frontier.waiting(only_run=scoped, fresh=True) if enough else (0, "")
    limit = next((f"{name}={most}" for name in ("max_stories", "max_pages") if (most := getattr(limits, name)) is not None), "")
    if beyond and limits.max_stories is not None:
        tally.omitted.add(f"story beyond {limit}", first, count=beyond)
    missing = tuple(missing_of(run))
    if missing:
        tally.omitted.add(NAMED, missing[0], count=len(missing), incomplete=True)
    for story, url in run.unfollowed().items():
        if run.frontier.row(story) is None:
            tally.omitted.add("story linked only from a story's page, not followed", url)
    broken = run.collection.broken or (run.collection.room.over() if finish_reason == "write-failed" else None)
    return Facts(
        finish_reason=finish_reason, states=run.frontier.outcomes(run.id), failed=tuple(_unhealed(run)), waiting=waiting, beyond=beyond,
        limit=limit, missing=missing, omitted=[one for one in tally.omitted.incomplete() if one.reason != NAMED],
        read=sum(tally.templates.values()), bare=tally.bare, unreadable=tally.unreadable, files=tally.files,
        damaged=tally.damaged, broken=str(broken) if broken else None,
    )  # fmt: skip


def missing_of(run: Run) -> Iterator[str]:
    """What the arguments name and the run did not get, each with the reason."""
    limits = run.limits
    for key, name in run.named.items():
        if fault := _fault(run, key):
            yield f"{name}: {fault}"
    for host in limits.mirrors:
        if run.tally.asked[host] and not run.tally.answered[host]:
            errors = ", ".join(str(row["last_error"]) for row in run.board.rows() if row["host"] == host and row["last_error"])
            yield f"mirrors={host}: answered nothing{f' ({errors})' if errors else ''}"
    if limits.max_stories == 0:
        yield "max_stories=0: no story may be asked for"
    if limits.max_pages == 0:
        yield "max_pages=0: no page may be asked for"


def _fault(run: Run, key: str) -> str | None:
    """Why a named row did not come; None where it did, or where a story that is held is told to be gone."""
    row = run.frontier.row(key)
    if row is None:
        return "on no list of the site"
    if row.state in OPEN_STATES:
        return "not asked for"
    if row.reason is None or (row.state == "done" and row.reason not in GONE_REASONS):
        return None  # fetched, or read from answers that were cut off alike
    if row.state == "done" and row.role == "story" and run.known.versions(key):
        return None
    return f"{'refused, ' if row.state == 'refused' else ''}{row.reason}{f': {row.detail}' if row.detail else ''}"


def render(report: Report) -> str:
    """The report for people."""
    stats = report.stats
    stories, replay = stats["stories"], stats.get("files") is not None
    rows = [
        ("stories", ", ".join(f"{stories.get(word, 0)} {word}" for word in ("new", "changed", "unchanged", "gone"))),
        ("captures", f"{stats['captures']} ({counted(stats['revisits'], 'revisit')}), {size(stats['bytes'])} in {stats['seconds']} s"),
        ("files", f"{stats['files']} read") if replay else ("addresses", _addresses(stats)),
        ("failed attempts", _failures(stats["failures"], stats.get("statuses", {}), stats.get("failing_hosts", {}))),
        ("templates", _counts(stats["templates"])),
        ("fields by later rules", _counts(stats["fallback_fields"])),
        *([] if replay else [("mirrors", _mirrors(stats) or "-")]),
    ]
    if stats["crawl_delay_clamped"]:
        rows.append(("crawl-delay clamped", ", ".join(f"{host} asked {asked:g} s" for host, asked in stats["crawl_delay_clamped"].items())))
    if stats["limits"]:
        rows.append(("limits hit", _counts(stats["limits"])))
    if stats.get("not_due"):
        rows.append(("known, not due", counted(stats["not_due"], "page")))
    rows += [("left out" if not n else "", line) for n, line in enumerate(_omissions(stats["omitted"]))]
    rows += [("drift" if not n else "", one_line(what)) for n, what in enumerate(stats.get("drift", ())[:MAX_DRIFT])]
    lines = [f"Run report: {report.site} -> {report.collection}", "", table(rows), ""]
    lines += [f"  {'ok ' if check.passed else 'NOT'} {check.name}: {one_line(check.detail)}" for check in report.checks]
    lines += [f"      {one_line(what)}" for what in stats.get("damaged", ())]
    lines += [f"      {one_line(url)}" for url in stats["failed_urls"][:10]]
    if stats["failed_urls"]:
        lines.append(f"      all of them: sqlite-utils {Path(report.collection) / 'index.db'} {FAILED_SQL!r}")
    lines += ["", f"{report.verdict} (exit code {report.exit_code}): {one_line(report.reason)}"]
    return "\n".join(lines)


def _addresses(stats: Mapping[str, Any]) -> str:
    """What became of the addresses, in words; what is still in the queue as the checks count it."""
    states, left = stats["frontier"], stats["left"]
    told = [
        (states.get("done", 0), "settled"), (states.get("refused", 0), "refused by policy"), (states.get("failed", 0), "failed"),
        (states.get("given by another mirror", 0), "failed on one mirror and came from another"),
        (states.get("leased", 0) + states.get("captured", 0), "in flight"), (left["waiting"], "not asked for"),
        (left["beyond"], f"beyond {left['limit']}"),
    ]  # fmt: skip
    return ", ".join(f"{count} {word}" for count, word in told if count) or "none"


def _mirrors(stats: Mapping[str, Any]) -> str:
    errors = stats.get("mirror_errors", {})
    return ", ".join(f"{host} {state}{f' ({errors[host]})' if errors.get(host) else ''}" for host, state in stats["mirrors"].items())


def _omissions(omitted: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """The most frequent first; what is over `MAX_OMITTED` lines is told by number."""
    kinds = sorted(omitted.items(), key=lambda item: (not item[1]["incomplete"], -item[1]["count"], item[0]))
    for reason, one in kinds[:MAX_OMITTED]:
        yield one_line(f"{one['count']} x {reason}" + (f", first {one['example']}" if one["example"] else ""))
    if (more := len(kinds) - MAX_OMITTED) > 0:
        yield f"and {counted(more, 'more kind')} in column `stats` of table `runs`"


def _failures(counts: Mapping[str, int], statuses: Mapping[str, int], hosts: Mapping[str, Mapping[str, int]]) -> str:
    """Failed attempts by reason, with the status codes and the hosts that failed most often for it."""

    def named(reason: str) -> Iterator[str]:
        if reason == "status" and statuses:
            yield _counts(statuses, by=" x ")
        most = sorted(hosts.get(reason, {}).items(), key=lambda item: (-item[1], item[0]))
        if most:
            yield ", ".join(one_line(host) for host, _ in most[:MAX_HOSTS]) + (" and more" if len(most) > MAX_HOSTS else "")

    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    told = [(count, one_line(reason), "; ".join(named(reason))) for reason, count in ordered]
    return ", ".join(f"{count} {reason}" + (f" ({apart})" if apart else "") for count, reason, apart in told) or "none"


def _counts(counts: Mapping[str, int], *, by: str = "") -> str:
    """Words and how often, the most frequent first; with `by`, the word first."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{one_line(word)}{by}{count}" if by else f"{count} {one_line(word)}" for word, count in ordered) or "none"

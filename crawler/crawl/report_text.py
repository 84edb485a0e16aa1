"""The run report as text for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from crawler.backfill.progress import backfill_text
from crawler.crawl.report import MAX_DRIFT, Report
from crawler.crawl.verdict import Check
from crawler.formatting import counted, one_line, size, table
from crawler.frontier_reads.queries import FAILED
from crawler.memento.report_lines import archive_lines
from crawler.requisites.told import requisites_told

MAX_HOSTS = 3
"""Hosts named beside each reason of failed attempts."""
SLOW = 1.0
"""Seconds between two requests from which a host that showed no overload is named as slowed down."""
MAX_FAILED = 10
"""Failed addresses that are named."""
MAX_OMITTED = 12
"""Lines on what was left out; all of it is in `runs.stats`."""
_MARKS = {"ok": "ok ", "warn": "warn", "fail": "NOT"}


def render(report: Report) -> str:
    """Write the report for people."""
    lines = [f"Run report: {report.site} -> {report.collection}", "", table(list(_rows(report.stats))), ""]
    lines += [line for check in report.checks for line in _told(check)]
    lines += [f"      {one_line(what)}" for what in _faults(report)]
    lines += ["", f"{report.verdict} (exit code {report.exit_code}): {one_line(report.reason)}"]
    return "\n".join(lines)


def summary(report: Report) -> str:
    """Write verdict, figures and the checks that did not pass in a few lines."""
    rows = dict(_rows(report.stats))
    head = f"{report.site}: {report.verdict} (exit code {report.exit_code})"
    figures = [f"{name}: {rows[name]}" for name in ("stories", "captures", "failed attempts") if name in rows]
    failing = [line.strip() for check in report.checks if check.level != "ok" for line in _told(check)]
    return "\n".join([head, *figures, *failing] if failing else [f"{head}: {one_line(report.reason)}", *figures])


def _told(check: Check) -> Iterator[str]:
    """A check in a line; one that failed or warns with what to do next."""
    yield f"  {_MARKS[check.level]} {check.name}: {one_line(check.detail)}"
    if check.advice and check.level != "ok":
        yield f"      {one_line(check.advice)}"


def _rows(stats: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Label and value of each line of the report's table."""
    stories, replay = stats["stories"], stats.get("files") is not None
    words = ("new", "changed", "unchanged", "gone", *(["missing"] if stories.get("missing") else []))
    yield "stories", ", ".join(f"{stories.get(word, 0)} {word}" for word in words)
    yield from _comparisons(stats.get("comparisons", {}))
    yield "captures", f"{stats['captures']} ({counted(stats['revisits'], 'revisit')}), {size(stats['bytes'])} in {stats['seconds']} s"
    yield ("files", f"{stats['files']} read") if replay else ("addresses", _addresses(stats))
    yield from _labelled("requisites", requisites_told(stats.get("requisites", {})))
    yield "failed attempts", _failures(stats["failures"], stats.get("statuses", {}), stats.get("failing_hosts", {}))
    yield "templates", _counts(stats["templates"])
    yield "fields by later rules", _counts(stats["fallback_fields"])
    if not replay:
        yield "mirrors", _mirrors(stats) or "-"
    yield from _shortfalls(stats)


def _comparisons(counts: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """The stories asked for on a second mirror, by what it said."""
    if asked := counts.get("asked"):
        results = [f"{counts[word]} {word}" for word in ("equal", "different", "stale", "missing", "unsettled") if counts.get(word)]
        silent = asked - sum(counts.get(word, 0) for word in ("equal", "different", "stale", "missing", "unsettled"))
        results += [f"{silent} not answered"] if silent else []
        yield "on a second mirror", f"{counted(asked, 'story', 'stories')} compared: {', '.join(results)}"


def _shortfalls(stats: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Lines that only some reports have."""
    if stats["crawl_delay_clamped"]:
        yield "crawl-delay clamped", ", ".join(f"{host} asked {asked:g} s" for host, asked in stats["crawl_delay_clamped"].items())
    yield from _labelled("backfill", backfill_text(stats.get("backfill")))
    yield from _labelled("web archives", archive_lines(stats.get("archives")))
    yield from _labelled("slowed down", _slowed(stats.get("slowed", {})))
    if stats["limits"]:
        yield "limits hit", _counts(stats["limits"])
    if (rechecks := stats.get("rechecks", {})).get("backlog"):
        left = f"{rechecks['backlog']} due and left to the next runs, first {one_line(rechecks['first'])}"
        yield "rechecks", f"{rechecks['asked']} asked for (ARCHIVE_RECHECKS_PER_RUN={rechecks['per_run']}); {left}"
    if stats.get("not_due"):
        yield "known, not due", counted(stats["not_due"], "page")
    yield from _labelled("left out", _omissions(stats["omitted"]))
    yield from _labelled("drift", map(one_line, stats.get("drift", ())[:MAX_DRIFT]))


def _slowed(hosts: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """One line a host whose delay grew: from what to what, and why."""
    # A short DOWNLOAD_DELAY is soon doubled by times of answers alone: no news to whoever set it.
    ordered = sorted((i for i in hosts.items() if i[1]["signs"] or i[1]["to"] >= SLOW), key=lambda item: (-item[1]["to"], item[0]))
    for host, one in ordered[:MAX_HOSTS]:
        why = [f"{count} x {sign}" for sign, count in one["signs"].items()] or [f"answers took {one['answers_in']:.3g} s"]
        after = f", {one['now']:.3g} s at the end" if one["now"] < one["to"] else ""
        yield f"{one_line(host)} from {one['from']:.3g} s to {one['to']:.3g} s between requests{after} ({', '.join(why)})"
    if (more := len(ordered) - MAX_HOSTS) > 0:
        yield f"and {counted(more, 'more host')} in column `stats` of table `runs`"


def _labelled(label: str, lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Put a label before the first of some lines."""
    for number, line in enumerate(lines):
        yield ("" if number else label), line


def _faults(report: Report) -> Iterator[str]:
    """Damaged files and failed addresses, by name."""
    stats = report.stats
    yield from stats.get("damaged", ())
    yield from stats["failed_urls"][:MAX_FAILED]
    if stats["failed_urls"]:
        yield f"all of them: sqlite-utils {Path(report.collection) / 'index.db'} {FAILED!r}"


def _addresses(stats: Mapping[str, Any]) -> str:
    """Count the addresses by how they ended, in words."""
    states, left = stats["frontier"], stats["left"]
    parts = [
        (states.get("done", 0), "settled"), (states.get("refused", 0), "refused by policy"), (states.get("failed", 0), "failed"),
        (states.get("given by another mirror", 0), "failed on one mirror and came from another"),
        (states.get("leased", 0) + states.get("captured", 0), "in flight"), (left["waiting"], "not asked for"),
        (left["beyond"], f"beyond {left['limit']}"),
    ]  # fmt: skip
    return ", ".join(f"{count} {word}" for count, word in parts if count) or "none"


def _mirrors(stats: Mapping[str, Any]) -> str:
    errors = stats.get("mirror_errors", {})
    return ", ".join(f"{host} {state}{f' ({errors[host]})' if errors.get(host) else ''}" for host, state in stats["mirrors"].items())


def _omissions(omitted: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """One line a reason, the most frequent first; what is over `MAX_OMITTED` as a number."""
    kinds = sorted(omitted.items(), key=lambda item: (not item[1]["incomplete"], -item[1]["count"], item[0]))
    for reason, one in kinds[:MAX_OMITTED]:
        yield one_line(f"{one['count']} x {reason}" + (f", first {one['example']}" if one["example"] else ""))
    if (more := len(kinds) - MAX_OMITTED) > 0:
        yield f"and {counted(more, 'more kind')} in column `stats` of table `runs`"


def _failures(counts: Mapping[str, int], statuses: Mapping[str, int], hosts: Mapping[str, Mapping[str, int]]) -> str:
    """Failed attempts by reason, with the status codes and hosts that failed most often."""

    def named(reason: str) -> Iterator[str]:
        if reason == "status" and statuses:
            yield _counts(statuses, by=" x ")
        most = sorted(hosts.get(reason, {}).items(), key=lambda item: (-item[1], item[0]))
        if most:
            yield ", ".join(one_line(host) for host, _ in most[:MAX_HOSTS]) + (" and more" if len(most) > MAX_HOSTS else "")

    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    parts = [(count, one_line(reason), "; ".join(named(reason))) for reason, count in ordered]
    return ", ".join(f"{count} {reason}" + (f" ({apart})" if apart else "") for count, reason, apart in parts) or "none"


def _counts(counts: Mapping[str, int], *, by: str = "") -> str:
    """Words and their counts, the most frequent first; with `by`, the word first."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{one_line(word)}{by}{count}" if by else f"{count} {one_line(word)}" for word, count in ordered) or "none"

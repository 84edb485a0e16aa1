"""Answer of `scrapy report`, as text and as one JSON document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from crawler.formatting import counted, one_line, shown, size, table
from crawler.jobs.rows import JobReport, Part, iso
from crawler.printed.jobs import arguments_told, job_document, part_verdict, verdict_of

SHOWN_PARTS = 20
SHOWN_LANES = 5
SHOWN_OMISSIONS = 12
"""Lines for people; all of it is in the JSON document."""
_STATES = ("done", "failed", "refused", "queued", "leased", "captured", "left")
_MARKS = {"ok": "ok ", "warn": "warn", "fail": "NOT"}


def document(report: JobReport, exit_code: int) -> Mapping[str, Any]:
    """A job's standing as JSON: parts with their checks, omissions summed."""
    last = {part.id for part in report.last_parts}
    return {
        **job_document(report.job), "ended": report.ended, "complete": report.complete, "verdict": verdict_of(report) or "NOT ENDED",
        "exit_code": exit_code, "open_lanes": report.open_lanes, "rows": dict(report.states),
        "captures": _sum(report, "captures"), "bytes": _sum(report, "bytes"), "omitted": omitted(report),
        "parts": [_part(part, last=part.id in last) for part in report.parts],
    }  # fmt: skip


def _part(part: Part, *, last: bool) -> Mapping[str, Any]:
    return {
        "id": part.id, "worker": part.worker, "run": part.run_id, "lanes": list(part.lanes), "started": iso(part.started),
        "ended": iso(part.ended) if part.ended else None, "exit_code": part.exit_code, "verdict": part_verdict(part),
        "reason": part.reason, "last": last, "checks": list(part.stats.get("checks", ())),
        "stats": {name: value for name, value in part.stats.items() if name != "checks"},
    }  # fmt: skip


def omitted(report: JobReport) -> dict[str, dict[str, Any]]:
    """Sum the omissions of the last parts, the most frequent first."""
    found: dict[str, dict[str, Any]] = {}
    for part in report.last_parts:
        for reason, one in part.stats.get("omitted", {}).items():
            known = found.setdefault(reason, {"count": 0, "example": one["example"], "incomplete": False})
            known["count"] += one["count"]
            known["incomplete"] |= one["incomplete"]
    return dict(sorted(found.items(), key=lambda item: (-item[1]["count"], item[0])))


def _sum(report: JobReport, name: str) -> int:
    return sum(value for part in report.parts if isinstance(value := part.stats.get(name), int))


def text(report: JobReport, exit_code: int) -> str:
    """A job's standing for people."""
    job = report.job
    told = arguments_told(job.site, job.arguments)
    head = f"Job {job.id}: {one_line(job.site)}{told and f' {told}'}, enqueued {shown(iso(job.created))} UTC"
    lines = [head + (f" by schedule {job.schedule[:8]}" if job.schedule else ""), "", table(list(_rows(report))), ""]
    shown_parts = report.parts[-SHOWN_PARTS:]
    if more := len(report.parts) - len(shown_parts):
        lines.append(f"  {counted(more, 'earlier part')}; all: --json")
    lines += [line for part in shown_parts for line in _part_lines(part)]
    return "\n".join([*lines, *([""] if report.parts else []), _end(report, exit_code)])


def _rows(report: JobReport) -> Iterator[tuple[str, str]]:
    states = [f"{report.states[state]:,} {state}" for state in _STATES if report.states.get(state)]
    yield "addresses", ", ".join(states) or "-"
    yield "captures", f"{_sum(report, 'captures'):,}, {size(_sum(report, 'bytes'))}"
    if report.open_lanes:
        yield "open", counted(report.open_lanes, "lane")
    for number, (reason, one) in enumerate(list(omitted(report).items())[:SHOWN_OMISSIONS]):
        example = f" ({one_line(one['example'])})" if one["example"] else ""
        yield "" if number else "left out", f"{one['count']:,} x {one_line(reason)}{example}"


def _part_lines(part: Part) -> Iterator[str]:
    lanes = ", ".join(part.lanes[:SHOWN_LANES]) + (f" and {len(part.lanes) - SHOWN_LANES} more" if len(part.lanes) > SHOWN_LANES else "")
    when = f"{shown(iso(part.started))} to {shown(iso(part.ended)) if part.ended else '-'}"
    run = f", run {part.run_id}" if part.run_id else ""
    code = "" if part.exit_code is None else f" (exit code {part.exit_code})"
    yield f"  {part_verdict(part)}{code}: {one_line(lanes)}; worker {one_line(part.worker)}{run}, {when}"
    if part.exit_code != 0 and part.reason:
        yield f"      {one_line(part.reason)}"
    for check in part.stats.get("checks", ()):
        if check.get("level", "ok") != "ok":
            yield f"      {_MARKS.get(check['level'], 'NOT')} {one_line(check['name'])}: {one_line(check['detail'])}"
            if check.get("advice"):
                yield f"          {one_line(check['advice'])}"


def _end(report: JobReport, exit_code: int) -> str:
    if report.complete:
        return f"COMPLETE (exit code {exit_code})"
    if not report.ended:
        rows = sum(report.states.get(state, 0) for state in ("queued", "leased", "captured"))
        left = [counted(report.open_lanes, "lane")] * bool(report.open_lanes) + [counted(rows, "address", "addresses")] * bool(rows)
        return f"NOT ENDED (exit code {exit_code}): {' and '.join(left)} of it wait or run"
    failed = [part for part in report.last_parts if part.exit_code != 0]
    return f"{verdict_of(report)} (exit code {exit_code}): {counted(len(failed), 'part')} of {len(report.last_parts)} did not end well"

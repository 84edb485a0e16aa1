"""Runs with their verdicts, and what one run reports."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from attrs import frozen

from crawler.errors import EXIT_COMPLETE, EXIT_DAMAGED, EXIT_INCOMPLETE, EXIT_LOCKED, EXIT_SIGNAL, EXIT_WRITE_FAILED

if TYPE_CHECKING:
    from crawler.index.index import Index

_WORDS = {
    EXIT_COMPLETE: "complete", EXIT_INCOMPLETE: "incomplete", EXIT_LOCKED: "locked", EXIT_WRITE_FAILED: "write failed",
    EXIT_DAMAGED: "damage found", EXIT_SIGNAL: "stopped",
}  # fmt: skip
_GOOD = ("complete", "postponed")
_EXAMPLES = 5
"""Failed addresses that are named for each reason."""
_SCANNED_FAILURES = 20_000
"""Newest failures that are looked through for those of a run."""


@frozen(kw_only=True)
class RunLine:
    """One run in the list."""

    id: int
    site: str
    started: str
    ended: str | None
    seconds: float | None
    exit_code: int | None
    verdict: str
    """One word for the exit code; `unfinished` where none was written: it runs, or was killed."""
    good: bool | None
    """Whether the verdict is a good one; None where there is none yet."""
    reason: str | None
    arguments: Mapping[str, Any]
    captures: int
    new: int
    """Stories that were read for the first time."""
    changed: int
    failures: int
    bytes: int


@frozen(kw_only=True)
class RunCheck:
    """One named check of a run, as its report printed it."""

    name: str
    level: str
    """ok, warn or fail."""
    detail: str
    advice: str


@frozen(kw_only=True)
class FailureReason:
    """Attempts of a run that failed for one reason."""

    reason: str
    count: int
    hosts: Mapping[str, int]
    examples: Sequence[str]
    """Some of the addresses, as far as they are among the newest failures."""


@frozen(kw_only=True)
class RunReport:
    """One run with all that is kept of it."""

    line: RunLine
    checks: Sequence[RunCheck] | None
    """None of a run by an earlier version, which kept none."""
    failures: Sequence[FailureReason]
    omitted: Mapping[str, Any]
    stats: Mapping[str, Any]
    """As `scrapy crawl --report-json` writes them."""
    earlier: int | None
    later: int | None


def runs(index: Index, *, before: int | None = None, most: int = 50) -> tuple[list[RunLine], int | None]:
    """List the newest runs, or those before one.

    The second value is the last of these, where there are more.
    """
    rows = index.query("SELECT * FROM runs WHERE id < ? ORDER BY id DESC LIMIT ?", [before if before is not None else 2**62, most + 1])
    lines = [_line(row) for row in rows[:most]]
    return lines, lines[-1].id if len(rows) > most else None


def run_report(index: Index, run_id: int) -> RunReport | None:
    """One run; None if there is no such."""
    rows = index.query("SELECT * FROM runs WHERE id = ?", [run_id])
    if not rows:
        return None
    stats = _object(rows[0]["stats"])
    kept = stats.pop("checks", None)
    checks = [_check(one) for one in kept if isinstance(one, dict)] if isinstance(kept, list) else None
    around = "SELECT (SELECT max(id) FROM runs WHERE id < ?1) AS earlier, (SELECT min(id) FROM runs WHERE id > ?1) AS later"
    (near,) = index.query(around, [run_id])
    return RunReport(
        line=_line(rows[0]), checks=checks, failures=_failures(index, run_id, stats), omitted=_mapping(stats, "omitted"), stats=stats,
        earlier=near["earlier"], later=near["later"],
    )  # fmt: skip


def _check(one: Mapping[str, Any]) -> RunCheck:
    return RunCheck(**{name: str(one.get(name) or "") for name in ("name", "level", "detail", "advice")})


def _failures(index: Index, run_id: int, stats: Mapping[str, Any]) -> list[FailureReason]:
    """Failures by reason: counted by the run itself, with addresses from the index."""
    newest = "SELECT reason, url, run_id FROM failures WHERE id > (SELECT max(id) FROM failures) - ?"
    named: dict[str, dict[str, None]] = {}
    for row in index.rows(f"SELECT reason, url FROM ({newest}) WHERE run_id = ?", [_SCANNED_FAILURES, run_id]):
        if len(some := named.setdefault(row["reason"], {})) < _EXAMPLES:
            some[row["url"]] = None
    counts, hosts = _mapping(stats, "failures"), _mapping(stats, "failing_hosts")
    ordered = sorted(counts, key=lambda reason: (-_count(counts[reason]), reason))
    return [
        FailureReason(reason=reason, count=_count(counts[reason]), hosts=_mapping(hosts, reason), examples=list(named.get(reason, ())))
        for reason in ordered
    ]


def _line(row: sqlite3.Row) -> RunLine:
    stats = _object(row["stats"])
    stories, code = _mapping(stats, "stories"), row["exit_code"]
    verdict = "unfinished" if code is None else _WORDS.get(code, "failed")
    if code == EXIT_COMPLETE and _mapping(stats, "left").get("held"):
        verdict = "postponed"
    return RunLine(
        id=row["id"], site=row["site"], started=row["started"], ended=row["ended"], seconds=_seconds(row["started"], row["ended"]),
        exit_code=code, verdict=verdict, good=None if code is None else verdict in _GOOD, reason=row["reason"],
        arguments=_object(row["arguments"]), captures=_count(stats.get("captures")), new=_count(stories.get("new")),
        changed=_count(stories.get("changed")), failures=sum(map(_count, _mapping(stats, "failures").values())),
        bytes=_count(stats.get("bytes")),
    )  # fmt: skip


def _seconds(started: str, ended: str | None) -> float | None:
    if not ended:
        return None
    return round((datetime.fromisoformat(ended) - datetime.fromisoformat(started)).total_seconds(), 1)


def _object(text: str | None) -> dict[str, Any]:
    """A JSON object; empty where a run left none, or something else."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _mapping(stats: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = stats.get(name)
    return found if isinstance(found, dict) else {}


def _count(value: object) -> int:
    return value if isinstance(value, int) else 0

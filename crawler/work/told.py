"""Lines and figures of a worker: one a part as it ends, and a summary."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from attrs import define, field

from crawler.errors import EXIT_COMPLETE, EXIT_INCOMPLETE, EXIT_SIGNAL, EXIT_WRITE_FAILED
from crawler.formatting import counted, one_line, size
from crawler.index.rows import iso
from crawler.terminal.durations import duration

if TYPE_CHECKING:
    from crawler.crawl.report import Report
    from crawler.jobs.rows import Job, Part

MOST_PARTS = 10_000
"""Parts of which the JSON document tells."""
GRAVEST = (EXIT_WRITE_FAILED, EXIT_SIGNAL)


@define(kw_only=True)
class Told:
    """Printed lines and figures of the parts of one worker."""

    as_json: bool = False
    parts: list[Mapping[str, Any]] = field(factory=list, init=False)
    ended: int = field(default=0, init=False)
    complete: int = field(default=0, init=False)
    captures: int = field(default=0, init=False)
    bytes: int = field(default=0, init=False)
    _codes: dict[tuple[str, str], int] = field(factory=dict, init=False)
    """Exit code of the last part of each job and lane that did not end complete."""

    def part(self, part: Part, job: Job, report: Report | None, again: datetime | None) -> None:
        """Tell how a part ended."""
        self.ended += 1
        code = EXIT_INCOMPLETE if part.exit_code is None else part.exit_code
        self.complete += code == EXIT_COMPLETE
        for lane in part.lanes:
            self._codes.pop((job.id, lane), None)
            if code != EXIT_COMPLETE:
                self._codes[job.id, lane] = code
        stats = report.stats if report is not None else {}
        self.captures, self.bytes = self.captures + stats.get("captures", 0), self.bytes + stats.get("bytes", 0)
        if self.as_json:
            if len(self.parts) < MOST_PARTS:
                self.parts.append(_document(part, job, report, again))
            return
        print(_line(part, job, report, again), flush=True)

    @property
    def exit_code(self) -> int:
        """The gravest of the parts that stand."""
        codes = set(self._codes.values())
        return next((code for code in GRAVEST if code in codes), min(codes, default=EXIT_COMPLETE))

    def summary(self, exit_code: int) -> str:
        """All parts in one line."""
        figures = f"{counted(self.captures, 'capture')}, {size(self.bytes)}"
        return f"{counted(self.ended, 'part')} ended, {self.complete} of them complete; {figures} (exit code {exit_code})"

    def document(self, worker: str, collection: str, exit_code: int) -> Mapping[str, Any]:
        """All parts as one JSON document."""
        return {
            "worker": worker, "collection": collection, "exit_code": exit_code, "ended": self.ended, "complete": self.complete,
            "captures": self.captures, "bytes": self.bytes, "parts": self.parts,
        }  # fmt: skip


def _verdict(part: Part, report: Report | None) -> str:
    if report is not None:
        return report.verdict
    return "INCOMPLETE" if part.exit_code == EXIT_INCOMPLETE else "FAILED"


def _line(part: Part, job: Job, report: Report | None, again: datetime | None) -> str:
    verdict = _verdict(part, report)
    stats = report.stats if report is not None else None
    figures = ""
    if stats is not None:
        new = stats["stories"].get("new", 0)
        told = [f"{counted(sum(stats['stories'].values()), 'story', 'stories')} ({new} new)", counted(stats["captures"], "capture")]
        figures = f"  {', '.join([*told, size(stats['bytes']), duration(stats['seconds'])])}"
    where = "" if part.lanes == (job.site,) else f" [{', '.join(part.lanes[:3])}{' ...' if len(part.lanes) > 3 else ''}]"
    why = "" if part.exit_code == EXIT_COMPLETE and again is None else f": {one_line(part.reason or '')}"
    later = f"; goes on {again:%Y-%m-%d %H:%M} UTC" if again is not None else ""
    return f"{verdict:<12} {job.site}{where} job {job.id[:8]}{figures}{why}{later}"


def _document(part: Part, job: Job, report: Report | None, again: datetime | None) -> Mapping[str, Any]:
    return {
        "part": part.id, "job": job.id, "site": job.site, "lanes": list(part.lanes), "run": part.run_id, "started": iso(part.started),
        "ended": part.ended and iso(part.ended), "exit_code": part.exit_code, "reason": part.reason,
        "verdict": _verdict(part, report), "again": again and iso(again), "stats": dict(part.stats),
    }  # fmt: skip


def to_stdout(text: str) -> None:
    """Print the last words."""
    print(text, file=sys.stdout, flush=True)

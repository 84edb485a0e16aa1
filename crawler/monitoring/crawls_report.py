"""Reports of several crawls of one process together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crawler.crawl.report import Report
from crawler.errors import EXIT_COMPLETE, EXIT_SIGNAL, EXIT_WRITE_FAILED, ArchiveError
from crawler.formatting import counted, one_line, table

GRAVEST = (EXIT_WRITE_FAILED, EXIT_SIGNAL)
"""Exit codes before which no other counts; of the rest, the least number that is not complete."""


def exit_code_of(ended: Sequence[Report | ArchiveError]) -> int:
    """Return the gravest exit code: 12, then 14, then 1, 10 and 11."""
    codes = {one.exit_code for one in ended} - {EXIT_COMPLETE}
    return next((code for code in GRAVEST if code in codes), min(codes, default=EXIT_COMPLETE))


def crawls_document(names: Sequence[str], ended: Sequence[Report | ArchiveError]) -> tuple[Mapping[str, Any], int]:
    """Return the JSON document of the crawls (of one: its report), and the exit code."""
    code = exit_code_of(ended)
    runs = [_document(name, one) for name, one in zip(names, ended, strict=True)]
    return (runs[0] if len(runs) == 1 else {"exit_code": code, "runs": runs}), code


def _document(name: str, one: Report | ArchiveError) -> Mapping[str, Any]:
    if isinstance(one, Report):
        return one.document()
    return {"site": name, "verdict": "FAILED", "exit_code": one.exit_code, "reason": str(one)}


def render_summary(names: Sequence[str], ended: Sequence[Report | ArchiveError]) -> str:
    """Write one line a site for people, and what all of them come to."""
    rows = [(name, *_row(one)) for name, one in zip(names, ended, strict=True)]
    complete, code = sum(one.exit_code == EXIT_COMPLETE for one in ended), exit_code_of(ended)
    return f"{table(rows)}\n\n{counted(len(ended), 'site')}, {complete} of them complete (exit code {code})"


def _row(one: Report | ArchiveError) -> tuple[str, str]:
    if isinstance(one, Report):
        captures = counted(one.stats["captures"], "capture")
        return one.verdict, f"{captures} in {one.stats['seconds']} s" + (
            "" if one.exit_code == EXIT_COMPLETE else f": {one_line(one.reason)}"
        )
    return "FAILED", one_line(str(one))

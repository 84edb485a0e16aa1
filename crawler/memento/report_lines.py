"""The search in web archives in a run's report: its verdict, and lines for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import frozen

from crawler.formatting import counted, one_line
from crawler.memento.counts import ArchiveCounts

MAX_NAMED = 3
"""Stories that are named in a line."""


@frozen(kw_only=True)
class Judged:
    """Verdict on a search: the fields of a check of the report."""

    passed: bool
    warned: bool
    detail: str
    name: str = "web archives answered"
    advice: str = "The next run with from_archives=yes looks for what is undecided; docs/web-archives.md names the limits."


def judged(counts: ArchiveCounts) -> Judged:
    """Judge a search: failed by a fault or without answers, warned if stories are left."""
    decided = len(counts.found) + len(counts.absent)
    detail = f"{counted(counts.looked_for, 'story', 'stories')} looked for, {len(counts.found)} found, {len(counts.absent)} in no archive"
    if counts.undecided:
        detail += f", {len(counts.undecided)} undecided"
    why = [f"{name} given up ({reason})" for name, reason in counts.given_up.items()]
    why += [f"stopped at {counts.budget}"] if counts.budget else []
    why += [f"broken off by a fault of ours, its traceback is in the log: {counts.fault}"] if counts.fault else []
    passed = not counts.fault and (not counts.undecided or decided > 0)
    return Judged(passed=passed, warned=bool(counts.undecided or counts.given_up), detail="; ".join([detail, *why]))


def archive_lines(told: Mapping[str, Any] | None) -> Iterator[str]:
    """Write what was looked for and found, by archive."""
    if not told:
        return
    found = one_line(", ".join(f"{story} ({archive})" for story, archive in list(told["found"].items())[:MAX_NAMED]))
    more = ", ..." if told["found_count"] > MAX_NAMED else ""
    yield f"{told['found_count']} found of {told['looked_for']} looked for" + (f": {found}{more}" if found else "")
    for name, asked in told["asked"].items():
        copies, pictures = told["copies"].get(name, 0), told["pictures"].get(name, 0)
        got = [counted(copies, "copy", "copies"), *([counted(pictures, "picture")] if pictures else [])]
        yield one_line(f"{name}: {counted(asked, 'request')}, {', '.join(got)}")
    if told["not_found"]:
        yield one_line(f"{told['not_found']} in no archive: {', '.join(told['not_found_first'][:MAX_NAMED])}")
    if told["undecided"]:
        yield one_line(f"{told['undecided']} undecided: {', '.join(told['undecided_first'][:MAX_NAMED])}")
    if told["unusable"]:
        yield one_line("copies of no use: " + ", ".join(f"{count} {reason}" for reason, count in told["unusable"].items()))
    if told["elsewhere"]:
        yield f"{counted(told['elsewhere'], 'copy', 'copies')} listed on hosts that are none of the archive's, left out"

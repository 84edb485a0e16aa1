"""Runs with their verdicts, one run with its report, and announced stories against held ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from attrs import frozen

from crawler.catalogue.coverage_days import coverage_span
from crawler.catalogue.run_list import RunLine, run_report, runs
from crawler.roomframe.page import Asked, BadRequest, NotThere, Page
from crawler.roomframe.strings import TEXTS

if TYPE_CHECKING:
    from crawler.catalogue.coverage_days import CoverageSpan

SHOWN = 40


@frozen(kw_only=True)
class Runs:
    """Contents of the list of runs."""

    runs: Sequence[RunLine]
    first: str | None
    further: str | None


@frozen(kw_only=True)
class Coverage:
    """Contents of the page of coverage."""

    span: CoverageSpan
    named: bool
    """Whether what is missing is named address by address."""
    earlier: str | None
    newest: str | None


def runs_page(asked: Asked) -> Page:
    """Make the list of runs."""
    before = asked.number("before", 0)
    lines, last = runs(asked.index, before=before or None, most=SHOWN)
    further = asked.to.page("runs", before=last) if last is not None else None
    data = Runs(runs=lines, first=asked.to.page("runs") if before else None, further=further)
    return Page(template="runs.html", title=TEXTS["nav_runs"], data=data)


def run_page(asked: Asked) -> Page:
    """Make the page of one run.

    Raises:
        NotThere: There is no such run.
    """
    report = run_report(asked.index, int(asked.words["run"]))
    if report is None:
        raise NotThere(f"no run {asked.words['run']}")
    return Page(template="run.html", title=TEXTS["run_title"].format(n=report.line.id, site=report.line.site), data=report)


def coverage_page(asked: Asked) -> Page:
    """Make the page of announced stories against held ones.

    Raises:
        BadRequest: `until` is no day.
    """
    until, named = asked.text("until"), asked.text("missing") == "yes"
    try:
        span = coverage_span(asked.index, until=until, missing=named)
    except (ValueError, OverflowError) as error:
        raise BadRequest(f"until={(until or '')[:40]}") from error
    more = {"missing": "yes"} if named else {}
    data = Coverage(
        span=span, named=named, earlier=asked.to.page("coverage", until=span.earlier, **more) if span.earlier else None,
        newest=asked.to.page("coverage", **more) if until else None,
    )  # fmt: skip
    return Page(template="coverage.html", title=TEXTS["coverage_title"], data=data)

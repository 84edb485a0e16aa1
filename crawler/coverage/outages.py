"""Checks for silent outages of a finished run, from its index and its earlier runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from attrs import asdict, field, frozen

from crawler.coverage.figures import counts_since
from crawler.coverage.fills import LAYOUT, Fall, FillTally, RunFills, falls, fields_filled, fills_of, layouts_known
from crawler.coverage.finding import Finding
from crawler.coverage.lists import ListReader, feeds_move, lists_show_stories
from crawler.coverage.policy import OutagePolicy
from crawler.coverage.quiet import quiet
from crawler.index.index import Index
from crawler.index.rows import iso
from crawler.sites.site import Site

MOST_RUNS = 400
"""Earlier runs that are looked at."""
_FILLS = (
    "SELECT started, json_extract(stats, '$.fills') AS fills, json_extract(stats, '$.fallen') AS fallen FROM runs WHERE site = ? AND id < ?"
    " AND stats IS NOT NULL AND json_extract(arguments, '$.backfill') IS NULL AND json_extract(arguments, '$.since') IS NULL"
    " AND json_extract(arguments, '$.until') IS NULL ORDER BY id DESC LIMIT ?"
)


@frozen(kw_only=True)
class Finished:
    """A finished run, as far as the checks look at it."""

    site: Site
    run_id: int
    started: datetime
    now: datetime
    fills: FillTally
    unusual: bool = False
    """It was made for other stories than the new ones: named, or of other days."""
    stale: Sequence[str] = ()
    """Hosts whose feeds are known to lag behind those of other mirrors."""


@frozen(kw_only=True)
class Outages:
    """Findings of a run, and what of them its stats hold."""

    findings: tuple[Finding, ...] = ()
    stats: dict[str, Any] = field(factory=dict)


def outages_of(index: Index, run: Finished, policy: OutagePolicy) -> Outages:
    """Make the checks that apply to a run."""
    counts = run.fills.document()
    earlier = fills_of(index.query(_FILLS, [run.site.name, run.run_id, MOST_RUNS])) if counts else []
    fallen = [] if run.unusual else list(falls(counts, earlier, started=run.started))
    found = [*_of_lists(index, run, policy), *_of_articles(run, fallen, earlier)]
    layout = [LAYOUT] if any(one.check == LAYOUT and not one.good for one in found) else []
    stats: dict[str, Any] = {"fills": counts, "fallen": [*(one.key for one in fallen), *layout]}
    announced = counts_since(index.query, iso(run.started), run.site.name)
    stats |= {"coverage": asdict(announced)} if announced.announced else {}
    wanted = tuple(one for one in found if policy.levels[one.check] != "off")
    return Outages(findings=wanted, stats={name: some for name, some in stats.items() if some})


def _of_lists(index: Index, run: Finished, policy: OutagePolicy) -> Iterator[Finding]:
    """Yield the findings on lists and what they announce."""
    reader, started, now = ListReader(index, run.site), run.started, run.now
    if policy.wants("quiet") and not run.unusual:
        yield from _some(quiet(index.rows, run.site.name, started=started, now=now, hours=policy.quiet_hours))
    if policy.wants("feed-stuck"):
        yield from _some(feeds_move(reader, started=started, now=now, stale=run.stale))
    if policy.wants("empty-lists"):
        yield from _some(lists_show_stories(reader, started=started, now=now))


def _of_articles(run: Finished, fallen: Sequence[Fall], earlier: Sequence[RunFills]) -> Iterator[Finding]:
    """Yield the findings on what was read of articles."""
    if run.fills.counts and not run.unusual:
        yield fields_filled(fallen)
        yield from _some(layouts_known(run.fills, earlier, started=run.started))


def _some(finding: Finding | None) -> Iterator[Finding]:
    if finding is not None:
        yield finding

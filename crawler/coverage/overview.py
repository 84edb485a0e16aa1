"""`scrapy stats --coverage`: the figures of a collection, as a document and as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from textwrap import fill
from typing import Any

from attrs import asdict, field, frozen

from crawler.coverage import bars
from crawler.coverage.catch_up import pending
from crawler.coverage.figures import Day, Gap, days, first_day, gaps, total, unannounced
from crawler.coverage.numbers import Estimate, Unseen, day_of, estimate, unseen_ranges
from crawler.coverage.numbers import told as told_numbers
from crawler.index.index import Index
from crawler.sites.site import Site


@frozen(kw_only=True)
class Overview:
    """Announced against held, from a day on."""

    since: str
    days: list[Day]
    unannounced: int
    """Stories that are here, and that no list or page names."""
    pending: int
    """Lists whose announcements are still to be looked up, by the next crawl."""
    gaps: list[Gap] | None = None
    """None if they were not asked for."""
    numbers: Mapping[str, Estimate] = field(factory=dict)
    """By numbered site."""
    unseen: Mapping[str, list[Unseen]] = field(factory=dict)


def overview(index: Index, sites: Mapping[str, Site], *, since: str = "", missing: bool = False) -> Overview:
    """Gather the figures of an index.

    Args:
        sites: By name: of those in the index, the numbered ones are estimated.
        since: A day, `2026-11-01`; the last month if empty.
        missing: Whether the gap is named address by address.
    """
    since = since or first_day(index.query)
    found = days(index.query, since=since)
    estimates, unseen = {}, {}
    for name in sorted({one.site for one in found}):
        if (site := sites.get(name)) is not None and site.is_numbered and site.stories:
            day = day_of(since)
            unseen[name] = unseen_ranges(index, site, since=day)
            estimates[name] = estimate(index, site, unseen[name], since=day)
    return Overview(
        since=since, days=found, unannounced=unannounced(index.query), pending=pending(index.conn), numbers=estimates, unseen=unseen,
        gaps=list(gaps(index.query, since=since)) if missing else None,
    )  # fmt: skip


def document(found: Overview) -> dict[str, Any]:
    """The figures as `--json` prints them."""
    rows = [{"site": one.site, "host": one.host, "day": one.day, **asdict(one.counts)} for one in found.days]
    estimated = {
        name: {**asdict(one), "ranges": [_range(some) for some in found.unseen[name] if not some.listed]}
        for name, one in found.numbers.items()
    }  # fmt: skip
    told: dict[str, Any] = {
        "since": found.since, "total": asdict(total(found.days)), "unannounced": found.unannounced, "pending_lists": found.pending,
        "days": rows, "numbers": estimated,
    }  # fmt: skip
    return told if found.gaps is None else {**told, "missing": [asdict(gap) for gap in found.gaps]}


def _range(one: Unseen) -> dict[str, Any]:
    return {"first": one.first, "last": one.last, "after": one.after.isoformat(), "before": one.before.isoformat()}


def text(found: Overview, *, width: int, signs: bars.Signs) -> Iterator[str]:
    """Tell the figures, part by part.

    Args:
        width: Of the terminal, characters.
    """
    if not found.days:
        yield f"No story was announced{f' since {found.since}' if found.since else ''}."
    else:
        yield fill(f"Since {found.since}, {bars.told(total(found.days))}", width)
        yield bars.by_day(found.days, width=width, signs=signs) + "\n" + bars.legend(signs)
        yield bars.by_host(found.days)
    if found.unannounced:
        stories = "story is" if found.unannounced == 1 else "stories are"
        yield f"{found.unannounced:,} {stories} here that no list or page here names."
    for name, one in found.numbers.items():
        yield fill(f"Numbers of {name}: {told_numbers(one)}", width)
    if found.pending:
        lists = "list is" if found.pending == 1 else "lists are"
        yield f"{found.pending:,} {lists} not looked through yet; the next crawl or `scrapy reindex` does it."
    if found.gaps:
        yield "\n".join(bars.named(found.gaps))
    elif found.gaps is not None and found.days:
        yield "Nothing is missing."

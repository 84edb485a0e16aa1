"""From a finished run to the facts that its verdict is made from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from attrs import frozen

from crawler.coverage.outages import Finished, Outages, outages_of
from crawler.crawl.run import Run
from crawler.crawl.verdict import NAMED, Facts
from crawler.errors import GONE_REASONS
from crawler.frontier.rows import OPEN_STATES, FrontierRow
from crawler.items import Omissions


@frozen(kw_only=True)
class Left:
    """Rows and names that a run was to ask for and did not get."""

    waiting: int
    """Rows queued within the run's scope and limits."""
    beyond: int
    """Stories and pages queued beyond `limit`."""
    first_beyond: str
    """Address of the first of them."""
    limit: str
    """`max_stories=3`, if there is such a limit."""
    unqueued: int
    """Numbers of a backfill that were not queued yet."""
    held: str
    """`ARCHIVE_HOURS=...`: for what requests wait until later; empty for nothing."""
    missing: tuple[str, ...]
    """Arguments whose page did not come, each with the reason."""


def left_of(run: Run) -> Left:
    """Count what a run left over. Call when all changes are committed."""
    arguments, scoped = run.arguments, run.arguments.scoped
    enough = run.dispatcher.enough()
    waiting, held_first = run.frontier.waiting(only_run=scoped, fresh=False if enough else None)
    beyond, first = run.frontier.waiting(only_run=scoped, fresh=True) if enough else (0, "")
    limit = next((f"{name}={most}" for name in ("max_stories", "max_pages") if (most := getattr(arguments, name)) is not None), "")
    unqueued = run.dispatcher.numbers.unqueued() if run.dispatcher.numbers is not None else 0
    if held := run.dispatcher.pace.held_by if waiting or unqueued else "":
        # The run ended when nothing was left but what waits for another hour or day.
        limit = " or ".join(filter(None, (held, limit if beyond else "")))
        waiting, beyond, first = 0, beyond + waiting, first or held_first
    return Left(
        waiting=waiting, beyond=beyond, first_beyond=first, limit=limit, held=held, unqueued=unqueued, missing=tuple(missing_of(run)),
    )  # fmt: skip


def omissions_of(run: Run, left: Left) -> Omissions:
    """Gather the omissions of a finished run, with what was left over."""
    omitted = run.stats.omitted.copy()
    if left.held and left.beyond:
        omitted.add(f"address left for later ({left.held})", left.first_beyond, count=left.beyond)
    elif left.beyond and run.arguments.max_stories is not None:
        omitted.add(f"story beyond {left.limit}", left.first_beyond, count=left.beyond)
    if left.missing:
        omitted.add(NAMED, left.missing[0], count=len(left.missing), incomplete=True)
    for story, url in run.unfollowed().items():
        if run.frontier.row(story) is None:
            omitted.add("story linked only from a story's page, not followed", url)
    return omitted


def facts_of(run: Run, finish_reason: str, left: Left, omitted: Omissions) -> Facts:
    """Gather what the verdict is made from. Call when all changes are committed."""
    stats = run.stats
    if run.arguments.asks_for_due and stats.files is None:
        count, url = run.frontier.backlog(run.started)
        stats.rechecks_left(url, count)
    broken = run.collection.broken or (run.collection.disk.out_of_patience() if finish_reason == "write-failed" else None)
    failed = list(_unhealed(run))
    return Facts(
        finish_reason=finish_reason, states=run.frontier.outcomes(run.id), failed=tuple(map(_told, failed)),
        reasons=Counter(str(row.reason) for row in failed) or stats.failures, waiting=left.waiting,
        beyond=left.beyond, unqueued=left.unqueued, limit=left.limit, missing=left.missing,
        held=run.dispatcher.pace.why_held(run.clock()) if left.held else "", backlog=stats.backlog, most_backlog=stats.most_backlog,
        omitted=[one for one in omitted.incomplete() if one.reason != NAMED],
        read=sum(stats.templates.values()), bare=stats.bare, unreadable=stats.unreadable, files=stats.files,
        damaged=stats.damaged, broken=str(broken) if broken else None,
    )  # fmt: skip


def outages_in(run: Run) -> Outages:
    """Look for silent outages. Call when all changes are committed."""
    arguments, health = run.arguments, run.policy.health.mirrors.states()
    finished = Finished(
        site=run.site, run_id=run.id, started=datetime.fromisoformat(run.started), now=run.clock(), fills=run.stats.fills,
        unusual=bool(arguments.scoped or arguments.backfill or arguments.since or arguments.until),
        stale=[host for host, state in health.items() if state == "stale"],
    )  # fmt: skip
    with run.collection.reader() as index, index.snapshot():
        return outages_of(index, finished, run.outages)


def _unhealed(run: Run) -> Iterator[FrontierRow]:
    """The failed rows that no other row made good, as another mirror's feed does."""
    for row in run.frontier.ended("failed", run.id):
        if row.target.is_comparison:
            continue  # the story came from its own mirror
        if not (row.host and run.frontier.ended_well(row.key.rpartition("@")[0], run.id)):
            yield row


def _told(row: FrontierRow) -> str:
    return f"{row.url} ({row.reason}{': ' + row.detail if row.detail else ''})"


def missing_of(run: Run) -> Iterator[str]:
    """Name the arguments whose page did not come, each with the reason."""
    arguments = run.arguments
    for key, name in run.named.items():
        if fault := fault_of(run, key):
            yield f"{name}: {fault}"
    for host in arguments.mirrors:
        if run.stats.asked[host] and not run.stats.answered[host]:
            rows = run.policy.health.mirrors.rows()
            errors = ", ".join(str(row["last_error"]) for row in rows if row["host"] == host and row["last_error"])
            yield f"mirrors={host}: answered nothing{f' ({errors})' if errors else ''}"
    if arguments.max_stories == 0:
        yield "max_stories=0: no story may be asked for"
    if arguments.max_pages == 0:
        yield "max_pages=0: no page may be asked for"


def fault_of(run: Run, key: str) -> str | None:
    """Tell why a named row did not come; None if it did.

    None as well if it is a known story that is gone now.
    """
    row = run.frontier.row(key)
    if run.scope is not None and row is not None and row.lane not in run.scope.lanes:
        return None  # another part of the job asks for it
    if row is None:
        return "on no list of the site"
    if row.state in OPEN_STATES:
        return None if run.dispatcher.pace.held_by else "not asked for"  # it waits for the next hours, or the next day
    if row.reason is None or (row.state == "done" and row.reason not in GONE_REASONS):
        return None  # fetched, or read from answers that were cut off alike
    if row.state == "done" and row.role == "story" and run.known.versions(key):
        return None
    return f"{'refused, ' if row.state == 'refused' else ''}{row.reason}{f': {row.detail}' if row.detail else ''}"

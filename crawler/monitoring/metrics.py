"""Metrics of ended crawls, by the naming rules of Prometheus.

All are gauges: a crawl is a job that ends, and each says what the last one found. Times are Unix timestamps, so that a rule computes the
age when it is asked ("last_success_timestamp_seconds").
Source: Prometheus, "Metric and label naming" and "Instrumentation", batch jobs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, get_args

from crawler.hosts.mirror_health import State
from crawler.monitoring.endings import Ending
from crawler.monitoring.exposition import Metric, values_of
from crawler.monitoring.index_facts import CollectionFacts

PREFIX = "news_archive_"
LAST_GOOD = f"{PREFIX}last_success_timestamp_seconds"
EXIT_CODE = f"{PREFIX}run_exit_code"
LEVELS = ("ok", "warn", "fail")

Labels = Mapping[str, str]
Sample = tuple[str, Labels, float | None]
"""Name without the prefix, labels beside site and collection, value; None for one that is not known."""

HELP = {
    "run_exit_code": "Exit code of the last crawl: 0 complete, 10 incomplete, 11 in use, 12 write failed.",
    "run_end_timestamp_seconds": "When the last crawl ended.",
    "run_duration_seconds": "How long the last crawl took.",
    "last_success_timestamp_seconds": "When the last crawl ended that was complete.",
    "run_captures": "Exchanges recorded by the last crawl.",
    "run_revisits": "Of these, those whose payload was held already.",
    "run_received_bytes": "Bytes received by the last crawl.",
    "run_stories": "Stories seen by the last crawl, by kind: new, changed, unchanged, gone.",
    "run_failed_attempts": "Attempts of the last crawl without a usable answer, by reason.",
    "run_requests": "Requests of the last crawl by how they ended.",
    "run_unasked_requests": "Requests that were due and not asked for when the last crawl ended.",
    "run_check": "1 for the level that a named check of the last crawl came to, else 0.",
    "run_comparisons": "Stories that the last crawl asked for on a second mirror, by what that came to.",
    "mirror_state": "1 for the state that a mirror is in, else 0.",
    "mirror_last_success_timestamp_seconds": "When a mirror last gave a usable answer.",
    "collection_captures": "Captures held.",
    "collection_stories": "Stories held.",
    "collection_versions": "Versions of stories held.",
    "collection_queued_requests": "Requests queued, those due later too.",
    "collection_announced_stories": "Stories announced first in the last 7 days by whether they are held; `announced` is all of them.",
    "collection_open_divergences": "Stories on which mirrors disagree, by kind and by the mirror that lags, lacks or differs.",
    "collection_warc_bytes": "Bytes of the WARC files.",
    "collection_index_bytes": "Bytes of the index.",
    "disk_free_bytes": "Bytes free on the disk of the collection.",
    "webhook_failed": "1 if the webhook could not be told of the last crawl, 0 if it was, or had not to be.",
}
"""Every metric, in the order of the file."""


def crawl_metrics(
    endings: Sequence[Ending], facts: Sequence[CollectionFacts], *, now: datetime, before: str = "", untold: Iterable[str] = ()
) -> list[Metric]:
    """Make the metrics of crawls that ended together.

    Args:
        facts: Of the collection of each.
        before: The file as the crawl before left it: where the index cannot be asked, its last good time stands.
        untold: Sites of which the webhook could not be told.
    """
    kept = values_of(before, LAST_GOOD)
    values: dict[str, list[tuple[Labels, float]]] = {name: [] for name in HELP}
    for ending, known in zip(endings, facts, strict=True):
        labels = {"site": ending.site, "collection": ending.path.name if ending.path else ""}
        good = known.last_good.timestamp() if known.last_good else kept.get(ending.site)
        samples = [
            ("run_exit_code", {}, ending.exit_code), ("run_end_timestamp_seconds", {}, now.timestamp()),
            ("last_success_timestamp_seconds", {}, good), ("webhook_failed", {}, ending.site in untold),
            *(_of_run(ending.report.stats) if ending.report else ()), *_of_checks(ending), *_of_collection(known),
        ]  # fmt: skip
        for name, more, value in samples:
            if value is not None:
                values[name].append(({**labels, **more}, float(value)))
    return [Metric(name=PREFIX + name, help=text, samples=values[name]) for name, text in HELP.items()]


def _of_run(stats: Mapping[str, Any]) -> Iterator[Sample]:
    yield "run_duration_seconds", {}, stats["seconds"]
    yield "run_captures", {}, stats["captures"]
    yield "run_revisits", {}, stats["revisits"]
    yield "run_received_bytes", {}, stats["bytes"]
    for kind in ("new", "changed", "unchanged", "gone"):
        yield "run_stories", {"kind": kind}, stats["stories"].get(kind, 0)
    for reason, count in stats["failures"].items():
        yield "run_failed_attempts", {"reason": reason}, count
    for state, count in stats.get("frontier", {}).items():
        yield "run_requests", {"state": state}, count
    for outcome, count in stats.get("comparisons", {}).items():
        yield "run_comparisons", {"outcome": outcome}, count
    yield "run_unasked_requests", {}, stats.get("left", {}).get("waiting", 0)


def _of_checks(ending: Ending) -> Iterator[Sample]:
    for check in ending.report.checks if ending.report else ():
        for level in LEVELS:
            yield "run_check", {"check": check.name, "level": level}, check.level == level


def _of_collection(known: CollectionFacts) -> Iterator[Sample]:
    for row in known.mirrors:
        for state in get_args(State):
            yield "mirror_state", {"host": row["host"], "state": state}, row["state"] == state
        good = row["last_ok"]
        yield "mirror_last_success_timestamp_seconds", {"host": row["host"]}, datetime.fromisoformat(good).timestamp() if good else None
    for name, figure in known.figures.items():
        yield f"collection_{'queued_requests' if name == 'queued' else name}", {}, figure
    for state, count in known.coverage.items():
        yield "collection_announced_stories", {"state": state}, count
    for (kind, host), count in known.divergences.items():
        yield "collection_open_divergences", {"kind": kind, "host": host}, count
    yield "collection_warc_bytes", {}, known.warc_bytes
    yield "collection_index_bytes", {}, known.index_bytes
    yield "disk_free_bytes", {}, known.free_bytes


def read_before(place: Path) -> str:
    """Read a file of metrics; empty if there is none that can be read."""
    try:
        return place.read_text(encoding="utf-8", errors="replace") if place.is_file() else ""
    except OSError:
        return ""

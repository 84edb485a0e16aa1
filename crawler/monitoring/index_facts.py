"""Figures of a collection that metrics tell, from its index and its disk."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from attrs import asdict, field, frozen

from crawler import clock
from crawler.collection.layout import warc_files
from crawler.coverage.figures import counts_since
from crawler.errors import SetupError
from crawler.frontier_reads.queries import count_by_state
from crawler.index.index import Index
from crawler.index.rows import iso

DAYS = 7
"""Days back in which announcements are counted."""


@frozen(kw_only=True)
class CollectionFacts:
    """Figures of a collection and of its earlier runs.

    What could not be asked is missing.
    """

    last_good: datetime | None = None
    """When the last run of the site that was complete ended."""
    exit_codes: tuple[int, ...] = ()
    """Of the last two runs of the site that ended, newest first."""
    mirrors: tuple[Mapping[str, Any], ...] = ()
    """Rows of table `mirrors`."""
    figures: Mapping[str, int] = field(factory=dict)
    """Captures, stories, versions, queued requests."""
    coverage: Mapping[str, int] = field(factory=dict)
    """Stories of the site that were announced first in the last `DAYS` days, by whether they are here."""
    divergences: Mapping[tuple[str, str], int] = field(factory=dict)
    """Stories of the site on which mirrors disagree today, by kind and host."""
    warc_bytes: int | None = None
    index_bytes: int | None = None
    free_bytes: int | None = None


def collection_facts(path: Path | None, site: str) -> CollectionFacts:
    """Ask the index and the disk of a collection; nothing is written, nothing raised."""
    if path is None:
        return CollectionFacts()
    told: dict[str, Any] = {}
    with suppress(SetupError), Index.open(path / "index.db", readonly=True) as index:
        told |= _asked(index, site)
    with suppress(OSError):
        told["free_bytes"] = shutil.disk_usage(path if path.exists() else path.parent).free
    with suppress(OSError):
        told["warc_bytes"] = sum(file.path.stat().st_size for file in warc_files(path))
        told["index_bytes"] = (path / "index.db").stat().st_size
    return CollectionFacts(**told)


def _asked(index: Index, site: str) -> dict[str, Any]:
    ended = "FROM runs WHERE site = ? AND ended IS NOT NULL"
    # A run that put everything off, outside its hours for instance, is no sign that anything works.
    idle = "coalesce(json_extract(stats, '$.left.held'), 0) > 0 AND json_extract(stats, '$.captures') = 0"
    good = index.query(f"SELECT max(ended) {ended} AND exit_code = 0 AND NOT ({idle})", [site])[0][0]
    codes = index.query(f"SELECT exit_code {ended} ORDER BY id DESC LIMIT 2", [site])
    totals = dict(index.query("SELECT captures, stories, versions FROM totals")[0])
    totals["queued"] = count_by_state(index.query).get("queued", 0)
    since = iso(clock.now() - timedelta(days=DAYS))
    open_ones = "SELECT kind, host, count(*) FROM divergences WHERE site = ? AND ended IS NULL GROUP BY kind, host"
    return {
        "last_good": datetime.fromisoformat(good) if good else None, "exit_codes": tuple(int(row[0]) for row in codes),
        "mirrors": tuple(index.mirrors(site)), "figures": totals,
        "coverage": asdict(counts_since(index.query, since, site)),
        "divergences": {(row[0], row[1]): int(row[2]) for row in index.query(open_ones, [site])},
    }  # fmt: skip

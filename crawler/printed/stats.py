"""Figures of a collection, as `scrapy stats` prints them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from crawler.formatting import one_line, shown, size, table
from crawler.requisites.told import requisites_row


def stats_told(name: str, stats: Mapping[str, Any]) -> str:
    """Format the figures for people."""
    span = f"{shown(stats['first_capture'])} to {shown(stats['last_capture'])} UTC"
    pictures = f"{stats['pictures_with_caption']:,} with caption, {stats['pictures_with_credit']:,} with credit"
    files = f"{size(stats['bytes_on_disk'])}; {stats['warcs']:,} sealed; index {size(stats['index_bytes'])}"
    missing = f" ({stats['stories_missing']:,} missing when last asked)" if stats["stories_missing"] else ""
    live = f"{stats['stories_live']:,} live{missing}"
    rows = [
        ("captures", stats["captures"], f"{stats['revisits']:,} revisits, {stats['unread']:,} unread, {stats['lost']:,} lost; {span}"),
        ("stories", stats["stories"], f"{live}, {stats['stories_gone']:,} gone, {stats['stories_moved']:,} moved"),
        ("versions", stats["versions"], f"stories that changed: {stats['stories_changed']:,}"),
        ("pictures", stats["pictures"], f"{pictures}, {stats['pictures_archived']:,} archived"),
        *requisites_row(stats["requisites"]),
        ("WARC files", stats["files_on_disk"], files),
    ]
    if seen := stats["replay"]:
        rows.append(("looked at", seen["pages"], seen["told"]))
    parts = [f"{one_line(name)}\n{_table(rows)}"]
    if stats["failures"]:
        parts.append(f"Failed attempts\n{_table(list(stats['failures'].items()))}")
    if stats["mirrors"]:
        parts.append(f"Mirrors\n{_columns(stats['mirrors'], 'host', 'state', 'since', 'last_ok', 'successes', 'failures')}")
    if rates := [rate for rate in stats["recheck_rates"] if rate["checks"]]:
        parts.append(f"Rechecks by age\n{_columns(rates, 'site', 'age', 'checks', 'changes', 'changes_a_day', 'interval_hours')}")
    if stats["runs"]:
        parts.append(f"Last runs\n{_columns(stats['runs'], 'id', 'site', 'started', 'ended', 'exit_code', 'reason')}")
    return "\n\n".join(parts)


def _table(rows: Sequence[Sequence[object]]) -> str:
    return table([[shown(value) for value in row] for row in rows])


def _columns(rows: Sequence[Mapping[str, object]], *names: str) -> str:
    return _table([[name.replace("_", " ") for name in names], *([row[name] for name in names] for row in rows)])


def files_of(path: Path) -> dict[str, int]:
    """Count the WARC files on disk and their bytes, open ones included."""
    sizes = [f.stat().st_size for f in (path / "archive").glob("*") if f.name.endswith((".warc", ".warc.gz", ".open"))]
    return {"files_on_disk": len(sizes), "bytes_on_disk": sum(sizes), "index_bytes": (path / "index.db").stat().st_size}

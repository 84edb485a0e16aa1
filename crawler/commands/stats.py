"""`scrapy stats`: figures of a collection, its mirrors' health, its last runs."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from crawler.cli import JSON, ArchiveCommand
from crawler.errors import EXIT_COMPLETE
from crawler.formatting import one_line, shown, size, table


class Command(ArchiveCommand):
    """Show figures of a collection."""

    usage = "[options] [COLLECTION]"
    summary = "Show what a collection holds, its mirrors' health and its last runs"
    options = (JSON,)

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Count and print."""
        from crawler.commands._read_index import read_index
        from crawler.frontier.queries import count_by_state

        path = self.one_collection(args)
        with read_index(path) as index, index.snapshot():
            stats: dict[str, Any] = {**index.stats(), "frontier": count_by_state(index.query)}
        stats |= _files(path)
        if opts.json:
            print(json.dumps({"collection": str(path), **stats}, ensure_ascii=True, indent=2))
        else:
            print(_told(path.name, stats))
        return EXIT_COMPLETE


def _files(path: Path) -> dict[str, int]:
    """Count the WARC files on disk and their bytes, open ones included."""
    sizes = [f.stat().st_size for f in (path / "archive").glob("*") if f.name.endswith((".warc", ".warc.gz", ".open"))]
    return {"files_on_disk": len(sizes), "bytes_on_disk": sum(sizes), "index_bytes": (path / "index.db").stat().st_size}


def _told(name: str, stats: dict[str, Any]) -> str:
    span = f"{shown(stats['first_capture'])} to {shown(stats['last_capture'])} UTC"
    pictures = f"{stats['pictures_with_caption']:,} with caption, {stats['pictures_with_credit']:,} with credit"
    files = f"{size(stats['bytes_on_disk'])}; {stats['warcs']:,} sealed; index {size(stats['index_bytes'])}"
    rows = [
        ("captures", stats["captures"], f"{stats['revisits']:,} revisits, {stats['unread']:,} unread, {stats['lost']:,} lost; {span}"),
        ("stories", stats["stories"], f"{stats['stories_live']:,} live, {stats['stories_gone']:,} gone, {stats['stories_moved']:,} moved"),
        ("versions", stats["versions"], f"stories that changed: {stats['stories_changed']:,}"),
        ("pictures", stats["pictures"], f"{pictures}, {stats['pictures_archived']:,} archived"),
        ("WARC files", stats["files_on_disk"], files),
    ]
    parts = [f"{one_line(name)}\n{_table(rows)}"]
    if stats["failures"]:
        parts.append(f"Failed attempts\n{_table(list(stats['failures'].items()))}")
    if stats["mirrors"]:
        parts.append(f"Mirrors\n{_columns(stats['mirrors'], 'host', 'state', 'since', 'last_ok', 'successes', 'failures')}")
    if stats["runs"]:
        parts.append(f"Last runs\n{_columns(stats['runs'], 'id', 'site', 'started', 'ended', 'exit_code', 'reason')}")
    return "\n\n".join(parts)


def _table(rows: Sequence[Sequence[object]]) -> str:
    return table([[shown(value) for value in row] for row in rows])


def _columns(rows: Sequence[Mapping[str, object]], *names: str) -> str:
    return _table([[name.replace("_", " ") for name in names], *([row[name] for name in names] for row in rows)])

"""Gatherings with a progress line, and words for their results."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from attrs import asdict

from crawler.formatting import counted
from crawler.gathering.gather import Gathered, check_size, gather
from crawler.gathering.parquet import gather_tables
from crawler.processing.parse_again import Readers
from crawler.terminal.progress import Steps


def collection_told(
    shards: Sequence[Path], folder: Path, readers: Readers, *, as_json: bool, copy: bool, again: bool, any_size: bool
) -> str:  # fmt: skip
    """Gather into a collection; tell in lines what was gathered."""
    if not any_size:
        check_size(shards)
    with closing(Steps()) as line:
        result = gather(shards, folder, readers, copy=copy, again=again, tell=line.tell)
    return json.dumps({"collection": str(folder), **asdict(result)}, indent=2) if as_json else _in_words(result, folder)


def tables_told(shards: Sequence[Path], folder: Path, *, as_json: bool) -> str:
    """Gather into Parquet tables; tell in a line which were written."""
    with closing(Steps()) as line:
        result = gather_tables(shards, folder, tell=line.tell)
    if as_json:
        return json.dumps({"folder": str(folder), **asdict(result)}, indent=2)
    rows = ", ".join(f"{count:,} {table}" for table, count in result.rows.items())
    kept = f"; {counted(result.unchanged, 'shard')} unchanged" if result.unchanged else ""
    return f"{folder}: tables of {counted(result.shards, 'shard')}{kept}: {rows}"


def _in_words(result: Gathered, folder: Path) -> str:
    how = "made anew from" if result.anew else "topped up from"
    new = f"{counted(result.captures, 'capture')} of {counted(result.warcs, 'new WARC')} added, {result.filed:,} filed"
    lines = [f"{folder}: {how} {counted(result.shards, 'shard')}: {new}, in {result.seconds:.1f} s"]
    if result.read:
        lines.append(f"  {counted(result.read, 'capture')} read here: their originals lie in another shard, or two workers asked at once")
    if result.waiting:
        lines.append(f"  {counted(result.waiting, 'capture')} in WARCs that are still being written: gather again once they are sealed")
    if result.unread:
        lines.append(f"  {counted(result.unread, 'capture')} not read by their shard: `scrapy reindex SHARD --unread`, then gather again")
    return "\n".join(lines)

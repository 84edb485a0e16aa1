"""Words of a gathering."""

from __future__ import annotations

from pathlib import Path

from crawler.formatting import counted
from crawler.gathering.gather import Gathered


def told(result: Gathered, folder: Path) -> str:
    """Tell in lines what was gathered."""
    how = "made anew from" if result.anew else "topped up from"
    new = f"{counted(result.captures, 'capture')} of {counted(result.warcs, 'new WARC')} added, {result.filed:,} filed"
    lines = [f"{folder}: {how} {counted(result.shards, 'shard')}: {new}, in {result.seconds:.1f} s"]
    if result.read:
        lines.append(f"  {counted(result.read, 'capture')} read here: what they repeat lies in another shard")
    if result.waiting:
        lines.append(f"  {counted(result.waiting, 'capture')} in WARCs that are still being written: gather again once they are sealed")
    if result.unread:
        lines.append(f"  {counted(result.unread, 'capture')} not read by their shard: `scrapy reindex SHARD --unread`, then gather again")
    return "\n".join(lines)

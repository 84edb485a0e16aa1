"""Rows beside the captures: runs, health of mirrors, page lists of WACZ files."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from crawler.collection.layout import PACKAGES
from crawler.gathering.shard import Shard
from crawler.index.denials import settle_state
from crawler.index.index import Index
from crawler.index.stories import know_story

_RUN = "SELECT id FROM runs WHERE site = ? AND started = ? AND arguments IS ?"


def merge_runs(index: Index, shard: Shard) -> None:
    """Add the runs of a shard, or how they ended, inside a transaction."""
    for row in shard.index.query("SELECT * FROM runs ORDER BY id"):
        values = {name: row[name] for name in row.keys() if name != "id"}  # noqa: SIM118 - of sqlite3.Row
        found = index.query(_RUN, [row["site"], row["started"], row["arguments"]])
        if found:
            sets = ", ".join(f"{name} = ?" for name in values)
            index.conn.execute(f"UPDATE runs SET {sets} WHERE id = ?", [*values.values(), found[0][0]])
        else:
            index.conn.execute(f"INSERT INTO runs ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})", [*values.values()])


def know_stories(index: Index, shard: Shard) -> None:
    """Add the stories that were never seen, inside a transaction.

    Of some nothing is left but that they were asked for; another shard may have been told that they are gone.
    """
    for row in shard.index.query("SELECT id FROM stories WHERE first_seen IS NULL"):
        know_story(index.conn, row["id"])
        settle_state(index.conn, row["id"])


def merge_mirrors(index: Index, shards: Iterable[Iterable[Mapping[str, Any]]]) -> None:
    """Set the health of each host, inside a transaction.

    Counts are those of all shards, the state is that of who saw it last.
    """
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for rows in shards:
        for row in rows:
            key = (row["site"], row["host"])
            found[key] = _merged(found[key], row) if key in found else dict(row)
    index.conn.execute("DELETE FROM mirrors")
    for values in found.values():
        index.conn.execute(f"INSERT INTO mirrors ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})", [*values.values()])


def _merged(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    later, earlier = (one, other) if _seen(one) >= _seen(other) else (other, one)
    merged = dict(later)
    for name in ("successes", "failures"):
        merged[name] = one[name] + other[name]
    merged["last_ok"] = max(filter(None, (one["last_ok"], other["last_ok"])), default=None)
    if merged["last_error"] is None:
        merged["last_error"] = earlier["last_error"]
    return merged


def _seen(row: Mapping[str, Any]) -> tuple[str, str]:
    return max(str(row["since"] or ""), str(row["last_ok"] or "")), str(row["state"])


def copy_page_lists(folder: Path, shard: Path) -> None:
    """Copy the page lists of WACZ files, under free names."""
    for file in sorted((shard / PACKAGES).glob("*.jsonl")):
        (folder / PACKAGES).mkdir(exist_ok=True)
        target = folder / PACKAGES / file.name
        number = 1
        while target.exists() and target.read_bytes() != file.read_bytes():
            target, number = folder / PACKAGES / f"{file.stem}-{number}.jsonl", number + 1
        if not target.exists():
            shutil.copyfile(file, target)

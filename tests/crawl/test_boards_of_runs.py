"""Runs that share a collection save the health of their mirrors each; that a kill keeps it: tests/demo/test_health_kept.py."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from crawler.collection.collection import Collection
from crawler.crawl.opening import health_keeper
from crawler.hosts.mirror_health import MirrorBoard
from crawler.items import Mirror


def test_boards_of_runs_in_one_collection_are_saved_each(tmp_path: Path) -> None:
    with closing(Collection.open(tmp_path / "work")) as collection:
        for site in ("a", "b"):
            board = MirrorBoard(site, [Mirror(f"www.{site}.example")])
            board.report(f"www.{site}.example", "seized")
            health_keeper(collection, board)(True)
        collection.now(lambda index: None)
        with closing(sqlite3.connect(tmp_path / "work" / "index.db")) as db:
            assert dict(db.execute("SELECT host, state FROM mirrors")) == {"www.a.example": "seized", "www.b.example": "seized"}

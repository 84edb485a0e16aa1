"""Tables `runs`, `mirrors` and `warcs`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from crawler.index.connection import IndexConnection
from crawler.index.rows import Value, bound, insert


class RunTables(IndexConnection):
    """Runs, the health of mirrors, and WARC files. Writing methods need a transaction (`atomic`)."""

    def start_run(self, site: str, arguments: Mapping[str, object], started: datetime, *, job: str | None = None) -> int:
        """Add a run; its id."""
        row = insert(self.conn, "runs", {"site": site, "arguments": dict(arguments), "started": started, "job": job}).lastrowid
        assert row is not None
        return row

    def end_run(self, run_id: int, *, ended: datetime, exit_code: int, reason: str, stats: Mapping[str, object]) -> None:
        """Set the end of a run."""
        values = [bound(v) for v in (ended, exit_code, reason, dict(stats), run_id)]
        self.conn.execute("UPDATE runs SET ended = ?, exit_code = ?, reason = ?, stats = ? WHERE id = ?", values)

    def stats_of_runs(self, site: str, *, before: int, most: int) -> list[dict[str, Any]]:
        """Stats of the last runs of a site before a run, newest first."""
        sql = "SELECT stats FROM runs WHERE site = ? AND id < ? AND stats IS NOT NULL ORDER BY id DESC LIMIT ?"
        return [json.loads(row[0]) for row in self.query(sql, [site, before, most])]

    def save_mirror(self, site: str, host: str, **columns: object) -> None:
        """Set columns of a mirror's row; a new row needs `state`."""
        sets = ", ".join(f"{name} = excluded.{name}" for name in columns)
        insert(self.conn, "mirrors", {"site": site, "host": host, **columns}, conflict=f"ON CONFLICT(site, host) DO UPDATE SET {sets}")

    def mirrors(self, site: str) -> list[dict[str, Value]]:
        """The rows of table `mirrors` of a site."""
        return [dict(row) for row in self.query("SELECT * FROM mirrors WHERE site = ? ORDER BY host", [site])]

    def add_warc(self, name: str, path: str, *, bytes: int | None, sealed: datetime | None, sha256: str | None) -> None:
        """Set the row of a WARC file; `path` is relative to the collection or absolute."""
        values = {"name": name, "path": path, "bytes": bytes, "sealed": sealed, "sha256": sha256}
        sets = ", ".join(f"{column} = excluded.{column}" for column in values)
        insert(self.conn, "warcs", values, conflict=f"ON CONFLICT(name) DO UPDATE SET {sets}")

    def set_safety(self, name: str, safety: str, *, address: str | None, stored: str | None) -> None:
        """Set how safe a WARC is, and its address in the store."""
        self.conn.execute("UPDATE warcs SET safety = ?, address = ?, stored = ? WHERE name = ?", (safety, address, stored, name))

    def warcs(self) -> list[dict[str, Value]]:
        """The rows of table `warcs`."""
        return [dict(row) for row in self.query("SELECT * FROM warcs ORDER BY name")]

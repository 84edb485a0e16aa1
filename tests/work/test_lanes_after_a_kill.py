"""What a killed worker could not tell its store of lanes and rows is made up for when it starts again."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from crawler.clock import now
from crawler.jobs.rows import Job, Part
from crawler.jobs.sqlite_store import SqliteJobStore
from crawler.work.running import add_waiting


def test_lanes_into_which_open_jobs_led_wait_again(tmp_path: Path) -> None:
    with closing(SqliteJobStore(tmp_path / "jobs.db")) as store:
        for name, site in (("web1", "web"), ("web2", "web"), ("site1", "paper")):
            store.enqueue(Job(id=name, site=site, created=now(), lanes=(f"{name}.example",)))
        (claim,) = [one for one in store.claim("w", 9, lease=60) if one.lane == "web2.example"]
        part = Part(id="p", job="web2", worker="w", lanes=(claim.lane,), started=now(), ended=now(), exit_code=0)
        store.begin_part(part)
        store.end_part(part)
        add_waiting(store, {"web1": {"a.example", "web1.example"}, "web2": {"b.example"}, "site1": {"paper"}, "gone": {"c.example"}})
        assert {one["lane"] for one in store.lanes() if one["waiting"]} == {"a.example", "web1.example", "site1.example"}

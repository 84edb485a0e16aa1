"""A worker whose disk is lost: what was not stored elsewhere is fetched again, and nothing else."""

from __future__ import annotations

import json
import os
import shutil
import signal
from pathlib import Path

import pytest
from fault_injector import Worker
from fault_scene import scene, wait_for
from postgres import PostgresServer
from s3_store import Store

from benchmarks.hosts_server import Hosts

pytestmark = [pytest.mark.outer, pytest.mark.slow]


def test_rows_whose_warc_was_not_stored_are_fetched_again_and_no_others(postgres: PostgresServer, store: Store, tmp_path: Path) -> None:
    frontier, site = postgres.new_database(), Hosts(hosts=8, pages=40)
    name = frontier.rpartition("/")[2]
    more = {"ARCHIVE_STORE": "s3://news/crawl", "ARCHIVE_WARC_MAX_SECONDS": 3}
    with scene(tmp_path, site, frontier, delay=0.25, lease=3.0, **more) as place:
        job = place.enqueue()
        lost = Worker(name="lost", start=place.popen)
        place.workers = [lost]
        lost.begin()
        ask = "SET search_path = news_archive; SELECT f.columns ->> 'url', coalesce(w.safety, 'written') FROM frontier f LEFT JOIN warcs w ON w.worker = f.worker AND w.name = f.warc WHERE f.worker = 'lost' AND f.state = 'done'"

        def done() -> dict[str, str]:
            return dict(line.split("|") for line in postgres.run(ask, name).splitlines())

        def both() -> bool:
            kinds = list(done().values())
            return kinds.count("written") >= 8 and len(kinds) - kinds.count("written") >= 30

        wait_for(both, 90, lambda: place.log("lost").read_text()[-3000:])
        assert lost.process is not None
        os.kill(lost.process.pid, signal.SIGKILL)
        lost.process.wait(10)
        settled = done()
        again, kept = ({url for url, safety in settled.items() if (safety == "written") is written} for written in (True, False))
        assert again
        assert kept
        shutil.rmtree(place.archives / "lost")
        document = json.loads(place.scrapy("jobs", "--lost", "lost", "--json"))
        print(document)
        other = Worker(name="other", start=lambda name: place.popen(name, "--until-idle"))
        place.workers = [other]
        other.begin()
        assert other.process is not None
        assert other.process.wait(120) == 0
        assert "COMPLETE" in place.scrapy("report", job).upper()
        asked = place.asked()
    by_other = {f"http://{one.host}{one.path}" for one in asked if one.sender == "other" and one.status == 200}
    assert again <= by_other
    assert not kept & by_other
    pages = {f"http://{host}{path}" for host, path in site.expected()}
    assert pages == kept | by_other

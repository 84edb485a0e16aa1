"""A worker over several sites: one collection, a run and a report a part; it ends truthfully, and is ended in time."""

from __future__ import annotations

import gzip
import json
import re
import signal
import sqlite3
import time
import urllib.error
import urllib.request
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from work_sites import Office, office, told, until

from crawler.proofs.chain import read_chain

pytestmark = pytest.mark.slow


def paths(one: Office, host: str) -> list[str]:
    return [path for _, asked, path in one.papers.asked if asked == host]


def test_several_sites_go_into_one_collection(tmp_path: Path) -> None:
    with office(tmp_path) as one:
        jobs = one.enqueue()
        code, out, err = one.work()
        assert code == 0, err
        lines = out.splitlines()
        assert sorted(line.split()[:2] for line in lines[:3]) == [["COMPLETE", name] for name in one.names]
        assert lines[-1].startswith("3 parts ended, 3 of them complete; 21 captures")
        assert all("5 stories (5 new), 7 captures" in line for line in lines[:3])
        (warc,) = (one.shard / "archive").glob("*.warc.gz")
        with gzip.open(warc) as file:
            facts = re.findall(rb"^isPartOf: (\w+)\r$", file.read(), re.MULTILINE)
        assert {name: facts.count(name.encode()) for name in one.names} == dict.fromkeys(one.names, 7)
        runs = one.rows("SELECT site, job, exit_code, reason, json_extract(stats, '$.captures') FROM runs ORDER BY site")
        assert runs == [(name, job, 0, "all that was due is here", 7) for name, job in zip(one.names, jobs, strict=True)]
        for job in jobs:
            report = one.report(job)
            assert (report.complete, report.open_lanes, len(report.parts)) == (True, 0, 1)
        assert one.run("verify", "work", "--strict")[0] == 0
        assert "paper2" in one.run("stats", "work")[1]


def test_a_second_round_asks_for_what_is_new_and_believes_known_rules(tmp_path: Path) -> None:
    with office(tmp_path, sites=2, stories=3, robots="User-agent: *\nDisallow: /never\n") as one:
        one.enqueue()
        assert one.work()[0] == 0
        one.papers.stories, one.papers.asked[:] = 4, []
        jobs = one.enqueue()
        code, out, err = one.work("--json")
        assert code == 0, err
        document = told(out)
        assert [(part["verdict"], part["stats"]["stories"]["new"]) for part in document["parts"]] == [("COMPLETE", 1)] * 2
        assert {part["job"] for part in document["parts"]} == set(jobs)
        assert sorted(paths(one, "paper0.example")) == ["/", "/story/4"], "robots.txt is believed for a while, by whoever holds the lane"


def test_a_site_that_is_not_there_and_one_that_does_not_answer(tmp_path: Path) -> None:
    with office(tmp_path, sites=1) as one:
        one.enqueue("paper0", "nobody")
        code, out, err = one.work("--json", ARCHIVE_CONNECT_TO="*:*=127.0.0.1:1", ARCHIVE_ATTEMPTS=1)
        parts = {part["site"]: part for part in told(out)["parts"]}
        assert (parts["paper0"]["exit_code"], parts["nobody"]["exit_code"]) == (10, 2)
        assert "no site named 'nobody'" in parts["nobody"]["reason"]
        assert "no host answered at all" in parts["paper0"]["reason"]
        assert code == 2, err


def test_a_limit_counts_for_all_parts_of_a_job(tmp_path: Path) -> None:
    with office(tmp_path, sites=1, stories=9, wait=0.2) as one:
        (job,) = one.enqueue("paper0", max_stories="4")
        first = one.start("work", "--until-idle")
        until(lambda: sum("/story" in path for path in paths(one, "paper0.example")) >= 2)
        first.send_signal(signal.SIGTERM)
        assert first.wait(30) == 14, first.communicate()[1]
        assert one.work()[0] == 0
        stories = {path for path in paths(one, "paper0.example") if "/story" in path}
        assert len(stories) == 4
        assert one.report(job).complete


def test_a_signal_ends_all_parts_in_time_and_they_are_done_again(tmp_path: Path) -> None:
    with office(tmp_path, sites=4, stories=20, wait=0.1) as one:
        jobs = one.enqueue()
        first = one.start("work", "--until-idle", "--json")
        until(lambda: len(one.papers.asked) > 25)
        began = time.monotonic()
        first.send_signal(signal.SIGTERM)
        out, err = first.communicate(timeout=30)
        assert time.monotonic() - began < 20
        assert first.returncode == 14, err
        assert {part["exit_code"] for part in told(out)["parts"]} == {14}
        assert not list((one.shard / "archive").glob("*.open"))
        assert one.rows("SELECT count(*) FROM frontier WHERE state = 'leased'") == [(0,)]
        assert one.run("verify", "work")[0] == 0
        code, out, err = one.work("--json")
        assert code == 0, err
        assert all(one.report(job).complete for job in jobs)
        assert one.rows("SELECT count(*) FROM stories") == [(80,)]
        counts = one.rows("SELECT url, count(*) FROM captures WHERE role = 'story' GROUP BY 1 HAVING count(*) > 1")
        assert not counts, "what was recorded is not asked for again"


def test_hosts_that_hang_do_not_hold_up_the_end(tmp_path: Path) -> None:
    with office(tmp_path, sites=2) as one:
        one.enqueue()
        worker = one.start("work", ARCHIVE_SHUTDOWN_SECONDS=1)
        until(lambda: len(one.papers.asked) > 6)
        one.papers.held.clear()
        until(lambda: one.papers.asked[-1][0] < time.monotonic() - 0.7)
        began = time.monotonic()
        worker.send_signal(signal.SIGTERM)
        _, err = worker.communicate(timeout=30)
        assert (worker.returncode, time.monotonic() - began < 15) == (14, True), err
        assert one.rows("SELECT count(*) FROM frontier WHERE state = 'leased'") == [(0,)]
        one.papers.held.set()
        assert one.work()[0] == 0
        assert one.rows("SELECT count(*) FROM stories") == [(10,)]


def test_two_sites_with_one_host_keep_its_delay_together(tmp_path: Path) -> None:
    with office(tmp_path, sites=3, stories=3, shared_host=True) as one:
        one.enqueue()
        code, _, err = one.work(DOWNLOAD_DELAY=0.4, DOWNLOAD_DELAY_JITTER=0.0, ARCHIVE_DELAY_FACTOR=0.0)
        assert code == 0, err
        gaps = one.papers.gaps()["shared.example"]
        assert len(gaps) >= 12
        # An answer to an arrival that this machine told of late comes early, as seen from here.
        assert all(gap > 0.33 or before + gap > 0.73 for before, gap in pairwise([0.4, *gaps])), gaps


def test_files_are_sealed_by_time_while_runs_go_on(tmp_path: Path) -> None:
    with office(tmp_path, sites=2, stories=14, wait=0.3) as one:
        one.enqueue()
        worker = one.start("work", "--until-idle", ARCHIVE_WARC_MAX_SECONDS=1)
        until(lambda: len(list((one.shard / "archive").glob("*.warc.gz"))) >= 2)
        assert worker.poll() is None, "runs go on"
        until(lambda: len(read_chain(one.shard).entries) >= 1)
        assert worker.wait(60) == 0, worker.communicate()[1]
        files = {f"archive/{file.name}" for file in (one.shard / "archive").glob("*.warc.gz")}
        assert {entry.path for entry in read_chain(one.shard).entries} == files
        assert {f"archive/{file.stem}.warc.gz" for file in (one.shard / "indexes").glob("*.cdxj")} == files
        assert one.run("verify", "work", "--strict")[0] == 0


def test_a_second_worker_is_refused_and_told_who_works(tmp_path: Path) -> None:
    with office(tmp_path, sites=1, stories=60, wait=0.3) as one:
        one.enqueue()
        first = one.start("work", "--until-idle")
        until(lambda: bool(one.papers.asked))
        for settings in ({}, {"ARCHIVE_WORKER": "other"}):
            code, _, err = one.work(**settings)
            assert code == 11, err
            assert str(first.pid) in err
        first.send_signal(signal.SIGTERM)
        assert first.wait(30) == 14


def test_a_probe_is_answered(tmp_path: Path) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with office(tmp_path, sites=2, wait=0.3, stories=8) as one:
        one.enqueue()
        worker = one.start("work", ARCHIVE_HEALTH=f"127.0.0.1:{port}")
        until(lambda: len(one.papers.asked) > 3)

        def asked(path: str = "/health", method: str = "GET") -> tuple[int, Any]:
            request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", method=method)
            try:
                with urllib.request.urlopen(request, timeout=5) as answer:
                    return answer.status, json.loads(answer.read() or b"null")
            except urllib.error.HTTPError as error:
                return error.code, json.loads(error.read() or b"null")

        status, facts = asked()
        assert (status, facts["ok"], facts["worker"], facts["lanes"], facts["parts"]) == (200, True, "work", 2, 2)
        assert facts["writer"] == "well"
        assert facts["store_seconds"] < 60
        assert (asked("/")[0], asked(method="POST")[0]) == (404, 405)
        with socket.create_connection(("127.0.0.1", port)) as rubbish:
            rubbish.sendall(b"\x00\xff" * 20000)
        assert asked()[0] == 200
        worker.send_signal(signal.SIGSTOP)
        time.sleep(0.2)
        with pytest.raises(OSError, match="timed out"):
            asked()
        worker.send_signal(signal.SIGCONT)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(30) == 14


def test_a_file_tells_probes_and_is_gone_at_the_end(tmp_path: Path) -> None:
    with office(tmp_path, sites=1, wait=0.3) as one:
        one.enqueue()
        place = tmp_path / "health.json"
        worker = one.start("work", "--until-idle", ARCHIVE_HEALTH=str(place))
        until(place.exists)
        assert json.loads(place.read_text())["ok"] is True
        assert worker.wait(60) == 0
        assert not place.exists()


def test_a_schedule_is_done_by_a_worker_that_stays(tmp_path: Path) -> None:
    from crawler.clock import now
    from crawler.jobs.rows import Schedule
    from crawler.jobs.sqlite_store import SqliteJobStore

    with office(tmp_path, sites=1, stories=2) as one:
        one.archives.mkdir()
        with closing(SqliteJobStore(one.archives / "jobs.db")) as store:
            store.schedule(Schedule(id="5" * 32, site="paper0", lanes=("paper0",), every=3.0, next_at=now()))
        worker = one.start("work")
        until(lambda: (one.shard / "index.db").exists() and len(_runs(one)) >= 2, 60)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(30) == 14, worker.communicate()[1]
        assert [code for _, code in _runs(one)][:2] == [0, 0]


def _runs(one: Office) -> list[tuple[Any, ...]]:
    try:
        return one.rows("SELECT site, exit_code FROM runs WHERE ended IS NOT NULL ORDER BY id")
    except sqlite3.OperationalError:
        return []
